"""Whoever sets up a connection to a provider gets no authority by it, and others hear of what they do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts import notices, service, single_sign_on
from lexheller.accounts import single_sign_on_settings as settings
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Role, sees_cases
from lexheller.accounts.single_sign_on_models import ExternalIdentity
from lexheller.accounts.single_sign_on_queries import connection_in
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.administration import people
from lexheller.administration.notices import CONNECTION_CHANGED, ROLE_GIVEN
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.messaging.models import Message
from tests.cast.people import HOME
from tests.integration.accounts.conftest import draft

PAGE = f"/installningar/{HOME}/inloggning"
DIRECTOR, OFFICE = address("forbundschef", HOME), address("samordnare", HOME)
NEW = "vera.ny@jonkoping.example"


def told(stage, kind: str) -> list[str]:
    """To whom the mails of the kind go."""

    def ask(_cast) -> list[str]:
        users = {row.id: row.email for row in map(user_by_email, (DIRECTOR, OFFICE, NEW)) if row is not None}
        query = select(Message.recipient_id).where(Message.kind == kind).order_by(Message.id)
        return [users.get(user_id, "somebody else") for user_id in db.session.scalars(query)]

    return stage.ask(ask)


def roles_of(stage, email: str) -> set[str]:
    return stage.ask(lambda cast: set(actor_for(user_by_email(email)).roles.get(cast.federation().id, ())))


def identities(stage) -> int:
    return stage.ask(lambda _cast: len(db.session.scalars(select(ExternalIdentity)).all()))


def test_the_director_hears_of_each_change_of_who_comes_in_and_of_nothing_else(stage, provider, connect, change):
    connection_id = connect(on=False)
    assert not change(connection_id, mail_domains=("habo.example",))
    assert told(stage, CONNECTION_CHANGED) == [], "nobody comes in by it yet"
    connection_id = connect(name="En annan")
    assert told(stage, CONNECTION_CHANGED) == [DIRECTOR]
    now: dict[str, object] = {"name": "Kommunen"}
    assert not change(connection_id, **now)
    assert told(stage, CONNECTION_CHANGED) == [DIRECTOR], "a name lets nobody in"
    for count, (field, value) in enumerate(
        (
            ("mail_domains", ("habo.example",)),
            ("strong_values", ("pwd",)),
            ("role_groups", {"registrar": ("alla",)}),
            ("groups_claim", "department"),
            ("issuer", "https://idp.example"),
        ),
        start=2,
    ):
        now[field] = value
        secret = {"secret": "en-ny-hemlighet"} if field == "issuer" else {}
        assert change(connection_id, **now, **secret) == (field == "issuer")
        assert told(stage, CONNECTION_CHANGED) == [DIRECTOR] * count, field


@pytest.mark.parametrize("role", Role)
def test_the_director_hears_of_each_role_that_a_provider_gives_if_it_reads_cases(stage, connect, role):
    connection_id = connect()

    def arrive(cast):
        row = connection_in(cast.federation().id, connection_id)
        single_sign_on.come_in(row, Known("vera", NEW, True, "Vera", (role,), False))

    for _time in range(2):
        stage.ask(arrive)
        assert told(stage, ROLE_GIVEN) == [DIRECTOR] * sees_cases(role), "once"
    assert told(stage, notices.JOINED) == [NEW]


@pytest.mark.parametrize("joined", ["invited", "with a password"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DIRECTOR, Role.REGISTRAR])
def test_an_account_that_sees_all_cases_is_reached_by_no_address(stage, provider, connect, way, role, joined):
    def make(cast):
        if joined == "invited":
            people.invite(OPERATOR, cast.federation().id, NEW, role)
        else:
            user = service.create_user(email=NEW, name="Vera", password=PASSWORD)
            service.grant_role(OPERATOR, user, role, federation_id=cast.federation().id)

    stage.ask(make)
    provider.person("mallory", email=NEW, email_verified=True, groups=[], amr=["mfa"])
    assert way(connect()).go("mallory").status_code == 403
    assert identities(stage) == 0


def test_they_join_it_themselves_and_are_told_by_mail(stage, provider, connect, way, visitor):
    provider.person("dora", email=DIRECTOR, email_verified=True, groups=[])
    through = way(connect(mail_domains=(DIRECTOR.partition("@")[2],)))
    assert through.go("dora").status_code == 403
    visitor.sign_in("forbundschef")
    assert through.go("dora", "?koppla=1").location == "/mitt-konto/arbetsgivare"
    assert told(stage, notices.JOINED) == [DIRECTOR]
    visitor.client.delete_cookie("lexheller")
    assert through.go("dora").status_code == 302
    assert visitor.get(f"/arenden/{HOME}").status_code == 200
    assert told(stage, notices.JOINED) == [DIRECTOR], "once"


def test_nobody_lets_a_group_give_themselves_a_role(stage, provider, connect, way, visitor, new_visitor):
    connection_id = connect()
    provider.person("sam", email=OFFICE, groups=["alla"])
    visitor.sign_in("samordnare")
    through = way(connection_id)
    through.go("sam", "?koppla=1")
    page = f"{PAGE}/{connection_id}"

    def send(by, role: str):
        by.get(page)
        seen = re.search(r'name="seen"[^>]*value="(\d+)"', by.text)[1]
        plain = draft(provider.issuer)
        values = {name: getattr(plain, name) for name in settings.LIMITS}
        fields = {**values, "organisation": "0", "seen": seen, "mail_domains": "jonkoping.example"}
        return by.post(page, {**fields, "groups_analyst": "lh-analytiker", f"groups_{role}": "alla"})

    assert send(visitor, "director").status_code == 422
    assert "Du kan inte ge dig själv en roll." in visitor.text
    assert 'id="groups_director-error"' in visitor.text
    assert send(visitor, "coordinator").status_code == 200, "which they have"
    director = new_visitor()
    director.sign_in("forbundschef")
    assert send(director, "registrar").status_code == 200, "who does not come in that way"


def test_a_group_gives_no_role_to_whoever_set_it_up(stage, connect):
    """Also when they join afterwards. A month later the director, who was told, has had the time to say no."""
    connection_id = connect(role_groups={"director": ("alla",)})

    def arrive(cast):
        row, user = connection_in(cast.federation().id, connection_id), user_by_email(OFFICE)
        known = Known("sam", OFFICE, True, "Sam", (Role.DIRECTOR,), False)
        single_sign_on.link_own(actor_for(user), user, row, known)
        assert single_sign_on.come_in(row, known) is not None

    def turn_on_anew(cast):
        row = connection_in(cast.federation().id, connection_id)
        settings.turn_off(cast.director, row)
        settings.turn_on(cast.director, row, settings.proof_of_trial(row))

    stage.ask(arrive)
    stage.ask(turn_on_anew)
    stage.ask(arrive)
    assert roles_of(stage, OFFICE) == {"coordinator"}, "not though another has turned it on since"
    with clock.at(clock.now() + timedelta(days=31)):
        stage.ask(arrive)
    assert roles_of(stage, OFFICE) == {"coordinator", "director"}
    assert told(stage, ROLE_GIVEN) == [DIRECTOR]
