"""From the words in a header to the fields of a row."""

import pytest
from spreadsheet_files import IDENTITY, stops

from lexheller.intake.spreadsheet.columns import Header, key, letter, read_header
from lexheller.intake.spreadsheet.header_words import CANONICAL, SYNONYMS


def header(*cells: str) -> Header:
    found = read_header(cells, stops)
    assert found is not None
    return found


def fields(*cells: str) -> dict[str, int]:
    return header(*cells).fields


def test_the_template_is_understood_word_for_word() -> None:
    assert fields(*CANONICAL.values()) == {field: place for place, field in enumerate(CANONICAL)}


@pytest.mark.parametrize(("field", "word"), [(field, word) for field in SYNONYMS for word in SYNONYMS[field]])
def test_every_synonym_names_its_field(field: str, word: str) -> None:
    company = [name for other, name in CANONICAL.items() if other != field and other != "received_on"]
    assert fields(word.upper(), *company)[field] == 0


@pytest.mark.parametrize(
    "word",
    [
        "Åtgärds-\ndatum", "ÅTGÄRDSDATUM:", "Åtgärdsdatum *", " 17. Åtgärdsdatum (åååå-mm-dd) ",
        "A\u030atga\u0308rdsdatum", "Åtgärds\u00a0datum", "Atgardsdatum",
    ],
)  # fmt: skip
def test_punctuation_case_breaks_and_accents_do_not_matter(word: str) -> None:
    assert key(word) == "atgardsdatum"


def test_guidance_after_the_header_is_passed_over() -> None:
    found = fields(
        "Datum", "Vad hände? Skriv inga namn.", "Konsekvens för personen i allmänna ordalag", "Svar:\n(chef)"
    )
    assert found == {"received_on": 0, "what_happened": 1, "consequence": 2, "answer": 3}


def test_bare_words_get_their_meaning_from_the_left() -> None:
    found = fields(
        "Datum", "Organisation", "Enhet", "Organisation2", "Enhet2", "Händelse", "Svar", "Datum2", "Åtgärd", "Datum3"
    )
    assert found == {
        "received_on": 0, "reporting_organisation": 1, "reporting_unit": 2, "concerned_organisation": 3,
        "concerned_unit": 4, "what_happened": 5, "answer": 6, "answered_on": 7, "action": 8, "action_on": 9,
    }  # fmt: skip


def test_the_day_it_came_in_goes_before_the_day_it_happened() -> None:
    assert fields("Händelsedatum", "Inkom", "Händelse", "Kommun")["received_on"] == 1
    assert fields("Händelsedatum", "Händelse", "Kommun", "Status")["received_on"] == 0


def test_the_first_of_two_equal_columns_is_read_and_the_other_told() -> None:
    found = header("Datum", "Händelse", "Kommun", "Kommun", "Kommentar", "")
    assert found.fields["municipality"] == 2
    assert found.ignored() == ["Kommun", "Kommentar"]


def test_running_numbers_are_no_diary_numbers() -> None:
    assert "diary_number" not in fields("Nr", "Löpnr", "Datum", "Händelse")


@pytest.mark.parametrize(
    "cells", [[], [""], ["Lex Heller 2024"], ["Kommun", "Datum"], ["2024-01-17", "Habo", "Rutiner"], ["x" * 5000] * 200]
)  # fmt: skip
def test_other_lines_are_no_headers(cells: list[str]) -> None:
    assert read_header(cells, stops) is None


def test_a_header_with_an_identity_number_is_never_repeated() -> None:
    found = header("Datum", "Händelse", f"Vem {IDENTITY}", f"Förslag till förbättring {IDENTITY}")
    assert found.labels == ["Datum", "Händelse", "C", "Förslag till förbättring"]
    assert found.fields["proposal"] == 3


def test_labels_and_letters() -> None:
    found = header("Dnr", "Datum", "Vad\n hände?\x07", "")
    assert [found.label(column) for column in range(5)] == ["Dnr", "Datum", "Vad hände?", "D", "E"]
    assert found.label_of("theme") == "Kategori"
    assert [letter(column) for column in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_words_with_text_after_them_make_a_header_only_where_there_is_none_above() -> None:
    cells = ["Svar: ja", "Förslag: nej", "Konsekvens: ja", "Beskrivning: nej"]
    assert read_header(cells, stops) is not None
    assert read_header(cells, stops, below_another=True) is None
