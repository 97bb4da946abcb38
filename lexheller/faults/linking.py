"""Which cases show a fault: linked by whom, when and why, many to many; taken apart again nothing is lost.

A case that came in after the fault was over opens it again by itself, and those who answer for it are told.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.audit.queries import history
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.faults import door, notices
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.states import FAULT_TRANSITIONS, OVER, FaultStatus, FaultStep
from lexheller.privacy.refusal import refuse_identity_numbers

LONGEST_WHY = 300
ENDINGS = {FAULT_TRANSITIONS[step].event for step in (FaultStep.CLOSE, FaultStep.ACCEPT_AS_IT_IS)}


def link_case(actor: Actor, fault: Fault, case: Case, why: str) -> FaultCase:
    """The case shows the fault; one that is linked already is left as it is, without an event.

    Raises NotAllowedToSee for a case of another federation, StepRefused, InvalidInput on `why` (`required`, `too_long`,
    or P23).
    """
    if case.federation_id != fault.federation_id:
        raise NotAllowedToSee(f"case {case.id}")
    words = _reason(why)
    door.demand(actor, FaultStep.LINK_CASE, fault, seen=None)
    there = live_link(fault.id, case.id)
    if there is not None:
        return there
    link = FaultCase(
        federation_id=fault.federation_id,
        fault_id=fault.id,
        case_id=case.id,
        linked_by_user_id=actor.user_id,
        linked_at=clock.now(),
        why=words,
    )
    db.session.add(link)
    db.session.flush()
    data = {"case_id": case.id, "link_id": link.id}
    door.take(actor, FaultStep.LINK_CASE, fault, seen=None, data=data)
    if _came_after_the_end(fault, case):
        _recur(fault, case)
    return link


def unlink_case(actor: Actor, link: FaultCase, why: str) -> None:
    """The case does not show the fault after all; that it was thought to stays to be read. Twice is once.

    Raises StepRefused, InvalidInput as `link_case`.
    """
    words = _reason(why)
    fault = link.fault
    door.demand(actor, FaultStep.UNLINK_CASE, fault, seen=None)
    db.session.refresh(link)
    if link.unlinked_at is not None:
        return
    link.unlinked_at, link.unlinked_by_user_id, link.unlink_why = clock.now(), actor.user_id, words
    db.session.flush()
    data = {"case_id": link.case_id, "link_id": link.id}
    door.take(actor, FaultStep.UNLINK_CASE, fault, seen=None, data=data)


def live_link(fault_id: int, case_id: int) -> FaultCase | None:
    """For verbs; for people it is `queries`."""
    query = select(FaultCase).where(
        FaultCase.fault_id == fault_id, FaultCase.case_id == case_id, FaultCase.unlinked_at.is_(None)
    )
    return db.session.scalar(query)


def _recur(fault: Fault, case: Case) -> None:
    """By the system: it follows from the table, whoever linked the case."""
    changes = {"ended_on": None, "recurred_on": clock.today()}
    door.take(SYSTEM, FaultStep.RECUR, fault, seen=None, changes=changes, data={"case_id": case.id})
    notices.tell_recurred(fault)


def _came_after_the_end(fault: Fault, case: Case) -> bool:
    """An older case that is found later says nothing new."""
    if FaultStatus(fault.status) not in OVER:
        return False
    ended_at = _ended_at(fault)
    return ended_at is not None and case.received_at > ended_at


def _ended_at(fault: Fault) -> datetime | None:
    """The moment, which tells the cases of the last day apart."""
    events = history(fault.federation_id, door.FAULT, fault.id)
    return next((event.at for event in reversed(events) if event.kind in ENDINGS), None)


def _reason(why: str) -> str:
    words = " ".join(why.split())
    refuse_identity_numbers(why=words)
    if not words or len(words) > LONGEST_WHY:
        raise InvalidInput("why", "too_long" if words else "required")
    return words
