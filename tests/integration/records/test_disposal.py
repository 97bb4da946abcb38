"""P26: cases are deleted under a plan, by two persons, whole; a tombstone stays and no figure changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.editions import verify
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.models import Case, Report
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import beside, closing, handing_over
from lexheller.check.promises import broken_promises
from lexheller.core import clock, jobs
from lexheller.core.db import Base, db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.faults import service as faults
from lexheller.faults.service import Details
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.service import Plan as MeetingPlan
from lexheller.meetings.service import plan_meeting
from lexheller.messaging.models import Message
from lexheller.privacy.masking import MaskDecision, MaskReason
from lexheller.records import disposal_carrying_out, disposal_proof
from lexheller.records import disposal_queries as queries
from lexheller.records import disposal_service as service
from lexheller.records.disposal_deleting import NobodyDecided, unknown_pointers
from lexheller.records.disposal_models import Disposal, DisposalItem
from lexheller.records.disposal_register import JOBS, POINTERS, WITHOUT_KEY
from lexheller.records.disposal_rules import After, Hindrance
from lexheller.records.masking import Decision, mask
from lexheller.records.masking_models import Masking
from lexheller.records.masking_places import Kind as MaskedKind
from lexheller.records.masking_queries import text_for
from lexheller.records.masking_subjects import subject_for
from tests.cast.people import ELSEWHERE
from tests.integration.records.disposing_of_cases import (
    MARKER,
    NOW,
    WAIT,
    a_plan,
    adopt,
    closed,
    decide,
    dispose,
    freeze,
    propose,
    words_left,
    work,
)

YEARS = (2024, 2025, 2026)


def figures(cast) -> dict[int, dict]:
    return {year: compiled(cast.federation(), year) for year in YEARS}


def refused(what) -> str:
    with pytest.raises(InvalidInput) as problem, nothing_kept():
        what()
    return problem.value.code


@pytest.fixture
def grown(cast):
    """Two old cases, one of the plan's last year, a new one; every year frozen; the plan adopted; it is 2030."""
    old = [closed(cast, 2024, what_happened=f"{MARKER} var slut."), closed(cast, 2024, 5)]
    kept = closed(cast, 2028)
    freeze(cast, 2024, 2028)
    newest = closed(cast, 2029)
    with clock.at(NOW):
        adopt(cast)
        yield old, kept, newest


def test_p26_without_a_plan_nothing_falls_due_and_nothing_can_be_proposed(cast):
    closed(cast, 2024)
    with clock.at(NOW):
        assert queries.dry_run(cast.director, cast.federation().id, clock.today()) == queries.DryRun(clock.today())
        assert refused(lambda: propose(cast)) == "no_plan"


def test_p26_what_is_old_goes_whole_a_tombstone_stays_and_every_figure_is_the_same(cast, grown):
    old, kept, newest = grown
    before, events = figures(cast), db.session.scalar(select(func.count(Event.id)))
    ids, numbers = [case.id for case in old], [case.number for case in old]
    reports = [case.report_id for case in old]
    assert words_left([MARKER]) == [("report", MARKER)]
    disposal = dispose(cast)
    assert db.session.scalars(select(Case.id).order_by(Case.id)).all() == [kept.id, newest.id]
    assert db.session.scalars(select(Report.id).where(Report.id.in_(reports))).all() == []
    assert words_left([MARKER]) == []
    stones = queries.items_of(disposal)
    assert [(stone.subject_id, stone.number, stone.year) for stone in stones] == [
        (ids[0], numbers[0], 2024),
        (ids[1], numbers[1], 2024),
    ]
    assert all(stone.disposed_at is not None for stone in stones)
    assert disposal.status == "done"
    assert figures(cast) == before
    assert (
        db.session.scalars(select(CaseFact.case_id).where(CaseFact.case_id.in_(ids)).order_by("case_id")).all() == ids
    )
    assert broken_promises() == []
    assert list(broken_links()) == []
    told = db.session.scalars(select(Event).where(Event.id > 0).order_by(Event.sequence.desc()).limit(5)).all()
    assert {"disposal.carried_out", "disposal.portion_deleted", "disposal.decided", "disposal.proposed"} <= {
        event.kind for event in told
    }
    assert db.session.scalar(select(func.count(Event.id))) == events + 4


def test_p26_a_sealed_original_goes_with_its_case(cast, grown):
    first = grown[0][0]
    with transaction():
        subject = subject_for(cast.coordinator, first.federation_id, MaskedKind.CASE, first.id)
        text = text_for(cast.coordinator, subject, "report.what_happened", first.report_id)
        said = Decision(MaskDecision.SEAL, MaskReason.OTHER, "Ett ord för mycket.")
        mask(cast.coordinator, subject, text, [(0, len(MARKER))], said, seen=text.mark)
    assert words_left([MARKER]) == [("sealed_original", MARKER)]
    dispose(cast)
    assert words_left([MARKER]) == []
    assert db.session.scalar(select(func.count(Masking.id))) == 0


def test_p26_all_editions_stay_as_they_were_frozen(cast):
    closed(cast, 2024)
    edition = freeze(cast, 2024)[0]
    data = dict(edition.data)
    closed(cast, 2029)
    with clock.at(NOW):
        adopt(cast)
        dispose(cast)
    db.session.refresh(edition)
    assert edition.data == data
    assert verify(edition)


def test_p26_one_proposes_and_another_decides_checked_in_the_verb_and_in_the_table(cast, grown):
    disposal = propose(cast)
    assert refused(lambda: decide(cast, disposal, by=cast.director)) == "same_person"
    with pytest.raises(IntegrityError), nothing_kept():
        db.session.execute(update(Disposal).values(decided_by_user_id=Disposal.proposed_by_user_id))
    assert refused(lambda: propose(cast, by=cast.coordinator)) == "under_way"
    with pytest.raises(Conflict), nothing_kept():
        service.decide(cast.coordinator, disposal, seen=disposal.version + 1)
    decide(cast, disposal)
    assert refused(lambda: decide(cast, disposal)) == "not_proposed"
    assert disposal.not_before == NOW + timedelta(days=WAIT)


def test_p26_before_the_waiting_time_is_over_nothing_goes_and_there_is_a_way_back(cast, grown):
    disposal = propose(cast)
    decide(cast, disposal)
    with clock.at(NOW + timedelta(days=WAIT) - timedelta(seconds=1)):
        work()
        job = db.session.scalars(select(Job.id).where(Job.name == service.CARRY_OUT_JOB)).one()
        assert not jobs.run(job)
        assert disposal_carrying_out.carry_out(disposal.id) == jobs.Postponed(disposal.not_before)
        with transaction():
            service.call_off(cast.director, disposal, seen=disposal.version)
    with clock.at(NOW + timedelta(days=WAIT + 1)):
        work()
    assert db.session.scalar(select(func.count(Case.id))) == 4
    assert refused(lambda: service.call_off(cast.director, disposal, seen=disposal.version)) == "over"
    assert propose(cast).id != disposal.id, "and it can be proposed anew"
    assert broken_promises() == []


def test_p26_a_plan_that_was_changed_stops_a_proposal_and_keeps_what_was_decided(cast, grown):
    disposal = propose(cast)
    adopt(cast, a_plan(50))
    assert refused(lambda: decide(cast, disposal)) == "plan_changed"
    with transaction():
        service.call_off(cast.coordinator, disposal, seen=disposal.version)
    adopt(cast)
    disposal = propose(cast)
    decide(cast, disposal)
    adopt(cast, a_plan(50))
    with clock.at(NOW + timedelta(days=WAIT)):
        work()
    assert [item.left_why for item in queries.items_of(disposal)] == [Hindrance.NOT_DUE] * 2
    assert db.session.scalar(select(func.count(Case.id))) == 4
    assert [plan.version for plan in queries.plans(cast.director, cast.federation().id)] == [4, 3, 2, 1]


def why(cast, as_of: date | None = None) -> dict[int, tuple[Hindrance, ...]]:
    found = queries.dry_run(cast.director, cast.federation().id, as_of or clock.today())
    return {line.subject_id: line.why for line in found.staying}


def test_p26_what_is_still_needed_stays_and_says_why(cast, grown):
    old, _kept, newest = grown
    first, second = old
    adopt(cast, a_plan(1))
    assert why(cast, date(2030, 3, 5)) == {newest.id: (Hindrance.YEAR, Hindrance.NEWEST)}
    assert why(cast) == {}
    with nothing_kept():
        fault = faults.suspect(cast.coordinator, first.federation_id, Details("Dörren"), first, "Samma.")
        assert why(cast)[first.id] == (Hindrance.FAULT,)
        faults.close(cast.coordinator, fault, "Klart.", seen=fault.version)
        assert first.id not in why(cast)
    with nothing_kept():
        meeting = plan_meeting(cast.coordinator, cast.federation(), MeetingPlan(date(2030, 3, 14)))
        put_on_agenda(cast.coordinator, first, meeting, "Är rutinen känd?")
        assert why(cast)[first.id] == (Hindrance.MEETING,)
    with nothing_kept():
        db.session.execute(update(CaseFact).where(CaseFact.case_id == first.id).values(number="en annan"))
        assert why(cast)[first.id] == (Hindrance.FACTS,)
    with nothing_kept():
        db.session.execute(update(Case).where(Case.id == first.id).values(merged_into_id=second.id))
        assert why(cast) == {}, "both go"
        db.session.execute(update(Case).where(Case.id == newest.id).values(merged_into_id=second.id))
        assert why(cast)[second.id] == (Hindrance.MERGED,)


def test_p26_what_came_to_need_it_after_the_decision_is_left_and_told(cast, grown):
    old, _kept, _newest = grown
    disposal = propose(cast)
    decide(cast, disposal)
    with transaction():
        faults.suspect(cast.coordinator, old[0].federation_id, Details("Dörren"), old[0], "Samma.")
        closing.reopen(cast.coordinator, old[1], seen=old[1].version)
    with clock.at(NOW + timedelta(days=WAIT)):
        work()
    left = {item.subject_id: item.left_why for item in queries.items_of(disposal)}
    assert left == {old[0].id: Hindrance.FAULT, old[1].id: Hindrance.NOT_DUE}
    assert db.session.scalar(select(func.count(Case.id))) == 4
    assert broken_promises() == []


def test_p26_a_merged_case_goes_before_the_one_it_went_on_in(cast):
    with clock.at(NOW - timedelta(days=365 * 5)):
        first, second = (cast.reach(CaseStatus.ASSIGNED) for _ in range(2))
        with transaction():
            closing.merge(cast.coordinator, first, second, seen=first.version)
            closing.close(cast.coordinator, second, CloseReason.SOLVED, "Klart.", seen=second.version)
    ids = {first.id, second.id}
    freeze(cast, 2025)
    closed(cast, 2029)
    with clock.at(NOW), pytest.MonkeyPatch.context() as small:
        small.setattr(disposal_carrying_out, "PORTION", 1)
        adopt(cast)
        disposal = dispose(cast)
    assert {item.subject_id for item in queries.items_of(disposal) if item.disposed_at is not None} == ids


def test_p26_a_figure_that_would_change_takes_the_portion_back(app, cast, grown, monkeypatch):
    disposal = propose(cast)
    decide(cast, disposal)
    monkeypatch.setitem(
        app.extensions, disposal_proof.FIGURES, lambda _federation: str(db.session.scalar(select(func.count(Case.id))))
    )
    with clock.at(NOW + timedelta(days=WAIT)):
        assert not jobs.run(db.session.scalars(select(Job.id).where(Job.name == service.CARRY_OUT_JOB)).one())
    db.session.expire_all()
    assert db.session.scalar(select(func.count(Case.id))) == 4
    assert db.session.scalar(select(func.count(DisposalItem.disposed_at))) == 0


def test_p33_killed_between_any_two_portions_it_goes_on_where_it_was(cast, grown, monkeypatch):
    disposal = propose(cast)
    decide(cast, disposal)
    monkeypatch.setattr(disposal_carrying_out, "PORTION", 1)
    with clock.at(NOW + timedelta(days=WAIT)):
        for left in (3, 2, 2):
            with nothing_kept():
                disposal_carrying_out.carry_out(disposal.id)  # killed before it was kept
            with transaction():
                disposal_carrying_out.carry_out(disposal.id)
            db.session.expire_all()
            assert db.session.scalar(select(func.count(Case.id))) == left
            assert [finding for finding in broken_promises() if finding.promise != "P5"] == []
            if left == 3:
                assert refused(lambda: service.call_off(cast.director, disposal, seen=disposal.version)) == "begun"
    assert disposal.status == "done"


def test_p26_the_mails_and_jobs_of_a_case_go_with_it(cast, grown):
    old, kept, _newest = grown
    about = [case.id for case in old]
    before = set(db.session.scalars(select(Message.id).where(Message.subject_id == kept.id)))
    dispose(cast)
    cases = [name for name in JOBS if JOBS[name] == "case_file"]

    left = select(Job.id).where(Job.name.in_(cases), Job.subject_id.in_(about))
    assert db.session.scalars(left).all() == []
    assert before <= set(db.session.scalars(select(Message.id)))


def test_p26_a_case_that_was_handed_over_stays_until_the_giver_has_let_go(cast):
    with clock.at(NOW - timedelta(days=365 * 5)), transaction():
        case = cast.reach(CaseStatus.UNROUTED, ELSEWHERE)
        offer = handing_over.offer(cast.outsider, case, cast.federation(), "Skäl.", "Text.", seen=case.version)
        new = handing_over.take_over(cast.coordinator, offer)
        beside.write_note(cast.coordinator, new, "En rad.")
        closing.close(cast.coordinator, new, CloseReason.SOLVED, "Klart.", seen=new.version)
    new_id = new.id
    freeze(cast, 2025)
    freeze(cast, 2025, slug=ELSEWHERE)
    closed(cast, 2029)
    with clock.at(NOW):
        adopt(cast)
        assert why(cast)[new_id] == (Hindrance.HANDED_HERE,)
        adopt(cast, slug=ELSEWHERE)
        with transaction():
            there = service.propose(cast.outsider, case.federation_id, clock.today())
            service.decide(cast.person("forbundschef", ELSEWHERE), there, seen=there.version)
        with clock.at(NOW + timedelta(days=WAIT)):
            work()
        assert there.status == "done"
        assert new_id not in why(cast)
        dispose(cast)
    assert db.session.get(Case, new_id) is None
    assert broken_promises() == []


def test_p26_every_table_that_points_at_a_case_is_in_the_register(context):
    assert unknown_pointers() == []
    keys = {f"{key.parent.table.name}.{key.parent.name}" for t in Base.metadata.sorted_tables for key in t.foreign_keys}
    assert set(POINTERS) <= keys
    loose = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not column.foreign_keys
        and (column.name == "subject_id" or column.name.endswith(("case_id", "report_id", "duty_id", "merged_into_id")))
    }
    assert loose == set(WITHOUT_KEY)
    assert set(jobs.names(context)) == set(JOBS)


def test_p26_nothing_is_deleted_while_a_table_is_not_in_the_register(cast, grown, monkeypatch):
    disposal = propose(cast)
    decide(cast, disposal)
    monkeypatch.delitem(POINTERS, "note.case_id")
    with clock.at(NOW + timedelta(days=WAIT)), pytest.raises(NobodyDecided, match=r"note\.case_id"):
        disposal_carrying_out.carry_out(disposal.id)


def test_p26_the_check_finds_what_is_gone_without_a_decision_and_a_grave_that_nobody_dug(cast, grown):
    old, kept, _newest = grown
    gone, there = old[0].id, kept.id
    dispose(cast)
    with nothing_kept():
        db.session.execute(update(DisposalItem).where(DisposalItem.subject_id == gone).values(disposed_at=None))
        found = {(one.promise, one.subject) for one in broken_promises()}
        assert found >= {("P26", f"case {gone}")}
    with nothing_kept():
        db.session.execute(update(DisposalItem).where(DisposalItem.subject_id == gone).values(subject_id=there))
        assert ("P26", f"case {there}") in {(one.promise, one.subject) for one in broken_promises()}
    with nothing_kept():
        somebody = cast.outsider.user_id
        db.session.execute(update(Disposal).values(proposed_by_user_id=somebody))
        assert {one.why for one in broken_promises()} == {"was not decided by two persons"}


def test_the_outsider_and_who_has_no_right_can_neither_plan_nor_see(cast, grown):
    home = cast.federation().id
    disposal = propose(cast)
    for actor in (cast.outsider, cast.person("chef.af")):
        for what in (
            lambda actor=actor: service.adopt_plan(actor, home, a_plan(), seen=1),
            lambda actor=actor: service.propose(actor, home, clock.today()),
            lambda actor=actor: service.decide(actor, disposal, seen=1),
            lambda actor=actor: service.call_off(actor, disposal, seen=1),
            lambda actor=actor: queries.disposal_for(actor, home, disposal.id),
            lambda actor=actor: queries.dry_run(actor, home, clock.today()),
        ):
            with pytest.raises(NotAllowedToSee):
                what()


def test_a_plan_has_limits_and_the_year_end_counts_from_the_next_first_of_january(cast):
    home = cast.federation().id

    def adopting(plan):
        return lambda: service.adopt_plan(cast.director, home, plan, seen=0)

    assert refused(adopting(a_plan(0))) == "too_small"
    assert refused(adopting(a_plan(101))) == "too_large"
    assert refused(adopting(a_plan(2, days=90))) == "differs"
    with pytest.raises(Conflict), nothing_kept():
        service.adopt_plan(cast.director, home, a_plan(), seen=3)
    case = closed(cast, 2026)
    closed(cast, 2028)
    adopt(cast, a_plan(2, After.YEAR_END))
    for day, due in ((date(2028, 12, 31), False), (date(2029, 1, 1), True)):
        found = queries.dry_run(cast.director, home, day)
        assert (case.id in {line.subject_id for line in (*found.going, *found.staying)}) is due
