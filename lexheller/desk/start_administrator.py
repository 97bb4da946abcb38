"""The administrator's start page: what in the settings needs a look, and what can be done there. No case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.queries import people_in
from lexheller.accounts.rights import Actor
from lexheller.administration.queries import attention
from lexheller.desk.sections import Line, Section
from lexheller.organisations.models import Federation


def sections(actor: Actor, federation: Federation) -> list[Section]:
    return [
        Section(
            _("Det här behöver dig nu"),
            _to_look_at(federation),
            url_for("administration.index", federation=federation.slug),
            _("Alla inställningar"),
            empty=_("Allt ser bra ut. Alla enheter har någon som är ansvarig."),
            first=True,
        ),
        Section(
            _("Det här kan du göra"),
            [
                _line("people", federation, _("Bjuda in personer och ta bort roller"), _people(federation)),
                _line("units", federation, _("Ändra enheter och vem som är ansvarig")),
                Line(
                    _("Ändra regler för fördelning"),
                    url_for("rules.index", federation=federation.slug),
                    _("Du ser vart ärenden skickas, men inte ärendena."),
                ),
                _line("index", federation, _("Ändra svarstider, kalender, teman och texter")),
            ],
        ),
    ]


def _to_look_at(federation: Federation) -> list[Line]:
    found = attention(federation.id)
    lines = [
        _counted(
            found.without_manager,
            lambda n: ngettext("En enhet saknar ansvarig chef", "%(num)d enheter saknar ansvarig chef", n),
        ),
        _counted(
            found.doubted,
            lambda n: ngettext(
                "En chef har svarat att det är någon annan nu", "%(num)d chefer har svarat att det är någon annan nu", n
            ),
        ),
        _counted(
            found.unconfirmed,
            lambda n: ngettext(
                "Ett uppdrag är inte bekräftat på ett halvår", "%(num)d uppdrag är inte bekräftade på ett halvår", n
            ),
        ),
        _counted(
            found.ending,
            lambda n: ngettext("En ersättare slutar inom en vecka", "%(num)d ersättare slutar inom en vecka", n),
        ),
    ]
    return [_line("index", federation, text) for text in lines if text]


def _counted(rows: Sequence[object], words: Callable[[int], str]) -> str:
    return str(words(len(rows))) if rows else ""


def _line(endpoint: str, federation: Federation, text: str, note: str = "") -> Line:
    return Line(text, url_for(f"administration.{endpoint}", federation=federation.slug), note)


def _people(federation: Federation) -> str:
    number = len(people_in(federation.id))
    return str(ngettext("En person har en roll här.", "%(num)d personer har en roll här.", number))
