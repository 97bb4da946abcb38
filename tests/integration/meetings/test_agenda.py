"""What stands on a meeting, through the verbs: put on once, marked when late, in order, passed on, taken off."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from lexheller.audit.queries import broken_links
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.meetings import queries
from lexheller.meetings.agenda import is_late, move_item, move_to_next, put_on_agenda, take_off_agenda
from lexheller.meetings.models import Meeting
from lexheller.meetings.panel import case_panel
from lexheller.meetings.service import cancel_meeting
from tests.cast.people import ELSEWHERE, Cast
from tests.integration.meetings.days import events, meeting_in

WHY = "Är det här ett återkommande fel?"


@pytest.fixture
def agenda(cast):
    """A meeting with three cases, as (meeting, items)."""
    meeting = meeting_in(cast, 40)
    cases = [cast.reach(CaseStatus.ASSIGNED) for _ in range(3)]
    with transaction():
        items = [put_on_agenda(cast.coordinator, case, meeting, f"{WHY} {place}") for place, case in enumerate(cases)]
    return meeting, items


def order(cast: Cast, meeting: Meeting) -> list[int]:
    return [item.id for item in queries.agenda(cast.coordinator, meeting)]


def test_p14_putting_a_case_on_is_one_event_with_ids_and_no_words(cast):
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    with transaction():
        item = put_on_agenda(cast.coordinator, case, meeting, f"  {WHY} ")
    assert item.why == WHY
    (event,) = events("meeting.case")
    assert (event.kind, event.subject_type, event.subject_id) == ("meeting.case_put", "meeting", meeting.id)
    assert event.data == {"case_id": case.id, "item_id": item.id, "late": False}


def test_a_case_stands_at_most_once_on_a_meeting(cast, agenda):
    meeting, items = agenda
    with transaction():
        assert put_on_agenda(cast.coordinator, items[0].case, meeting, "En gång till.") == items[0]
    assert items[0].why.startswith(WHY)
    assert len(events("meeting.case_put")) == len(items)
    with transaction():
        take_off_agenda(cast.coordinator, items[0])
    with transaction():
        again = put_on_agenda(cast.coordinator, items[0].case, meeting, "En gång till.")
    assert order(cast, meeting) == [items[1].id, items[2].id, again.id]


def test_p13_put_on_at_once_by_several_it_stands_once(context, cast):
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    case_id, meeting_id, actor, at_once = case.id, meeting.id, cast.coordinator, 5
    db.session.commit()
    start = threading.Barrier(at_once)

    def put() -> None:
        with context.app_context():
            start.wait()
            with transaction():
                put_on_agenda(actor, db.session.get_one(Case, case_id), db.session.get_one(Meeting, meeting_id), WHY)

    threads = [threading.Thread(target=put) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(queries.agenda(actor, db.session.get_one(Meeting, meeting_id))) == 1
    assert len(events("meeting.case_put")) == 1
    assert broken_links() == []


def test_a_case_put_on_after_the_material_was_due_is_marked(cast, agenda):
    meeting, items = agenda
    assert not is_late(items[0], meeting)
    case = cast.reach(CaseStatus.ASSIGNED)
    last = datetime.combine(meeting.material_due_on, time(12), tzinfo=UTC)
    with clock.at(last), transaction():
        assert not is_late(put_on_agenda(cast.coordinator, case, meeting, WHY), meeting)
    other = cast.reach(CaseStatus.ASSIGNED)
    with clock.at(last + timedelta(days=1)), transaction():
        assert is_late(put_on_agenda(cast.coordinator, other, meeting, WHY), meeting)
    assert [event.data["late"] for event in events("meeting.case_put")][-2:] == [False, True]


@pytest.mark.parametrize(("why", "code"), [("", "empty"), ("  ", "empty"), ("x" * 301, "too_long")])
def test_what_it_is_for_must_be_said_in_short(cast, why, code):
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    with pytest.raises(InvalidInput) as refused:
        put_on_agenda(cast.coordinator, case, meeting, why)
    assert (refused.value.field, refused.value.code) == ("why", code)


def test_p23_an_identity_number_in_what_it_is_for_is_stopped(cast):
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    with pytest.raises(InvalidInput, match="why"):
        put_on_agenda(cast.coordinator, case, meeting, "Gäller 19640823-3234")
    assert events("meeting.case") == []


def test_p15_neither_anothers_case_nor_anothers_meeting(cast, agenda):
    meeting, items = agenda
    theirs, their_case = meeting_in(cast, 40, ELSEWHERE), cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    case = items[0].case
    for actor, one_case, one_meeting in (
        (cast.coordinator, their_case, meeting),
        (cast.coordinator, case, theirs),
        (cast.coordinator, their_case, theirs),
        (cast.outsider, case, theirs),
        (cast.outsider, case, meeting),
        (cast.manager_of(case), case, meeting),
    ):
        with pytest.raises(NotAllowedToSee):
            put_on_agenda(actor, one_case, one_meeting, WHY)
    before = len(events())
    for actor in (cast.outsider, cast.manager_of(case)):
        for step in (
            lambda actor=actor: take_off_agenda(actor, items[0]),
            lambda actor=actor: move_item(actor, items[1], up=True, seen=meeting.version),
            lambda actor=actor: move_to_next(actor, items[0], standing_on=meeting),
            lambda actor=actor: queries.item_for(actor, meeting, items[0].id),
        ):
            with pytest.raises(NotAllowedToSee):
                step()
        assert queries.agenda(actor, meeting) == []
        assert queries.meetings_of_case(actor, case) == []
        assert queries.past(actor, meeting.federation_id) == []
        panel = case_panel(actor, case)
        assert (panel["may_prepare_meetings"], panel["meeting_choices"], panel["case_meetings"]) == (False, [], [])
    with pytest.raises(NotAllowedToSee):
        queries.item_for(cast.outsider, theirs, items[0].id)
    other = meeting_in(cast, 60)
    with pytest.raises(NotAllowedToSee):
        queries.item_for(cast.coordinator, other, items[0].id)
    assert len(events()) == before + 1  # the other meeting was planned


def test_taking_off_twice_is_one_event(cast, agenda):
    meeting, items = agenda
    for _ in range(2):
        with transaction():
            take_off_agenda(cast.coordinator, items[1])
    assert order(cast, meeting) == [items[0].id, items[2].id]
    (event,) = events("meeting.case_taken_off")
    assert event.data == {"case_id": items[1].case_id, "item_id": items[1].id}


def test_items_go_up_and_down_and_stay_at_the_ends(cast, agenda):
    meeting, (first, second, third) = agenda
    for item, up, wanted in (
        (third, True, [first, third, second]),
        (first, False, [third, first, second]),
        (third, True, [third, first, second]),
        (second, False, [third, first, second]),
    ):
        with transaction():
            move_item(cast.coordinator, item, up=up, seen=meeting.version)
        assert order(cast, meeting) == [one.id for one in wanted]
    assert len(events("meeting.case_reordered")) == 2


def test_p13_an_order_that_was_changed_meanwhile_is_a_conflict(cast, agenda):
    meeting, items = agenda
    seen = meeting.version
    with transaction():
        move_item(cast.coordinator, items[2], up=True, seen=seen)
    with pytest.raises(Conflict):
        move_item(cast.director, items[2], up=True, seen=seen)


def test_a_case_is_passed_on_to_the_next_meeting_once(cast, agenda):
    meeting, items = agenda
    with pytest.raises(InvalidInput, match="none"):
        move_to_next(cast.coordinator, items[0], standing_on=meeting)
    meeting_in(cast, 20)
    later = meeting_in(cast, 60)
    for _ in range(2):
        with transaction():
            assert move_to_next(cast.coordinator, items[0], standing_on=meeting) == later
    assert order(cast, later) == [items[0].id]
    assert items[0].moved_from == meeting
    (event,) = events("meeting.case_moved")
    assert (event.subject_id, event.data["to_meeting_id"]) == (meeting.id, later.id)


def test_passed_on_to_a_meeting_where_it_stands_it_stands_there_once(cast, agenda):
    meeting, items = agenda
    later = meeting_in(cast, 60)
    with transaction():
        there = put_on_agenda(cast.coordinator, items[0].case, later, "Redan här.")
        move_to_next(cast.coordinator, items[0], standing_on=meeting)
    assert order(cast, later) == [there.id]
    assert order(cast, meeting) == [items[1].id, items[2].id]


def test_waiting_items_go_to_whatever_meeting_is_planned_next(cast, agenda):
    meeting, items = agenda
    with transaction():
        cancel_meeting(cast.coordinator, meeting, seen=meeting.version)
    assert len(queries.waiting(cast.coordinator, meeting.federation_id)) == len(items)
    with pytest.raises(Conflict):
        put_on_agenda(cast.coordinator, cast.reach(CaseStatus.ASSIGNED), meeting, WHY)
    with transaction():
        take_off_agenda(cast.coordinator, items[2])
    sooner = meeting_in(cast, 20)
    for item in items[:2]:
        with transaction():
            assert move_to_next(cast.coordinator, item, standing_on=meeting) == sooner
    assert queries.waiting(cast.coordinator, meeting.federation_id) == []
    assert order(cast, sooner) == [items[0].id, items[1].id]


def test_a_meeting_that_nobody_ended_is_shown_and_lets_its_items_go(cast, agenda):
    meeting, items = agenda
    later, federation_id = meeting_in(cast, 100), meeting.federation_id
    assert queries.not_ended(cast.coordinator, federation_id) == []
    with clock.at(datetime.combine(meeting.held_on, time(12), tzinfo=UTC) + timedelta(days=1)):
        assert queries.not_ended(cast.director, federation_id) == [meeting]
        assert queries.not_ended(cast.outsider, federation_id) == []
        for step in (
            lambda: move_item(cast.coordinator, items[1], up=True, seen=meeting.version),
            lambda: put_on_agenda(cast.coordinator, cast.reach(CaseStatus.ASSIGNED), meeting, WHY),
        ):
            with pytest.raises(Conflict):
                step()
        with transaction():
            assert move_to_next(cast.coordinator, items[0], standing_on=meeting) == later
            take_off_agenda(cast.coordinator, items[1])
        assert order(cast, meeting) == [items[2].id]
        with transaction():
            take_off_agenda(cast.coordinator, items[2])
        assert queries.not_ended(cast.coordinator, federation_id) == []


def test_the_case_page_is_told_where_the_case_stands_and_where_it_can_go(cast, agenda):
    meeting, items = agenda
    later = meeting_in(cast, 60, starts_at="13:00")
    panel = case_panel(cast.director, items[0].case)
    assert panel["may_prepare_meetings"]
    assert [place.item.meeting_id for place in panel["case_meetings"]] == [meeting.id]
    ((meeting_id, label),) = panel["meeting_choices"]
    assert meeting_id == later.id
    assert "13:00" in label


def test_p14_the_chain_holds_after_all_of_it(cast, agenda):
    meeting, items = agenda
    with transaction():
        move_item(cast.coordinator, items[0], up=False, seen=meeting.version)
        take_off_agenda(cast.coordinator, items[1])
        cancel_meeting(cast.coordinator, meeting, seen=meeting.version)
    assert broken_links() == []
