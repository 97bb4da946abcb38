"""The steps on a duty for those who are signed in: parse, one verb, back to the case. By mailed link: `link_views`."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_for, duty_of
from lexheller.casework import duty_page, duty_steps
from lexheller.casework.duty_forms import DutyStep
from lexheller.casework.duty_steps import Outcome
from lexheller.web.access import requires

blueprint = Blueprint("duties", __name__)

ID = "int(max=2147483647)"
DUTY = f"/arenden/<federation>/<{ID}:case_id>/uppdrag/<{ID}:duty_id>"


@blueprint.post(f"{DUTY}/ta-emot")
@requires(Right.ANSWER_DUTIES)
def accept(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.ACCEPT, case_id, duty_id)


@blueprint.post(f"{DUTY}/svara")
@requires(Right.ANSWER_DUTIES)
def answer(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    """Answer, keep a draft, or see what would be sent: the button that was pressed tells which."""
    return _take(DutyStep.ANSWER, case_id, duty_id)


@blueprint.post(f"{DUTY}/skicka-tillbaka")
@requires(Right.ANSWER_DUTIES)
def send_back(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.SEND_BACK, case_id, duty_id)


@blueprint.post(f"{DUTY}/mer-tid")
@requires(Right.ANSWER_DUTIES, Right.HANDLE_CASES)
def extend(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.EXTEND, case_id, duty_id)


@blueprint.post(f"{DUTY}/fraga")
@requires(Right.ANSWER_DUTIES)
def ask(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.ASK, case_id, duty_id)


@blueprint.post(f"{DUTY}/aterta-fragan")
@requires(Right.ANSWER_DUTIES)
def take_back_question(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.TAKE_BACK_QUESTION, case_id, duty_id)


@blueprint.post(f"{DUTY}/kollega")
@requires(Right.ANSWER_DUTIES)
def delegate(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.DELEGATE, case_id, duty_id)


@blueprint.post(f"{DUTY}/forslag")
@requires(Right.ANSWER_DUTIES)
def propose(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.PROPOSE, case_id, duty_id)


@blueprint.post(f"{DUTY}/anteckning")
@requires(Right.ANSWER_DUTIES)
def note(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.NOTE, case_id, duty_id)


@blueprint.post(f"{DUTY}/aterkalla-lank")
@requires(Right.ANSWER_DUTIES, Right.HANDLE_CASES)
def revoke_link(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.REVOKE_LINK, case_id, duty_id)


@blueprint.post(f"{DUTY}/dra-tillbaka")
@requires(Right.HANDLE_CASES)
def withdraw(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    return _take(DutyStep.WITHDRAW, case_id, duty_id)


def url_of(case: Case, duty: Duty, step: str) -> str:
    """Where a step of this duty is sent by somebody who is signed in."""
    slug = case.federation.slug
    endpoint = f"duties.{DutyStep(step).key}"
    return url_for(endpoint, federation=slug, case_id=case.id, duty_id=duty.id)


def _take(step: DutyStep, case_id: int, duty_id: int) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, current_federation().id, case_id)
    duty = duty_of(case, duty_id)
    outcome = duty_steps.take(actor, step, case, duty)
    if outcome.form is not None:
        return _again(case, duty, outcome)
    flash(outcome.said, "success")
    return redirect(url_for("casework.show", federation=case.federation.slug, case_id=case.id))


def _again(case: Case, duty: Duty, outcome: Outcome) -> ResponseReturnValue:
    """The duty's own page, with what was written."""
    sent = (outcome.step, outcome.form) if outcome.form is not None else None
    panel = duty_page.values(current_actor(), case, duty, url_of=partial(url_of, case, duty), sent=sent)
    back = url_for("casework.show", federation=case.federation.slug, case_id=case.id)
    return duty_steps.page_of(outcome, panel, "casework/duty", case_href=back)
