"""P26: two persons dispose; a second address of the first one's is no second person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role, withdraw_role
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
