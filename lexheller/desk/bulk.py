"""One step on many cases: first tried out, then done, each case by itself so that one refusal stops nobody else.

Trying out is doing it, and then undoing it. What each verb demands stays with the verb.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from sqlalchemy import select

from lexheller.accounts.rights import Actor, Right
from lexheller.cases import door
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import live_duties, visible, whole_case
from lexheller.casework import describing, notices, sending
from lexheller.casework.preview import MailPreview, outgoing
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import all_or_nothing
from lexheller.deadlines.digests import Notice, tell
from lexheller.deadlines.sweep import reminders_now
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.models import Meeting
from lexheller.meetings.queries import meetings_of_case
from lexheller.organisations.models import Theme, Unit

MOST_CASES = 100


class BulkStep(StrEnum):
    ASSIGN = "assign"
    CLASSIFY = "classify"
    REMIND = "remind"
    AGENDA = "agenda"


RIGHT_OF: Mapping[BulkStep, Right] = {
    BulkStep.ASSIGN: Right.HANDLE_CASES,
    BulkStep.CLASSIFY: Right.HANDLE_CASES,
    BulkStep.REMIND: Right.HANDLE_CASES,
    BulkStep.AGENDA: Right.PREPARE_MEETINGS,
}


class Outcome(StrEnum):
    """CONFLICT: somebody else changed the case meanwhile. REFUSED: rule, right or value says no; `code` says which."""

    DONE = "done"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with each case. Only what the step needs is set."""

    step: BulkStep
    unit: Unit | None = None
    theme: Theme | None = None
    meeting: Meeting | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A case and the version of it that was seen."""

    case: Case
    seen: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became, or would become, of one case. `status` is the one it had, for words about a refusal."""

    case_id: int
    number: str
    about: str
    status: str
    version: int
    outcome: Outcome
    code: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom mails would go to; `address` is None for reporters, who are counted together and never named."""

    name: str
    address: str | None
    mails: int


@dataclass(slots=True)
class _Told:
    """Who is to hear of what, over all cases: each recipient in one mail. `sent`: duties that are new to their unit."""

    reminded: list[Notice] = field(default_factory=list)
    sent: list[Duty] = field(default_factory=list)


def steps_of(actor: Actor, federation_id: int) -> list[BulkStep]:
    return [step for step in BulkStep if actor.may(RIGHT_OF[step], federation_id)]


def marked_cases(actor: Actor, federation_id: int, seen: Mapping[int, int | None]) -> list[Marked]:
    """The cases by id, with the version that was seen; without one, the version now.

    Raises NotAllowedToSee if a single one is not the actor's to see, InvalidInput (`cases`): `none`, `too_many`.
    """
    if not seen or len(seen) > MOST_CASES:
        raise InvalidInput("cases", "too_many" if seen else "none")
    query = visible(actor, federation_id).where(Case.id.in_(seen)).options(*whole_case()).order_by(Case.id)
    found = list(db.session.scalars(query))
    if len(found) != len(seen):
        raise NotAllowedToSee("cases")
    versions = {case.id: seen[case.id] for case in found}
    return [Marked(case, case.version if (version := versions[case.id]) is None else version) for case in found]


def try_out(actor: Actor, marked: Sequence[Marked], order: Order) -> tuple[list[Result], list[Recipient]]:
    """What would happen to each case, and who would get how many mails. Nothing of it stays."""
    _demand(actor, marked, order)
    results: list[Result] = []
    mails = outgoing(lambda: results.extend(_each(actor, marked, order)), marked[0].case.federation_id)
    return results, _recipients(mails)


def carry_out(actor: Actor, marked: Sequence[Marked], order: Order) -> list[Result]:
    """Do it, each case whole or not at all; whoever answers for several hears of them in one mail. The rows are held in
    one order, so that two of these never wait for each other.
    """
    _demand(actor, marked, order)
    case_ids = [one.case.id for one in marked]
    door.hold_ids(case_ids)
    duties = select(Duty.id).where(Duty.case_id.in_(case_ids)).order_by(Duty.id)
    db.session.scalars(duties.with_for_update(key_share=True)).all()
    return _each(actor, marked, order)


def _each(actor: Actor, marked: Sequence[Marked], order: Order) -> list[Result]:
    told = _Told()
    results = [_attempt(facts, partial(_keep, actor, one, order, told)) for facts, one in _with_facts(marked)]
    tell(marked[0].case.federation_id, told.reminded)
    notices.tell_responsible(told.sent)
    return results


def _with_facts(marked: Sequence[Marked]) -> list[tuple[Result, Marked]]:
    """Read before the first verb, since an undone one makes everything be read anew."""
    return [
        (
            Result(
                one.case.id,
                one.case.number,
                one.case.report.what_happened,
                one.case.status,
                one.seen,
                Outcome.DONE,
            ),
            one,
        )
        for one in marked
    ]


def _attempt(facts: Result, verb: Callable[[], object]) -> Result:
    try:
        verb()
    except Conflict:
        return replace(facts, outcome=Outcome.CONFLICT)
    except StepRefused as refusal:
        return replace(facts, outcome=Outcome.REFUSED, code=refusal.why)
    except InvalidInput as problem:
        return replace(facts, outcome=Outcome.REFUSED, code=problem.code)
    return facts


def _keep(actor: Actor, one: Marked, order: Order, told: _Told) -> None:
    found = _Told()
    with all_or_nothing():
        _do(actor, one, order, found)
    told.reminded += found.reminded
    told.sent += found.sent


def _do(actor: Actor, one: Marked, order: Order, told: _Told) -> None:
    case = one.case
    db.session.refresh(case)
    if case.version != one.seen:
        raise Conflict(f"case {case.id}: version {one.seen} seen, {case.version} now")
    match order.step:
        case BulkStep.ASSIGN:
            _assign(actor, one, order, told)
        case BulkStep.CLASSIFY:
            _set_theme(actor, one, order)
        case BulkStep.REMIND:
            told.reminded += _remind(actor, case)
        case BulkStep.AGENDA:
            _put_on_agenda(actor, case, order)


def _assign(actor: Actor, one: Marked, order: Order, told: _Told) -> None:
    if order.unit is None:
        raise InvalidInput("unit", "required")
    if [duty.unit_id for duty in live_duties(one.case.id)] == [order.unit.id]:
        raise InvalidInput("unit", "there_already")
    sending.assign(actor, one.case, [order.unit], seen=one.seen, tell=told.sent.extend)


def _set_theme(actor: Actor, one: Marked, order: Order) -> None:
    """The other facts stay as they are."""
    if order.theme is None:
        raise InvalidInput("theme", "required")
    case = one.case
    if case.theme_id == order.theme.id:
        raise InvalidInput("theme", "same_theme")
    describing.classify(
        actor,
        case,
        theme=order.theme,
        municipality=case.municipality,
        organisation=case.concerned_organisation,
        unit=case.concerned_unit,
        seen=one.seen,
    )


def _remind(actor: Actor, case: Case) -> list[Notice]:
    """Everybody who can be reminded is; refused when nobody can, with the first reason."""
    reminded: list[Notice] = []
    refused: list[InvalidInput] = []
    waiting = live_duties(case.id)
    for duty_id in [duty.id for duty in waiting]:
        try:
            with all_or_nothing():
                reminded += reminders_now(actor, db.session.get_one(Duty, duty_id))
        except InvalidInput as problem:
            refused.append(problem)
    if not waiting:
        raise InvalidInput("remind", "nobody_to_remind")
    if len(refused) == len(waiting):
        raise refused[0]
    return reminded


def _put_on_agenda(actor: Actor, case: Case, order: Order) -> None:
    if order.meeting is None:
        raise InvalidInput("meeting", "required")
    if any(item.meeting_id == order.meeting.id for item in meetings_of_case(actor, case)):
        raise InvalidInput("meeting", "on_it_already")
    put_on_agenda(actor, case, order.meeting, order.why)


def _demand(actor: Actor, marked: Iterable[Marked], order: Order) -> None:
    if any(not actor.may(RIGHT_OF[order.step], one.case.federation_id) for one in marked):
        raise NotAllowedToSee(order.step)


def _recipients(mails: Sequence[MailPreview]) -> list[Recipient]:
    """Those who get most first."""
    counts = Counter((mail.recipient, mail.address) for mail in mails)
    found = [Recipient(name, address, count) for (name, address), count in counts.items()]
    return sorted(found, key=lambda one: (one.address is None, -one.mails, one.name))
