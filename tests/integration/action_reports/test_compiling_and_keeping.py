"""The yearly report: same data same bytes, pages that show its figures, January's own compilation (P28, P29, P33)."""

import datetime
import re
from datetime import UTC

import pytest

from lexheller.action_reports import drafting, service
from lexheller.action_reports.compiling import LISTS, canonical, compiled, hash_of
from lexheller.action_reports.models import ReportDraft
from lexheller.audit.models import Event
from lexheller.cases.states import CaseStatus
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from tests.cast.people import HOME

JANUARY = datetime.datetime(2026, 1, 3, 4, 20, tzinfo=UTC)
KEYS = {
    "federation", "year", "received", "received_previous", "trend", "by_organisation", "by_theme",
    "by_municipality", "by_month", "by_action_type", "cases", "hash",
}  # fmt: skip


@pytest.fixture
def year(stage) -> int:
    """This year, with three cases in it."""
    for status in (CaseStatus.UNROUTED, CaseStatus.ANSWERED, CaseStatus.CLOSED):
        stage.case(status)
    return clock.local_year()


def report_of(stage, year: int) -> dict:
    return stage.ask(lambda cast: compiled(cast.federation(), year))


def test_p29_the_same_data_gives_the_same_bytes_whoever_asks(stage, year):
    first, second = report_of(stage, year), report_of(stage, year)
    assert canonical(first) == canonical(second)
    assert first["hash"] == hash_of(first)
    stage.case(CaseStatus.RECEIVED)
    assert report_of(stage, year)["hash"] != first["hash"]


def test_the_report_has_the_keys_that_are_promised(stage, year):
    report = report_of(stage, year)
    assert set(report) >= KEYS
    assert (report["federation"], report["year"], report["received"]) == (HOME, year, 3)
    for name in LISTS:
        assert all(set(line) == {"key", "label", "count"} for line in report[name])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p28_the_page_shows_the_figures_and_each_figure_its_cases(stage, visitor, year, language):
    report = report_of(stage, year)
    visitor.sign_in("forbundschef")
    visitor.get(f"/atgardsrapport/{HOME}/{year}?lang={language}")
    page = visitor.text
    for name in LISTS:
        for line in report[name]:
            if not line["count"]:
                continue
            path = f"/atgardsrapport/{HOME}/{year}/{name}/{line['key']}"
            assert f'href="{path}"' in page
            visitor.get(path)
            assert visitor.last.status_code == 200
            shown = set(re.findall(r"\d{4}:\d+ / \d+", visitor.text))
            assert shown == set(report["cases_behind"][name][line["key"]])
    for number in report["cases"]:
        assert number in page


def test_p22_a_figure_that_does_not_exist_is_a_404(visitor, year):
    visitor.sign_in("samordnare")
    for path in ("by_theme/finns-inte", "by_theme/%00", "by_nothing/x", "by_month/2000-13"):
        assert visitor.get(f"/atgardsrapport/{HOME}/{year}/{path}").status_code == 404
    for other in ("1999", "2101", "x", "-1", "99999999999999999999"):
        assert visitor.get(f"/atgardsrapport/{HOME}/{other}").status_code == 404


def test_a_compilation_is_kept_once_while_nothing_changes(stage, visitor, year):
    visitor.sign_in("forbundschef")
    path = f"/atgardsrapport/{HOME}/{year}"
    for _ in range(2):
        visitor.get(path)
        visitor.post(f"{path}/sammanstall")
        assert visitor.last.status_code == 200
        stage.work()
    (first,) = stage.ask(kept)
    assert hash_of(first[1]) == first[0]
    assert stage.ask(compiled_events) == 1
    stage.case(CaseStatus.RECEIVED)
    visitor.get(path)
    visitor.post(f"{path}/sammanstall")
    stage.work()
    (second,) = stage.ask(kept)
    assert second[0] != first[0]
    assert stage.ask(compiled_events) == 2


def kept(_cast) -> list[tuple[str, dict]]:
    return [(row.compiled_hash, row.compiled) for row in db.session.scalars(db.select(ReportDraft))]


def compiled_events(_cast) -> int:
    return db.session.scalar(db.select(db.func.count(Event.id)).where(Event.kind == "action_report.compiled"))


def test_january_asks_once_a_day_for_each_federation_however_often_it_is_asked(context):
    for hour in range(3):
        with clock.at(JANUARY + datetime.timedelta(hours=hour)), transaction():
            assert service.ask_for_last_year() == 3
    found = list(db.session.scalars(db.select(Job)))
    assert [job.name for job in found] == [service.REFRESH_JOB] * 3
    assert len({job.federation_id for job in found}) == 3


def test_p33_a_job_that_is_tried_again_a_year_later_compiles_the_year_it_was_asked_for(cast, monkeypatch):
    def fails(federation, year, cut_off):
        raise ArithmeticError

    with monkeypatch.context() as patched, clock.at(JANUARY):
        patched.setattr(drafting, "compiled", fails)
        with transaction():
            service.ask_for_last_year()
        job = db.session.scalars(db.select(Job).where(Job.federation_id == cast.federation().id)).one()
        assert not jobs.run(job.id)
    with clock.at(JANUARY.replace(year=2027)):
        with transaction():
            jobs.try_again(job)
        assert jobs.run(job.id)
    drafts = db.session.scalars(db.select(ReportDraft).where(ReportDraft.compiled_hash.is_not(None)))
    assert [(row.federation_id, row.year, row.compiled["year"]) for row in drafts] == [(job.federation_id, 2025, 2025)]


def test_p33_one_federation_that_fails_does_not_stop_the_others(cast, monkeypatch):
    with clock.at(datetime.datetime(2025, 4, 1, 9, tzinfo=UTC)), transaction():
        cast.report()
    honest = drafting.compiled
    broken = cast.federation("finnveden").id

    def fails_for_one(federation, year, cut_off):
        if federation.id == broken:
            raise ArithmeticError
        return honest(federation, year, cut_off)

    monkeypatch.setattr(drafting, "compiled", fails_for_one)
    with clock.at(JANUARY):
        with transaction():
            service.ask_for_last_year()
        ids = list(db.session.scalars(db.select(Job.id).where(Job.name == service.REFRESH_JOB)))
        assert sorted(jobs.run(job_id) for job_id in ids) == [False, True, True]
    drafts = list(db.session.scalars(db.select(ReportDraft).where(ReportDraft.compiled_hash.is_not(None))))
    assert {row.federation_id for row in drafts} == {cast.federation().id, cast.federation("hoglandet").id}
    assert {row.year for row in drafts} == {2025}
    monkeypatch.undo()
    failed = db.session.scalars(
        db.select(Job).where(Job.federation_id == broken, Job.status == JobStatus.WAITING)
    ).one()
    with clock.at(failed.due_at):
        assert jobs.run(failed.id)
