"""The register's history in words: who, when, their note, and what changed from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString, format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import ActorKind
from lexheller.administration.labels import CHANGE, FIELD, TEXT_STEP
from lexheller.organisations.changes import What
from lexheller.organisations.models import RegisterChange
from lexheller.organisations.queries import municipalities, themes
from lexheller.statements.labels import ASSESSOR, CONFORMITY

DAYS = {
    "valid_from", "valid_to", "former_valid_to", "confirmed_on", "doubted_on", "from_on", "to_on", "day", "tested_on",
}  # fmt: skip
HIDDEN = {"former_id"}
WORDS: Mapping[str, Mapping[str, LazyString]] = {
    "step": {str(step): word for step, word in TEXT_STEP.items()},
    "conformity": {str(degree): word for degree, word in CONFORMITY.items()},
    "tested_by": {str(by): word for by, word in ASSESSOR.items()},
    "secret": {"yes": _l("ja")},
    "turned_off": {"yes": _l("ja")},
}
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Line:
    """`details` are such as `Namn: från Försörjningsstöd till Ekonomiskt bistånd`. `iso` is UTC, `at_text` local."""

    title: str
    at_text: str
    iso: str
    actor: str
    details: list[str]
    note: str


def in_words(federation_id: int, changes: Sequence[RegisterChange]) -> list[Line]:
    """In the order given."""
    names = names_of({change.actor_user_id for change in changes if change.actor_user_id is not None})
    places = {
        "municipality_id": {row.id: row.name for row in municipalities(federation_id)},
        "theme_id": {row.id: row.label for row in themes(federation_id)},
    }
    return [
        Line(
            str(CHANGE[What(change.what)]),
            format_datetime(change.at, "d MMM yyyy HH:mm"),
            change.at.isoformat(),
            _who(change, names),
            _details(change, places),
            change.note or "",
        )
        for change in changes
    ]


def _who(change: RegisterChange, names: Mapping[int, str]) -> str:
    match change.actor_kind:
        case ActorKind.USER:
            return names.get(change.actor_user_id or 0) or str(_("Tidigare användare"))
        case ActorKind.LINK:
            return str(_("Chefen själv, genom länken i mejlet"))
        case ActorKind.OPERATOR:
            return str(_("Driften"))
        case _:
            return str(_("Systemet"))


def _details(change: RegisterChange, places: Mapping[str, Mapping[int, str]]) -> list[str]:
    found = []
    for name in [*change.after, *(name for name in change.before if name not in change.after)]:
        if name in HIDDEN or name not in FIELD:
            continue
        old = _value(name, change.before.get(name), places)
        new = _value(name, change.after.get(name), places)
        if name in change.before and name in change.after:
            was_and_is = {"old": old or _("inget"), "new": new or _("inget")}
            found.append(f"{FIELD[name]}: {_('från %(old)s till %(new)s', **was_and_is)}")
        elif old or new:
            found.append(f"{FIELD[name]}: {new or old}")
    return found


def _value(name: str, value: Any, places: Mapping[str, Mapping[int, str]]) -> str:
    if value is None or value == "":
        return str(_("tills vidare")) if name == "valid_to" else ""
    if name in DAYS:
        return str(format_date(date.fromisoformat(value), "d MMMM y"))
    if name in places:
        return places[name].get(value, "")
    if name in WORDS:
        return str(WORDS[name][value])
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
