"""One step on many cases: what is asked, what would happen, what happened. Nothing changes before the last button."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.cases.labels import STATUS
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.desk import bulk
from lexheller.desk.blueprint import QUEUE, blueprint
from lexheller.desk.bulk import BulkStep, Marked, Outcome
from lexheller.desk.bulk_forms import ASKS, FORM_OF, BulkForm
from lexheller.desk.filters import kept_in
from lexheller.desk.labels import STEP, outcome_words
from lexheller.desk.sections import queue_href
from lexheller.web.access import requires

MANY = f"{QUEUE}/flera"
LARGEST = 2**31 - 1


@blueprint.post(MANY)
@requires(Right.HANDLE_CASES, Right.PREPARE_MEETINGS)
def prepare_many(federation: str) -> ResponseReturnValue:
    """What the step asks for; once that is known, what would happen."""
    if not request.form.getlist("case"):
        return _nothing_marked()
    step, marked = _step(), _marked()
    form = _form(step)
    if step in ASKS and "asked" not in request.form:
        return _ask(step, marked, _form(step, fresh=True))
    if not form.validate_on_submit():
        return _ask(step, marked, form), 422
    return _preview(step, marked, form)


@blueprint.post(f"{MANY}/gor")
@requires(Right.HANDLE_CASES, Right.PREPARE_MEETINGS)
def do_many(federation: str) -> ResponseReturnValue:
    """Each case by itself. Sent twice, the second time finds the cases changed and leaves them alone."""
    if not request.form.getlist("case"):
        return _nothing_marked()
    step, marked = _step(), _marked()
    form = _form(step)
    if not form.validate_on_submit():
        return _ask(step, marked, form), 422
    actor = current_actor()
    results = bulk.carry_out(actor, marked, form.order(actor, current_federation().id))
    done = [result for result in results if result.outcome is Outcome.DONE]
    left = [(result, outcome_words(result)) for result in results if result.outcome is not Outcome.DONE]
    return render_template("desk/many_done.html", done=done, left=left, **_common(step))


def _ask(step: BulkStep, marked: list[Marked], form: BulkForm) -> str:
    cases = [one.case for one in marked]
    return render_template("desk/many.html", cases=cases, form=form, status_labels=STATUS, **_common(step))


def _preview(step: BulkStep, marked: list[Marked], form: BulkForm) -> str:
    actor = current_actor()
    order = form.order(actor, current_federation().id)
    results, recipients = bulk.try_out(actor, marked, order)
    will = [result for result in results if result.outcome is Outcome.DONE]
    left = [(result, outcome_words(result)) for result in results if result.outcome is not Outcome.DONE]
    return render_template(
        "desk/many_preview.html",
        will=will,
        left=left,
        recipients=recipients,
        order=order,
        form=form,
        status_labels=STATUS,
        **_common(step),
    )


def _common(step: BulkStep) -> dict[str, object]:
    kept = kept_in(request.form.get("back", ""))
    slug = current_federation().slug
    return {
        "step": step.value,
        "step_label": STEP[step],
        "back": request.form.get("back", "") if kept else "",
        "back_href": queue_href(slug, **kept),
    }


def _nothing_marked() -> ResponseReturnValue:
    flash(_("Markera minst ett ärende först."), "warning")
    return redirect(queue_href(current_federation().slug, **kept_in(request.form.get("back", ""))))


def _step() -> BulkStep:
    """Raises NotAllowedToSee for a step that is none, or not the viewer's."""
    allowed = {step.value: step for step in bulk.steps_of(current_actor(), current_federation().id)}
    step = allowed.get(request.form.get("step", ""))
    if step is None:
        raise NotAllowedToSee("step on many cases")
    return step


def _form(step: BulkStep, *, fresh: bool = False) -> BulkForm:
    form = FORM_OF[step](formdata=None) if fresh else FORM_OF[step]()
    form.offer(current_actor(), current_federation().id)
    return form


def _marked() -> list[Marked]:
    """The marked cases: `<id>` as ticked in the queue, `<id>:<version>` as seen in the preview."""
    seen: dict[int, int | None] = {}
    for value in request.form.getlist("case"):
        case_id, colon, version = value.partition(":")
        seen[_number(case_id)] = _number(version) if colon else None
    return bulk.marked_cases(current_actor(), current_federation().id, seen)


def _number(written: str) -> int:
    number = int(written) if written.isascii() and written.isdigit() and len(written) <= 10 else 0
    if not 0 < number <= LARGEST:
        raise InvalidInput("cases", "unknown")
    return number
