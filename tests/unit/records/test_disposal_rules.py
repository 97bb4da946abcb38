"""When a closed case falls under a plan, and which cases stay because another that stays went on in them."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lexheller.records.disposal_rules import After, Rule, latest_ending, staying

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
PAIRS = [(1, 2), (2, 3)]
RULES = st.builds(Rule, st.integers(1, 100), st.sampled_from(After))


def falls_due_on(ended_on: date, rule: Rule) -> date:
    """The first day on which what was over then may be deleted. What was over on a leap day waits for the first of
    March.
    """
    if rule.after is After.YEAR_END:
        return date(ended_on.year + 1 + rule.kept, 1, 1)
    try:
        return ended_on.replace(year=ended_on.year + rule.kept)
    except ValueError:
        return date(ended_on.year + rule.kept, 3, 1)


@given(ended_on=DAYS, as_of=DAYS, rule=RULES)
def test_p26_a_day_is_due_exactly_when_it_lies_before_the_limit(ended_on, as_of, rule):
    assert (falls_due_on(ended_on, rule) <= as_of) == (ended_on <= latest_ending(as_of, rule))


@given(ended_on=DAYS, rule=RULES)
def test_p26_nothing_is_due_before_whole_years_have_passed(ended_on, rule):
    due = falls_due_on(ended_on, rule)
    assert due.year >= ended_on.year + rule.kept
    assert (due.year, due.month, due.day) >= (ended_on.year + rule.kept, ended_on.month, ended_on.day)


def test_p26_what_stays_holds_back_all_that_it_went_on_in():
    assert staying({1, 2, 3}, set(), PAIRS) == set()
    assert staying({1, 2, 3}, {1}, PAIRS) == {2, 3}
    assert staying({2, 3}, set(), PAIRS) == {2, 3}, "the first one is not to go at all"
