"""Two years of cases in every stage, made by calling the services at the moments when things happened.

Nothing is set by hand: each story is filed, routed, answered and closed through the verbs, with the clock put there.
Only a database without reports of others is filled.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import Actor
from lexheller.actions import queries as actions
from lexheller.actions.models import ActionStatus
from lexheller.cases.models import Case, Report
from lexheller.cases.queries import open_duty
from lexheller.casework import service as casework
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.service import calendar_of
from lexheller.demo import data
from lexheller.demo.stories import OWN, STORIES, Story
from lexheller.intake.service import Submission, submit
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation, Unit
from lexheller.routing.service import suggest_unit

SEED = 22
PER_FEDERATION = {"sodra-vatterbygden": 44, "finnveden": 14, "hoglandet": 18}
STILL_UNROUTED = 5  # days ago
FINISHED_AFTER = 75  # days: older cases are closed, younger ones stand in every stage


@dataclass(frozen=True, slots=True)
class Plan:
    """One case to be told: the story, where, and how many days ago it was filed."""

    story: Story
    place: str
    days_ago: int
    number: int


def fill() -> Iterator[int]:
    """Fill the demonstration federations, a transaction a case; yields how many are done.

    A database with reports of others is left alone; a filling that was interrupted goes on where it stopped.
    """
    there = set(db.session.scalars(select(Report.submission_id)))
    plans = [(wanted, plan) for wanted in data.FEDERATIONS for plan in _plans(wanted)]
    if there - {_submission_id(wanted, plan) for wanted, plan in plans}:
        return
    for done, (wanted, plan) in enumerate(plans, start=1):
        if _submission_id(wanted, plan) not in there and organisations.federation_by_slug(wanted.slug):
            with transaction():
                _tell(wanted, plan)
            yield done


def _submission_id(wanted: data.DemoFederation, plan: Plan) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{wanted.slug}:{plan.number}"))


def _plans(wanted: data.DemoFederation) -> list[Plan]:
    """Oldest first, more in the second year than in the first; the last ones fall within the latest weeks."""
    chance = random.Random(f"{SEED}:{wanted.slug}")  # noqa: S311 - a demonstration, not a secret
    count = PER_FEDERATION[wanted.slug]
    recent = [2, STILL_UNROUTED, 9, 13, 18, 24, 33, 45, 60][: max(6, count // 5)]
    span = _two_years() - FINISHED_AFTER
    older = [FINISHED_AFTER + int(span * chance.random() ** 1.3) for _ in range(count - len(recent))]
    days = sorted([*older, *recent], reverse=True)
    stories = [STORIES[index % len(STORIES)] for index in range(count)]
    chance.shuffle(stories)
    return [
        Plan(story, chance.choice(wanted.municipalities), days_ago, number)
        for number, (story, days_ago) in enumerate(zip(stories, days, strict=True))
    ]


def _two_years() -> int:
    """Days back to where last year began: this year and the whole one before it."""
    today = clock.today()
    return (today - date(today.year - 1, 1, 1)).days


def _tell(wanted: data.DemoFederation, plan: Plan) -> None:
    """File the case and take it as far as its age allows."""
    federation = organisations.federation_by_slug(wanted.slug)
    if federation is None:
        raise LookupError(wanted.slug)
    filed = _working_moment(federation, clock.today() - timedelta(days=plan.days_ago), 0, hour=9)
    with clock.at(filed):
        case = submit(federation, _submission(federation, wanted, plan))
        run_waiting_now()
    stage = _stage(plan)
    coordinator = _person(wanted, "samordnare")
    with clock.at(_working_moment(federation, clock.today() - timedelta(days=plan.days_ago), 1, hour=11)):
        if stage >= 1:
            _classify(coordinator, federation, case, plan)
        if open_duty(case.id) is None and stage >= 2:
            casework.assign(coordinator, case, _right_unit(federation, case), seen=case.version)
        run_waiting_now()
    if stage >= 2:
        _answer_and_close(federation, wanted, case, plan, stage)


def _answer_and_close(federation: Federation, wanted: data.DemoFederation, case: Case, plan: Plan, stage: int) -> None:
    duty = open_duty(case.id)
    if duty is None:
        return
    manager = _manager_of(duty.unit)
    began = clock.today() - timedelta(days=plan.days_ago)
    with clock.at(_working_moment(federation, began, 4, hour=14)):
        casework.accept(manager, case, seen=case.version)
        run_waiting_now()
    if stage < 3:
        return
    with clock.at(_working_moment(federation, began, 8 + plan.number % 11, hour=15)):
        texts = {
            "cause": plan.story.cause,
            "steps_taken": plan.story.steps_taken,
            "consequence": "",
            "follow_up": plan.story.follow_up,
        }
        casework.answer(manager, case, texts, seen=case.version)
        run_waiting_now()
    if stage < 4:
        return
    coordinator = _person(wanted, "samordnare")
    with clock.at(_working_moment(federation, began, 22 + plan.number % 15, hour=10)):
        _record_action(coordinator, federation, case, plan.story)
        casework.close(coordinator, case, plan.story.conclusion, seen=case.version)
        run_waiting_now()


def _stage(plan: Plan) -> int:
    """0 received and routed, 1 classified, 2 accepted, 3 answered, 4 closed: by age, so that each is there."""
    if plan.days_ago >= FINISHED_AFTER:
        return 4
    return {2: 0, STILL_UNROUTED: 0, 9: 1, 13: 2, 18: 2, 24: 3, 33: 3, 45: 2, 60: 4}[plan.days_ago]


def _submission(federation: Federation, wanted: data.DemoFederation, plan: Plan) -> Submission:
    by_name = {row.name: row.id for row in organisations.organisations(federation.id)}
    places = {row.name: row.id for row in organisations.municipalities(federation.id)}
    own = data.MUNICIPALITY_ORGANISATIONS[plan.place]
    activity = wanted.activities[plan.number % len(wanted.activities)]
    reporters = {OWN: own, "aktivitet": activity}
    story = plan.story
    # Now and then a reporter does not know whom it concerns; one such case still waits for the coordinator.
    unsure = plan.number % 13 == 7 or plan.days_ago == STILL_UNROUTED
    return Submission(
        submission_id=_submission_id(wanted, plan),
        what_happened=story.what_happened,
        reporting_organisation_id=by_name[reporters.get(story.by, story.by)],
        concerned_organisation_id=None if unsure else by_name[_about(plan)],
        municipality_id=places[plan.place],
        consequence=story.consequence,
        done_at_once=story.done_at_once,
        proposal=story.proposal,
        reporter_email=f"anmalare{plan.number}@{wanted.slug}.{data.DOMAIN}" if plan.number % 3 else None,
    )


def _about(plan: Plan) -> str:
    """The organisation that the case really concerns."""
    return data.MUNICIPALITY_ORGANISATIONS[plan.place] if plan.story.about == OWN else plan.story.about


def _classify(coordinator: Actor, federation: Federation, case: Case, plan: Plan) -> None:
    theme = next(row for row in organisations.themes(federation.id) if row.label == plan.story.theme)
    concerned = next(row for row in organisations.organisations(federation.id) if row.name == _about(plan))
    casework.classify(
        coordinator, case, theme=theme, municipality=case.municipality, organisation=concerned, seen=case.version
    )


def _record_action(coordinator: Actor, federation: Federation, case: Case, story: Story) -> None:
    kind = next(row for row in actions.types(federation.id) if row.key == story.action_type)
    casework.record_action(
        coordinator,
        case,
        type=kind,
        description=story.action,
        status=ActionStatus.DONE,
        action_on=clock.today(),
        seen=case.version,
    )


def _right_unit(federation: Federation, case: Case) -> Unit:
    """Where the rules would send the case now that the coordinator knows whom it concerns."""
    unit_id = suggest_unit(federation.id, casework.facts_of(case)).unit_id
    return next(unit for unit in organisations.units(federation.id) if unit.id == unit_id)


def _person(wanted: data.DemoFederation, part: str) -> Actor:
    return actor_for(_user(data.address(part, wanted.slug)))


def _manager_of(unit: Unit) -> Actor:
    manager = organisations.responsible_managers(unit.id, clock.today())[0]
    return actor_for(_user(manager.email))


def _user(email: str) -> User:
    user = user_by_email(email)
    if user is None:
        raise LookupError(email)
    return user


def _working_moment(federation: Federation, start: date, days: int, *, hour: int) -> datetime:
    """That many working days on, at the hour in Sweden, never later than now."""
    day = add_working_days(start, days, calendar_of(federation))
    moment = datetime.combine(day, time(hour, 12), tzinfo=SWEDEN).astimezone(UTC)
    return min(moment, clock.now())
