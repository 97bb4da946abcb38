"""The case page, and the gathering of its steps under one blueprint. Lists and start pages are `desk`."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from lexheller.accounts.readings import shows
from lexheller.accounts.session import current_actor
from lexheller.audit.reading_log import Thing
from lexheller.casework import (
    answering_views,
    describing_views,
    ending_views,
    page,
    publishing_views,
    quarantine_views,
    reporter_views,
    sending_views,
    writing_views,
)
from lexheller.casework.blueprint import CASE, SEES_CASES, blueprint
from lexheller.casework.stepping import asked_case
from lexheller.web.access import requires

PAGES = (
    answering_views,
    describing_views,
    ending_views,
    publishing_views,
    quarantine_views,
    reporter_views,
    sending_views,
    writing_views,
)


@blueprint.get(CASE)
@requires(*SEES_CASES)
@shows(Thing.CASE, "case_id")
def show(federation: str, case_id: int) -> ResponseReturnValue:
    return page.render(current_actor(), asked_case(case_id))
