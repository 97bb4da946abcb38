"""Is this XLSX safe to hand to a spreadsheet library? Looks at sizes and shape, keeps no text.

Every part is unpacked once, in pieces, against one common budget, and walked with the XML parser the
library itself uses; so a declared size or dimension is never believed. Document types (and with them
entities) are refused. Stops at yes or no: reading cells is `workbook`.
"""

import re
import zipfile
from io import BytesIO
from xml.parsers import expat

from lexheller.core.packed import pieces_of
from lexheller.intake.spreadsheet.limits import Fault, Limits, UnreadableFile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_ROW, _CELL, _STRING, _FORMULA = (_MAIN + name for name in ("row", "c", "si", "f"))
_CONTENT = frozenset(_MAIN + name for name in ("v", "is", "f"))
_TEXT = _MAIN + "t"

_LARGEST_TOKEN = 1 << 18
"""Bytes of one tag or comment. Text is not a token, so no honest file comes near."""
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_EMPTY_ROWS_TOO = 5
"""Formatted but empty rows are allowed up to this many times the filled ones."""
_INSIDE_ONE_CELL = 2_000
_BYTES_IN_ONE_CELL = 1_000_000
_FORMULA_WORK = 5_000_000
"""Characters the library may have to rewrite when it spells out shared formulas."""
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


def inspect(data: bytes, limits: Limits) -> None:
    """Raise `UnreadableFile` unless the archive is a workbook within the limits."""
    if data.count(b"PK\x01\x02") > limits.entries:
        raise UnreadableFile(Fault.ZIP_BOMB)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        _check_directory(entries, len(data))
        shape = _Shape(limits)
        left = limits.inflated_bytes
        for entry in sorted(entries, key=lambda entry: "worksheets/" not in entry.filename):
            if entry.file_size > left and "worksheets/" not in entry.filename:
                raise UnreadableFile(Fault.ZIP_BOMB)
            left -= _walk(archive, entry, shape, left)


def _check_directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(Fault.ENCRYPTED)
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise UnreadableFile(Fault.NOT_A_SPREADSHEET)
    if len(set(names)) != len(names):
        raise UnreadableFile(Fault.BROKEN_FILE)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise UnreadableFile(Fault.BROKEN_FILE)
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in in_order[1:]] + [size]
    if any(entry.header_offset + entry.compress_size > end for entry, end in zip(in_order, starts, strict=True)):
        raise UnreadableFile(Fault.ZIP_BOMB)


def _walk(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shape: "_Shape", left: int) -> int:
    """Unpack one part, at most `left` bytes of it, and return how many there were."""
    size = 0
    parser: expat.XMLParserType | None = shape.begin_part()
    for piece in pieces_of(archive, entry):
        size += len(piece)
        if size > left or (size > shape.most_without_cells and not shape.holds_cells):
            raise UnreadableFile(Fault.ZIP_BOMB)
        if parser is None:
            continue
        try:
            parser.Parse(piece)
        except expat.ExpatError:
            parser = None  # not XML, or broken here: the library's parser gets no further either
            continue
        if size - parser.CurrentByteIndex > _LARGEST_TOKEN:
            raise UnreadableFile(Fault.BROKEN_FILE)
    return size


class _Shape:
    """Counts what stands in the XML of all parts, and says stop at the first number too many."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.most_without_cells = limits.file_bytes
        self._elements = self._furniture = self._strings = 0
        self._rows = self._filled_rows = self._filled_cells = 0
        self._shared_formulas = self._longest_formula = 0
        self.begin_part()

    def begin_part(self) -> expat.XMLParserType:
        """A parser for the next part, reporting here."""
        self.holds_cells = False
        self._depth = self._row = self._column = self._inside = 0
        self._in_row = self._in_text = self._row_is_filled = self._cell_is_filled = False
        self._formula_start = self._text_start = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        return self._parser

    def _doctype(self, *_: object) -> None:
        raise UnreadableFile(Fault.BROKEN_FILE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        self._inside += self._in_text
        if self._depth > self._limits.depth or self._inside > _INSIDE_ONE_CELL:
            raise UnreadableFile(Fault.BROKEN_FILE)
        if self._elements > self._limits.elements:
            raise UnreadableFile(Fault.TOO_LARGE)
        if name == _CELL:
            self._start_cell(attributes)
        elif name in _CONTENT:
            self._start_content(name, attributes)
        elif name == _ROW:
            self._start_row(attributes)
        elif name == _STRING:
            self._start_string()
        elif name != _TEXT or not self._in_text:
            self._furniture += 1
            if self._furniture > self._limits.furniture:
                raise UnreadableFile(Fault.TOO_LARGE)

    def _start_row(self, attributes: dict[str, str]) -> None:
        """Rows must rise: the library drops a row that stands below its place, and fills every gap."""
        row = _row_number(attributes["r"]) if "r" in attributes else self._row + 1
        if not self._row < row <= _LAST_ROW:
            raise UnreadableFile(Fault.BROKEN_FILE)
        self._row, self._column = row, 0
        self._in_row, self._row_is_filled = True, False
        self._rows += 1
        if self._rows > self._limits.lines * _EMPTY_ROWS_TOO:
            raise UnreadableFile(Fault.TOO_MANY_ROWS)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if not self._in_row:
            return
        self._begin_text()
        column = _column_number(attributes["r"]) if "r" in attributes else self._column + 1
        if not self._column < column <= _LAST_COLUMN:
            raise UnreadableFile(Fault.BROKEN_FILE)
        self._column, self._cell_is_filled = column, False

    def _begin_text(self) -> None:
        self.holds_cells = self._in_text = True
        self._inside = 0
        self._text_start = self._parser.CurrentByteIndex

    def _end_text(self) -> None:
        self._in_text, self._inside = False, 0
        if self._parser.CurrentByteIndex - self._text_start > _BYTES_IN_ONE_CELL:
            raise UnreadableFile(Fault.TOO_LARGE)

    def _start_content(self, name: str, attributes: dict[str, str]) -> None:
        if name == _FORMULA:
            self._formula_start = self._parser.CurrentByteIndex
            self._shared_formulas += attributes.get("t") == "shared"
        if not self._in_row or self._cell_is_filled:
            return
        self._cell_is_filled = True
        self._filled_cells += 1
        if self._column > self._limits.columns:
            raise UnreadableFile(Fault.TOO_MANY_COLUMNS)
        if self._filled_cells > self._limits.cells:
            raise UnreadableFile(Fault.TOO_LARGE)
        if self._row_is_filled:
            return
        self._row_is_filled = True
        self._filled_rows += 1
        if self._filled_rows > self._limits.lines:
            raise UnreadableFile(Fault.TOO_MANY_ROWS)

    def _start_string(self) -> None:
        self._begin_text()
        self._strings += 1
        if self._strings > self._limits.cells:
            raise UnreadableFile(Fault.TOO_LARGE)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == _ROW:
            self._in_row = False
        elif name in (_CELL, _STRING):
            self._end_text()
        elif name == _FORMULA:
            length = self._parser.CurrentByteIndex - self._formula_start
            self._longest_formula = max(self._longest_formula, length)
            if self._longest_formula * self._shared_formulas > _FORMULA_WORK:
                raise UnreadableFile(Fault.TOO_LARGE)


def _row_number(text: str) -> int:
    """A row's place; some programs write it as `3.0`. Nonsense becomes 0, which is no place at all."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return 0


def _column_number(reference: str) -> int:
    """The column of a cell reference such as `AB12`, from 1; 0 when it is no reference."""
    match = _REFERENCE.fullmatch(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - 64
    return number
