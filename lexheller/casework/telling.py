"""Telling the reporters of the cases that show a fault what comes of it: whom the office picked, in the words it saw.

First tried out, then done, each case by itself, so that one that was changed meanwhile stops nobody else. Nothing is
closed that was not ticked. The same occasion – the fault as it was when the office looked – tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.cases import door as cases
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import CloseReason
from lexheller.casework import closing, notices
from lexheller.casework.listeners import Listener, Reach, listeners
from lexheller.casework.preview import outgoing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import all_or_nothing
from lexheller.faults import door
from lexheller.faults.models import Fault, FaultNews
from lexheller.faults.states import FaultStep
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import doubts_in, refuse_unlooked

LONGEST_NEWS = 4000


@dataclass(frozen=True, slots=True)
class Telling:
    """What one case's reporter is to read; with `close` it is also the conclusion of the case, which must still be as
    it was `seen` (a version).
    """

    case_id: int
    text: str
    close: bool = False
    seen: int | None = None


class Outcome(StrEnum):
    """ALREADY: told on this occasion before. CONFLICT: the case was changed meanwhile. REFUSED: `code` says why."""

    DONE = "done"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What became, or would become, of one case. `mails` counts those to reporters, of merged cases too."""

    case_id: int
    number: str
    reach: Reach
    text: str
    close: bool
    live_duties: int
    outcome: Outcome = Outcome.DONE
    code: str = ""
    mails: int = 0


def try_out(actor: Actor, fault: Fault, choices: Sequence[Telling], *, seen: int) -> list[Told]:
    """What `tell` would do, case by case; nothing of it stays. Raises as `tell`."""
    picked = _picked(actor, fault, choices)
    _hold_cases([choice.case_id for choice in choices])
    door.demand(actor, FaultStep.TELL_REPORTERS, fault, seen=seen)
    occasion = str(seen)
    found: list[Told] = []
    for facts, case, choice in picked:
        mails: list[int] = []
        verb = partial(_tell_one, actor, fault, case, choice, occasion)
        told = _attempt(facts, partial(_count_mails, verb, case.federation_id, mails))
        found.append(replace(told, mails=sum(mails)))
    return found


def tell(actor: Actor, fault: Fault, choices: Sequence[Telling], *, seen: int, looked: bool = False) -> list[Told]:
    """Tell the reporters, close the cases that are ticked, and leave one event on the fault; none when all refuse.

    `looked`: the office has looked at what in the texts looks like a name, a number or an address, and lets it stand
    (P24). Raises NotAllowedToSee for a case that does not show the fault or whose reporter cannot be reached,
    InvalidInput (`cases`, `none`; `looked`, `doubtful`), StepRefused, and Conflict when the fault has changed since
    `seen`.
    """
    picked = _picked(actor, fault, choices)
    refuse_unlooked(doubts_in({choice.text: choice.text for choice in choices}), looked=looked)
    _hold_cases([choice.case_id for choice in choices])
    door.hold(fault)
    occasion = str(seen)
    before = _told_on(fault, occasion)
    if {choice.case_id for choice in choices} <= before:
        return [replace(facts, outcome=Outcome.ALREADY) for facts, _case, _choice in picked]
    door.demand(actor, FaultStep.TELL_REPORTERS, fault, seen=seen)
    results = [_attempt(facts, partial(_keep, actor, fault, case, choice, occasion)) for facts, case, choice in picked]
    done = [result for result in results if result.outcome is Outcome.DONE]
    if done:
        data = {
            "occasion": occasion,
            "case_ids": [result.case_id for result in done],
            "closed_case_ids": [result.case_id for result in done if result.close],
        }
        door.take(actor, FaultStep.TELL_REPORTERS, fault, seen=seen, data=data)
    return results


def _picked(actor: Actor, fault: Fault, choices: Sequence[Telling]) -> list[tuple[Told, Case, Telling]]:
    """With what is known of each case before the first verb, in the order of the list that was looked at."""
    if not choices:
        raise InvalidInput("cases", "none")
    wanted = {choice.case_id: choice for choice in choices}
    rows = [row for row in listeners(actor, fault, wanted) if row.can_be_told]
    if len(rows) < len(wanted):
        raise NotAllowedToSee("cases to tell about a fault")
    return [(_facts(row, wanted[row.case.id]), row.case, wanted[row.case.id]) for row in rows]


def _facts(row: Listener, choice: Telling) -> Told:
    return Told(row.case.id, row.case.number, row.reach, choice.text.strip(), choice.close, row.live_duties)


def _attempt(facts: Told, verb: Callable[[], object]) -> Told:
    try:
        verb()
    except Conflict:
        return replace(facts, outcome=Outcome.CONFLICT)
    except StepRefused as refusal:
        return replace(facts, outcome=Outcome.REFUSED, code=refusal.status)
    except InvalidInput as problem:
        return replace(facts, outcome=Outcome.REFUSED, code=problem.code)
    return facts


def _count_mails(verb: Callable[[], object], federation_id: int, mails: list[int]) -> None:
    mails.append(sum(mail.to_reporter for mail in outgoing(verb, federation_id)))


def _keep(actor: Actor, fault: Fault, case: Case, choice: Telling, occasion: str) -> None:
    with all_or_nothing():
        _tell_one(actor, fault, case, choice, occasion)


def _tell_one(actor: Actor, fault: Fault, case: Case, choice: Telling, occasion: str) -> None:
    """One mail: that a case is closed says already that there is something to read."""
    text = choice.text.strip()
    refuse_identity_numbers(text=text)
    if not text or len(text) > LONGEST_NEWS:
        raise InvalidInput("text", "too_long" if text else "required")
    db.session.add(
        FaultNews(
            federation_id=fault.federation_id,
            fault_id=fault.id,
            case_id=case.id,
            occasion=occasion,
            text=text,
            told_by_user_id=actor.user_id,
            told_at=clock.now(),
            case_closed=choice.close,
        )
    )
    db.session.flush()
    if choice.close:
        seen = case.version if choice.seen is None else choice.seen
        closing.close(actor, case, CloseReason.SYSTEM_FAULT, text, seen=seen)
    else:
        notices.tell_reporter(case, "fault_news", once=f"{fault.id}.{occasion}")


def _hold_cases(case_ids: Sequence[int]) -> None:
    """In one order, and before the fault, so that two of these never wait for each other."""
    cases.hold_ids(case_ids)
    duties = select(Duty.id).where(Duty.case_id.in_(case_ids)).order_by(Duty.id)
    db.session.scalars(duties.with_for_update(key_share=True)).all()


def _told_on(fault: Fault, occasion: str) -> set[int]:
    query = select(FaultNews.case_id).where(FaultNews.fault_id == fault.id, FaultNews.occasion == occasion)
    return set(db.session.scalars(query))
