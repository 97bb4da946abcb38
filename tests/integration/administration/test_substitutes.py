"""Who is written to when somebody is away, and what a substitute may see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.organisations import substitutes
from lexheller.organisations.queries import (
    contacts_for_unit,
    responsible_managers,
    substitute_for,
    unit_ids_managed_by,
    units,
)
from lexheller.organisations.service import TELL_RESPONSIBLE_JOB, ManagerDetails, appoint_manager
from tests.cast.people import ELSEWHERE, HOME

AF = address("chef.af", HOME)
ANNA, BO = "anna@habo.example", "bo@habo.example"
WEEK = timedelta(days=7)


def office(cast, slug=HOME):
    return next(unit for unit in units(cast.federation(slug).id) if unit.name.startswith("Lokalkontor"))


def away(cast, absent, email, first=0, last=7, slug=HOME, name="Vikarien"):
    today = clock.today()
    with transaction():
        return substitutes.add_substitution(
            cast.person("samordnare", slug),
            cast.federation(slug).id,
            absent_email=absent,
            name=name,
            email=email,
            from_on=today + timedelta(days=first),
            to_on=today + timedelta(days=last),
        )


def written_to(cast, days=0) -> list[str]:
    return [contact.email for contact in contacts_for_unit(office(cast).id, clock.today() + timedelta(days=days))]


def test_a_substitute_is_written_to_between_the_days_and_not_else(cast):
    row = away(cast, AF.upper(), "Anna@Habo.example", first=2, last=4)
    assert [written_to(cast, days) for days in (1, 2, 4, 5)] == [[AF], [ANNA], [ANNA], [AF]]
    contact = contacts_for_unit(office(cast).id, clock.today() + timedelta(days=3))[0]
    manager = responsible_managers(office(cast).id, clock.today())[0]
    assert (contact.type, contact.id, contact.manager_id, contact.name) == (
        "substitute",
        row.id,
        manager.id,
        "Vikarien",
    )


def test_a_substitute_who_is_away_is_replaced_too(cast):
    away(cast, AF, ANNA)
    away(cast, ANNA, BO, first=1, last=2)
    assert [written_to(cast, days) for days in (0, 1, 2, 3)] == [[ANNA], [BO], [BO], [ANNA]]
    home = cast.federation().id
    assert substitute_for(home, AF, clock.today() + timedelta(days=1)).email == BO
    assert substitute_for(home, "nobody@habo.example", clock.today()) is None
    tomorrow = clock.today() + timedelta(days=1)
    assert office(cast).id in unit_ids_managed_by(BO, tomorrow)
    assert office(cast).id not in unit_ids_managed_by(BO, clock.today())


def test_those_who_would_stand_in_for_each_other_are_refused(cast):
    away(cast, AF, ANNA)
    away(cast, ANNA, BO)
    for absent, email, code in ((BO, AF, "ring"), (BO, ANNA, "ring"), (AF, AF, "same_person"), (AF, BO, "overlaps")):
        with pytest.raises(InvalidInput) as refused:
            away(cast, absent, email)
        assert refused.value.code == code
    away(cast, BO, AF, first=8, last=9)  # other days


@pytest.mark.parametrize(("first", "last", "code"), [(3, 1, "before_start"), (-9, -1, "over")])
def test_days_that_cannot_be_are_refused(cast, first, last, code):
    with pytest.raises(InvalidInput) as refused:
        away(cast, AF, ANNA, first, last)
    assert refused.value.code == code


def test_two_managers_with_one_substitute_are_written_to_once(cast):
    unit = office(cast)
    with transaction():
        appoint_manager(cast.coordinator, unit, ManagerDetails("Bo", BO), valid_from=clock.today() - timedelta(days=1))
    assert written_to(cast) == [AF, BO]
    away(cast, AF, BO)
    assert written_to(cast) == [BO]


def test_an_ended_substitution_gives_nothing_and_the_history_keeps_it(cast):
    row = away(cast, AF, ANNA, first=-2, last=5)
    with transaction():
        substitutes.end_substitution(cast.coordinator, row, last_day=clock.today() - timedelta(days=1))
    assert written_to(cast) == [AF]
    assert row.active
    coming = away(cast, AF, ANNA, first=2, last=5)
    with transaction():
        substitutes.end_substitution(cast.coordinator, coming, last_day=clock.today() - timedelta(days=1))
    assert not coming.active
    assert written_to(cast, 3) == [AF]


def test_p15_a_substitute_in_one_federation_is_nobody_in_another(cast):
    away(cast, AF, ANNA)
    away(cast, address("chef.af", ELSEWHERE), BO, slug=ELSEWHERE)
    assert unit_ids_managed_by(ANNA, clock.today()) == {office(cast).id}
    assert unit_ids_managed_by(BO, clock.today()) == {office(cast, ELSEWHERE).id}
    assert substitute_for(cast.federation(ELSEWHERE).id, AF, clock.today()) is None


def test_p15_a_manager_in_two_federations_is_replaced_only_where_it_was_said(cast):
    elsewhere = office(cast, ELSEWHERE)
    with transaction():
        appoint_manager(cast.outsider, elsewhere, ManagerDetails("Omar", AF), valid_from=clock.today())
    away(cast, AF, ANNA)
    assert unit_ids_managed_by(ANNA, clock.today()) == {office(cast).id}
    assert AF in [contact.email for contact in contacts_for_unit(elsewhere.id, clock.today())]


def test_p06_a_substitute_with_an_account_sees_the_units_only_while_it_lasts(cast):
    with transaction():
        user = create_user(email=ANNA, name="Anna", password="vikariens-lösenord")
        grant_role(OPERATOR, user, Role.MANAGER, federation_id=cast.federation().id)
    assert actor_for(user).unit_ids == frozenset()
    row = away(cast, AF, ANNA)
    assert actor_for(user).unit_ids == {office(cast).id}
    with transaction():
        substitutes.end_substitution(cast.coordinator, row, last_day=clock.today() - timedelta(days=1))
    assert actor_for(user).unit_ids == frozenset()


def test_p23_an_identity_number_reaches_no_substitution(cast):
    with pytest.raises(InvalidInput) as refused:
        away(cast, AF, ANNA, name="Anna 19121212-1212")
    assert refused.value.field == "name"


def told_on() -> list[date]:
    jobs = db.session.scalars(select(Job).where(Job.name == TELL_RESPONSIBLE_JOB).order_by(Job.due_at, Job.id))
    return [max(clock.day_of(job.due_at), clock.today()) for job in jobs]


def test_p04_whoever_stands_in_for_a_substitute_is_told_of_what_waits(cast):
    away(cast, AF, ANNA)
    before = len(told_on())
    away(cast, ANNA, BO, first=1, last=2)
    today = clock.today()
    about = db.session.execute(
        select(Job.subject_id, Job.due_at).where(Job.name == TELL_RESPONSIBLE_JOB).order_by(Job.id)
    ).all()[before:]
    assert [(row.subject_id, clock.day_of(row.due_at)) for row in about] == [
        (office(cast).id, today + timedelta(days=1)),
        (office(cast).id, today + timedelta(days=3)),
    ]


def test_p04_whoever_is_back_is_told_of_what_came_meanwhile(cast):
    """The day the substitute begins, and the day after the last one."""
    today = clock.today()
    row = away(cast, AF, ANNA, first=0, last=7)
    first = told_on()
    assert set(first) == {today, today + timedelta(days=8)}
    with transaction():
        substitutes.end_substitution(cast.coordinator, row, last_day=today)
    assert today + timedelta(days=1) in told_on()
