"""A whole spreadsheet read: the rows that may be kept, those that may not, and what its columns were.

In a workbook every visible sheet with a header is read (one sheet a year is common), and a row keeps the
number it has in its own sheet. A second header further down starts a new table. Blank lines, titles and
sums are passed over. Stops at the file: nothing is looked up and nothing is stored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lexheller.intake.spreadsheet.columns import Header, read_header
from lexheller.intake.spreadsheet.dates import parse_date
from lexheller.intake.spreadsheet.files import open_tables
from lexheller.intake.spreadsheet.header_words import CANONICAL
from lexheller.intake.spreadsheet.limits import DEFAULT_LIMITS, Fault, Limits, UnreadableFile
from lexheller.intake.spreadsheet.rows import Judge, Rejection, SheetRow, is_blank, is_sum


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file held."""

    rows: list[SheetRow]
    rejections: list[Rejection]
    """At most one for each row, in the order of the file."""
    data_rows: int
    """Rows kept plus rows rejected."""
    missing_columns: list[str]
    """Fields that no table of the file has, by the template's words."""
    ignored_columns: list[str]
    """Headers that nothing was read from."""


def read_sheet(
    path: Path,
    *,
    today: date,
    contains_stop: Callable[[str], bool],
    limits: Limits = DEFAULT_LIMITS,
) -> Sheet:
    """Read an XLSX or CSV. Every cell is shown to `contains_stop`: is there an identity number in it?

    Raises `UnreadableFile` when nothing can be read from the file, and nothing else, whatever its bytes.
    """
    reading = _Reading(Judge(today, contains_stop, limits))
    for table in open_tables(path, limits):
        reading.take(table)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    judge: Judge
    rows: list[SheetRow] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    anything: bool = False

    def take(self, table: Iterator[tuple[int, list[str]]]) -> None:
        header: Header | None = None
        used = False
        for number, cells in table:
            self.anything = True
            found = self._header(cells, header)
            if found is not None:
                if header is not None and not used:
                    self.headers.pop()  # it only grouped the columns of the real one
                header, used = found, False
                self.headers.append(found)
            elif header is not None and not is_blank(cells) and not is_sum(cells, header):
                used = True
                self._judge(number, cells, header)

    def _header(self, cells: list[str], current: Header | None) -> Header | None:
        """The header this line is. Below another, a line with a day in its date column never is one."""
        if current is not None:
            column = current.fields.get("received_on", len(cells))
            if column < len(cells) and parse_date(cells[column]):
                return None
        return read_header(cells, self.judge.contains_stop, below_another=current is not None)

    def _judge(self, number: int, cells: list[str], header: Header) -> None:
        verdict = self.judge.judge(number, cells, header)
        if isinstance(verdict, SheetRow):
            self.rows.append(verdict)
        else:
            self.rejections.append(verdict)
        if len(self.rows) + len(self.rejections) > self.judge.limits.rows:
            raise UnreadableFile(Fault.TOO_MANY_ROWS)

    def result(self) -> Sheet:
        if not self.headers:
            raise UnreadableFile(Fault.NO_HEADER if self.anything else Fault.EMPTY_FILE)
        present = {name for header in self.headers for name in header.fields}
        ignored = (label for header in self.headers for label in header.ignored())
        return Sheet(
            rows=self.rows,
            rejections=self.rejections,
            data_rows=len(self.rows) + len(self.rejections),
            missing_columns=[name for field, name in CANONICAL.items() if field not in present],
            ignored_columns=list(dict.fromkeys(ignored)),
        )
