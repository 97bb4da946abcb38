"""What a meeting's documents hold, whatever they are drawn as: web page, PDF or DOCX. Plain values, built once.

The material before the meeting, and the extract of its minutes afterwards. Both are Swedish documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from lexheller.meetings.labels import OUTCOME, group_name, weekday_and_day, when
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.proposing import DOCUMENT_LOCALE, is_ready, title_of
from lexheller.meetings.states import Outcome
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its text, whose lines are paragraphs."""

    heading: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. `notes` say where it comes from."""

    heading: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """`facts` are pairs of a term and its value; `empty` is said where there are no entries."""

    title: str
    facts: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    empty: str


def material(federation: Federation, meeting: Meeting, items: Sequence[AgendaItem]) -> Paper:
    """One page for each item. An item that is not ready has its heading and says so: nobody has looked at the rest."""
    with force_locale(DOCUMENT_LOCALE):
        facts = (*_facts(federation, meeting), (str(_("Materialet klart")), _day(meeting)))
        entries = tuple(_material_entry(number, item) for number, item in enumerate(items, start=1))
        title = str(_("Material till %(group)s %(day)s", group=group_name(meeting.group), day=_short(meeting)))
        return Paper(title, facts, entries, str(_("Inget står på dagordningen.")))


def minutes(
    federation: Federation, meeting: Meeting, items: Sequence[AgendaItem], gone_on: dict[int, Meeting]
) -> Paper:
    """What the meeting decided. `gone_on`: by item id, the meeting that a postponed item went on to."""
    with force_locale(DOCUMENT_LOCALE):
        entries = tuple(_minutes_entry(number, item, gone_on) for number, item in enumerate(items, start=1))
        title = str(_("Utdrag ur protokoll, %(group)s %(day)s", group=group_name(meeting.group), day=_short(meeting)))
        return Paper(title, _facts(federation, meeting), entries, str(_("Inget stod på dagordningen.")))


def reference(item: AgendaItem) -> str:
    """`Ärende 2026:11 / 4`, or the fault's number."""
    if item.fault is not None:
        return str(_("Systemfel %(number)s", number=item.fault.number))
    return str(_("Ärende %(number)s", number=item.case.number)) if item.case is not None else ""


def moves(item: AgendaItem) -> tuple[str, ...]:
    """Where it came from, and that it has been moved more than once."""
    if item.moved_from is None:
        return ()
    said = [str(_("Flyttad från %(day)s", day=format_date(item.moved_from.held_on, "d MMMM y")))]
    if item.moved_count == 2:
        said.append(str(_("Flyttad två gånger")))
    elif item.moved_count > 2:
        said.append(str(_("Flyttad %(count)s gånger", count=item.moved_count)))
    return tuple(said)


def _material_entry(number: int, item: AgendaItem) -> Entry:
    heading, notes = f"{number}. {title_of(item)}", (reference(item), *moves(item))
    if not is_ready(item):
        return Entry(heading, notes, (Part(str(_("Underlag")), str(_("Underlaget är inte klart."))),))
    parts = (
        Part(str(_("Vad som händer")), item.what),
        Part(str(_("Hur ofta")), item.how_often),
        Part(str(_("Mellan vilka")), item.between),
        Part(str(_("Vad som har prövats")), item.tried),
        Part(str(_("Förslag till beslut")), item.proposed),
    )
    return Entry(heading, notes, tuple(part for part in parts if part.text.strip()))


def _minutes_entry(number: int, item: AgendaItem, gone_on: dict[int, Meeting]) -> Entry:
    outcome = Outcome(item.outcome) if item.outcome else Outcome.POSTPONED
    parts = [Part(str(_("Beslut")), item.decision or str(OUTCOME[outcome]))]
    if item.decision and outcome is not Outcome.DECIDED:
        parts = [Part(str(OUTCOME[outcome]), item.decision)]
    if who := who_does(item):
        parts.append(Part(str(_("Vem")), who))
    if item.decided_by_on is not None:
        parts.append(Part(str(_("Senast")), format_date(item.decided_by_on, "d MMMM y")))
    target = gone_on.get(item.id)
    if target is not None:
        parts.append(Part(str(_("Fortsätter")), str(_("Mötet %(day)s", day=weekday_and_day(target.held_on)))))
    return Entry(f"{number}. {title_of(item)}", (reference(item), *moves(item)), tuple(parts))


def who_does(item: AgendaItem) -> str:
    """The unit, or the words that stand for somebody who is not in the register."""
    return item.decided_unit.name if item.decided_unit is not None else item.decided_who


def _facts(federation: Federation, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    facts = (
        (str(_("Förbund")), full_name(federation)),
        (str(_("Grupp")), group_name(meeting.group)),
        (str(_("Möte")), when(meeting)),
        (str(_("Plats")), meeting.place or ""),
    )
    return tuple((term, value) for term, value in facts if value)


def _short(meeting: Meeting) -> str:
    return str(format_date(meeting.held_on, "d MMMM y"))


def _day(meeting: Meeting) -> str:
    return str(format_date(meeting.material_due_on, "d MMMM y"))
