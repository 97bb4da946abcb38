"""Names that two places must agree on: labels for enums, tasks for jobs, templates for message kinds."""

from __future__ import annotations

import re
from pathlib import Path

from celery import Celery
from flask_babel import force_locale

from config import PROJECT
from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.actions.models import ActionStatus
from lexheller.app.health import SWEEP as HEALTH_SWEEP
from lexheller.cases.labels import EVENT, STATUS, STEP
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import contact_of
from lexheller.cases.states import BEGINNINGS, TRANSITIONS, CaseStatus, DutyStatus, Step
from lexheller.casework import notices
from lexheller.casework import service as casework
from lexheller.core import jobs
from lexheller.core.db import Base, db
from lexheller.core.jobs import Job, JobStatus
from lexheller.intake import service as intake
from lexheller.messaging.kinds import kind_names, kind_of
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from worker.schedule import SCHEDULE, SWEEP
from worker.tasks import register_tasks

CODE = [*Path(PROJECT / "lexheller").rglob("*.py")]
CHECKED_BY_DATABASE = {
    ("case_file", "status_known"): CaseStatus,
    ("duty", "status_known"): DutyStatus,
    ("job", "status_known"): JobStatus,
    ("message", "status_known"): MessageStatus,
    ("action", "status_known"): ActionStatus,
    ("role_assignment", "role_known"): Role,
}


def test_every_status_step_and_event_of_a_case_has_words():
    assert set(STATUS) == set(CaseStatus)
    assert set(STEP) == set(Step)
    assert set(EVENT) == {transition.event for transition in TRANSITIONS.values()} | set(BEGINNINGS)


def test_every_role_has_rights_and_every_right_a_role():
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)


def test_the_database_knows_the_members_that_the_code_knows():
    for (table, name), enum in CHECKED_BY_DATABASE.items():
        check = next(
            check
            for check in Base.metadata.tables[table].constraints
            if check.name == f"ck_{table}_{name}" or check.name == name
        )
        assert set(re.findall(r"'([^']+)'", str(check.sqltext))) == set(enum), table


def test_enum_columns_are_wide_enough():
    for model, column, enum in (
        (Case, "status", CaseStatus),
        (Duty, "status", DutyStatus),
        (Job, "status", JobStatus),
        (Message, "status", MessageStatus),
        (Message, "recipient_type", RecipientType),
    ):
        assert max(map(len, enum)) <= model.__table__.columns[column].type.length


def test_every_job_has_a_task_and_every_scheduled_name_is_one(context):
    celery = Celery("test")
    register_tasks(celery, context)
    tasks = {name for name in celery.tasks if not name.startswith("celery.")}
    assert tasks == set(jobs.names(context)) | {entry["task"] for entry in SCHEDULE.values()}
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in tasks)


def test_names_that_are_written_twice_are_equal():
    assert intake.ROUTE_JOB == casework.ROUTE_JOB
    assert HEALTH_SWEEP == SWEEP


def test_every_job_that_is_asked_for_is_registered(context):
    constants = dict(re.findall(r'^([A-Z_]*JOB) = "([a-z_.]+)"$', "\n".join(map(read, CODE)), re.MULTILINE))
    assert set(constants.values()) == set(jobs.names(context))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_message_kind_that_is_asked_for_is_registered(context):
    asked = {notices.ASSIGNED, notices.UNROUTED, notices.ANSWERED, *notices.REPORTER_NEWS.values(), intake.RECEIVED}
    assert asked == set(kind_names(context))


def test_p07_every_message_kind_has_words_in_both_languages_and_none_of_the_case(cast):
    secret = "Sekretessordet"
    case = cast.reach(CaseStatus.ASSIGNED, what_happened=f"{secret} i anmälan.", consequence=secret)
    recipients = {
        notices.ASSIGNED: casework.notices.responsible_managers(
            casework.open_duty(case.id).unit_id, casework.clock.today()
        )[0].id,
        notices.UNROUTED: cast.coordinator.user_id,
        notices.ANSWERED: cast.coordinator.user_id,
    }
    reporter = contact_of(case.report_id).report_id
    for name in kind_names(cast.app):
        message = Message(
            kind=name,
            key=f"test:{name}",
            federation_id=case.federation_id,
            subject_id=case.id,
            recipient_type="user",
            recipient_id=recipients.get(name, reporter),
        )
        said = {}
        for locale in ("sv", "en"):
            with force_locale(locale):
                words = kind_of(name).words(message)
                body = cast.app.jinja_env.get_template(words.template).render(**words.values)
                said[locale] = (words.subject, body)
                assert case.number in words.subject
                assert words.values["link"] in body
                assert secret not in words.subject + body
        assert said["sv"][0] != said["en"][0], f"{name}: the subject is not translated"
        assert said["sv"][1] != said["en"][1], f"{name}: the text is not translated"
    db.session.rollback()
