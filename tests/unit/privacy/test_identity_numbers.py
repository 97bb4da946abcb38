"""Identity numbers are stopped in every spelling, and nothing that only looks like one is."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from lexheller.privacy.identity_numbers import is_identity_number
from lexheller.privacy.kinds import Certainty, Kind
from lexheller.privacy.measure import fictitious_number, spell
from lexheller.privacy.scanner import scan, stops


def checked(nine: str) -> str:
    return nine + str(luhn.calc_check_digit(nine))


NUMBER = checked("850709980")
DATE, SERIAL = NUMBER[:6], NUMBER[6:]
COORDINATION = checked("850769980")
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"

SPELLINGS = [
    NUMBER,
    f"19{NUMBER}",
    COORDINATION,
    f"{DATE}-{SERIAL}",
    f"{DATE}+{SERIAL}",
    f"{DATE} {SERIAL}",
    f"{DATE} - {SERIAL}",
    f"{DATE}--{SERIAL}",
    f"{DATE}–{SERIAL}",
    f"{DATE}−{SERIAL}",
    f"{DATE}\u2011{SERIAL}",
    f"{DATE}/{SERIAL}",
    f"{DATE}\u00a0{SERIAL}",
    f"{DATE}\n{SERIAL}",
    f"{DATE}-\r\n{SERIAL}",
    f"19 {DATE} {SERIAL}",
    f"19{DATE}.{SERIAL}",
    f"1985-07-09-{SERIAL}",
    f"1985/07/09 {SERIAL}",
    f"1985.07.09-{SERIAL}",
    f"85 07 09 98 {SERIAL[2:]}",
    " ".join(NUMBER),
    "\n".join(NUMBER),
    "-".join(f"19{NUMBER}"),
    f"{DATE[:4]}\n{DATE[4:]}-{SERIAL}",
    f"{DATE[:3]}\u200b{DATE[3:]}\u00ad-{SERIAL}",
    NUMBER.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    NUMBER.translate(str.maketrans("0123456789", CIRCLED)),
]


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("around", ["{}", "pnr{}", "PNR:{}", "({}),", "Hon ({}). Se 2024:11 / 17", "x{}y"])
def test_p23_a_number_is_stopped_where_it_stands(spelled: str, around: str) -> None:
    before, after = around.split("{}")
    found = stops(before + spelled + after)
    assert [(each.start, each.end, each.text) for each in found] == [(len(before), len(before) + len(spelled), spelled)]
    assert found[0].kind is Kind.PERSONAL_IDENTITY_NUMBER
    assert found[0].certainty is Certainty.STOP


@given(st.integers(min_value=0, max_value=2**32))
def test_p23_random_spellings_are_stopped(seed: int) -> None:
    chance = random.Random(seed)
    number = fictitious_number(chance)
    if number[2:4] == "07":  # a bare 07… with pairs by spaces is a mobile number
        return
    spelled = spell(number, chance)
    text = f"Ärendet gäller {spelled} som väntar."
    assert [(each.start, each.text) for each in stops(text)] == [(15, spelled)]


def test_p23_two_numbers_are_two_findings() -> None:
    text = f"{DATE}-{SERIAL} {COORDINATION[:6]}-{COORDINATION[6:]}"
    assert [each.text for each in stops(text)] == text.split()


@pytest.mark.parametrize(
    "text",
    [
        f"den {DATE} kom {SERIAL} kronor",
        f"den {DATE}. {SERIAL} kronor betalades",
        f"{DATE}, {SERIAL} kronor",
        f"{DATE}\n\n{SERIAL}",
        f"{DATE}-{(int(SERIAL) + 1):04d}",
        f"123{NUMBER}456",
        f"57.{NUMBER}",
        f"OCR {NUMBER}",
        f"+46 {NUMBER[0]} {NUMBER[1:4]} {NUMBER[4:6]} {NUMBER[6:8]} {NUMBER[8:]}",
        f"{NUMBER[0]} {NUMBER[1:4]} {NUMBER[4:7]} {NUMBER[7:]} kronor",
        "556036-0793",
        "212000-0530",
        "2024:11 / 17",
        "Dnr 2024-01234, lag (2003:1210) och prop. 2002/03:132",
        "2024-01-15 - 2024-06-30",
        "SE45 5000 0000 0583 9825 7466",
        "4532 0151 1283 0366",
        "070-174 06 05, 0701-74 06 05 och 08-465 004 12",
        f"19{checked('851309980')}",
        checked("850732980"),
        checked("850230980"),
        f"17{NUMBER}"[:11],
    ],
)
def test_lookalikes_are_not_stopped(text: str) -> None:
    assert stops(text) == []


RECENT = st.dates(date(1990, 1, 1), date(2040, 12, 31)).map(str)


@given(RECENT, RECENT, st.times())
def test_dates_and_ranges_are_not_stopped(first: str, second: str, clock: object) -> None:
    assert stops(f"{first} - {second}") == []
    assert stops(f"{first}--{second} kl {str(clock)[:5]}") == []


@pytest.mark.parametrize(
    ("digits", "answer"),
    [
        (NUMBER, True),
        (COORDINATION, True),
        (f"19{NUMBER}", True),
        (f"17{NUMBER}", False),
        (checked("000229123"), True),
        (f"19{checked('000229123')}", False),
        (checked("850700980"), False),
        (checked("850792980"), False),
    ],
)
def test_date_century_and_check_digit(digits: str, answer: bool) -> None:
    assert is_identity_number(digits) is answer


def test_a_stop_wins_over_review() -> None:
    assert [each.certainty for each in scan(f"ring 19{DATE}-{SERIAL}")] == [Certainty.STOP]
