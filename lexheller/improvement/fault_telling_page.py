"""The page on which the office chooses whom to tell about a fault: one page of the cases at a time, with the words.

What was written comes back from the browser: the words for all, and of each case only what was ticked or written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template, request
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.cases.labels import STATUS
from lexheller.casework.listeners import Listener, Reach, Standing, listeners, standings
from lexheller.casework.telling import Telling
from lexheller.faults.models import Fault
from lexheller.improvement.fault_forms import number_in
from lexheller.improvement.fault_telling_forms import CommonForm, TellForm, TellingForm
from lexheller.web.locale import DEFAULT, LOCALES
from lexheller.web.pagination import decode, encode

PAGE_SIZE = 25
_POSTED = re.compile(r"case(\d{1,10})-(?:tell|text|close|version)")


@dataclass(frozen=True, slots=True)
class Places:
    """Everybody who can be told, and which of them stand on this page. `next`: the cursor of the following page."""

    every: Sequence[Standing]
    ids: Sequence[int]
    next: str | None

    @property
    def reachable(self) -> int:
        return sum(one.can_be_told for one in self.every)

    @property
    def told(self) -> int:
        return sum(one.can_be_told and one.told for one in self.every)

    @property
    def rest(self) -> list[Standing]:
        return [one for one in self.every if not one.can_be_told]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The forms of one page: `common` by language, and a part for each case."""

    form: TellForm
    places: Places
    common: Mapping[str, CommonForm]
    parts: Sequence[tuple[Listener, TellingForm]] = field(default_factory=list)

    def picked(self) -> list[tuple[Listener, TellingForm]]:
        return [(one, part) for one, part in self.parts if part.tell.data]

    def text_for(self, one: Listener, part: TellingForm) -> str:
        return part.text.data or self.common[_language(one)].text.data or ""

    def choices(self) -> list[Telling]:
        return [
            Telling(
                one.case.id,
                self.text_for(one, part),
                close=bool(part.close.data) and one.may_close,
                seen=number_in(part.version.data),
            )
            for one, part in self.picked()
        ]

    def valid(self) -> bool:
        """What is wrong in a part is said in it, and above all of them."""
        right = self.form.validate_on_submit()
        wrong = [one for one, part in self.parts if not part.validate()]
        for one in wrong:
            self.form.put_error("cases", _("Kontrollera texten och valen i ärende %(number)s.", number=one.case.number))
        needed = {_language(one) for one, part in self.picked() if not part.text.data}
        unwritten = [locale for locale in self.common if locale in needed and not self.common[locale].demand()]
        if unwritten:
            self.form.put_error("cases", _("Kontrollera texten till dem som anmälde."))
        if right and not wrong and not self.picked():
            self.form.put_error("cases", _("Välj minst en som ska få veta."))
            return False
        return right and not wrong and not unwritten


def fresh(actor: Actor, fault: Fault, cursor: str | None, *, carried: bool = False) -> Sheet:
    """Everybody on the page who has heard nothing is ticked; nobody's case is. `carried`: the words for all are those
    that were sent, as on the page before.
    """
    places = places_of(actor, fault, cursor)
    form = TellForm(formdata=None, data={"version": fault.version, "after": cursor or ""})
    found = listeners(actor, fault, places.ids)
    parts = [(one, _fresh_part(one)) for one in found]
    return Sheet(form, places, _common(found, kept=carried, proposed=True), parts)


def sent(actor: Actor, fault: Fault) -> Sheet:
    """What the browser sent: the page that it was sent from, and whoever else was ticked, where they can be told."""
    form = TellForm()
    places = places_of(actor, fault, form.after.data)
    reachable = {one.case_id for one in places.every if one.can_be_told}
    posted = {number_in(match[1]) for match in map(_POSTED.fullmatch, request.form) if match}
    found = listeners(actor, fault, reachable & {*places.ids, *posted})
    return Sheet(form, places, _common(found, kept=True, proposed=False), [(one, _sent_part(one)) for one in found])


def places_of(actor: Actor, fault: Fault, cursor: str | None) -> Places:
    """A cursor that no page of ours gave begins from the beginning (P22)."""
    every = standings(actor, fault)
    after = _place_after(cursor)
    left = [one for one in every if one.can_be_told and (after is None or _key(one) > after)]
    shown = left[:PAGE_SIZE]
    more = len(left) > PAGE_SIZE
    return Places(every, [one.case_id for one in shown], _cursor(shown[-1]) if more else None)


def choose(fault: Fault, sheet: Sheet) -> str:
    return render_template(
        "improvement/fault_tell.html", fault=fault, sheet=sheet, status_labels=STATUS, Reach=Reach, form=sheet.form
    )


def _common(found: Sequence[Listener], *, kept: bool, proposed: bool) -> dict[str, CommonForm]:
    """One for each language that somebody on the page wrote in: with the words that were sent, or proposed ones."""
    words = {_language(one): one.text for one in reversed(found)}
    common: dict[str, CommonForm] = {}
    for locale in sorted(words, reverse=True):
        was_sent = kept and (not proposed or f"{locale}-text" in request.form)
        form = CommonForm(prefix=locale) if was_sent else CommonForm(None, prefix=locale, data={"text": words[locale]})
        if len(words) > 1:
            form.name_language(locale)
        common[locale] = form
    return common


def _fresh_part(one: Listener) -> TellingForm:
    return TellingForm(formdata=None, prefix=_prefix(one), data={"tell": one.told is None, "version": one.case.version})


def _sent_part(one: Listener) -> TellingForm:
    """A case of which nothing was sent is seen now."""
    part = TellingForm(prefix=_prefix(one))
    part.version.data = part.version.data or one.case.version
    return part


def _prefix(one: Listener) -> str:
    return f"case{one.case.id}"


def _language(one: Listener) -> str:
    locale = one.case.report.locale
    return locale if locale in LOCALES else DEFAULT


def _key(one: Standing) -> tuple[datetime, int]:
    return one.received_at, one.case_id


def _cursor(last: Standing) -> str:
    return encode([last.received_at.isoformat(), last.case_id])


def _place_after(cursor: str | None) -> tuple[datetime, int] | None:
    values = decode(cursor, str, int)
    if values is None:
        return None
    try:
        at = datetime.fromisoformat(str(values[0]))
    except ValueError:
        return None
    return (at, int(values[1])) if at.tzinfo is not None else None
