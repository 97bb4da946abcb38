"""The demonstration: made by the verbs, every stage in it, over two years, and only where nobody's reports are."""

import shutil

import pytest

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.editions import editions_of, verify
from lexheller.app.factory import create_app
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import FEDERATIONS
from lexheller.demo.fill import fill
from lexheller.faults.queries import faults_page, news_of
from lexheller.faults.states import FaultStatus
from lexheller.statistics.cohort import received_per_year
from tests.cast.databases import settings_for
from tests.cast.people import Cast
from tests.cast.traces import counts


@pytest.fixture(scope="module")
def filled(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(sqlite_template, folder / "demo.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'demo.sqlite'}", folder))
    with app.app_context():
        assert list(fill())
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def inside(filled):
    with filled.app_context():
        yield Cast(filled)
        db.session.rollback()


@pytest.mark.parametrize("wanted", FEDERATIONS, ids=lambda wanted: wanted.slug)
def test_each_federation_has_every_status_and_two_years(inside, wanted):
    federation = inside.federation(wanted.slug)
    statuses = set(db.session.scalars(db.select(Case.status).where(Case.federation_id == federation.id)))
    assert statuses >= set(CaseStatus) - {CaseStatus.RECEIVED}
    days = list(db.session.scalars(db.select(Case.received_on).where(Case.federation_id == federation.id)))
    assert (max(days) - min(days)).days > 365
    assert max(days) <= clock.today()
    assert len(received_per_year(federation.id)) >= 2
    last_year = compiled(federation, clock.local_year() - 1)
    assert last_year["received"] > 0
    assert last_year["by_action_type"]


def test_all_promises_hold_on_a_filled_demonstration(inside):
    assert broken_promises() == []


def test_a_database_with_reports_is_left_as_it_is(filled):
    before = counts(filled)
    with filled.app_context():
        assert list(fill()) == []
        db.session.remove()
    assert counts(filled) == before


def test_somebodys_one_report_is_enough_to_leave_it_alone(cast, app):
    cast.report()
    db.session.commit()
    before = counts(app)
    assert list(fill()) == []
    assert counts(app) == before


@pytest.mark.parametrize("wanted", FEDERATIONS, ids=lambda wanted: wanted.slug)
def test_last_years_report_and_cases_stand_on_the_open_page(inside, filled, wanted):
    federation, year = inside.federation(wanted.slug), clock.local_year() - 1
    (edition,) = editions_of(inside.person("forbundschef", wanted.slug), federation.id, year)
    assert (edition.approved_by, verify(edition)) == (wanted.director, True)
    page = filled.test_client().get(f"/publikt/{wanted.slug}")
    assert f"/publikt/{wanted.slug}/rapport/{year}/{edition.number}" in page.text
    assert f"/publikt/{wanted.slug}/arenden/" in page.text


def test_one_fault_is_being_mended_and_its_reporters_know_and_one_is_over(inside):
    office, home = inside.coordinator, inside.federation().id
    rows = {row.fault.status: row for row in faults_page(office, home, tuple(FaultStatus), None).rows}
    assert set(rows) == {FaultStatus.BEING_MENDED, FaultStatus.CLOSED}
    assert rows[FaultStatus.BEING_MENDED].cases == 3
    assert news_of(rows[FaultStatus.BEING_MENDED].fault)
