"""At the meeting, through the verbs: decisions one item at a time, what follows from them, and the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lexheller.actions.models import Action, ActionCase, ActionFault
from lexheller.actions.queries import types
from lexheller.actions.service import Details, change, start
from lexheller.audit.queries import broken_links
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.faults.service import close, confirm, start_mending
from lexheller.meetings import queries
from lexheller.meetings.agenda import move_to, move_to_next, put_fault_on_agenda, put_on_agenda, take_off_agenda
from lexheller.meetings.becoming_actions import OnFault
from lexheller.meetings.deciding import Settlement, end_meeting, may_settle, settle
from lexheller.meetings.live_page import gone_on
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.panel import case_panel
from lexheller.meetings.paper import minutes, moves
from lexheller.meetings.proposing import texts_of
from lexheller.meetings.service import cancel_meeting
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.meetings.texts import describe_item
from tests.cast.people import ELSEWHERE, Cast
from tests.integration.meetings.days import events, fault_in, meeting_in, noon_of

WHY = "Vem tar fram en rutin?"
DECISION = "Parterna tar fram en gemensam rutin."
OTHER = "Parterna tar fram två rutiner."


@pytest.fixture
def agenda(cast: Cast) -> tuple[Meeting, list[AgendaItem]]:
    """A meeting with a fault and two cases."""
    meeting, fault = meeting_in(cast, 40), fault_in(cast)
    cases = [cast.reach(CaseStatus.ASSIGNED) for _ in range(2)]
    with transaction():
        items = [put_fault_on_agenda(cast.coordinator, fault, meeting, WHY)]
        items += [put_on_agenda(cast.coordinator, case, meeting, WHY) for case in cases]
    return meeting, items


def settled(cast: Cast, item: AgendaItem, outcome: Outcome = Outcome.DECIDED, decision: str = DECISION, **more: object):
    action = more.pop("make_action", None)
    with transaction():
        what = Settlement(outcome, decision, **more)
        return settle(cast.coordinator, item, what, seen=item.version, make_action=action)


def test_p14_a_fault_put_on_an_agenda_is_lifted_by_it_and_stands_there_once(cast, agenda):
    meeting, items = agenda
    fault = items[0].fault
    assert fault.status == "lifted"
    with transaction():
        assert put_fault_on_agenda(cast.coordinator, fault, meeting, "Igen.") == items[0]
    (event,) = events("meeting.fault")
    assert event.kind == "meeting.fault_put"
    assert event.data == {"fault_id": fault.id, "item_id": items[0].id, "late": False}
    assert len(events("fault.lifted")) == 1
    assert [item.fault_id for item in queries.meetings_of_fault(cast.director, fault)] == [fault.id]
    assert queries.meetings_of_fault(cast.outsider, fault) == []


def test_an_item_has_exactly_one_subject(cast, agenda):
    items = agenda[1]
    items[0].case_id = items[1].case_id
    with pytest.raises(Exception, match="one_subject"):
        db.session.flush()


def test_nothing_is_decided_before_the_day_or_after_the_end(cast, agenda):
    meeting, items = agenda
    assert not may_settle(meeting)
    with pytest.raises(Conflict):
        settled(cast, items[0])
    with pytest.raises(Conflict):
        end_meeting(cast.coordinator, meeting, seen=meeting.version)
    with noon_of(meeting, days_after=3):
        assert may_settle(meeting)
        settled(cast, items[0])
        with transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
        for step in (
            lambda: settled(cast, items[0], decision="Något annat."),
            lambda: describe_item(cast.coordinator, items[0], texts_of(items[0]), seen=items[0].version),
            lambda: take_off_agenda(cast.coordinator, items[0]),
            lambda: put_on_agenda(cast.coordinator, items[1].case, meeting, WHY),
            lambda: cancel_meeting(cast.coordinator, meeting, seen=meeting.version),
        ):
            with pytest.raises(Conflict):
                step()
        before = len(events())
        with transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
        assert len(events()) == before
    assert items[0].decision == DECISION


def test_p14_a_decision_is_one_event_of_codes_and_can_be_corrected(cast, agenda):
    meeting, (item, *_others) = agenda
    unit = cast.unit("Arbetsförmedlingen")
    with noon_of(meeting):
        day = clock.today() + timedelta(days=30)
        said = settled(cast, item, unit_id=unit.id, by_on=day)
        assert (said.fault, said.action_follows, said.action_made) == (OnFault.DECIDED, None, False)
        assert (item.fault.status, item.fault.decision) == ("decided", DECISION)
        settled(cast, item, decision="Bättre ord.", unit_id=unit.id, by_on=day)
        settled(cast, item, decision="Bättre ord.", unit_id=unit.id, by_on=day)
    found = events("meeting.item_settled")
    assert len(found) == 2
    assert found[0].data == {
        "item_id": item.id, "case_id": None, "fault_id": item.fault_id, "outcome": "decided", "action_id": None
    }  # fmt: skip
    assert (item.decision, item.decided_unit_id, item.decided_by_on) == ("Bättre ord.", unit.id, day)
    assert len(events("fault.decided")) == 1
    assert broken_links() == []


def test_p13_of_two_who_write_about_one_item_one_wins_and_others_are_not_disturbed(cast, agenda):
    meeting, (one, other, _third) = agenda
    with noon_of(meeting):
        seen, seen_other = one.version, other.version
        settled(cast, one)
        with pytest.raises(Conflict):
            settle(cast.director, one, Settlement(Outcome.NOTED), seen=seen)
        with transaction():
            settle(cast.director, other, Settlement(Outcome.NOTED), seen=seen_other)
    assert (one.outcome, other.outcome) == ("decided", "noted")


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"decision": "  "}, "decision", "empty"),
        ({"decision": "x" * 2001}, "decision", "too_long"),
        ({"who": "y" * 121}, "who", "too_long"),
        ({"unit_id": 999999}, "unit_id", "unknown"),
        ({"decision": "Gäller 19640823-3234"}, "decision", "personal_identity_number"),
        ({"who": "19640823-3234"}, "who", "personal_identity_number"),
    ],
)
def test_p23_what_cannot_be_written_down_is_refused_by_name(cast, agenda, values, field, code):
    meeting, items = agenda
    with noon_of(meeting), pytest.raises(InvalidInput) as refused:
        settled(cast, items[0], **values)
    db.session.rollback()
    assert (refused.value.field, refused.value.code) == (field, code)
    assert events("meeting.item_settled") == []


def test_a_decision_becomes_one_action_of_its_case_or_fault(cast, agenda):
    meeting, (fault_item, case_item, _third) = agenda
    kind, unit = types(meeting.federation_id)[1], cast.unit("Försäkringskassan")
    with noon_of(meeting):
        day = clock.today() + timedelta(days=60)
        assert settled(cast, fault_item, unit_id=unit.id, by_on=day, make_action=kind).action_made
        again = settled(cast, fault_item, decision=OTHER, unit_id=unit.id, by_on=day, make_action=kind)
        assert not again.action_made
        settled(cast, case_item, who="Förbundet", make_action=kind)
        with pytest.raises(InvalidInput):
            settled(cast, case_item, Outcome.NOTED, make_action=kind)
    action = db.session.get_one(Action, fault_item.action_id)
    assert (action.description, action.type_id, action.due_on) == (OTHER, kind.id, day)
    assert (action.owner_unit_id, action.status) == (unit.id, "planned")
    assert db.session.scalars(db.select(ActionFault.fault_id)).all() == [fault_item.fault_id]
    assert db.session.scalars(db.select(ActionCase.case_id)).all() == [case_item.case_id]
    assert db.session.get_one(Action, case_item.action_id).who == "Förbundet"


def test_a_fault_that_cannot_be_decided_stays_and_it_is_said(cast, agenda):
    meeting, items = agenda
    other = fault_in(cast, title="Ett annat fel")
    with transaction():
        confirm(cast.coordinator, other, seen=other.version)
        item = put_fault_on_agenda(cast.director, other, meeting, WHY)
    with noon_of(meeting):
        settled(cast, items[0])
        assert items[0].fault.status == "decided"
        later = meeting_in(cast, 30)
        with transaction():
            again = put_fault_on_agenda(cast.coordinator, items[0].fault, later, WHY)
    assert item.outcome is None
    with noon_of(later):
        with transaction():
            close(cast.coordinator, items[0].fault, "Rättat.", seen=items[0].fault.version)
        assert settled(cast, again, decision="Ett nytt beslut.").fault is OnFault.STANDS
    assert items[0].fault.status == "closed"


def test_a_corrected_decision_is_the_faults_too(cast, agenda):
    meeting, (item, *_cases) = agenda
    with noon_of(meeting):
        settled(cast, item)
        assert item.fault.decision == DECISION
        assert settled(cast, item, decision=OTHER).fault is OnFault.REWORDED
        assert settled(cast, item, decision=OTHER, who="Förbundet").fault is None
    assert (item.fault.status, item.fault.decision, item.fault.former_decisions) == ("decided", OTHER, "")


@pytest.mark.parametrize("begun", [False, True])
def test_a_later_decision_has_its_own_day_and_the_former_stays_to_be_read(cast, agenda, begun):
    meeting, (item, *_cases) = agenda
    fault, later = item.fault, meeting_in(cast, 100)
    with noon_of(meeting):
        settled(cast, item)
        if begun:
            with transaction():
                start_mending(cast.coordinator, fault, seen=fault.version)
        with transaction():
            again = put_fault_on_agenda(cast.coordinator, fault, later, WHY)
    with noon_of(later):
        assert settled(cast, again).fault is None, "the same words are no new decision"
        assert fault.decided_on == meeting.held_on
        assert settled(cast, again, decision=OTHER).fault is OnFault.DECIDED
        assert (fault.status, fault.decision, fault.decided_on) == (
            "being_mended" if begun else "decided",
            OTHER,
            later.held_on,
        )
        assert fault.former_decisions == f"{meeting.held_on.isoformat()}: {DECISION}"
        assert settled(cast, again, decision=f"{OTHER} I höst.").fault is OnFault.REWORDED
        assert settled(cast, item, decision="Äldre ord.").fault is OnFault.STANDS, "others have decided since"
    assert fault.decision == f"{OTHER} I höst."
    assert len(events("fault.decided")) == 2
    assert broken_links() == []


def test_a_fault_that_is_mended_without_a_decision_gets_one_with_its_day(cast, agenda):
    meeting, (item, *_cases) = agenda
    fault = item.fault
    with transaction():
        start_mending(cast.coordinator, fault, seen=fault.version)
    with noon_of(meeting):
        assert settled(cast, item).fault is OnFault.DECIDED
    assert (fault.status, fault.decision, fault.decided_on) == ("being_mended", DECISION, meeting.held_on)
    assert fault.former_decisions == ""


def test_p14_a_corrected_decision_takes_its_action_along_while_nobody_has_touched_it(cast, agenda):
    meeting, (item, case_item, _third) = agenda
    kind, first, second = types(item.federation_id)[1], cast.unit("Försäkringskassan"), cast.unit("Arbetsförmedlingen")
    with noon_of(meeting):
        may, september = clock.today() + timedelta(days=60), clock.today() + timedelta(days=180)
        settled(cast, item, unit_id=first.id, by_on=may, make_action=kind)
        action = db.session.get_one(Action, item.action_id)
        for words in (OTHER, f"{OTHER} I höst."):
            said = settled(cast, item, decision=words, unit_id=second.id, by_on=september)
            assert (said.action_follows, said.fault) == (True, OnFault.REWORDED)
            assert (action.description, action.owner_unit_id, action.due_on) == (words, second.id, september)
        assert action.type_id == kind.id
        with transaction():
            start(cast.coordinator, action, seen=action.version)
        said = settled(cast, item, decision="För sent.", unit_id=second.id, by_on=september)
        assert said.action_follows is False
        settled(cast, case_item, who="Förbundet", make_action=kind)
        other = db.session.get_one(Action, case_item.action_id)
        with transaction():
            change(cast.coordinator, other, Details("Samordnarens egna ord.", kind), seen=other.version)
        assert settled(cast, case_item, decision=OTHER, who="Förbundet").action_follows is False
    assert (action.description, other.description) == (f"{OTHER} I höst.", "Samordnarens egna ord.")
    assert len(events("action.changed")) == 3
    assert broken_links() == []


def test_what_has_become_an_action_stays_decided(cast, agenda):
    meeting, (item, *_cases) = agenda
    with noon_of(meeting):
        settled(cast, item, make_action=types(item.federation_id)[0])
        with pytest.raises(InvalidInput) as refused:
            settled(cast, item, Outcome.POSTPONED, "")
    assert refused.value.code == "has_action"
    assert item.outcome == Outcome.DECIDED


def test_what_was_not_dealt_with_goes_on_in_sight_and_twice_is_marked(cast, agenda):
    meeting, (decided, postponed, untouched) = agenda
    second, third = meeting_in(cast, 60), meeting_in(cast, 80)
    with transaction():
        texts = replace(texts_of(postponed), proposed="Ja.")
        describe_item(cast.coordinator, postponed, texts, seen=postponed.version)
    with noon_of(meeting):
        settled(cast, decided)
        settled(cast, postponed, Outcome.POSTPONED, "Mer underlag behövs.")
        with transaction():
            ended = end_meeting(cast.coordinator, meeting, seen=meeting.version)
        assert (ended.moved, ended.target) == (2, second)
        here = queries.agenda(cast.coordinator, meeting)
        there = queries.agenda(cast.coordinator, second)
    assert [item.outcome for item in here] == ["decided", "postponed", "postponed"]
    assert [item.continues_id for item in there] == [postponed.id, untouched.id]
    assert [item.case_id for item in there] == [postponed.case_id, untouched.case_id]
    assert [texts_of(item).proposed for item in there] == ["Ja.", ""]
    assert moves(there[0])[0].startswith("Flyttad från ")
    assert len(moves(there[0])) == 1
    with noon_of(second):
        with transaction():
            end_meeting(cast.coordinator, second, seen=second.version)
        last = queries.agenda(cast.coordinator, third)
    assert [item.moved_count for item in last] == [2, 2]
    assert moves(last[0])[1] == "Flyttad två gånger"
    paper = minutes(cast.federation(), meeting, here, gone_on(here))
    assert paper.entries[1].parts[0].text == "Mer underlag behövs."
    assert any(part.heading == "Fortsätter" for part in paper.entries[2].parts)
    (event, _later) = events("meeting.ended")
    assert event.data == {"items": 3, "moved": [postponed.id, untouched.id], "to_meeting_id": second.id}
    assert broken_links() == []


def test_without_a_next_meeting_it_waits_in_the_list_until_there_is_one(cast, agenda):
    meeting, (_one, two, three) = agenda
    with noon_of(meeting):
        settled(cast, _one)
        settled(cast, two, Outcome.NOTED, "")
        with transaction():
            assert end_meeting(cast.coordinator, meeting, seen=meeting.version).target is None
        assert queries.waiting(cast.director, meeting.federation_id) == [three]
        later = meeting_in(cast, 20)
        for _ in range(2):
            with transaction():
                assert move_to_next(cast.coordinator, three, standing_on=meeting) == later
        with pytest.raises(Conflict):
            move_to_next(cast.coordinator, two, standing_on=meeting)
    assert [item.continues_id for item in queries.agenda(cast.coordinator, later)] == [three.id]
    assert queries.waiting(cast.director, meeting.federation_id) == []
    assert [place.outcome for place in case_panel(cast.director, three.case)["case_meetings"]][1] == ""


def test_p15_strangers_and_managers_settle_and_end_nothing(cast, agenda):
    meeting, (item, other, _third) = agenda
    with noon_of(meeting):
        before = len(events())
        for actor in (cast.outsider, cast.manager_of(other.case)):
            for step in (
                lambda actor=actor: settle(actor, item, Settlement(Outcome.NOTED), seen=item.version),
                lambda actor=actor: end_meeting(actor, meeting, seen=meeting.version),
                lambda actor=actor: describe_item(actor, item, texts_of(item), seen=item.version),
                lambda actor=actor: put_fault_on_agenda(actor, item.fault, meeting, WHY),
            ):
                with pytest.raises(NotAllowedToSee):
                    step()
        assert len(events()) == before


def test_an_item_that_goes_on_for_two_keeps_the_history_of_both(cast, agenda):
    meeting, (_fault, item, _third) = agenda
    with noon_of(meeting), transaction():
        end_meeting(cast.coordinator, meeting, seen=meeting.version)
    other = meeting_in(cast, 60)
    with transaction():
        again = put_on_agenda(cast.coordinator, item.case, other, WHY)
    with noon_of(other):
        with transaction():
            end_meeting(cast.coordinator, other, seen=other.version)
        last = meeting_in(cast, 30)
        for left, standing_on in ((item, meeting), (again, other)):
            for _ in range(2):
                with transaction():
                    assert move_to_next(cast.coordinator, left, standing_on=standing_on) == last
        (there,) = queries.agenda(cast.coordinator, last)
    assert there.continues_id == item.id
    assert (there.moved_from_id, there.moved_count) == (meeting.id, 1)
    waits = queries.waiting(cast.coordinator, meeting.federation_id)
    assert {one.id for one in waits}.isdisjoint({item.id, again.id})
    assert gone_on([item]) == {item.id: last}
    assert gone_on([again]) == {again.id: last}
    assert [one.id for one in queries.moved_on(cast.coordinator, meeting)] == [there.id]
    assert [event.data["already_there"] for event in events("meeting.case_moved")] == [False, True]
    assert broken_links() == []


def test_what_waits_after_a_meeting_can_be_let_go_and_the_meeting_stays_as_it_was(cast, agenda):
    meeting, (_fault, item, other) = agenda
    with noon_of(meeting):
        with transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
        before, seen = queries.agenda(cast.coordinator, meeting), meeting.version
        for _ in range(2):
            with transaction():
                take_off_agenda(cast.coordinator, item)
        assert queries.agenda(cast.coordinator, meeting) == before
        assert meeting.version == seen
        assert item not in queries.waiting(cast.coordinator, meeting.federation_id)
        assert [event.data["item_id"] for event in events("meeting.case_taken_off")] == [item.id]
        assert gone_on([item]) == {}
        later = meeting_in(cast, 20)
        with transaction():
            move_to_next(cast.coordinator, other, standing_on=meeting)
        for step in (
            lambda: move_to_next(cast.coordinator, item, standing_on=meeting),
            lambda: take_off_agenda(cast.coordinator, other),
        ):
            with pytest.raises(Conflict):
                step()
    assert [one.continues_id for one in queries.agenda(cast.coordinator, later)] == [other.id]


def test_p15_what_waits_is_put_on_a_chosen_meeting_of_the_federation_that_is_to_come(cast, agenda):
    meeting, (fault_item, item, _third) = agenda
    theirs, board = meeting_in(cast, 60, ELSEWHERE), meeting_in(cast, 60, group=GroupKind.BOARD)
    with noon_of(meeting):
        gone = meeting_in(cast, 10)
    with noon_of(gone, 1):
        with transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
        for actor, target, refused in (
            (cast.coordinator, theirs, NotAllowedToSee),
            (cast.outsider, board, NotAllowedToSee),
            (cast.manager_of(item.case), board, NotAllowedToSee),
            (cast.coordinator, gone, Conflict),
            (cast.coordinator, meeting, Conflict),
        ):
            with pytest.raises(refused):
                move_to(actor, item, target, standing_on=meeting)
        for _ in range(2):
            with transaction():
                assert move_to(cast.coordinator, item, board, standing_on=meeting) == board
                assert move_to(cast.coordinator, fault_item, board, standing_on=meeting) == board
    assert [one.continues_id for one in queries.agenda(cast.director, board)] == [item.id, fault_item.id]
