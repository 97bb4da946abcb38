"""Planning, moving and cancelling meetings through the verbs: one event each, nothing twice, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.meetings import queries
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.models import Meeting
from lexheller.meetings.rules import material_due_on, proposals
from lexheller.meetings.service import Plan, cancel_meeting, move_meeting, plan_meeting, plan_series
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.meetings.days import events, meeting_in, working_day

BY_TWO = 2


def test_p14_a_planned_meeting_is_one_event_and_says_when_material_is_due(cast):
    meeting = meeting_in(cast, 40, starts_at="13:00", place="Kansliet")
    assert meeting.material_due_on == material_due_on(meeting.held_on, frame_of(meeting.federation_id).calendar)
    (event,) = events()
    assert (event.kind, event.subject_type, event.subject_id) == ("meeting.planned", "meeting", meeting.id)
    assert event.data == {
        "held_on": meeting.held_on.isoformat(),
        "material_due_on": meeting.material_due_on.isoformat(),
        "group": "preparatory",
    }
    assert [found.id for found in queries.upcoming(cast.director, meeting.federation_id)] == [meeting.id]


def test_a_day_that_cannot_be_taken_is_refused_by_name(cast):
    taken = meeting_in(cast, 40).held_on
    saturday = clock.today() + timedelta(days=12 - clock.today().weekday())
    for day, code in (
        (clock.today() - timedelta(days=1), "past"),
        (clock.today() + timedelta(days=4000), "too_far"),
        (saturday, "day_off"),
        (taken, "taken"),
    ):
        with pytest.raises(InvalidInput) as refused:
            plan_meeting(cast.coordinator, cast.federation(), Plan(day))
        assert (refused.value.field, refused.value.code) == ("held_on", code)
    with pytest.raises(InvalidInput) as refused:
        plan_meeting(cast.coordinator, cast.federation(), Plan(working_day(cast, 60), starts_at="25:00"))
    assert refused.value.code == "not_a_time"
    assert len(events()) == 1


@pytest.mark.parametrize("field", ["place", "note"])
def test_p23_an_identity_number_is_stopped_before_it_is_stored(cast, field):
    plan = Plan(working_day(cast, 40), **{field: "Gäller 19640823-3234"})
    with pytest.raises(InvalidInput, match=field):
        plan_meeting(cast.coordinator, cast.federation(), plan)


def test_p15_only_those_who_prepare_this_federations_meetings_plan_them(cast):
    plan = Plan(working_day(cast, 40))
    meeting = meeting_in(cast, 60)
    for actor in (cast.outsider, cast.person("chef.af"), cast.person("chef.af", ELSEWHERE)):
        with pytest.raises(NotAllowedToSee):
            plan_meeting(actor, cast.federation(), plan)
        with pytest.raises(NotAllowedToSee):
            plan_series(actor, cast.federation(), [plan.held_on], starts_at=None, place=None)
        with pytest.raises(NotAllowedToSee):
            move_meeting(actor, meeting, plan, seen=meeting.version)
        with pytest.raises(NotAllowedToSee):
            cancel_meeting(actor, meeting, seen=meeting.version)
        assert queries.upcoming(actor, meeting.federation_id) == []
        with pytest.raises(NotAllowedToSee):
            queries.meeting_for(actor, meeting.federation_id, meeting.id)
    with pytest.raises(NotAllowedToSee):
        queries.meeting_for(cast.outsider, cast.federation(ELSEWHERE).id, meeting.id)
    assert [event.kind for event in events()] == ["meeting.planned"]


def test_a_series_is_made_once_however_often_it_is_sent(cast):
    federation = cast.federation()
    first = clock.today() + timedelta(days=20)
    calendar = frame_of(federation.id).calendar
    found = proposals(first, first + timedelta(days=200), weekday=3, nth=3, calendar=calendar)
    days = [proposal.held_on for proposal in found]
    with transaction():
        made = plan_series(cast.coordinator, federation, [*days, days[0]], starts_at="09:00", place="Kansliet")
    assert [meeting.held_on for meeting in made] == days
    assert {(meeting.starts_at, meeting.place) for meeting in made} == {("09:00", "Kansliet")}
    with transaction():
        assert plan_series(cast.coordinator, federation, days, starts_at="09:00", place=None) == []
    assert len(events("meeting.planned")) == len(days) == len(queries.upcoming(cast.coordinator, federation.id))
    with pytest.raises(InvalidInput, match="none"):
        plan_series(cast.coordinator, federation, [], starts_at=None, place=None)


def test_two_federations_meet_on_the_same_day(cast):
    here, there = meeting_in(cast, 40), meeting_in(cast, 40, ELSEWHERE)
    assert here.held_on == there.held_on
    assert [one.id for one in queries.upcoming(cast.outsider, there.federation_id)] == [there.id]


def test_p14_moving_keeps_the_agenda_and_the_event_says_from_and_to(cast):
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    before, target = meeting.held_on, working_day(cast, 60)
    with transaction():
        put_on_agenda(cast.coordinator, case, meeting, "Är rutinen känd?")
    with transaction():
        move_meeting(cast.director, meeting, Plan(target, "10:00"), seen=meeting.version)
    assert (meeting.held_on, meeting.starts_at) == (target, "10:00")
    assert meeting.material_due_on == material_due_on(target, frame_of(meeting.federation_id).calendar)
    assert [item.case_id for item in queries.agenda(cast.coordinator, meeting)] == [case.id]
    (moved,) = events("meeting.moved")
    assert (moved.data["from"], moved.data["to"]) == (before.isoformat(), target.isoformat())
    assert moved.data["fields"] == ["held_on", "starts_at"]


def test_another_place_is_a_change_and_nothing_new_is_none(cast):
    meeting = meeting_in(cast, 40, place="Kansliet")
    with transaction():
        move_meeting(cast.coordinator, meeting, Plan(meeting.held_on, None, "Kansliet", ""), seen=meeting.version)
    assert len(events()) == 1
    with transaction():
        move_meeting(cast.coordinator, meeting, Plan(meeting.held_on, None, "Rådhuset"), seen=meeting.version)
    assert events()[-1].kind == "meeting.changed"
    assert events()[-1].data == {"fields": ["place"]}
    assert "Rådhuset" not in str([event.data for event in events()])


def test_a_meeting_cannot_be_moved_onto_another(cast):
    meeting, other = meeting_in(cast, 40), meeting_in(cast, 60)
    with pytest.raises(InvalidInput, match="taken"):
        move_meeting(cast.coordinator, meeting, Plan(other.held_on), seen=meeting.version)


def test_p13_of_two_changes_on_the_same_version_one_wins(cast):
    meeting = meeting_in(cast, 40)
    seen = meeting.version
    with transaction():
        move_meeting(cast.coordinator, meeting, Plan(working_day(cast, 60)), seen=seen)
    with pytest.raises(Conflict):
        move_meeting(cast.director, meeting, Plan(working_day(cast, 80)), seen=seen)
    with pytest.raises(Conflict):
        cancel_meeting(cast.director, meeting, seen=seen)
    assert len(events()) == BY_TWO


def test_cancelling_moves_the_items_to_the_next_meeting_in_one_event(cast):
    early, meeting, later = meeting_in(cast, 20), meeting_in(cast, 40), meeting_in(cast, 60)
    cases = [cast.reach(CaseStatus.ASSIGNED) for _ in range(BY_TWO)]
    with transaction():
        put_on_agenda(cast.coordinator, cases[1], later, "Stod redan här.")
        for case in cases:
            put_on_agenda(cast.coordinator, case, meeting, "Är rutinen känd?")
    with transaction():
        assert cancel_meeting(cast.coordinator, meeting, seen=meeting.version) == later
    items = queries.agenda(cast.coordinator, later)
    assert [(item.case_id, item.why) for item in items] == [
        (cases[1].id, "Stod redan här."),
        (cases[0].id, "Är rutinen känd?"),
    ]
    assert items[1].moved_from == meeting
    assert [item.case_id for item in queries.moved_on(cast.coordinator, meeting)] == [cases[0].id]
    assert queries.agenda(cast.coordinator, early) == []
    assert queries.waiting(cast.coordinator, meeting.federation_id) == []
    (cancelled,) = events("meeting.cancelled")
    assert cancelled.data["case_ids"] == [case.id for case in cases]
    assert cancelled.data["already_there"] == [cases[1].id]
    assert cancelled.data["to_meeting_id"] == later.id


def test_cancelling_the_last_meeting_leaves_the_items_waiting_in_sight(cast):
    case, early, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 20), meeting_in(cast, 40)
    with transaction():
        put_on_agenda(cast.coordinator, case, meeting, "Är rutinen känd?")
    with transaction():
        assert cancel_meeting(cast.coordinator, meeting, seen=meeting.version) is None
    assert [item.case_id for item in queries.waiting(cast.director, meeting.federation_id)] == [case.id]
    assert queries.agenda(cast.coordinator, early) == []
    with transaction():
        assert cancel_meeting(cast.coordinator, meeting, seen=meeting.version) is None
    assert len(events("meeting.cancelled")) == 1


def test_the_day_of_a_cancelled_meeting_is_free_again(cast):
    meeting = meeting_in(cast, 40)
    with transaction():
        cancel_meeting(cast.coordinator, meeting, seen=meeting.version)
    with transaction():
        again = plan_meeting(cast.coordinator, cast.federation(), Plan(meeting.held_on))
    assert [found.id for found in queries.upcoming(cast.coordinator, again.federation_id)] == [again.id]


def test_a_meeting_that_was_held_is_neither_moved_nor_cancelled(cast):
    meeting = meeting_in(cast, 5)
    with clock.at(clock.now() + timedelta(days=30)):
        assert queries.upcoming(cast.coordinator, meeting.federation_id) == []
        assert queries.past(cast.coordinator, meeting.federation_id) == [meeting]
        with pytest.raises(Conflict):
            move_meeting(cast.coordinator, meeting, Plan(working_day(cast, 40)), seen=meeting.version)
        with pytest.raises(Conflict):
            cancel_meeting(cast.coordinator, meeting, seen=meeting.version)


def test_the_database_itself_allows_one_meeting_a_day(cast):
    meeting = meeting_in(cast, 40)
    twin = Meeting(
        federation_id=cast.federation(HOME).id,
        group_id=meeting.group_id,
        held_on=meeting.held_on,
        material_due_on=meeting.material_due_on,
    )
    db.session.add(twin)
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.flush()
