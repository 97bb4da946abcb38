"""Codes of a phone and for a lost one: RFC 6238's own examples, what is near in time, and how they may be typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from lexheller.accounts import codes

# RFC 6238, appendix B, SHA-1: the last six of its eight figures.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
EXAMPLES = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("seconds", "code"), EXAMPLES)
def test_the_examples_of_the_standard(seconds, code):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert codes.matching_step(SECRET, code, moment) == seconds // 30
    for typed in (f" {code[:3]} {code[3:]} ", f"{code}\n"):
        assert codes.matching_step(SECRET, typed, moment) == seconds // 30


@pytest.mark.parametrize(("late", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_half_a_minute_off_is_forgiven_and_no_more(late, taken):
    moment = datetime.fromtimestamp(1111111110, UTC) + timedelta(seconds=late)
    assert (codes.matching_step(SECRET, "050471", moment) is not None) is taken


@pytest.mark.parametrize(
    "typed", ["", "28708", "2870820", "28708a", "٢٨٧٠٨٢", "²87082", "287 08", "-87082", "\x00" * 6]
)
def test_nothing_else_is_a_code(typed):
    assert codes.matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_the_picture_is_drawn_by_attributes_alone_and_holds_no_script():
    """What the content policy would not draw must not be in it (P21)."""
    address = codes.enrolment_address(codes.new_secret(), "maria@habo.example")
    assert re.fullmatch(
        r"otpauth://totp/Lex%20Heller:maria%40habo\.example\?secret=[A-Z2-7]{32}&issuer=Lex%20Heller", address
    )
    picture = codes.picture(address)
    assert picture.startswith("<svg ") and "viewBox=" in picture
    assert not re.search(r"style|script|href|<\?xml|on\w+=", picture)


def test_recovery_codes_differ_and_are_read_however_they_were_written():
    made = codes.new_recovery_codes()
    assert len({code[0] for code in made}) == len(made) == 10
    for code in made:
        assert codes.as_recovery_code(code) == code
        assert codes.as_recovery_code(f" {codes.in_groups(code).lower()} ") == code
        assert codes.as_recovery_code("-".join(code)) == code
    for nothing in ("", "287082", made[0][:-1], f"{made[0]}A", "O" * 12, "å" * 12):
        assert codes.as_recovery_code(nothing) is None
