"""The page of the federation's terms: how long people have, when they are reminded, who hears next."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import SETTINGS, blueprint
from lexheller.administration.calendar import example_due_on
from lexheller.administration.forms import DeadlinesForm
from lexheller.deadlines.queries import settings_of
from lexheller.deadlines.service import change_settings
from lexheller.web.access import requires

DEADLINES = f"{SETTINGS}/svarstider"
ESCALATIONS = ("escalate_1", "escalate_2", "escalate_3")


@blueprint.get(DEADLINES)
@requires(Right.ADMINISTER)
def deadlines(federation: str) -> ResponseReturnValue:
    values = settings_of(current_federation().id).as_values()
    steps = dict(zip(ESCALATIONS, values.pop("escalate_after_days"), strict=False))
    return _page(DeadlinesForm(data={**values, **steps}))


@blueprint.post(DEADLINES)
@requires(Right.ADMINISTER)
def change_deadlines(federation: str) -> ResponseReturnValue:
    form = DeadlinesForm()
    if not form.validate_on_submit() or not went_well(
        form, lambda: change_settings(current_actor(), current_federation().id, _values(form))
    ):
        _put_on_first_step(form)
        return _page(form), 422
    return done("deadlines", _("Sparat. Det gäller ärenden som fördelas från och med nu."))


def _values(form: DeadlinesForm) -> dict[str, Any]:
    plain = {
        name: field.data for name, field in form._fields.items() if name not in {*ESCALATIONS, "csrf_token", "looked"}
    }
    steps = [form[name].data for name in ESCALATIONS if form[name].data is not None]
    return {**plain, "escalate_after_days": steps}


def _put_on_first_step(form: DeadlinesForm) -> None:
    """What is wrong with the three together stands on the first of them."""
    if form.form_errors:
        form.escalate_1.errors = [*form.escalate_1.errors, *form.form_errors]
        form.form_errors = []


def _page(form: DeadlinesForm) -> str:
    federation_id = current_federation().id
    days = settings_of(federation_id).answer_days
    return render_template(
        "administration/deadlines.html", form=form, days=days, example=example_due_on(federation_id, days)
    )
