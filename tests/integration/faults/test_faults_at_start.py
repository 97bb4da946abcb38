"""The manager's start page shows the open faults that their unit owns, and nobody else's."""

from __future__ import annotations

import html

import pytest

from lexheller.core.transaction import transaction
from lexheller.faults import service
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import START, queries_of
from tests.integration.faults.told import TITLE, closed, fault_in, row_of

HEADING = "Systemfel som din enhet äger"


def owned(cast, *titles: str, slug: str = HOME) -> list[int]:
    unit, office = cast.unit("Arbetsförmedlingen", slug), cast.person("samordnare", slug)
    found = []
    for title in titles:
        fault = fault_in(cast, slug, title=title)
        with transaction():
            service.set_owner(office, fault, unit, seen=fault.version)
        found.append(fault.id)
    return found


def test_the_open_ones_stand_there_with_a_link_and_cost_one_question(app, stage, visitor):
    visitor.sign_in("chef.af")
    assert HEADING not in visitor.text
    few = queries_of(app, visitor, START)
    first, second = stage.ask(lambda cast: owned(cast, TITLE, "Ett som är över"))
    stage.ask(lambda cast: closed(cast, row_of(second)))
    stage.ask(lambda cast: fault_in(cast, title="Ett utan ägare"))
    many = queries_of(app, visitor, START)
    page = html.unescape(visitor.text)
    assert HEADING in page
    assert f'href="/systemfel/{HOME}/{first}"' in page
    assert TITLE in page
    assert "Ett som är över" not in page
    assert "Ett utan ägare" not in page
    assert len(many) == len(few)
    assert visitor.get(f"/systemfel/{HOME}/{first}").status_code == 200


@pytest.mark.parametrize(("part", "slug"), [("chef.fk", HOME), ("samordnare", HOME), ("chef.af", ELSEWHERE)])
def test_p15_others_find_nothing_of_them_there(stage, visitor, part, slug):
    stage.ask(lambda cast: owned(cast, TITLE))
    visitor.sign_in(part, slug)
    visitor.get(f"/start/{slug}")
    assert TITLE not in html.unescape(visitor.text)
