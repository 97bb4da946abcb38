"""Medians and percentiles of few are not published, however many had reached the end (P30)."""

from __future__ import annotations

from typing import Any

import pytest

from lexheller.action_reports.publishing import public
from tests.unit.action_reports.made_up import Case, report_data

MEASURES = ("answer_days", "days_to_send", "days_to_first_answer", "days_to_close")
SEEN = Case(answered=9, closed=True, sent=True)


def told(size: int, lengths: int, least: int = 5) -> dict[str, Any]:
    """Of so many reports, all answered and closed; in so many the day was not before the report's."""
    data = report_data([SEEN] * size, least=least, trend="first_year")
    for measure in MEASURES:
        data["days"][measure] = {"count": size, "lengths": lengths, "median": 9.0, "nine_of_ten": 9}
    days: dict[str, Any] = public(data)["days"]
    return days


@pytest.mark.parametrize("measure", MEASURES)
def test_p30_a_median_is_of_as_many_lengths_as_are_told_of(measure: str) -> None:
    assert told(12, 4)[measure]["median"] is None
    assert told(12, 5)[measure]["median"] == 9.0


@pytest.mark.parametrize("measure", MEASURES)
def test_p30_nine_of_ten_are_of_twice_as_many(measure: str) -> None:
    assert told(12, 9)[measure]["nine_of_ten"] is None
    assert told(12, 10)[measure]["nine_of_ten"] == 9


def test_p30_data_from_before_lengths_were_counted_is_read_as_it_was() -> None:
    data = report_data([SEEN] * 12, trend="first_year")
    data["days"] = {name: {key: one[key] for key in one if key != "lengths"} for name, one in data["days"].items()}
    assert public(data)["days"]["answer_days"]["median"] == 9.0
