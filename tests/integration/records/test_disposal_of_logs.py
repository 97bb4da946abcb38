"""P26: the logs of readings and sign-ins are kept as long as the plan says, and not a day less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from lexheller.accounts.models import RefusedSignIn, SignIn, User
from lexheller.accounts.rights import Role
from lexheller.accounts.sign_ins import end_all_sign_ins, start
from lexheller.audit.models import Event
from lexheller.audit.reading_log import Noted, Reading, Thing, keep
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.organisations.queries import federations
from lexheller.records import disposal_logs
from lexheller.records.disposal_labels import REFUSED
from lexheller.records.disposal_logs import dispose_of_logs
from lexheller.records.disposal_queries import days_kept
from lexheller.records.disposal_rules import After, DocumentKind, Plan, Rule
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.records.disposing_of_cases import WAIT, a_plan, adopt

DAYS = 365
OLD, NEWER = datetime(2021, 1, 4, 9, tzinfo=UTC), datetime(2021, 6, 7, 9, tzinfo=UTC)
NIGHT = datetime(2022, 2, 7, 1, tzinfo=UTC)
"""When OLD is too old and NEWER is not."""
BEFORE = NIGHT - timedelta(days=WAIT)
"""When a plan is written in that is followed at NIGHT."""


def plan_of(**days: int) -> Plan:
    plan = a_plan()
    rules = {DocumentKind(kind): Rule(kept, After.CLOSED, "Punkt 3") for kind, kept in days.items()}
    return Plan(plan.decision, OLD.date(), plan.adopted_by, WAIT, rules)


def read(cast: Cast, at: datetime, slug: str = HOME, subject_id: int = 1) -> None:
    reader = cast.person("samordnare", slug)
    with clock.at(at), transaction():
        keep([Noted(cast.federation(slug).id, "user", reader.user_id or 0, None, Thing.CASE, subject_id)])


def readings() -> list[tuple[int, datetime]]:
    return [(row.federation_id, row.at) for row in db.session.scalars(select(Reading).order_by(Reading.id))]


def events(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == f"disposal.{kind}").order_by(Event.id)))


def sign_in(cast: Cast, at: datetime, part: str = "samordnare", slug: str = HOME, *, refused: bool = False) -> int:
    user = db.session.get_one(User, cast.person(part, slug).user_id)
    with clock.at(at), transaction():
        if refused:
            db.session.add(RefusedSignIn(at=clock.now(), user_id=user.id))
        else:
            start(user, "Firefox")
            end_all_sign_ins(user)
    return user.id


def test_p26_readings_go_after_their_days_in_that_federation_alone(cast, monkeypatch):
    monkeypatch.setattr(disposal_logs, "BATCH", 2)
    for number in range(5):
        read(cast, OLD, subject_id=number)
    read(cast, OLD, ELSEWHERE)
    read(cast, NEWER)
    home, there = cast.federation().id, cast.federation(ELSEWHERE).id
    with clock.at(BEFORE):
        assert dispose_of_logs() == 0, "no plan, no end"
        adopt(cast, plan_of(reading=DAYS))
    with clock.at(NIGHT):
        assert dispose_of_logs() == 5
        assert dispose_of_logs() == 0
    assert readings() == [(there, OLD), (home, NEWER)]
    told = events("readings_deleted")
    assert [(event.federation_id, event.data["days"], event.data["count"]) for event in told] == [
        (home, DAYS, 2), (home, DAYS, 2), (home, DAYS, 1),
    ]  # fmt: skip
    assert broken_promises() == []


def test_p26_no_plan_lets_a_log_go_within_a_year(cast):
    """One person writes a plan in: their own reading must not be gone the next night."""
    for kind in ("reading", "sign_in"):
        with clock.at(NIGHT), pytest.raises(InvalidInput) as refused:
            adopt(cast, plan_of(**{kind: DAYS - 1}))
        assert (refused.value.field, refused.value.code) == (f"{kind}_kept", "log_too_short")
        assert refused.value.code in REFUSED


def test_p26_the_database_lets_no_reading_go_that_the_plan_in_force_keeps(cast):
    read(cast, OLD)
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(delete(Reading))
    with clock.at(NIGHT):
        adopt(cast, plan_of(reading=DAYS))
    read(cast, datetime.now(UTC) - timedelta(days=DAYS - 1))
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(delete(Reading))
    with clock.at(NIGHT + timedelta(days=1)):
        adopt(cast, plan_of(sign_in=DAYS))
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(delete(Reading).where(Reading.at == OLD))
    assert len(readings()) == 2


def test_p26_ended_and_refused_sign_ins_go_after_the_longest_time_where_somebody_works(cast):
    office = sign_in(cast, OLD)
    sign_in(cast, OLD, refused=True)
    cast.newcomer("tva", Role.DIRECTOR, HOME, ELSEWHERE)
    both = sign_in(cast, OLD, "tva")
    outside = sign_in(cast, OLD, slug=ELSEWHERE)
    with clock.at(OLD), transaction():
        db.session.add(RefusedSignIn(at=clock.now(), user_id=None))
    last = sign_in(cast, NEWER)
    assert last == office
    with clock.at(BEFORE):
        adopt(cast, plan_of(sign_in=DAYS))
    with clock.at(NIGHT):
        assert dispose_of_logs() == 2, "of whoever works at home alone"
        assert left() == ([both, outside, office], [None])
        for federation in federations():
            if federation.slug != HOME:
                adopt(cast, plan_of(sign_in=DAYS + 300), federation.slug)
    with clock.at(NIGHT + timedelta(days=WAIT)):
        assert dispose_of_logs() == 0, "the longest time counts"
    with clock.at(OLD + timedelta(days=DAYS + 302)):
        assert dispose_of_logs() == 3
        assert left() == ([office], []), "the newest row of all stays, so that its number is not given to another"
    assert {event.data["count"] for event in events("sign_ins_deleted")} >= {2}
    assert broken_promises() == []


def left() -> tuple[list[int], list[int | None]]:
    """Whose sign-ins, and whose refused ones."""
    signed_in = db.session.scalars(select(SignIn.user_id).order_by(SignIn.id))
    return list(signed_in), list(db.session.scalars(select(RefusedSignIn.user_id).order_by(RefusedSignIn.id)))


def test_p33_a_federation_that_fails_does_not_stop_the_others(cast, monkeypatch):
    read(cast, OLD)
    read(cast, OLD, ELSEWHERE)
    with clock.at(BEFORE):
        for slug in (HOME, ELSEWHERE):
            adopt(cast, plan_of(reading=DAYS), slug)
    with clock.at(NIGHT):
        real, home = disposal_logs.dispose_of_readings, cast.federation().id

        def failing(federation_id: int) -> int:
            if federation_id == home:
                raise RuntimeError("no")
            return real(federation_id)

        failing.__name__ = "dispose_of_readings"
        monkeypatch.setattr(disposal_logs, "dispose_of_readings", failing)
        assert dispose_of_logs() == 1
        assert [federation_id for federation_id, _at in readings()] == [home]
        monkeypatch.undo()
        assert dispose_of_logs() == 1
        assert db.session.scalar(select(func.count(Reading.id))) == 0


def test_p26_what_one_person_writes_in_deletes_nothing_before_its_waiting_time_is_over(cast):
    """The others are told at once (P6), and have that time to write in what was really decided."""
    home = cast.federation().id
    read(cast, OLD)
    with clock.at(BEFORE):
        adopt(cast, plan_of(reading=DAYS))
    with clock.at(NIGHT - timedelta(minutes=1)):
        assert dispose_of_logs() == 0, "the first plan"
        adopt(cast, plan_of(reading=DAYS + 300))
    with clock.at(NIGHT):
        assert days_kept(home, DocumentKind.READING) == DAYS + 300, "longer counts at once"
    with clock.at(NIGHT + timedelta(days=WAIT)):
        adopt(cast, plan_of(reading=DAYS))
        assert days_kept(home, DocumentKind.READING) == DAYS + 300, "shorter waits"
        assert dispose_of_logs() == 0
    with clock.at(NIGHT + timedelta(days=WAIT + 1)):
        adopt(cast, plan_of(reading=DAYS))
    with clock.at(NIGHT + timedelta(days=WAIT * 2)):
        assert days_kept(home, DocumentKind.READING) == DAYS, "the same written in once more begins no new wait"
        adopt(cast, plan_of(sign_in=DAYS))
        assert dispose_of_logs() == 0, "a rule that is taken away is away at once"
    with clock.at(NIGHT + timedelta(days=WAIT * 3)):
        adopt(cast, plan_of(reading=DAYS))
        assert dispose_of_logs() == 0, "and one that comes back waits"
    with clock.at(NIGHT + timedelta(days=WAIT * 4)):
        assert dispose_of_logs() == 1
