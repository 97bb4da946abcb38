"""The steps of an action's page. Each has a form with a prefix of its own; what is refused is said on its field."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.actions import effect, linking, queries, service
from lexheller.actions.models import Action
from lexheller.actions.states import ActionStep, Judgement
from lexheller.cases.queries import case_by_number
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.improvement import action_forms as forms
from lexheller.improvement import action_page
from lexheller.improvement.action_views import (
    ACTION,
    ID,
    READS,
    asked_action,
    fault_by_id,
    say_if_nobody_heard,
    to_action,
)
from lexheller.improvement.blueprint import blueprint
from lexheller.web.access import requires

CARRIES_OUT = (Right.HANDLE_CASES, Right.ANSWER_DUTIES)
FOLLOW_UP = f"{ACTION}/uppfoljning/<{ID}:follow_up_id>"


@blueprint.post(f"{ACTION}/andra")
@requires(Right.HANDLE_CASES)
def change_action(federation: str, action_id: int) -> ResponseReturnValue:
    row = asked_action(action_id)
    form = forms.ChangeForm(prefix=ActionStep.CHANGE.value)
    form.offer(row.federation_id, row)
    owned_by = row.owner_unit_id
    answer = _taken(
        row,
        form,
        lambda: service.change(current_actor(), row, form.details, seen=form.seen),
        _("Åtgärden är ändrad."),
    )
    if row.owner_unit_id != owned_by:
        say_if_nobody_heard(row)
    return answer


@blueprint.post(f"{ACTION}/borja")
@requires(*CARRIES_OUT)
def start_action(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.SeenForm(prefix=ActionStep.START.value)
    return _bare(row, form, lambda: service.start(current_actor(), row, seen=form.seen), _("Åtgärden pågår nu."))


@blueprint.post(f"{ACTION}/genomford")
@requires(*CARRIES_OUT)
def finish_action(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.FinishForm(prefix=ActionStep.FINISH.value)
    return _taken(
        row,
        form,
        lambda: service.finish(current_actor(), row, form.done, seen=form.seen),
        _("Åtgärden är genomförd. Ett mejl kommer när det är dags att bedöma om den hjälpte."),
    )


@blueprint.post(f"{ACTION}/stall-in")
@requires(Right.HANDLE_CASES)
def cancel_action(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.CancelForm(prefix=ActionStep.CANCEL.value)
    return _taken(
        row,
        form,
        lambda: service.cancel(current_actor(), row, form.why.data, seen=form.seen),
        _("Åtgärden är inställd. Inga fler påminnelser skickas."),
    )


@blueprint.post(f"{ACTION}/oppna-igen")
@requires(Right.HANDLE_CASES)
def reopen_action(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.ReopenForm(prefix=ActionStep.REOPEN.value)
    return _taken(
        row,
        form,
        lambda: service.reopen(current_actor(), row, form.why.data, due_on=form.due_on.data, seen=form.seen),
        _("Åtgärden är öppen igen och pågår."),
    )


@blueprint.post(f"{ACTION}/arenden")
@requires(Right.HANDLE_CASES)
def link_action_case(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.LinkCaseForm(prefix=ActionStep.LINK_CASE.value)

    def verb() -> None:
        actor = current_actor()
        case = case_by_number(actor, row.federation_id, form.number.data)
        linking.link_case(actor, row, case, seen=form.seen)

    return _taken(row, form, verb, _("Ärendet är kopplat till åtgärden."))


@blueprint.post(f"{ACTION}/arenden/<{ID}:case_id>/ta-bort")
@requires(Right.HANDLE_CASES)
def unlink_action_case(federation: str, action_id: int, case_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.SeenForm(prefix=ActionStep.UNLINK_CASE.value)
    return _bare(
        row,
        form,
        lambda: linking.unlink_case(current_actor(), row, case_id, seen=form.seen),
        _("Ärendet är bortkopplat från åtgärden."),
    )


@blueprint.post(f"{ACTION}/systemfel")
@requires(Right.HANDLE_CASES)
def link_action_fault(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.LinkFaultForm(prefix=ActionStep.LINK_FAULT.value)
    form.fault.choices = forms.fault_choices(row.federation_id)
    return _taken(
        row,
        form,
        lambda: linking.link_fault(
            current_actor(), row, fault_by_id(row.federation_id, form.fault.data), seen=form.seen
        ),
        _("Systemfelet är kopplat till åtgärden."),
    )


@blueprint.post(f"{ACTION}/systemfel/<{ID}:fault_id>/ta-bort")
@requires(Right.HANDLE_CASES)
def unlink_action_fault(federation: str, action_id: int, fault_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.SeenForm(prefix=ActionStep.UNLINK_CASE.value)
    return _bare(
        row,
        form,
        lambda: linking.unlink_fault(current_actor(), row, fault_id, seen=form.seen),
        _("Systemfelet är bortkopplat från åtgärden."),
    )


@blueprint.post(f"{ACTION}/uppfoljning")
@requires(*CARRIES_OUT)
def plan_follow_up(federation: str, action_id: int) -> ResponseReturnValue:
    row, form = asked_action(action_id), forms.PlanFollowUpForm(prefix=ActionStep.PLAN_FOLLOW_UP.value)
    return _taken(
        row,
        form,
        lambda: effect.plan(current_actor(), row, form.due_on.data, seen=form.seen),
        _("Dagen är bestämd. Ett mejl kommer när det är dags att bedöma om åtgärden hjälpte."),
    )


@blueprint.post(f"{FOLLOW_UP}/bedom")
@requires(*READS)
def judge_effect(federation: str, action_id: int, follow_up_id: int) -> ResponseReturnValue:
    row = asked_action(action_id)
    follow_up = queries.follow_up_of(row, follow_up_id)
    form = forms.JudgeForm(prefix=action_page.judge_prefix(follow_up))

    def verb() -> None:
        effect.judge(
            current_actor(),
            row,
            follow_up,
            Judgement(form.judgement.data),
            form.why.data,
            next_on=form.next_on.data,
            seen=form.seen,
        )

    return _taken(row, form, verb, _("Bedömningen är sparad. Tack, nu kan andra lära av den."))


@blueprint.post(f"{FOLLOW_UP}/flytta")
@requires(Right.HANDLE_CASES)
def move_follow_up(federation: str, action_id: int, follow_up_id: int) -> ResponseReturnValue:
    row = asked_action(action_id)
    follow_up = queries.follow_up_of(row, follow_up_id)
    form = forms.MoveForm(prefix=action_page.move_prefix(follow_up))
    return _taken(
        row,
        form,
        lambda: effect.move(current_actor(), row, follow_up, form.due_on.data, seen=form.seen),
        _("Uppföljningen har fått en ny dag."),
    )


def _taken(row: Action, form: forms.SeenForm, verb: Callable[[], object], said: str) -> ResponseReturnValue:
    """Check, run the one verb, answer; the page comes back with the text when something is wrong."""
    prefix = form._prefix.rstrip("-")
    if not form.validate_on_submit():
        return action_page.render(current_actor(), row, {prefix: form}), 422
    try:
        with all_or_nothing():
            verb()
    except InvalidInput as problem:
        form.refused(problem)
        return action_page.render(current_actor(), row, {prefix: form}), 422
    flash(said, "success")
    return to_action(row)


def _bare(row: Action, form: forms.SeenForm, verb: Callable[[], object], said: str) -> ResponseReturnValue:
    """The same for a step that is only a button."""
    if not form.validate_on_submit():
        raise Conflict("no version was seen")
    verb()
    flash(said, "success")
    return to_action(row)
