"""Twelve federations with one object of every kind each, in one database that is knocked at and never changed.

Each federation's texts carry a word of its own: wherever another's word turns up, something was let through. Stops at
what is there: who knocks is `knocking`'s.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lexheller.accounts import sign_ins
from lexheller.accounts.invitations import invite
from lexheller.accounts.invitations import token_for as invitation_token
from lexheller.accounts.models import User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.resets import token_for as reset_token
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role, suspend
from lexheller.administration.confirming import token_for as confirmation_token
from lexheller.app import factory
from lexheller.app.factory import create_app
from lexheller.cases.answer_link import link_for
from lexheller.cases.answer_link import token_for as answer_token
from lexheller.cases.models import Duty, ReporterContact
from lexheller.cases.reporter_link import token_for as reporter_token
from lexheller.core.db import Base, db
from lexheller.core.transaction import nothing_kept
from lexheller.demo import data
from lexheller.demo.setup import make_federations
from lexheller.organisations.models import ResponsibleManager
from tests.cast.databases import ROLE, settings_for
from tests.cast.people import HOME, Cast
from tests.cast.stage import Stage
from tests.guard.world import World, world_of

HOW_MANY = 12
LEFT_BY_A_VISIT = {"sign_in", "reading"}
WORD = re.compile(rb"qvax([a-l])zq")
MEMBER, NOBODY, SHUT_OUT, DISABLED = "ledamot", "ingen", "avstangd", "stangd"
PEOPLE = {
    MEMBER: Role.MEMBER,
    "registrator": Role.REGISTRAR,
    "analytiker": Role.ANALYST,
    "administrator": Role.ADMINISTRATOR,
    "drift": Role.OPERATOR,
    "lasare": Role.NATIONAL_READER,
}
"""Who is not of the demonstration: first part of the address, and the role that they have and no other."""


def word_of(position: int) -> str:
    return f"qvax{chr(ord('a') + position)}zq"


@dataclass
class Realm:
    """`worlds` by slug: the value of every part of an address there. `tokens`: mailed links at home that live."""

    app: Flask
    kind: str
    worlds: dict[str, World]
    tokens: dict[str, str]
    keeps: bool = True

    def __post_init__(self) -> None:
        self._rules = {rule.rule: rule for rule in self.app.url_map.iter_rules()}
        self._addresses = self.app.url_map.bind("localhost")

    @property
    def slugs(self) -> list[str]:
        return list(self.worlds)

    def letter(self, slug: str) -> bytes:
        """How the federation's word is told from the others'."""
        return word_of(self.slugs.index(slug))[4:5].encode()

    def path(self, rule: str, world: World) -> str:
        """The rule's address with the world's values in it."""
        found = self._rules[rule]
        return self._addresses.build(found.endpoint, {name: world[name] for name in found.arguments})

    def parts(self, rule: str) -> set[str]:
        """What the rule's address has in it."""
        return self._rules[rule].arguments

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As the application's own, but nothing is kept while `keeps` is off: what is allowed leaves no trace."""
        if self.keeps:
            with _transaction():
                yield
        else:
            with nothing_kept():
                yield
                db.session.flush()


_transaction = factory.transaction


def contents(app: Flask) -> dict[str, list[str]]:
    """Every row of every table but those that every visit leaves; heads of the chains and tombstones among them."""
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_BY_A_VISIT
        }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def realm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """Made once for each kind of database."""
    folder = tmp_path_factory.mktemp("realm")
    server = None
    name = f"realm_{request.getfixturevalue('worker_id')}"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "realm.sqlite")
        url = f"sqlite:///{folder / 'realm.sqlite'}"
    else:
        server = request.getfixturevalue("postgres_server")
        server.create(name, template=request.getfixturevalue("postgres_template"))
        url = server.url(name, ROLE)
    with pytest.MonkeyPatch.context() as patch:
        made = _make(url, folder, request.param, patch)
        patch.setattr(factory, "transaction", made.transaction)
        yield made
        with made.app.app_context():
            db.session.remove()
            db.engine.dispose()
    if server is not None:
        server.drop(name)


def _make(url: str, folder: Path, kind: str, patch: pytest.MonkeyPatch) -> Realm:
    app = create_app(settings_for(url, folder))
    patch.setattr(data, "FEDERATIONS", _twelve())
    stage = Stage(app)
    stage.ask(lambda _cast: make_federations(production=False))
    slugs = [federation.slug for federation in data.FEDERATIONS]
    worlds: dict[str, World] = {}
    for position, slug in enumerate(slugs):
        given = (slug, slugs[position - 1], word_of(position))
        worlds[slug] = stage.ask(lambda cast, given=given: {**world_of(cast, *given), **_sign_in(cast, given[0])})
    shutil.rmtree(app.config["MAIL_FOLDER"], ignore_errors=True)  # the demonstration's mailbox takes long to read
    for slug in slugs[:2]:
        stage.ask(lambda cast, slug=slug: _people(cast, slug))
    return Realm(app, kind, worlds, stage.ask(lambda cast: _tokens(cast, worlds[HOME])))


def _sign_in(cast: Cast, slug: str) -> World:
    """The coordinator is signed in at some other browser."""
    user = user_by_email(data.address("samordnare", slug))
    assert user is not None
    sign_ins.start(user, "")
    return {"sign_in_id": sign_ins.living_of(user)[0].id}


def _twelve() -> tuple[data.DemoFederation, ...]:
    """The demonstration's own, and others that share their municipalities and authorities."""
    own = data.FEDERATIONS
    more = (
        replace(own[position % len(own)], slug=f"forbund-{position + 1}", name=f"Förbundet nummer {position + 1}")
        for position in range(len(own), HOW_MANY)
    )
    return (*own, *more)


def _people(cast: Cast, slug: str) -> None:
    """One person for each role that the demonstration's offices do not have. At home somebody with an account and no
    role at all, a coordinator who is shut out, and one whose account will be closed.
    """
    home = cast.federation(slug).id
    wanted = {part: {role} for part, role in PEOPLE.items()}
    if slug == HOME:
        wanted |= {NOBODY: set(), SHUT_OUT: {Role.COORDINATOR}, DISABLED: {Role.COORDINATOR}}
    for part, roles in wanted.items():
        user = create_user(email=data.address(part, slug), name=f"Någon {part}", password=data.PASSWORD)
        for role in roles:
            grant_role(OPERATOR, user, role, federation_id=home)
        if part == SHUT_OUT:
            suspend(OPERATOR, user, federation_id=home)


def _tokens(cast: Cast, world: World) -> dict[str, str]:
    """A living link of every kind that is mailed."""
    home = cast.federation().id
    duty = db.session.get_one(Duty, world["duty_id"])
    manager = db.session.get_one(ResponsibleManager, world["manager_id"])
    contact = db.session.scalars(select(ReporterContact).where(ReporterContact.federation_id == home)).first()
    invite(cast.coordinator, "ny@inbjuden.example", Role.MEMBER, federation_id=home)
    invited, member = (user_by_email(email) for email in ("ny@inbjuden.example", data.address(MEMBER, HOME)))
    assert contact is not None
    assert isinstance(invited, User)
    assert isinstance(member, User)
    return {
        "svar": answer_token(link_for(duty, name="Chef", email=manager.email)),
        "kvitto": reporter_token(contact),
        "inbjudan": invitation_token(invited, home),
        "nytt-losenord": reset_token(member),
        "bekrafta": confirmation_token(manager),
    }
