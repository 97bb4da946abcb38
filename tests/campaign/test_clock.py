"""P8–P11: years of one federation's deadlines, with outages of the clock tick, against a second calculation.

Duties are opened, accepted, extended, paused, answered and sent back at random; the federation closes days; the tick is
sometimes gone for hours or weeks. `fire_due` is driven tick by tick. What fired is then compared with an own account,
kept in this file alone: it walks day by day through the list of holidays and knows nothing of the code under test.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from flask import Flask
from sqlalchemy import ColumnElement, select

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import REPORTER, Actor
from lexheller.app.factory import create_app
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases import door
from lexheller.cases.dialogue import Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import CloseReason, Step
from lexheller.casework import answering, asking, closing, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines import service as clocks
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.sweep import fire_due
from lexheller.demo.data import address
from lexheller.intake.service import Submission, submit
from lexheller.organisations.lists import add_closed_day, remove_closed_day
from lexheller.organisations.models import ClosedDay, Federation
from lexheller.organisations.queries import federation_by_slug, units
from tests.cast.databases import settings_for
from tests.cast.people import ANSWER, HOME

SEED = 20261122
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
BUSY = 0.12
"""How likely it is that something is done with a running duty on a day."""


@dataclass(frozen=True)
class Size:
    first: date
    last: date
    duties_a_week: float


SMALL = Size(date(2027, 12, 6), date(2028, 4, 14), 3)  # Christmas, New Year, leap day, Easter, summer time
FULL = Size(date(2024, 1, 1), date(2033, 12, 31), 3)
SPARE_TICKS = ("07:30", "08:00", "08:01", "12:00", "17:59", "18:00", "23:30", "02:30")


# The own account ------------------------------------------------------------------------------------------------------


@dataclass
class Promise:
    """A step that must fire: `earliest` as things stand, and when the account says that it did."""

    step: str
    clock_round: int
    earliest: datetime
    fired: datetime | None = None


@dataclass
class Account:
    """One duty as this file understands it. Days are Swedish calendar days, moments aware."""

    opened: date
    days: int
    clock_round: int = 1
    pauses: list[tuple[date, date]] = field(default_factory=list)
    asked: date | None = None
    over: bool = False
    due: date | None = None
    first_late: date | None = None
    promises: list[Promise] = field(default_factory=list)


@dataclass
class OwnCalendar:
    """Which days are worked, from the list of holidays and the federation's closed days as they stand."""

    closed: set[date] = field(default_factory=set)
    off: set[date] = field(default_factory=set)

    def __post_init__(self) -> None:
        for year in range(2023, 2037):
            for category in ("public", "de_facto"):
                self.off |= set(holidays.Sweden(years=year, categories=(category,), include_sundays=False))

    def worked(self, day: date) -> bool:
        return day.isoweekday() < 6 and day not in self.off and day not in self.closed

    def open_at(self, moment: datetime) -> bool:
        there = moment.astimezone(STOCKHOLM)
        return self.worked(there.date()) and 7 * 60 <= there.hour * 60 + there.minute < 18 * 60

    def morning(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 8, tzinfo=STOCKHOLM).astimezone(UTC)


class Bookkeeper:
    """Keeps the accounts: told of everything that happens, never of what the code under test makes of it."""

    def __init__(self) -> None:
        self.calendar = OwnCalendar()
        self.accounts: dict[int, Account] = {}

    def opens(self, duty_id: int, day: date) -> None:
        account = self.accounts[duty_id] = Account(day, 20)
        account.due = self._due(account)
        for step, day_of_step in self._days(account).items():
            if step != "remind" or day_of_step > account.opened:
                account.promises.append(Promise(step, 1, self.calendar.morning(day_of_step)))

    def accepts(self, duty_id: int) -> None:
        self._drop(self.accounts[duty_id], "acknowledge")

    def asks(self, duty_id: int, day: date) -> None:
        account = self.accounts[duty_id]
        self._note_late(account, day)
        account.asked = day

    def is_answered_by_reporter(self, duty_id: int, day: date) -> None:
        account = self.accounts[duty_id]
        assert account.asked is not None
        account.pauses.append((account.asked, day))
        account.asked = None
        account.due = self._due(account)
        self._reset(account)

    def extends(self, duty_id: int, days: int, day: date, now: datetime) -> None:
        account = self.accounts[duty_id]
        self._note_late(account, day)
        self._drop(account)
        account.days += days
        account.clock_round += 1
        account.due = self._due(account)
        replied_today = self._days(self.as_if_replied(account, day))
        for step, day_of_step in self._days(account).items():
            if self.calendar.morning(replied_today[step]) > now:
                account.promises.append(Promise(step, account.clock_round, self.calendar.morning(day_of_step)))

    def as_if_replied(self, account: Account, day: date, more: int = 0) -> Account:
        """The same account, with so many days more, had a question that waits been answered on that day."""
        lasting = [(account.asked, day)] if account.asked is not None else []
        return Account(account.opened, account.days + more, account.clock_round, [*account.pauses, *lasting])

    def ends(self, duty_id: int, day: date) -> None:
        account = self.accounts[duty_id]
        if account.asked is not None:
            account.pauses.append((account.asked, day))
            account.asked = None
            account.due = self._due(account)
        self._note_late(account, day)
        account.over = True
        self._drop(account)

    def calendar_changes(self, day: date) -> None:
        """Late by the old date is noted first; then every running account is counted again."""
        for account in self.accounts.values():
            if not account.over:
                self._note_late(account, day)
                account.due = self._due(account)
                self._reset(account)

    def ticks(self, now: datetime) -> None:
        if not self.calendar.open_at(now):
            return
        day = now.astimezone(STOCKHOLM).date()
        for account in self.accounts.values():
            if account.over or account.asked is not None:
                continue
            for promise in account.promises:
                if promise.fired is None and promise.earliest <= now:
                    promise.fired = now
                    if promise.step == "overdue":
                        self._note_late(account, day)

    def _due(self, account: Account) -> date:
        """Tick off days until none is left."""
        day, left = account.opened, account.days
        while left:
            day += DAY
            if self.calendar.worked(day) and not self._paused(account, day):
                left -= 1
        return day

    def _days(self, account: Account) -> dict[str, date]:
        due = self._due(account)
        found = {"remind": self._before(due, 3), "overdue": self._after(account, due, 1)}
        if account.clock_round == 1:
            found["acknowledge"] = self._after(account, account.opened, 4)
        for number, days in enumerate((5, 10, 15), start=1):
            found[f"escalate_{number}"] = self._after(account, due, days)
        return found

    def _before(self, day: date, left: int) -> date:
        while left:
            day -= DAY
            left -= self.calendar.worked(day)
        return day

    def _after(self, account: Account, day: date, left: int) -> date:
        while left:
            day += DAY
            left -= self.calendar.worked(day) and not self._paused(account, day)
        return day

    def _reset(self, account: Account) -> None:
        days = self._days(account)
        for promise in account.promises:
            if promise.fired is None and promise.step in days:
                promise.earliest = self.calendar.morning(days[promise.step])

    @staticmethod
    def _paused(account: Account, day: date) -> bool:
        return any(asked < day <= replied for asked, replied in account.pauses)

    def _note_late(self, account: Account, today: date) -> None:
        """The first day after the due date that is no pause; a lasting question stops the days too."""
        assert account.due is not None
        day = account.due + DAY
        while account.first_late is None and day <= today:
            lasting = account.asked is not None and day > account.asked
            if not lasting and not self._paused(account, day):
                account.first_late = day
            day += DAY

    @staticmethod
    def _drop(account: Account, step: str | None = None) -> None:
        account.promises = [
            promise
            for promise in account.promises
            if promise.fired is not None or (step is not None and promise.step != step)
        ]


# What happens ---------------------------------------------------------------------------------------------------------


class Years:
    """The years themselves: verbs at random hours of random days, and a tick that is not always there."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.chance = random.Random(SEED)
        self.books = Bookkeeper()
        self.happened: Counter[str] = Counter()
        self.federation_id = self.federation.id
        self.units = [unit.id for unit in units(self.federation_id)]
        self.coordinator = self._person("samordnare")
        self.managers = [self._person(f"chef.{part}") for part in ("fk", "af", "region", "kommun")]
        self.live: dict[int, int] = {}
        self.silent_until: datetime | None = None
        self.worked_then: dict[date, bool] = {}
        self.books.calendar.closed |= set(db.session.scalars(select(ClosedDay.day).where(self._ours())))

    @property
    def federation(self) -> Federation:
        found = federation_by_slug(HOME)
        assert found is not None
        return found

    def _ours(self) -> ColumnElement[bool]:
        return ClosedDay.federation_id == self.federation_id

    def run(self) -> None:
        day = self.size.first
        while day <= self.size.last:
            for at, what in sorted(self._plan(day), key=lambda found: found[0]):
                with clock.at(at):
                    what()
            day += DAY

    def _plan(self, day: date) -> list[tuple[datetime, Callable[[], None]]]:
        """The day's ticks and deeds by their moments; verbs also happen at night and on days off."""
        plan: list[tuple[datetime, Callable[[], None]]] = []
        at_work = self.chance.random() < 0.85
        busy = self.books.calendar.worked(day) or self.chance.random() < 0.1
        if busy:
            wanted = self.size.duties_a_week / 5
            count = int(wanted) + (self.chance.random() < wanted % 1)
            plan += [(self._hour(day), self._open) for _ in range(count)]
            plan += [(self._hour(day), self._something) for _ in self.live if self.chance.random() < BUSY]
        if self.chance.random() < 0.04:
            plan.append((self._hour(day), self._change_calendar))
        if self.chance.random() < 0.03:
            plan.append((self._hour(day), self._fall_silent))
        ticks = SPARE_TICKS if at_work else self.chance.sample(SPARE_TICKS, 3)
        for written in ticks:
            hour, minute = (int(part) for part in written.split(":"))
            moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)
            plan.append((moment, self._tick))
        return plan

    def _hour(self, day: date) -> datetime:
        minutes = self.chance.randrange(24 * 60) if self.chance.random() < 0.1 else self.chance.randrange(420, 1080)
        return datetime(
            day.year, day.month, day.day, minutes // 60, minutes % 60, self.chance.randrange(60), tzinfo=STOCKHOLM
        ).astimezone(UTC)

    def _tick(self) -> None:
        now = clock.now()
        self.worked_then[self._today()] = self.books.calendar.worked(self._today())
        if self.silent_until is not None and now < self.silent_until:
            self.happened["missed tick"] += 1
            return
        self.happened["tick"] += 1
        for _ in range(2 if self.chance.random() < 0.05 else 1):
            with transaction():
                fire_due(self.federation_id)
            db.session.expunge_all()
        self.books.ticks(now)

    def _fall_silent(self) -> None:
        hours = self.chance.choice((3, 9, 30, 24 * 7, 24 * 20))
        self.silent_until = clock.now() + timedelta(hours=hours)
        self.happened["outage"] += 1

    def _open(self) -> None:
        """A report, routed to nobody and then sent by hand to one unit, sometimes to two."""
        text = Submission(
            submission_id=f"{self.chance.getrandbits(128):032x}",
            what_happened="Kontoret hänvisade till webben.",
            reporter_email="anmalare@habo.example",
        )
        chosen = self.chance.sample(self.units, 2 if self.chance.random() < 0.15 else 1)
        with transaction():
            case = submit(self.federation, text)
            sending.route(case.id)
            parties = [unit for unit in units(self.federation_id) if unit.id in chosen]
            opened = sending.assign(self.coordinator, case, parties, seen=case.version)
        for duty in opened:
            self.live[duty.id] = case.id
            self.books.opens(duty.id, self._today())
            self.happened["opened"] += 1

    def _something(self) -> None:
        """One step on one duty; older ones are left alone more often, so that some grow late."""
        if not self.live:
            return
        duty = db.session.get_one(Duty, self.chance.choice(list(self.live)))
        case = db.session.get_one(Case, duty.case_id)
        deeds = {
            "accepted": 4 if duty.status == "open" else 0,
            "asked": 3 if duty.paused_on is None else 0,
            "replied": 6 if duty.paused_on is not None else 0,
            "extended": 2,
            "joined": 0.5,
            "answered": 2,
            "returned": 0.5,
            "closed": 0.5,
        }
        deed = self.chance.choices(list(deeds), list(deeds.values()))[0]
        with transaction():
            done = getattr(self, f"_{deed}")(duty, case)
        if done:
            self.happened[deed] += 1

    def _accepted(self, duty: Duty, case: Case) -> bool:
        answering.accept(self._manager(duty), case, duty, seen=duty.version)
        self.books.accepts(duty.id)
        return True

    def _asked(self, duty: Duty, case: Case) -> bool:
        asking.ask_reporter(self.coordinator, case, "Vilken dag var det?", seen=case.version)
        for duty_id in self._parties(case):
            self.books.asks(duty_id, self._today())
        return True

    def _replied(self, duty: Duty, case: Case) -> bool:
        question = asking.open_question(case.id)
        assert isinstance(question, Question)
        if self.chance.random() < 0.3:
            asking.withdraw_question(self.coordinator, case, question, seen=case.version)
        else:
            question.reply, question.replied_at = "På tisdagen.", clock.now()
            door.take(REPORTER, Step.REPLY, case, seen=case.version, data={"question_id": question.id})
            for duty_id in self._parties(case):
                clocks.resume(db.session.get_one(Duty, duty_id))
        for duty_id in self._parties(case):
            self.books.is_answered_by_reporter(duty_id, self._today())
        return True

    def _extended(self, duty: Duty, case: Case) -> bool:
        days = self.chance.randrange(1, 31)
        before = self.books.accounts[duty.id]
        longer = self.books.as_if_replied(before, self._today(), days)
        if self.books._due(longer) <= self._today() or before.clock_round > 5:
            return False
        answering.extend(self.coordinator, case, duty, days, "Semester.", seen=duty.version)
        self.books.extends(duty.id, days, self._today(), clock.now())
        return True

    def _joined(self, duty: Duty, case: Case) -> bool:
        """One more party, also while the reporter is asked: then its clock begins standing still."""
        taken = set(db.session.scalars(select(Duty.unit_id).where(Duty.case_id == case.id)))
        unit = next((row for row in units(self.federation_id) if row.id not in taken), None)
        if unit is None:
            return False
        second = sending.add_party(self.coordinator, case, unit, seen=case.version)
        self.live[second.id] = case.id
        self.books.opens(second.id, self._today())
        if asking.open_question(case.id) is not None:
            self.books.asks(second.id, self._today())
        return True

    def _parties(self, case: Case) -> list[int]:
        """The case's duties that still run."""
        return [duty_id for duty_id, case_id in self.live.items() if case_id == case.id]

    def _answered(self, duty: Duty, case: Case) -> bool:
        answering.answer(self._manager(duty), case, duty, dict(ANSWER), seen=duty.version)
        return self._end([duty.id])

    def _returned(self, duty: Duty, case: Case) -> bool:
        answering.send_back(self._manager(duty), case, duty, "Hör inte till oss.", seen=duty.version)
        return self._end([duty.id])

    def _closed(self, duty: Duty, case: Case) -> bool:
        closing.close(self.coordinator, case, CloseReason.SOLVED, "Klart.", seen=case.version)
        return self._end(self._parties(case))

    def _end(self, duty_ids: list[int]) -> bool:
        for duty_id in duty_ids:
            del self.live[duty_id]
            self.books.ends(duty_id, self._today())
        return True

    def _change_calendar(self) -> None:
        """Close a day within the next weeks, or work on one that was closed; what runs is counted again at once."""
        today, closed = self._today(), self.books.calendar.closed
        coming = sorted(day for day in closed if day > today)
        with transaction():
            if coming and self.chance.random() < 0.4:
                day = self.chance.choice(coming)
                row = db.session.scalars(select(ClosedDay).where(self._ours(), ClosedDay.day == day)).one()
                remove_closed_day(self.coordinator, row)
                closed.remove(day)
                self.happened["opened a day"] += 1
            else:
                day = today + DAY * self.chance.randrange(1, 40)
                if day in closed:
                    return
                add_closed_day(self.coordinator, self.federation_id, day, "Studiedag")
                closed.add(day)
                self.happened["closed a day"] += 1
            clocks.recalculate(self.coordinator, self.federation_id)
        self.books.calendar_changes(today)

    def _manager(self, duty: Duty) -> Actor:
        """Somebody who answers for the unit."""
        return next(actor for actor in self.managers if duty.unit_id in actor.unit_ids)

    @staticmethod
    def _person(part: str) -> Actor:
        user = user_by_email(address(part, HOME))
        assert user is not None
        return actor_for(user)

    def _today(self) -> date:
        return clock.now().astimezone(STOCKHOLM).date()


@pytest.fixture
def home(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own: years are simulated on SQLite alone."""
    file = tmp_path / "clock.sqlite"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_for(f"sqlite:///{file}", tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_p08_p09_p10_p11_two_calculations_of_the_same_years_agree(home: Flask, full: bool) -> None:
    size = FULL if full else SMALL
    started = time.monotonic()
    years = Years(size)
    years.run()
    compare(years)
    rows = fired_rows()
    figures = {"days": (size.last - size.first).days + 1, "duties": len(years.books.accounts), "fired": len(rows)}
    took = time.monotonic() - started
    sys.stdout.write(f"\nclock: {figures} {dict(years.happened)} in {took:.0f} s\n")
    wanted = {"missed tick", "outage", "accepted", "asked", "replied", "extended", "answered", "returned", "joined"}
    assert wanted | {"closed", "closed a day", "opened a day"} <= set(years.happened), "the years were too quiet"
    assert {row.step for row in rows} == {"acknowledge", "remind", "overdue", "escalate_1", "escalate_2", "escalate_3"}
    assert max(row.clock_round for row in rows) > 1
    assert broken_links() == []


def fired_rows() -> list[DueStep]:
    return list(db.session.scalars(select(DueStep).where(DueStep.fired_at.is_not(None)).order_by(DueStep.id)))


def compare(years: Years) -> None:
    """None early, none twice, none missing, none in quiet hours, none after the end; and the same due and late days."""
    db.session.expire_all()
    accounts = years.books.accounts
    rows = fired_rows()
    found = Counter((row.duty_id, row.step, row.clock_round, row.fired_at) for row in rows)
    promised = Counter(
        (duty_id, promise.step, promise.clock_round, promise.fired)
        for duty_id, account in accounts.items()
        for promise in account.promises
        if promise.fired is not None
    )
    assert found == promised, list((found - promised).items())[:5] + list((promised - found).items())[:5]
    assert max(found.values()) == 1
    assert all(row.fired_at >= row.due_at for row in rows)
    for row in rows:
        there = row.fired_at.astimezone(STOCKHOLM)
        assert years.worked_then[there.date()] and 7 <= there.hour < 18, (row.id, there)
    duties = {duty.id: duty for duty in db.session.scalars(select(Duty))}
    assert {duty_id: duty.due_on for duty_id, duty in duties.items()} == {
        duty_id: account.due for duty_id, account in accounts.items()
    }
    assert {duty_id: duty.late_on for duty_id, duty in duties.items()} == {
        duty_id: account.first_late for duty_id, account in accounts.items()
    }
    ended = {duty_id: duty.ended_at for duty_id, duty in duties.items() if duty.ended_at is not None}
    assert all(row.fired_at <= ended[row.duty_id] for row in rows if row.duty_id in ended)
    waiting_agrees(years)
    events_agree(rows)


def waiting_agrees(years: Years) -> None:
    """What has not fired stands at the moment where the account puts it."""
    waits = select(DueStep).where(DueStep.fired_at.is_(None), DueStep.cancelled_at.is_(None))
    stored = {(row.duty_id, row.step, row.clock_round): row.due_at for row in db.session.scalars(waits)}
    assert stored == {
        (duty_id, promise.step, promise.clock_round): promise.earliest
        for duty_id, account in years.books.accounts.items()
        for promise in account.promises
        if promise.fired is None and not account.over
    }


def events_agree(rows: list[DueStep]) -> None:
    """One event for each firing (P14), and rungs that only rise (P10)."""
    events = list(db.session.scalars(select(Event).where(Event.subject_type == "duty").order_by(Event.sequence)))
    told = Counter((event.subject_id, event.data["step"], event.data["clock_round"]) for event in events)
    assert told == Counter((row.duty_id, row.step, row.clock_round) for row in rows)
    height = {"superior": 1, "coordinator": 2, "director": 3}
    reached: dict[int, int] = {}
    for event in events:
        if event.kind == "duty.escalated" and event.data["rung"] is not None:
            rung = height[event.data["rung"]]
            assert rung > reached.get(event.subject_id, 0)
            reached[event.subject_id] = rung
    assert set(reached.values()) == {1, 2, 3}
