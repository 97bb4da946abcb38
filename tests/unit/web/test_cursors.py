"""Cursors of keyset pages: what was written is read, what somebody made up is nothing."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.web.pagination import decode, encode, page_of


@given(st.text(max_size=40), st.integers(0, 2**31))
def test_a_cursor_is_read_as_it_was_written(text, number):
    assume_short = encode([text, number])
    if len(assume_short) <= 200:
        assert decode(assume_short, str, int) == [text, number]


@given(st.text(max_size=300))
def test_a_made_up_cursor_never_raises(text):
    decode(text, str, int)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=8))
def test_a_cursor_of_other_types_is_nothing(value):
    cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    expected = value if isinstance(value, list) and [type(part) for part in value] == [str, int] else None
    assert decode(cursor, str, int) == (expected if len(cursor) <= 200 else None)


@pytest.mark.parametrize("cursor", [None, "", "å", "A" * 201, "W10", "bnVsbA", "/wAA", "[" * 150])
def test_odd_cursors_are_nothing(cursor):
    assert decode(cursor, str, int) is None


def test_a_page_has_a_cursor_only_if_there_is_more():
    assert page_of([1, 2, 3], 3, lambda row: [row]).next is None
    more = page_of([1, 2, 3, 4], 3, lambda row: [row])
    assert more.rows == [1, 2, 3]
    assert decode(more.next, int) == [3]
