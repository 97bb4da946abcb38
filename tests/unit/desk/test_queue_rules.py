"""When an answer is late, how a roofed count reads, and that an address keeps what means something."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.desk.filters import kept_from, kept_in, query_of
from lexheller.desk.rules import COUNT_LIMIT, Only, QueueFilter, Sort, capped, is_overdue

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("due", "paused", "late"),
    [(0, None, False), (-1, None, True), (-1, -1, False), (-1, -2, False), (-2, -1, True), (5, 0, False)],
)
def test_a_pause_stops_an_answer_from_becoming_late_but_late_stays_late(due, paused, late):
    paused_on = None if paused is None else DAY + timedelta(days=paused)
    assert is_overdue(DAY + timedelta(days=due), paused_on, DAY) is late


def test_a_count_says_when_it_was_stopped():
    assert [capped(number) for number in (0, 7, COUNT_LIMIT - 1, COUNT_LIMIT)] == ["0", "7", "99", "99+"]


def test_late_and_own_duties_come_by_due_date_unless_somebody_chose():
    assert QueueFilter(only=Only.OVERDUE).natural_sort is Sort.DUE
    assert QueueFilter(only=Only.MINE).natural_sort is Sort.DUE
    assert QueueFilter(only=Only.PAUSED).natural_sort is Sort.NEWEST


@given(
    st.dictionaries(
        st.sampled_from(["q", "status", "only", "unit", "theme", "from", "sort", "x"]), st.text(max_size=30)
    )
)
def test_what_an_address_keeps_is_kept_again(args):
    kept = kept_from(args)
    assert kept_in(query_of(kept)) == kept_from(kept) == kept
