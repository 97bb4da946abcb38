"""Messy spreadsheets: nothing is lost, nothing is stored by half, and what is refused is never repeated."""

import datetime
import json
from dataclasses import asdict

import pytest
from sheets import import_file, row, workbook

from lexheller.action_reports.compiling import compiled
from lexheller.actions.models import Action
from lexheller.cases.models import Case, Report
from lexheller.cases.queries import case_for
from lexheller.cases.states import CaseStatus
from lexheller.casework import describing
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.desk.queries import queue
from lexheller.desk.rules import Only, QueueFilter
from tests.cast.traces import counts, everything

NUMBER = "19811228-9874"


@pytest.fixture
def bring_in(cast, tmp_path):
    def bring(*rows, before=()):
        path = workbook(tmp_path / "blad.xlsx", rows, before)
        with transaction():
            result = import_file(path, cast.federation())
        assert result.rows == result.accepted + len(result.rejected) + len(result.duplicates) + len(result.in_doubt)
        assert broken_promises() == []
        return result

    return bring


def cases() -> list[Case]:
    return list(db.session.scalars(db.select(Case).order_by(Case.id)))


def test_title_rows_blanks_mixed_dates_spaces_capitals_and_missing_columns(bring_in):
    result = bring_in(
        {" DATUM ": datetime.date(2024, 3, 4), "vad  hände": "Ett.", "Berörd Organisation": " ARBETSFÖRMEDLINGEN "},
        {" DATUM ": "2024-03-05", "vad  hände": "Två.", "Berörd Organisation": "af"},
        {
            " DATUM ": datetime.datetime(2024, 3, 6, 10, 30),
            "vad  hände": "Tre.",
            "Berörd Organisation": "Försäkringskassan",
        },
        {" DATUM ": None, "vad  hände": None, "Berörd Organisation": None},
        {" DATUM ": "7 mars 2024", "vad  hände": "Fyra.", "Berörd Organisation": None},
        before=[["Lex Heller"], [], ["Sammanställning", None, "våren"]],
    )
    assert (result.rows, result.accepted, result.rejected, result.in_doubt) == (4, 4, [], [])
    assert [case.received_on.day for case in cases()] == [4, 5, 6, 7]
    names = [case.concerned_organisation.name if case.concerned_organisation else None for case in cases()]
    assert names == ["Arbetsförmedlingen", "Arbetsförmedlingen", "Försäkringskassan", None]


def test_what_no_list_knows_is_stored_counted_unknown_shown_and_settled(bring_in, cast):
    result = bring_in(
        row(**{"Berörd organisation": "Kronofogden"}),
        row(**{"Kategori": "Trafik", "Vad hände": "Två."}),
        row(**{"Kommun": "Kiruna", "Vad hände": "Tre."}),
        row(**{"Anmälande organisation": "Enter", "Vad hände": "Fyra."}),
    )
    assert result.accepted == 1
    assert [(line["column"], line["reason"]) for line in result.in_doubt] == [
        ("Berörd organisation", "unknown_organisation"),
        ("Kategori", "unknown_category"),
        ("Kommun", "unknown_municipality"),
    ]
    federation = cast.federation()
    report = compiled(federation, 2024)
    assert report["received"] == 4
    for name in ("by_organisation", "by_theme", "by_municipality"):
        assert {line["key"]: line["count"] for line in report[name]}["unknown"] == 1
        assert report[name][-1]["key"] == "unknown"
    shown = queue(cast.coordinator, federation.id, QueueFilter(only=Only.IN_DOUBT), None).rows
    assert len(shown) == 3
    assert "Kronofogden" in {word for found in shown for word in found.case.report.as_given.values()}
    with transaction():
        case = case_for(cast.coordinator, federation.id, shown[-1].case.id)
        describing.classify(
            cast.coordinator, case, theme=case.theme, municipality=case.municipality,
            organisation=cast.organisation("Försäkringskassan"), seen=case.version,
        )  # fmt: skip
    assert len(queue(cast.coordinator, federation.id, QueueFilter(only=Only.IN_DOUBT), None).rows) == 2
    assert broken_promises() == []


def test_p23_a_rejected_row_stores_nothing_and_is_repeated_nowhere(bring_in, app, printed):
    before = counts(app)
    secret = f"Hemligheten om {NUMBER} i rutan."
    result = bring_in(
        *(row(**{column: secret}) for column in ("Vad hände", "Svar från ansvarig chef", "Åtgärd", "Kategori", "Dnr")),
        row(**{"Egen kolumn": secret}),
        row(**{"Vad hände": NUMBER.replace("-", "")}),
        row(Datum="Hemligheten 32 mars"),
        row(Datum=None),
        row(Datum=clock.today() + datetime.timedelta(days=3)),
        row(**{"Vad hände": None}),
    )
    assert result.accepted == 0
    assert [line["reason"] for line in result.rejected] == [
        *["personal_identity_number"] * 7, "invalid_date", "missing_date", "future_date", "missing_text",
    ]  # fmt: skip
    assert all({"row", "column", "reason"} <= set(line) for line in result.rejected)
    assert counts(app) == before
    said = json.dumps(asdict(result), ensure_ascii=False) + printed() + everything(app)
    for secret_part in ("Hemligheten", NUMBER, NUMBER.replace("-", "")):
        assert secret_part not in said


def test_duplicates_within_one_file_with_and_without_numbers(bring_in):
    result = bring_in(
        row(),
        row(**{"Vad hände": " två INTYG  begärdes. "}),
        row(Datum="2024-03-05"),
        row(**{"Berörd organisation": "Försäkringskassan"}),
        row(**{"Dnr": "2024:11 / 7", "Vad hände": "Med nummer."}),
        row(**{"Dnr": "Dnr 2024:11/7", "Vad hände": "Samma nummer."}),
    )
    assert result.accepted == 4
    assert [(line["row"] - 2, line["column"], line["reason"]) for line in result.duplicates] == [
        (2, "Vad hände", "duplicate"),
        (6, "Dnr", "number_taken_by_other_text"),
    ]


def test_a_row_without_a_number_never_takes_another_rows(bring_in):
    result = bring_in(
        row(**{"Vad hände": "Utan nummer."}),
        row(**{"Dnr": "2024:11 / 1", "Vad hände": "Den som har nummer ett."}),
        row(**{"Dnr": "2024:11 / 2", "Vad hände": "Den som har nummer två."}),
    )
    assert (result.accepted, result.duplicates) == (3, [])
    numbers = {case.report.what_happened: case.number for case in cases()}
    assert numbers == {
        "Utan nummer.": "2024:11 / 3",
        "Den som har nummer ett.": "2024:11 / 1",
        "Den som har nummer två.": "2024:11 / 2",
    }


def test_numbers_given_here_go_on_after_imported_ones_of_the_same_series(bring_in, cast):
    bring_in(row(Dnr="2026:11 / 41", Datum="2026-01-07"), row(**{"Dnr": "Eget 7", "Vad hände": "Eget nummer."}))
    with clock.at(datetime.datetime(2026, 5, 4, 8, tzinfo=datetime.UTC)):
        assert cast.report().number == "2026:11 / 42"


def test_a_formula_is_its_literal_text(bring_in):
    bring_in(row(**{"Vad hände": '=HYPERLINK("http://elak.example";"klicka")'}))
    assert db.session.scalars(db.select(Report.what_happened)).one() == '=HYPERLINK("http://elak.example";"klicka")'


def test_status_words_and_their_days(bring_in):
    ahead = clock.today() + datetime.timedelta(days=400)
    bring_in(
        row(
            **{
                "Vad hände": "Ett.",
                "Status": "AVSLUTAD ",
                "Svarsdatum": "2024-04-01",
                "Svar från ansvarig chef": "Klart.",
            }
        ),
        row(
            **{"Vad hände": "Två.", "Status": "Besvarad", "Svarsdatum": "2024-04-02", "Svar från ansvarig chef": "Ja."}
        ),
        row(**{"Vad hände": "Tre.", "Status": "Pågår"}),
        row(**{"Vad hände": "Fyra.", "Status": "Avslutad", "Åtgärd": "Planerad utbildning", "Åtgärdsdatum": ahead}),
        row(**{"Vad hände": "Fem.", "Status": "Bordlagd"}),
    )
    found = cases()
    assert [case.status for case in found] == [
        CaseStatus.CLOSED, CaseStatus.ANSWERED, CaseStatus.UNROUTED, CaseStatus.CLOSED, CaseStatus.UNROUTED,
    ]  # fmt: skip
    assert found[0].closed_on == found[0].answered_on == datetime.date(2024, 4, 1)
    assert found[3].closed_on == clock.today(), "no case is closed on a day that has not come"
    assert found[4].doubts == ["unknown_status"]
    assert db.session.scalars(db.select(Action.status)).one() == "planned"


def test_an_action_without_a_day_is_kept_and_asked_about(bring_in, cast):
    result = bring_in(row(Åtgärd="Info till chefen", Åtgärdstyp="Information till berörda chefer"))
    assert result.in_doubt[0]["reason"] == "missing_action_date"
    assert compiled(cast.federation(), 2024)["by_action_type"] == []
    assert db.session.scalars(db.select(Action.description)).one() == "Info till chefen"


def test_p02_a_fault_in_the_middle_leaves_nothing(cast, app, tmp_path, monkeypatch):
    before = counts(app)
    path = workbook(tmp_path / "blad.xlsx", [row(), row(**{"Vad hände": "Två."}), row(**{"Vad hände": "Tre."})])
    calls = []

    def third_breaks(*args):
        calls.append(args)
        if len(calls) == 3:
            raise OSError("disk full")

    monkeypatch.setattr("lexheller.intake.importing.search.index", third_breaks)
    with pytest.raises(OSError, match="disk full"), transaction():
        import_file(path, cast.federation())
    assert counts(app) == before


def test_p15_the_same_file_in_two_federations_is_two_histories(cast, tmp_path):
    path = workbook(tmp_path / "blad.xlsx", [row(Dnr="2024:11 / 1")])
    for slug in ("sodra-vatterbygden", "finnveden"):
        with transaction():
            result = import_file(path, cast.federation(slug))
        assert result.accepted + len(result.in_doubt) == 1
    assert broken_promises() == []
