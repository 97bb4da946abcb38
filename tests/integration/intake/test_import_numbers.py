"""P24, P25: words in the column of diary numbers become no number, which everybody may read and nobody can change."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.intake.spreadsheet.own_numbers import has_number_shape
from lexheller.records import masking_queries as queries
from lexheller.records.masking import mask
from lexheller.records.masking_places import Kind
from lexheller.records.masking_subjects import subject_for
from tests.cast.people import HOME
from tests.integration.intake.sheets import import_file, row, workbook
from tests.integration.records.masked import SEAL, columns_with

WHO = "Gunborg Hallonqvist 0701234567"
NUMBERS = ("2021:12 / 4", "2021 / 12", "HSN 2021 / 0045", "SF-2024-0012", "Eget 7", "12 b", "AF 2020-03 / 4 bil")
WORDS = (WHO, "Gunborg", "0701234567", "anna.berg@fk.example", "Storgatan 4", "Handläggaren 4", "se mejl", "a b c 4")


@pytest.mark.parametrize("given", NUMBERS)
def test_a_number_has_the_shape_of_one(given):
    assert has_number_shape(given)


@pytest.mark.parametrize("given", ["Gunborg", "Handläggaren 4", "a b c 4", "1" * 17, "7" + "-1" * 20, "4 (Bo)", ""])
def test_words_have_not(given):
    assert not has_number_shape(given)


@pytest.fixture
def imported(cast, tmp_path):
    rows = [row(**{"Dnr": given, "Vad hände": f"Rad {place}."}) for place, given in enumerate((*NUMBERS, *WORDS))]
    path = workbook(tmp_path / "blad.xlsx", rows)
    with transaction():
        result = import_file(path, cast.federation())
    return path, result


def by_text() -> dict[str, Case]:
    return {case.report.what_happened: case for case in db.session.scalars(select(Case))}


def test_p24_what_is_no_number_or_may_name_somebody_is_given_a_new_one_and_told(cast, imported):
    path, result = imported
    found = by_text()
    for place, given in enumerate((*NUMBERS, *WORDS)):
        case = found[f"Rad {place}."]
        if given in NUMBERS:
            assert (case.number, case.report.as_given) == (given, {})
        else:
            assert case.number.startswith("2024:")
            assert case.report.as_given == {"diary_number": given}
            assert "number_in_doubt" in case.doubts
    told = [(line["row"] - 3, line["column"], line["reason"]) for line in result.in_doubt]
    first = len(NUMBERS)
    assert told == [(place, "Dnr", "number_in_doubt") for place in range(first, first + len(WORDS))]
    assert len({case.number for case in found.values()}) == len(found)
    assert columns_with("Gunborg") == {"report.as_given", "case_term.term"}
    with transaction():
        again = import_file(path, cast.federation())
    assert (again.accepted, again.in_doubt, len(again.duplicates)) == (0, [], len(found)), "the same file again"
    assert broken_promises() == []


def test_p25_the_words_stand_in_no_event_and_can_be_masked(cast, imported):
    case = next(one for one in by_text().values() if one.report.as_given.get("diary_number") == WHO)
    assert not any("Gunborg" in str(event.data) for event in db.session.scalars(select(Event)))
    subject = subject_for(cast.coordinator, case.federation_id, Kind.CASE, case.id)
    text = queries.text_for(cast.coordinator, subject, "report.as_given", case.report_id, "diary_number")
    with transaction():
        mask(cast.coordinator, subject, text, [(0, len(WHO))], SEAL, seen=text.mark)
    assert columns_with("Hallonqvist") == {"sealed_original.text"}


def test_p24_the_open_register_shows_no_name_from_a_spreadsheet(stage, new_visitor, tmp_path):
    path = workbook(tmp_path / "blad.xlsx", [row(Dnr=WHO)])
    stage.ask(lambda cast: import_file(path, cast.federation()).rows)
    page = new_visitor().get(f"/publikt/{HOME}/diarium?ar=2024")
    assert page.status_code == 200
    assert "Anmälan från ett äldre register" in page.text
    for part in ("Gunborg", "0701234567"):
        assert part not in page.text
