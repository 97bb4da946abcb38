"""Opening a file of unknown origin: how large, which kind, then lines of cell texts, within limits.

The kind is told from the content, never from the name. Whatever the libraries underneath raise becomes one
`UnreadableFile` that remembers nothing of the file. Stops at text: what a line means is `rows`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from lexheller.intake.spreadsheet.delimited import read_delimited
from lexheller.intake.spreadsheet.limits import Fault, Limits, UnreadableFile
from lexheller.intake.spreadsheet.workbook import Line, read_workbook

T = TypeVar("T")

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ",
    b"PK\x05\x06", b"\x7fELF", b"MZ", b"SQLite format 3", b"{\\rtf",
)  # fmt: skip


def open_tables(path: Path, limits: Limits) -> Iterator[Iterator[Line]]:
    """Each table of the file as an iterator of filled lines: the CSV, or each visible sheet of an XLSX.

    Read a table to its end before taking the next. Raises `UnreadableFile`, also while iterating.
    """
    data = _read_bounded(path, limits.file_bytes)
    meter = _Meter(limits)
    for table in _sheltered(_tables(data, limits)):
        yield meter.through(_sheltered(table))


def _read_bounded(path: Path, most: int) -> bytes:
    data: bytes | None = None
    try:
        if path.is_file():
            with path.open("rb") as stream:
                data = stream.read(most + 1)
    except (OSError, ValueError):
        data = None
    if data is None:
        raise UnreadableFile(Fault.NOT_FOUND)
    if len(data) > most:
        raise UnreadableFile(Fault.TOO_LARGE)
    return data


def _tables(data: bytes, limits: Limits) -> Iterator[Iterator[Line]]:
    if not data:
        raise UnreadableFile(Fault.EMPTY_FILE)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableFile(Fault.ENCRYPTED if locked else Fault.NOT_A_SPREADSHEET)
    if data.startswith(_OTHER_KINDS):
        raise UnreadableFile(Fault.NOT_A_SPREADSHEET)
    if data.startswith(_ZIP):
        yield from read_workbook(data, limits)
    else:
        yield read_delimited(data, limits)


def _sheltered(source: Iterator[T]) -> Iterator[T]:
    """The same items; any error becomes an `UnreadableFile` without cause or context: those quote cells."""
    while True:
        fault = Fault.BROKEN_FILE
        try:
            item = next(source)
        except StopIteration:
            return
        except UnreadableFile as known:
            fault = Fault(known.code)
        except Exception:
            fault = Fault.BROKEN_FILE
        else:
            yield item
            continue
        raise UnreadableFile(fault)


class _Meter:
    """Lets lines through until the whole file has given more lines, columns or characters than allowed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines = self._cells = self._characters = 0

    def through(self, lines: Iterator[Line]) -> Iterator[Line]:
        for number, cells in lines:
            if not any(cell and not cell.isspace() for cell in cells):
                continue
            self._lines += 1
            self._cells += sum(map(bool, cells))
            self._characters += sum(map(len, cells))
            if self._lines > self._limits.lines:
                raise UnreadableFile(Fault.TOO_MANY_ROWS)
            if any(cells[self._limits.columns :]):
                raise UnreadableFile(Fault.TOO_MANY_COLUMNS)
            if self._cells > self._limits.cells or self._characters > self._limits.characters:
                raise UnreadableFile(Fault.TOO_LARGE)
            yield number, cells
