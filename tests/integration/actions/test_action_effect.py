"""The effect of an action: what is counted, judging, too early, moving the day, and finding it again in the library."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from acting import done, follow_ups, moment, planned, steps

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.settings import set_least_shown
from lexheller.actions import effect, linking, service
from lexheller.actions.library import LibraryFilter, OnlyActions, page
from lexheller.actions.measuring import Sums, measure_now, sums_for_others
from lexheller.actions.models import FollowUpStatus
from lexheller.actions.service import Done
from lexheller.actions.states import ActionStatus, Judgement
from lexheller.cases.models import Case
from lexheller.casework import closing, describing
from lexheller.core import clock
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.jobs import run_waiting_now
from lexheller.core.months import add_months
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.faults.linking import link_case
from lexheller.improvement.action_page import sums_words
from lexheller.organisations.queries import themes
from lexheller.organisations.report_settings import LEAST_SHOWN
from tests.cast.people import ELSEWHERE, HOME

ON = date(2026, 3, 10)


def reported(cast, day: date, *, about: str = "Arbetsförmedlingen", theme: int = 0, slug: str = HOME) -> Case:
    """A report that came on the day, with a theme."""
    organisation = cast.organisation(about, slug)
    with clock.at(moment(day)):
        case = cast.report(slug, concerned_organisation_id=organisation.id)
        with transaction():
            describing.classify(
                cast.person("samordnare", slug),
                case,
                theme=themes(case.federation_id)[theme],
                municipality=case.municipality,
                organisation=organisation,
                seen=case.version,
            )
    return case


def carried_out(cast, *cases: Case):
    with clock.at(moment(ON)):
        return done(cast, on=ON, cases=cases)


def judge(cast, action, judgement: Judgement, *, at: date, next_on: date | None = None, which: int = 0) -> None:
    follow_up = follow_ups(action)[which]
    with clock.at(moment(at)), transaction():
        effect.judge(
            cast.coordinator, action, follow_up, judgement, "Färre hör av sig.", next_on=next_on, seen=action.version
        )


def test_reports_of_the_same_organisation_and_theme_are_counted_before_and_after(cast):
    linked = reported(cast, ON - timedelta(days=20))
    for days in (-100, -1):
        reported(cast, ON + timedelta(days=days))
    reported(cast, ON + timedelta(days=5))
    reported(cast, ON - timedelta(days=20), theme=1)
    reported(cast, ON - timedelta(days=20), about="Försäkringskassan")
    reported(cast, ON - timedelta(days=300))
    reported(cast, ON - timedelta(days=20), slug=ELSEWHERE)
    action = carried_out(cast, linked)
    found = measure_now(action, add_months(ON, 6))
    assert (found.months, found.before_sum, found.after_sum) == (6, 3, 1)
    assert measure_now(action, ON + timedelta(days=10)) is None


def test_p30_others_are_told_a_half_year_and_then_a_year_without_small_numbers(cast):
    linked = reported(cast, ON - timedelta(days=20))
    for days in (-100, -90, -80, -70, 5, 6):
        reported(cast, ON + timedelta(days=days))
    action = carried_out(cast, linked)
    assert sums_for_others(action, add_months(ON, 6) - timedelta(days=1)) is None
    half = Sums(6, 5, None, 5)
    for months in (6, 9, 11):
        assert sums_for_others(action, add_months(ON, months)) == half, "no window of months between"
    reported(cast, ON - timedelta(days=250))
    assert sums_for_others(action, add_months(ON, 12)) == half, "a year would tell of one by subtraction"
    for days in (-251, -252, -253, -254, 201):
        reported(cast, ON + timedelta(days=days))
    for months in (12, 15, 30):
        assert sums_for_others(action, add_months(ON, months)) == Sums(12, 10, None, 5)
    assert measure_now(action, add_months(ON, 12)).after_sum == 3
    assert sums_for_others(carried_out(cast), add_months(ON, 12)) is None, "nothing is linked"
    with transaction():
        set_least_shown(cast.director, cast.federation(), 8, seen=LEAST_SHOWN)
    assert sums_for_others(action, add_months(ON, 6)) == Sums(6, None, None, 8), "the federation's own least number"


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        (Sums(6, None, None, 5), "färre än 5 före, färre än 5 efter; för få för att vara säker"),
        (Sums(6, 5, None, 5), "5 före, färre än 5 efter; för få för att vara säker"),
        (Sums(6, 6, None, 5), "6 före, färre än 5 efter"),
        (Sums(6, None, 60, 5), "färre än 5 före, 60 efter"),
        (Sums(12, 10, 5, 5), "10 före, 5 efter: hälften"),
        (Sums(6, 12, None, 8), "12 före, färre än 8 efter"),
    ],
)
def test_p30_what_is_said_of_the_sums_follows_from_what_is_shown(context, sums, words):
    assert sums_words(sums) == words


def test_reports_of_one_event_count_once(cast):
    """The second is merged into the first."""
    first, second = (reported(cast, ON - timedelta(days=days)) for days in (20, 19))
    action = carried_out(cast, first)
    assert measure_now(action, add_months(ON, 6)).before_sum == 2
    with transaction():
        run_waiting_now()
        closing.merge(cast.coordinator, second, first, seen=second.version)
    assert measure_now(action, add_months(ON, 6)).before_sum == 1


def test_the_faults_of_an_action_widen_its_pattern(cast):
    case = reported(cast, ON - timedelta(days=40))
    action = carried_out(cast)
    assert measure_now(action, add_months(ON, 6)) is None
    with transaction():
        fault = faults.suspect(cast.coordinator, cast.federation().id, faults.Details("Vem tar emot?"))
        link_case(cast.coordinator, fault, case, "Samma sak.")
        linking.link_fault(cast.coordinator, action, fault, seen=action.version)
    assert measure_now(action, add_months(ON, 6)).before_sum == 1
    with transaction():
        linking.unlink_fault(cast.coordinator, action, fault.id, seen=action.version)
    assert measure_now(action, add_months(ON, 6)) is None


def test_a_judgement_freezes_what_was_counted(cast):
    action = carried_out(cast, reported(cast, ON - timedelta(days=20)))
    judge(cast, action, Judgement.WORKED, at=add_months(ON, 6))
    row = follow_ups(action)[0]
    frozen = dict(row.measure)
    assert sum(frozen["before"]) == 1
    reported(cast, ON - timedelta(days=10))
    assert follow_ups(action)[0].measure == frozen
    assert (row.status, row.judged_by_user_id) == (FollowUpStatus.JUDGED, cast.coordinator.user_id)
    assert all(step.cancelled_at for step in steps(action) if step.follow_up_id == row.id)
    with pytest.raises(Conflict):
        judge(cast, action, Judgement.DID_NOT, at=add_months(ON, 7))


def test_too_early_names_a_new_day_at_least_a_month_on(cast):
    action = carried_out(cast)
    today = add_months(ON, 6)
    for next_on, code in ((None, "required"), (today + timedelta(days=20), "too_soon"), (date(2099, 1, 1), "too_far")):
        with pytest.raises(InvalidInput) as refused:
            judge(cast, action, Judgement.TOO_EARLY, at=today, next_on=next_on)
        assert (refused.value.field, refused.value.code) == ("next_on", code)
    judge(cast, action, Judgement.TOO_EARLY, at=today, next_on=add_months(today, 1))
    assert [(row.due_on, row.status) for row in follow_ups(action)] == [
        (today, "judged"),
        (add_months(today, 1), "waiting"),
        (add_months(ON, 12), "waiting"),
    ]
    assert any(step.follow_up_id == follow_ups(action)[1].id for step in steps(action))


def test_too_early_until_a_day_that_is_there_already_adds_none(cast):
    action = carried_out(cast)
    judge(cast, action, Judgement.TOO_EARLY, at=add_months(ON, 6), next_on=add_months(ON, 12))
    assert len(follow_ups(action)) == 2


def test_a_day_is_moved_before_it_has_come_and_not_after(cast):
    action = carried_out(cast)
    first, second = follow_ups(action)
    with clock.at(moment(add_months(ON, 6))):
        with pytest.raises(InvalidInput) as refused:
            effect.move(cast.coordinator, action, first, date(2027, 1, 4), seen=action.version)
        assert refused.value.code == "came"
        with transaction():
            effect.move(cast.coordinator, action, second, date(2027, 6, 1), seen=action.version)
    assert second.due_on == date(2027, 6, 1)
    rows = [step for step in steps(action) if step.follow_up_id == second.id]
    assert {step.round for step in rows if step.cancelled_at is None} == {2}
    assert {step.round for step in rows if step.cancelled_at is not None} == {1}


def test_a_judgement_without_a_why_is_refused(cast):
    action = carried_out(cast)
    with pytest.raises(InvalidInput) as refused:
        effect.judge(cast.coordinator, action, follow_ups(action)[0], Judgement.WORKED, " ", seen=action.version)
    assert refused.value.field == "why"


def test_the_library_finds_by_word_forms_and_narrows_by_everything(cast):
    home, office = cast.federation().id, cast.coordinator
    case = reported(cast, ON - timedelta(days=20))
    judged = carried_out(cast, case)
    with clock.at(moment(add_months(ON, 6))):
        late = planned(cast, due_in=0, text="Utbildning om SIP för handläggare")
    judge(cast, judged, Judgement.PARTLY, at=add_months(ON, 6))
    other = planned(cast, due_in=None, text="Något helt annat")

    def found(today: date | None = None, **wanted) -> list[int]:
        with clock.at(moment(today or add_months(ON, 9))):
            return [row.id for row in page(office, home, LibraryFilter(**wanted)).rows]

    assert found() == [other.id, late.id, judged.id]
    assert found(words="handläggarens utbildningar") == [late.id]
    assert found(words="möten hölls") == [judged.id]
    assert found(words="färre hör") == [judged.id]
    assert found(words="utbil") == [late.id]
    assert found(words="utbildning obefintlig") == found(words="!!!") == []
    assert found(status=ActionStatus.DONE) == [judged.id]
    assert found(theme_id=case.theme_id) == [judged.id]
    assert found(judgement=Judgement.PARTLY) == [judged.id]
    assert found(judgement=Judgement.WORKED) == []
    assert found(only=OnlyActions.LATE) == [late.id]
    assert found(only=OnlyActions.TO_JUDGE) == []
    assert found(add_months(ON, 12), only=OnlyActions.TO_JUDGE) == [judged.id]


def test_p28_what_is_done_counts_in_the_year_it_was_done_and_not_when_it_was_not(cast):
    def counted() -> list[str]:
        return [line["date"] for line in compiled(cast.federation(), 2026)["actions"]]

    action = carried_out(cast)
    assert counted() == ["2026-03-10"]
    with clock.at(moment(add_months(ON, 1))), transaction():
        service.reopen(cast.coordinator, action, "Den blev inte av.", due_on=None, seen=action.version)
    assert counted() == []
    with clock.at(moment(add_months(ON, 2))), transaction():
        service.finish(cast.coordinator, action, Done(ON, "Nu blev den av."), seen=action.version)
    assert counted() == ["2026-03-10"]
