"""P3 and P4: every case is with somebody, and what its duties say fits its status and its events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select

from lexheller.accounts.queries import office_of, told_of_held
from lexheller.audit.models import Event
from lexheller.cases import door
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import LIVE, TRANSITIONS, CaseStatus, DutyStatus, Step, derived
from lexheller.check.disposals import disposed_case_ids
from lexheller.check.finding import Finding
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.messaging.models import Message
from lexheller.organisations.models import Unit

ROUTED_WITHIN = timedelta(seconds=60)
FROM_DUTIES = (CaseStatus.ASSIGNED, CaseStatus.ACCEPTED, CaseStatus.COLLECTED)
BEGINS_ROUND = (TRANSITIONS[Step.ROUTE].event, TRANSITIONS[Step.ASSIGN].event)
ADDS_PARTY = TRANSITIONS[Step.ADD_PARTY].event
LEAVES_NOBODY = (Step.LEAVE_UNROUTED, Step.SEND_BACK, Step.WITHDRAW, Step.NOT_SOLVED)
TOLD_HELD = "casework.text_held"
TELL_OFFICE = ("casework.case_unrouted", "intake.not_solved", TOLD_HELD)


def routed_once() -> Iterator[Finding]:
    """P3: a received case has a job under way; rounds, duties and events tell the same, at units of the federation.

    One that waits for the office to look has none, rightly: that somebody knows of it is `never_nowhere`'s matter.
    """
    promised = select(Job.key).where(Job.status == JobStatus.WAITING)
    late = clock.now() - ROUTED_WITHIN
    waiting = set(db.session.scalars(promised.where(Job.name == "casework.route_case")))
    due_at = func.coalesce(Case.let_through_at, Case.received_at)
    received = select(Case.id, Case.federation_id, due_at).where(
        Case.status == CaseStatus.RECEIVED, Case.held_at.is_(None)
    )
    for case_id, federation_id, since in db.session.execute(received):
        if f"route:{case_id}" not in waiting:
            yield Finding("P3", federation_id, f"case {case_id}", "received, and no job will route it")
        elif since < late:
            yield Finding("P3", federation_id, f"case {case_id}", "not routed within 60 s")
    yield from _duties_as_told()
    yield from _duties_elsewhere()
    yield from _status_from_duties()


def _duties_as_told() -> Iterator[Finding]:
    """Each round was begun by one event, and each duty opened by one."""
    rounds: dict[int, int] = {}
    told: dict[int, list[tuple[int, int]]] = {}
    events = select(Event.subject_id, Event.kind, Event.data).where(
        Event.subject_type == door.CASE, Event.kind.in_((*BEGINS_ROUND, ADDS_PARTY))
    )
    for case_id, kind, data in db.session.execute(events):
        units = data["unit_ids"] if "unit_ids" in data else [data["unit_id"]]  # one unit, before there were several
        told.setdefault(case_id, []).extend((data["round"], unit_id) for unit_id in units)
        if kind in BEGINS_ROUND:
            rounds[case_id] = rounds.get(case_id, 0) + 1
    opened: dict[int, list[tuple[int, int]]] = {}
    for case_id, round_number, unit_id in db.session.execute(select(Duty.case_id, Duty.round, Duty.unit_id)):
        opened.setdefault(case_id, []).append((round_number, unit_id))
    for case_id, federation_id, round_number in db.session.execute(select(Case.id, Case.federation_id, Case.round)):
        if rounds.get(case_id, 0) != round_number:
            yield Finding("P3", federation_id, f"case {case_id}", "events and rounds differ")
        if sorted(opened.get(case_id, [])) != sorted(told.get(case_id, [])):
            yield Finding("P3", federation_id, f"case {case_id}", "duties and events differ")


def _duties_elsewhere() -> Iterator[Finding]:
    elsewhere = (
        select(Duty.id, Duty.federation_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Case, Case.id == Duty.case_id)
        .where(or_(Unit.federation_id != Duty.federation_id, Case.federation_id != Duty.federation_id))
    )
    for duty_id, federation_id in db.session.execute(elsewhere):
        yield Finding("P3", federation_id, f"duty {duty_id}", "unit or case of another federation")


def _status_from_duties() -> Iterator[Finding]:
    """Where the status follows from the duties, it does; elsewhere nobody has a task."""
    of_case: dict[int, list[tuple[int, DutyStatus]]] = {}
    for case_id, round_number, status in db.session.execute(select(Duty.case_id, Duty.round, Duty.status)):
        of_case.setdefault(case_id, []).append((round_number, DutyStatus(status)))
    query = select(Case.id, Case.federation_id, Case.status, Case.round)
    for case_id, federation_id, status, round_number in db.session.execute(query):
        duties = of_case.get(case_id, [])
        if status in FROM_DUTIES:
            fits = derived(found for number, found in duties if number == round_number) == status
        else:
            fits = not any(found in LIVE for _number, found in duties)
        if not fits:
            yield Finding("P3", federation_id, f"case {case_id}", f"duties do not fit status {status}")


def never_nowhere() -> Iterator[Finding]:
    """P4: whenever nobody has a case, the office was told (where it has anybody)."""
    events = (
        select(Event.subject_id, Event.federation_id, Event.data)
        .where(Event.subject_type == door.CASE)
        .where(Event.kind.in_([TRANSITIONS[step].event for step in LEAVES_NOBODY]))
    )
    told = {
        key.rpartition(":")[0] for key in db.session.scalars(select(Message.key).where(Message.kind.in_(TELL_OFFICE)))
    }
    offices: dict[int, bool] = {}
    disposed = disposed_case_ids()
    for case_id, federation_id, data in db.session.execute(events):
        if data["status"] != CaseStatus.UNROUTED or case_id in disposed:
            continue
        if federation_id not in offices:
            offices[federation_id] = bool(office_of(federation_id))
        said = data.get("feedback_id")
        keys = {f"unrouted:{case_id}:{data['version']}", f"not-solved:{said}", f"held:{case_id}:feedback:{said}"}
        if offices[federation_id] and not keys & told:
            yield Finding("P4", federation_id, f"case {case_id}", "unrouted, and nobody was told")
    yield from _held_and_told()


def _held_and_told() -> Iterator[Finding]:
    """A report that waits for the office to look lies with somebody: the office was told (P4)."""
    held = select(Case.id, Case.federation_id).where(Case.held_at.is_not(None), Case.status == CaseStatus.RECEIVED)
    told = {key.rpartition(":")[0] for key in db.session.scalars(select(Message.key).where(Message.kind == TOLD_HELD))}
    for case_id, federation_id in db.session.execute(held):
        if f"held:{case_id}:report" not in told and told_of_held(federation_id):
            yield Finding("P4", federation_id, f"case {case_id}", "waits for a look, and nobody was told")
