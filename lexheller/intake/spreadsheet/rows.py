"""One line of a table judged: a row that may be kept, or the one reason why not.

A rejection says where and why, never what: the text that caused it goes no further than this module.
Whether an organisation or theme is known, and whether a row was met before, is decided by the import above.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lexheller.intake.spreadsheet.columns import Header, key
from lexheller.intake.spreadsheet.dates import parse_date
from lexheller.intake.spreadsheet.duplicates import normal_diary_number
from lexheller.intake.spreadsheet.limits import Limits
from lexheller.intake.spreadsheet.values import clean_line, clean_text, readings, value_or_none

_FREE_TEXTS = ("what_happened", "consequence", "done_at_once", "proposal", "answer", "action")
_SHORT_TEXTS = (
    "diary_number", "municipality", "reporting_organisation", "reporting_unit", "concerned_organisation",
    "concerned_unit", "theme", "action_type", "status",
)  # fmt: skip
_DATES = ("received_on", "answered_on", "action_on")
_SUMS = frozenset(("summa", "delsumma", "sum", "total", "totalt", "antal"))
_YEARS_AHEAD = 5
"""An action may be planned; further ahead than this the year is a slip."""


class Reason(StrEnum):
    """Why a row was rejected."""

    PERSONAL_IDENTITY_NUMBER = "personal_identity_number"
    INVALID_DATE = "invalid_date"
    MISSING_DATE = "missing_date"
    FUTURE_DATE = "future_date"
    MISSING_TEXT = "missing_text"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Where a row was stopped."""

    row: int
    """As the sheet numbers its rows, from 1."""
    column: str
    """The header as it stands in the file, the column's letter where it has none."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that may be kept. Texts are clean; None where the cell said nothing."""

    row: int
    diary_number: str | None
    received_on: date
    municipality: str | None
    reporting_organisation: str | None
    reporting_unit: str | None
    concerned_organisation: str | None
    concerned_unit: str | None
    theme: str | None
    what_happened: str
    consequence: str | None
    done_at_once: str | None
    proposal: str | None
    answer: str | None
    answered_on: date | None
    action_type: str | None
    action: str | None
    action_on: date | None
    status: str | None

    @property
    def dates_out_of_order(self) -> bool:
        """Answered or acted upon before it was received: nothing to reject, something to ask about."""
        return any(day is not None and day < self.received_on for day in (self.answered_on, self.action_on))


class _Rejected(Exception):
    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(reason.value)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Judge:
    """What rows are judged by."""

    today: date
    contains_stop: Callable[[str], bool]
    limits: Limits

    def judge(self, number: int, cells: Sequence[str], header: Header) -> SheetRow | Rejection:
        """Identity numbers first, in every cell, read or not; then dates; then texts."""
        try:
            self._stop(cells, header)
            dates = {field: self._date(field, cells, header) for field in _DATES}
            texts = {field: self._text(field, cells, header) for field in (*_SHORT_TEXTS, *_FREE_TEXTS)}
            received_on, what_happened = dates["received_on"], texts["what_happened"]
            if received_on is None:
                raise _Rejected(header.label_of("received_on"), Reason.MISSING_DATE)
            if what_happened is None:
                raise _Rejected(header.label_of("what_happened"), Reason.MISSING_TEXT)
        except _Rejected as rejected:
            return Rejection(number, rejected.column, rejected.reason)
        return SheetRow(
            row=number,
            diary_number=texts["diary_number"],
            received_on=received_on,
            municipality=texts["municipality"],
            reporting_organisation=texts["reporting_organisation"],
            reporting_unit=texts["reporting_unit"],
            concerned_organisation=texts["concerned_organisation"],
            concerned_unit=texts["concerned_unit"],
            theme=texts["theme"],
            what_happened=what_happened,
            consequence=texts["consequence"],
            done_at_once=texts["done_at_once"],
            proposal=texts["proposal"],
            answer=texts["answer"],
            answered_on=dates["answered_on"],
            action_type=texts["action_type"],
            action=texts["action"],
            action_on=dates["action_on"],
            status=texts["status"],
        )

    def _stop(self, cells: Sequence[str], header: Header) -> None:
        short_enough = [cell if len(cell) <= self.limits.cell else "" for cell in cells]
        for column, cell in enumerate(short_enough):
            if cell and any(map(self.contains_stop, readings(cell))):
                raise _Rejected(header.label(column), Reason.PERSONAL_IDENTITY_NUMBER)
        for column, cell in enumerate(cells):
            if len(cell) > self.limits.cell:
                raise _Rejected(header.label(column), Reason.TOO_LONG)

    def _date(self, field: str, cells: Sequence[str], header: Header) -> date | None:
        text = clean_line(_cell(field, cells, header))
        if value_or_none(text) is None and not text.startswith("#"):
            return None
        day = parse_date(text)
        if day is None or day.year > self.today.year + _YEARS_AHEAD:
            raise _Rejected(header.label_of(field), Reason.INVALID_DATE)
        if day > self.today and field != "action_on":
            raise _Rejected(header.label_of(field), Reason.FUTURE_DATE)
        return day

    def _text(self, field: str, cells: Sequence[str], header: Header) -> str | None:
        free = field in _FREE_TEXTS
        clean = clean_text if free else clean_line
        text = value_or_none(clean(_cell(field, cells, header)))
        if text is not None and field == "diary_number":
            text = normal_diary_number(text) or None
            if text is not None and self.contains_stop(text):  # the word for a diary number before it is gone now
                raise _Rejected(header.label_of(field), Reason.PERSONAL_IDENTITY_NUMBER)
        if text is not None and len(text) > (self.limits.text if free else self.limits.short):
            raise _Rejected(header.label_of(field), Reason.TOO_LONG)
        return text


def is_blank(cells: Sequence[str]) -> bool:
    """Nothing but spaces, dashes and invisible characters."""
    return all(value_or_none(clean_line(cell)) is None for cell in cells if cell)


def is_sum(cells: Sequence[str], header: Header) -> bool:
    """A line that adds up the others (`Summa`, `Totalt 2024`), not one of them."""
    first = next((text for text in map(clean_line, cells) if text), "")
    words = first.replace(":", " ").split()
    happened = clean_line(_cell("what_happened", cells, header))
    return (
        bool(words)
        and key(words[0]) in _SUMS
        and (happened in ("", first) or happened.startswith("=") or happened.isdigit())
        and parse_date(clean_line(_cell("received_on", cells, header))) is None
    )


def _cell(field: str, cells: Sequence[str], header: Header) -> str:
    column = header.fields.get(field, len(cells))
    return cells[column] if column < len(cells) else ""
