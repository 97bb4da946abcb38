"""Saved filters: kept under a name, one's own alone, renamed and taken away."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.desk import saved
from lexheller.desk.models import SavedFilter
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import QUEUE

SAVED = f"{QUEUE}/filter"


def all_saved(stage):
    return stage.ask(lambda _cast: [(row.name, row.query) for row in db.session.scalars(select(SavedFilter))])


def save(person, name, query="status=assigned&sort=due"):
    person.get(f"{QUEUE}?{query}")
    return person.post(SAVED, {"name": name, "query": query})


def test_a_filter_is_kept_shown_as_a_link_renamed_and_taken_away(stage, visitor):
    stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    save(visitor, "Mina öppna")
    assert all_saved(stage) == [("Mina öppna", "status=assigned&sort=due")]
    visitor.get(QUEUE)
    assert (
        re.search(r'href="([^"]*)"[^>]*>Mina öppna', visitor.text)[1]
        == f"{QUEUE}?{html.escape('status=assigned&sort=due')}"
    )
    visitor.get(SAVED)
    path = re.search(rf'action="({SAVED}/\d+)/namn"', visitor.text)[1]
    visitor.post(f"{path}/namn", {"name": "Att bevaka"}, form=path.rpartition("/")[2])
    assert [name for name, _ in all_saved(stage)] == ["Att bevaka"]
    visitor.post(f"{path}/ta-bort", {})
    assert all_saved(stage) == []


def test_the_same_name_means_the_new_values_and_what_means_nothing_is_not_kept(stage, visitor):
    visitor.sign_in("samordnare")
    save(visitor, "Ett", "status=assigned&nonsense=1")
    save(visitor, "Ett", "status=closed&only=nothing&q=kontoret")
    assert all_saved(stage) == [("Ett", "q=kontoret&status=closed")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Gäller 811228-9874"])
def test_p23_a_name_that_cannot_be_kept_is_told_at_the_field(stage, visitor, name):
    visitor.sign_in("samordnare")
    assert save(visitor, name).status_code == 422
    assert all_saved(stage) == []
    assert 'name="query" value="status=assigned&amp;sort=due"' in visitor.text


def test_p23_words_with_an_identity_number_are_not_kept(stage, visitor):
    visitor.sign_in("samordnare")
    save(visitor, "Sök", "q=811228-9874&status=closed")
    assert all_saved(stage) == [("Sök", "status=closed")]


def test_nothing_chosen_is_nothing_to_save(stage, visitor):
    visitor.sign_in("samordnare")
    save(visitor, "Allt", "")
    assert "Välj något i filtret först" in visitor.text
    assert all_saved(stage) == []


def test_p15_somebody_elses_filter_does_not_exist(stage, new_visitor):
    owner = new_visitor()
    owner.sign_in("samordnare")
    save(owner, "Hemligt namn")
    (filter_id,) = stage.ask(lambda _cast: list(db.session.scalars(select(SavedFilter.id))))
    for part, slug in (("forbundschef", HOME), ("chef.af", HOME), ("samordnare", ELSEWHERE)):
        person = new_visitor()
        person.sign_in(part, slug)
        for federation in (HOME, slug):
            page = f"/arenden/{federation}"
            assert "Hemligt namn" not in person.get(page).get_data(as_text=True)
            assert "Hemligt namn" not in person.get(f"{page}/filter").get_data(as_text=True)
            person.get("/kvitto")
            for step in ("namn", "ta-bort"):
                answer = person.post(f"{page}/filter/{filter_id}/{step}", {f"{filter_id}-name": "Mitt"})
                assert answer.status_code == 404
                person.get("/kvitto")
    assert all_saved(stage) == [("Hemligt namn", "status=assigned&sort=due")]


def test_names_are_ones_own_and_limited(cast):
    home = cast.federation().id
    with pytest.raises(NotAllowedToSee):
        saved.saved_filter_for(cast.coordinator, home, 1)
    for position in range(saved.MOST_SAVED):
        saved.save(cast.coordinator, home, f"Filter {position}", {"status": "closed"})
    with pytest.raises(InvalidInput, match="too_many"):
        saved.save(cast.coordinator, home, "Ett till", {"status": "closed"})
    saved.save(cast.director, home, "Filter 1", {"status": "closed"})
    first = saved.saved_by(cast.coordinator, home)[0]
    with pytest.raises(InvalidInput, match="taken"):
        saved.rename(cast.coordinator, first, "Filter 1")
