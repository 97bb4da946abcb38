"""Where a report's handling goes on when its case was merged or handed over, and what the reporter is asked there.

Reading only. The reporter keeps one code and one link; this finds what they lead to today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.cases.dialogue import Feedback, FeedbackKind, Handover, HandoverDecision, Question
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id
from lexheller.cases.states import CaseStatus
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.deadlines.queries import settings_of
from lexheller.messaging.models import Message

FOLLOW_UP_KIND = "casework.reporter_follow_up"
MOST_HOPS = 20
TOLD = frozenset({CaseStatus.ANSWERED, CaseStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Followed:
    """`own` is the case of the reporter's report, `now` the one in which it is handled today: mostly the same.

    `merged` are the cases of the same event that it went on in; somebody else's report stands in those.
    """

    own: Case
    now: Case
    merged: tuple[Case, ...] = ()
    handovers: tuple[Handover, ...] = ()
    theirs: tuple[Case, ...] = field(default=())

    @property
    def is_own(self) -> bool:
        """Whether what happens now is about the reporter's own report: not when it went on in another's."""
        return not self.merged


def follow(own: Case) -> Followed:
    """From the case of a report, over merges and hand-overs, to where it is handled."""
    now, merged, handovers, theirs = own, [], [], [own]
    for _hop in range(MOST_HOPS):
        if now.merged_into_id is not None:
            now = case_of_id(now.merged_into_id)
            merged.append(now)
            continue
        handover = _handover_of(now)
        if handover is None or handover.new_case_id is None:
            break
        handovers.append(handover)
        tenancy.work_also_for(handover.to_federation_id)
        now = case_of_id(handover.new_case_id)
        if not merged:
            theirs.append(now)
    return Followed(own, now, tuple(merged), tuple(handovers), tuple(theirs))


def questions_to(followed: Followed) -> list[Question]:
    """What this reporter has been asked, oldest first; never what was asked of another whose case theirs went on in."""
    ids = [case.id for case in followed.theirs]
    query = select(Question).where(Question.case_id.in_(ids), Question.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Question.asked_at, Question.id)))


def waiting_question(followed: Followed) -> Question | None:
    """The question that this reporter is to reply to now."""
    if not followed.is_own or followed.now.status == CaseStatus.CLOSED:
        return None
    waiting = (each for each in questions_to(followed) if each.case_id == followed.now.id and each.replied_at is None)
    return next(waiting, None)


def last_day_to_object(case: Case) -> date | None:
    """The last day on which the reporter may say that it was not solved; None while there is nothing to say it of."""
    days = [day for day in (case.answered_on, case.closed_on) if day is not None]
    if case.status not in TOLD or not days:
        return None
    return max(days) + timedelta(days=settings_of(case.federation_id).not_solved_days)


def may_object(case: Case) -> bool:
    last = last_day_to_object(case)
    return last is not None and clock.today() <= last


def follow_up_of(case: Case) -> Feedback | None:
    """How the reporter said that it worked out. For the office's eyes and the reporter's own."""
    query = select(Feedback).where(Feedback.case_id == case.id, Feedback.kind == FeedbackKind.FOLLOW_UP)
    return db.session.scalar(query)


def is_asked_how_it_went(followed: Followed) -> bool:
    """Whether the question some weeks after closing waits: it was mailed, or its time has come for one with a code."""
    case = followed.now
    if not followed.is_own or case.status != CaseStatus.CLOSED or follow_up_of(case) is not None:
        return False
    return _follow_up_mailed(case) or _follow_up_is_due(case)


def _follow_up_mailed(case: Case) -> bool:
    """Since the case was closed: one that was opened and closed again is asked about anew."""
    query = select(func.max(Message.requested_at)).where(
        Message.subject_id == case.id, Message.kind == FOLLOW_UP_KIND, Message.federation_id == case.federation_id
    )
    asked_at = db.session.scalar(query)
    return asked_at is not None and case.closed_on is not None and clock.day_of(asked_at) > case.closed_on


def _follow_up_is_due(case: Case) -> bool:
    if case.closed_on is None:
        return False
    weeks = settings_of(case.federation_id).follow_up_weeks
    return clock.today() >= case.closed_on + timedelta(weeks=weeks)


def _handover_of(case: Case) -> Handover | None:
    query = select(Handover).where(Handover.case_id == case.id, Handover.decision == HandoverDecision.ACCEPTED)
    return db.session.scalar(query.options(joinedload(Handover.to_federation)).order_by(Handover.id.desc()).limit(1))
