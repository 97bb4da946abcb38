"""What every step of the case page does with its form: check, show what would be sent, or run the one verb and answer.

The button that was pressed tells which: `preview` shows the mails and the reporter's text and keeps nothing, `edit`
leads from there back to the form with the text, any other takes the step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.session import current_actor, current_federation
from lexheller.cases.models import Case
from lexheller.cases.queries import case_for
from lexheller.casework import page
from lexheller.casework.preview import MailPreview, outgoing
from lexheller.casework.refusals import refusal
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.web.forms import Form

PREVIEW, EDIT = "preview", "edit"
BUTTONS = {PREVIEW, EDIT, "csrf_token"}
ALIASES = {"unit": "units", "into": "number"}


class HasId(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step does and says. `reads`: headings and texts that the reporter will read because of it."""

    verb: Callable[[], object]
    said: str
    reads: Sequence[tuple[str, str]] = field(default=())
    send_label: str = ""


def asked_case(case_id: int) -> Case:
    """The case of the address, as far as the visitor may see it."""
    return case_for(current_actor(), current_federation().id, case_id)


def step(case: Case, name: str, form: Form, outcome: Callable[[], Outcome]) -> ResponseReturnValue:
    """Answer a form that was sent to the step `name`. `outcome` is asked for once the form is valid."""
    if EDIT in request.form:
        return page.render(current_actor(), case, {name: form})
    if not form.validate_on_submit():
        return again(case, name, form)
    try:
        wanted = outcome()
        if PREVIEW in request.form:
            return _preview(case, wanted, outgoing(wanted.verb, case.federation_id))
        with all_or_nothing():
            wanted.verb()
    except InvalidInput as refused:
        put_refusal(form, refused)
        return again(case, name, form)
    return done(case, wanted.said)


def bare_step(case: Case, form: Form, verb: Callable[[], object], said: str) -> ResponseReturnValue:
    """The same for a step that is only a button: what is refused is said on the page that follows."""
    if not form.validate_on_submit():
        raise Conflict("no version was seen")
    try:
        with all_or_nothing():
            verb()
    except InvalidInput as refused:
        flash(refusal(refused.code), "error")
        return to_page(case)
    return done(case, said)


def again(case: Case, name: str, form: Form) -> ResponseReturnValue:
    """The page with the form as it was sent, and what is wrong with it."""
    return page.render(current_actor(), case, {name: form}), 422


def done(case: Case, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return to_page(case)


def to_page(case: Case) -> ResponseReturnValue:
    return redirect(url_for("casework.show", federation=case.federation.slug, case_id=case.id))


def put_refusal(form: Form, refused: InvalidInput) -> None:
    name = refused.field if refused.field in form else ALIASES.get(refused.field, refused.field)
    form.put_error(name, refusal(refused.code))


def picked(rows: Sequence[Row], chosen: str | None) -> Row | None:
    """The row that a select's value means."""
    return next((row for row in rows if str(row.id) == chosen), None)


def _preview(case: Case, wanted: Outcome, mails: list[MailPreview]) -> ResponseReturnValue:
    return render_template(
        "casework/preview.html",
        case=case,
        mails=mails,
        reads=wanted.reads,
        send_label=wanted.send_label or _("Skicka"),
        action=request.path,
        kept=[pair for pair in request.form.items(multi=True) if pair[0].rpartition("-")[2] not in BUTTONS],
    )
