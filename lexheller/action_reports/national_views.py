"""The national reader's page: published yearly reports of every federation that gave the role, as one list."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_actor
from lexheller.action_reports.blueprint import blueprint
from lexheller.action_reports.national import published, readable
from lexheller.core.errors import NotAllowedToSee
from lexheller.web.access import signed_in


@blueprint.get("/nationellt")
@signed_in
def national() -> ResponseReturnValue:
    """No federation is named: each is asked for by itself, and only those that gave the right."""
    found = readable(current_actor())
    if not found:
        raise NotAllowedToSee("published reports")
    return render_template("action_reports/national.html", federations=found, lines=published(found))
