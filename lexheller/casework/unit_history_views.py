"""The page of a unit's history."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.cases.labels import CLOSE_REASON, DUTY_STATUS, STATUS
from lexheller.casework import unit_history
from lexheller.web.access import requires

blueprint = Blueprint("unit_history", __name__)


@blueprint.get("/enheter/<federation>/<int(max=2147483647):unit_id>/historik")
@requires(Right.SEE_ALL_CASES, Right.ANSWER_DUTIES)
@shows(Thing.UNIT_HISTORY, "unit_id")
def show(federation: str, unit_id: int) -> ResponseReturnValue:
    unit = unit_history.unit_for(current_actor(), current_federation().id, unit_id)
    cursor = request.args.get("after")
    return render_template(
        "casework/unit_history.html",
        unit=unit,
        page=unit_history.rows(unit, cursor),
        sentences=unit_history.summary(unit),
        cursor=cursor,
        duty_status=DUTY_STATUS,
        case_status=STATUS,
        close_reason=CLOSE_REASON,
    )
