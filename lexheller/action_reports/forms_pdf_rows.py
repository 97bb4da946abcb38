"""The first cell of each row in a PDF's tables as the heading of its row, which a screen reader says with every number.

Typst can mark such cells (`pdf.header-cell`), but only behind a switch of its own (`a11y-extras`) that its Python
package cannot turn on: it tags headings of columns alone. So the tags are mended in the finished file. Nothing is drawn
or moved; where the file is not built as the compiler builds it, it stays as it was.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ENDING = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_INDEX = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [fn]\r\n)+)")
_ENTRY_LONG, _USED = 20, b"n\r\n"
_ROW = re.compile(rb"/Type/StructElem/S/TR/P \d+ 0 R/K\[([^\]]*)\]")
_CELL = re.compile(rb"/Type/StructElem/S/TD(/P \d+ 0 R)/A\[<</O/Table/Headers\[[^\]]*\]>>")
_KID = re.compile(rb"(\d+) 0 R")
_HEADING = rb"/Type/StructElem/S/TH\1/A[<</O/Table/Scope/Row>>"
_VALUE = rb"/Type/StructElem/S/TD\1/A[<</O/Table/RowSpan 1>>"
"""Without a list of headings of its own, so that the scopes of row and column both count."""


def with_row_headings(content: bytes) -> bytes:
    """The same file with the first cell of each row of values as TH with the scope Row."""
    ending = _ENDING.search(content)
    index = _INDEX.match(content, int(ending[1])) if ending else None
    if ending is None or index is None:
        return content
    entries = [index[2][place : place + _ENTRY_LONG] for place in range(0, len(index[2]), _ENTRY_LONG)]
    objects = _objects(content, entries, index.start())
    for written in list(objects.values()):
        row = _ROW.search(written)
        for place, cell in enumerate(_KID.findall(row[1]) if row else ()):
            objects[int(cell)] = _CELL.sub(_VALUE if place else _HEADING, objects[int(cell)])
    return _joined(objects, entries, trailer=content[index.end() : ending.start()])


def _objects(content: bytes, entries: list[bytes], end: int) -> dict[int, bytes]:
    """Each object as it is written, by its number, in the order in which they stand; what is before them under 0."""
    starts = sorted((int(entry[:10]), number) for number, entry in enumerate(entries) if entry.endswith(_USED))
    stands = pairwise([(0, 0), *starts, (end, 0)])
    return {number: content[start:stop] for (start, number), (stop, _next) in stands}


def _joined(objects: dict[int, bytes], entries: list[bytes], *, trailer: bytes) -> bytes:
    """With an index of where the objects stand now."""
    at, starts = 0, {}
    for number, written in objects.items():
        starts[number] = at
        at += len(written)
    index = [
        b"%010d" % starts[number] + entry[10:] if entry.endswith(_USED) else entry
        for number, entry in enumerate(entries)
    ]
    top = b"xref\n0 %d\n" % len(entries)
    return b"".join([*objects.values(), top, *index, trailer, b"startxref\n%d\n%%%%EOF" % at])
