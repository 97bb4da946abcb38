"""Who knocks, and what is seen of an answer. Requests carry fixed cookies, so that no answer changes who one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from werkzeug.test import TestResponse

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, RIGHTS, Right, Role
from lexheller.accounts.service import disable
from lexheller.core.db import db
from lexheller.demo.data import address
from tests.cast.people import ELSEWHERE, HOME, Cast, Visitor
from tests.guard.matrix.realm import DISABLED, NOBODY, SHUT_OUT, WORD, Realm
from tests.guard.matrix.realm import PEOPLE as STAFF
from tests.guard.routes import OPEN

COOKIE = "lexheller"
HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
}
NO_ROLE, LINK, SIGNED_OUT = "account without a role", "holder of a link", "signed out"
SUSPENDED, CLOSED = "coordinator who is shut out", "coordinator whose account is closed"
OPEN_PAGES = (OPEN, "/static/", "/tillganglighet", "/personuppgifter", "/robots.txt")
WITHOUT_COOKIE = (*OPEN_PAGES, "/healthz", "/readyz")
_senders = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody at a browser. `roles` by slug; nobody is signed in where it is None."""

    name: str
    roles: dict[str, Role] | None
    cookie: str
    csrf_token: str
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def signed_in(self) -> bool:
        return self.roles is not None

    def rights(self, slug: str) -> frozenset[Right]:
        """By the one table of roles and rights."""
        role = (self.roles or {}).get(slug)
        return RIGHTS[role] if role else frozenset()


PARTS = {
    "coordinator": ("samordnare", Role.COORDINATOR),
    "director": ("forbundschef", Role.DIRECTOR),
    "manager": ("chef.af", Role.MANAGER),
} | {str(role): (part, role) for part, role in STAFF.items()}


def coordinators(realm: Realm) -> dict[str, Person]:
    """By federation; each with a sign-in of their own, which is an object like others."""
    return {
        slug: person_of(realm, f"coordinator of {slug}", "samordnare", slug, Role.COORDINATOR) for slug in realm.slugs
    }


def person_of(realm: Realm, name: str, part: str, slug: str, role: Role | None) -> Person:
    visitor = _visitor(realm)
    answer = visitor.sign_in(part, slug)
    assert answer.status_code == 302, name
    return _known(name, visitor, {slug: role} if role else {}, {})


def closed_account(realm: Realm, name: str) -> Person:
    """Signed in before the account was closed: whoever brings that cookie now is nobody."""
    person = person_of(realm, name, DISABLED, HOME, Role.COORDINATOR)
    with realm.app.app_context():
        user = user_by_email(address(DISABLED, HOME))
        assert user is not None
        disable(OPERATOR, user, federation_id=Cast(realm.app).federation().id)
        db.session.commit()
    return replace(person, roles=None)


def stranger(realm: Realm, name: str, tokens: dict[str, str]) -> Person:
    return _known(name, _visitor(realm), None, tokens)


def _visitor(realm: Realm) -> Visitor:
    realm.keeps = True  # or the sign-in would be undone
    client = realm.app.test_client()
    client.environ_base["REMOTE_ADDR"] = sender()
    return Visitor(client)


def _known(name: str, visitor: Visitor, roles: dict[str, Role] | None, tokens: dict[str, str]) -> Person:
    visitor.get("/kvitto")
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.text)
    cookie = visitor.client.get_cookie(COOKIE)
    assert found is not None
    assert cookie is not None
    return Person(name, roles, cookie.value, found.group(1), tokens)


def sender() -> str:
    """A network address that has not been seen: what is counted by sender is not what is asked here."""
    number = next(_senders)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def knock(realm: Realm, person: Person, method: str, path: str, *, token: bool = True, **fields: str) -> TestResponse:
    """One request; the answer is not followed. `token`: whether the form's token goes along."""
    values = {**fields, "csrf_token": person.csrf_token} if token else fields
    return realm.app.test_client(use_cookies=False).open(
        path,
        method=method,
        data=values if method not in {"GET", "HEAD", "OPTIONS"} else None,
        headers={"Cookie": f"{COOKIE}={person.cookie}"},
        environ_base={"REMOTE_ADDR": sender()},
    )


def foreign_words(realm: Realm, answer: TestResponse, allowed: Iterable[str]) -> set[bytes]:
    """Words of other federations than these that stand in the answer: its body, and where it leads."""
    seen = set(WORD.findall(answer.get_data() + answer.headers.get("Location", "").encode()))
    return seen - {realm.letter(slug) for slug in allowed}


def oddities(answer: TestResponse, method: str, rule: str) -> list[str]:
    """What is wrong with the answer whoever asked (P21, P22)."""
    is_open = rule.startswith(OPEN_PAGES) and answer.status_code == 200
    found = [f"no {name}" for name in HEADERS - set(answer.headers.keys())]
    if "unsafe" in answer.headers.get("Content-Security-Policy", "unsafe"):
        found.append("unsafe policy")
    if not is_open and answer.headers.get("Cache-Control") != "no-store":
        found.append(f"cached: {answer.headers.get('Cache-Control')}")
    if is_open and b"/logga-ut" in answer.get_data():
        found.append("cached with a viewer in it")
    if rule.startswith(WITHOUT_COOKIE) and "Set-Cookie" in answer.headers:
        found.append("a cookie on an open page")
    if method == "HEAD" and answer.get_data():
        found.append("HEAD with a body")
    if b"Traceback" in answer.get_data():
        found.append("a trace")
    return found


# Each role at home and elsewhere; somebody with an account and no role, or none that counts; whoever holds a link, and
# a stranger.
PEOPLE: dict[str, Callable[[Realm], Person]] = {
    f"{name} of {slug}": partial(person_of, name=f"{name} of {slug}", part=part, slug=slug, role=role)
    for slug in (HOME, ELSEWHERE)
    for name, (part, role) in PARTS.items()
} | {
    SUSPENDED: partial(person_of, name=SUSPENDED, part=SHUT_OUT, slug=HOME, role=None),
    CLOSED: partial(closed_account, name=CLOSED),
    NO_ROLE: partial(person_of, name=NO_ROLE, part=NOBODY, slug=HOME, role=None),
    LINK: lambda realm: stranger(realm, LINK, realm.tokens),
    SIGNED_OUT: lambda realm: stranger(realm, SIGNED_OUT, {}),
}
