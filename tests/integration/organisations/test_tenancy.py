"""P15: the outsider from another federation knocks on every door, and a manager sees the own units' cases alone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.accounts.rights import REPORTER
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_for, visible
from lexheller.cases.states import CaseStatus
from lexheller.casework import service
from lexheller.casework.queries import QueueFilter, attention, queue, waiting_for
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations.models import ResponsibleManager, Unit
from lexheller.organisations.queries import units
from tests.cast.people import ELSEWHERE, HOME

STEPS = ("fordela", "ta-emot", "svara", "skicka-tillbaka", "uppgifter", "atgard", "avsluta", "oppna-igen")


@pytest.fixture
def outsider(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare", ELSEWHERE)
    return person


def test_p15_a_case_cannot_be_reached_under_the_outsiders_own_federation(stage, outsider):
    case = stage.case(CaseStatus.ASSIGNED)
    own = f"/arenden/{ELSEWHERE}/{case.id}"
    assert outsider.client.get(own).status_code == 404
    outsider.get(f"/arenden/{ELSEWHERE}")
    token_page = outsider.last
    for step in STEPS:
        assert outsider.post(f"{own}/{step}", {}, follow=False).status_code == 404
        outsider.last = token_page
    assert stage.look(case.id) == case


def test_p15_missing_and_forbidden_cases_look_alike(stage, outsider):
    case = stage.case(CaseStatus.ASSIGNED)
    pages = []
    for path in (f"/arenden/{ELSEWHERE}/{case.id}", f"/arenden/{ELSEWHERE}/999999", case.path):
        answer = outsider.get(path)
        page = re.sub(r"<code>\w+</code>", "", outsider.text).replace(path, "")
        pages.append((answer.status_code, re.sub(r'value="[^"]*"', "", page.split("<main")[1].split("</main>")[0])))
    assert len(set(pages)) == 1


def test_p15_queue_search_and_figures_of_one_federation_know_nothing_of_another(stage, outsider):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Bostadsbidraget blev fel.")
    organisation = stage.ask(lambda cast: cast.organisation("Arbetsförmedlingen").id)
    year = clock.local_year()
    for query in ("", "?q=bostadsbidraget", f"?q={case.number}", f"?organisation={organisation}", "?status=assigned"):
        outsider.get(f"/arenden/{ELSEWHERE}{query}")
        assert "Bostadsbidraget" not in outsider.text
        assert f"/{case.id}" not in outsider.text
    report = outsider.get(f"/atgardsrapport/{ELSEWHERE}/{year}.json").get_json()
    assert report["received"] == 0
    assert report["cases"] == []
    assert all(line["count"] == 0 for line in report["by_organisation"] + report["by_month"] + report["by_theme"])
    stage.ask(
        lambda cast: [
            _sees_nothing(cast, actor)
            for actor in (cast.outsider, cast.person("chef.af", ELSEWHERE), cast.person("chef.fk"), REPORTER)
        ]
    )


def _sees_nothing(cast, actor) -> None:
    home, away = cast.federation().id, cast.federation(ELSEWHERE).id
    for federation_id in (home, away):
        assert queue(actor, federation_id, QueueFilter(), None).rows == []
        assert queue(actor, federation_id, QueueFilter(words="bostadsbidraget"), None).rows == []
        counted = attention(actor, federation_id)
        assert (counted.unrouted, counted.overdue, counted.answered, counted.in_doubt) == (0, 0, 0, 0)
        assert waiting_for(actor, federation_id) == 0
        for case_id in db.session.scalars(select(Case.id)):
            with pytest.raises(NotAllowedToSee):
                case_for(actor, federation_id, case_id)


def test_p15_a_case_cannot_be_sent_to_a_unit_of_another_federation(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    foreign = stage.ask(lambda cast: units(cast.federation(ELSEWHERE).id)[0].id)
    coordinator = new_visitor()
    coordinator.sign_in("samordnare")
    coordinator.get(case.path)
    answer = coordinator.post(case.path + "/fordela", {"unit": str(foreign)}, form="assign")
    assert answer.status_code == 422
    assert stage.look(case.id) == case

    def by_verb(cast) -> None:
        row = db.session.get_one(Case, case.id)
        with pytest.raises(InvalidInput):
            service.assign(cast.coordinator, row, db.session.get_one(Unit, foreign), seen=row.version)

    stage.ask(by_verb)


def test_p15_a_manager_sees_the_cases_of_the_own_units_alone(stage, new_visitor):
    mine = stage.case(CaseStatus.ASSIGNED)
    insurance = stage.ask(lambda cast: cast.organisation("Försäkringskassan").id)
    other = stage.case(CaseStatus.ASSIGNED, concerned_organisation_id=insurance)
    unrouted = stage.case(CaseStatus.UNROUTED)
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(f"/arenden/{HOME}")
    assert re.findall(rf'href="/arenden/{HOME}/(\d+)"', manager.text) == [str(mine.id)]
    assert "stat-tile" not in manager.text
    assert manager.client.get(mine.path).status_code == 200
    for case in (other, unrouted):
        assert manager.client.get(case.path).status_code == 404


def test_p15_a_manager_who_has_left_sees_nothing_more(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    manager = cast.manager_of(case)
    assert db.session.scalars(visible(manager, case.federation_id)).all() == [case]
    with transaction():
        for row in db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.email == manager.email)):
            row.valid_to = clock.today().replace(year=2021)
    assert db.session.scalars(visible(cast.person("chef.af"), case.federation_id)).all() == []


def test_p15_units_in_one_federation_give_nothing_in_another(cast):
    """A manager whose address answers for a unit elsewhere, without a role there."""
    case = cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    duty = db.session.scalars(select(Duty)).one()
    with transaction():
        db.session.add(
            ResponsibleManager(
                federation_id=duty.federation_id,
                unit_id=duty.unit_id,
                name="Sara Lund",
                email=cast.person("chef.fk").email,
                valid_from=clock.today(),
            )
        )
    guest = cast.person("chef.fk")
    assert duty.unit_id in guest.unit_ids
    assert db.session.scalars(visible(guest, case.federation_id)).all() == []


def test_the_director_sees_all_and_is_offered_no_step(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(case.path)
    assert case.number in director.text
    assert re.findall(rf'action="{case.path}/', director.text) == []
