"""Two years of cases in every stage, made by calling the services at the moments when things happened.

Nothing is set by hand: each story is filed, routed, answered and closed through the verbs, with the clock put there.
Only a database without reports of others is filled.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import Actor
from lexheller.actions import queries as actions
from lexheller.actions.models import ActionStatus
from lexheller.actions.sweep import fire_due_actions
from lexheller.cases.models import Case, Report
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CloseReason
from lexheller.casework import answering, closing, describing, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.deadlines.sweep import fire_due
from lexheller.demo import data
from lexheller.demo.actions import tell_demo_actions
from lexheller.demo.faults import tell_demo_faults
from lexheller.demo.meetings import plan_demo_meetings
from lexheller.demo.moments import working_moment
from lexheller.demo.stories import OWN, STORIES, Story
from lexheller.demo.tales import TALES, Teller
from lexheller.demo.tales import submission_id as tale_id
from lexheller.demo.yearly import publish_demo_year
from lexheller.intake.service import Submission, submit
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation, Unit
from lexheller.routing.service import suggest_unit

SEED = 22
PER_FEDERATION = {"sodra-vatterbygden": 44, "finnveden": 14, "hoglandet": 18}
STILL_UNROUTED = 5  # days ago
CLOCKS_FROM = 60  # days ago
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
    tales = [(wanted, name) for wanted in data.FEDERATIONS for name in TALES]
    known = {_submission_id(wanted, plan) for wanted, plan in plans}
    known |= {tale_id(wanted, name) for wanted in data.FEDERATIONS for name in (*TALES, "event-2")}
    if there - known or known <= there:
        return
    done = 0
    for wanted, plan in plans:
        if _submission_id(wanted, plan) not in there and organisations.federation_by_slug(wanted.slug):
            with transaction():
                _tell(wanted, plan)
            done += 1
            yield done
    for wanted, name in tales:
        federation = organisations.federation_by_slug(wanted.slug)
        if federation is not None and tale_id(wanted, name) not in there:
            with transaction():
                TALES[name](Teller(federation, wanted))
            done += 1
            yield done
    _let_the_clocks_run()


def _let_the_clocks_run() -> None:
    """Reminders and escalations of the last weeks, on the days when they were due; the meetings to come; and last
    year's report.
    """
    for wanted in data.FEDERATIONS:
        federation = organisations.federation_by_slug(wanted.slug)
        if federation is None:
            continue
        with transaction():
            tell_demo_actions(federation, _person(wanted, "samordnare"))
        for days in range(CLOCKS_FROM, -1, -1):
            with clock.at(working_moment(federation, clock.today() - timedelta(days=days), 0, hour=9)), transaction():
                fire_due(federation.id)
                fire_due_actions(federation.id)
                run_waiting_now()
        with transaction():
            tell_demo_faults(federation, _person(wanted, "samordnare"))
            plan_demo_meetings(federation, _person(wanted, "samordnare"))
        with transaction():
            publish_demo_year(federation, _person(wanted, "forbundschef"), _person(wanted, "samordnare"))


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
    filed = working_moment(federation, clock.today() - timedelta(days=plan.days_ago), 0, hour=9)
    with clock.at(filed):
        case = submit(federation, _submission(federation, wanted, plan))
        run_waiting_now()
    stage = _stage(plan)
    coordinator = _person(wanted, "samordnare")
    with clock.at(working_moment(federation, clock.today() - timedelta(days=plan.days_ago), 1, hour=11)):
        if stage >= 1:
            _classify(coordinator, federation, case, plan)
        if not live_duties(case.id) and stage >= 2:
            sending.assign(coordinator, case, [_right_unit(federation, case)], seen=case.version)
        run_waiting_now()
    if stage >= 2:
        _answer_and_close(federation, wanted, case, plan, stage)


def _answer_and_close(federation: Federation, wanted: data.DemoFederation, case: Case, plan: Plan, stage: int) -> None:
    duty = next(iter(live_duties(case.id)), None)
    if duty is None:
        return
    manager = _manager_of(duty.unit)
    began = clock.today() - timedelta(days=plan.days_ago)
    with clock.at(working_moment(federation, began, 4, hour=14)):
        answering.accept(manager, case, duty, seen=duty.version)
        run_waiting_now()
    if stage < 3:
        return
    with clock.at(working_moment(federation, began, 8 + plan.number % 11, hour=15)):
        texts = {
            "cause": plan.story.cause,
            "steps_taken": plan.story.steps_taken,
            "consequence": "",
            "follow_up": plan.story.follow_up,
        }
        answering.answer(manager, case, duty, texts, seen=duty.version)
        run_waiting_now()
    if stage < 4:
        return
    coordinator = _person(wanted, "samordnare")
    with clock.at(working_moment(federation, began, 22 + plan.number % 15, hour=10)):
        _record_action(coordinator, federation, case, plan.story)
        closing.close(coordinator, case, CloseReason.SOLVED, plan.story.conclusion, seen=case.version)
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
    describing.classify(
        coordinator, case, theme=theme, municipality=case.municipality, organisation=concerned, seen=case.version
    )


def _record_action(coordinator: Actor, federation: Federation, case: Case, story: Story) -> None:
    kind = next(row for row in actions.types(federation.id) if row.key == story.action_type)
    describing.record_action(
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
    unit_id = suggest_unit(federation.id, sending.facts_of(case)).unit_id
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
