"""The federation's own spreadsheets become cases and figures, once, without mail and without duties."""

import re
import shutil
from pathlib import Path

import pytest
from sheets import import_file

from lexheller.action_reports.compiling import compiled
from lexheller.app.factory import create_app
from lexheller.cases.models import Case, Report
from lexheller.cases.states import CaseStatus
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.transaction import nothing_kept, transaction
from tests.cast.databases import settings_for
from tests.cast.people import Cast
from tests.cast.traces import counts

DATA = Path(__file__).resolve().parents[2] / "data"
EARLIER, THIS_XLSX, THIS_CSV = (
    DATA / name
    for name in ("sodra-vatterbygden-2022-2023.xlsx", "sodra-vatterbygden-2024.xlsx", "sodra-vatterbygden-2024.csv")
)
ACTIONS = {"information_to_managers": 6, "training": 5, "samverkanskoppen": 3, "information_to_politicians": 3}


def bring_in(cast, path: Path):
    with transaction():
        result = import_file(path, cast.federation())
    assert result.rows == result.accepted + len(result.rejected) + len(result.duplicates) + len(result.in_doubt)
    return result


@pytest.mark.parametrize("this_year", [THIS_XLSX, THIS_CSV], ids=["xlsx", "csv"])
def test_the_files_give_the_figures_that_are_known(cast, this_year):
    for path in (EARLIER, this_year):
        result = bring_in(cast, path)
        assert result.accepted == result.rows > 0
    report = compiled(cast.federation(), 2024)
    assert (report["received"], report["received_previous"], report["trend"]) == (17, 12, "continued_increase")
    assert {line["key"]: line["count"] for line in report["by_action_type"]} == ACTIONS
    for name in ("by_organisation", "by_theme", "by_municipality", "by_month"):
        assert sum(line["count"] for line in report[name]) == 17
    assert len(report["cases"]) == len(set(report["cases"])) == 17


def test_p29_both_kinds_of_file_and_both_databases_give_the_same_hash(app, sqlite_template, tmp_path):
    file = tmp_path / "other.sqlite"
    shutil.copy(sqlite_template, file)
    other = create_app(settings_for(f"sqlite:///{file}", tmp_path))
    hashes = set()
    for application, this_year in ((app, THIS_XLSX), (other, THIS_CSV)):
        with application.app_context():
            cast = Cast(application)
            for path in (EARLIER, this_year):
                bring_in(cast, path)
            hashes.update(compiled(cast.federation(), 2024)["hash"] for _ in range(2))
            db.session.remove()
            db.engine.dispose()
    assert len(hashes) == 1


def test_a_second_import_adds_nothing(cast, app):
    for path in (EARLIER, THIS_XLSX):
        bring_in(cast, path)
    before = counts(app)
    for path in (EARLIER, THIS_XLSX, THIS_CSV):
        again = bring_in(cast, path)
        assert again.accepted == 0
        assert len(again.duplicates) == again.rows
        assert {line["column"] for line in again.duplicates} == {"Dnr"}
    assert counts(app) == before


def test_an_import_sends_no_mail_opens_no_duties_and_keeps_every_promise(cast, app):
    before = counts(app)
    for path in (EARLIER, THIS_XLSX):
        bring_in(cast, path)
    after = counts(app)
    for table in ("message", "job", "duty", "reporter_contact"):
        assert after[table] == before[table] == 0
    cases = list(db.session.scalars(db.select(Case)))
    assert {case.status for case in cases} == {CaseStatus.CLOSED}
    assert all(case.closed_on >= case.received_on for case in cases)
    assert broken_promises() == []


def test_numbers_of_the_form_follow_after_the_imported_ones(cast):
    bring_in(cast, THIS_XLSX)
    with transaction():
        number = cast.report().number
    this_year = max(
        int(re.search(r"/ (\d+)$", found)[1])
        for found in db.session.scalars(db.select(Case.number).where(Case.number.like("2024:11 / %")))
    )
    assert this_year == 17
    assert re.fullmatch(r"\d{4}:11 / 1", number), "another year has its own series"


def test_a_dry_run_keeps_nothing(cast, app):
    before = counts(app)
    with nothing_kept():
        result = import_file(THIS_XLSX, cast.federation())
    assert result.accepted == 17
    assert counts(app) == before


def test_an_imported_text_stands_as_it_was_written(cast):
    bring_in(cast, THIS_XLSX)
    texts = list(db.session.scalars(db.select(Report.what_happened).order_by(Report.id)))
    assert texts[0].startswith("Person utan BankID kunde inte skriva in sig som arbetssökande.")
