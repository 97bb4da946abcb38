"""P15, P17, P18, P21, P22: every route, method and person; and twelve federations that knock at each other's objects.

The answers are told beforehand, from the reviewed table of marks and the one table of rights. All that is knocked at is
made once; what is allowed is undone, and what is not must have changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from lexheller.accounts.rights import Role
from lexheller.audit.queries import broken_links
from tests.cast.people import HOME
from tests.guard.matrix.expecting import wanted
from tests.guard.matrix.kinds import FORMS, knocks_at, parts_of
from tests.guard.matrix.knocking import LINK, PARTS, PEOPLE, Person, coordinators, foreign_words, knock, oddities
from tests.guard.matrix.realm import Realm, contents
from tests.guard.matrix.realm import realm as realm
from tests.guard.routes import ROUTES

RULES = list(dict.fromkeys(rule for _, rule in ROUTES))
USED = ("GET", "POST")
SELDOM = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERY_METHOD = {f"coordinator of {HOME}", "signed out"}
WITHOUT_TOKEN = {*EVERY_METHOD, f"director of {HOME}", f"manager of {HOME}", LINK}
"""The token is asked for before anybody's role is: so much is seen of these, who have most ways to send something."""
SAMPLE = 5
"""On PostgreSQL one of so many requests of the matrix is made: marks and rights are not the database's."""


@pytest.mark.parametrize("name", PEOPLE)
def test_p15_p17_p18_every_route_and_method_is_answered_as_the_tables_say(realm: Realm, name: str) -> None:
    person, before = PEOPLE[name](realm), contents(realm.app)
    cells = cells_of(name) if realm.kind == "sqlite" else cells_of(name)[::SAMPLE]
    surprises = [found for cell in cells if (found := _surprise(realm, person, *cell))]
    assert not surprises, _told(surprises, len(cells))
    assert contents(realm.app) == before


def test_p17_the_matrix_is_large_enough() -> None:
    assert sum(len(cells_of(name)) for name in PEOPLE) > 10_000
    assert {Role(role) for _part, role in PARTS.values()} == set(Role)


def cells_of(name: str) -> list[tuple[str, str, bool]]:
    """What the person of that name asks: rule, method, and whether the form's token goes along."""
    return [(rule, *how) for rule in RULES for how in _ways(name, rule)]


def _ways(name: str, rule: str) -> Iterator[tuple[str, bool]]:
    """Most people try one each of those that no page uses."""
    for method in USED:
        yield method, True
    if ("POST", rule) in ROUTES and name in WITHOUT_TOKEN:
        yield "POST", False
    turn = RULES.index(rule) + len(name)
    for method in SELDOM if name in EVERY_METHOD else (SELDOM[turn % len(SELDOM)],):
        yield method, True


def _surprise(realm: Realm, person: Person, rule: str, method: str, token: bool) -> str:
    world = {**realm.worlds[HOME]}
    world["token"] = person.tokens.get(rule.split("/")[1], world["token"])
    path = realm.path(rule, world)
    right = wanted(realm.app, person, method, path, rule, token=token)
    realm.keeps = not right.allowed
    answer = knock(realm, person, method, path, token=token)
    found = oddities(answer, method, rule)
    if answer.status_code not in right.statuses:
        found.append(f"{answer.status_code}, not {sorted(right.statuses)}")
    if foreign_words(realm, answer, [HOME]):
        found.append("another federation's words")
    said = f"{person.name}: {method} {rule}{'' if token else ' without a token'}"
    return f"{said}: {', '.join(found)}" if found else ""


def test_p15_every_part_of_an_address_is_a_kind_or_ones_own(realm: Realm) -> None:
    """A new kind of object fails here until there is one of it in every federation."""
    kinds, own = parts_of(realm)
    assert not kinds & own
    assert kinds | own == {name for rule in realm.app.url_map.iter_rules() for name in rule.arguments}
    for kind in kinds | set(FORMS):
        values = [world[kind] for world in realm.worlds.values()]
        assert len(set(values)) == len(values), f"{kind}: federations share one"


def test_p15_no_federation_reaches_an_object_of_another(realm: Realm) -> None:
    """Every ordered pair and kind: the other's object under one's own address, and under the other's."""
    people = coordinators(realm)
    before, surprises, asked = contents(realm.app), [], 0
    realm.keeps = True
    for turn, (mine, theirs) in enumerate(permutations(realm.slugs, 2)):
        for method, rule, path, fields, statuses in knocks_at(realm, mine, theirs, turn):
            answer = knock(realm, people[mine], method, path, **fields)
            found = oddities(answer, method, rule)
            if answer.status_code not in statuses:
                found.append(f"{answer.status_code}, not {sorted(statuses)}")
            if foreign_words(realm, answer, [mine]):
                found.append("another federation's words")
            asked += 1
            surprises += [f"{mine} at {theirs}: {method} {path}: {', '.join(found)}"] if found else []
    assert not surprises, _told(surprises, asked)
    assert contents(realm.app) == before
    with realm.app.app_context():
        assert broken_links() == []


def _told(surprises: list[str], asked: int) -> str:
    return "\n".join([f"{len(surprises)} surprises in {asked} requests", *surprises[:60]])
