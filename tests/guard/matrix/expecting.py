"""What each knock should be answered: from the reviewed table of marks and the one table of rights. Asks nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import MapAdapter

from lexheller.accounts.rights import Right
from tests.cast.people import HOME
from tests.guard.matrix.knocking import Person
from tests.guard.routes import (
    FAULT,
    FILTER,
    HANDOVER,
    HANDOVERS,
    MEETING,
    OWN_SIGN_IN,
    PUBLIC,
    ROUTES,
    SHOWS_FORM_AGAIN,
    SIGNED_IN,
    TO_PROVIDER,
)

LOOKS = {"GET", "HEAD"}
MISSING, WRONG_METHOD, NO_TOKEN, SIGN_IN_PAGE, SIGN_IN_FIRST = 404, 405, 400, 302, 401
# What whoever may take a step is answered to an empty form: done, shown again, or refused as it stands.
SHOWN, TAKEN = {200, 302}, {200, 302, 409, 422}


@dataclass(frozen=True)
class Wanted:
    """`allowed`: the request goes through to the view, and may change something."""

    statuses: frozenset[int]
    allowed: bool = False


COORDINATOR, DIRECTOR = f"coordinator of {HOME}", f"director of {HOME}"
# What is somebody's own: others do not find it, whatever right they have.
OWNERS = {
    f"{FILTER}/namn": {COORDINATOR},
    f"{FILTER}/ta-bort": {COORDINATOR},
    OWN_SIGN_IN: {COORDINATOR},
    HANDOVERS: {COORDINATOR},  # others only while nobody handles cases
    HANDOVER: {COORDINATOR},
    f"{MEETING}/material": {COORDINATOR, DIRECTOR, f"manager of {HOME}"},  # who prepares it, and the group's members
    f"{MEETING}/material.pdf": {COORDINATOR, DIRECTOR},  # it has not been sent out yet
    f"{MEETING}/material.docx": {COORDINATOR, DIRECTOR},
}
# Named by no federation's address: one right somewhere is needed.
NEEDS = {"/nationellt": Right.READ_EDITIONS}
# Not what the mark alone says, and why.
ODD: dict[tuple[str, str], set[int]] = {
    ("GET", "/readyz"): {503},  # no broker in these tests
    ("GET", "/.well-known/security.txt"): {MISSING},  # no address to write to is set
    ("GET", "/demo/mejl/<name>"): {MISSING},  # no mail was sent
    ("GET", TO_PROVIDER): {MISSING},  # it is not turned on
    ("GET", f"{FAULT}/beratta"): {409},  # nothing is mended yet that could be told of
}


def adapter_of(app: Flask) -> MapAdapter:
    return app.url_map.bind("localhost")


def wanted(app: Flask, person: Person, method: str, path: str, knocked: str, *, token: bool) -> Wanted:
    """The statuses that are right for this person, method and address, which was made of the rule `knocked`."""
    try:
        rule, _values = adapter_of(app).match(path, method, return_rule=True)
    except MethodNotAllowed:
        return Wanted(frozenset({WRONG_METHOD}))
    if method == "POST" and not token:
        return Wanted(frozenset({NO_TOKEN, 422} if rule.rule in SHOWS_FORM_AGAIN else {NO_TOKEN}))
    # A step's address may read as that of a page, where nothing is by that name.
    also = frozenset() if rule.rule == knocked else frozenset({MISSING})
    mark = ROUTES.get((("GET" if method in LOOKS else method), rule.rule))
    if method == "OPTIONS":
        mark = next(ROUTES[one, rule.rule] for one in ("GET", "POST") if one in (rule.methods or ()))
    if mark == PUBLIC:
        statuses = frozenset({200}) if method == "OPTIONS" else _open_to_all(person, method, rule.rule)
        return Wanted(_odd(method, rule.rule, statuses), True)
    if not person.signed_in:
        return Wanted(frozenset({SIGN_IN_PAGE if method in LOOKS else SIGN_IN_FIRST}))
    if mark != SIGNED_IN and not (isinstance(mark, set) and mark & person.rights(HOME)):
        return Wanted(frozenset({MISSING}))
    if method == "OPTIONS":
        return Wanted(frozenset({200}))
    if rule.rule in NEEDS and not any(NEEDS[rule.rule] in person.rights(slug) for slug in person.roles or {}):
        return Wanted(frozenset({MISSING}))
    statuses = frozenset(SHOWN if method in LOOKS else TAKEN)
    if rule.rule in OWNERS and person.name not in OWNERS[rule.rule]:
        statuses = frozenset({MISSING})
    return Wanted(_odd(method, rule.rule, statuses) | also, True)


def _odd(method: str, rule: str, statuses: frozenset[int]) -> frozenset[int]:
    return frozenset(ODD.get(("GET" if method in LOOKS else method, rule), statuses))


def _open_to_all(person: Person, method: str, rule: str) -> frozenset[int]:
    if "<token>" in rule and rule.split("/")[1] not in person.tokens:
        return frozenset({MISSING})
    return frozenset(SHOWN if method in LOOKS else TAKEN)
