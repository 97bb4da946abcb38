"""The verbs of an action: who may, from where to where, one event each, and what two at once are told."""

from __future__ import annotations

import inspect
from datetime import date, timedelta

import pytest
from acting import TEXT, done, follow_ups, kinds, planned, steps

from lexheller.actions import effect, linking, queries, service
from lexheller.actions.library import LibraryFilter, page
from lexheller.actions.models import ActionStatus, FollowUpStatus
from lexheller.actions.permissions import may_take, steps_for
from lexheller.actions.service import Details, Done
from lexheller.actions.states import ACTION_TRANSITIONS, ActionStep, Judgement
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import transaction
from tests.cast.people import ELSEWHERE


def take(step: ActionStep, actor, action, cast, *, seen: int | None = None) -> None:
    """The step's verb with what it needs."""
    at = action.version if seen is None else seen
    waiting = next((row for row in follow_ups(action) if row.status == FollowUpStatus.WAITING), None)
    match step:
        case ActionStep.CHANGE:
            service.change(actor, action, Details("Något annat."), seen=at)
        case ActionStep.START:
            service.start(actor, action, seen=at)
        case ActionStep.FINISH:
            service.finish(actor, action, Done(clock.today(), "Gjort."), seen=at)
        case ActionStep.CANCEL:
            service.cancel(actor, action, "Ingen tid.", seen=at)
        case ActionStep.REOPEN:
            service.reopen(actor, action, "Den blev inte av.", due_on=clock.today() + timedelta(days=20), seen=at)
        case ActionStep.LINK_CASE:
            linking.link_case(actor, action, cast.report(), seen=at)
        case ActionStep.UNLINK_CASE:
            linking.unlink_case(actor, action, queries.case_ids_of([action.id])[action.id][0], seen=at)
        case ActionStep.JUDGE:
            effect.judge(actor, action, waiting, Judgement.WORKED, "Färre hör av sig.", seen=at)
        case ActionStep.MOVE_FOLLOW_UP:
            effect.move(actor, action, waiting, waiting.due_on + timedelta(days=9), seen=at)
        case _:
            raise LookupError(step)


WALK = (
    (ActionStep.CHANGE, ActionStatus.PLANNED),
    (ActionStep.LINK_CASE, ActionStatus.PLANNED),
    (ActionStep.UNLINK_CASE, ActionStatus.PLANNED),
    (ActionStep.START, ActionStatus.UNDER_WAY),
    (ActionStep.FINISH, ActionStatus.DONE),
    (ActionStep.MOVE_FOLLOW_UP, ActionStatus.DONE),
    (ActionStep.JUDGE, ActionStatus.DONE),
    (ActionStep.REOPEN, ActionStatus.UNDER_WAY),
    (ActionStep.CANCEL, ActionStatus.CANCELLED),
)


def test_p12_p14_the_whole_walk_is_one_event_and_one_version_a_step(cast):
    action = planned(cast)
    said = ["action.recorded"]
    for step, status in WALK:
        version = action.version
        with transaction():
            take(step, cast.coordinator, action, cast)
        said.append(ACTION_TRANSITIONS[step].event)
        assert (action.status, action.version) == (status, version + 1), step
    assert kinds(action) == said
    assert [row.status for row in follow_ups(action)] == ["judged", "called_off"]


@pytest.mark.parametrize("status", list(ActionStatus))
def test_p12_what_the_table_does_not_say_is_refused(cast, status):
    action = planned(cast, unit=cast.unit("Arbetsförmedlingen"))
    for step, reached in WALK:
        if action.status == status:
            break
        with transaction():
            take(step, cast.coordinator, action, cast)
        assert action.status == reached
    for step in (ActionStep.CHANGE, ActionStep.START, ActionStep.FINISH, ActionStep.CANCEL, ActionStep.REOPEN):
        if status not in ACTION_TRANSITIONS[step].from_statuses:
            with pytest.raises(StepRefused):
                take(step, cast.coordinator, action, cast)
            db.session.rollback()
            assert action.status == status


def test_p15_each_part_may_what_it_should(cast):
    unit = cast.unit("Arbetsförmedlingen")
    theirs, other = planned(cast, unit=unit), planned(cast, unit=cast.unit("Försäkringskassan"))
    manager = cast.person("chef.af")
    assert set(steps_for(manager, theirs)) == {ActionStep.START, ActionStep.FINISH}
    assert steps_for(manager, other) == []
    assert steps_for(cast.director, theirs) == []
    assert steps_for(cast.outsider, theirs) == steps_for(cast.person("chef.af", ELSEWHERE), theirs) == []
    with transaction():
        service.finish(manager, theirs, Done(clock.today(), "Gjort."), seen=theirs.version)
    for judge in (manager, cast.director, cast.coordinator):
        assert may_take(judge, ActionStep.JUDGE, theirs)
    for stranger in (cast.outsider, cast.person("chef.fk")):
        assert not may_take(stranger, ActionStep.JUDGE, theirs)
        with pytest.raises(StepRefused):
            take(ActionStep.JUDGE, stranger, theirs, cast)


def test_p15_others_find_no_action_and_no_row(cast):
    action = planned(cast, unit=cast.unit("Arbetsförmedlingen"))
    home, elsewhere = cast.federation().id, cast.federation(ELSEWHERE).id
    for stranger in (cast.outsider, cast.person("chef.fk"), cast.person("chef.af", ELSEWHERE)):
        assert page(stranger, home, LibraryFilter()).rows == []
        with pytest.raises(NotAllowedToSee):
            queries.action_for(stranger, home, action.id)
    with pytest.raises(NotAllowedToSee):
        queries.action_for(cast.outsider, elsewhere, action.id)
    for viewer in (cast.coordinator, cast.director, cast.person("chef.af")):
        assert queries.action_for(viewer, home, action.id) is action


def test_p16_nothing_of_another_federation_is_linked_or_owns(cast):
    action = planned(cast)
    theirs = cast.report(ELSEWHERE)
    with pytest.raises(NotAllowedToSee):
        linking.link_case(cast.coordinator, action, theirs, seen=action.version)
    with pytest.raises(NotAllowedToSee):
        planned(cast, cases=(theirs,))
    with pytest.raises(NotAllowedToSee):
        planned(cast, unit=cast.unit("Arbetsförmedlingen", ELSEWHERE))
    with pytest.raises(NotAllowedToSee):
        planned(cast, by=cast.outsider)
    with pytest.raises(NotAllowedToSee):
        planned(cast, by=cast.person("chef.af"))


def test_a_meeting_is_written_down_by_whoever_prepares_it(cast):
    assert planned(cast, by=cast.director).status == ActionStatus.PLANNED


@pytest.mark.parametrize("step", [step for step, _status in WALK])
def test_p13_whoever_saw_an_older_version_meets_a_conflict(cast, step):
    action = planned(cast)
    for before, _status in WALK:
        if before == step:
            break
        with transaction():
            take(before, cast.coordinator, action, cast)
    with pytest.raises(Conflict):
        take(step, cast.coordinator, action, cast, seen=action.version - 1)


@pytest.mark.parametrize(
    ("field", "verb"),
    [
        ("description", lambda cast, action, text: planned(cast, text=text)),
        ("why", lambda cast, action, text: service.cancel(cast.coordinator, action, text, seen=action.version)),
        (
            "done_what",
            lambda cast, action, text: service.finish(
                cast.coordinator, action, Done(clock.today(), text), seen=action.version
            ),
        ),
        (
            "who",
            lambda cast, action, text: service.change(
                cast.coordinator, action, Details(TEXT, who=text), seen=action.version
            ),
        ),
    ],
)
def test_p23_an_identity_number_is_stopped_in_every_text(cast, field, verb):
    action = planned(cast)
    with pytest.raises(InvalidInput) as refused:
        verb(cast, action, "Gäller 19121212-1212.")
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"due_in": -1}, "due_on", "past"),
        ({"due_in": 4000}, "due_on", "too_far"),
        ({"text": "  "}, "description", "required"),
    ],
)
def test_what_cannot_be_planned_is_refused_on_its_field(cast, values, field, code):
    with pytest.raises(InvalidInput) as refused:
        planned(cast, **values)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_done_tomorrow_is_refused(cast):
    action = planned(cast)
    with pytest.raises(InvalidInput):
        service.finish(cast.coordinator, action, Done(clock.today() + timedelta(days=1), "Gjort."), seen=action.version)


def test_carried_out_keeps_the_day_what_was_done_and_how_many_it_reached(cast):
    action = done(cast)
    assert (action.action_on, action.done_what, action.number_reached) == (
        clock.today(),
        "Fyra möten hölls.",
        24,
    )
    assert [row.status for row in follow_ups(action)] == ["waiting", "waiting"]


def test_p22_a_day_before_there_were_federations_is_refused(cast):
    action = planned(cast)
    with pytest.raises(InvalidInput) as refused, transaction():
        service.finish(cast.coordinator, action, Done(date(1, 1, 1)), seen=action.version)
    assert (refused.value.field, refused.value.code) == ("action_on", "long_ago")


def test_done_at_once_is_followed_up_too(cast):
    details = Details(TEXT, who="Arbetsgruppen")
    with transaction():
        action = service.record_new(cast.coordinator, cast.federation(), details, done=Done(clock.today()))
    assert (action.status, action.who, len(follow_ups(action))) == (ActionStatus.DONE, "Arbetsgruppen", 2)
    assert kinds(action) == ["action.recorded"]


def test_changing_nothing_leaves_no_event_and_another_day_begins_a_new_clock(cast):
    action = planned(cast)
    same = Details(TEXT, due_on=action.due_on)
    with transaction():
        service.change(cast.coordinator, action, same, seen=action.version)
    assert (kinds(action), action.version) == (["action.recorded"], 1)
    later = Details(TEXT, due_on=action.due_on + timedelta(days=14))
    with transaction():
        service.change(cast.coordinator, action, later, seen=action.version)
    old, new = [[row for row in steps(action) if row.round == number] for number in (1, 2)]
    assert old
    assert all(row.cancelled_at is not None for row in old)
    assert [row.kind for row in new] == [row.kind for row in old]
    assert all(row.cancelled_at is None for row in new)


def test_the_case_page_s_step_records_in_both_histories(cast):
    from_case = cast.reach(CaseStatus.ASSIGNED)
    action = planned(cast, cases=(from_case,))
    assert queries.of_case(from_case.id) == [action]
    assert queries.case_ids_of([action.id]) == {action.id: [from_case.id]}
    with pytest.raises(InvalidInput):
        linking.link_case(cast.coordinator, action, from_case, seen=action.version)


def test_the_outsider_knocks_on_every_verb_in_vain(cast):
    """A verb that is added without a permission would let this one in."""
    action = done(cast)
    verbs = [verb for name, verb in vars(service).items() if inspect.isfunction(verb) and name[0] != "_"]
    own = {verb.__name__ for verb in verbs if verb.__module__ == service.__name__}
    assert own == {"create", "record_new", "begin", "begin_imported", "change", "start", "finish", "cancel", "reopen"}
    for step in (ActionStep.REOPEN, ActionStep.JUDGE, ActionStep.MOVE_FOLLOW_UP, ActionStep.LINK_CASE):
        with pytest.raises(StepRefused):
            take(step, cast.outsider, action, cast)
        db.session.rollback()
