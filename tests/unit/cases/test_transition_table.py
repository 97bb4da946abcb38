"""The transition table: what it says, and that a path along it is recognised and any other is not (P12)."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lexheller.cases.states import (
    BEGINNINGS,
    LIVE,
    TRANSITIONS,
    CaseStatus,
    DutyStatus,
    Step,
    Who,
    allowed_from,
    derived,
    path_is_along_table,
)

EVENTS = [*BEGINNINGS, *(transition.event for transition in TRANSITIONS.values()), "case.unknown"]


@st.composite
def legal_paths(draw):
    kind = draw(st.sampled_from(sorted(BEGINNINGS)))
    status = draw(st.sampled_from(sorted(BEGINNINGS[kind])))
    path = [(kind, str(status))]
    for _ in range(draw(st.integers(0, 12))):
        here = CaseStatus(status)
        steps = allowed_from(here, frozenset(Who)) + [
            step
            for step, transition in TRANSITIONS.items()
            if transition.duty_from and here in transition.from_statuses
        ]
        step = draw(st.sampled_from(steps))
        status = draw(st.sampled_from(sorted(TRANSITIONS[step].to or {here})))
        path.append((TRANSITIONS[step].event, str(status)))
    return path


def follows(path):
    """The same rule said again, the slow way: from each event to the next there is a step of the table."""
    if not path or path[0][0] not in BEGINNINGS or path[0][1] not in set(BEGINNINGS[path[0][0]]):
        return False
    for (_, before), (kind, after) in itertools.pairwise(path):
        steps = [t for t in TRANSITIONS.values() if t.event == kind and before in set(t.from_statuses)]
        if not any(after in (t.to or {before}) for t in steps):
            return False
    return True


def test_p12_every_step_stands_in_the_table_and_has_its_own_event():
    assert set(TRANSITIONS) == set(Step)
    events = [transition.event for transition in TRANSITIONS.values()]
    assert len(set(events)) == len(events)
    assert not set(events) & set(BEGINNINGS)


def test_p12_every_status_can_be_left_and_reached():
    reached = {status for t in TRANSITIONS.values() for status in t.to}
    assert reached | {status for group in BEGINNINGS.values() for status in group} == set(CaseStatus)
    for status in CaseStatus:
        assert any(status in t.from_statuses and t.to - {status} for t in TRANSITIONS.values())


def test_p12_the_office_alone_cannot_answer_for_a_unit():
    for status in CaseStatus:
        for duty_status in DutyStatus:
            office = frozenset({Who.OFFICE, Who.SYSTEM})
            assert Step.ANSWER not in allowed_from(status, office, duty_status, on_duty=True)


def test_p12_an_aside_moves_nothing():
    for transition in TRANSITIONS.values():
        assert not transition.aside or (not transition.to and transition.duty_to is None)


def test_p12_a_step_with_several_ends_is_one_that_the_duties_decide():
    for step, transition in TRANSITIONS.items():
        if len(transition.to) > 1:
            assert transition.duty_to is not None or step is Step.ADD_PARTY, step


@given(st.lists(st.sampled_from(DutyStatus), max_size=6))
def test_the_status_of_a_case_follows_from_its_duties(statuses):
    """Said again in words: somebody works on it, somebody has it, all are done, or nobody has it."""
    status = derived(statuses)
    counted = [found for found in statuses if found is not DutyStatus.WITHDRAWN]
    answers = counted.count(DutyStatus.ANSWERED)
    assert (status is CaseStatus.ACCEPTED) == (DutyStatus.ACCEPTED in counted)
    assert (status is CaseStatus.ASSIGNED) == (DutyStatus.OPEN in counted and DutyStatus.ACCEPTED not in counted)
    done = not set(counted) & LIVE
    assert (status is CaseStatus.UNROUTED) == (done and not answers)
    assert (status is CaseStatus.ANSWERED) == (done and answers == len(counted) == 1)
    assert (status is CaseStatus.COLLECTED) == (done and bool(answers) and len(counted) > 1)


@given(st.lists(st.sampled_from(DutyStatus), max_size=6), st.randoms())
def test_the_order_of_the_duties_does_not_matter(statuses, random):
    shuffled = [*statuses]
    random.shuffle(shuffled)
    assert derived(statuses) is derived(shuffled)


@given(st.lists(st.sampled_from(DutyStatus), min_size=1, max_size=5), st.data())
def test_each_step_on_a_duty_leads_where_the_table_allows(statuses, data):
    """From any duties a case can have, what the step makes of them is a status that the table names for it."""
    position = data.draw(st.integers(0, len(statuses) - 1))
    before = derived(statuses)
    for step, transition in TRANSITIONS.items():
        if transition.duty_to is None or statuses[position] not in transition.duty_from:
            continue
        if before in transition.from_statuses:
            after = [*statuses]
            after[position] = transition.duty_to
            assert derived(after) in transition.to, step


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
