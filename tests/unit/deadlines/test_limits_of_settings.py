"""What a federation may decide about time, and what is refused by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lexheller.core.errors import InvalidInput
from lexheller.deadlines.settings import DEFAULTS, FIELDS, at_clock, checked


@pytest.mark.parametrize("name", FIELDS)
def test_every_default_is_allowed(name: str) -> None:
    assert checked(DEFAULTS, {name: DEFAULTS.as_values()[name]}) == DEFAULTS


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("answer_days", 0, "too_small"),
        ("answer_days", 251, "too_large"),
        ("answer_days", "20", "whole_number"),
        ("answer_days", True, "whole_number"),
        ("answer_days", 20.5, "whole_number"),
        ("answer_days", None, "whole_number"),
        ("acknowledge_days", 0, "too_small"),
        ("extension_days", -1, "too_small"),
        ("most_extensions", 11, "too_large"),
        ("remind_before_days", -1, "too_small"),
        ("follow_up_weeks", 0, "too_small"),
        ("link_days", 366, "too_large"),
        ("not_solved_days", 366, "too_large"),
        ("escalate_after_days", [5, 5], "in_order"),
        ("escalate_after_days", [10, 5], "in_order"),
        ("escalate_after_days", [1, 2, 3, 4], "too_many"),
        ("escalate_after_days", [0], "too_small"),
        ("escalate_after_days", "5, 10", "whole_number"),
        ("escalate_after_days", ["5"], "whole_number"),
        ("quiet_from", "24:00", "clock"),
        ("quiet_to", "7:00", "clock"),
        ("digest_at", "08:60", "clock"),
        ("digest_at", 8, "clock"),
        ("digest_at", "06:59", "in_quiet_hours"),
        ("quiet_to", "08:01", "in_quiet_hours"),
        ("federation_id", 1, "unknown"),
    ],
)
def test_what_is_refused_and_why(field: str, value: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(DEFAULTS, {field: value})
    assert refused.value.code == code
    assert refused.value.field == ("digest_at" if code == "in_quiet_hours" else field)


def test_several_values_at_once_and_fewer_escalations() -> None:
    after = checked(DEFAULTS, {"escalate_after_days": [2], "quiet_from": "20:00", "answer_days": 15})
    assert after == replace(DEFAULTS, escalate_after_days=(2,), quiet_from="20:00", answer_days=15)
    assert checked(after, {"escalate_after_days": []}).escalate_after_days == ()


def test_without_quiet_hours_any_digest_hour_will_do() -> None:
    assert checked(DEFAULTS, {"quiet_from": "00:00", "quiet_to": "00:00", "digest_at": "03:00"}).digest_at == "03:00"


@pytest.mark.parametrize("text", ["", "8", "08.00", "08:00 ", "-1:00", "08:00\n"])
def test_a_time_of_day_is_hours_and_minutes_alone(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        at_clock(text)
