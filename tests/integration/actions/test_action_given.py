"""The unit that gets an action hears of it at once: whoever answers for it today, once for each time it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from acting import TEXT, moment, planned

from lexheller.accounts.queries import user_by_email
from lexheller.actions import service
from lexheller.actions.messages import GIVEN
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.actions.service import Details, Done
from lexheller.cases.states import CaseStatus
from lexheller.casework.describing import record_action
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.meetings.deciding import Settlement, settle
from lexheller.meetings.holding import items_in_order
from lexheller.meetings.states import Outcome
from lexheller.messaging.kinds import kind_of
from lexheller.messaging.models import Message
from tests.cast.people import HOME
from tests.integration.meetings.days import meeting_now

AF = "Arbetsförmedlingen"


def told() -> list[int]:
    """Who is told that an action has been given to them, in order."""
    query = db.select(Message.recipient_id).where(Message.kind == GIVEN).order_by(Message.id)
    return list(db.session.scalars(query))


def from_case(cast, status: ActionStatus, unit) -> None:
    case = cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        record_action(
            cast.coordinator,
            case,
            type=types(case.federation_id)[0],
            description=TEXT,
            status=status,
            action_on=clock.today(),
            seen=case.version,
            owner_unit=unit,
        )


def test_the_manager_of_the_unit_is_told_of_what_the_office_writes_in_and_of_what_a_meeting_decides(cast):
    manager = cast.person("chef.af").user_id
    planned(cast, unit=cast.unit(AF))
    assert told() == [manager]
    from_case(cast, ActionStatus.PLANNED, cast.unit(AF))
    assert told() == [manager] * 2
    item, unit = items_in_order(meeting_now(cast))[0], cast.unit("Försäkringskassan")
    with transaction():
        decided = Settlement(Outcome.DECIDED, "Ta fram en rutin.", unit.id)
        settle(cast.director, item, decided, seen=item.version, make_action=types(unit.federation_id)[0])
    assert told() == [manager, manager, cast.person("chef.fk").user_id]


def test_nobody_is_told_of_what_is_done_already_imported_or_the_federation_s_own(cast):
    unit = cast.unit(AF)
    planned(cast)
    from_case(cast, ActionStatus.DONE, unit)
    with transaction():
        service.record_new(
            cast.coordinator, cast.federation(), Details(TEXT, owner_unit=unit), done=Done(clock.today())
        )
        service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.PLANNED,
            action_on=None,
            owner_unit=unit,
        )
    assert told() == []


def test_p08_another_owner_is_told_and_the_same_one_not_again(cast):
    action = planned(cast, unit=cast.unit(AF))
    af, fk = cast.person("chef.af").user_id, cast.person("chef.fk").user_id
    for details in (
        Details("Andra ord.", owner_unit=cast.unit(AF), due_on=action.due_on + timedelta(days=3)),
        Details(TEXT, owner_unit=cast.unit("Försäkringskassan")),
        Details(TEXT, who="Arbetsgruppen"),
        Details(TEXT, owner_unit=cast.unit(AF)),
    ):
        with transaction():
            service.change(cast.coordinator, action, details, seen=action.version)
    assert told() == [af, fk, af]


def test_p09_it_waits_for_the_morning_and_for_the_end_of_days_off(cast):
    planned(cast, unit=cast.unit(AF))
    message = db.session.scalars(db.select(Message).where(Message.kind == GIVEN)).one()
    frame = frame_of(message.federation_id)
    days = [clock.today() + timedelta(days=number) for number in range(14)]
    working = next(day for day in days if frame.calendar.is_working_day(day))
    off = next(day for day in days if not frame.calendar.is_working_day(day))
    not_before = kind_of(GIVEN).not_before
    assert not_before is not None
    for when, waits in ((moment(working, 10), False), (moment(working, 23), True), (moment(off, 10), True)):
        with clock.at(when):
            assert (not_before(message) is not None) == waits


@pytest.mark.parametrize("has_account", [True, False])
def test_whoever_gives_an_action_to_a_unit_without_an_account_is_told_to_say_so(stage, visitor, has_account):
    unit, kind = stage.ask(
        lambda cast: (str(cast.unit(AF).id), str(types(cast.federation().id)[0].id)),
    )
    if not has_account:
        stage.ask(lambda cast: setattr(user_by_email(cast.person("chef.af").email), "active", False))
    visitor.sign_in("samordnare")
    visitor.get(f"/atgarder/{HOME}/ny")
    visitor.post(
        f"/atgarder/{HOME}/ny", {"type": kind, "description": TEXT, "owner": unit, "state": ActionStatus.PLANNED.value}
    )
    assert "Den har nummer 1." in visitor.text
    assert ("Berätta för dem själv" in visitor.text) is not has_account
    assert stage.ask(lambda _cast: len(told())) == has_account
