"""Spreadsheets as federations keep them, the clean and the messy."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from spreadsheet_files import HEADER, IDENTITY, ROW, csv_file, read, workbook

from lexheller.intake.spreadsheet.limits import DEFAULT_LIMITS, UnreadableFile
from lexheller.intake.spreadsheet.rows import Reason, Rejection

DATA = Path(__file__).parents[2] / "data"


def with_cell(column: int, value: object) -> list[object]:
    return [*ROW[:column], value, *ROW[column + 1 :]]


def verdict(path: Path, column: int, value: object) -> tuple[str, str] | None:
    """Column and reason by which a workbook's only row was rejected."""
    sheet = read(workbook(path / "one.xlsx", [HEADER, with_cell(column, value)]))
    assert sheet.data_rows == 1 and len(sheet.rows) + len(sheet.rejections) == 1
    return (sheet.rejections[0].column, sheet.rejections[0].reason.value) if sheet.rejections else None


def test_the_clean_files_are_read_whole_and_alike() -> None:
    book = read(DATA / "sodra-vatterbygden-2024.xlsx")
    text = read(DATA / "sodra-vatterbygden-2024.csv")
    assert len(book.rows) == book.data_rows == 17 and not book.rejections
    assert not book.missing_columns and not book.ignored_columns
    assert text == book
    assert [row.row for row in book.rows] == list(range(2, 19))
    assert book.rows[3].reporting_organisation == "Enter"
    assert len(read(DATA / "sodra-vatterbygden-2022-2023.xlsx").rows) == 20
    assert read(DATA / "sodra-vatterbygden-2022-2023.xlsx").rows[0].diary_number == "2022:09 / 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_encoding_and_separator_gives_the_same(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [HEADER, *[[f"2024:11 / {n}", *ROW[1:4], "Åäö ÅÄÖ blev fel"] for n in range(1, 9)]]
    sheet = read(csv_file(tmp_path / "a.csv", rows, separator, encoding))
    assert [row.what_happened for row in sheet.rows] == ["Åäö ÅÄÖ blev fel"] * 8
    assert sheet.rows[0].concerned_organisation == "Försäkringskassan"


def test_quoted_cells_with_breaks_are_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'sep=;\r\nDnr;Datum;"Vad\r\nhände"\r\n1;2024-01-17;"rad ""1""\r\nrad; 2"\r\n\r\n'
        "2;2024-01-18;x;extra;\r\n3;2024-01-19\r\n",
        newline="",
    )
    sheet = read(path)
    assert [(row.row, row.what_happened) for row in sheet.rows] == [(3, 'rad "1"\nrad; 2'), (5, "x")]
    assert sheet.rejections == [Rejection(6, "Vad hände", Reason.MISSING_TEXT)]


def test_a_messy_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "LEX HELLER – sammanställning"
    sheet.merge_cells("A1:F1")
    sheet["A2"], sheet["B2"] = "Uppdaterad:", datetime(2025, 1, 2)
    header = [
        " KOMMUN ",
        "Inkom\ndatum:",
        "Diarie nr",
        "Gäller*",
        "Vad hände?\nInga namn",
        "Kommentar",
        "Svars-datum",
        "läge",
    ]
    for column, name in enumerate(header, start=1):
        sheet.cell(4, column, name)
    rows = [
        ["habo\u00a0", datetime(2024, 1, 17), 11, "  FÖRSÄKRINGSKASSAN", "Första\n raden ", None, None, "avslutad "],
        [],
        ["Habo", "17/1 2024", 5.0, "Fk", "Andra", "ok", "2024-02-01", "-"],
        ["Habo", 45308, "2024:11/ 3", "Fk", "Tredje", 17, 20240201, True],
        header,
        ["Habo", "17 januari 2024", None, "#N/A", "Fjärde", None, datetime(2024, 2, 1, 13, 30), datetime(2024, 2, 1)],
        ["Summa", None, None, None, "=SUM(E5:E9)", 4],
        ["Totalt: 4", None],
        ["-", "–", " ", None, "\u200b"],
        [None] * 8,
    ]
    for number, row in enumerate(rows, start=5):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    sheet.row_dimensions[7].hidden = True
    book.save(tmp_path / "a.xlsx")
    got = read(tmp_path / "a.xlsx")
    assert not got.rejections and got.data_rows == 4
    assert [row.row for row in got.rows] == [5, 7, 8, 10]
    assert {row.received_on for row in got.rows} == {date(2024, 1, 17)}
    assert [row.diary_number for row in got.rows] == ["11", "5", "2024:11 / 3", None]
    assert [row.answered_on for row in got.rows] == [None, *[date(2024, 2, 1)] * 3]
    assert [row.status for row in got.rows] == ["avslutad", None, "SANT", "2024-02-01"]
    assert [row.municipality for row in got.rows] == ["habo", "Habo", "Habo", "Habo"]
    assert got.rows[0].what_happened == "Första\nraden" and got.rows[3].concerned_organisation is None
    assert got.ignored_columns == ["Kommentar"]
    assert "Kategori" in got.missing_columns and "Datum" not in got.missing_columns


def test_every_visible_sheet_with_a_header_is_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["Instruktion"], ["Fyll i"]],
        [HEADER, ROW],
        [["2023"], HEADER[::-1], ROW[::-1]],
        [HEADER, ROW],
    )
    book = load_workbook(path)
    book.worksheets[3].sheet_state = "hidden"
    book.save(path)
    assert [row.row for row in read(path).rows] == [2, 3]
    assert read(path).rows[0].diary_number == read(path).rows[1].diary_number


def test_a_line_that_groups_columns_is_no_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Anmälare", None, "Svar", "Åtgärd", None], HEADER, ROW])
    got = read(path)
    assert len(got.rows) == 1 and "Svar från ansvarig chef" in got.missing_columns


def test_a_second_table_below_has_its_own_columns(tmp_path: Path) -> None:
    got = read(workbook(tmp_path / "a.xlsx", [HEADER, ROW, [], HEADER[::-1], ROW[::-1]]))
    assert replace(got.rows[0], row=5) == got.rows[1]


@pytest.mark.parametrize(
    "value",
    [IDENTITY, "850709-9805", 198507099805, 8507099805, 8507099805.0, 107099805, "=850709&9805", "19850709\u200b-9805",
     f"text före {IDENTITY} text efter", "１９８５０７０９-９８０５", "_x0031_9850709-9805"],
)  # fmt: skip
@pytest.mark.parametrize("column", [0, 1, 2, 3, 4, 5, 7])
def test_p23_an_identity_number_in_any_cell_stops_the_row(tmp_path: Path, column: int, value: object) -> None:
    if value == "=850709&9805":
        value = f'="{IDENTITY}"'
    row = [*ROW, None, None, None]
    row[column] = value
    got = read(workbook(tmp_path / "a.xlsx", [[*HEADER, "Kommentar"], ROW, row]))
    name = [*HEADER, "Kommentar", "G", "H"][column]
    assert got.rejections == [Rejection(3, name, Reason.PERSONAL_IDENTITY_NUMBER)]
    assert [kept.row for kept in got.rows] == [2]
    assert "9805" not in repr(got)


@pytest.mark.parametrize("value", [198507099805, 8507099805, 107099805, 1019805])
def test_p23_an_identity_number_behind_a_date_format_is_seen_and_not_warned_about(
    tmp_path: Path, value: int, recwarn: pytest.WarningsRecorder, capfd: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    book = load_workbook(path)
    book.active["G2"] = value
    book.active["G2"].number_format = "yyyy-mm-dd"
    book.save(path)
    assert read(path).rejections == [Rejection(2, "G", Reason.PERSONAL_IDENTITY_NUMBER)]
    assert not [warning for warning in recwarn if "9805" in str(warning.message)]
    assert "9805" not in "".join(capfd.readouterr())


def test_p23_titles_headers_and_sheet_names_are_never_repeated(tmp_path: Path) -> None:
    path = tmp_path / f"{IDENTITY}.xlsx"
    book = Workbook()
    book.active.title = f"Blad {IDENTITY}"
    for row in ([f"Rubrik {IDENTITY}"], [*HEADER, f"Namn {IDENTITY}"], [*ROW, "x"], [*ROW, IDENTITY]):
        book.active.append(row)
    book.save(path)
    got = read(path)
    assert got.rejections == [Rejection(4, "F", Reason.PERSONAL_IDENTITY_NUMBER)]
    assert got.ignored_columns == ["F"] and "9805" not in repr(got)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2024-02-30", "invalid_date"), ("igår", "invalid_date"), ("=DATE(2024,1,17)", "invalid_date"),
        ("1985-07-09", "invalid_date"), ("#N/A", "invalid_date"), ("2099-01-01", "invalid_date"), (3.5, "invalid_date"),
        (None, "missing_date"), ("  ", "missing_date"), ("-", "missing_date"),
        ("2025-01-16", "future_date"), (datetime(2026, 3, 1), "future_date"),
    ],
)  # fmt: skip
def test_a_row_without_a_day_is_rejected(tmp_path: Path, value: object, reason: str) -> None:
    assert verdict(tmp_path, 1, value) == ("Datum", reason)


def test_today_is_not_the_future(tmp_path: Path) -> None:
    assert verdict(tmp_path, 1, "2025-01-15") is None


def test_other_days_reject_too_but_an_action_may_be_planned(tmp_path: Path) -> None:
    header = [*HEADER, "Svarsdatum", "Åtgärdsdatum"]
    rows = [[*ROW, "2024-02-30", ""], [*ROW, "", "snart"], [*ROW, "2025-06-01", ""], [*ROW, "-", "2025-06-01"]]
    got = read(csv_file(tmp_path / "a.csv", [header, *rows]))
    assert [(no.row, no.column, no.reason.value) for no in got.rejections] == [
        (2, "Svarsdatum", "invalid_date"),
        (3, "Åtgärdsdatum", "invalid_date"),
        (4, "Svarsdatum", "future_date"),
    ]
    assert got.rows[0].action_on == date(2025, 6, 1) and not got.rows[0].dates_out_of_order
    assert replace(got.rows[0], answered_on=date(2024, 1, 16)).dates_out_of_order


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (4, None, ("Vad hände", "missing_text")),
        (4, "#REF!", ("Vad hände", "missing_text")),
        (4, "x" * 10_001, ("Vad hände", "too_long")),
        (4, "x" * 10_000, None),
        (3, "x" * 201, ("Berörd organisation", "too_long")),
        (3, "x" * 200, None),
        (0, "x" * 201, ("Dnr", "too_long")),
        (6, "x" * 20_001, ("G", "too_long")),
    ],
)
def test_texts_missing_or_too_long(tmp_path: Path, column: int, value: object, expected: object) -> None:
    row: list[object] = [*ROW, None, None]
    row[column] = value
    got = read(workbook(tmp_path / "a.xlsx", [HEADER, row]))
    assert [(no.column, no.reason.value) for no in got.rejections] == ([expected] if expected else [])


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"])
def test_formulas_and_html_are_literal_text(tmp_path: Path, formula: str) -> None:
    got = read(workbook(tmp_path / "a.xlsx", [HEADER, with_cell(4, formula), with_cell(4, "<script>x</script>")]))
    assert [row.what_happened for row in got.rows] == [formula, "<script>x</script>"]


def test_array_and_text_formulas_are_literal_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    book = load_workbook(path)
    book.active["E2"] = ArrayFormula("E2:E2", "=A1&B1")
    book.save(path)
    assert read(path).rows[0].what_happened == "=A1&B1"


def test_a_missing_date_column_rejects_rows_and_says_so(tmp_path: Path) -> None:
    got = read(workbook(tmp_path / "a.xlsx", [["Kommun", "Status", "Händelse"], ["Habo", "Avslutad", "Något"]]))
    assert got.rejections == [Rejection(2, "Datum", Reason.MISSING_DATE)]
    assert "Datum" in got.missing_columns


def test_dates_by_the_old_macintosh_calendar(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append(HEADER)
    book.active.append(with_cell(1, datetime(2024, 1, 17)))
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").rows[0].received_on == date(2024, 1, 17)


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    got = read(workbook(tmp_path / "a.xlsx", [HEADER]))
    assert got.data_rows == 0 and not got.rows and "Status" in got.missing_columns


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rows_up_to_the_limit_and_not_one_more(tmp_path: Path, kind: str) -> None:
    limits = replace(DEFAULT_LIMITS, rows=3)
    make = workbook if kind == "xlsx" else csv_file
    assert len(read(make(tmp_path / f"a.{kind}", [HEADER, *[ROW] * 3]), limits).rows) == 3
    with pytest.raises(UnreadableFile) as stopped:
        read(make(tmp_path / f"b.{kind}", [HEADER, *[ROW] * 4]), limits)
    assert stopped.value.code == "too_many_rows"


def test_only_a_line_without_a_report_is_a_sum(tmp_path: Path) -> None:
    lines = [["Totalt"], ["Summa 2024", "", "", "", "17"], ["Totalt", "2024-01-17", "Habo", "FK", "stopp"]]
    got = read(csv_file(tmp_path / "a.csv", [HEADER, *lines, ["Antal", "", "", "", "personer väntade"]]))
    assert [row.row for row in got.rows] == [4]
    assert got.rejections == [Rejection(5, "Datum", Reason.MISSING_DATE)]
