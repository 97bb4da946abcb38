"""The page behind a mailed link: one duty, no account, and no way from it to anything else.

Looking changes nothing, since mail filters open links. Whoever happens to be signed in at the same browser makes no
difference: the link alone says what may be seen and done.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lexheller.accounts.readings import note
from lexheller.accounts.rights import Actor
from lexheller.audit.reading_log import Thing
from lexheller.cases.answer_link import actor_of, link_of
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_for, duty_of
from lexheller.casework import duty_page, duty_steps
from lexheller.casework.duty_forms import DutyStep
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender

blueprint = Blueprint("answer_link", __name__)

GUESSES = Limit("answer_links", "60 per minute; 600 per hour")
STEPS = Limit("answer_link_steps", "60 per minute; 600 per hour")
OF_OFFICE = {DutyStep.WITHDRAW}
WRITTEN = {"cause", "steps_taken", "consequence", "follow_up", "reason", "text", "why"}


@blueprint.get("/svar/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    link = _living(token)
    if link is None:
        return _gone()
    actor, case, duty = _reached(link)
    note(Thing.CASE, case.id, reader=actor, federation_id=case.federation_id)
    return render_template("answer_link/show.html", panel=_panel(token, actor, case, duty))


@blueprint.post("/svar/<token>/<step>")
@public
def take(token: str, step: str) -> ResponseReturnValue:
    link = _living(token)
    if link is None:
        return _gone()
    wanted = _step(step)
    STEPS.check(str(link.id))
    STEPS.count(str(link.id))
    actor, case, duty = _reached(link)
    outcome = duty_steps.take(actor, wanted, case, duty)
    if outcome.form is not None:
        note(Thing.CASE, case.id, reader=actor, federation_id=case.federation_id)
        panel = _panel(token, actor, case, duty, (wanted, outcome.form))
        return duty_steps.page_of(outcome, panel, "answer_link")
    flash(outcome.said, "success")
    return redirect(url_for("answer_link.show", token=token))


def _living(token: str) -> AnswerLink | None:
    """The link, if it works; who tries many that do not is asked to wait."""
    GUESSES.check(sender())
    link = link_of(token)
    if link is None:
        GUESSES.count(sender())
    return link


def _reached(link: AnswerLink) -> tuple[Actor, Case, Duty]:
    actor = actor_of(link)
    case = case_for(actor, link.federation_id, link.duty.case_id)
    return actor, case, duty_of(case, link.duty_id)


def _step(name: str) -> DutyStep:
    if name not in set(DutyStep) - OF_OFFICE:
        abort(404)
    return DutyStep(name)


def _panel(token: str, actor: Actor, case: Case, duty: Duty, sent: duty_page.Sent | None = None) -> dict[str, object]:
    return duty_page.values(actor, case, duty, url_of=partial(_url_of, token), sent=sent)


def _url_of(token: str, step: str) -> str:
    return url_for("answer_link.take", token=token, step=step)


def _gone() -> ResponseReturnValue:
    """Says nothing of any case. What was written is given back to its writer."""
    written = [text for name, text in request.form.items() if name.rpartition("-")[2] in WRITTEN and text.strip()]
    return render_template("answer_link/gone.html", written=written), 404
