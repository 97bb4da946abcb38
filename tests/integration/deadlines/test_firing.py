"""P8, P9: each step fires once per duty, step and clock round; none early, none at night, none when it is over."""

from __future__ import annotations

from datetime import date

import pytest
from clockwork import OPENED, Clockwork, at, local
from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import SYSTEM
from lexheller.audit.queries import broken_links
from lexheller.cases.states import CloseReason
from lexheller.casework import closing, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines import sweep
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.service import start_clock
from lexheller.organisations.lists import add_closed_day
from tests.cast.people import ELSEWHERE

STEPS = {
    "acknowledge": "2026-03-06 08:00",
    "remind": "2026-03-25 08:00",
    "overdue": "2026-03-31 08:00",
    "escalate_1": "2026-04-08 08:00",
    "escalate_2": "2026-04-15 08:00",
    "escalate_3": "2026-04-22 08:00",
}


def test_p08_a_duty_gets_its_steps_when_it_is_opened(works: Clockwork) -> None:
    duty = works.duty()
    assert (duty.opened_on, duty.answer_days, duty.due_on) == (date(2026, 3, 2), 20, date(2026, 3, 30))
    assert works.waiting(duty) == STEPS
    with at(OPENED), transaction():
        start_clock(duty)
    assert works.waiting(duty) == STEPS, "starting it again changes nothing"


def test_p08_each_step_fires_at_its_minute_and_once(works: Clockwork) -> None:
    duty = works.duty()
    for step, moment in STEPS.items():
        early = f"{moment[:10]} 07:59"
        assert works.tick(early) == 0, step
        assert [works.tick(moment) for _ in range(3)] == [1, 0, 0], step
    assert works.fired(duty) == list(STEPS.items())
    kinds = [event.kind for event in works.events(duty)]
    assert kinds == ["duty.reminded"] * 2 + ["duty.overdue"] + ["duty.escalated"] * 3
    assert works.tick("2027-03-02 08:00") == 0
    assert broken_links() == []


def test_p08_missed_ticks_are_caught_up_in_order_with_one_mail_each(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    assert works.tick("2026-04-16 11:23") == 5
    assert [step for step, _moment in works.fired(duty)] == list(STEPS)[:5]
    assert [event.data["step"] for event in works.events(duty)] == list(STEPS)[:5]
    assert [event.data["rung"] for event in works.events(duty)][3:] == ["superior", "coordinator"]
    assert len(works.post.mails) == 3, "the manager, the superior, the coordinator"


def test_p08_the_database_itself_refuses_a_second_row_and_an_early_firing(works: Clockwork) -> None:
    duty = works.duty()
    values = {"federation_id": duty.federation_id, "duty_id": duty.id, "clock_round": 1, "days": 1}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(DueStep(step="remind", due_at=local("2026-03-25 08:00"), **values))
    early = {"due_at": local("2026-03-25 08:00"), "fired_at": local("2026-03-25 07:59")}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(DueStep(step="remind", **{**values, "clock_round": 2}, **early))


def test_p08_of_two_sweeps_at_once_one_fires(works: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    duty = works.duty()
    with at("2026-03-06 08:00"):
        seen = sweep._due(duty.federation_id, clock.now())
        with transaction():
            assert sweep.fire_due(duty.federation_id) == 1
        monkeypatch.setattr(sweep, "_due", lambda *_args: seen)  # what the other one had read before
        with transaction():
            assert sweep.fire_due(duty.federation_id) == 0
    assert len(works.events(duty)) == 1


@pytest.mark.parametrize("ending", ["answer", "close", "send_elsewhere"])
def test_p09_nothing_fires_when_it_is_over(works: Clockwork, ending: str) -> None:
    duty = works.duty()
    case = works.case(duty)
    if ending == "answer":
        works.answer(duty, "2026-03-05 16:00")
    else:
        with at("2026-03-05 16:00"), transaction():
            if ending == "close":
                closing.close(works.cast.coordinator, case, CloseReason.SOLVED, "Klart.", seen=case.version)
            else:
                unit = works.cast.unit("Försäkringskassan")
                sending.assign(works.cast.coordinator, case, [unit], seen=case.version)
    assert works.waiting(duty) == {}
    works.tick("2026-06-01 10:00")
    assert works.fired(duty) == []
    assert works.events(duty) == []


def test_p09_rows_of_a_duty_that_ended_unseen_do_not_fire(works: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    duty = works.duty()
    monkeypatch.setattr("lexheller.deadlines.service.stop_clock", lambda _duty: None)
    works.answer(duty, "2026-03-05 16:00")
    assert works.waiting(duty)
    assert works.tick("2026-06-01 10:00") == 0


@pytest.mark.parametrize(
    "quiet",
    [
        "2026-03-30 23:30",
        "2026-03-31 06:59",
        "2026-04-03 10:00",  # långfredagen
        "2026-04-04 10:00",
        "2026-04-06 10:00",  # annandag påsk
        "2026-04-07 18:00",
    ],
)
def test_p09_nothing_fires_at_night_or_on_a_day_off(works: Clockwork, quiet: str) -> None:
    works.duty()
    assert works.tick(quiet) == 0
    assert works.tick("2026-04-07 10:00" if quiet < "2026-04-07" else "2026-04-08 07:00") == 3


def test_p09_a_closed_day_of_the_federations_own_is_quiet_at_once(works: Clockwork) -> None:
    works.duty()
    with at("2026-03-30 08:00"), transaction():
        add_closed_day(works.cast.coordinator, works.federation_id, date(2026, 3, 31), "Studiedag")
    assert works.tick("2026-03-31 10:00") == 0


def test_p08_acceptance_takes_away_the_first_reminder_alone(works: Clockwork) -> None:
    duty = works.duty()
    works.accept(duty, "2026-03-04 10:00")
    assert set(works.waiting(duty)) == set(STEPS) - {"acknowledge"}
    assert works.tick("2026-03-06 08:00") == 0


def test_p08_a_short_time_to_answer_has_no_reminder_before_the_first_day(works: Clockwork) -> None:
    works.set(answer_days=3)
    duty = works.duty()
    assert "remind" not in works.waiting(duty)
    works.set(answer_days=4)
    assert works.waiting(works.duty())["remind"] == "2026-03-03 08:00"


def test_overdue_is_noted_on_the_duty_and_stays(works: Clockwork) -> None:
    duty = works.duty()
    works.tick("2026-03-30 10:00")
    assert duty.late_on is None
    works.tick("2026-04-01 10:00")
    db.session.refresh(duty)
    assert duty.late_on == date(2026, 3, 31), "the first day, not the day that the clock ticked again"
    version = works.case(duty).version
    works.answer(duty, "2026-04-02 10:00")
    assert duty.late_on == date(2026, 3, 31)
    assert works.case(duty).version == version + 1


def test_firing_raises_neither_the_cases_version_nor_the_dutys(works: Clockwork) -> None:
    duty = works.duty()
    before = (works.case(duty).version, duty.version)
    works.tick("2026-04-22 10:00")
    db.session.expire_all()
    assert (works.case(duty).version, duty.version) == before


def test_an_answer_on_the_weekend_after_the_due_date_is_late(works: Clockwork) -> None:
    duty = works.duty("2026-03-05 09:00")  # due on Thursday 2 April, before Easter
    works.answer(duty, "2026-04-04 10:00")
    assert duty.late_on == date(2026, 4, 3)
    assert works.fired(duty) == []


def test_p33_a_duty_that_fails_stops_no_other_and_is_tried_again(
    works: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, duty = works.duty(), works.duty()
    record = sweep._record

    def fails(actor, kind, about, data):
        if about.id == failing.id:
            raise RuntimeError("this one")
        record(actor, kind, about, data)

    monkeypatch.setattr(sweep, "_record", fails)
    assert works.tick(STEPS["acknowledge"]) == 1
    assert (works.fired(failing), [step for step, _ in works.fired(duty)]) == ([], ["acknowledge"])
    assert works.case(duty).number in works.post.texts()[0]
    assert works.case(failing).number not in works.post.texts()[0]
    monkeypatch.setattr(sweep, "_record", record)
    assert works.tick(STEPS["acknowledge"]) == 1


def test_p33_a_failing_federation_does_not_stop_the_others(works: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    duty = works.duty()
    fire, failing = sweep.fire_due, works.cast.federation(ELSEWHERE).id
    monkeypatch.setattr(sweep, "_federations_with_work", lambda: [failing, duty.federation_id])

    def some(federation_id: int) -> int:
        if federation_id == failing:
            raise RuntimeError("broken")
        return fire(federation_id)

    monkeypatch.setattr(sweep, "fire_due", some)
    with at("2026-03-06 08:00"):
        assert sweep.fire_all() == 1
    assert [step for step, _moment in works.fired(duty)] == ["acknowledge"]


def test_fire_all_finds_the_federations_by_itself_and_writes_nothing_when_nothing_is_due(works: Clockwork) -> None:
    duty = works.duty()
    with at("2026-03-06 07:59"):
        assert sweep._federations_with_work() == []
        assert sweep.fire_all() == 0
    with at("2026-03-06 08:00"):
        assert sweep._federations_with_work() == [duty.federation_id]
        assert sweep.fire_all() == 1


def test_a_duty_from_before_there_were_steps_gets_those_that_lie_ahead(works: Clockwork) -> None:
    duty = works.duty()
    with transaction():
        db.session.execute(db.delete(DueStep).where(DueStep.duty_id == duty.id))
    assert works.tick("2026-04-01 10:00") == 0
    assert works.waiting(duty) == {step: STEPS[step] for step in ("escalate_1", "escalate_2", "escalate_3")}
    db.session.refresh(duty)
    assert duty.late_on == date(2026, 3, 31)
    assert works.tick("2026-04-08 10:00") == 1


def test_the_sweep_never_acts_in_anybodys_name(works: Clockwork) -> None:
    duty = works.duty()
    works.tick("2026-03-06 08:00")
    (event,) = works.events(duty)
    assert (event.actor_kind, event.actor_user_id) == (str(SYSTEM.kind), None)
    assert event.data == {"case_id": duty.case_id, "step": "acknowledge", "clock_round": 1, "rung": "manager"}
