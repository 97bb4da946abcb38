"""The diary's series: which numbers may be missing, and what an event tells."""

from __future__ import annotations

from datetime import date

import pytest

from lexheller.records.diary_rules import BEGINS, CORRESPONDENT, DIRECTION, EntryKind, Held, missing, place_of, told_by


def held(*numbers: int, imported: tuple[int, ...] = ()) -> list[Held]:
    return [Held(number, number in imported) for number in numbers]


@pytest.mark.parametrize(
    ("there", "last", "gone"),
    [
        (held(), 0, []),
        (held(), 2, [1, 2]),
        (held(1, 2, 3), 3, []),
        (held(1, 3), 3, [2]),
        (held(1, 2), 3, [3]),
        (held(4, imported=(4,)), 4, []),
        (held(1, 4, 5, imported=(4,)), 5, []),
        (held(4, 6, imported=(4,)), 6, [5]),
        (held(4, imported=(4,)), 9, []),
        (held(2, 2), 2, [1]),
    ],
)
def test_p14_only_an_older_register_may_leave_numbers_free(there, last, gone):
    assert missing(there, last) == gone


def test_every_kind_has_a_direction_and_somebody():
    assert set(DIRECTION) == set(CORRESPONDENT) == set(EntryKind) == set(BEGINS.values())


def test_an_event_tells_number_day_organisation_and_theme():
    facts = {"number": "2026:11 / 4", "received_on": "2026-03-02", "reporting_organisation_id": 3, "theme_id": 7}
    told = told_by("case.received", {"number": "2026:11 / 4", "facts": facts})
    assert told is not None
    assert (told.number, told.registered_on) == ("2026:11 / 4", date(2026, 3, 2))
    assert (told.organisation_id, told.theme_id) == (3, 7)
    assert told_by("case.answered", {"facts": facts}) is None
    assert told_by("action_report.frozen", {"number": 2, "diary_number": "2026:11 / 9"}).number == "2026:11 / 9"


def test_a_number_of_another_shape_has_no_place_in_a_series():
    assert place_of("2026:11 / 4").document == 4
    assert place_of("SVF 2016-3").year is None
