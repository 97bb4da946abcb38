"""Clean texts, the forms shown to the scanner, and what makes two rows the same report."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheet_files import HEADER, ROW, csv_file, read

from lexheller.intake.spreadsheet.duplicates import fingerprint, normal_diary_number
from lexheller.intake.spreadsheet.rows import SheetRow
from lexheller.intake.spreadsheet.values import clean_line, clean_text, readings, value_or_none


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a\u00a0 b\t c ", "a b c"),
        ("rad 1 \r\n  rad 2\rrad 3\u2028rad 4", "rad 1\nrad 2\nrad 3\nrad 4"),
        ("a\x00b\x07c\u200bd\u00ade\ufefff\ud800g", "abcdefg"),
        ("a\u030a", "å"),
        ("A\u200b\u030a", "Å"),
        ("<b>fet</b> =1+1", "<b>fet</b> =1+1"),
        ("\u202e", ""),
    ],
)
def test_free_text_is_cleaned_and_keeps_its_lines(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean
    assert clean_line(raw) == " ".join(clean.split())


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\x00" not in once and once == once.strip()
    once.encode("utf-8")


def test_cells_that_say_nothing() -> None:
    assert [value_or_none(text) for text in ("", "-", "–", "#N/A", "#saknas!")] == [None] * 5
    assert value_or_none("0") == "0"


def test_the_scanner_sees_through_disguises() -> None:
    assert "19850709-9805" in readings("19850709\u200b-\x009805")
    assert "19850709-9805" in readings("１９８５０７０９-９８０５")
    assert "0107099805" in readings("107099805")
    assert "0001019805" in readings("1019805")
    assert readings("20240117") == ["20240117", "0020240117"]
    assert readings("") == []


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2024:11/ 1", "2024:11 / 1"),
        ("2024:11 / 1", "2024:11 / 1"),
        ("2024:11/1", "2024:11 / 1"),
        (" 2022 : 09 /  12 ", "2022:09 / 12"),
        ("Dnr 2024:11 / 1", "2024:11 / 1"),
        ("dnr: 2024:11 /1", "2024:11 / 1"),
        ("LH-2024-3", "LH-2024-3"),
        ("SVB 2024/12", "SVB 2024 / 12"),
        ("17", "17"),
        ("", ""),
    ],
)
def test_diary_numbers_have_one_form(text: str, normal: str) -> None:
    assert normal_diary_number(text) == normal
    assert normal_diary_number(normal) == normal


def a_row(tmp_path_factory: pytest.TempPathFactory) -> SheetRow:
    return read(csv_file(tmp_path_factory.mktemp("row") / "a.csv", [HEADER, ROW])).rows[0]


def test_fingerprint_is_blind_to_case_and_spaces_and_to_nothing_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    row = a_row(tmp_path_factory)
    same = replace(row, row=9, diary_number=None, what_happened=" mötet  STÄLLDES\nin.", theme="Annat")
    assert fingerprint(same) == fingerprint(row) and len(fingerprint(row)) == 64
    others = [
        replace(row, received_on=date(2024, 1, 18)),
        replace(row, concerned_organisation="Habo kommun"),
        replace(row, concerned_organisation=None, reporting_organisation=row.concerned_organisation),
        replace(row, what_happened="Mötet ställdes in"),
    ]
    assert len({fingerprint(other) for other in (row, *others)}) == 5
