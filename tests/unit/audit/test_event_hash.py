"""The hash of an event: every field counts, the order of its data does not (P14)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lexheller.audit.chain import START, event_hash

EVENT = {
    "federation_id": 1,
    "sequence": 7,
    "at": datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    "kind": "case.routed",
    "subject_type": "case",
    "subject_id": 4,
    "actor_kind": "user",
    "actor_user_id": 9,
    "data": {"status": "assigned", "why": {"rule_id": 3, "matched": ["organisation"]}},
    "previous_hash": START,
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("federation_id", 2),
        ("sequence", 8),
        ("at", EVENT["at"] + timedelta(microseconds=1)),
        ("kind", "case.closed"),
        ("subject_type", "user"),
        ("subject_id", 5),
        ("actor_kind", "system"),
        ("actor_user_id", None),
        ("data", {"status": "assigned", "why": {"rule_id": 4, "matched": ["organisation"]}}),
        ("previous_hash", "1" * 64),
    ],
)
def test_p14_every_field_is_covered(field, value):
    assert event_hash(**{**EVENT, field: value}) != event_hash(**EVENT)


def test_p14_the_hash_is_what_it_was_when_the_format_was_written():
    assert event_hash(**EVENT) == "c30d23008092f9dbc3814c223e4d55286b401d64beab6701875abf3ca51fd559"


def test_p14_order_of_keys_and_time_zone_do_not_matter():
    turned = {"why": {"matched": ["organisation"], "rule_id": 3}, "status": "assigned"}
    elsewhere = EVENT["at"].astimezone(timezone(timedelta(hours=2)))
    assert event_hash(**{**EVENT, "data": turned, "at": elsewhere}) == event_hash(**EVENT)
