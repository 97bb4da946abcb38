"""Coming in through a member's own provider: who gets in, as whom, with which roles, and where it stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts import invitations, second_step, service, sign_ins
from lexheller.accounts.models import RoleAssignment, SignIn, User
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.single_sign_on_models import ExternalIdentity
from lexheller.administration import people
from lexheller.audit.models import Event
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.organisations import service as register
from lexheller.organisations.queries import responsible_managers
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import everything

FIGURES, DIARY = f"/laget/{HOME}", f"/arenden/{HOME}"
NEW = "vera.ny@jonkoping.example"
ANALYST = {"email": NEW, "email_verified": True, "name": "Vera Ny", "groups": ["lh-analytiker", "annat"]}


def roles_of(stage, email: str, slug: str = HOME) -> set[str]:
    def ask(cast):
        user = user_by_email(email)
        held = actor_for(user).roles if user is not None else {}
        return {str(role) for role in held.get(cast.federation(slug).id, ())}

    return stage.ask(ask)


def told(stage, *kinds: str) -> list[tuple[str, dict]]:
    query = select(Event.kind, Event.data).where(Event.kind.in_(kinds)).order_by(Event.id)
    return stage.ask(lambda _cast: [(row.kind, dict(row.data)) for row in db.session.execute(query)])


def is_in(visitor) -> bool:
    return visitor.client.get("/mitt-konto").status_code == 200


def test_somebody_new_comes_in_by_their_group_as_others_do_by_password(app, stage, provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    visitor.get("/logga-in")
    before = visitor.client.get_cookie("lexheller")
    answer = way(connect()).go("vera", "?next=/mitt-konto")
    assert (answer.status_code, answer.location) == (302, "/mitt-konto")
    assert visitor.client.get_cookie("lexheller") != before
    assert visitor.client.get_cookie("lexheller_known") is None, "a provider makes no browser known for the password"
    assert roles_of(stage, NEW) == {"analyst"}
    assert "Vera Ny" in visitor.get("/mitt-konto").get_data(as_text=True)
    started_at, expires_at = stage.ask(
        lambda _cast: db.session.execute(select(SignIn.started_at, SignIn.expires_at)).one()
    )
    assert expires_at - started_at == app.config[sign_ins.LONGEST]
    linked, granted = told(stage, "account.identity_linked", "account.role_granted")[-2:]
    assert linked == ("account.identity_linked", {"connection_id": granted[1]["connection_id"], "how": "groups"})
    assert granted[0] == "account.role_granted"
    assert granted[1]["role"] == "analyst"
    with clock.at(clock.now() + timedelta(hours=13)):
        assert not is_in(visitor)


def test_p18_the_way_back_changes_nothing_until_its_form_is_sent(app, provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    path = through.back("vera", through.start())
    before = everything(app)
    assert visitor.client.get(path).location == "/logga-in/klar"
    assert everything(app) == before
    assert visitor.client.post("/logga-in/klar").status_code == 400, "without a token"
    assert everything(app) == before
    assert not is_in(visitor)


def test_a_role_goes_with_its_group_and_what_colleagues_gave_stays(stage, provider, connect, way, visitor, new_visitor):
    through = way(connect())
    provider.person("vera", **{**ANALYST, "groups": ["lh-analytiker", "lh-registrator"]})
    through.go("vera")
    stage.ask(
        lambda cast: service.grant_role(
            cast.coordinator, user_by_email(NEW), Role.MEMBER, federation_id=cast.federation().id
        )
    )
    assert roles_of(stage, NEW) == {"analyst", "registrar", "member"}
    provider.person("vera", **{**ANALYST, "groups": ["lh-registrator"]})
    through.go("vera")
    old = visitor
    assert roles_of(stage, NEW) == {"registrar", "member"}
    provider.person("vera", **{**ANALYST, "groups": []})
    fresh = new_visitor()
    assert way(through.connection_id, by=fresh).go("vera").status_code == 302
    assert roles_of(stage, NEW) == {"member"}
    assert not is_in(old), "P19: the old sign-in ended with the role"
    assert is_in(fresh)


def test_without_any_role_nobody_comes_in_and_is_told_what_to_do(stage, provider, connect, way, visitor):
    through = way(connect())
    provider.person("vera", **{**ANALYST, "groups": []})
    answer = through.go("vera")
    assert answer.status_code == 403
    assert "Du har ingen tillgång än" in answer.get_data(as_text=True)
    assert stage.ask(lambda _cast: user_by_email(NEW)) is None
    provider.person("vera", **ANALYST)
    through.go("vera")
    provider.person("vera", **{**ANALYST, "groups": []})
    visitor.client.delete_cookie("lexheller")
    assert through.go("vera").status_code == 403
    assert roles_of(stage, NEW) == set(), "gone though nobody came in"


def test_the_last_coordinator_keeps_the_role_and_it_is_written_down(stage, provider, connect, way):
    groups = {"coordinator": ("lh-samordnare",)}
    through = way(connect(role_groups=groups))
    provider.person("vera", **{**ANALYST, "groups": ["lh-samordnare"]})
    through.go("vera")
    stage.ask(
        lambda cast: service.suspend(
            OPERATOR, user_by_email(address("samordnare", HOME)), federation_id=cast.federation().id
        )
    )
    provider.person("vera", **{**ANALYST, "groups": []})
    through.visitor.client.delete_cookie("lexheller")
    assert through.go("vera").status_code == 302
    assert roles_of(stage, NEW) == {"coordinator"}
    assert told(stage, "account.role_kept")[0][1]["why"] == "last_coordinator"


def test_p15_a_connection_reaches_its_own_federation_alone(stage, provider, connect, way, visitor):
    """Somebody of both federations, who joined one's provider to the account: it opens that one's door only."""
    both = address("samordnare", HOME)
    stage.ask(
        lambda cast: service.grant_role(
            OPERATOR, user_by_email(both), Role.COORDINATOR, federation_id=cast.federation(ELSEWHERE).id
        )
    )
    connection_id = connect(ELSEWHERE)
    provider.person("sam", email=both, email_verified=True, groups=["lh-analytiker"])
    visitor.sign_in("samordnare")
    through = way(connection_id, ELSEWHERE)
    through.go("sam", "?koppla=1")
    assert visitor.get(DIARY).status_code == visitor.get(f"/arenden/{ELSEWHERE}").status_code == 200
    visitor.client.delete_cookie("lexheller")
    assert through.go("sam").status_code == 302
    assert visitor.get(f"/arenden/{ELSEWHERE}").status_code == 200
    assert visitor.get(DIARY).status_code == 404
    assert roles_of(stage, both) == {"coordinator"}, "and no group of theirs gives a role here"


def test_p15_a_connection_is_no_door_of_another_federation(provider, connect, visitor):
    connection_id = connect(ELSEWHERE)
    assert visitor.client.get(f"/logga-in/via/{HOME}/{connection_id}").status_code == 404
    assert "Jobbkontot" not in visitor.get(f"/logga-in/via/{HOME}").get_data(as_text=True)
    assert "Jobbkontot" in visitor.get(f"/logga-in/via/{ELSEWHERE}").get_data(as_text=True)


def test_another_subject_with_the_same_address_takes_nothing_over(stage, provider, connect, change, way, visitor):
    connection_id = connect()
    through = way(connection_id)
    provider.person("vera", **ANALYST)
    through.go("vera")
    visitor.client.delete_cookie("lexheller")
    assert not change(connection_id, mail_domains=())
    provider.person("mallory", **{**ANALYST, "name": "Mallory"})
    assert through.go("mallory").status_code == 403
    assert not is_in(visitor)
    assert stage.ask(lambda _cast: len(db.session.scalars(select(ExternalIdentity)).all())) == 1


@pytest.mark.parametrize(
    ("domains", "verified", "roles_in", "comes_in"),
    [
        (("jonkoping.example",), None, (HOME,), True),
        (("jonkoping.example",), True, (HOME,), True),
        (("jonkoping.example",), False, (HOME,), False),
        ((), True, (HOME,), False),
        (("koping.example",), True, (HOME,), False),
        (("jonkoping.example",), True, (HOME, ELSEWHERE), True),
        (("jonkoping.example",), True, (ELSEWHERE, HOME), False),
    ],
)
def test_p15_an_account_is_joined_by_address_only_where_it_is_believed_and_only_by_its_home(
    stage, provider, connect, way, visitor, domains, verified, roles_in, comes_in
):
    """What another federation gives later takes the way in from nobody, and opens none there."""
    mail = "berit@jonkoping.example"

    def make(cast):
        user = service.create_user(email=mail, name="Berit", password=PASSWORD)
        for slug in roles_in:
            service.grant_role(OPERATOR, user, Role.MANAGER, federation_id=cast.federation(slug).id)

    stage.ask(make)
    provider.person("berit", email=mail, **({} if verified is None else {"email_verified": verified}))
    assert way(connect(mail_domains=domains)).go("berit").status_code == (302 if comes_in else 403)
    assert is_in(visitor) == comes_in
    assert visitor.client.get(f"/arenden/{ELSEWHERE}").status_code == (404 if comes_in else 302)


@pytest.mark.parametrize(
    ("verified", "domains"),
    [
        (None, ()),
        (True, ()),
        (True, ("koping.example",)),
        (False, ("jonkoping.example",)),
        ("no", ("jonkoping.example",)),
    ],
)
def test_an_address_that_is_not_believed_makes_no_account(stage, provider, connect, way, verified, domains):
    provider.person("vera", **{**ANALYST, "email_verified": verified})
    assert way(connect(mail_domains=domains)).go("vera").status_code == 403
    assert stage.ask(lambda _cast: user_by_email(NEW)) is None


def test_no_provider_gives_the_cases_of_another_members_manager(stage, provider, connect, way):
    """The manager answers by mailed links and has no account: whoever had one with that address would read the unit's
    cases.
    """
    mail = "ny.chef@fk.example"

    def appoint(cast):
        unit = cast.unit("Försäkringskassan")
        manager = responsible_managers(unit.id, clock.today())[0]
        days = {"valid_from": manager.valid_from, "valid_to": manager.valid_to}
        register.change_manager(cast.coordinator, manager, register.ManagerDetails("Ny Chef", mail), **days)

    stage.ask(appoint)
    groups = {"manager": ("lh-chefer",)}
    provider.person("mallory", email=mail, email_verified=True, groups=["lh-chefer"])
    connection_id = connect(role_groups=groups)
    assert way(connection_id).go("mallory").status_code == 403
    assert stage.ask(lambda _cast: user_by_email(mail)) is None


def test_an_invitation_is_answered_by_coming_through_the_provider(stage, provider, connect, way, visitor, new_visitor):
    connection_id = connect()

    def invite(cast):
        people.invite(cast.coordinator, cast.federation().id, NEW, Role.REGISTRAR)
        return invitations.token_for(user_by_email(NEW), cast.federation().id)

    token = stage.ask(invite)
    assert "Jobbkontot" in visitor.get(f"/inbjudan/{token}").get_data(as_text=True)
    provider.person("vera", email="annan@hemma.example", name="Vera Ny", groups=[])
    assert way(connection_id).go("vera", f"?inbjudan={token}").status_code == 302
    assert roles_of(stage, NEW) == {"registrar"}
    assert "Vera Ny" in visitor.get("/mitt-konto").get_data(as_text=True)
    assert way(connection_id, by=new_visitor()).go("vera", f"?inbjudan={token}").status_code == 403, "used up"


def test_no_invitation_of_another_federation_is_answered(stage, provider, connect, way):
    def invite(cast):
        people.invite(cast.outsider, cast.federation(ELSEWHERE).id, NEW, Role.REGISTRAR)
        return invitations.token_for(user_by_email(NEW), cast.federation(ELSEWHERE).id)

    token = stage.ask(invite)
    provider.person("vera", **ANALYST)
    assert way(connect()).go("vera", f"?inbjudan={token}").status_code == 403


def test_who_is_disabled_or_suspended_stays_out(stage, provider, connect, way, visitor):
    through = way(connect())
    provider.person("vera", **ANALYST)
    through.go("vera")
    stage.ask(lambda cast: service.suspend(OPERATOR, user_by_email(NEW), federation_id=cast.federation().id))
    provider.person("vera", **{**ANALYST, "groups": ["lh-registrator"]})
    assert through.go("vera").status_code == 403
    assert roles_of(stage, NEW) == set(), "no group opens what a colleague closed"
    stage.ask(lambda cast: service.resume(OPERATOR, user_by_email(NEW), federation_id=cast.federation().id))
    stage.ask(lambda cast: service.disable(OPERATOR, user_by_email(NEW), federation_id=cast.federation().id))
    assert through.go("vera").status_code == 403
    assert not is_in(visitor)


def test_a_role_from_a_group_counts_by_that_way_alone(stage, provider, connect, way, visitor, new_visitor):
    """Who has left the employer keeps no password that opens what the group did."""
    through = way(connect())
    provider.person("vera", **ANALYST)
    through.go("vera")
    stage.ask(
        lambda cast: service.set_password(OPERATOR, user_by_email(NEW), PASSWORD, federation_id=cast.federation().id)
    )
    other = new_visitor()
    other.get("/logga-in")
    other.post("/logga-in", {"email": NEW, "password": PASSWORD})
    assert is_in(other)
    assert other.get(FIGURES).status_code == 404
    assert through.go("vera").status_code == 302
    assert visitor.get(FIGURES).status_code == 200


def test_turned_off_it_signs_everybody_out_and_leads_nowhere(stage, provider, connect, change, way, visitor):
    connection_id = connect()
    through = way(connection_id)
    provider.person("vera", **ANALYST)
    through.go("vera")
    assert is_in(visitor)
    assert change(connection_id, client_id="annan")
    assert not is_in(visitor)
    assert visitor.client.get(f"/logga-in/via/{HOME}/{connection_id}").status_code == 404


def test_the_own_code_is_asked_for_unless_the_provider_asked_for_a_second_step(
    stage, provider, connect, way, visitor, monkeypatch
):
    through = way(connect())
    provider.person("vera", **ANALYST)
    through.go("vera")
    visitor.client.delete_cookie("lexheller")
    monkeypatch.setattr(second_step, "is_on", lambda _user: True)
    answer = through.go("vera")
    assert answer.location.startswith("/logga-in/kod")
    assert not is_in(visitor)
    monkeypatch.setattr(second_step, "is_answered", lambda _user, _code: True)
    visitor.get("/logga-in/kod")
    assert visitor.post("/logga-in/kod", {"code": "123456"}, follow=False).status_code == 302
    assert visitor.get(FIGURES).status_code == 200, "by the same way as the first step"
    visitor.client.delete_cookie("lexheller")
    provider.person("vera", **{**ANALYST, "amr": ["pwd", "mfa"]})
    assert through.go("vera").location == "/start"
    assert is_in(visitor)


def test_where_codes_are_demanded_one_step_is_not_enough(stage, provider, connect, way, visitor):
    through = way(connect())
    stage.ask(lambda cast: second_step.demand(cast.coordinator, cast.federation().id, demanded=True))
    claims = {**ANALYST, "groups": ["lh-registrator"]}
    provider.person("vera", **claims)
    answer = through.go("vera")
    assert answer.status_code == 403
    assert "Det behövs ett steg till" in answer.get_data(as_text=True)
    provider.person("vera", **claims, acr="mfa")
    through.go("vera")
    assert visitor.client.get(DIARY).status_code == 200


def test_the_way_to_link_is_shown_where_there_is_something_to_link_to(connect, visitor):
    connect(ELSEWHERE)
    visitor.sign_in("samordnare")
    assert "/mitt-konto/arbetsgivare" not in visitor.get("/mitt-konto").get_data(as_text=True)
    connect()
    assert "Koppla ditt jobbkonto" in visitor.get("/mitt-konto").get_data(as_text=True)


def test_linking_needs_the_password_and_is_for_the_same_person(stage, provider, connect, way, visitor, new_visitor):
    connection_id = connect()
    provider.person("sam", email="helt@annan.example", groups=[])
    visitor.sign_in("samordnare")
    assert "Koppla" in visitor.get("/mitt-konto/arbetsgivare").get_data(as_text=True)
    through = way(connection_id)
    assert through.go("sam", "?koppla=1").location == "/mitt-konto/arbetsgivare"
    fresh = new_visitor()
    assert way(connection_id, by=fresh).go("sam").status_code == 302
    assert fresh.get(DIARY).status_code == 200
    thief = new_visitor()
    thief.sign_in("forbundschef")
    assert way(connection_id, by=thief).go("sam", "?koppla=1").status_code == 403, "is somebody else already"
    stranger = new_visitor()
    assert way(connection_id, by=stranger).go("nobody-known", "?koppla=1").status_code == 403


def test_who_came_through_one_provider_joins_no_other(provider, connect, way):
    provider.person("vera", **ANALYST)
    provider.person("mallory", email="m@annan.example", groups=[])
    way(connect()).go("vera")
    other = way(connect(name="Ett annat"))
    assert other.go("mallory", "?koppla=1").status_code == 403
    other.visitor.client.delete_cookie("lexheller")
    assert other.go("mallory").status_code == 403


def test_signing_out_is_local_and_tells_how_to_leave_the_provider(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    way(connect()).go("vera")
    visitor.get("/mitt-konto")
    visitor.post("/logga-ut")
    assert not is_in(visitor)
    assert f"{provider.issuer}/oauth2/end_session?post_logout_redirect_uri=" in visitor.text
    assert "end_session" not in visitor.get("/logga-in").get_data(as_text=True), "told once"


def test_p23_an_identity_number_as_subject_is_stored_nowhere(app, stage, provider, connect, way, visitor):
    number = "191212121212"
    provider.person(number, **{**ANALYST, "name": number, "groups": ["lh-analytiker"]})
    assert way(connect()).go(number).status_code == 302
    stored = everything(app)
    assert number not in stored
    assert "en-hemlighet-som-bara" not in stored, "nor the secret in the open"
    assert stage.ask(lambda _cast: db.session.scalars(select(User.name).where(User.email == NEW)).one()) == "vera.ny"


def test_more_groups_than_fit_are_not_taken_for_none(stage, provider, connect, way):
    through = way(connect())
    provider.person("vera", **ANALYST)
    through.go("vera")
    claims = {name: value for name, value in ANALYST.items() if name != "groups"}
    provider.person("vera", **claims, _claim_names={"groups": "src1"})
    through.visitor.client.delete_cookie("lexheller")
    assert through.go("vera").status_code == 403
    assert roles_of(stage, NEW) == {"analyst"}
    assert stage.ask(lambda _cast: db.session.scalars(select(RoleAssignment.connection_id)).all())


def test_a_new_password_leaves_the_sign_in_what_it_was(stage, provider, connect, way, visitor):
    """Who came through a provider, and knows the password, gets no more by changing it; the way out is remembered."""
    both = address("samordnare", HOME)
    stage.ask(
        lambda cast: service.grant_role(
            OPERATOR, user_by_email(both), Role.COORDINATOR, federation_id=cast.federation(ELSEWHERE).id
        )
    )
    connection_id = connect()
    provider.person("sam", email=both, groups=[], amr=["mfa"])
    visitor.sign_in("samordnare")
    through = way(connection_id)
    through.go("sam", "?koppla=1")
    visitor.client.delete_cookie("lexheller")
    through.go("sam")
    assert visitor.get(f"/arenden/{ELSEWHERE}").status_code == 404
    visitor.get("/mitt-konto")
    fields = {"current_password": PASSWORD, "password": "en grävling i varje rum"}
    visitor.post("/mitt-konto/losenord", fields, form="losenord")
    assert "Lösenordet är bytt" in visitor.text
    assert visitor.get(DIARY).status_code == 200
    assert visitor.get(f"/arenden/{ELSEWHERE}").status_code == 404
    living = select(SignIn.connection_id, SignIn.strong).where(SignIn.ended_at.is_(None))
    assert stage.ask(lambda _cast: [tuple(row) for row in db.session.execute(living)]) == [(connection_id, True)]
    visitor.get("/mitt-konto")
    visitor.post("/logga-ut")
    assert "end_session" in visitor.text
