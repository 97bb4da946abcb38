"""What stands in the diary, and how an event tells of it: kinds, directions, and whether a series has a hole. Pure.

Offentlighets- och sekretesslagen 5 kap. 2 §: the day, the number, from or to whom, and briefly what it is about. No
private person is ever named in it: whoever reported, or asked for a document, stands there by kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lexheller.audit.service import DIARY_NUMBER


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    MADE = "made"


class EntryKind(StrEnum):
    """TAKEN_OVER: a report that another federation handed over. IMPORTED: one from an older register."""

    REPORT = "report"
    IMPORTED = "imported"
    TAKEN_OVER = "taken_over"
    FAULT = "fault"
    EDITION = "edition"
    RELEASE_REQUEST = "release_request"
    RELEASE_DECISION = "release_decision"


class Correspondent(StrEnum):
    """From or to whom, by kind. REQUESTER: whoever asked for documents."""

    REPORTER = "reporter"
    FEDERATION = "federation"
    REQUESTER = "requester"
    NOBODY = "nobody"


DIRECTION: Mapping[EntryKind, Direction] = {
    EntryKind.REPORT: Direction.IN,
    EntryKind.IMPORTED: Direction.IN,
    EntryKind.TAKEN_OVER: Direction.IN,
    EntryKind.FAULT: Direction.MADE,
    EntryKind.EDITION: Direction.MADE,
    EntryKind.RELEASE_REQUEST: Direction.IN,
    EntryKind.RELEASE_DECISION: Direction.OUT,
}
CORRESPONDENT: Mapping[EntryKind, Correspondent] = {
    EntryKind.REPORT: Correspondent.REPORTER,
    EntryKind.IMPORTED: Correspondent.REPORTER,
    EntryKind.TAKEN_OVER: Correspondent.FEDERATION,
    EntryKind.FAULT: Correspondent.NOBODY,
    EntryKind.EDITION: Correspondent.NOBODY,
    EntryKind.RELEASE_REQUEST: Correspondent.REQUESTER,
    EntryKind.RELEASE_DECISION: Correspondent.REQUESTER,
}
BEGINS: Mapping[str, EntryKind] = {
    "case.received": EntryKind.REPORT,
    "case.imported": EntryKind.IMPORTED,
    "case.taken_over": EntryKind.TAKEN_OVER,
    "fault.suspected": EntryKind.FAULT,
    "action_report.frozen": EntryKind.EDITION,
    "release.requested": EntryKind.RELEASE_REQUEST,
    "release.letter_made": EntryKind.RELEASE_DECISION,
}
"""Which event of the log draws a number, and for what."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says for the diary. `registered_on` None: the day of the event."""

    number: str
    registered_on: date | None
    organisation_id: int | None
    theme_id: int | None


def told_by(kind: str, data: Mapping[str, Any]) -> Told | None:
    """What an event that draws a number tells; None for another one, and for one older than its facts."""
    if kind not in BEGINS:
        return None
    facts = data.get("facts") or {}
    if BEGINS[kind] is EntryKind.EDITION:
        number = data.get("diary_number")
    else:
        number = data.get("number") or facts.get("number")
    if not number:
        return None
    day = facts.get("received_on") or facts.get("opened_on") or data.get("registered_on")
    return Told(
        str(number),
        date.fromisoformat(day) if day else None,
        facts.get("reporting_organisation_id"),
        facts.get("theme_id"),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which series a number stands. All None for one of another shape, from an older register."""

    year: int | None = None
    file_number: int | None = None
    document: int | None = None


def place_of(number: str) -> Place:
    match = DIARY_NUMBER.match(number)
    return Place(*(int(part) for part in match.groups())) if match else Place()


@dataclass(frozen=True, slots=True)
class Held:
    """One number of a series that has an entry. Imported ones may leave numbers before them free, as the old did."""

    document: int
    imported: bool


def missing(held: Iterable[Held], last: int) -> list[int]:
    """The numbers up to the series' last that have no entry though one was drawn.

    A run before an imported number is how the older register was; one at the end, after an imported number, is an
    import that was broken off. Nothing else may be missing.
    """
    by_number: dict[int, bool] = {}
    for one in held:
        by_number[one.document] = by_number.get(one.document, False) or one.imported
    found: list[int] = []
    before, after_import = 0, any(by_number.values())
    for number in sorted(by_number):
        if not by_number[number]:
            found += range(before + 1, number)
        before = number
    return found if after_import else [*found, *range(before + 1, last + 1)]
