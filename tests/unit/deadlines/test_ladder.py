"""P10: escalation goes strictly upward, skips those who left, uses substitutes, stops at the top."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lexheller.deadlines.ladder import Ladder, Person, Place, Rung, ground, next_rung, occupied


def person(name: str) -> Person:
    return Person("user", 1, f"{name}@example.se", name)


FULL: Ladder = {
    Rung.MANAGER: [Place(person("manager"))],
    Rung.SUPERIOR: [Place(person("superior"))],
    Rung.COORDINATOR: [Place(person("coordinator"))],
    Rung.DIRECTOR: [Place(person("director"))],
}


@st.composite
def places(draw: st.DrawFn, depth: int = 0) -> Place:
    substitute = draw(places(depth + 1)) if depth < 2 and draw(st.booleans()) else None
    holder = person(draw(st.sampled_from("abcdefgh")))
    return Place(holder, draw(st.booleans()), draw(st.booleans()), substitute)


ladders = st.dictionaries(st.sampled_from(list(Rung)), st.lists(places(), max_size=3))


def names(people: list[Person]) -> list[str]:
    return [each.name for each in people]


def climb(ladder: Ladder, reached: Rung = Rung.MANAGER) -> list[tuple[Rung, list[str]]]:
    """Escalate until nothing is left; a ladder that does not end would hang here."""
    taken = []
    while (found := next_rung(ladder, reached)) is not None:
        reached = found[0]
        taken.append((reached, names(found[1])))
    return taken


def test_p10_rung_by_rung_to_the_top_and_no_further() -> None:
    assert climb(FULL) == [
        (Rung.SUPERIOR, ["superior"]),
        (Rung.COORDINATOR, ["coordinator"]),
        (Rung.DIRECTOR, ["director"]),
    ]
    assert next_rung(FULL, Rung.DIRECTOR) is None


def test_p10_a_rung_with_nobody_is_passed_over() -> None:
    assert climb({**FULL, Rung.SUPERIOR: []})[0] == (Rung.COORDINATOR, ["coordinator"])
    assert climb({Rung.DIRECTOR: FULL[Rung.DIRECTOR]}) == [(Rung.DIRECTOR, ["director"])]
    assert climb({}) == []


def test_p10_who_left_is_skipped_whoever_stood_in_for_them() -> None:
    left = Place(person("superior"), left=True, substitute=Place(person("substitute")))
    assert climb({**FULL, Rung.SUPERIOR: [left]})[0][0] is Rung.COORDINATOR
    assert climb({**FULL, Rung.SUPERIOR: [left, Place(person("new"))]})[0] == (Rung.SUPERIOR, ["new"])


def test_p10_who_is_away_is_replaced_also_by_a_substitutes_substitute() -> None:
    away = Place(person("superior"), away=True, substitute=Place(person("substitute")))
    assert climb({**FULL, Rung.SUPERIOR: [away]})[0] == (Rung.SUPERIOR, ["substitute"])
    both = Place(person("superior"), away=True, substitute=away)
    assert climb({**FULL, Rung.SUPERIOR: [both]})[0] == (Rung.SUPERIOR, ["substitute"])
    nobody = Place(person("superior"), away=True)
    assert climb({**FULL, Rung.SUPERIOR: [nobody]})[0][0] is Rung.COORDINATOR


def test_p10_one_person_on_two_rungs_is_told_once() -> None:
    double = {**FULL, Rung.DIRECTOR: [Place(Person("user", 1, "COORDINATOR@example.se", "coordinator"))]}
    assert [rung for rung, _people in climb(double)] == [Rung.SUPERIOR, Rung.COORDINATOR]


def test_p10_reminders_go_to_the_manager_and_where_there_is_none_to_the_coordinator() -> None:
    assert ground(FULL) == (Rung.MANAGER, [person("manager")])
    assert ground({**FULL, Rung.MANAGER: [Place(person("manager"), left=True)]}) == (
        Rung.COORDINATOR,
        [person("coordinator")],
    )
    assert ground({Rung.SUPERIOR: FULL[Rung.SUPERIOR]}) is None


@given(ladders, st.sampled_from(list(Rung)))
def test_p10_strictly_upward_whatever_the_ladder(ladder: Ladder, reached: Rung) -> None:
    taken = climb(ladder, reached)
    rungs = [reached, *(rung for rung, _people in taken)]
    assert all(lower < higher for lower, higher in pairwise(rungs))
    assert all(people for _rung, people in taken)
    for rung, people in taken:
        assert set(people) <= set(names(occupied(ladder[rung])))
        assert not any(place.left and place.holder.name in people and len(ladder[rung]) == 1 for place in ladder[rung])


@given(ladders, st.sampled_from(list(Rung)))
def test_p10_no_occupied_rung_is_jumped_unless_everybody_on_it_knows(ladder: Ladder, reached: Rung) -> None:
    found = next_rung(ladder, reached)
    top = found[0] if found else max(Rung)
    told = {each.email for rung in Rung if rung <= reached for each in occupied(ladder.get(rung, ()))}
    for rung in Rung:
        if reached < rung < top:
            assert {each.email for each in occupied(ladder.get(rung, ()))} <= told
