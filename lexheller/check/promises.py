"""The checker for `PROMISES`: reads a live database and names every broken one.

Changes nothing. Each check answers findings for a promise or two. It may run while the system works: what is under way
is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from lexheller.audit.models import Event
from lexheller.cases.models import Case, Duty, Report
from lexheller.check.actions import action_clocks, actions_as_told
from lexheller.check.diary import no_number_is_missing
from lexheller.check.disposals import gone_by_decision
from lexheller.check.duties import never_nowhere, routed_once
from lexheller.check.editions import editions_as_frozen, one_of_a_year_stands
from lexheller.check.figures import facts_as_told
from lexheller.check.finding import Check, Finding
from lexheller.check.heads import kept_heads_fit
from lexheller.check.histories import along_the_table, chain_holds
from lexheller.check.messages import fires_once, message_has_job, recipients_belong
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.messaging.models import Message, MessageStatus


def stored_once() -> Iterator[Finding]:
    """P1: a submission id has one report, a report one case."""
    twice = (
        select(Report.federation_id, Report.submission_id)
        .group_by(Report.federation_id, Report.submission_id)
        .having(func.count() > 1)
    )
    for federation_id, submission_id in db.session.execute(twice):
        yield Finding("P1", federation_id, f"submission {submission_id}", "stored twice")
    doubled = select(Case.report_id, func.min(Case.federation_id)).group_by(Case.report_id).having(func.count() > 1)
    for report_id, federation_id in db.session.execute(doubled):
        yield Finding("P1", federation_id, f"report {report_id}", "two cases")


def never_half() -> Iterator[Finding]:
    """P2: no report without its case, of the same federation."""
    query = (
        select(Report.id, Report.federation_id, Case.federation_id)
        .outerjoin(Case, Case.report_id == Report.id)
        .where(or_(Case.id.is_(None), Case.federation_id != Report.federation_id))
    )
    for report_id, federation_id, case_federation in db.session.execute(query):
        why = "no case" if case_federation is None else "case in another federation"
        yield Finding("P2", federation_id, f"report {report_id}", why)


CHECKS: tuple[Check, ...] = (
    stored_once,
    never_half,
    routed_once,
    never_nowhere,
    message_has_job,
    recipients_belong,
    fires_once,
    along_the_table,
    actions_as_told,
    action_clocks,
    facts_as_told,
    gone_by_decision,
    no_number_is_missing,
    editions_as_frozen,
    one_of_a_year_stands,
    chain_holds,
    kept_heads_fit,
)
PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P12", "P14", "P26", "P28", "P29", "P30")


def broken_promises() -> list[Finding]:
    """Every finding of every check, in their order."""
    return [finding for check in CHECKS for finding in check()]


def totals() -> dict[str, int]:
    """What was looked at: rows by kind, messages possibly sent twice (P5), and parked jobs."""
    return {
        "reports": db.session.scalar(select(func.count(Report.id))) or 0,
        "duties": db.session.scalar(select(func.count(Duty.id))) or 0,
        "messages": db.session.scalar(select(func.count(Message.id))) or 0,
        "events": db.session.scalar(select(func.count(Event.id))) or 0,
        "possible_doubles": _possible_doubles(),
        "parked_jobs": db.session.scalar(select(func.count(Job.id)).where(Job.status == JobStatus.PARKED)) or 0,
    }


def _possible_doubles() -> int:
    """Messages whose delivery was begun more than once: the mail may have left before a crash (P5)."""
    query = select(func.count(Message.id)).where(Message.status == MessageStatus.SENT, Message.attempts > 1)
    return db.session.scalar(query) or 0
