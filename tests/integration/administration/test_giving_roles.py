"""Nobody gives themselves a role or takes away their own last; who sees no cases lets nobody see them unheard."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lexheller.accounts import service
from lexheller.accounts.models import RoleAssignment
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, RIGHTS, Right, Role, sees_cases
from lexheller.administration import people
from lexheller.administration.notices import RECIPIENTS_CHANGED, ROLE_GIVEN
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.demo.data import PASSWORD, address
from lexheller.messaging.models import Message
from tests.cast.people import ELSEWHERE, HOME

NEW = "ny@habo.example"
PEOPLE = f"/installningar/{HOME}/personer"
OWN = address("administrator", HOME)


def told(kind: str = ROLE_GIVEN) -> list[int]:
    return list(db.session.scalars(select(Message.recipient_id).where(Message.kind == kind)))


@pytest.fixture
def administrator(cast):
    return cast.newcomer("administrator", Role.ADMINISTRATOR)


def test_nobody_gives_themselves_a_role(cast, administrator):
    home, own = cast.federation().id, user_by_email(OWN)
    for attempt in (
        lambda: people.invite(administrator, home, f" {OWN.upper()} ", Role.COORDINATOR),
        lambda: service.grant_role(administrator, own, Role.REGISTRAR, federation_id=home),
        lambda: people.invite(cast.coordinator, home, address("samordnare", HOME), Role.DIRECTOR),
    ):
        with pytest.raises(InvalidInput) as refused:
            attempt()
        assert refused.value.code == "own_role"
    held = db.session.scalars(select(RoleAssignment.role).where(RoleAssignment.user_id == own.id))
    assert list(held) == [Role.ADMINISTRATOR]


def test_nobody_takes_away_their_own_last_role_or_lets_themselves_in_again(cast, administrator):
    home, own = cast.federation().id, user_by_email(OWN)
    analyst = cast.newcomer("analytiker", Role.ANALYST)
    for actor, user, role, code in (
        (administrator, own, Role.ADMINISTRATOR, "own_administration"),
        (analyst, user_by_email(address("analytiker", HOME)), Role.ANALYST, "own_last"),
    ):
        with pytest.raises(InvalidInput) as refused:
            service.withdraw_role(actor, user, role, federation_id=home)
        assert refused.value.code == code
    service.suspend(cast.coordinator, own, federation_id=home)
    with pytest.raises(InvalidInput):
        service.resume(administrator, own, federation_id=home)


@pytest.mark.parametrize("role", Role)
def test_the_director_hears_when_who_sees_no_cases_lets_somebody_see_some(cast, administrator, role):
    people.invite(administrator, cast.federation().id, NEW, role)
    assert told() == ([cast.director.user_id] if sees_cases(role) else [])


def test_without_a_director_the_coordinator_hears_it(cast, administrator):
    home = cast.federation().id
    director = user_by_email(address("forbundschef", HOME))
    service.withdraw_role(OPERATOR, director, Role.DIRECTOR, federation_id=home)
    people.invite(administrator, home, NEW, Role.REGISTRAR)
    assert told() == [cast.coordinator.user_id]


@pytest.mark.parametrize("role", Role)
def test_p26_the_director_hears_of_each_role_that_decides_what_is_deleted_whoever_gives_it(cast, role):
    people.invite(cast.coordinator, cast.federation().id, NEW, role)
    assert told() == ([cast.director.user_id] if Right.PLAN_DISPOSAL in RIGHTS[role] else [])


def test_nobody_is_told_of_what_they_gave_themselves(cast):
    people.invite(cast.director, cast.federation().id, NEW, Role.REGISTRAR)
    assert told() == []


@pytest.mark.parametrize("role", Role)
def test_p26_letting_somebody_in_again_is_heard_of_as_giving_the_role(cast, administrator, role):
    home = cast.federation().id
    user = service.create_user(email=NEW, name="Nina", password=PASSWORD)
    service.grant_role(OPERATOR, user, role, federation_id=home)
    for giver, heard in (
        (cast.coordinator, Right.PLAN_DISPOSAL in RIGHTS[role]),
        (administrator, sees_cases(role)),
    ):
        before = told()
        people.resume(giver, home, user)
        assert told() == before, "was not shut out"
        service.suspend(OPERATOR, user, federation_id=home)
        people.resume(giver, home, user)
        assert told() == before + [cast.director.user_id] * heard


def test_the_page_that_lets_in_again_tells_the_director(stage, visitor):
    def shut(cast) -> int:
        cast.newcomer("administrator", Role.ADMINISTRATOR)
        registrar = cast.newcomer("registrator", Role.REGISTRAR)
        user = user_by_email(registrar.email)
        service.suspend(OPERATOR, user, federation_id=cast.federation().id)
        return user.id

    user_id = stage.ask(shut)
    visitor.sign_in("administrator")
    visitor.get(PEOPLE)
    visitor.post(f"{PEOPLE}/{user_id}/slapp-in")
    assert "med samma roller som förut" in visitor.text
    assert stage.ask(lambda cast: told() == [cast.director.user_id])


def test_who_becomes_the_only_director_is_not_the_one_who_hears_of_it(cast):
    home = cast.federation().id
    director = user_by_email(address("forbundschef", HOME))
    service.suspend(OPERATOR, director, federation_id=home)
    people.invite(OPERATOR, home, address("chef.fk", HOME), Role.DIRECTOR)
    assert told() == [cast.coordinator.user_id]


def test_every_role_that_reads_cases_is_known_as_one():
    assert {role for role in Role if sees_cases(role)} == {
        *(Role.COORDINATOR, Role.DIRECTOR, Role.MANAGER, Role.MEMBER, Role.REGISTRAR)
    }
    assert Right.HANDLE_CASES not in RIGHTS[Role.REGISTRAR]


def test_the_page_says_what_each_role_means_and_who_gave_it(stage, visitor):
    stage.ask(lambda cast: cast.newcomer("administrator", Role.ADMINISTRATOR))
    visitor.sign_in("administrator")
    visitor.get(PEOPLE)
    assert "Vad rollerna betyder" in visitor.text
    visitor.post(PEOPLE, {"email": NEW, "role": "analyst"})
    assert f"{NEW}: fick rollen Analytiker" in visitor.text
    assert "Administrator Ny" in visitor.text.split("fick rollen Analytiker")[1].split("</li>")[0]
    visitor.post(PEOPLE, {"email": OWN, "role": "coordinator"})
    assert "Du kan inte ge dig själv en roll." in visitor.text


def test_who_sees_no_cases_cannot_have_them_mailed_to_themselves(stage, visitor):
    unit = stage.ask(lambda cast: cast.unit("Arbetsförmedlingen").id)
    stage.ask(lambda cast: cast.newcomer("administrator", Role.ADMINISTRATOR))
    visitor.sign_in("administrator")
    at = f"/installningar/{HOME}/enheter/{unit}/chef"
    values = {"name": "Rut", "valid_from": "2030-01-07"}
    for fields in (
        {"email": OWN},
        {"email": OWN.replace("@", "+arenden@")},
        {"email": "chef@habo.example", "superior_name": "Rut", "superior_email": OWN.upper()},
    ):
        visitor.get(at)
        answer = visitor.post(at, {**values, **fields})
        assert answer.status_code == 422
        assert "kan därför inte ange din egen adress" in visitor.text
    substitutes = f"/installningar/{HOME}/ersattare"
    visitor.get(substitutes)
    days = {"from_on": "2030-01-07", "to_on": "2030-01-08"}
    away = {"absent_email": address("chef.af", HOME), "name": "Rut", "email": OWN}
    assert visitor.post(substitutes, {**away, **days}).status_code == 422
    visitor.get(at)
    assert visitor.post(at, {**values, "email": "annan@habo.example"}).status_code == 200


def test_the_history_of_roles_is_of_the_own_federation(stage, visitor):
    stage.ask(lambda cast: people.invite(cast.outsider, cast.federation(ELSEWHERE).id, NEW, Role.ANALYST))
    visitor.sign_in("samordnare")
    visitor.get(PEOPLE)
    assert NEW not in visitor.text


def test_the_director_hears_when_who_sees_no_cases_has_them_mailed_to_others(stage, new_visitor):
    """Another mailbox may be the administrator's own: nobody can tell by looking."""
    unit, director = stage.ask(lambda cast: (cast.unit("Arbetsförmedlingen").id, cast.director.user_id))
    stage.ask(lambda cast: cast.newcomer("administrator", Role.ADMINISTRATOR))
    manager, substitute = f"/installningar/{HOME}/enheter/{unit}/chef", f"/installningar/{HOME}/ersattare"
    who = {"name": "Rut", "email": "en.annan@example.org"}
    away = {"absent_email": address("chef.af", HOME), "from_on": "2030-01-07", "to_on": "2030-01-08"}
    for person, heard in (("samordnare", []), ("administrator", [director, director])):
        visitor = new_visitor()
        visitor.sign_in(person)
        for path, fields in ((manager, {"valid_from": "2030-01-07"}), (substitute, away)):
            visitor.get(path)
            assert visitor.post(path, {**who, **fields, "email": f"{person}.{who['email']}"}).status_code in {200, 302}
            away = {**away, "from_on": "2031-01-07", "to_on": "2031-01-08"}
        assert stage.ask(lambda _cast: told(RECIPIENTS_CHANGED)) == heard
