"""What is odd about a set of rules: held against what `decide` really does with it."""

from hypothesis import given
from hypothesis import strategies as st

from lexheller.routing.review import Remark, review, without_catch_all
from lexheller.routing.rules import Decision, Facts, Rule, decide

AF, FK, REGION, HABO, ROUTINES = 1, 2, 3, 11, 20
ALL_ANSWER = range(1000)
few = st.none() | st.integers(1, 2)
facts_given = st.builds(Facts, few, few, few, few, few)
rules_given = st.lists(
    st.builds(Rule, st.integers(1, 99), st.integers(0, 5), st.integers(1, 4), few, few, few, few, few),
    max_size=8,
    unique_by=lambda rule: rule.id,
)
units_given = st.sets(st.integers(1, 4))


def test_sound_rules_have_no_remarks():
    rules = [Rule(1, 1, 101, AF, HABO), Rule(2, 2, 102, AF), Rule(3, 3, 103, FK)]
    assert review(rules, answerable_units=ALL_ANSWER) == {}


def test_a_rule_behind_a_wider_one_is_shadowed_by_it():
    rules = [Rule(1, 1, 101, FK), Rule(2, 2, 102, AF), Rule(3, 3, 103, AF, HABO)]
    assert review(rules, answerable_units=ALL_ANSWER) == {3: [Remark("shadowed", 2)]}


def test_p04_a_wider_rule_that_nobody_answers_for_shadows_nothing():
    rules = [Rule(2, 1, 102, AF), Rule(3, 2, 103, AF, HABO)]
    assert review(rules, answerable_units={103}) == {2: [Remark("nobody_responsible")]}


def test_the_same_rule_twice_is_a_duplicate_whoever_answers():
    rules = [Rule(1, 1, 101, AF), Rule(2, 2, 101, AF)]
    assert review(rules, answerable_units=ALL_ANSWER) == {2: [Remark("duplicate", 1)]}
    assert review(rules, answerable_units=())[2] == [Remark("nobody_responsible"), Remark("duplicate", 1)]


def test_a_rule_about_a_named_unit_is_not_shadowed_by_one_that_is_not():
    rules = [Rule(1, 1, 101, AF), Rule(2, 2, 102, AF, named_unit_id=300), Rule(3, 3, 103, AF, HABO, named_unit_id=300)]
    assert review(rules, answerable_units=ALL_ANSWER) == {3: [Remark("shadowed", 2)]}


def test_members_without_a_rule_of_their_own_alone():
    rules = [Rule(1, 1, 101, AF), Rule(2, 2, 102, FK, HABO), Rule(3, 3, 999, REGION)]
    assert without_catch_all(rules, [REGION, FK, AF], answerable_units={101, 102}) == [REGION, FK]
    everything = [*rules, Rule(4, 4, 102)]
    assert without_catch_all(everything, [REGION, FK, AF], answerable_units={101, 102}) == []


@given(rules_given, facts_given, units_given)
def test_a_rule_that_is_said_to_be_useless_never_decides(rules, known, units):
    useless = {
        rule_id for rule_id, remarks in review(rules, answerable_units=units).items() for remark in remarks if remark
    }
    decision = decide(rules, known, answerable_units=units)
    assert not isinstance(decision, Decision) or decision.rule_id not in useless


@given(rules_given, st.builds(Facts, st.integers(1, 2), few, few, few, few), units_given)
def test_p04_a_member_with_a_catch_all_never_lands_with_the_coordinator(rules, known, units):
    if known.organisation_id not in without_catch_all(rules, [1, 2], answerable_units=units):
        assert isinstance(decide(rules, known, answerable_units=units), Decision)
