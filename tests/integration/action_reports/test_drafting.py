"""The draft: texts, goals, cut-off day, what is refused, who wins of two, and compiling by night (P13, P33)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from reporting import FEBRUARY, PATH, SPRING, TEXT, YEAR, add_goal, cases_of_the_year, version, write

from lexheller.action_reports import drafting, goal_rows, service
from lexheller.action_reports.drafting import draft_of, goals_of, report_data
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.models import ReportDraft
from lexheller.action_reports.outline import CHAPTER_KEYS
from lexheller.action_reports.states import Fulfilment
from lexheller.audit.models import Event
from lexheller.cases.states import CaseStatus
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from tests.cast.people import ELSEWHERE, HOME

NUMBER = "19811228-9874"
DOUBTFUL = "Kontakta Anna Svensson på 070-123 45 67."


def texts(cast) -> dict[str, str]:
    return report_data(cast.federation(), YEAR)["texts"]


def test_a_text_is_stored_by_chapter_taken_away_when_empty_and_the_same_again_is_no_change(cast):
    write(cast)
    write(cast, "Om tider.", "times")
    assert texts(cast) == {"summary": TEXT, "times": "Om tider."}
    before = db.session.scalar(db.select(db.func.count(Event.id))), version(cast)
    write(cast)
    assert (db.session.scalar(db.select(db.func.count(Event.id))), version(cast)) == before
    write(cast, "", "times")
    assert texts(cast) == {"summary": TEXT}


def test_p23_p24_identity_numbers_are_stopped_and_names_are_asked_about(cast):
    home, office = cast.federation(), cast.coordinator
    for chapter in CHAPTER_KEYS:
        with pytest.raises(InvalidInput, match="personal_identity_number"):
            drafting.write_texts(office, home, YEAR, {chapter: f"Om {NUMBER}."}, seen=0)
    with pytest.raises(InvalidInput, match="personal_identity_number"):
        goal_rows.add_goal(office, home, YEAR, Goal("Mål", Fulfilment.MET, NUMBER), seen=0)
    with pytest.raises(InvalidInput, match="doubtful"):
        drafting.write_texts(office, home, YEAR, {"summary": DOUBTFUL}, seen=0)
    with pytest.raises(InvalidInput, match="doubtful"):
        goal_rows.add_goal(office, home, YEAR, Goal("Mål", Fulfilment.MET, DOUBTFUL), seen=0)
    assert texts(cast) == {}
    drafting.write_texts(office, home, YEAR, {"summary": DOUBTFUL}, seen=0, looked=True)
    assert texts(cast) == {"summary": DOUBTFUL}


def test_the_cut_off_goes_from_the_years_last_day_to_the_end_of_march_and_moves_the_figures(cast):
    home, office = cast.federation(), cast.coordinator
    with clock.at(SPRING):
        case = cast.reach(CaseStatus.ANSWERED)
    with clock.at(FEBRUARY), transaction():
        cast.close(case)
    for day, code in ((date(2024, 12, 30), "too_early"), (date(2025, 4, 1), "too_late")):
        with pytest.raises(InvalidInput, match=code):
            drafting.set_cut_off(office, home, YEAR, day, seen=0)
    assert report_data(home, YEAR)["closed"] == 0
    with transaction():
        drafting.set_cut_off(office, home, YEAR, date(2025, 2, 28), seen=0)
    assert (report_data(home, YEAR)["closed"], report_data(home, YEAR)["cut_off"]) == (1, "2025-02-28")
    with transaction():
        drafting.set_cut_off(office, home, YEAR, date(2024, 12, 31), seen=version(cast))
    assert draft_of(home.id, YEAR).cut_off is None
    assert report_data(home, YEAR)["closed"] == 0


def test_goal_rows_are_added_changed_moved_and_removed_in_order(cast):
    home, office = cast.federation(), cast.coordinator
    first, second, third = (add_goal(cast, text) for text in ("Ett", "Två", "Tre"))
    with transaction():
        goal_rows.move_goal(office, home, YEAR, third, up=True, seen=version(cast))
        goal_rows.change_goal(office, home, YEAR, first, Goal("Ett", Fulfilment.NOT), seen=version(cast))
        goal_rows.move_goal(office, home, YEAR, first, up=True, seen=version(cast))
        goal_rows.remove_goal(office, home, YEAR, second, seen=version(cast))
    assert [(row.position, row.text, row.fulfilment) for row in goals_of(home.id, YEAR)] == [
        (1, "Ett", "not"),
        (2, "Tre", "met"),
    ]
    assert report_data(home, YEAR)["goals"][0] == {"text": "Ett", "fulfilment": "not", "comment": ""}


def test_p13_of_two_who_write_at_once_the_second_is_told_and_keeps_the_text(stage, new_visitor):
    first, second = new_visitor(), new_visitor()
    for visitor, part in ((first, "samordnare"), (second, "forbundschef")):
        visitor.sign_in(part)
        visitor.get(f"{PATH}/utkast")
    first.post(f"{PATH}/utkast", {"summary": TEXT, "chapter": "summary"}, form="text")
    second.post(f"{PATH}/utkast", {"summary": "En annan mening om året.", "chapter": "summary"}, form="text")
    assert (first.last.status_code, second.last.status_code) == (200, 409)
    assert "En annan mening om året." in second.text
    assert stage.ask(texts) == {"summary": TEXT}


def test_p13_every_change_of_a_draft_needs_the_version_that_was_seen(cast):
    home, office, goal_id = cast.federation(), cast.coordinator, add_goal(cast)
    goal, old = Goal("Nytt", Fulfilment.NOT), version(cast) - 1
    for change in (
        lambda: drafting.write_texts(office, home, YEAR, {"summary": TEXT}, seen=old),
        lambda: drafting.set_cut_off(office, home, YEAR, date(2025, 1, 31), seen=old),
        lambda: goal_rows.add_goal(office, home, YEAR, goal, seen=old),
        lambda: goal_rows.change_goal(office, home, YEAR, goal_id, goal, seen=old),
        lambda: goal_rows.move_goal(office, home, YEAR, goal_id, up=True, seen=old),
        lambda: goal_rows.remove_goal(office, home, YEAR, goal_id, seen=old),
    ):
        with pytest.raises(Conflict):
            change()


def test_p15_whoever_does_not_write_the_report_writes_nothing(cast):
    home, goal_id = cast.federation(), add_goal(cast)
    for actor in (cast.outsider, cast.person("chef.af"), cast.person("chef.af", ELSEWHERE)):
        for change in (
            lambda actor=actor: drafting.write_texts(actor, home, YEAR, {"summary": TEXT}, seen=1),
            lambda actor=actor: drafting.set_cut_off(actor, home, YEAR, date(2025, 1, 31), seen=1),
            lambda actor=actor: drafting.compile_draft(actor, home, YEAR),
            lambda actor=actor: goal_rows.remove_goal(actor, home, YEAR, goal_id, seen=1),
        ):
            with pytest.raises(NotAllowedToSee):
                change()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_saves_every_chapter_whichever_button_is_pressed(stage, visitor, language):
    stage.ask(cases_of_the_year)
    visitor.sign_in("samordnare")
    visitor.get(f"{PATH}/utkast?lang={language}")
    assert visitor.last.status_code == 200
    sent = {"summary": TEXT, "themes": "Om teman.", "chapter": "themes"}
    visitor.post(f"{PATH}/utkast", sent, form="text")
    assert stage.ask(texts) == {"summary": TEXT, "themes": "Om teman."}
    assert TEXT in visitor.text
    visitor.post(f"{PATH}/utkast", {"summary": f"Om {NUMBER} och annat."}, form="text")
    assert visitor.last.status_code == 422
    visitor.post(f"{PATH}/utkast", {"summary": DOUBTFUL}, form="text")
    assert visitor.last.status_code == 422
    assert "<mark>Anna Svensson</mark>" in visitor.text
    visitor.post(f"{PATH}/utkast", {"summary": DOUBTFUL, "looked": "y"}, form="text")
    assert stage.ask(texts)["summary"] == DOUBTFUL


def test_the_pages_of_goals_walk_a_row_through_its_life_and_count_from_the_rows(stage, visitor):
    visitor.sign_in("forbundschef")
    visitor.get(f"{PATH}/utkast/ataganden")
    for text, fulfilment in (("Ett", "met"), ("Två", "not"), ("Tre", "not_assessable")):
        visitor.post(f"{PATH}/utkast/ataganden", {"text": text, "fulfilment": fulfilment})
    assert "Av 3 åtaganden är 1 uppfyllt" in visitor.text
    ids = stage.ask(lambda cast: [row.id for row in goals_of(cast.federation().id, YEAR)])
    visitor.post(f"{PATH}/utkast/ataganden/{ids[2]}/flytta", {"direction": "up"})
    visitor.get(f"{PATH}/utkast/ataganden/{ids[0]}")
    visitor.post(f"{PATH}/utkast/ataganden/{ids[0]}", {"text": "Ett", "fulfilment": "partly", "comment": "Nästan."})
    visitor.get(f"{PATH}/utkast/ataganden/{ids[1]}")
    visitor.post(f"{PATH}/utkast/ataganden/{ids[1]}/ta-bort")
    rows = stage.ask(lambda cast: [(row.text, row.fulfilment) for row in goals_of(cast.federation().id, YEAR)])
    assert rows == [("Ett", "partly"), ("Tre", "not_assessable")]
    assert visitor.get(f"{PATH}/utkast/ataganden/{ids[1]}").status_code == 404


def test_the_cut_off_page_says_what_is_wrong_on_its_field(visitor):
    visitor.sign_in("samordnare")
    visitor.get(f"{PATH}/utkast")
    visitor.post(f"{PATH}/utkast/brytdag", {"cut_off": "2025-04-01"}, form="cut")
    assert visitor.last.status_code == 422
    assert "31 mars" in visitor.text
    visitor.post(f"{PATH}/utkast/brytdag", {"cut_off": "2025-02-28"}, form="cut")
    assert (visitor.last.status_code, "28 februari 2025" in visitor.text) == (200, True)


def test_the_first_working_day_of_january_is_the_federations_own(cast):
    home = cast.federation().id
    assert service.first_working_day(home, 2026) == date(2026, 1, 2)
    assert service.first_working_day(home, 2028) == date(2028, 1, 3)  # New Year's Day is a Saturday
    with clock.at(datetime(2026, 1, 1, 9, tzinfo=UTC)), transaction():
        assert service.ask_for_last_year() == 0
    with clock.at(datetime(2026, 1, 2, 4, 20, tzinfo=UTC)), transaction():
        assert service.ask_for_last_year() == 3


def test_each_night_an_open_draft_is_compiled_and_a_frozen_one_left_alone(cast):
    home = cast.federation()
    cases_of_the_year(cast)
    write(cast)
    with clock.at(FEBRUARY):
        with transaction():
            service.ask_for_last_year()
        assert [jobs.run(job.id) for job in jobs_of(home.id)] == [True]
    draft = draft_of(home.id, YEAR)
    assert draft.compiled_hash == draft.compiled["hash"] and draft.compiled_at == FEBRUARY
    assert version(cast) == 2, "compiling is nobody's writing"
    draft.is_open = False
    db.session.commit()
    with clock.at(FEBRUARY + timedelta(days=1)), transaction():
        service.ask_for_last_year()
    assert len(jobs_of(home.id)) == 1


def test_each_night_drafts_of_the_present_year_and_the_last_are_compiled_and_no_older_ones(cast):
    home = cast.federation()
    write(cast)
    for year, refreshed in ((YEAR, 1), (YEAR + 1, 1), (YEAR + 2, 0)):
        before = len(jobs_of(home.id, YEAR))
        with clock.at(FEBRUARY.replace(year=year)), transaction():
            service.ask_for_last_year()
        assert len(jobs_of(home.id, YEAR)) - before == refreshed, year


def jobs_of(federation_id: int, year: int = YEAR) -> list[Job]:
    draft = draft_of(federation_id, year)
    wanted = db.select(Job).where(Job.name == service.REFRESH_JOB, Job.subject_id == draft.id)
    return list(db.session.scalars(wanted.order_by(Job.id)))


def test_the_page_says_why_compiling_failed_and_when_figures_have_changed(stage, visitor, monkeypatch):
    def fails(federation, year, cut_off):
        raise ArithmeticError

    def compile_at_night(cast) -> None:
        with clock.at(FEBRUARY):
            with transaction():
                service.ask_for_last_year()
            for job in db.session.scalars(db.select(Job).where(Job.federation_id == cast.federation().id)).all():
                jobs.run(job.id)

    stage.ask(lambda cast: drafting.compile_draft(cast.director, cast.federation(), YEAR))
    with monkeypatch.context() as patched:
        patched.setattr(drafting, "compiled", fails)
        stage.ask(compile_at_night)
    stage.ask(cases_of_the_year)
    visitor.sign_in("forbundschef")
    visitor.get(f"{PATH}/utkast")
    assert "ArithmeticError" in visitor.text
    assert "Siffrorna har ändrats sedan" in visitor.text
    visitor.get(f"{PATH}/utkast/skillnader")
    assert "Inkomna anmälningar" in visitor.text
    parked = stage.ask(_park)
    assert parked
    visitor.get(f"{PATH}/utkast")
    assert "har slutat försöka" in visitor.text


def _park(cast) -> int:
    """As a job does that has failed too often."""
    found = list(db.session.scalars(db.select(Job).where(Job.problem.is_not(None))))
    for job in found:
        job.status = JobStatus.PARKED
    return len(found)


def test_p15_the_outsider_and_a_manager_meet_no_draft(new_visitor, stage):
    goal_id = stage.ask(add_goal)
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)):
        visitor = new_visitor()
        visitor.sign_in(part, slug)
        for path in ("", "/granska", "/frys", "/skillnader", "/ataganden", f"/ataganden/{goal_id}"):
            assert visitor.get(f"{PATH}/utkast{path}").status_code == 404
    assert stage.ask(lambda _cast: db.session.scalar(db.select(db.func.count(ReportDraft.id)))) == 1
