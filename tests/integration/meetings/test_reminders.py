"""The office is reminded before material is due: once, in the morning of a working day, of what will be held."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask_babel import force_locale

from lexheller.cases.states import CaseStatus
from lexheller.core import clock, jobs
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.models import Meeting
from lexheller.meetings.reminders import MATERIAL_DUE, MATERIAL_JOB
from lexheller.meetings.rules import remind_on
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.service import Plan, cancel_meeting, move_meeting
from lexheller.messaging.kinds import kind_of
from lexheller.messaging.models import Message, MessageStatus
from tests.cast.people import Cast
from tests.integration.meetings.days import meeting_in, working_day


def reminders() -> list[Job]:
    return list(db.session.scalars(db.select(Job).where(Job.name == MATERIAL_JOB).order_by(Job.id)))


def mails() -> list[Message]:
    return list(db.session.scalars(db.select(Message).where(Message.kind == MATERIAL_DUE).order_by(Message.id)))


def moment(meeting: Meeting, *, days: int = 0, hour: int = 9) -> datetime:
    """On the day of the reminder, or so many working days later, at that hour in Sweden."""
    calendar = frame_of(meeting.federation_id).calendar
    day = add_working_days(remind_on(meeting.material_due_on, calendar), days, calendar)
    return datetime.combine(day, time(hour), tzinfo=SWEDEN)


def run_at(when: datetime) -> None:
    """The clock tick that comes at this moment."""
    with clock.at(when):
        for job in reminders():
            jobs.run(job.id)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return meeting_in(cast, 45)


def test_p08_the_reminder_comes_on_its_day_and_once(cast, meeting):
    (job,) = reminders()
    assert job.key == f"{MATERIAL_JOB}:{meeting.id}:{meeting.material_due_on.isoformat()}"
    assert job.due_at.astimezone(SWEDEN).hour == 8
    run_at(moment(meeting, hour=7))
    assert mails() == []
    for _ in range(2):
        run_at(moment(meeting))
    (message,) = mails()
    assert message.recipient_id == cast.coordinator.user_id
    assert message.subject_id == meeting.id


def test_p08_a_tick_that_was_missed_is_made_up_for_while_it_helps(meeting):
    run_at(moment(meeting, days=2))
    assert len(mails()) == 1


def test_after_the_material_was_due_nobody_is_reminded(meeting):
    run_at(datetime.combine(meeting.material_due_on + timedelta(days=1), time(9), tzinfo=SWEDEN))
    assert mails() == []
    assert reminders()[0].status == JobStatus.DONE


def test_p09_no_reminder_at_night_or_on_a_day_off(meeting):
    late = moment(meeting, hour=22)
    run_at(late)
    assert mails() == []
    (job,) = reminders()
    assert job.status == JobStatus.WAITING
    assert job.due_at > late
    assert frame_of(meeting.federation_id).calendar.is_working_day(clock.day_of(job.due_at))
    run_at(job.due_at)
    assert len(mails()) == 1


def test_a_cancelled_meeting_reminds_nobody(cast, meeting):
    with transaction():
        cancel_meeting(cast.coordinator, meeting, seen=meeting.version)
    run_at(moment(meeting))
    assert mails() == []
    assert reminders()[0].status == JobStatus.DONE


def test_p09_nobody_is_reminded_of_material_that_was_sent_out(cast, meeting):
    with transaction():
        put_on_agenda(cast.coordinator, cast.reach(CaseStatus.ASSIGNED), meeting, "Vem tar det?")
        send_material(cast.coordinator, meeting, seen=meeting.version)
    run_at(moment(meeting))
    assert mails() == []


def test_a_meeting_that_was_moved_reminds_once_before_its_new_day(cast, meeting):
    before = moment(meeting)
    with transaction():
        move_meeting(cast.coordinator, meeting, Plan(working_day(cast, 90)), seen=meeting.version)
    assert len(reminders()) == 2
    run_at(before)
    assert mails() == []
    for hour, job in zip((9, 10), reminders(), strict=True):
        with clock.at(moment(meeting, hour=hour)):
            assert jobs.run(job.id)
    assert len(mails()) == 1
    assert {job.status for job in reminders()} == {JobStatus.DONE}


def test_moved_and_moved_back_it_still_reminds(cast, meeting):
    first = meeting.held_on
    for day in (working_day(cast, 90), first):
        with transaction():
            move_meeting(cast.coordinator, meeting, Plan(day), seen=meeting.version)
    run_at(moment(meeting))
    assert len(mails()) == 1


def test_a_meeting_too_near_to_remind_of_asks_for_nothing(cast):
    meeting_in(cast, 10)
    assert reminders() == []


def test_p06_only_those_who_prepare_meetings_of_a_meeting_that_will_be_held(cast, meeting):
    run_at(moment(meeting))
    (message,) = mails()
    address = kind_of(MATERIAL_DUE).address
    assert address(message).email == cast.coordinator.email
    stranger = Message(federation_id=meeting.federation_id, subject_id=meeting.id, recipient_id=cast.outsider.user_id)
    assert address(stranger) is None
    elsewhere = Message(
        federation_id=cast.federation("finnveden").id, subject_id=meeting.id, recipient_id=cast.outsider.user_id
    )
    assert address(elsewhere) is None
    with transaction():
        cancel_meeting(cast.coordinator, meeting, seen=meeting.version)
    assert address(message) is None


def test_p06_a_coordinator_who_left_gets_no_mail(cast, meeting):
    run_at(moment(meeting))
    (message,) = mails()
    with clock.at(moment(meeting, hour=10)), transaction():
        cast.coordinator_leaves()
        jobs.run_waiting_now()
    assert message.status == MessageStatus.CANCELLED


def test_p07_the_mail_says_how_many_and_where_and_no_words_of_the_agenda(cast, meeting):
    secret = "Sekretessordet"
    for _ in range(2):
        case = cast.reach(CaseStatus.ASSIGNED, what_happened=f"{secret} i anmälan.")
        with transaction():
            put_on_agenda(cast.coordinator, case, meeting, f"{secret}?")
    run_at(moment(meeting))
    (message,) = mails()
    with force_locale("sv"):
        words = kind_of(MATERIAL_DUE).words(message)
        body = cast.app.jinja_env.get_template(words.template).render(**words.values)
    assert f"/moten/sodra-vatterbygden/{meeting.id}" in body
    assert "2 punkter står på dagordningen." in body
    assert secret not in words.subject + body
    assert case.number not in body
