"""Requests for documents and proposals for disposal wait on the start page of those who can do something about them."""

from __future__ import annotations

from lexheller.accounts.rights import Role
from lexheller.cases.queries import visible
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.records import release
from lexheller.records.release import Asked
from tests.cast.people import ELSEWHERE, HOME, PASSWORD
from tests.integration.records.disposing_of_cases import proposal_by_hand

START = f"/start/{HOME}"
ASKED = "En person som har begärt handlingar väntar på svar"
PROPOSED = "Ett förslag till gallring väntar på beslut"


def _wait_for_something(cast) -> None:
    cast.newcomer("registratorn", Role.REGISTRAR)
    case = cast.report()
    with transaction():
        release.register(cast.coordinator, case.federation_id, Asked("Ärendet", clock.today()))
        proposal_by_hand(cast, db.session.scalars(visible(cast.coordinator, case.federation_id)).first())


def test_what_waits_stands_on_the_start_pages_of_those_who_can_see_to_it(stage, new_visitor):
    stage.ask(_wait_for_something)
    registrar, director, office, manager, outsider = (new_visitor() for _ in range(5))
    registrar.sign_in("registratorn", password=PASSWORD)
    director.sign_in("forbundschef")
    office.sign_in("samordnare")
    manager.sign_in("chef.af")
    outsider.sign_in("samordnare", ELSEWHERE)
    for person in (registrar, director, office):
        assert ASKED in person.get(START).text
    assert ASKED not in manager.get(START).text
    assert ASKED not in outsider.get(f"/start/{ELSEWHERE}").text
    assert PROPOSED in registrar.get(START).text
    assert PROPOSED in office.get(START).text
    assert PROPOSED not in director.get(START).text, "whoever made the proposal does not decide it"
