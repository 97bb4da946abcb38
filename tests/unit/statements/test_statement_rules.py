"""What may be told in the open statements, and what is still missing."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from lexheller.core.errors import InvalidInput
from lexheller.statements.rules import Conformity, Details, Missing, checked

TODAY = date(2026, 11, 22)
TESTED = date(2026, 11, 1)


def test_nothing_written_can_be_told_and_all_of_it_is_missing():
    assert checked(Details(), TODAY) == Details()
    assert Details().missing == list(Missing)


def test_one_way_to_be_reached_is_enough():
    by_phone = Details(contact_phone="0370-1", officer_email="d@example.se", tested_on=TESTED, reporter_days=90)
    assert by_phone.missing == []
    assert Details(contact_address="Box 1", officer_name="D").missing == list(Missing)


def test_without_faults_takes_a_test_that_found_none_and_with_faults_takes_what_they_are():
    """Every degree with and without a test and shortcomings: exactly these may be told."""
    told = set()
    for degree, tested, text in product(Conformity, (None, TESTED), (None, "Kartan.")):
        try:
            checked(Details(conformity=degree, tested_on=tested, shortcomings=text), TODAY)
        except InvalidInput:
            continue
        told.add((str(degree), tested is not None, text is not None))
    partial = {("partial", tested, text) for tested, text in product((True, False), repeat=2)}
    assert told == partial | {("full", True, False), ("none", True, True), ("none", False, True)}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"tested_on": date(2026, 11, 23)}, "tested_on", "in_future"),
        ({"conformity": Conformity.FULL}, "conformity", "not_tested"),
        ({"reporter_days": 0}, "reporter_days", "too_small"),
        ({"reporter_days": 3651}, "reporter_days", "too_large"),
    ],
)
def test_a_refusal_names_its_field(values, field, code):
    with pytest.raises(InvalidInput) as refused:
        checked(Details(**values), TODAY)
    assert (refused.value.field, refused.value.code) == (field, code)
