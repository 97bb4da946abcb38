"""Files made to break a reader: each gets its code, within little time and memory."""

import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from spreadsheet_files import (
    HEADER,
    IDENTITY,
    ROW,
    TODAY,
    archive,
    csv_file,
    parts,
    put,
    read,
    row_xml,
    sheet_xml,
    strings_xml,
    styles_xml,
    workbook,
)  # fmt: skip

from lexheller.intake.spreadsheet.archive import inspect
from lexheller.intake.spreadsheet.limits import DEFAULT_LIMITS, Limits, UnreadableFile
from lexheller.intake.spreadsheet.reading import read_sheet

HEAD = row_xml(1, HEADER)
GOOD = HEAD + row_xml(2, ROW)
MEGABYTE = 1_000_000
SHARED = '<c t="s"><v>0</v></c>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def code(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableFile) as stopped:
        read(put(path / "hostile.xlsx", data), limits)
    error = stopped.value
    assert error.__context__ is None and error.__cause__ is None
    assert str(error) == f"unreadable spreadsheet: {error.code}"
    return error.code


def book(rows: str = GOOD, **others: str) -> bytes:
    return archive(parts(sheet_xml(rows), **others))


def test_the_builder_builds_what_can_be_read(tmp_path: Path) -> None:
    assert len(read(put(tmp_path / "a.xlsx", book())).rows) == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty_file"), (b"\r\n ;;\r\n", "empty_file"), (b"\xef\xbb\xbf", "empty_file"),
        (b"\0" * 500, "empty_file"),
        (b"%PDF-1.7 ...", "not_a_spreadsheet"), (b"\x89PNG\r\n\x1a\n", "not_a_spreadsheet"),
        (OLE, "not_a_spreadsheet"), (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<html><table><tr><td>Datum</td></tr></table>", "not_a_spreadsheet"),
        (b'<?xml version="1.0"?><Workbook/>', "not_a_spreadsheet"), (b"{\\rtf1 x}", "not_a_spreadsheet"),
        (bytes(range(256)) * 40, "not_a_spreadsheet"),
        (b"PK\x03\x04" + b"\0" * 100, "broken_file"), (archive({"a.txt": "x"}), "not_a_spreadsheet"),
        (archive({"[Content_Types].xml": "x", "word/document.xml": "y"}), "not_a_spreadsheet"),
        (archive({"[Content_Types].xml": "x", "xl/workbook.xml": "y"}), "broken_file"),
        (b"Namn;Adress\nAnna;Storgatan\n", "no_header"), ("Bara ord å ä ö".encode(), "no_header"),
        (book()[:-400], "broken_file"), (book(HEAD[:60]), "broken_file"),
        (book(row_xml(1, ["bara", "ord"])), "no_header"), (book(""), "empty_file"),
    ],
)  # fmt: skip
def test_wrong_kinds_of_file(tmp_path: Path, data: bytes, expected: str) -> None:
    assert code(tmp_path, data) == expected


@pytest.mark.parametrize("name", ["missing.xlsx", "", "a\0b", "x" * 5000])
def test_no_file_at_all(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile) as stopped:
        read(tmp_path / name)
    assert stopped.value.code == "not_found"


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    assert code(tmp_path, book(), replace(DEFAULT_LIMITS, file_bytes=300)) == "too_large"


def encrypted_entry() -> bytes:
    data = bytearray(book())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature)
        data[at + offset] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """The second directory entry points into the first one's data."""
    data = bytearray(book())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, second + 42, 1)
    return bytes(data)


def lying_sizes(declared: int) -> bytes:
    """All parts declare the same unpacked size."""
    data = bytearray(book())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", data, at + 24, declared)
    return bytes(data)


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros in a picture": (
        lambda: archive(parts(sheet_xml(GOOD)) | {"xl/a.png": b"\0" * (101 * MEGABYTE)}),
        "zip_bomb",
    ),
    "zeros as a sheet": (lambda: archive(parts(b"\0" * (30 * MEGABYTE))), "zip_bomb"),
    "spaces before a sheet": (lambda: book("<x>" + " " * (25 * MEGABYTE) + "</x>"), "zip_bomb"),
    "zip in a zip": (lambda: archive({"a.xlsx": book()}), "not_a_spreadsheet"),
    "many entries": (lambda: archive(parts(GOOD) | {f"x{n}": "" for n in range(2_100)}), "zip_bomb"),
    "overlapping entries": (overlapping, "zip_bomb"),
    "declared too small": (lambda: lying_sizes(1), "broken_file"),
    "declared too large": (lambda: lying_sizes(900 * MEGABYTE), "zip_bomb"),
    "encrypted entry": (encrypted_entry, "encrypted"),
    "other compression": (lambda: archive(parts(sheet_xml(GOOD)), zipfile.ZIP_BZIP2), "broken_file"),
}

SHEETS: dict[str, tuple[Callable[[], bytes], str]] = {
    "doctype in the sheet": (lambda: archive(parts(sheet_xml(GOOD, doctype=LAUGHS))), "broken_file"),
    "doctype in the strings": (lambda: book(strings=strings_xml("<si><t>&b;</t></si>", LAUGHS)), "broken_file"),
    "doctype in utf-16": (lambda: archive(parts(
        sheet_xml(GOOD, doctype=LAUGHS).replace("UTF-8", "UTF-16").encode("utf-16"))),
                          "broken_file"),
    "external entity": (lambda: archive(parts(sheet_xml(GOOD, doctype='<!DOCTYPE x SYSTEM "file:///etc/passwd">'))),
                        "broken_file"),
    "deep nesting": (lambda: book(HEAD + "<x>" * 50_000 + "</x>" * 50_000), "broken_file"),
    "giant comment": (lambda: book(HEAD + f"<!--{'x' * (5 * MEGABYTE)}-->"), "broken_file"),
    "giant attribute": (lambda: book(HEAD + f'<row a="{"x" * (5 * MEGABYTE)}"/>'), "broken_file"),
    "giant cell": (lambda: book(HEAD + row_xml(2, [*ROW[:4], "x" * (2 * MEGABYTE)])), "too_large"),
    "million rows": (lambda: book(HEAD + "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(2, 100_000))),
                     "too_many_rows"),
    "empty rows": (lambda: book(HEAD + '<row ht="15"/>' * 150_000), "too_many_rows"),
    "row past the end": (lambda: book(HEAD + row_xml(99_999_999, ROW)), "broken_file"),
    "rows out of order": (lambda: book(row_xml(2, ROW) + HEAD), "broken_file"),
    "row number nonsense": (lambda: book(HEAD + '<row r="1e999"/>'), "broken_file"),
    "wide row": (lambda: book(HEAD + "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"), "too_many_columns"),
    "far column": (lambda: book(HEAD + '<row r="2"><c r="XFD2"><v>1</v></c></row>'), "too_many_columns"),
    "column past the end": (lambda: book(HEAD + '<row r="2"><c r="ZZZ2"/></row>'), "broken_file"),
    "crowded cell": (lambda: book(HEAD + "<row><c><is>" + "<t/>" * 5_000 + "</is></c></row>"), "broken_file"),
    "strings without end": (lambda: book(strings=strings_xml("<si><t>a</t></si>" * 500_000)), "too_large"),
    "styles without end": (lambda: book(styles=styles_xml(200_000)), "too_large"),
    "shared text everywhere": (lambda: book(
        HEAD + "".join(f'<row r="{n}">{SHARED * 10}</row>' for n in range(2, 400)),
        strings=strings_xml(f"<si><t>{'x' * 15_000}</t></si>")), "too_large"),
    "shared formula everywhere": (lambda: book(
        HEAD + f'<row r="2"><c r="A2"><f t="shared" si="0" ref="A2:A9">{"A1+" * 3_000}1</f></c></row>'
        + "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(3, 2_000))), "too_large"),
    "string that is not there": (lambda: book(HEAD + '<row r="2"><c t="s"><v>7</v></c></row>'), "broken_file"),
    "number that is none": (lambda: book(HEAD + f'<row r="2"><c><v>{IDENTITY}</v></c></row>'), "broken_file"),
    "date that is none": (lambda: book(HEAD + f'<row r="2"><c t="d"><v>{IDENTITY}</v></c></row>'), "broken_file"),
}  # fmt: skip

TEXTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "one line": (lambda: b"a;" * (2 * MEGABYTE), "broken_file"),
    "one quoted field": (lambda: b'Dnr;Datum;Kommun\n"' + b"a\n" * (2 * MEGABYTE) + b'"', "broken_file"),
    "many quoted fields": (lambda: b"Dnr;Datum;Kommun\n" + b'"\n";' * MEGABYTE, "broken_file"),
    "quote left open": (lambda: b'Dnr;Datum;Kommun\n1;2024-01-17;"Habo\n2;2024-01-18;Habo\n', "broken_file"),
    "blank lines": (lambda: b"Dnr;Datum;Kommun\n" + b"\n" * (2 * MEGABYTE), "too_many_rows"),
    "rows": (lambda: b"Dnr;Datum;Kommun\n" + b"1;2;3\n" * MEGABYTE, "too_many_rows"),
    "rows without header": (lambda: b"1;2;3\n" * MEGABYTE, "too_many_rows"),
    "wide": (lambda: b"Dnr;Datum;Kommun\n" + b";" * 300 + b"x\n", "too_many_columns"),
    "full": (lambda: b"Dnr;Datum;Kommun\n" + (b"ab;" * 190 + b"\n") * 5_000, "too_large"),
    "mostly NUL": (lambda: b"Dnr;Datum;Kommun\n" + b"\0" * 5_000, "not_a_spreadsheet"),
}


@pytest.mark.parametrize("name", [*ARCHIVES, *SHEETS, *TEXTS])
def test_hostile_files_get_their_code_quickly(tmp_path: Path, name: str) -> None:
    build, expected = (ARCHIVES | SHEETS | TEXTS)[name]
    data = build()
    started = time.process_time()
    assert code(tmp_path, data) == expected
    assert time.process_time() - started < 10


@pytest.mark.parametrize("name", ["zeros in a picture", "million rows", "empty rows", "giant cell"])
def test_hostile_files_take_little_memory(tmp_path: Path, name: str) -> None:
    data = (ARCHIVES | SHEETS)[name][0]()
    tracemalloc.start()
    try:
        code(tmp_path, data)
        assert tracemalloc.get_traced_memory()[1] < 100 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_lying_dimension_and_a_million_row_gap_are_harmless(tmp_path: Path) -> None:
    rows = sheet_xml(HEAD + row_xml(1_048_576, ROW), before='<dimension ref="A1:XFD1048576"/>')
    got = read(put(tmp_path / "a.xlsx", archive(parts(rows))))
    assert [row.row for row in got.rows] == [1_048_576]
    small = sheet_xml(GOOD, before='<dimension ref="A1"/>')
    assert len(read(put(tmp_path / "b.xlsx", archive(parts(small)))).rows) == 1


def test_formatted_but_empty_cells_are_no_columns(tmp_path: Path) -> None:
    rows = HEAD + row_xml(2, ROW).replace("</row>", '<c r="XFD2" s="0"/></row>') + '<row r="3" ht="15"/>'
    assert len(read(put(tmp_path / "a.xlsx", book(rows))).rows) == 1


def test_nul_and_control_characters_are_cleaned_away(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [HEADER, [*ROW[:4], "Mö\0tet\x07 in"], [*ROW[:4], "19850709\0-9805"]])
    got = read(path)
    assert got.rows[0].what_happened == "Mötet in"
    assert [(no.row, no.reason.value) for no in got.rejections] == [(3, "personal_identity_number")]


def test_the_name_of_the_file_says_nothing(tmp_path: Path) -> None:
    right = workbook(tmp_path / "a.csv", [HEADER, ROW])
    assert len(read(right).rows) == 1
    assert len(read(csv_file(tmp_path / "a.xlsx", [HEADER, ROW])).rows) == 1


def test_the_callers_own_errors_are_not_swallowed(tmp_path: Path) -> None:
    from_caller = RuntimeError("scanner")

    def broken(_: str) -> bool:
        raise from_caller

    with pytest.raises(RuntimeError):
        read_sheet(csv_file(tmp_path / "a.csv", [HEADER, ROW]), today=TODAY, contains_stop=broken)


def test_too_many_rows_are_seen_before_the_library_reads_any() -> None:
    rows = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 21_000))
    with pytest.raises(UnreadableFile) as stopped:
        inspect(book(rows), DEFAULT_LIMITS)
    assert stopped.value.code == "too_many_rows"
    inspect(book(rows), replace(DEFAULT_LIMITS, rows=21_000))
