"""Names that two places must agree on: labels for enums, tasks for jobs, templates for message kinds."""

from __future__ import annotations

import re
from pathlib import Path

from celery import Celery

from config import PROJECT
from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.action_reports.states import Fulfilment
from lexheller.actions.clocks import KINDS as KINDS_OF_STEPS
from lexheller.actions.models import ActionStatus, FollowUpStatus
from lexheller.actions.states import Judgement
from lexheller.app.health import SWEEP as HEALTH_SWEEP
from lexheller.cases.dialogue import FeedbackKind, HandoverDecision, ProposalKind, Worked
from lexheller.cases.labels import EVENT, STATUS, STEP
from lexheller.cases.states import BEGINNINGS, TRANSITIONS, CaseStatus, CloseReason, DutyStatus, Step
from lexheller.casework import notices, sending
from lexheller.check.duties import TELL_OFFICE
from lexheller.core import jobs
from lexheller.core.db import Base
from lexheller.core.jobs import JobStatus
from lexheller.deadlines.schedule import DueStepKind
from lexheller.deadlines.sweep import ESCALATED, OVERDUE, REMINDED
from lexheller.faults.patterns_rules import PatternStatus, Trend
from lexheller.faults.states import Broken, FaultStatus
from lexheller.intake import service as intake
from lexheller.intake.following import FOLLOW_UP_KIND
from lexheller.intake.service import Channel
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.messaging.kinds import kind_names
from lexheller.messaging.models import MessageStatus, RecipientType
from lexheller.organisations.models import TextStep, ThemeChangeKind
from lexheller.privacy.masking import MASKED, MaskDecision, MaskReason
from lexheller.records.diary_rules import Correspondent, Direction, EntryKind
from lexheller.records.disposal_rules import DECIDED, After, DisposalStatus, DocumentKind, Hindrance
from lexheller.records.masking_places import Kind as MaskedKind
from lexheller.records.release_states import CopyForm, PackageStatus
from lexheller.records.release_states import Decision as ReleaseDecision
from lexheller.routing.states import RuleSetStatus
from lexheller.statements.rules import Assessor, Conformity
from worker.schedule import SCHEDULE, SWEEP
from worker.tasks import register_tasks

BESIDE_THE_TABLE = {
    MASKED,
    "case.address_disposed",
    "case.contact_opened",
    "case.reporter_link_closed",
    REMINDED,
    OVERDUE,
    ESCALATED,
}
CODE = [*Path(PROJECT / "lexheller").rglob("*.py")]
CHECKED_BY_DATABASE = {
    ("case_file", "status"): CaseStatus,
    ("duty", "status"): DutyStatus,
    ("due_step", "step"): DueStepKind,
    ("feedback", "kind"): FeedbackKind,
    ("feedback", "worked"): Worked,
    ("handover", "decision"): HandoverDecision,
    ("proposal", "kind"): ProposalKind,
    ("fault", "status"): FaultStatus,
    ("fault", "broken"): Broken,
    ("fault_pattern", "status"): PatternStatus,
    ("fault_pattern", "trend"): Trend,
    ("job", "status"): JobStatus,
    ("message", "status"): MessageStatus,
    ("action", "status"): ActionStatus,
    ("action_follow_up", "status"): FollowUpStatus,
    ("action_follow_up", "judgement"): Judgement,
    ("action_due_step", "kind"): KINDS_OF_STEPS,
    ("role_assignment", "role"): Role,
    ("disposal", "status"): DisposalStatus,
    ("disposal_item", "kind"): DECIDED,
    ("disposal_rule", "kind"): DocumentKind,
    ("disposal_rule", "after"): After,
    ("statement_settings", "conformity"): Conformity,
    ("statement_settings", "tested_by"): Assessor,
    ("meeting_group", "kind"): GroupKind,
    ("agenda_item", "outcome"): Outcome,
    ("rule_set", "status"): RuleSetStatus,
    ("standard_text", "step"): TextStep,
    ("theme_change", "kind"): ThemeChangeKind,
    ("report_goal", "fulfilment"): Fulfilment,
    ("diary_entry", "direction"): Direction,
    ("diary_entry", "correspondent"): Correspondent,
    ("diary_entry", "kind"): EntryKind,
    ("release_document", "decision"): ReleaseDecision,
    ("release_copy", "form"): CopyForm,
    ("release_package", "status"): PackageStatus,
    ("masking", "decision"): MaskDecision,
    ("masking", "reason"): MaskReason,
    ("report", "source"): ("form", "import", "office", "handover"),
}
KEPT_AS_TEXT = {
    ("message", "recipient_type"): RecipientType,
    ("digest", "recipient_type"): RecipientType,
    ("case_file", "close_reason"): CloseReason,
    ("report", "channel"): Channel,
    ("masking", "kind"): MaskedKind,
    ("disposal_item", "left_why"): Hindrance,
}


def test_every_status_step_and_event_of_a_case_has_words():
    assert set(STATUS) == set(CaseStatus)
    assert set(STEP) == set(Step)
    assert set(EVENT) == {transition.event for transition in TRANSITIONS.values()} | set(BEGINNINGS) | BESIDE_THE_TABLE


def test_every_role_has_rights_and_every_right_a_role():
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)


def test_the_database_knows_the_members_that_the_code_knows_in_every_list_of_them():
    found = {}
    for table in Base.metadata.tables.values():
        for check in table.constraints:
            listed = re.fullmatch(r"(?:\w+ IS NULL OR )?(\w+) IN \(([^)]*)\)", str(getattr(check, "sqltext", "")))
            if listed:
                found[table.name, listed[1]] = set(re.findall(r"'([^']+)'", listed[2]))
    assert found == {place: set(members) for place, members in CHECKED_BY_DATABASE.items()}


def test_enum_columns_are_wide_enough():
    for (table, column), members in (CHECKED_BY_DATABASE | KEPT_AS_TEXT).items():
        assert max(map(len, members)) <= Base.metadata.tables[table].columns[column].type.length, (table, column)


def test_every_job_has_a_task_and_every_scheduled_name_is_one(context):
    celery = Celery("test")
    register_tasks(celery, context)
    tasks = {name for name in celery.tasks if not name.startswith("celery.")}
    assert tasks == set(jobs.names(context)) | {entry["task"] for entry in SCHEDULE.values()}
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in tasks)


def test_names_that_are_written_twice_are_equal():
    assert intake.ROUTE_JOB == sending.ROUTE_JOB
    assert HEALTH_SWEEP == SWEEP


def test_every_job_that_is_asked_for_is_registered(context):
    constants = dict(re.findall(r'^([A-Z_]*JOB) = "([a-z_.]+)"$', "\n".join(map(read, CODE)), re.MULTILINE))
    assert set(constants.values()) == set(jobs.names(context))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_message_kind_that_is_asked_for_is_registered_and_none_besides(context):
    """The names of kinds are constants beside the calls that ask for them; who gets what: `messaging/scenes`."""
    rooms = "accounts|actions|administration|casework|deadlines|faults|intake|meetings|records"
    pattern = rf'^[A-Z_]+ = "((?:{rooms})\.[a-z_]+)"$'
    constants = set(re.findall(pattern, "\n".join(map(read, CODE)), re.MULTILINE))
    asked = constants & set(kind_names(context)) | set(notices.REPORTER_NEWS.values())
    assert asked == set(kind_names(context))
    assert notices.REPORTER_NEWS["follow_up"] == FOLLOW_UP_KIND
    assert set(TELL_OFFICE) <= asked


def test_every_kind_has_a_template_in_the_folder_of_its_slice_and_no_template_is_left_over(context):
    said = set(re.findall(r'"(email/[a-z_]+/[a-z_]+\.txt)"', "\n".join(map(read, CODE))))
    folder = PROJECT / "templates" / "email"
    there = {f"email/{path.relative_to(folder)}" for path in folder.glob("*/*.txt")}
    by_name = {f"email/{name.replace('.', '/')}.txt" for name in kind_names(context)}
    assert said <= there
    assert there <= said | by_name | {f"email/deadlines/for_{whom}.txt" for whom in ("manager", "superior", "office")}
