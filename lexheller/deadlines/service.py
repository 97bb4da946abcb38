"""The clock of a duty: started, stopped, paused, extended, and moved when the calendar changes.

The verbs of a case (answer, ask, extend …) are `casework`; it writes its event first and then turns the clock here, in
the same transaction. What happens when a step's time has come is `deadlines.sweep`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from lexheller.accounts.rights import SYSTEM, Actor, ActorKind, Right
from lexheller.audit.service import record
from lexheller.cases import door
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import LIVE, Step
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.models import DeadlineSettings, DueStep
from lexheller.deadlines.queries import (
    Frame,
    finished,
    frame_of,
    pauses_of,
    pauses_of_each,
    running,
    steps_of,
    terms_of_duty,
    waiting_steps,
)
from lexheller.deadlines.queries import settings_of as settings_of
from lexheller.deadlines.rules import MAX_DAYS, Pause, add_working_days, first_late_day
from lexheller.deadlines.schedule import DueStepKind, Running, due_date, moments, too_soon
from lexheller.deadlines.settings import Settings, checked
from lexheller.organisations.lists import RECALCULATE_JOB as RECALCULATE_JOB
from lexheller.organisations.models import Federation

SETTINGS_CHANGED = "deadlines.settings_changed"
CALENDAR_CHANGED = "calendar_changed"
PORTION_JOB = "deadlines.recalculate_portion"
PORTION = 200
"""Duties that one task moves, each with its steps and one event."""


def calendar_of(federation: Federation) -> Calendar:
    """The days the federation works."""
    return frame_of(federation.id).calendar


def due_on(federation_id: int, opened_on: date, days: int) -> date:
    """The last day to answer a duty opened on that day in Sweden, so many of the federation's working days on."""
    return add_working_days(opened_on, days, frame_of(federation_id).calendar)


def change_settings(actor: Actor, federation_id: int, values: dict[str, Any]) -> Settings:
    """Change some of the federation's terms, by field name. They apply to duties that are opened from now on.

    Raises InvalidInput by field (codes: `deadlines.settings.checked`), NotAllowedToSee for who may not administer.
    """
    if not actor.may(Right.ADMINISTER, federation_id):
        raise NotAllowedToSee(f"settings of federation {federation_id}")
    before = settings_of(federation_id)
    after = checked(before, values)
    old, new = before.as_values(), after.as_values()
    changed = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
    if not changed:
        return after
    row = db.session.get(DeadlineSettings, federation_id)
    if row is None:
        db.session.add(DeadlineSettings(federation_id=federation_id, **new))
    else:
        for name, value in new.items():
            setattr(row, name, value)
    db.session.flush()
    record(
        actor,
        SETTINGS_CHANGED,
        federation_id=federation_id,
        subject_type="federation",
        subject_id=federation_id,
        data={"changed": changed},
    )
    return after


def start_clock(duty: Duty) -> None:
    """Write the steps of a duty that has been stored; called again it changes nothing.

    If the reporter is being asked at that moment, the clock starts standing still.
    """
    frame, pauses = frame_of(duty.federation_id), pauses_of(duty)
    duty.due_on = frame.due_date(duty, pauses)
    if _asked_on(pauses) is not None:
        duty.paused_on = duty.opened_on
    _write_steps(duty, frame, pauses)


def stop_clock(duty: Duty) -> None:
    """Nobody has to answer any more: what has not fired never will. A day that was too late by then stays noted."""
    today, pauses = clock.today(), pauses_of(duty)
    if duty.paused_on is not None:
        duty.due_on = due_date(running(duty), frame_of(duty.federation_id).calendar, pauses, today)
        duty.paused_on = None
    note_lateness(duty, pauses)
    _cancel(duty)


def acknowledged(duty: Duty) -> None:
    """Somebody has taken the duty on: nobody needs to be asked whether it arrived."""
    _cancel(duty, DueStepKind.ACKNOWLEDGE)


def pause(duty: Duty, on: date) -> None:
    """The reporter is asked: the clock stands still from the day after. What is late already stays late."""
    note_lateness(duty, pauses_of(duty))
    if duty.paused_on is None:
        duty.paused_on = on
    db.session.flush()


def resume(duty: Duty) -> None:
    """The reporter has replied, or is no longer asked: due date and steps move by the days that passed meanwhile.

    Nothing moves while the case's events say that something still waits: a question, or a reply to be looked at (P24).
    """
    pauses = pauses_of(duty)
    if duty.paused_on is None or _asked_on(pauses) is not None:
        return
    duty.paused_on = None
    frame = frame_of(duty.federation_id)
    duty.due_on = frame.due_date(duty, pauses)
    _move_steps(duty, frame, pauses)


def refuse_extension(duty: Duty, days: int) -> date:
    """The due date that so many working days more would give; to be asked before the step is taken.

    A pause that still lasts has not moved it yet, but is counted to today before the day is said to have gone by.
    Raises InvalidInput (`days`): `too_small`, `too_large`, or `still_past` when even so it has.
    """
    if days < 1:
        raise InvalidInput("days", "too_small")
    if duty.answer_days + days > MAX_DAYS:
        raise InvalidInput("days", "too_large")
    longer = Running(duty.opened_on, duty.answer_days + days, duty.clock_round + 1)
    calendar, pauses, today = frame_of(duty.federation_id).calendar, pauses_of(duty), clock.today()
    if due_date(longer, calendar, pauses, today) <= today:
        raise InvalidInput("days", "still_past")
    return due_date(longer, calendar, finished(pauses))


def extend(duty: Duty, days: int) -> None:
    """Give so many working days more: a new clock round with its own steps. Who may give how many is the caller's rule.

    Raises InvalidInput as `refuse_extension`.
    """
    later = refuse_extension(duty, days)
    frame, pauses = frame_of(duty.federation_id), pauses_of(duty)
    note_lateness(duty, pauses)
    _cancel(duty)
    duty.answer_days, duty.extended_days = duty.answer_days + days, duty.extended_days + days
    duty.clock_round, duty.due_on = duty.clock_round + 1, later
    _write_steps(duty, frame, pauses)


def recalculate(actor: Actor, federation_id: int, why: str = CALENDAR_CHANGED) -> int:
    """Move every running deadline to where today's calendar puts it; how many due dates moved.

    The old date stays in the case's history. What was late by the old date stays late, and the event says so.
    Raises NotAllowedToSee for a user who may not administer the federation.
    """
    if actor.kind is ActorKind.USER and not actor.may(Right.ADMINISTER, federation_id):
        raise NotAllowedToSee(f"deadlines of federation {federation_id}")
    return _moved(actor, federation_id, why, _running_ids(federation_id))


def recalculate_now(federation_id: int) -> None:
    """The job that follows a changed calendar. Where more than `PORTION` duties run, each portion of them is a job of
    its own, so that none takes longer than a task may (P33).
    """
    running_ids = _running_ids(federation_id)
    if len(running_ids) <= PORTION:
        _moved(SYSTEM, federation_id, CALENDAR_CHANGED, running_ids)
        return
    for first_id in running_ids[::PORTION]:
        jobs.ask_for(
            PORTION_JOB,
            federation_id=federation_id,
            subject_id=first_id,
            key=f"recalculate-portion:{first_id}:{clock.now().isoformat()}",
        )


def recalculate_portion(first_id: int) -> None:
    """The job of one portion: from this duty on. What has ended meanwhile lets it reach further, never less far."""
    federation_id = db.session.scalars(select(Duty.federation_id).where(Duty.id == first_id)).one()
    _moved(SYSTEM, federation_id, CALENDAR_CHANGED, _running_ids(federation_id, first_id)[:PORTION])


def _running_ids(federation_id: int, first_id: int = 0) -> list[int]:
    """Of the duties whose clock runs, in the order they were opened; from one of them on."""
    query = select(Duty.id).where(Duty.federation_id == federation_id, Duty.status.in_(LIVE), Duty.id >= first_id)
    return list(db.session.scalars(query.order_by(Duty.id)))


def _moved(actor: Actor, federation_id: int, why: str, duty_ids: Sequence[int]) -> int:
    """How many due dates moved. The cases are held before their duties are looked at."""
    door.hold_ids(db.session.scalars(select(Duty.case_id).where(Duty.id.in_(duty_ids))))
    query = select(Duty).where(Duty.id.in_(duty_ids), Duty.status.in_(LIVE)).order_by(Duty.id)
    duties = list(db.session.scalars(query))
    frame, moved, pauses_by_id = frame_of(federation_id), 0, pauses_of_each(duties)
    for duty in duties:
        pauses = pauses_by_id[duty.id]
        note_lateness(duty, pauses)
        new = frame.due_date(duty, pauses)
        if new != duty.due_on:
            _record_move(actor, duty, new, why)
            moved += 1
        _move_steps(duty, frame, pauses)
    return moved


def note_lateness(duty: Duty, pauses: list[Pause]) -> None:
    """Keep the first day on which the duty was late by its present due date, if that day has come (never cleared)."""
    if duty.late_on is None:
        duty.late_on = first_late_day(duty.due_on, clock.today(), pauses)
        db.session.flush()


def adopt(duty: Duty) -> None:
    """Start the clock of a duty from before there were steps: only what lies ahead will fire."""
    frame, pauses = frame_of(duty.federation_id), pauses_of(duty)
    note_lateness(duty, pauses)
    _write_steps(duty, frame, pauses, catch_up=False)


def _asked_on(pauses: list[Pause]) -> date | None:
    return pauses[-1].first if pauses and pauses[-1].last is None else None


def _moments(duty: Duty, frame: Frame, pauses: list[Pause]) -> dict[DueStepKind, tuple[int, Any]]:
    """The terms of each step and when it comes; a pause that still lasts counts as if the reply came today."""
    terms = terms_of_duty(duty, frame.settings)
    when = moments(running(duty), terms, frame.calendar, frame.settings, pauses, clock.today())
    return {step: (terms[step], at) for step, at in when.items()}


def _write_steps(duty: Duty, frame: Frame, pauses: list[Pause], *, catch_up: bool = True) -> None:
    """One row per step of the clock round. What would come too soon is written as cancelled: it carries the terms."""
    now = clock.now()
    there = {row.step for row in steps_of(duty.id) if row.clock_round == duty.clock_round}
    as_if_replied = _moments(duty, frame, pauses)
    for step, (days, at) in _moments(duty, frame, finished(pauses)).items():
        has_been = as_if_replied[step][1] <= now
        left_out = too_soon(step, at, running(duty)) or (has_been and (duty.clock_round > 1 or not catch_up))
        if step not in there:
            db.session.add(
                DueStep(
                    federation_id=duty.federation_id,
                    duty_id=duty.id,
                    step=step,
                    clock_round=duty.clock_round,
                    days=days,
                    due_at=at,
                    cancelled_at=now if left_out else None,
                )
            )
    db.session.flush()


def _move_steps(duty: Duty, frame: Frame, pauses: list[Pause]) -> None:
    """Steps that wait come when the calendar says now; what has fired stays as it was."""
    when = _moments(duty, frame, finished(pauses))
    for row in waiting_steps(duty.id):
        found = when.get(DueStepKind(row.step))
        if found is not None:
            row.due_at = found[1]
    db.session.flush()


def _cancel(duty: Duty, step: DueStepKind | None = None) -> None:
    waiting = update(DueStep).where(
        DueStep.duty_id == duty.id, DueStep.fired_at.is_(None), DueStep.cancelled_at.is_(None)
    )
    if step is not None:
        waiting = waiting.where(DueStep.step == step)
    db.session.execute(waiting.values(cancelled_at=clock.now()))
    db.session.flush()


def _record_move(actor: Actor, duty: Duty, new: date, why: str) -> None:
    case = db.session.get_one(Case, duty.case_id)
    data: dict[str, Any] = {"from": duty.due_on.isoformat(), "to": new.isoformat(), "why": why}
    if duty.late_on is not None:
        data["was_late"] = True
    if actor.user_id is not None:
        data["by_user_id"] = actor.user_id
    door.take(SYSTEM, Step.MOVE_DUE, case, duty=duty, seen=duty.version, duty_changes={"due_on": new}, data=data)
