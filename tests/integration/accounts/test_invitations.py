"""Invitations: one time, timed, revocable, and nobody is told whether an account exists (P20)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lexheller.accounts import invitations, service
from lexheller.accounts.models import RoleAssignment, SignIn, User
from lexheller.accounts.queries import people_in, user_by_email, users_with
from lexheller.accounts.rights import Right, Role
from lexheller.administration import notices, people
from lexheller.audit.models import Event
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.demo.data import address
from lexheller.messaging.kinds import kind_of
from lexheller.messaging.models import Message, MessageStatus
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import counts, everything

NEW, THERE = "ny.person@habo.example", address("samordnare", ELSEWHERE)
PASSWORD = "fyra ord i en rad"
PEOPLE = f"/installningar/{HOME}/personer"


def invite(visitor, email, role="manager"):
    visitor.get(PEOPLE)
    return visitor.post(PEOPLE, {"email": email, "role": role})


@pytest.fixture
def office(visitor):
    visitor.sign_in("samordnare")
    return visitor


def link(stage, email=NEW, slug=HOME) -> str:
    return stage.ask(lambda cast: f"/inbjudan/{invitations.token_for(user_by_email(email), cast.federation(slug).id)}")


def sent(stage) -> list[str]:
    """Where the mails of invitation go, and what they link to."""

    def found(_cast):
        rows = db.session.scalars(select(Message).where(Message.kind == notices.INVITED).order_by(Message.id))
        return [
            (kind_of(row.kind).address(row).email, kind_of(row.kind).words(row).values["link"]) for row in rows.all()
        ]

    return stage.ask(found)


def test_somebody_new_is_invited_chooses_a_password_and_signs_in(stage, office, new_visitor):
    assert invite(office, NEW.upper()).status_code == 200
    ((email, mailed),) = sent(stage)
    assert email == NEW
    guest = new_visitor()
    path = "/inbjudan/" + mailed.partition("/inbjudan/")[2]
    assert guest.get(path).status_code == 200
    assert guest.post(path, {"name": "Nina Ny", "password": PASSWORD}).status_code == 200
    assert "Logga in" in guest.text
    guest.get("/logga-in")
    guest.post("/logga-in", {"email": NEW, "password": PASSWORD})
    assert guest.client.get(f"/arenden/{HOME}").status_code == 200
    assert guest.client.get(PEOPLE).status_code == 404
    kinds = stage.ask(lambda _cast: [row.kind for row in db.session.scalars(select(Event).order_by(Event.id))])
    assert kinds[-2:] == ["account.role_granted", "account.activated"]


def test_p20_the_page_says_the_same_of_an_address_with_and_without_an_account(stage, office):
    pages = []
    for email in (NEW, THERE):
        answer = invite(office, email)
        history = r'<details[^>]*id="historik".*?</details>'  # the second has a longer one
        page = re.sub(rf'value="[^"]*"|personer/\d+/|{history}', "", office.text, flags=re.DOTALL)
        pages.append((answer.status_code, page.replace(email, "ADRESS")))
        stage.ask(lambda cast, email=email: _take_back(cast, email))
    assert pages[0] == pages[1]
    assert "Elin Berg" not in office.text


def _take_back(cast, email):
    service.withdraw_role(cast.coordinator, user_by_email(email), Role.MANAGER, federation_id=cast.federation().id)


def test_somebody_with_an_account_gets_the_role_and_a_mail_to_sign_in(stage, office, new_visitor):
    invite(office, THERE)
    ((email, mailed),) = sent(stage)
    assert email == THERE
    assert "/inbjudan/" not in mailed
    guest = new_visitor()
    guest.sign_in("samordnare", ELSEWHERE)
    assert guest.client.get(f"/arenden/{HOME}").status_code == 200
    office.get(PEOPLE)
    assert "Elin Berg" in office.text  # has been here now


def test_inviting_twice_is_one_role_and_one_mail(app, stage, office):
    invite(office, NEW)
    before = counts(app)
    invite(office, NEW)
    assert counts(app) == before
    assert len(sent(stage)) == 1


@pytest.mark.parametrize("used", ["accepted", "role taken away", "suspended", "disabled", "old", "forged", "other"])
def test_a_link_that_is_used_old_or_called_off_is_dead(stage, office, new_visitor, used):
    invite(office, NEW)
    path = link(stage)

    def act(cast):
        user, home = user_by_email(NEW), cast.federation().id
        if used == "accepted":
            invitations.accept(path.rpartition("/")[2], name="Nina", password=PASSWORD)
        elif used == "role taken away":
            _take_back(cast, NEW)
        elif used == "suspended":
            service.suspend(cast.coordinator, user, federation_id=home)
        elif used == "disabled":
            service.disable(cast.coordinator, user, federation_id=home)

    guest = new_visitor()
    assert guest.get(path).status_code == 200
    stage.ask(act)
    if used == "old":
        path = stage.ask(lambda cast: _old_link(cast))
    if used == "forged":
        path = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]
    if used == "other":
        path = link(stage, slug=ELSEWHERE)
    assert guest.client.get(path).status_code == 404
    assert guest.post(path, {"name": "Någon", "password": PASSWORD}, follow=False).status_code == 404


def _old_link(cast) -> str:
    user = user_by_email(NEW)
    serializer = invitations._serializer()

    class Old(type(serializer.make_signer(invitations.SALT))):
        def get_timestamp(self):
            return super().get_timestamp() - (invitations.DAYS * 24 * 3600 + 60)

    serializer.signer = Old
    return f"/inbjudan/{serializer.dumps([user.id, cast.federation().id, invitations._mark(user)])}"


def test_looking_at_the_link_uses_nothing_up(app, stage, office, new_visitor):
    invite(office, NEW)
    path, before = link(stage), everything(app)
    guest = new_visitor()
    for _ in range(3):
        assert guest.get(path).status_code == 200
    assert everything(app) == before


def test_of_two_who_accept_at_once_the_second_is_refused(stage, office):
    invite(office, NEW)
    token = link(stage).rpartition("/")[2]
    stage.ask(lambda _cast: invitations.accept(token, name="Nina", password=PASSWORD))
    with pytest.raises(NotAllowedToSee):
        stage.ask(lambda _cast: invitations.accept(token, name="Tjuv", password="ett helt annat lösen"))


@pytest.mark.parametrize("password", ["", "kort", "elva tecken", NEW, "a" * 40, "x" * 201])
def test_a_weak_password_is_refused_and_nothing_is_stored(app, stage, office, new_visitor, password):
    invite(office, NEW)
    path, before = link(stage), everything(app)
    guest = new_visitor()
    guest.get(path)
    assert guest.post(path, {"name": "Nina", "password": password}).status_code == 422
    assert everything(app) == before
    if password:
        assert f'value="{password}"' not in guest.text


def test_p23_a_number_as_a_name_is_stopped(app, stage, office, new_visitor):
    invite(office, NEW)
    path, before = link(stage), everything(app)
    guest = new_visitor()
    guest.get(path)
    assert guest.post(path, {"name": "Nina 19121212-1212", "password": PASSWORD}).status_code == 422
    assert everything(app) == before


def test_nobody_can_sign_in_to_an_account_without_a_password(stage, office, new_visitor):
    invite(office, NEW)
    for password in ("", " ", "None", PASSWORD):
        guest = new_visitor()
        guest.get("/logga-in")
        guest.post("/logga-in", {"email": NEW, "password": password})
        assert "Logga ut" not in guest.text
    assert stage.ask(lambda cast: NEW not in {u.email for u in users_with(Right.ANSWER_DUTIES, cast.federation().id)})


def test_p06_whoever_lost_the_role_before_the_sending_gets_no_mail(stage, office):
    invite(office, NEW)
    stage.ask(lambda cast: _take_back(cast, NEW))
    stage.work()
    statuses = stage.ask(
        lambda _cast: list(db.session.scalars(select(Message.status).where(Message.kind == notices.INVITED)))
    )
    assert statuses == [MessageStatus.CANCELLED]


def test_p07_the_mail_names_the_federation_and_nobody(stage, office):
    invite(office, NEW)

    def words(_cast):
        row = db.session.scalars(select(Message).where(Message.kind == notices.INVITED)).one()
        return str(kind_of(row.kind).words(row))

    told = stage.ask(words)
    assert "Södra Vätterbygden" in told
    assert "Maria" not in told
    assert "habo.example" not in told


def test_a_fresh_link_is_sent_at_most_once_an_hour(stage, office):
    invite(office, NEW)
    user_id = stage.ask(lambda _cast: user_by_email(NEW).id)
    for _ in range(2):
        office.get(PEOPLE)
        office.post(f"{PEOPLE}/{user_id}/skicka-igen")
    assert len(sent(stage)) == 2


def test_two_federations_invite_one_new_person_who_chooses_a_password_once(stage, new_visitor):
    for slug in (HOME, ELSEWHERE):
        visitor = new_visitor()
        visitor.sign_in("samordnare", slug)
        visitor.get(f"/installningar/{slug}/personer")
        visitor.post(f"/installningar/{slug}/personer", {"email": NEW, "role": "director"})
    first, second = link(stage), link(stage, slug=ELSEWHERE)
    guest = new_visitor()
    guest.get(second)
    guest.post(second, {"name": "Nina", "password": PASSWORD})
    assert guest.client.get(first).status_code == 404
    guest.get("/logga-in")
    guest.post("/logga-in", {"email": NEW, "password": PASSWORD})
    for slug in (HOME, ELSEWHERE):
        assert guest.client.get(f"/installningar/{slug}").status_code == 200


def suspended_and_back(stage, visitor, step):
    user_id = stage.ask(lambda cast: cast.person("chef.af").user_id)
    visitor.get(PEOPLE)
    return visitor.post(f"{PEOPLE}/{user_id}/{step}")


def test_p19_shutting_out_ends_the_session_here_and_letting_in_gives_the_same_roles(stage, office, new_visitor):
    guest = new_visitor()
    guest.sign_in("chef.af")
    page = f"/arenden/{HOME}"
    assert guest.client.get(page).status_code == 200
    suspended_and_back(stage, office, "stang-av")
    assert guest.client.get(page).status_code == 302
    guest.sign_in("chef.af")
    assert guest.client.get(page).status_code == 404
    suspended_and_back(stage, office, "slapp-in")
    guest.sign_in("chef.af")
    assert guest.client.get(page).status_code == 200


def test_p15_shutting_out_reaches_no_other_federation(stage, office, new_visitor):
    invite(office, THERE)
    user_id = stage.ask(lambda _cast: user_by_email(THERE).id)
    office.get(PEOPLE)
    office.post(f"{PEOPLE}/{user_id}/stang-av")
    guest = new_visitor()
    guest.sign_in("samordnare", ELSEWHERE)
    assert guest.client.get(f"/installningar/{ELSEWHERE}").status_code == 200
    assert guest.client.get(f"/installningar/{HOME}").status_code == 404


def test_p15_nobody_of_another_federation_is_touched_or_seen(app, stage, office):
    stranger = stage.ask(lambda _cast: user_by_email(THERE).id)
    before = everything(app)
    office.get(PEOPLE)
    assert "Elin Berg" not in office.text
    for step in ("stang-av", "slapp-in", "roll-bort", "skicka-igen"):
        office.get(PEOPLE)
        assert office.post(f"{PEOPLE}/{stranger}/{step}", {"role": "coordinator"}).status_code == 404
    assert everything(app) == before


def test_nobody_takes_away_the_own_last_right_to_administer(stage, office):
    own = stage.ask(lambda cast: cast.coordinator.user_id)
    for step in ("roll-bort", "stang-av"):
        office.get(PEOPLE)
        office.post(f"{PEOPLE}/{own}/{step}", {"role": "coordinator"})
        assert "Be en kollega" in office.text
        assert office.client.get(PEOPLE).status_code == 200


def test_the_federation_keeps_somebody_who_can_administer(cast):
    home = cast.federation().id
    coordinator, director = (user_by_email(address(part, HOME)) for part in ("samordnare", "forbundschef"))
    service.suspend(cast.coordinator, director, federation_id=home)
    for attempt in (
        lambda: service.suspend(cast.director, coordinator, federation_id=home),
        lambda: service.withdraw_role(cast.director, coordinator, Role.COORDINATOR, federation_id=home),
    ):
        with pytest.raises(InvalidInput) as refused:
            attempt()
        assert refused.value.code == "last_administrator"
    people.invite(cast.coordinator, home, NEW, Role.DIRECTOR)
    with pytest.raises(InvalidInput):  # has no password yet, so can administer nothing
        service.suspend(cast.director, coordinator, federation_id=home)
    assert db.session.scalar(select(func.count(RoleAssignment.id)).where(RoleAssignment.user_id == coordinator.id)) == 1


def test_a_role_of_two_may_be_given_up(cast):
    home, own = cast.federation().id, user_by_email(address("samordnare", HOME))
    service.grant_role(cast.director, own, Role.DIRECTOR, federation_id=home)
    with pytest.raises(InvalidInput) as refused:
        service.withdraw_role(cast.coordinator, own, Role.COORDINATOR, federation_id=home)
    assert refused.value.code == "last_coordinator", "nobody else can take cases in hand"
    director = user_by_email(address("forbundschef", HOME))
    service.grant_role(cast.coordinator, director, Role.COORDINATOR, federation_id=home)
    service.withdraw_role(cast.coordinator, own, Role.COORDINATOR, federation_id=home)
    assert [person.roles for person in people_in(home) if person.user.id == own.id] == [(Role.DIRECTOR,)]


def test_the_list_says_when_somebody_was_here_last(stage, office):
    office.get(PEOPLE)
    started = stage.ask(lambda _cast: db.session.scalars(select(SignIn)).one().started_at)
    assert started
    assert office.text.count("Inte än") == stage.ask(lambda cast: len(people_in(cast.federation().id))) - 1


def test_a_name_is_text_and_no_html(stage, office, new_visitor):
    invite(office, NEW)
    guest = new_visitor()
    path = link(stage)
    guest.get(path)
    guest.post(path, {"name": "<script>alert(1)</script>", "password": PASSWORD})
    guest.get("/logga-in")
    guest.post("/logga-in", {"email": NEW, "password": PASSWORD})
    office.get(PEOPLE)
    assert "<script>alert" not in office.text
    assert "&lt;script&gt;alert" in office.text
    assert stage.ask(lambda _cast: db.session.scalar(select(User.name).where(User.email == NEW)))
