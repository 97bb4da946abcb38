"""The kinds of objects that an address or a form can name, and how one federation knocks at another's object.

A kind is a part of an address that is a row's id; the others are one's own by name, as a year's report is. Stops at
the request: how it was answered is judged by the test.
"""

from __future__ import annotations

from collections.abc import Iterator

from lexheller.actions.states import ActionStep
from lexheller.casework.duty_forms import DutyStep
from tests.guard.matrix.realm import Realm
from tests.guard.routes import ACTION, DUTY, PUBLIC, ROUTES

# Under these names each federation has its own, or nobody has anything.
ONES_OWN = {"federation", "year", "number", "group", "figure", "key", "form", "rule_version", "step", "fault_step"}
ONES_OWN |= {"token", "name", "filename", "text_place", "masked_kind"}
# Objects that no address names, and the form that does: route, and the field after the duty's prefix.
FORMS = {"mailed_link": f"{DUTY}/aterkalla-lank"}
# What is taken off already is no change, whatever it was: another's object is answered as one that is nowhere. So is an
# answer from somebody's identity provider that nobody waits for: it leads back to the sign-in.
NO_CHANGE = {
    "/logga-in/svar/<int(max=2147483647):connection_id>": 302,
    f"{ACTION}/arenden/<int(max=2147483647):case_id>/ta-bort": 302,
    f"{ACTION}/systemfel/<int(max=2147483647):fault_id>/ta-bort": 302,
}
VERSIONS = ("version", *(f"{step.value}-version" for step in (ActionStep.UNLINK_CASE, ActionStep.UNLINK_FAULT)))
MISSING, CHANGED_MEANWHILE = 404, 409
Knock = tuple[str, str, str, dict[str, str], set[int]]


def parts_of(realm: Realm) -> tuple[set[str], set[str]]:
    """Kinds of objects with a row in every federation, and parts that are one's own."""
    common = set.intersection(*(set(world) for world in realm.worlds.values()))
    return common - ONES_OWN - set(FORMS), ONES_OWN


def knocks_at(realm: Realm, mine: str, theirs: str, turn: int) -> Iterator[Knock]:
    """(method, rule, path, form fields, right statuses). Pairs take turns with the routes of a kind."""
    own, other = realm.worlds[mine], realm.worlds[theirs]
    kinds, _names = parts_of(realm)
    for kind in sorted(kinds):
        routes = routes_of(realm, kind)
        method, rule = routes[turn % len(routes)]
        fields = dict.fromkeys(VERSIONS, "1") if method == "POST" else {}
        late = {CHANGED_MEANWHILE} if method == "POST" and "/utkast/" in rule else set()
        statuses = {NO_CHANGE[rule]} if rule in NO_CHANGE and kind != "action_id" else {MISSING} | late
        yield method, rule, realm.path(rule, {**own, kind: other[kind]}), fields, statuses
        if ROUTES[method, rule] != PUBLIC and "<federation>" in rule:
            yield method, rule, realm.path(rule, other), fields, {MISSING}
    for kind, rule in FORMS.items():
        prefix = f"{DutyStep.REVOKE_LINK.value}-{own['duty_id']}"
        yield "POST", rule, realm.path(rule, own), {f"{prefix}-link_id": str(other[kind])}, {MISSING}


def routes_of(realm: Realm, kind: str) -> list[tuple[str, str]]:
    """Those whose address has the kind in it."""
    return [(method, rule) for method, rule in ROUTES if kind in realm.parts(rule)]
