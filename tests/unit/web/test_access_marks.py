"""Access marks: one for each view, never two (P17)."""

import pytest

from lexheller.web.access import MARK, Access, Gate, public, requires, signed_in


def test_p17_a_mark_says_what_is_needed():
    assert getattr(public(lambda: ""), MARK) == Access(Gate.PUBLIC)
    assert getattr(signed_in(lambda: ""), MARK) == Access(Gate.SIGNED_IN)
    assert getattr(requires("a", "b")(lambda: ""), MARK) == Access(Gate.RIGHT, frozenset({"a", "b"}))


def test_p17_a_second_mark_is_refused():
    def twice() -> str:
        return ""

    with pytest.raises(TypeError, match="two access marks"):
        requires("see")(public(twice))
