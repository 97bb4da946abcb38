"""P8, P9: each step has its moment, at the digest hour of a working day; nobody is disturbed in quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.rules import Pause, add_working_days
from lexheller.deadlines.schedule import (
    ESCALATIONS,
    DueStepKind,
    Running,
    due_date,
    is_quiet,
    local_moment,
    moments,
    next_open,
    terms_of,
    too_soon,
)
from lexheller.deadlines.settings import DEFAULTS, Settings

PLAIN = Calendar()
SWEDEN = ZoneInfo("Europe/Stockholm")
MINUTE = timedelta(minutes=1)

starts = st.dates(date(2015, 1, 1), date(2040, 12, 31))
calendars = st.dictionaries(starts, st.just("Stängt"), max_size=40).map(Calendar)
clocks = st.times().map(lambda at: f"{at.hour:02}:{at.minute:02}")
utc_moments = st.datetimes(datetime(2015, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))


@st.composite
def terms(draw: st.DrawFn) -> Settings:
    escalations = sorted(draw(st.sets(st.integers(1, 30), max_size=3)))
    return Settings(
        acknowledge_days=draw(st.integers(1, 10)),
        answer_days=draw(st.integers(1, 60)),
        remind_before_days=draw(st.integers(0, 10)),
        escalate_after_days=tuple(escalations),
        quiet_from=draw(clocks),
        quiet_to=draw(clocks),
        digest_at=draw(clocks),
    )


@given(starts, terms(), calendars)
def test_p08_p09_steps_come_in_order_on_working_days_at_the_digest_hour(
    opened_on: date, settings: Settings, calendar: Calendar
) -> None:
    running = Running(opened_on, settings.answer_days)
    due_on = due_date(running, calendar)
    when = moments(running, terms_of(settings), calendar, settings)
    for step, moment in when.items():
        assert moment.tzinfo is UTC
        local = moment.astimezone(SWEDEN)
        assert calendar.is_working_day(local.date()), step
        # On the night that summer time begins no clock shows 02:30; no working day has such a night.
        assert local.strftime("%H:%M") == settings.digest_at
        if step not in {DueStepKind.ACKNOWLEDGE, DueStepKind.REMIND}:
            assert local.date() > due_on
    later = [when[step] for step in ESCALATIONS if step in when]
    assert later == sorted(set(later))
    assert len(later) == len(settings.escalate_after_days)
    assert all(moment >= when[DueStepKind.OVERDUE] for moment in later)
    if DueStepKind.REMIND in when:
        assert when[DueStepKind.REMIND] < when[DueStepKind.OVERDUE]


@given(starts, terms(), calendars)
def test_p08_nobody_is_asked_whether_it_arrived_before_the_days_have_passed(
    opened_on: date, settings: Settings, calendar: Calendar
) -> None:
    when = moments(Running(opened_on, settings.answer_days), terms_of(settings), calendar, settings)
    asked_on = when[DueStepKind.ACKNOWLEDGE].astimezone(SWEDEN).date()
    counted = sum(calendar.is_working_day(opened_on + timedelta(days=n)) for n in range(1, (asked_on - opened_on).days))
    assert counted == settings.acknowledge_days


@pytest.mark.parametrize(
    ("step", "local"),
    [
        ("acknowledge", "2026-03-06 08:00"),
        ("remind", "2026-03-25 08:00"),
        ("overdue", "2026-03-31 08:00"),  # due on Monday the 30th; summer time began on the 29th
        ("escalate_1", "2026-04-08 08:00"),  # over Easter
        ("escalate_2", "2026-04-15 08:00"),
        ("escalate_3", "2026-04-22 08:00"),
    ],
)
def test_p08_the_default_steps_of_a_duty_opened_on_the_second_of_march(step: str, local: str) -> None:
    when = moments(Running(date(2026, 3, 2), 20), terms_of(DEFAULTS), PLAIN, DEFAULTS)
    assert when[DueStepKind(step)].astimezone(SWEDEN).strftime("%Y-%m-%d %H:%M") == local


def test_p08_the_utc_hour_changes_with_summer_time_and_the_local_one_does_not() -> None:
    assert local_moment(date(2026, 3, 27), time(8)) == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert local_moment(date(2026, 3, 30), time(8)) == datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert local_moment(date(2026, 10, 23), time(8)) == datetime(2026, 10, 23, 6, tzinfo=UTC)
    assert local_moment(date(2026, 10, 26), time(8)) == datetime(2026, 10, 26, 7, tzinfo=UTC)


def test_p08_an_extended_duty_is_not_asked_whether_it_arrived() -> None:
    assert DueStepKind.ACKNOWLEDGE in terms_of(DEFAULTS)
    assert DueStepKind.ACKNOWLEDGE not in terms_of(DEFAULTS, 2)


def test_p08_without_days_there_is_no_reminder() -> None:
    assert DueStepKind.REMIND not in terms_of(Settings(remind_before_days=0))


def test_p08_a_reminder_on_the_opening_day_or_before_is_left_out() -> None:
    opened = Running(date(2026, 3, 2), 3)
    when = moments(opened, terms_of(DEFAULTS), PLAIN, DEFAULTS)
    assert too_soon(DueStepKind.REMIND, when[DueStepKind.REMIND], opened)
    longer = Running(date(2026, 3, 2), 4)
    assert not too_soon(
        DueStepKind.REMIND, moments(longer, terms_of(DEFAULTS), PLAIN, DEFAULTS)[DueStepKind.REMIND], longer
    )


@given(starts, terms(), st.integers(0, 30), st.integers(0, 40))
def test_p08_a_pause_moves_no_step_earlier(opened_on: date, settings: Settings, after: int, length: int) -> None:
    running, chosen = Running(opened_on, settings.answer_days), terms_of(settings)
    first = opened_on + timedelta(days=after)
    pauses = [Pause(first, first + timedelta(days=length))]
    plain = moments(running, chosen, PLAIN, settings)
    paused = moments(running, chosen, PLAIN, settings, pauses)
    assert all(paused[step] >= plain[step] for step in plain)


def minutes_of(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def quiet_by_hand(moment: datetime, calendar: Calendar, settings: Settings) -> bool:
    """Every minute of the quiet hours, written out."""
    local = moment.astimezone(SWEDEN)
    start, end = (minutes_of(datetime.strptime(text, "%H:%M")) for text in (settings.quiet_from, settings.quiet_to))
    quiet_minutes = {(start + n) % 1440 for n in range((end - start) % 1440)}
    return not calendar.is_working_day(local.date()) or minutes_of(local) in quiet_minutes


@given(utc_moments, terms(), calendars)
def test_p09_quiet_hours_agree_with_a_list_of_minutes(moment: datetime, settings: Settings, calendar: Calendar) -> None:
    assert is_quiet(moment, calendar, settings) == quiet_by_hand(moment, calendar, settings)


@given(utc_moments, terms(), calendars)
def test_p09_the_next_opening_is_open_and_the_minute_before_it_is_not(
    moment: datetime, settings: Settings, calendar: Calendar
) -> None:
    opening = next_open(moment, calendar, settings)
    assert opening >= moment
    assert opening.tzinfo is UTC
    assert not is_quiet(opening, calendar, settings)
    if opening != moment:
        assert is_quiet(moment, calendar, settings)
        assert is_quiet(max(opening - MINUTE, moment), calendar, settings)


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        ("2026-03-27 17:59", "2026-03-27 17:59"),
        ("2026-03-27 18:00", "2026-03-30 07:00"),  # Friday evening, and the night that summer time begins
        ("2026-03-29 02:59", "2026-03-30 07:00"),
        ("2026-10-24 12:00", "2026-10-26 07:00"),  # and the one that it ends
        ("2026-12-23 18:00", "2026-12-28 07:00"),  # Christmas
        ("2026-12-30 19:00", "2027-01-04 07:00"),  # New Year
        ("2028-02-28 23:00", "2028-02-29 07:00"),  # leap day
        ("2026-03-26 06:59", "2026-03-26 07:00"),
    ],
)
def test_p09_the_default_quiet_hours(local: str, opens: str) -> None:
    moment = datetime.strptime(local, "%Y-%m-%d %H:%M").replace(tzinfo=SWEDEN)
    opening = next_open(moment, PLAIN, DEFAULTS)
    assert opening.astimezone(SWEDEN).strftime("%Y-%m-%d %H:%M") == opens


def test_p09_a_federation_that_never_works_gives_an_error_and_no_loop() -> None:
    closed = Calendar({date(2026, 1, 1) + timedelta(days=n): "Stängt" for n in range(4000)})
    with pytest.raises(ValueError, match="too few working days"):
        next_open(datetime(2026, 1, 2, tzinfo=UTC), closed, DEFAULTS)


def test_p11_due_date_is_the_same_as_counting_days() -> None:
    assert due_date(Running(date(2026, 3, 2), 20), PLAIN) == add_working_days(date(2026, 3, 2), 20, PLAIN)
