"""P15, P19: a federation that gives a role to somebody who lives in another changes nothing for them there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts import notices, second_step, service
from lexheller.accounts.models import SecondStep
from lexheller.accounts.own_account import home_of
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.sealing import seal
from lexheller.administration import people
from lexheller.audit.models import Event
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.demo.data import PASSWORD, address
from lexheller.messaging.models import Message
from lexheller.organisations import substitutes
from lexheller.organisations.queries import substitute_for
from tests.cast.people import ELSEWHERE, HOME

PART = "samordnare"
OWNER = address(PART, ELSEWHERE)
THERE, HERE = f"/arenden/{ELSEWHERE}", f"/arenden/{HOME}"
"""`there` is where the person lives; `here` is the federation that gives them a role, whose id is lower."""


def person():
    return user_by_email(OWNER)


def given(cast, role: Role = Role.REGISTRAR) -> None:
    people.invite(cast.coordinator, cast.federation().id, OWNER, role)


def has_codes(_cast) -> None:
    now = clock.now()
    db.session.add(SecondStep(user_id=person().id, sealed=seal("x"), begun_at=now, confirmed_at=now, last_used=0))


def steps(cast) -> list:
    """Everything that a federation can do with the roles of somebody in it."""
    here = cast.federation().id
    return [
        lambda: given(cast),
        lambda: given(cast, Role.ANALYST),
        lambda: service.grant_role(cast.coordinator, person(), Role.MEMBER, federation_id=here),
        lambda: service.withdraw_role(cast.coordinator, person(), Role.MEMBER, federation_id=here),
        lambda: service.suspend(cast.coordinator, person(), federation_id=here),
        lambda: service.resume(cast.coordinator, person(), federation_id=here),
    ]


def test_p15_p19_no_step_with_a_role_here_ends_a_session_there(stage, visitor):
    visitor.sign_in(PART, ELSEWHERE)
    for number in range(6):
        stage.ask(lambda cast, number=number: steps(cast)[number]())
        assert visitor.client.get(THERE).status_code == 200, number
    assert visitor.client.get(HERE).status_code == 200
    stage.ask(lambda cast: service.suspend(cast.coordinator, person(), federation_id=cast.federation().id))
    assert visitor.client.get(HERE).status_code == 404, "what was taken here is gone at once"


def test_p19_who_lives_here_alone_is_signed_out_by_the_same_steps(stage, new_visitor):
    """Also who has a suspended role elsewhere: that one opens nothing."""

    def suspended_elsewhere(cast) -> None:
        there, user = cast.federation(ELSEWHERE).id, user_by_email(address("forbundschef", HOME))
        service.grant_role(OPERATOR, user, Role.ANALYST, federation_id=there)
        service.suspend(OPERATOR, user, federation_id=there)

    stage.ask(suspended_elsewhere)
    director = new_visitor()
    director.sign_in("forbundschef")
    assert director.client.get(HERE).status_code == 200
    stage.ask(
        lambda cast: people.invite(
            cast.coordinator, cast.federation().id, address("forbundschef", HOME), Role.REGISTRAR
        )
    )
    assert director.client.get(HERE).status_code == 302


def test_p15_a_second_step_that_is_demanded_here_is_asked_for_here_alone(stage, visitor):
    stage.ask(given)
    stage.ask(lambda cast: second_step.demand(cast.coordinator, cast.federation().id, demanded=True))
    visitor.sign_in(PART, ELSEWHERE)
    for path in (THERE, f"/start/{ELSEWHERE}", f"/installningar/{ELSEWHERE}/personer", "/start", "/mitt-konto"):
        assert visitor.client.get(path).status_code == 200, path
    for path in (HERE, f"/start/{HOME}", f"/diarium/{HOME}"):
        assert visitor.client.get(path).headers["Location"] == "/mitt-konto/tvasteg", path
    assert "kräver tvåstegsinloggning" in visitor.get("/mitt-konto/tvasteg").get_data(as_text=True)


def test_p15_what_somebody_does_with_their_account_stands_where_they_lived_first(stage, visitor):
    stage.ask(given)
    visitor.sign_in(PART, ELSEWHERE)
    visitor.get("/mitt-konto")
    new = "en grävling i varje rum"
    fields = {"current_password": PASSWORD, "password": new}
    visitor.post("/mitt-konto/losenord", fields, form="losenord")

    def found(cast):
        event = db.session.scalars(select(Event).where(Event.kind == "account.password_changed")).one()
        mail = db.session.scalars(select(Message).where(Message.kind == notices.CHANGED)).one()
        return {event.federation_id, mail.federation_id}, cast.federation(ELSEWHERE).id, cast.federation().id

    homes, there, here = stage.ask(found)
    assert homes == {there}
    assert here < there, "the lower number is not the older role"


def test_p15_the_home_federation_takes_the_codes_off_and_the_other_does_not(cast):
    given(cast)
    has_codes(cast)
    user, here, there = person(), cast.federation().id, cast.federation(ELSEWHERE).id
    administrator = cast.newcomer("administrator", Role.ADMINISTRATOR, ELSEWHERE)
    with pytest.raises(InvalidInput) as refused:
        second_step.take_off(cast.director, user, federation_id=here)
    assert refused.value.code == "codes_elsewhere"
    assert second_step.is_on(user)
    second_step.take_off(administrator, user, federation_id=there)
    assert not second_step.is_on(user)


def test_p19_a_disabled_person_stands_in_for_nobody_where_they_never_had_a_role(cast):
    user, there, today = user_by_email(address("chef.fk", HOME)), cast.federation(ELSEWHERE).id, clock.today()
    absent = address("chef.af", ELSEWHERE)
    substitutes.add_substitution(
        cast.outsider,
        there,
        absent_email=absent,
        name=user.name,
        email=user.email,
        from_on=today,
        to_on=today + timedelta(days=9),
    )
    assert substitute_for(there, absent, today) is not None
    service.disable(OPERATOR, user, federation_id=cast.federation().id)
    assert substitute_for(there, absent, today) is None


def test_home_is_the_oldest_role_that_counts(cast):
    user, here, there = person(), cast.federation().id, cast.federation(ELSEWHERE).id
    given(cast)
    assert home_of(user) == there
    service.suspend(OPERATOR, user_by_email(address("forbundschef", ELSEWHERE)), federation_id=there)
    service.grant_role(OPERATOR, user_by_email(address("chef.af", ELSEWHERE)), Role.COORDINATOR, federation_id=there)
    service.suspend(OPERATOR, user, federation_id=there)
    assert home_of(user) == here
