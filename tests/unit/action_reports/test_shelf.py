"""The shelf keeps what was made of the same state, never more than it has room for, and nothing too long."""

from __future__ import annotations

import pytest

from lexheller.action_reports import shelf
from lexheller.action_reports.shelf import Shelf


def test_only_what_was_made_of_the_same_state_is_found() -> None:
    place = Shelf(100)
    place.put((1, "a"), "old", b"first")
    assert place.take((1, "a"), "old") == b"first"
    assert place.take((1, "a"), "new") is None
    assert place.take((2, "a"), "old") is None
    place.put((1, "a"), "new", b"second")
    assert (place.take((1, "a"), "new"), place.take((1, "a"), "old")) == (b"second", None)


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    place = Shelf(10)
    for key in ("a", "b"):
        place.put(key, "", b"12345")
    place.take("a", "")
    place.put("c", "", b"12345")
    assert [place.take(key, "") for key in ("a", "b", "c")] == [b"12345", None, b"12345"]
    place.put("d", "", b"1234567890+")
    assert [place.take(key, "") for key in ("a", "c", "d")] == [b"12345", b"12345", None]
    for length in range(11):  # the same key again takes no more room
        place.put("a", "", b"x" * length)
    assert place.take("a", "") == b"x" * 10


def test_nothing_stays_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(shelf, "monotonic", lambda: now)
    place = Shelf(10, longest=60)
    place.put("a", "", b"1")
    now = 1060.0
    assert place.take("a", "") == b"1"
    now = 1060.1
    assert place.take("a", "") is None
