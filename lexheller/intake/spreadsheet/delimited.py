"""CSV to lines of cell texts: which characters, which separator, which record.

Semicolon, comma, tab and bar; UTF-8 with and without mark, UTF-16, Windows-1252 (and with it ISO-8859-1)
and the old Macintosh set. A record is one line of the sheet even when a quoted cell holds line breaks.
Stops at text.
"""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from lexheller.intake.spreadsheet.columns import header_weight
from lexheller.intake.spreadsheet.limits import Fault, Limits, UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = ";,\t|"
_MARKUP = ("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<meta")
_LAST_ROW = 1_048_576
"""No spreadsheet has more, blank ones included."""
_SAMPLE = 1 << 16
_SAMPLE_RECORDS = 200


def read_delimited(data: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Filled records, numbered with the blank ones counted. Raises `UnreadableFile` and `csv.Error`."""
    text = decode(data)
    sample = text[:_SAMPLE]
    if not sample.strip("\0 \t\r\n;,|\ufeff") and not text.strip("\0 \t\r\n;,|\ufeff"):
        raise UnreadableFile(Fault.EMPTY_FILE)
    if _is_binary(sample) or sample.lstrip().lower().startswith(_MARKUP):
        raise UnreadableFile(Fault.NOT_A_SPREADSHEET)
    for number, cells in enumerate(_records(text, _separator(sample, limits), limits), start=1):
        if number > _LAST_ROW:
            raise UnreadableFile(Fault.TOO_MANY_ROWS)
        if cells:
            yield number, cells


def decode(data: bytes) -> str:
    """The text of a file that does not say its encoding. Never fails: the rest is taken as Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 5 and min(even, odd) < max(even, odd) // 10 + 1:
        return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_single_byte(data)


def _decode_single_byte(data: bytes) -> str:
    """Windows-1252 unless the Swedish letters stand where the old Macintosh had them."""
    windows = sum(data.count(letter) for letter in (b"\xe5", b"\xe4", b"\xf6"))
    macintosh = sum(data.count(letter) for letter in (b"\x8c", b"\x8a", b"\x9a"))
    if macintosh > windows:
        return data.decode("mac_roman")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_binary(sample: str) -> bool:
    odd = sum(character < " " and character not in "\t\r\n\v\f" for character in sample)
    return odd + sample.count("\ufffd") > len(sample) // 20


def _separator(sample: str, limits: Limits) -> str:
    """The separator under which some early line looks most like a header."""
    return max(_SEPARATORS, key=lambda separator: _best_header(sample, separator, limits))


def _best_header(sample: str, separator: str, limits: Limits) -> int:
    best = 0
    try:
        for cells in islice(_records(sample, separator, limits), _SAMPLE_RECORDS):
            best = max(best, header_weight(cells[: limits.columns]))
    except (csv.Error, UnreadableFile):
        return best  # a sample may end inside a quoted cell
    return best


def _records(text: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    source = _BoundedLines(text, limits.record)
    for record in csv.reader(source, delimiter=separator):
        source.start_record()
        yield record


class _BoundedLines:
    """The lines of a text, as long as no record grows past its bound and no quote stays open to the end."""

    def __init__(self, text: str, most: int) -> None:
        self._lines = StringIO(text, newline="")
        self._most = most
        self._taken = 0

    def start_record(self) -> None:
        self._taken = 0

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        line = self._lines.readline(self._most + 1)
        if not line and self._taken:
            raise UnreadableFile(Fault.BROKEN_FILE)
        if not line:
            raise StopIteration
        self._taken += len(line)
        if self._taken > self._most:
            raise UnreadableFile(Fault.BROKEN_FILE)
        return line
