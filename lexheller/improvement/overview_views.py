"""The page about how the federation is doing: between whom reports lie, themes, faults and what actions did."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.improvement import overview_page
from lexheller.improvement.blueprint import blueprint
from lexheller.web.access import requires


@blueprint.get("/laget/<federation>")
@requires(Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES, Right.SEE_FIGURES)
def overview(federation: str) -> ResponseReturnValue:
    values = overview_page.values(current_actor(), current_federation(), request.args.get("year"))
    return render_template("improvement/overview.html", quarter_name=overview_page.quarter_name, **values)
