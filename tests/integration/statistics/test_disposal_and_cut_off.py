"""Faults and actions in the figures: as they stood on the cut-off day, and the same when their rows are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import event, select

from lexheller.action_reports.compiling import compiled, hash_of
from lexheller.actions import door as action_door
from lexheller.actions import library, linking
from lexheller.actions import service as actions
from lexheller.actions.library import LibraryFilter
from lexheller.actions.models import Action, ActionCase, ActionFault
from lexheller.actions.queries import types
from lexheller.actions.service import Details as What
from lexheller.actions.service import Done
from lexheller.actions.states import Judgement
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.check.figures import facts_as_told
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import door as fault_door
from lexheller.faults import service as faults
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.service import Details
from lexheller.improvement.overview_queries import judged_actions
from lexheller.statistics import facts
from lexheller.statistics.models import ActionFact, FaultFact
from tests.integration.statistics.disposing import YEAR, dispose_of, on, without_words, year_of_mending
from tests.integration.statistics.stored import all_columns
from tests.integration.statistics.test_recount import assert_recounted


def test_p26_figures_are_equal_when_links_cases_faults_and_actions_are_gone(cast):
    year_of_mending(cast)
    before = compiled(cast.federation(), YEAR)
    assert [line["count"] for line in before["faults"]] == [2, 1]
    assert [len(line["cases"]) for line in before["actions"]] == [2]
    with transaction():
        for link in (FaultCase, ActionCase, ActionFault):
            db.session.execute(db.delete(link))
    assert compiled(cast.federation(), YEAR) == before
    with transaction():
        dispose_of("case_file", db.session.scalars(select(Case.id)).all())
    assert compiled(cast.federation(), YEAR) == before
    with transaction():
        dispose_of("fault", db.session.scalars(select(Fault.id)).all())
        dispose_of("action", db.session.scalars(select(Action.id)).all())
    after = compiled(cast.federation(), YEAR)
    assert without_words(after) == without_words(before)
    assert hash_of(without_words(after)) == hash_of(without_words(before))
    assert [line["title"] for line in after["faults"]] == ["", ""]
    assert [line["text"] for line in after["actions"]] == ["Åtgärd 1"]
    assert list(facts_as_told()) == []
    with transaction():
        facts.rebuild(cast.federation().id)
        assert facts.note_missing(cast.federation().id) == 0
    assert compiled(cast.federation(), YEAR) == after


def test_p29_what_happens_to_faults_and_actions_after_the_cut_off_changes_nothing(cast):
    fault, (done, planned) = year_of_mending(cast)
    before = compiled(cast.federation(), YEAR)
    assert [line["status"] for line in before["faults"]] == ["confirmed", "suspected"]
    assert before["numbers"]["actions_open"]["value"] == 1
    office, home = cast.coordinator, cast.federation()
    with on(1, 1, YEAR + 1), transaction():
        case = db.session.get(Case, fault_links(fault)[0].case_id)
        faults.unlink_case(office, fault_links(fault)[0], "Det var ett annat fel.")
        faults.close(office, fault, "Dörren är öppen.", seen=fault.version)
        linking.unlink_case(office, done, case.id, seen=done.version)
        linking.link_case(office, planned, case, seen=planned.version)
        actions.finish(office, planned, Done(clock.today()), seen=planned.version)
        faults.suspect(office, home.id, Details("Nytt"), case, "Också det.")
    assert compiled(home, YEAR) == before
    assert_recounted(cast, YEAR)
    later = compiled(home, YEAR, date(YEAR + 1, 1, 1))
    assert [(line["status"], line["count"]) for line in later["faults"]] == [
        ("closed", 1),
        ("suspected", 1),
        ("suspected", 1),
    ]
    assert ([len(line["cases"]) for line in later["actions"]], later["numbers"]["actions_open"]["value"]) == ([1], 0)
    assert compiled(home, YEAR + 1, date(YEAR + 1, 12, 31))["actions"][0]["cases"] == sorted(
        before["cases"][place] for place in (0, 2)
    )


def test_p28_what_was_not_done_after_all_counts_in_no_year_whenever_it_was_taken_back(cast):
    """Written in as done after the cut-off, dated back before it, taken back; and then done in the next year."""
    office, home, january = cast.coordinator, cast.federation(), date(YEAR + 1, 1, 31)
    with on(11, 1), transaction():
        case = cast.reach(CaseStatus.ANSWERED)
        action = actions.record_new(office, home, What("Möte"), cases=[case])
    planned = [compiled(home, YEAR), compiled(home, YEAR, january)]
    with on(1, 10, YEAR + 1), transaction():
        actions.finish(office, action, Done(date(YEAR, 12, 20)), seen=action.version)
        written_at_once = actions.record_new(office, home, What("Brev"), cases=[case], done=Done(date(YEAR, 12, 21)))
    assert [line["date"] for line in compiled(home, YEAR)["actions"]] == ["2024-12-20", "2024-12-21"]
    with on(1, 11, YEAR + 1), transaction():
        actions.reopen(office, action, "Mötet blev inte av.", due_on=None, seen=action.version)
        actions.reopen(office, written_at_once, "Det skickades aldrig.", due_on=None, seen=written_at_once.version)
    assert compiled(home, YEAR) == planned[0]
    assert compiled(home, YEAR, january)["actions"] == planned[1]["actions"] == []
    assert compiled(home, YEAR, january)["numbers"]["actions_open"]["value"] == 2
    with on(2, 5, YEAR + 1), transaction():
        actions.finish(office, action, Done(clock.today()), seen=action.version)
    assert compiled(home, YEAR) == planned[0]
    assert [line["date"] for line in compiled(home, YEAR + 1)["actions"]] == ["2025-02-05"]
    for year in (YEAR, YEAR + 1):
        assert_recounted(cast, year)


def test_p28_what_was_judged_of_an_action_that_was_not_done_after_all_counts_nowhere(cast):
    """Neither in the year's figures, whenever that was found, nor on the overview and in the library that it opens."""
    _fault, (done, _planned) = year_of_mending(cast)
    home, partly = cast.federation(), LibraryFilter(judgement=Judgement.PARTLY)

    def judged() -> tuple[int, dict[str, int], list[Action]]:
        counted = {line["key"]: line["count"] for line in compiled(home, YEAR)["effects"]}
        rows = library.page(cast.coordinator, home.id, partly).rows
        return counted[Judgement.PARTLY], judged_actions(home.id), rows

    assert judged() == (1, {"partly": 1}, [done])
    with on(1, 11, YEAR + 1), transaction():
        actions.reopen(cast.coordinator, done, "Mötet blev inte av.", due_on=None, seen=done.version)
    assert judged() == (0, {}, [])
    assert_recounted(cast, YEAR)


def test_the_report_tells_what_was_done_and_the_plan_only_where_nobody_wrote_more(cast):
    """What is told was written when it was carried out; an imported action has its row's words."""
    office, home = cast.coordinator, cast.federation()
    with on(3, 4), transaction():
        case = cast.reach(CaseStatus.ANSWERED)
        told, silent = (
            actions.record_new(office, home, What(plan, type=types(home.id)[0]), cases=[case])
            for plan in ("Vi beslutar om en utbildning för alla", "Möte med cheferna")
        )
    with on(5, 2), transaction():
        actions.finish(office, told, Done(clock.today(), "Hölls bara digitalt", 9), seen=told.version)
        actions.finish(office, silent, Done(clock.today()), seen=silent.version)
    report = compiled(home, YEAR)
    assert [line["text"] for line in report["actions"]] == ["Hölls bara digitalt", "Möte med cheferna"]
    assert "ölls bara digitalt" in report["text"]["sv"][1]
    assert "beslutar" not in str(report)


def fault_links(fault: Fault) -> list[FaultCase]:
    query = select(FaultCase).where(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_(None))
    return list(db.session.scalars(query.order_by(FaultCase.id)))


def test_p28_faults_and_actions_from_before_there_were_facts_are_noted_once_and_counted_alike(cast, monkeypatch):
    with monkeypatch.context() as before:
        for door in (action_door, fault_door):
            before.setattr(door, "FACTS", "not_yet")
        fault, (_done, planned) = year_of_mending(cast)
    home = cast.federation()
    assert facts.facts_of_federation(home.id)["fault"] == facts.facts_of_federation(home.id)["action"] == {}
    assert compiled(home, YEAR)["actions"] == compiled(home, YEAR)["faults"] == []
    with on(6, 1, YEAR + 1), transaction():
        faults.lift(cast.coordinator, fault, seen=fault.version)
        actions.start(cast.coordinator, planned, seen=planned.version)
    with passes_over_the_log() as passes, transaction():
        assert facts.note_missing(home.id) == 4
    assert len(passes) == 1, "one for all that is missing"
    with transaction():
        assert facts.note_missing(home.id) == 0
    report = compiled(home, YEAR)
    assert [(line["status"], line["count"]) for line in report["faults"]] == [("confirmed", 2), ("suspected", 1)]
    assert [(line["date"], len(line["cases"])) for line in report["actions"]] == [("2024-05-01", 2)]
    assert report["numbers"]["actions_open"]["value"] == 1
    assert {line["key"]: line["count"] for line in report["effects"]}[Judgement.PARTLY] == 1
    assert all_columns(facts.rebuilt(home.id)) == all_columns(facts.facts_of_federation(home.id))
    assert list(facts_as_told()) == []


def test_p28_what_was_done_in_the_year_and_written_in_later_counts_with_the_cases_it_was_done_for(cast):
    with on(3, 4):
        case, other = cast.reach(CaseStatus.ANSWERED), cast.reach(CaseStatus.ANSWERED)
    with on(1, 8, YEAR + 1), transaction():
        done = Done(date(YEAR, 12, 20))
        action = actions.record_new(cast.coordinator, cast.federation(), What("Möte"), cases=[case], done=done)
        linking.link_case(cast.coordinator, action, other, seen=action.version)
    report = compiled(cast.federation(), YEAR)
    assert [(line["date"], line["cases"]) for line in report["actions"]] == [("2024-12-20", [case.number])]
    assert report["numbers"]["actions_open"]["value"] == 0
    assert_recounted(cast, YEAR)


@contextmanager
def passes_over_the_log() -> Iterator[list[str]]:
    seen: list[str] = []

    def look(_connection, _cursor, statement, *_more) -> None:
        if "FROM event" in statement:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def test_p28_a_fact_that_is_gone_or_altered_is_named(cast):
    fault, (done, _planned) = year_of_mending(cast)
    with transaction():
        db.session.execute(db.delete(FaultFact).where(FaultFact.fault_id == fault.id))
        db.session.execute(db.update(ActionFact).where(ActionFact.action_id == done.id).values(type_key=None))
    assert [(found.promise, found.subject, found.why) for found in facts_as_told()] == [
        ("P28", f"fault {fault.id}", "no fact"),
        ("P28", f"action {done.id}", "fact differs from the events: type_key"),
    ]
    with transaction():
        assert facts.note_missing(fault.federation_id) == 0, "what the log tells is not noted again"
    assert [found.subject for found in facts_as_told()] == [f"action {done.id}"]
    with transaction():
        assert facts.rebuild(fault.federation_id) == {"case": 3, "fault": 2, "action": 2}
    assert list(facts_as_told()) == []
