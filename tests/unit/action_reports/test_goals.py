"""The sentence over the goals is counted from the rows, whatever they are."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.action_reports.goals import ORDER, summary

rows = st.lists(st.sampled_from([str(one) for one in ORDER]).map(lambda code: {"fulfilment": code}), max_size=20)


def of(met: int, partly: int = 0, missed: int = 0, unknown: int = 0) -> list[dict[str, str]]:
    numbers = zip(("met", "partly", "not", "not_assessable"), (met, partly, missed, unknown), strict=True)
    return [{"fulfilment": code} for code, number in numbers for _one in range(number)]


@pytest.mark.parametrize(
    ("goals", "swedish", "english"),
    [
        (of(0), "", ""),
        (of(1), "Det enda åtagandet är uppfyllt.", "The only commitment has been met."),
        (of(0, 0, 1), "Det enda åtagandet är inte uppfyllt.", "The only commitment has not been met."),
        (of(4), "Samtliga 4 åtaganden är uppfyllda.", "All 4 commitments have been met."),
        (of(0, 0, 0, 3), "Samtliga 3 åtaganden går inte att bedöma.", "All 3 commitments cannot be assessed."),
        (
            of(7, 1, 4, 1),
            "Av 13 åtaganden är 7 uppfyllda, 1 delvis uppfyllt och 4 inte uppfyllda, och 1 går inte att bedöma.",
            "Of 13 commitments, 7 have been met, 1 has been partly met, 4 have not been met and 1 cannot be assessed.",
        ),
        (
            of(1, 2),
            "Av 3 åtaganden är 1 uppfyllt och 2 delvis uppfyllda.",
            "Of 3 commitments, 1 has been met and 2 have been partly met.",
        ),
    ],
)
def test_the_sentence(goals: list[dict[str, str]], swedish: str, english: str) -> None:
    assert summary(goals) == swedish
    assert summary(goals, "en") == english


@given(rows, st.sampled_from(["sv", "en"]))
def test_its_numbers_are_those_of_the_rows_and_sum_up(goals: list[dict[str, Any]], language: str) -> None:
    numbers = [int(found) for found in re.findall(r"\d+", summary(goals, language))]
    counts = Counter(goal["fulfilment"] for goal in goals)
    if len(counts) > 1:
        assert numbers == [len(goals), *(counts[code] for code in ORDER if counts[code])]
        assert sum(numbers[1:]) == numbers[0]
    else:
        assert numbers == ([len(goals)] if len(goals) > 1 else [])


def test_an_unknown_fulfilment_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        summary([{"fulfilment": "perhaps"}])
