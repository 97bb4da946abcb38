"""Trying rules on past reports: figures counted by hand, and by a plain loop."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lexheller.administration.rules_trial import Change, PastCase, try_rules
from lexheller.routing.rules import Decision, Facts, Rule, decide

AF, FK, HABO, DAY = 1, 2, 11, date(2026, 3, 2)
NONE = dict.fromkeys(Change, 0)


def past(case_id: int, facts: Facts, answered: int | None = None) -> PastCase:
    return PastCase(case_id, f"2026:11 / {case_id}", DAY, facts, answered)


def test_four_cases_counted_by_hand():
    in_use = [Rule(1, 1, 101, AF), Rule(2, 2, 102, FK)]
    draft = [Rule(11, 1, 103, AF, HABO), Rule(12, 2, 101, AF), Rule(13, 3, 104, activity_id=40), Rule(14, 4, 104, 9)]
    cases = [
        past(4, Facts(AF, HABO, None), answered=103),
        past(3, Facts(AF, None, None), answered=101),
        past(2, Facts(FK, HABO, None)),
        past(1, Facts(None, None, None, activity_id=40)),
    ]
    trial = try_rules(in_use, draft, cases, answerable_units={101, 102, 103, 104})
    assert trial.total == 4
    assert trial.counts == {
        Change.SAME: 1,
        Change.OTHER_UNIT: 1,
        Change.TO_COORDINATOR: 1,
        Change.NOW_ROUTED: 1,
    }
    assert [(row.case.id, row.before, row.after, row.rule_id) for row in trial.changed] == [
        (4, 101, 103, 11),
        (2, 102, None, None),
        (1, None, 104, 13),
    ]
    assert trial.caught == {11: 1, 12: 1, 13: 1, 14: 0}
    assert (trial.answered, trial.right_before, trial.right_after) == (2, 1, 2)


def test_nothing_to_try_on():
    trial = try_rules([], [Rule(1, 1, 101)], [], answerable_units={101})
    assert (trial.total, trial.counts, trial.changed, trial.caught) == (0, NONE, [], {1: 0})


few = st.none() | st.integers(1, 2)
rules_given = st.lists(
    st.builds(Rule, st.integers(1, 99), st.integers(0, 5), st.integers(1, 4), few, few, few, few, few),
    max_size=6,
    unique_by=lambda rule: rule.id,
)
cases_given = st.lists(st.builds(past, st.integers(1, 99), st.builds(Facts, few, few, few, few, few), few), max_size=8)


@given(rules_given, rules_given, cases_given, st.sets(st.integers(1, 4)))
def test_every_case_is_counted_once_and_each_catch_is_a_decision(in_use, draft, cases, units):
    trial = try_rules(in_use, draft, cases, answerable_units=units)
    assert sum(trial.counts.values()) == trial.total == len(cases)
    assert len(trial.changed) == len(cases) - trial.counts[Change.SAME]
    decisions = [decide(draft, case.facts, answerable_units=units) for case in cases]
    for rule in draft:
        assert trial.caught[rule.id] == sum(
            isinstance(decision, Decision) and decision.rule_id == rule.id for decision in decisions
        )
