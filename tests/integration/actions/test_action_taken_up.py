"""An action that nobody is asked about, imported or old, is found in the list and given a day to be judged on."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from acting import TEXT, done, follow_ups, kinds, planned, steps

from lexheller.actions import effect, queries, service
from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.states import Judgement
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, StepRefused
from lexheller.core.transaction import transaction
from tests.cast.people import ELSEWHERE, HOME

ALL = f"/atgarder/{HOME}"
AF = "Arbetsförmedlingen"
PLAN = "Bestäm en dag för uppföljning"


def imported(cast, *, unit=None) -> Action:
    with transaction():
        return service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.DONE,
            action_on=clock.today() - timedelta(days=900),
            owner_unit=unit,
        )


def not_followed(actor, cast) -> list[Action]:
    return list(db.session.scalars(queries.not_followed(actor, cast.federation().id)))


@pytest.mark.parametrize("part", ["samordnare", "chef.af"])
def test_p14_office_and_owner_set_a_day_and_the_judgement_comes_back_as_a_duty(cast, part):
    action, actor = imported(cast, unit=cast.unit(AF)), cast.person(part)
    assert steps(action) == follow_ups(action) == []
    with transaction():
        effect.plan(actor, action, clock.today(), seen=action.version)
    (row,) = follow_ups(action)
    assert (kinds(action), action.version) == (["action.follow_up_planned"], 2)
    assert {step.follow_up_id for step in steps(action)} == {row.id}
    with pytest.raises(Conflict):
        effect.plan(actor, action, clock.today() + timedelta(days=9), seen=action.version)
    with transaction():
        effect.judge(actor, action, row, Judgement.WORKED, TEXT, seen=action.version)
        effect.plan(actor, action, clock.today() + timedelta(days=300), seen=action.version)
    assert [row.status for row in follow_ups(action)] == ["judged", "waiting"]


def test_p12_p13_p15_who_may_not_and_what_cannot_be(cast):
    action = imported(cast, unit=cast.unit(AF))
    today = clock.today()
    for stranger in (cast.outsider, cast.person("chef.fk"), cast.person("chef.af", ELSEWHERE), cast.director):
        with pytest.raises(StepRefused):
            effect.plan(stranger, action, today, seen=action.version)
    with pytest.raises(Conflict):
        effect.plan(cast.coordinator, action, today, seen=action.version + 1)
    for days, code in ((-1, "past"), (4000, "too_far")):
        with pytest.raises(InvalidInput) as refused:
            effect.plan(cast.coordinator, action, today + timedelta(days=days), seen=action.version)
        assert (refused.value.field, refused.value.code) == ("due_on", code)
    to_do = planned(cast)
    with pytest.raises(StepRefused):
        effect.plan(cast.coordinator, to_do, today, seen=to_do.version)


def test_the_list_finds_those_that_nobody_is_asked_about(cast):
    old, theirs = imported(cast), imported(cast, unit=cast.unit(AF))
    planned(cast)
    done(cast)
    again = done(cast)
    assert {row.id for row in not_followed(cast.coordinator, cast)} == {old.id, theirs.id}
    assert not_followed(cast.person("chef.af"), cast) == [theirs]
    assert not_followed(cast.outsider, cast) == not_followed(cast.person("chef.fk"), cast) == []
    with transaction():
        service.reopen(cast.coordinator, again, TEXT, due_on=None, seen=again.version)
        effect.plan(cast.coordinator, old, clock.today(), seen=old.version)
    assert not_followed(cast.coordinator, cast) == [theirs]


def test_from_the_list_to_a_day(stage, visitor, new_visitor):
    action_id, followed = stage.ask(lambda cast: (imported(cast, unit=cast.unit(AF)).id, done(cast).id))
    visitor.sign_in("chef.af")
    visitor.get(f"{ALL}?only=not_followed")
    assert f'href="{ALL}/{action_id}"' in visitor.text
    visitor.get(f"{ALL}/{action_id}")
    assert PLAN in visitor.text
    yesterday = clock.today() - timedelta(days=1)
    answer = visitor.post(f"{ALL}/{action_id}/uppfoljning", {"due_on": yesterday.isoformat()}, form="plan_follow_up")
    assert answer.status_code == 422
    assert "Dagen har redan varit." in visitor.text
    visitor.post(f"{ALL}/{action_id}/uppfoljning", {"due_on": clock.today().isoformat()}, form="plan_follow_up")
    said = html.unescape(re.sub(r"\s+", " ", visitor.text))
    assert "Dagen är bestämd." in said
    assert "Bedöm effekten" in said
    assert PLAN not in said
    office = new_visitor()
    office.sign_in("samordnare")
    office.get(f"{ALL}/{followed}")
    assert PLAN not in office.text
    for part, slug in (("samordnare", ELSEWHERE), ("chef.fk", HOME)):
        stranger = new_visitor()
        stranger.sign_in(part, slug)
        answer = stranger.post(f"{ALL}/{action_id}/uppfoljning", {"due_on": "2030-01-01"}, form="plan_follow_up")
        assert answer.status_code == 404
