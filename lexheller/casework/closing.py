"""Ending a case, opening it again, and putting two reports of the same event together in a way that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.cases import conclusions, door
from lexheller.cases.models import Case
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CHOSEN_REASONS, CaseStatus, CloseReason, Step
from lexheller.casework import handing_over, notices, sharing
from lexheller.casework.asking import open_question
from lexheller.core import clock, jobs
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import next_open
from lexheller.privacy.refusal import refuse_identity_numbers

FOLLOW_UP_JOB = "casework.ask_how_it_went"
NINE = time(9)


def close(actor: Actor, case: Case, reason: CloseReason, conclusion: str, *, seen: int) -> None:
    """End the case with a reason and a conclusion that the reporter reads; what was open is withdrawn.

    After the federation's `follow_up_weeks` the reporter is asked how it worked out.
    """
    if not conclusion:
        raise InvalidInput("conclusion", "required")
    if reason not in CHOSEN_REASONS:
        raise InvalidInput("reason", "unknown")
    refuse_identity_numbers(conclusion=conclusion)
    changes = {"conclusion": conclusion, "close_reason": reason}
    _end(actor, Step.CLOSE, case, changes, {"reason": str(reason)}, seen=seen)
    notices.tell_reporter(case, "closed")
    _promise_follow_up(case)


def reopen(actor: Actor, case: Case, *, seen: int) -> None:
    """Back to the coordinator; also takes a merged case apart again. The old conclusion is kept as a note."""
    if case.close_reason == CloseReason.HANDED_OVER:
        raise InvalidInput("case", "handed_over")
    merged = case.merged_into_id is not None
    data = {"from_case_id": case.merged_into_id} if merged else {}
    conclusions.keep(case)
    door.take(actor, Step.UNMERGE if merged else Step.REOPEN, case, seen=seen, changes=conclusions.CLEARED, data=data)
    sharing.index(case)


def merge(actor: Actor, case: Case, into: Case, *, seen: int) -> None:
    """The same event as `into`: this case ends there, and its reporter hears what comes of that one.

    Both stay counted as received. Raises InvalidInput for a case of another federation, for itself, and where a chain
    of merged cases would come of it.
    """
    if into.federation_id != case.federation_id or into.id == case.id:
        raise InvalidInput("into", "unknown")
    door.hold(case, into)
    if into.merged_into_id is not None or merged_into(case.id):
        raise InvalidInput("into", "chain")
    changes = {"close_reason": CloseReason.SAME_EVENT, "merged_into_id": into.id}
    _end(actor, Step.MERGE, case, changes, {"into_case_id": into.id, "was": case.status}, seen=seen)
    notices.tell_reporter(case, "merged")


def merged_into(case_id: int) -> list[Case]:
    """Cases of the same event that ended in this one."""
    return list(db.session.scalars(select(Case).where(Case.merged_into_id == case_id).order_by(Case.id)))


def ask_how_it_went(case_id: int) -> jobs.Postponed | None:
    """The job some weeks after closing: one short question to the reporter, if the case still is closed.

    One that was opened and closed again meanwhile is asked about when its time has come, counted from the last closing.
    Never at night or on a day off, however late the job is.
    """
    case = db.session.get(Case, case_id)
    if case is None or case.status != CaseStatus.CLOSED or case.merged_into_id is not None:
        return None
    frame = frame_of(case.federation_id)
    moment = next_open(max(clock.now(), _follow_up_moment(case)), frame.calendar, frame.settings)
    if moment > clock.now():
        return jobs.Postponed(moment)
    notices.tell_reporter(case, "follow_up", once=f"{case.closed_on}")
    return None


def _end(
    actor: Actor, step: Step, case: Case, changes: Mapping[str, object], data: Mapping[str, object], *, seen: int
) -> None:
    question = open_question(case.id)
    offer = handing_over.open_offer(case.id)
    live = live_duties(case.id)
    if offer is not None:
        data = {**data, "handover_id": offer.id}
    door.take(actor, step, case, seen=seen, changes={**changes, "closed_on": clock.today()}, data=data)
    for duty in live:
        clocks.stop_clock(duty)
    if question is not None:
        question.withdrawn_at = clock.now()
        db.session.flush()
    if offer is not None:
        handing_over.lapse(offer)
    sharing.index(case)


def _promise_follow_up(case: Case) -> None:
    jobs.ask_for(
        FOLLOW_UP_JOB,
        federation_id=case.federation_id,
        subject_id=case.id,
        key=f"follow-up:{case.id}:{case.version}",
        due_at=_follow_up_moment(case),
    )


def _follow_up_moment(case: Case) -> datetime:
    """On the morning of a working day, the federation's `follow_up_weeks` after the case was closed."""
    frame = frame_of(case.federation_id)
    closed_on = case.closed_on or clock.today()
    wanted = closed_on + timedelta(weeks=frame.settings.follow_up_weeks)
    return datetime.combine(add_working_days(wanted, 0, frame.calendar), NINE, tzinfo=SWEDEN)
