"""The indexes that the desk reads by, on tables of the floors below: a queue, a search and a start page cost the same
however many cases there are. Each is named for what it finds.

A partial index is used only where a query says the same words: `is_live` and its like, never a bound value.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Index, bindparam, text

from lexheller.cases.dialogue import Handover, Proposal, Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.core.jobs import Job, JobStatus

_WITH_CLOCK = (CaseStatus.ASSIGNED, CaseStatus.ACCEPTED)
_LIVE = (DutyStatus.OPEN, DutyStatus.ACCEPTED)


def _literal(values: tuple[str, ...]) -> Any:
    """Values that are written into the statement."""
    return bindparam(None, value=[str(value) for value in values], expanding=True, literal_execute=True)


def _same(value: str) -> BindParameter[str]:
    return bindparam(None, value=str(value), literal_execute=True)


def is_live(duty: Any = Duty) -> ColumnElement[bool]:
    """The duty waits for an answer."""
    found: ColumnElement[bool] = duty.status.in_(_literal(_LIVE))
    return found


def was_answered(duty: Any = Duty) -> ColumnElement[bool]:
    found: ColumnElement[bool] = duty.status == _same(DutyStatus.ANSWERED)
    return found


def was_returned(duty: Any = Duty) -> ColumnElement[bool]:
    found: ColumnElement[bool] = duty.status == _same(DutyStatus.RETURNED)
    return found


def has_no_clock() -> ColumnElement[bool]:
    """No unit is to answer the case now; the same as that it has no live duty."""
    return Case.status.not_in(_literal(_WITH_CLOCK))


def is_running() -> ColumnElement[bool]:
    return Case.status != _same(CaseStatus.CLOSED)


def is_parked() -> ColumnElement[bool]:
    return Job.status == _same(JobStatus.PARKED)


def _partial(name: str, *columns: Any, where: str, sqlite: str | None = None) -> Index:
    return Index(name, *columns, sqlite_where=text(sqlite or where), postgresql_where=text(where))


_CASE_ORDER = (Case.received_at, Case.id)
_LIVE_WORDS = "status IN ('open', 'accepted')"

INDEXES = (
    Index("ix_case_theme", Case.federation_id, Case.theme_id, *_CASE_ORDER),
    Index("ix_case_municipality", Case.federation_id, Case.municipality_id, *_CASE_ORDER),
    Index("ix_case_organisation", Case.federation_id, Case.concerned_organisation_id, *_CASE_ORDER),
    Index("ix_case_reporting", Case.federation_id, Case.reporting_organisation_id, *_CASE_ORDER),
    Index("ix_case_answered_on", Case.federation_id, Case.answered_on, Case.received_on),
    _partial("ix_case_running", Case.federation_id, *_CASE_ORDER, where="status != 'closed'"),
    _partial("ix_case_no_clock", Case.federation_id, *_CASE_ORDER, where="status NOT IN ('assigned', 'accepted')"),
    _partial("ix_case_in_doubt", Case.federation_id, *_CASE_ORDER, where="in_doubt IS true", sqlite="in_doubt IS 1"),
    Index("ix_duty_unit_case", Duty.unit_id, Duty.case_id),
    _partial("ix_duty_live_due", Duty.federation_id, Duty.due_on, Duty.id, where=_LIVE_WORDS),
    _partial("ix_duty_live_unit", Duty.unit_id, Duty.due_on, Duty.id, where=_LIVE_WORDS),
    _partial("ix_duty_paused", Duty.federation_id, Duty.case_id, where="paused_on IS NOT NULL"),
    _partial("ix_duty_answered", Duty.unit_id, Duty.ended_at, Duty.id, where="status = 'answered'"),
    _partial("ix_duty_returned", Duty.federation_id, Duty.ended_at, where="status = 'returned'"),
    _partial("ix_proposal_waiting", Proposal.federation_id, Proposal.case_id, where="settled_at IS NULL"),
    _partial("ix_handover_waiting", Handover.federation_id, Handover.case_id, where="decision IS NULL"),
    Index("ix_question_replied", Question.federation_id, Question.replied_at),
    _partial("ix_job_parked", Job.federation_id, Job.id, where="status = 'parked'"),
)
