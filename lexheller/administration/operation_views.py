"""The page of whoever keeps the program running: what is stuck, and trying it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import operation as verbs
from lexheller.administration.blueprint import blueprint
from lexheller.administration.forms import TakeUpForm
from lexheller.core import clock
from lexheller.web.access import requires

OPERATION = "/drift/<federation>"


@blueprint.get(OPERATION)
@requires(Right.OPERATE)
def operation(federation: str) -> ResponseReturnValue:
    return render_template(
        "administration/operation.html",
        undone=verbs.undone(current_actor(), current_federation().id),
        heartbeats=verbs.heartbeats(),
        now=clock.now(),
    )


@blueprint.post(f"{OPERATION}/forsok-igen")
@requires(Right.OPERATE)
def take_up(federation: str) -> ResponseReturnValue:
    form = TakeUpForm()
    if form.validate_on_submit():
        kind, problem = form.kind.data or "", form.problem.data or ""
        number = verbs.take_up(current_actor(), current_federation().id, kind, problem)
        said = ngettext("En uppgift försöks igen nu.", "%(num)d uppgifter försöks igen nu.", number)
        flash(said if number else _("Det fanns inget kvar att försöka igen."), "success" if number else "warning")
    return redirect(url_for("administration.operation", federation=federation))
