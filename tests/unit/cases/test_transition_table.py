"""The transition table: what it says, and that a path along it is recognised and any other is not (P12)."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lexheller.cases.states import (
    BEGINNINGS,
    TRANSITIONS,
    CaseStatus,
    Step,
    Who,
    allowed_from,
    path_is_along_table,
)

EVENTS = [*BEGINNINGS, *(transition.event for transition in TRANSITIONS.values()), "case.unknown"]


@st.composite
def legal_paths(draw):
    kind = draw(st.sampled_from(sorted(BEGINNINGS)))
    status = draw(st.sampled_from(sorted(BEGINNINGS[kind])))
    path = [(kind, str(status))]
    for _ in range(draw(st.integers(0, 12))):
        step = draw(st.sampled_from(allowed_from(CaseStatus(status), frozenset(Who))))
        status = TRANSITIONS[step].to or status
        path.append((TRANSITIONS[step].event, str(status)))
    return path


def follows(path):
    """The same rule said again, the slow way: from each event to the next there is a step of the table."""
    if not path or path[0][0] not in BEGINNINGS or path[0][1] not in set(BEGINNINGS[path[0][0]]):
        return False
    for (_, before), (kind, after) in itertools.pairwise(path):
        steps = [t for t in TRANSITIONS.values() if t.event == kind and before in set(t.from_statuses)]
        if not any(after == (t.to or before) for t in steps):
            return False
    return True


def test_p12_every_step_stands_in_the_table_and_has_its_own_event():
    assert set(TRANSITIONS) == set(Step)
    events = [transition.event for transition in TRANSITIONS.values()]
    assert len(set(events)) == len(events)
    assert not set(events) & set(BEGINNINGS)


def test_p12_every_status_can_be_left_and_reached():
    reached = {t.to for t in TRANSITIONS.values() if t.to} | {s for group in BEGINNINGS.values() for s in group}
    assert reached == set(CaseStatus)
    for status in CaseStatus:
        assert any(status in t.from_statuses and t.to not in {None, status} for t in TRANSITIONS.values())


def test_p12_the_office_alone_cannot_answer_for_a_unit():
    for status in CaseStatus:
        assert Step.ANSWER not in allowed_from(status, frozenset({Who.OFFICE, Who.SYSTEM}))


@given(legal_paths())
def test_p12_a_path_along_the_table_is_recognised(path):
    assert path_is_along_table(path)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from([*map(str, CaseStatus), None, "lost"])), max_size=6))
def test_p12_any_path_is_judged_as_the_table_says(path):
    assert path_is_along_table(path) == follows(path)


@given(legal_paths(), st.data())
def test_p12_a_path_with_one_event_moved_or_altered_is_judged_as_the_table_says(path, data):
    position = data.draw(st.integers(0, len(path) - 1))
    kind, status = path[position]
    altered = [*path]
    match data.draw(st.sampled_from(["drop", "kind", "status", "twice"])):
        case "drop":
            del altered[position]
        case "kind":
            altered[position] = (data.draw(st.sampled_from(EVENTS)), status)
        case "status":
            altered[position] = (kind, data.draw(st.sampled_from(sorted(CaseStatus))))
        case "twice":
            altered.insert(position, (kind, status))
    assert path_is_along_table(altered) == follows(altered)
