"""Connecting a provider on the settings pages: written, tried, turned on by whoever may, changed, and told of."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from lexheller.accounts import service
from lexheller.accounts.models import RoleAssignment
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.audit.models import Event
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.organisations.models import RegisterChange
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import everything
from tests.integration.accounts.conftest import SECRET

PAGE = f"/installningar/{HOME}/inloggning"
ADMINISTRATOR = "adam@habo.example"


def filled(issuer: str, **changes: str) -> dict[str, str]:
    values = {
        "name": "Habo kommun",
        "organisation": "0",
        "issuer": issuer,
        "client_id": "lex-heller",
        "secret": SECRET,
        "scopes": "openid profile email",
        "subject_claim": "sub",
        "mail_claim": "email",
        "groups_claim": "groups",
        "mail_domains": "habo.example\r\n@Mullsjo.example\r\n",
        "strong_values": "mfa",
        "groups_manager": "lh-chefer",
    }
    return {**values, **changes}


def row_of(stage):
    def ask(_cast):
        row = db.session.scalars(select(SignInConnection)).one()
        return {"id": row.id, "active": row.active, "domains": row.mail_domains, "groups": row.role_groups}

    return stage.ask(ask)


def made(visitor, provider, **changes: str) -> str:
    """By the coordinator, through the pages: the address of the page."""
    visitor.sign_in("samordnare")
    visitor.get(f"{PAGE}/ny")
    answer = visitor.post(f"{PAGE}/ny", filled(provider.issuer, **changes), follow=False)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def turned_on(visitor, page: str):
    visitor.get(page)
    visitor.post(f"{page}/prova")
    proof = re.search(r'name="proof" value="([^"]+)"', visitor.text)
    return visitor.post(f"{page}/pa", {"proof": proof[1] if proof else ""})


def test_written_tried_turned_on_and_off(app, stage, provider, visitor):
    page = made(visitor, provider)
    assert row_of(stage)["domains"] == ["habo.example", "mullsjo.example"]
    assert row_of(stage)["groups"] == {"manager": ["lh-chefer"]}
    assert f"/logga-in/svar/{row_of(stage)['id']}" in visitor.get(page).get_data(as_text=True)
    assert "Påslagen" in turned_on(visitor, page).get_data(as_text=True)
    assert row_of(stage)["active"]
    visitor.post(f"{page}/av")
    assert not row_of(stage)["active"]
    kinds = stage.ask(
        lambda _cast: list(
            db.session.scalars(select(Event.kind).where(Event.kind.like("register.connection%")).order_by(Event.id))
        )
    )
    assert [kind.removeprefix("register.connection_") for kind in kinds] == ["added", "turned_on", "turned_off"]
    assert SECRET not in everything(app)


def test_the_secret_is_never_shown_again_and_kept_when_the_field_is_left_empty(stage, provider, visitor):
    page = made(visitor, provider)
    sealed = stage.ask(lambda _cast: db.session.scalars(select(SignInConnection.sealed_secret)).one())
    assert SECRET not in visitor.get(page).get_data(as_text=True)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', visitor.text)[1]
    visitor.post(page, filled(provider.issuer, secret="", name="Habo", seen=seen))
    assert stage.ask(lambda _cast: db.session.scalars(select(SignInConnection.sealed_secret)).one()) == sealed
    history = stage.ask(lambda _cast: json.dumps([row.after for row in db.session.scalars(select(RegisterChange))]))
    assert SECRET not in history
    visitor.get(page)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', visitor.text)[1]
    wrong = visitor.post(page, filled("https://idp.example", secret="", name="Habo", seen=seen))
    assert wrong.status_code == 422
    assert "Skriv hemligheten på nytt" in visitor.text, "the old one is not sent to another"
    assert visitor.post(page, filled(provider.issuer, name="Sist", seen="1")).status_code == 409


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("issuer", "ftp://idp.example"),
        ("issuer", "https://idp.example?x=1"),
        ("scopes", "profile"),
        ("mail_domains", "namn@habo.example"),
        ("name", ""),
        ("name", "Kommunen 19121212-1212"),
        ("groups_manager", "191212121212"),
        ("secret", ""),
        ("organisation", "999999"),
        ("client_id", "x" * 201),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(app, provider, visitor, field, text):
    visitor.sign_in("samordnare")
    visitor.get(f"{PAGE}/ny")
    before = everything(app)
    answer = visitor.post(f"{PAGE}/ny", {**filled(provider.issuer), field: text})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in visitor.text
    assert SECRET not in visitor.text
    assert everything(app) == before


def test_what_was_not_tried_is_not_turned_on(stage, provider, visitor):
    page = made(visitor, provider)
    visitor.get(page)
    visitor.post(f"{page}/prova")
    proof = re.search(r'name="proof" value="([^"]+)"', visitor.text)[1]
    visitor.get(page)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', visitor.text)[1]
    visitor.post(page, filled(provider.issuer, name="Ett annat namn", seen=seen))
    for old in (proof, "", "x.y.z"):
        visitor.get(page)
        visitor.post(f"{page}/pa", {"proof": old})
        assert not row_of(stage)["active"], old
    provider.answers = {"/jwks": (500, b"")}
    visitor.get(page)
    visitor.post(f"{page}/prova")
    assert "svarade inte som den ska" in visitor.text
    assert "proof" not in visitor.text


def test_the_trial_tells_what_pasted_claims_would_give_and_stores_nothing(app, provider, visitor):
    page = made(visitor, provider)
    visitor.get(page)
    before = everything(app)
    claims = {"sub": "7", "email": "vera@habo.example", "name": "Vera", "groups": ["lh-chefer"], "amr": ["mfa"]}
    visitor.post(f"{page}/prova", {"claims": json.dumps(claims)}, form="prov")
    for told in ("Vera", "vera@habo.example", "Ansvarig chef", "Ja, om det bara hör"):
        assert told in visitor.text
    for odd, told in (("[]", "saknas"), ("{", "JSON"), ('{"sub":"7","groups":{}}', "Grupperna står inte")):
        visitor.post(f"{page}/prova", {"claims": odd}, form="prov")
        assert told in visitor.text, odd
    assert everything(app) == before


def test_who_sees_no_cases_prepares_a_connection_and_another_turns_it_on(stage, provider, new_visitor):
    """Else an administrator could let themselves in as anybody, by a provider of their own."""

    def make(cast):
        user = service.create_user(email=ADMINISTRATOR, name="Adam", password=PASSWORD)
        service.grant_role(OPERATOR, user, Role.ADMINISTRATOR, federation_id=cast.federation().id)

    stage.ask(make)
    adam, office = new_visitor(), new_visitor()
    adam.get("/logga-in")
    adam.post("/logga-in", {"email": ADMINISTRATOR, "password": PASSWORD})
    adam.get(f"{PAGE}/ny")
    page = adam.post(f"{PAGE}/ny", filled(provider.issuer), follow=False).location
    adam.get(page)
    adam.post(f"{page}/prova")
    assert "Be samordnaren" in adam.text
    office.sign_in("samordnare")
    office.get(page)
    office.post(f"{page}/prova")
    proof = re.search(r'name="proof" value="([^"]+)"', office.text)[1]
    adam.get(page)
    adam.post(f"{page}/pa", {"proof": proof})
    assert not row_of(stage)["active"]
    office.post(f"{page}/pa", {"proof": proof})
    assert row_of(stage)["active"]
    adam.get(page)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', adam.text)[1]
    adam.post(page, filled(provider.issuer, secret="", groups_coordinator="lh-adam", seen=seen))
    assert not row_of(stage)["active"], "what decides who comes in waits for the coordinator again"


def test_p15_nobody_else_finds_it(stage, provider, visitor, new_visitor):
    page = made(visitor, provider)
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME)):
        guest = new_visitor()
        guest.sign_in(part, slug)
        for path in (PAGE, f"{PAGE}/ny", page, page.replace(HOME, ELSEWHERE)):
            if path != page.replace(HOME, ELSEWHERE) or slug == ELSEWHERE:
                assert guest.client.get(path).status_code == 404, (part, path)
        for step in ("", "/prova", "/pa", "/av"):
            guest.get("/mitt-konto")
            assert guest.post(f"{page}{step}").status_code == 404


def test_a_mapped_role_is_not_told_from_others_by_its_column_alone(stage, provider, connect, way):
    """Who holds a role by hand keeps it when a group gives it too, and when the group goes."""
    held = address("samordnare", HOME)
    through = way(connect(role_groups={"coordinator": ("lh-samordnare",)}))
    provider.person("sam", email=held, groups=["lh-samordnare"])
    through.visitor.sign_in("samordnare")
    through.go("sam", "?koppla=1")
    through.visitor.client.delete_cookie("lexheller")
    assert through.go("sam").status_code == 302
    provider.person("sam", email=held, groups=[])
    through.visitor.client.delete_cookie("lexheller")
    assert through.go("sam").status_code == 302
    owner = stage.ask(
        lambda _cast: db.session.scalars(
            select(RoleAssignment.connection_id).where(
                RoleAssignment.user_id == user_by_email(held).id, RoleAssignment.role == "coordinator"
            )
        ).one()
    )
    assert owner is None
