"""P26: two persons dispose; a second address of the first one's is no second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role, resume, suspend, withdraw_role
from lexheller.accounts.single_sign_on import come_in
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.accounts.single_sign_on_settings import (
    Draft,
    add_connection,
    change_connection,
    proof_of_trial,
    turn_on,
    version_of,
)
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import nothing_kept
from lexheller.demo.data import PASSWORD, address
from lexheller.records.disposal_labels import REFUSED
from tests.cast.people import HOME
from tests.integration.records.disposing_of_cases import NOW, adopt, closed, decide, freeze, propose

OTHER = "registrator.ny@habo.example"


@pytest.fixture
def grown(cast):
    """An old case that falls under the plan; it is 2030."""
    closed(cast, 2024)
    freeze(cast, 2024)
    closed(cast, 2029)
    with clock.at(NOW):
        adopt(cast)
        yield


def given_by(cast, giver, role: Role = Role.REGISTRAR):
    """Somebody to whom the giver has given a role, as they are now."""
    user = user_by_email(OTHER) or create_user(email=OTHER, name="Rut Två", password=PASSWORD)
    grant_role(giver, user, role, federation_id=cast.federation().id)
    return actor_for(user)


def refused(cast, disposal, by) -> str:
    with pytest.raises(InvalidInput) as problem, nothing_kept():
        decide(cast, disposal, by=by)
    assert problem.value.code in REFUSED
    return problem.value.code


def test_p26_who_got_the_role_from_the_proposer_does_not_decide(cast, grown):
    with clock.at(NOW - timedelta(days=400)):
        second = given_by(cast, cast.coordinator)
    disposal = propose(cast, by=cast.coordinator)
    assert refused(cast, disposal, second) == "given_by_proposer"
    with clock.at(NOW - timedelta(days=200)):
        second = given_by(cast, cast.director, Role.DIRECTOR)
    assert refused(cast, disposal, second) == "given_by_proposer", "the account came from there all the same"
    decide(cast, disposal, by=cast.director)
    assert disposal.status == "decided"


def test_p26_a_role_that_is_younger_than_the_proposal_decides_nothing(cast, grown):
    disposal = propose(cast, by=cast.coordinator)
    with clock.at(NOW + timedelta(hours=1)):
        second = given_by(cast, cast.director)
        assert refused(cast, disposal, second) == "role_too_new"
        director, home = user_by_email(address("forbundschef", HOME)), cast.federation().id
        withdraw_role(OPERATOR, director, Role.DIRECTOR, federation_id=home)
        grant_role(OPERATOR, director, Role.DIRECTOR, federation_id=home)
        assert refused(cast, disposal, cast.director) == "role_too_new"


def test_p26_nor_does_who_has_just_given_the_proposer_the_role(cast, grown):
    """Not even when the role has been taken away again meanwhile."""
    with clock.at(NOW - timedelta(days=29)):
        second = given_by(cast, cast.coordinator)
    disposal = propose(cast, by=second)
    assert refused(cast, disposal, cast.coordinator) == "given_by_decider"
    withdraw_role(cast.coordinator, user_by_email(OTHER), Role.REGISTRAR, federation_id=cast.federation().id)
    assert refused(cast, disposal, cast.coordinator) == "given_by_decider"
    decide(cast, disposal, by=cast.director)


def test_p26_in_an_office_of_two_the_one_who_was_given_the_role_long_ago_proposes(cast, grown):
    with clock.at(NOW - timedelta(days=31)):
        second = given_by(cast, cast.coordinator)
    decide(cast, propose(cast, by=second), by=cast.coordinator)


DRAFT = Draft(
    organisation_id=None,
    name="Habo kommun",
    issuer="https://idp.example",
    client_id="lex-heller",
    secret="en-hemlighet",
    scopes="openid",
    subject_claim="sub",
    mail_claim="email",
    groups_claim="groups",
    mail_domains=("habo.example",),
    strong_values=(),
    role_groups={"registrar": ("lh-registrator",)},
)


def days_ago(days: int):
    return clock.at(NOW - timedelta(days=days))


def connected_by(cast, actor):
    """A way in through a provider, set up and turned on."""
    row = add_connection(actor, cast.federation().id, DRAFT)
    turn_on(actor, row, proof_of_trial(row))
    return row


def changed_by(actor, row, domain: str = "mullsjo.example") -> None:
    change_connection(actor, row, replace(DRAFT, secret="", mail_domains=(domain,)), seen=version_of(row))


def came_by(row):
    """Somebody to whom the provider gave the role, as they are now."""
    user = come_in(row, Known("rut", OTHER, True, "Rut Två", (Role.REGISTRAR,), False))
    return actor_for(user)


def test_p26_who_got_the_role_through_the_proposers_connection_does_not_decide(cast, grown):
    with days_ago(400):
        row = connected_by(cast, cast.coordinator)
        second = came_by(row)
    with days_ago(200):
        changed_by(cast.director, row)
    disposal = propose(cast, by=cast.coordinator)
    assert refused(cast, disposal, second) == "given_by_proposer", "whoever changed it since"


def test_p26_nor_when_the_proposer_has_changed_the_connection_since(cast, grown):
    """Who changes it may come in as whom it leads to."""
    with days_ago(400):
        row = connected_by(cast, cast.director)
        second = came_by(row)
    with days_ago(29):
        changed_by(cast.coordinator, row)
    with days_ago(2):
        changed_by(cast.director, row, "habo.example")
    assert refused(cast, propose(cast, by=cast.coordinator), second) == "given_by_proposer"


def test_p26_a_provider_that_the_proposer_never_touched_gives_a_second_person(cast, grown):
    with days_ago(400):
        second = came_by(connected_by(cast, cast.director))
    decide(cast, propose(cast, by=cast.coordinator), by=second)


@pytest.mark.parametrize("touched", ["turned on", "changed"])
def test_p26_nor_does_whoever_has_just_touched_the_proposers_connection(cast, grown, touched):
    with days_ago(29 if touched == "turned on" else 400):
        row = connected_by(cast, cast.coordinator)
        second = came_by(row)
    if touched == "changed":
        with days_ago(29):
            changed_by(cast.coordinator, row)
    disposal = propose(cast, by=second)
    assert refused(cast, disposal, cast.coordinator) == "given_by_decider"
    decide(cast, disposal, by=cast.director)


def test_p26_in_an_office_of_two_the_connection_is_old_too(cast, grown):
    with days_ago(31):
        second = came_by(connected_by(cast, cast.coordinator))
    decide(cast, propose(cast, by=second), by=cast.coordinator)


def let_in_by(cast, giver) -> None:
    """The one who was given the role long ago is shut out, and let in again."""
    user, home = user_by_email(OTHER), cast.federation().id
    suspend(cast.director, user, federation_id=home)
    resume(giver, user, federation_id=home)


def test_p26_who_was_let_in_again_got_the_role_then_and_from_whoever_did_it(cast, grown):
    with days_ago(400):
        second = given_by(cast, cast.director)
    with days_ago(200):
        let_in_by(cast, cast.coordinator)
    disposal = propose(cast, by=cast.coordinator)
    assert refused(cast, disposal, second) == "given_by_proposer"
    with clock.at(NOW + timedelta(hours=1)):
        let_in_by(cast, cast.director)
        assert refused(cast, disposal, second) == "role_too_new"


def test_p26_who_has_just_let_the_proposer_in_again_does_not_decide(cast, grown):
    with days_ago(400):
        second = given_by(cast, cast.director)
    with days_ago(29):
        let_in_by(cast, cast.coordinator)
    disposal = propose(cast, by=second)
    assert refused(cast, disposal, cast.coordinator) == "given_by_decider"
    decide(cast, disposal, by=cast.director)
