"""Which day a cell names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.intake.spreadsheet.dates import parse_date

DAY = date(2024, 1, 17)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-17", "2024-1-17", "24-01-17", "20240117", "240117", "45308", "45308.5", "45308,25",
        "2024/01/17", "2024.01.17", "2024 01 17", "2024–01–17",
        "17/1 2024", "17/1-2024", "17/1 -24", "17/1-24", "17/1/2024", "17.1.2024", "17. 1. 2024", "17.01.24",
        "17-01-2024",
        "17 januari 2024", "17 jan 2024", "17 Jan. 2024", "den 17 januari 2024", "17:e januari 2024",
        "onsdag 17 januari 2024", "onsdag den 17 januari 2024", "17-jan-24", "17 JANUARI 2024",
        "2024-01-17 00:00:00", "2024-01-17T10:15:00Z", "2024-01-17 10:15", "2024-01-17 10.15",
        "2024-01-17T23:30:00.000+01:00", "2024-01-17 kl 10:15", "17/1 2024 10:15", " 2024-01-17 ",
    ],
)  # fmt: skip
def test_names_the_day(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29 februari 2024", date(2024, 2, 29)),
        ("3 maj 2023", date(2023, 5, 3)),
        ("1 sept 2023", date(2023, 9, 1)),
        ("5 mars 2022", date(2022, 3, 5)),
        ("1 okt 2022", date(2022, 10, 1)),
        ("24-01-02", date(2024, 1, 2)),
        ("2/1 2024", date(2024, 1, 2)),
        ("36526", date(2000, 1, 1)),
        ("73050", date(2099, 12, 31)),
    ],
)
def test_names_another_day(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "31/4 2024", "1/17/2024", "17/1",
        "januari 2024",
        "17 foo 2024", "17 ju 2024", "1985-07-09", "19850709", "17 januari 1985", "0", "1", "36525", "73051",
        "=TODAY()", "=DATE(2024,1,17)", "ca 2024-01-17", "2024-01-17 - 2024-01-19", "2024-01/17", "igår", "#N/A",
        "２０２４-01-17", "2024-01-17 och mer", "20241", "202401171", "2024", "9" * 400, "1e5",
    ],
)  # fmt: skip
def test_names_no_day(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_way_of_writing_gives_the_day_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m %Y", "%y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d %B %Y"):
        assert parse_date(day.strftime(form)) == day
    assert parse_date(str((day - date(1899, 12, 30)).days)) == day


@given(st.text(max_size=80))
def test_any_text_is_a_day_of_this_century_or_none(text: str) -> None:
    day = parse_date(text)
    assert day is None or 2000 <= day.year <= 2099
