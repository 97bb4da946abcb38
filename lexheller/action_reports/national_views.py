"""The national reader's page: published yearly reports of every federation that gave the role, as one list."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_actor
from lexheller.action_reports.blueprint import blueprint
from lexheller.action_reports.national import published, readable
from lexheller.core.errors import NotAllowedToSee
from lexheller.desk.start_reader import only_reads
from lexheller.web.access import signed_in


@blueprint.get("/nationellt")
@signed_in
def national() -> ResponseReturnValue:
    """No federation is named: each is asked for by itself, and only those that gave the right.

    Whoever only reads has this page for a start page, and no other to go back to.
    """
    found = readable(current_actor())
    if not found:
        raise NotAllowedToSee("published reports")
    has_start = not only_reads(current_actor())
    return render_template(
        "action_reports/national.html", federations=found, lines=published(found), has_start=has_start
    )
