"""The reading log in words: who, what, how. No text of any case: numbers, days and names of those who read.

Stops at words: which rows there are is `administration.readings_queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.readings import EDITIONS_A_YEAR
from lexheller.accounts.rights import ActorKind
from lexheller.actions.models import Action
from lexheller.administration.readings_queries import OF_A_CASE
from lexheller.audit.reading_log import PAGE, Reading, Thing
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.meetings.models import Meeting
from lexheller.organisations.models import Unit

OF_A_MEETING = {Thing.MEETING, Thing.MATERIAL, Thing.MINUTES}
OF_A_YEAR = {Thing.REPORT, Thing.DRAFT}
GIVEN_OUT = "copy"
"""The form of what was made to be given out: a masked document, or the letter about it."""
OF_THE_FEDERATION = {Thing.SETTINGS}
"""There is one of each, so the id says nothing."""
THING: Mapping[Thing, LazyString] = {
    Thing.CASE: _l("Ärende"),
    Thing.CONTACT: _l("Anmälarens adress i ärende"),
    Thing.HANDOVER: _l("Överlämning"),
    Thing.UNIT_HISTORY: _l("Enhetens historik"),
    Thing.FAULT: _l("Systemfelet"),
    Thing.PATTERN: _l("Mönster"),
    Thing.ACTION: _l("Åtgärd"),
    Thing.MEETING: _l("Möte"),
    Thing.MATERIAL: _l("Material till möte"),
    Thing.MINUTES: _l("Protokollsutdrag från möte"),
    Thing.REPORT: _l("Årets siffror"),
    Thing.DRAFT: _l("Utkast till åtgärdsrapport"),
    Thing.EDITION: _l("Åtgärdsrapport"),
    Thing.RECEIPT: _l("Kvittosidan för ärende"),
    Thing.MASKING: _l("Maskering"),
    Thing.SEALED: _l("Text som har maskats"),
    Thing.READINGS: _l("Den här loggen"),
    Thing.DIARY: _l("Diariet"),
    Thing.RELEASE: _l("Utlämnande"),
    Thing.DISPOSAL: _l("Gallring"),
    Thing.REPORT_TEXTS: _l("Texter i åtgärdsrapport"),
    Thing.SETTINGS: _l("Texter i inställningarna"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row for people. `how` is empty for a page."""

    at: datetime
    who: str
    what: str
    how: str
    sign_in_id: int | None


@dataclass(frozen=True, slots=True)
class _Names:
    users: Mapping[int, str]
    links: Mapping[int, str]
    things: Mapping[tuple[Thing, int], str]


def lines(federation_id: int, rows: Iterable[Reading]) -> list[Line]:
    """In the rows' order. A constant number of queries."""
    found = list(rows)
    names = _names(federation_id, found)
    return [Line(row.at, _who(row, names), _what(row, names), _how(row), row.sign_in_id) for row in found]


def people(user_ids: set[int]) -> list[tuple[int, str]]:
    """Everybody of these, by name."""
    query = select(User.id, User.name).where(User.id.in_(user_ids)).order_by(User.name, User.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def _who(row: Reading, names: _Names) -> str:
    if row.reader_kind == ActorKind.USER:
        return str(names.users.get(row.reader_id) or _("Konto som inte finns kvar"))
    if row.reader_kind == ActorKind.LINK:
        return str(_("%(name)s, med mejlad länk", name=names.links.get(row.reader_id) or _("någon")))
    return str(_("Anmälaren"))


def _what(row: Reading, names: _Names) -> str:
    thing = Thing(row.thing)
    if thing is Thing.EDITION:
        year, number = divmod(row.subject_id, EDITIONS_A_YEAR)
        return str(_("Åtgärdsrapport %(year)s, utgåva %(number)s", year=year, number=number))
    if thing in OF_A_YEAR:
        return f"{THING[thing]} {row.subject_id}"
    if not row.subject_id or thing in OF_THE_FEDERATION:
        return str(THING[thing])
    return f"{THING[thing]} {names.things.get(_key(row), '') or _('som inte finns kvar')}"


def _how(row: Reading) -> str:
    if row.form == GIVEN_OUT:
        return str(_("Utlämnad kopia"))
    return "" if row.form == PAGE else str(_("Fil (%(form)s)", form=row.form.upper()))


def _key(row: Reading) -> tuple[Thing, int]:
    thing = Thing(row.thing)
    same = {**dict.fromkeys(OF_A_CASE, Thing.CASE), **dict.fromkeys(OF_A_MEETING, Thing.MEETING)}
    return same.get(thing, thing), row.subject_id


def _names(federation_id: int, rows: list[Reading]) -> _Names:
    users = {row.reader_id for row in rows if row.reader_kind == ActorKind.USER}
    links = {row.reader_id for row in rows if row.reader_kind == ActorKind.LINK}
    wanted: dict[Thing, set[int]] = {}
    for row in rows:
        thing, subject_id = _key(row)
        wanted.setdefault(thing, set()).add(subject_id)
    link = select(AnswerLink.id, AnswerLink.name)
    held = link.where(AnswerLink.id.in_(links), AnswerLink.federation_id == federation_id) if links else None
    return _Names(
        dict(people(users)) if users else {},
        {row.id: row.name for row in db.session.execute(held)} if held is not None else {},
        {(thing, number): name for thing, ids in wanted.items() for number, name in _of(thing, federation_id, ids)},
    )


def _of(thing: Thing, federation_id: int, ids: set[int]) -> list[tuple[int, str]]:
    """Ids and what people call the things that are left of these."""
    if thing is Thing.MEETING:
        held = select(Meeting.id, Meeting.held_on).where(Meeting.id.in_(ids), Meeting.federation_id == federation_id)
        return [(row.id, format_date(row.held_on, "d MMMM y")) for row in db.session.execute(held)]
    if thing is Thing.CASE:
        query = select(Case.id, Case.number).where(Case.id.in_(ids), Case.federation_id == federation_id)
    elif thing is Thing.FAULT:
        query = select(Fault.id, Fault.number).where(Fault.id.in_(ids), Fault.federation_id == federation_id)
    elif thing is Thing.UNIT_HISTORY:
        query = select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.federation_id == federation_id)
    elif thing is Thing.ACTION:
        done = select(Action.id, Action.number).where(Action.id.in_(ids), Action.federation_id == federation_id)
        return [(row.id, str(row.number)) for row in db.session.execute(done)]
    else:
        return [(number, _("(id %(number)s)", number=number)) for number in ids]
    return [(row[0], row[1]) for row in db.session.execute(query)]
