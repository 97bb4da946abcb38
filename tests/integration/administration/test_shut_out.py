"""P19, P4: whoever is shut out is out in every process, and what waited for them waits for somebody else, visibly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts import service
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.app.factory import create_app
from lexheller.cases.answer_link import links_of, lives, token_for
from lexheller.cases.states import CaseStatus
from lexheller.casework import beside
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.demo.data import address
from lexheller.organisations import service as register
from lexheller.organisations import substitutes
from lexheller.organisations.models import RegisterChange, ResponsibleManager
from lexheller.organisations.queries import responsible_managers, substitute_for
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor

OUT = address("chef.af", HOME)
PEOPLE = f"/installningar/{HOME}/personer"


@pytest.fixture
def other_process(database_url, tmp_path):
    application = create_app(settings_for(database_url, tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def shut_out_by_page(stage, new_visitor) -> None:
    office = new_visitor()
    office.sign_in("samordnare")
    manager = stage.ask(lambda _cast: user_by_email(OUT).id)
    office.get(PEOPLE)
    assert "inte ansvarig chef för någon enhet" in office.post(f"{PEOPLE}/{manager}/stang-av").get_data(as_text=True)


def disabled(stage, _new_visitor) -> None:
    stage.ask(lambda cast: service.disable(OPERATOR, user_by_email(OUT), federation_id=cast.federation().id))


@pytest.mark.parametrize("shut_out", [shut_out_by_page, disabled])
def test_p19_p04_a_manager_is_out_at_once_and_the_office_sees_it(stage, new_visitor, other_process, shut_out):
    case = stage.case(CaseStatus.ASSIGNED)
    here, there = new_visitor(), Visitor(other_process.test_client())
    here.sign_in("chef.af")
    there.sign_in("chef.af")
    unit = stage.ask(lambda cast: cast.unit("Arbetsförmedlingen").id)
    assert there.client.get(case.path).status_code == 200
    shut_out(stage, new_visitor)
    for visitor in (there, here):
        assert "/logga-in" in visitor.client.get(case.path).headers["Location"]
    assert stage.ask(lambda _cast: responsible_managers(unit, clock.today())) == []
    office = new_visitor()
    office.sign_in("samordnare")
    assert "saknar ansvarig chef" in office.get(f"/start/{HOME}").get_data(as_text=True)
    assert "ingen som är ansvarig" in office.get(f"/installningar/{HOME}").get_data(as_text=True)


def test_p04_whoever_comes_next_hears_of_what_waits(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    unit = cast.duty(case).unit
    service.suspend(cast.coordinator, user_by_email(OUT), federation_id=case.federation_id)
    details = register.ManagerDetails("Nils Ny", "nils.ny@af.example")
    register.appoint_manager(cast.coordinator, unit, details, valid_from=clock.today())
    run_waiting_now()
    assert "nils.ny@af.example" in {link.email for link in links_of(cast.duty(case).id)}


def test_losing_a_role_alone_is_not_being_shut_out(cast):
    service.withdraw_role(OPERATOR, user_by_email(OUT), Role.MANAGER, federation_id=cast.federation().id)
    assert responsible_managers(cast.unit("Arbetsförmedlingen").id, clock.today()) != []


def test_p15_it_reaches_no_unit_of_another_federation_and_letting_in_brings_nothing_back(cast):
    user, home = user_by_email(OUT), cast.federation().id
    service.suspend(cast.coordinator, user, federation_id=home)
    rows = db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.email == OUT)).all()
    assert rows and all(row.federation_id == home and row.valid_to < clock.today() for row in rows)
    service.resume(cast.coordinator, user, federation_id=home)
    assert cast.person("chef.af").unit_ids == frozenset()
    others = db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.federation_id != home)).all()
    assert all(row.valid_to is None for row in others)


def test_p19_p04_whoever_helps_stands_in_or_stands_above_is_out_too(cast, visitor):
    """The links they were mailed are dead, the duty is with its manager, and mail goes to the ordinary ones."""
    case = cast.reach(CaseStatus.ASSIGNED)
    duty, home = cast.duty(case), case.federation_id
    helper = user_by_email(address("chef.fk", HOME))
    beside.delegate(cast.manager_of(duty), case, duty, name=helper.name, email=helper.email)
    today = clock.today()
    substitutes.add_substitution(
        cast.coordinator,
        home,
        absent_email=address("chef.kommun", HOME),
        name=helper.name,
        email=helper.email,
        from_on=today,
        to_on=today + timedelta(days=10),
    )
    above = next(row for row in responsible_managers(duty.unit_id, today) if row.email == OUT)
    details = register.ManagerDetails(above.name, above.email, helper.name, helper.email)
    register.change_manager(cast.coordinator, above, details, valid_from=above.valid_from, valid_to=above.valid_to)
    link = next(link for link in links_of(duty.id) if link.email == helper.email)
    path = f"/svar/{token_for(link)}"
    db.session.commit()
    assert visitor.client.get(path).status_code == 200
    service.suspend(cast.coordinator, helper, federation_id=home)
    db.session.commit()
    assert visitor.client.get(path).status_code == 404
    assert lives(next(link for link in links_of(duty.id) if link.email == OUT)), "its manager answers"
    assert substitute_for(home, address("chef.kommun", HOME), today) is None
    assert above.superior_email is None
    history = [change.what for change in db.session.scalars(select(RegisterChange).order_by(RegisterChange.id))]
    assert "substitution_ended" in history and "manager_changed" in history
    service.resume(cast.coordinator, helper, federation_id=home)
    assert not lives(link), "letting in brings nothing back"
