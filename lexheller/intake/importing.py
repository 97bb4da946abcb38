"""Bringing in the history that a federation kept in a spreadsheet: own dates, own status, no mail, no duties.

A row is stored whole or not at all. What no list knows is kept as it was written, counted under `unknown`, and shown to
the coordinator; so is a diary number that is none, or that may point out a person, and the row is given another. What
holds an identity number is refused by the reader before it comes here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from lexheller.accounts.rights import OPERATOR
from lexheller.actions import queries as actions
from lexheller.actions import service as action_service
from lexheller.actions.imported import IMPORTED, texts_brought_in
from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.numbering import lock_numbers
from lexheller.audit.service import lock_diary_series, next_diary_number, reserve_diary_number
from lexheller.cases import door, search
from lexheller.cases.models import Answer, Case, Report
from lexheller.cases.queries import imported_fingerprints, numbers_in_use
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.intake.placing import Placed, Placer
from lexheller.intake.spreadsheet.duplicates import fingerprint
from lexheller.intake.spreadsheet.own_numbers import has_number_shape
from lexheller.intake.spreadsheet.reading import Sheet, read_sheet
from lexheller.intake.spreadsheet.rows import Rejection, SheetRow
from lexheller.organisations.known_names import doubts_here
from lexheller.organisations.models import Federation
from lexheller.privacy.scanner import stops

NAMESPACE = uuid.UUID("6b0f3f0e-6d0b-5a7e-9a55-2f6c1c1d2024")
NOON = time(12)
NUMBER_TAKEN = "number_taken_by_other_text"
NUMBER_IN_DOUBT = "number_in_doubt"
NUMBER_FIELD, NUMBER_COLUMN = "diary_number", "Dnr"

BATCH = 100


@dataclass(slots=True)
class ImportResult:
    """Rows by outcome. A row in doubt is stored, and counted here instead of among the accepted."""

    rows: int = 0
    accepted: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    in_doubt: list[dict[str, Any]] = field(default_factory=list)


def read_file(path: Path) -> Sheet:
    """The file's rows, judged; touches no database, so that nothing waits meanwhile. Raises UnreadableFile."""
    return read_sheet(path, today=clock.today(), contains_stop=lambda text: bool(stops(text)))


class Import:
    """One sheet on its way in, in the caller's transactions; a second import takes up what the first left."""

    def __init__(self, federation: Federation, sheet: Sheet) -> None:
        self.sheet = sheet
        self.result = ImportResult(rows=sheet.data_rows, rejected=[_rejected_line(one) for one in sheet.rejections])
        self._federation = federation
        self._placer = Placer(federation, actions.types(federation.id))
        self._numbers = numbers_in_use(federation.id)
        self._prints = imported_fingerprints(federation.id)
        self._judged: dict[str, bool] = {}

    def reserve_numbers(self) -> None:
        """All the sheet's numbers first, so that no row without one is given another row's."""
        for row in self.sheet.rows:
            if row.diary_number and self._is_number(row.diary_number):
                file_number = self._federation.diary_file_number
                reserve_diary_number(self._federation.id, row.diary_number, file_number=file_number)

    def batches(self) -> Iterator[list[SheetRow]]:
        """The rows in portions that hold the database's locks for a moment only."""
        for start in range(0, len(self.sheet.rows), BATCH):
            yield self.sheet.rows[start : start + BATCH]

    def take(self, rows: Sequence[SheetRow], *, store: bool = True) -> None:
        """Judge the rows and store the new ones; without `store` only judge them."""
        if store:
            years = (row.received_on.year for row in rows)
            lock_diary_series(self._federation.id, years, file_number=self._federation.diary_file_number)
            if any(_names_action(row) for row in rows):
                lock_numbers(self._federation.id)
        for given in rows:
            row = given if self._is_number(given.diary_number) else replace(given, diary_number=None)
            twin = _twin(row, self._numbers, self._prints)
            if twin is not None:
                self.result.duplicates.append(twin)
                continue
            placed = self._placer.place(row)
            if given.diary_number and row.diary_number is None:
                placed = _with_number_in_doubt(placed, given.diary_number)
            number = _store(self._federation, row, placed).number if store else row.diary_number
            self._numbers |= {number} if number else set()
            self._prints.add(fingerprint(row))
            if placed.doubts:
                self.result.in_doubt.append(_doubt_line(row, placed))
            else:
                self.result.accepted += 1

    def _is_number(self, given: str | None) -> bool:
        """Whether it may stand as the case's number: for everybody to read, and never to be changed."""
        if given is not None and given not in self._judged:
            in_doubt = doubts_here(self._federation.id, {NUMBER_FIELD: given})
            self._judged[given] = has_number_shape(given) and not in_doubt
        return given is None or self._judged[given]


def _with_number_in_doubt(placed: Placed, given: str) -> Placed:
    return replace(
        placed,
        doubts=((NUMBER_COLUMN, NUMBER_IN_DOUBT), *placed.doubts),
        as_given={**placed.as_given, NUMBER_FIELD: given},
    )


def _rejected_line(rejection: Rejection) -> dict[str, Any]:
    """Where and why; never the text that gave it. The reader stops a row at its first fault."""
    return {"row": rejection.row, "column": rejection.column, "reason": str(rejection.reason)}


def _doubt_line(row: SheetRow, placed: Placed) -> dict[str, Any]:
    (column, reason), *more = placed.doubts
    line: dict[str, Any] = {"row": row.row, "column": column, "reason": reason}
    if more:
        line["more"] = [{"column": column, "reason": reason} for column, reason in more]
    return line


def _twin(row: SheetRow, numbers: set[str], prints: set[str]) -> dict[str, Any] | None:
    """The row as a duplicate, by its diary number or, without one, by its content; None for a new row.

    A number that is taken by a report with another text is named as such: somebody has to look.
    """
    known = fingerprint(row) in prints
    if row.diary_number in numbers:
        return {"row": row.row, "column": NUMBER_COLUMN, "reason": "duplicate" if known else NUMBER_TAKEN}
    if row.diary_number is None and known:
        return {"row": row.row, "column": "Vad hände", "reason": "duplicate"}
    return None


def _store(federation: Federation, row: SheetRow, placed: Placed) -> Case:
    report = _report(federation, row, placed)
    case = Case(
        federation_id=federation.id,
        report_id=report.id,
        number=_number(federation, row),
        status=placed.status,
        received_at=_noon(row.received_on),
        received_on=row.received_on,
        reporting_organisation_id=placed.reporting_organisation_id,
        concerned_organisation_id=placed.concerned_organisation_id,
        municipality_id=placed.municipality_id,
        theme_id=placed.theme_id,
        doubts=[reason for _column, reason in placed.doubts],
        in_doubt=bool(placed.doubts),
        answered_on=_answered_on(row),
        closed_on=_closed_on(row) if placed.status is CaseStatus.CLOSED else None,
    )
    door.begin(OPERATOR, case, "case.imported", {"number": case.number, "doubts": case.doubts})
    answers = [_answer(case, row)] if row.answer else []
    done = _action(case, row, placed)
    case.held_at = _held_at(case, texts_brought_in(report, answers, done))
    search.index(case, report, answers)
    return case


def _held_at(case: Case, texts: Mapping[str, str]) -> datetime | None:
    """What is still to be handled and may name somebody waits for the office to look; what is over only tells so."""
    if case.status == CaseStatus.CLOSED:
        return None
    return clock.now() if doubts_here(case.federation_id, texts) else None


def _report(federation: Federation, row: SheetRow, placed: Placed) -> Report:
    identity = f"{federation.id}:{row.diary_number or fingerprint(row)}"
    report = Report(
        federation_id=federation.id,
        submission_id=str(uuid.uuid5(NAMESPACE, identity)),
        source=IMPORTED,
        fingerprint=fingerprint(row),
        what_happened=row.what_happened,
        consequence=row.consequence,
        done_at_once=row.done_at_once,
        proposal=row.proposal,
        reporting_unit=row.reporting_unit,
        concerned_unit=row.concerned_unit,
        as_given=placed.as_given,
    )
    db.session.add(report)
    db.session.flush()
    return report


def _number(federation: Federation, row: SheetRow) -> str:
    if row.diary_number:
        return row.diary_number
    return next_diary_number(federation.id, row.received_on.year, file_number=federation.diary_file_number)


def _answer(case: Case, row: SheetRow) -> Answer:
    """A sheet has one column for the whole answer; it is what was done, and what the reporter was told."""
    given_at = _noon(row.answered_on or row.received_on)
    answer = Answer(
        federation_id=case.federation_id,
        case_id=case.id,
        steps_taken=row.answer or "",
        given_at=given_at,
        shared_at=given_at,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def _action(case: Case, row: SheetRow, placed: Placed) -> list[Action]:
    """The one that the row names. Done if its day has come; without a day it is planned, and the row is in doubt."""
    if not _names_action(row):
        return []
    done = row.action_on is not None and row.action_on <= clock.today()
    action = action_service.create(
        federation_id=case.federation_id,
        case_ids=[case.id],
        type=placed.action_type,
        description=row.action or row.action_type or "",
        status=ActionStatus.DONE if done else ActionStatus.PLANNED,
        action_on=row.action_on,
    )
    action_service.begin_imported(OPERATOR, action)
    return [action]


def _names_action(row: SheetRow) -> bool:
    return bool(row.action or row.action_type)


def _answered_on(row: SheetRow) -> date | None:
    return row.answered_on if row.answer or row.answered_on else None


def _closed_on(row: SheetRow) -> date:
    """A sheet has no day of closing: the last day that it names and that has come."""
    named = (day for day in (row.received_on, row.answered_on, row.action_on) if day is not None)
    return max(row.received_on, min(clock.today(), max(named)))


def _noon(day: date) -> datetime:
    """A sheet knows days alone; noon in Sweden is that day in every time zone's books."""
    return datetime.combine(day, NOON, tzinfo=SWEDEN).astimezone(UTC)
