"""P4 and the order of routing: the first rule that fits and whose unit somebody answers for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.routing.rules import Decision, Facts, NoMatch, Rule, decide

AF, FK, JONKOPING, HABO, ROUTINES = 1, 2, 10, 11, 20
EVERYWHERE = range(1000)

few = st.none() | st.integers(1, 3)
facts_given = st.builds(Facts, few, few, few, few, few)
rules_given = st.lists(
    st.builds(Rule, st.integers(1, 99), st.integers(0, 3), st.integers(1, 5), few, few, few, few, few),
    max_size=12,
    unique_by=lambda rule: rule.id,
)
units_given = st.sets(st.integers(1, 5))


def facts(
    organisation: int | None = AF,
    municipality: int | None = None,
    theme: int | None = None,
    unit: int | None = None,
    activity: int | None = None,
) -> Facts:
    return Facts(organisation, municipality, theme, unit, activity)


def test_the_lowest_position_wins_and_the_facts_that_decided_are_named() -> None:
    rules = [
        Rule(1, position=20, unit_id=101, organisation_id=AF),
        Rule(2, position=10, unit_id=102, organisation_id=AF, municipality_id=JONKOPING),
    ]
    decision = decide(rules, facts(municipality=JONKOPING), answerable_units={101, 102})
    assert decision == Decision(102, 2, ("organisation", "municipality"), fallback=False)


def test_at_the_same_position_the_older_rule_wins() -> None:
    rules = [Rule(8, 1, 108, organisation_id=AF), Rule(7, 1, 107, organisation_id=AF)]
    decision = decide(rules, facts(), answerable_units=EVERYWHERE)
    assert isinstance(decision, Decision)
    assert decision.rule_id == 7


def test_all_three_conditions_must_hold() -> None:
    rule = Rule(1, 1, 101, organisation_id=AF, municipality_id=HABO, theme_id=ROUTINES)
    fits = decide([rule], facts(AF, HABO, ROUTINES), answerable_units={101})
    assert fits == Decision(101, 1, ("organisation", "municipality", "theme"), fallback=False)
    for other in (facts(FK, HABO, ROUTINES), facts(AF, JONKOPING, ROUTINES), facts(AF, HABO, 99)):
        assert decide([rule], other, answerable_units={101}) == NoMatch("no_rule")


def test_a_condition_never_fits_what_is_not_known() -> None:
    rule = Rule(1, 1, 101, organisation_id=AF, municipality_id=HABO)
    assert decide([rule], facts(AF), answerable_units={101}) == NoMatch("no_rule")
    assert decide([rule], facts(None, HABO), answerable_units={101}) == NoMatch("organisation_unknown")


def test_p4_a_rule_nobody_answers_for_is_passed_over_and_remembered() -> None:
    rules = [
        Rule(1, 1, 101, organisation_id=AF, municipality_id=HABO),
        Rule(2, 2, 102, organisation_id=AF, theme_id=ROUTINES),
    ]
    decision = decide(rules, facts(AF, HABO, ROUTINES), answerable_units={102})
    assert decision == Decision(102, 2, ("organisation", "theme"), fallback=True, skipped_rule_ids=(1,))


def test_p4_when_nobody_answers_anywhere_the_first_rule_is_named() -> None:
    rules = [Rule(5, 1, 101, organisation_id=AF), Rule(4, 2, 102), Rule(3, 3, 103, organisation_id=FK)]
    assert decide(rules, facts(), answerable_units=()) == NoMatch("nobody_responsible", skipped_rule_id=5)


def test_p4_no_rules_at_all() -> None:
    assert decide([], facts(), answerable_units=EVERYWHERE) == NoMatch("no_rule")
    assert decide([], facts(None), answerable_units=EVERYWHERE) == NoMatch("organisation_unknown")


def test_the_unit_the_report_names_wins_over_the_rules() -> None:
    rules = [Rule(1, 1, 101, organisation_id=AF)]
    decision = decide(rules, facts(unit=300), answerable_units={101, 300})
    assert decision == Decision(300, None, ("unit",), fallback=False)


def test_p4_a_named_unit_without_anybody_falls_back_to_the_rules() -> None:
    rules = [Rule(1, 1, 101, organisation_id=AF)]
    assert decide(rules, facts(unit=300), answerable_units={101}) == Decision(101, 1, ("organisation",), fallback=True)
    assert decide([], facts(unit=300), answerable_units={101}) == NoMatch("nobody_responsible", None)


def test_a_rule_about_the_unit_that_the_report_names_comes_before_that_unit() -> None:
    rules = [Rule(1, 1, 101, organisation_id=AF), Rule(2, 2, 102, named_unit_id=300)]
    decision = decide(rules, facts(unit=300), answerable_units={101, 102, 300})
    assert decision == Decision(102, 2, ("unit",), fallback=False)
    elsewhere = decide(rules, facts(unit=301), answerable_units={101, 102, 301})
    assert elsewhere == Decision(301, None, ("unit",), fallback=False)


def test_p4_nobody_at_the_rule_about_a_named_unit_means_the_unit_itself_then_the_rest() -> None:
    rules = [Rule(1, 1, 101, organisation_id=AF), Rule(2, 2, 102, named_unit_id=300)]
    itself = decide(rules, facts(unit=300), answerable_units={101, 300})
    assert itself == Decision(300, None, ("unit",), fallback=True, skipped_rule_ids=(2,))
    rest = decide(rules, facts(unit=300), answerable_units={101})
    assert rest == Decision(101, 1, ("organisation",), fallback=True, skipped_rule_ids=(2,))


def test_an_activity_is_a_condition_like_the_others_and_all_are_named_in_one_order() -> None:
    rule = Rule(1, 1, 101, AF, HABO, ROUTINES, named_unit_id=300, activity_id=40)
    every = facts(AF, HABO, ROUTINES, 300, 40)
    decision = decide([rule], every, answerable_units={101, 300})
    assert decision == Decision(101, 1, ("organisation", "unit", "municipality", "theme", "activity"), fallback=False)
    from_activity = Rule(2, 1, 102, activity_id=40)
    assert decide([from_activity], facts(activity=40), answerable_units={102}) == Decision(
        102, 2, ("activity",), fallback=False
    )
    for other in (facts(activity=41), facts()):
        assert decide([from_activity], other, answerable_units={102}) == NoMatch("no_rule")


@pytest.mark.parametrize(
    ("rule", "given_facts", "fallback"),
    [
        (Rule(1, 1, 101, organisation_id=AF), facts(), False),
        (Rule(1, 1, 101, organisation_id=AF), facts(municipality=HABO), True),
        (Rule(1, 1, 101, organisation_id=AF), facts(theme=ROUTINES), True),
        (Rule(1, 1, 101, organisation_id=AF, municipality_id=HABO), facts(AF, HABO, ROUTINES), False),
        (Rule(1, 1, 101, theme_id=ROUTINES), facts(AF, HABO, ROUTINES), False),
        (Rule(1, 1, 101, organisation_id=AF, activity_id=40), facts(AF, HABO, activity=40), False),
        (Rule(1, 1, 101, named_unit_id=300), facts(AF, HABO, unit=300), False),
        (Rule(1, 1, 101), facts(), True),
        (Rule(1, 1, 101), facts(None), True),
    ],
)
def test_what_counts_as_a_fallback(rule: Rule, given_facts: Facts, fallback: bool) -> None:
    decision = decide([rule], given_facts, answerable_units={101})
    assert isinstance(decision, Decision)
    assert decision.fallback is fallback


@given(rules_given, facts_given, units_given, st.randoms())
def test_the_order_the_rules_are_given_in_does_not_matter(rules, known, units, random) -> None:
    shuffled = random.sample(rules, len(rules))
    assert decide(shuffled, known, answerable_units=units) == decide(rules, known, answerable_units=units)


@given(rules_given, facts_given, units_given)
def test_p4_the_outcome_follows_from_a_plain_reading_of_the_rules(rules, known, units) -> None:
    """Written out the long way: all choices in the order they are tried, the first that somebody answers for."""
    fitting = sorted(
        (
            rule
            for rule in rules
            if rule.organisation_id in (None, known.organisation_id)
            and rule.municipality_id in (None, known.municipality_id)
            and rule.theme_id in (None, known.theme_id)
            and rule.named_unit_id in (None, known.unit_id)
            and rule.activity_id in (None, known.activity_id)
        ),
        key=lambda rule: (rule.position, rule.id),
    )
    about_it = [(rule.unit_id, rule.id) for rule in fitting if rule.named_unit_id is not None]
    others = [(rule.unit_id, rule.id) for rule in fitting if rule.named_unit_id is None]
    choices = [*about_it, *([(known.unit_id, None)] if known.unit_id is not None else []), *others]
    chosen = next((choice for choice in choices if choice[0] in units), None)
    outcome = decide(rules, known, answerable_units=units)
    if chosen is None:
        assert isinstance(outcome, NoMatch)
        assert (outcome.reason == "nobody_responsible") == bool(choices)
        by_rule = [rule_id for _, rule_id in choices if rule_id is not None]
        assert outcome.skipped_rule_id == (by_rule[0] if by_rule else None)
    else:
        passed = choices[: choices.index(chosen)]
        assert isinstance(outcome, Decision)
        assert (outcome.unit_id, outcome.rule_id) == chosen
        assert outcome.skipped_rule_ids == tuple(rule_id for _, rule_id in passed if rule_id is not None)
        assert outcome.fallback or (not passed and outcome.matched)
