"""Whatever the bytes and whatever the cells: one kind of error, and nothing kept from a rejected row."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spreadsheet_files import HEADER, IDENTITY, ROW, archive, parts, put, read, row_xml, sheet_xml, stops, workbook

from lexheller.intake.spreadsheet.limits import UnreadableFile

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GOOD = archive(parts(sheet_xml(row_xml(1, HEADER) + row_xml(2, ROW))))
DATES = st.sampled_from(["2024-01-17", "17/1 2024", "240117", "45308", "2024-02-30", "", "igår", "2099-01-01"])
SHEET_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


def survives(path: Path) -> None:
    try:
        sheet = read(path)
    except UnreadableFile as stopped:
        assert stopped.__context__ is None
    else:
        assert sheet.data_rows == len(sheet.rows) + len(sheet.rejections)


@RELAXED
@given(
    st.binary(max_size=2_000),
    st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"Dnr;Datum;Kommun\n"]),
)
def test_any_bytes(tmp_path: Path, data: bytes, start: bytes) -> None:
    survives(put(tmp_path / "a", start + data))


@RELAXED
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_any_damage_to_a_workbook(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, byte in damage:
        data[place] = byte
    survives(put(tmp_path / "a.xlsx", bytes(data)))


@RELAXED
@given(st.text("<>/=\"' abcrstvinlf0123456789&;![]-", max_size=200))
def test_any_xml_inside_a_workbook(tmp_path: Path, inner: str) -> None:
    survives(put(tmp_path / "a.xlsx", archive(parts(sheet_xml(row_xml(1, HEADER) + inner)))))


@RELAXED
@given(st.lists(st.lists(st.text(max_size=30), max_size=8), max_size=8))
def test_any_csv_text(tmp_path: Path, rows: list[list[str]]) -> None:
    text = "\n".join(";".join(row) for row in [HEADER, *rows])
    survives(put(tmp_path / "a.csv", text.encode("utf-8", "surrogatepass")))


@RELAXED
@given(st.lists(st.tuples(DATES, SHEET_TEXT, SHEET_TEXT, st.booleans()), min_size=1, max_size=8))
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_row_is_kept_or_rejected_once_and_a_stopped_one_leaves_no_trace(
    tmp_path: Path, kind: str, rows: list[tuple[str, str, str, bool]]
) -> None:
    lines = [
        [f"2024:11 / {number}", day, place, "FK", f"{text} {IDENTITY}" if stopped else f"x {text}"]
        for number, (day, place, text, stopped) in enumerate(rows)
    ]
    if kind == "xlsx":
        path = workbook(tmp_path / "a.xlsx", [HEADER, *lines])
    else:
        quoted = "\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in [HEADER, *lines])
        path = put(tmp_path / "a.csv", quoted.encode("utf-8"))
    got = read(path)
    assert got.data_rows == len(rows)
    kept, rejected = {row.row for row in got.rows}, {no.row for no in got.rejections}
    assert not kept & rejected and kept | rejected == set(range(2, len(rows) + 2))
    for number, (_, place, _, stopped) in enumerate(rows, start=2):
        assert number in rejected or not (stopped or stops(place))
    assert IDENTITY not in repr(got)
