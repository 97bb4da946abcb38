"""P11: pauses come from the event history, an extension is a new clock round, a changed calendar moves what runs."""

from __future__ import annotations

from datetime import date

import pytest
from clockwork import Clockwork, at
from sqlalchemy import event

from lexheller.accounts.rights import REPORTER, SYSTEM
from lexheller.administration import calendar
from lexheller.audit.queries import broken_links, history
from lexheller.cases import door
from lexheller.cases.dialogue import Question
from lexheller.cases.models import Duty
from lexheller.cases.states import CaseStatus, CloseReason, Step
from lexheller.casework import asking, closing, quarantine, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of, pauses_of, settings_of, why_due
from lexheller.deadlines.rules import Pause
from lexheller.intake import reporter_steps
from lexheller.organisations.lists import add_closed_day, remove_closed_day
from lexheller.organisations.models import ClosedDay


def why(works: Clockwork, duty: Duty) -> list[tuple[str, str]]:
    """As the case page explains it."""
    events = history(duty.federation_id, "case", duty.case_id)
    counted = why_due(duty, events, frame_of(duty.federation_id).calendar)
    return [(step.day.isoformat(), step.reason) for step in counted]


def close_day(works: Clockwork, day: str, when: str) -> None:
    """A closed day as the office adds it; the job that follows moves what runs."""
    with at(when), transaction():
        add_closed_day(works.cast.coordinator, works.federation_id, date.fromisoformat(day), "Studiedag")
    works.send(when)


def moves(duty: Duty) -> list[dict[str, object]]:
    events = history(duty.federation_id, "case_aside", duty.case_id)
    return [event.data for event in events if event.kind == "case.due_moved"]


def test_p09_nothing_fires_while_the_reporter_is_asked(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    assert duty.paused_on == date(2026, 3, 4)
    assert works.tick("2026-04-22 10:00") == 0


def test_p11_a_reply_moves_the_due_date_and_the_steps_by_the_days_it_took(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    works.no_longer_ask(duty, "2026-03-09 23:30")  # three working days after the question
    assert (duty.paused_on, duty.due_on) == (None, date(2026, 4, 2))
    assert works.waiting(duty) == {
        "acknowledge": "2026-03-11 08:00",
        "remind": "2026-03-30 08:00",
        "overdue": "2026-04-07 08:00",
        "escalate_1": "2026-04-13 08:00",
        "escalate_2": "2026-04-20 08:00",
        "escalate_3": "2026-04-27 08:00",
    }
    assert pauses_of(duty) == [Pause(date(2026, 3, 4), date(2026, 3, 9))]
    with at("2026-03-10 10:00"):
        assert ("2026-03-05", "paused") in why(works, duty)
        assert why(works, duty)[-1] == ("2026-04-02", "working_day")


def test_p11_the_reporters_own_reply_ends_the_pause_too(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    with at("2026-03-06 10:00"), transaction():
        case = works.case(duty)
        question = asking.open_question(case.id)
        assert question is not None
        question.reply, question.replied_at = "På tisdagen.", clock.now()
        door.take(REPORTER, Step.REPLY, case, seen=case.version, data={"question_id": question.id})
        clocks.resume(duty)
    assert duty.due_on == date(2026, 4, 1)


def reply_in_doubt(works: Clockwork, duty: Duty, when: str) -> Question:
    """What the reporter wrote may name somebody, so the office looks first."""
    with at(when), transaction():
        case = works.case(duty)
        question = asking.open_question(case.id)
        assert question is not None
        return reporter_steps.reply(case, question, "Anna Svensson hade hand om det.", looked=True)


def let_through(works: Clockwork, duty: Duty, when: str) -> None:
    with at(when), transaction():
        case = works.case(duty)
        keys = {one.key for one in quarantine.waiting_in(case)}
        quarantine.let_through(works.cast.coordinator, case, keys, seen=case.version)


def test_p11_p24_the_clock_stands_still_until_a_reply_in_doubt_is_let_through(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    reply_in_doubt(works, duty, "2026-03-05 10:00")
    assert works.tick("2026-04-07 08:00") == 0
    with at("2026-04-07 09:00"):
        assert ("2026-03-31", "paused") in why(works, duty)
    let_through(works, duty, "2026-04-07 10:00")
    assert (duty.paused_on, duty.due_on, duty.late_on) == (None, date(2026, 5, 4), None)
    assert pauses_of(duty) == [Pause(date(2026, 3, 4), date(2026, 4, 7))]
    assert works.waiting(duty)["overdue"] == "2026-05-05 08:00"
    with at("2026-04-08 10:00"):
        assert why(works, duty)[-1] == ("2026-05-04", "working_day")


def test_p11_p24_an_answer_while_a_reply_waits_to_be_looked_at_is_in_time(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    reply_in_doubt(works, duty, "2026-03-05 10:00")
    works.answer(duty, "2026-04-07 10:00")
    assert (duty.due_on, duty.late_on) == (date(2026, 5, 4), None)


def test_p11_p24_the_clock_goes_on_when_neither_question_nor_reply_waits(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    reply_in_doubt(works, duty, "2026-03-05 10:00")
    works.ask(duty, "2026-03-06 10:00")
    works.no_longer_ask(duty, "2026-03-09 10:00")
    assert duty.paused_on == date(2026, 3, 4), "the first reply still waits to be looked at"
    works.ask(duty, "2026-03-09 11:00")
    let_through(works, duty, "2026-03-10 10:00")
    assert duty.paused_on == date(2026, 3, 4), "another question waits"
    works.no_longer_ask(duty, "2026-03-11 10:00")
    assert duty.paused_on is None
    assert pauses_of(duty) == [Pause(date(2026, 3, 4), date(2026, 3, 11))]


def test_p11_asked_and_answered_the_same_day_moves_nothing(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    works.no_longer_ask(duty, "2026-03-04 15:00")
    assert duty.due_on == date(2026, 3, 30)
    assert works.waiting(duty)["overdue"] == "2026-03-31 08:00"


def test_p11_late_stays_late_when_the_reporter_is_asked_afterwards(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-04-01 10:00")  # due on 30 March, and no tick since
    assert duty.late_on == date(2026, 3, 31)
    works.no_longer_ask(duty, "2026-04-20 10:00")
    assert (duty.due_on, duty.late_on) == (date(2026, 3, 30), date(2026, 3, 31))
    works.answer(duty, "2026-04-21 10:00")
    assert duty.late_on == date(2026, 3, 31)


def test_p11_an_answer_while_the_reporter_is_asked_is_in_time(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-27 10:00")
    works.answer(duty, "2026-04-20 10:00")
    assert (duty.paused_on, duty.late_on) == (None, None)
    assert duty.due_on == date(2026, 4, 21), "one day was left"
    with at("2027-01-01 10:00"):
        assert why(works, duty)[-1] == ("2026-04-21", "working_day"), "the list ends where the duty did"


def test_p11_a_duty_opened_while_the_reporter_is_asked_begins_standing_still(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    with at("2026-03-05 10:00"), transaction():
        case = works.case(duty)
        second = sending.add_party(
            works.cast.coordinator, case, works.cast.unit("Försäkringskassan"), seen=case.version
        )
    assert second.paused_on == date(2026, 3, 5)
    works.no_longer_ask(duty, "2026-03-09 10:00")
    assert (second.paused_on, second.due_on) == (None, date(2026, 4, 8))


def test_p11_a_question_that_a_closed_case_left_open_pauses_no_later_duty(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    with at("2026-03-05 10:00"), transaction():
        case = works.case(duty)
        closing.close(works.cast.coordinator, case, CloseReason.SOLVED, "Klart.", seen=case.version)
    with at("2026-03-10 10:00"), transaction():
        closing.reopen(works.cast.coordinator, case, seen=case.version)
        unit = works.cast.unit("Försäkringskassan")
        (again,) = sending.assign(works.cast.coordinator, case, [unit], seen=case.version)
    assert again.paused_on is None
    assert again.due_on == clocks.due_on(duty.federation_id, date(2026, 3, 10), 20)


def test_p08_an_extension_is_a_new_clock_round_with_steps_of_its_own(works: Clockwork) -> None:
    duty = works.duty()
    works.tick("2026-03-25 08:00")
    works.extend(duty, 5, "2026-03-26 10:00")
    assert (duty.answer_days, duty.extended_days, duty.clock_round) == (25, 5, 2)
    assert duty.due_on == date(2026, 4, 8)
    assert works.waiting(duty) == {
        "remind": "2026-04-01 08:00",
        "overdue": "2026-04-09 08:00",
        "escalate_1": "2026-04-15 08:00",
        "escalate_2": "2026-04-22 08:00",
        "escalate_3": "2026-04-29 08:00",
    }
    assert works.tick("2026-04-01 08:00") == 1
    assert [step for step, _moment in works.fired(duty)] == ["acknowledge", "remind", "remind"]


def test_p08_a_reminder_that_would_have_been_before_the_extension_does_not_come(works: Clockwork) -> None:
    duty = works.duty()
    works.extend(duty, 1, "2026-03-30 10:00")
    assert "remind" not in works.waiting(duty)


def test_p08_an_extension_while_the_reporter_is_asked_counts_the_days_that_stood_still(works: Clockwork) -> None:
    duty = works.duty()
    works.tick("2026-03-16 08:00")
    works.ask(duty, "2026-03-20 10:00")
    works.extend(duty, 5, "2026-04-08 10:00")
    assert "remind" in works.waiting(duty)
    works.no_longer_ask(duty, "2026-04-08 15:00")
    assert (duty.due_on, duty.late_on) == (date(2026, 4, 23), None)
    assert works.waiting(duty)["remind"] == "2026-04-20 08:00"
    assert works.tick("2026-04-20 08:00") == 1


def test_an_extension_of_what_is_late_keeps_that_it_was_and_must_reach_beyond_today(works: Clockwork) -> None:
    duty = works.duty()
    with pytest.raises(InvalidInput) as refused:
        works.extend(duty, 2, "2026-04-01 10:00")
    assert (refused.value.field, refused.value.code) == ("days", "still_past")
    db.session.refresh(duty)
    works.extend(duty, 10, "2026-04-01 10:00")
    assert (duty.due_on, duty.late_on) == (date(2026, 4, 15), date(2026, 3, 31))


def test_p11_a_closed_day_moves_what_runs_and_the_old_date_stays_in_the_history(works: Clockwork) -> None:
    duty = works.duty()
    version = (works.case(duty).version, duty.version)
    close_day(works, "2026-03-16", "2026-03-10 10:00")
    db.session.refresh(duty)
    assert duty.due_on == date(2026, 3, 31)
    assert works.waiting(duty)["overdue"] == "2026-04-01 08:00"
    (moved,) = moves(duty)
    assert moved["duty_id"] == duty.id
    assert (moved["from"], moved["to"], moved["why"]) == ("2026-03-30", "2026-03-31", "calendar_changed")
    assert "was_late" not in moved
    assert (works.case(duty).version, duty.version) == version, "nobody's open form becomes a conflict"
    with at("2026-03-17 10:00"):
        assert ("2026-03-16", "closed:Studiedag") in why(works, duty)
        assert why(works, duty)[-1] == ("2026-03-31", "working_day")
    assert broken_links() == []


def test_p11_p33_many_are_moved_in_portions_each_a_job_of_its_own(works: Clockwork, monkeypatch) -> None:
    monkeypatch.setattr(clocks, "PORTION", 2)
    duties = [works.duty() for _ in range(5)]
    works.ask(duties[1], "2026-03-04 10:00")
    close_day(works, "2026-03-16", "2026-03-10 10:00")
    jobs = db.session.scalars(db.select(Job).where(Job.name == clocks.PORTION_JOB).order_by(Job.id)).all()
    assert [job.subject_id for job in jobs] == [duties[0].id, duties[2].id, duties[4].id]
    assert {job.status for job in jobs} == {JobStatus.DONE}
    for duty in duties:
        db.session.refresh(duty)
        assert (duty.due_on, len(moves(duty))) == (date(2026, 3, 31), 1)


def test_p33_what_a_closed_day_would_move_is_told_with_as_many_questions_whatever_runs(works: Clockwork) -> None:
    asked: list[int] = []
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        said.append(statement)

    for _ in range(2):
        works.duty()
        works.ask(works.duty(), "2026-03-04 10:00")
        db.session.expire_all()
        said.clear()
        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            with at("2026-03-10 10:00"):
                told = calendar.moves(works.federation_id, settings_of(works.federation_id), close=date(2026, 3, 16))
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        assert told.deadlines == told.running
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_p11_a_day_that_is_worked_after_all_moves_it_back(works: Clockwork) -> None:
    close = "2026-03-16"
    close_day(works, close, "2026-03-01 10:00")
    duty = works.duty()
    assert duty.due_on == date(2026, 3, 31)
    with at("2026-03-10 10:00"), transaction():
        row = db.session.scalars(db.select(ClosedDay).where(ClosedDay.day == date.fromisoformat(close))).one()
        remove_closed_day(works.cast.coordinator, row)
    works.send("2026-03-10 10:00")
    db.session.refresh(duty)
    assert duty.due_on == date(2026, 3, 30)
    assert moves(duty)[0]["to"] == "2026-03-30"


def test_p11_a_changed_calendar_never_turns_late_into_in_time(works: Clockwork) -> None:
    duty = works.duty()
    close_day(works, "2026-03-16", "2026-03-31 07:30")  # due yesterday; not a tick since
    db.session.refresh(duty)
    assert (duty.due_on, duty.late_on) == (date(2026, 3, 31), date(2026, 3, 31))
    assert moves(duty)[0]["was_late"] is True


def test_p11_steps_move_off_a_closed_day_though_the_due_date_stays(works: Clockwork) -> None:
    duty = works.duty()
    close_day(works, "2026-04-08", "2026-03-10 10:00")
    db.session.refresh(duty)
    assert duty.due_on == date(2026, 3, 30)
    assert moves(duty) == []
    assert works.waiting(duty)["escalate_1"] == "2026-04-09 08:00"


def test_p11_what_has_ended_is_not_moved(works: Clockwork) -> None:
    duty = works.duty()
    works.answer(duty, "2026-03-05 10:00")
    close_day(works, "2026-03-16", "2026-03-10 10:00")
    db.session.refresh(duty)
    assert duty.due_on == date(2026, 3, 30)
    assert works.case(duty).status == CaseStatus.ANSWERED


def test_p11_a_duty_whose_clock_stands_still_is_moved_by_the_calendar_alone(works: Clockwork) -> None:
    duty = works.duty()
    works.ask(duty, "2026-03-04 10:00")
    close_day(works, "2026-03-16", "2026-03-10 10:00")
    db.session.refresh(duty)
    assert duty.due_on == date(2026, 3, 31)
    works.no_longer_ask(duty, "2026-03-10 12:00")
    assert duty.due_on == date(2026, 4, 8)


def test_recalculating_twice_changes_nothing_the_second_time(works: Clockwork) -> None:
    duty = works.duty()
    close_day(works, "2026-03-16", "2026-03-10 10:00")
    with at("2026-03-11 10:00"), transaction():
        assert clocks.recalculate(SYSTEM, duty.federation_id) == 0
    assert len(moves(duty)) == 1


def test_p15_nobody_from_elsewhere_moves_deadlines(works: Clockwork) -> None:
    duty = works.duty()
    for actor in (works.cast.outsider, works.cast.manager_of(duty)):
        with pytest.raises(NotAllowedToSee):
            clocks.recalculate(actor, duty.federation_id)
