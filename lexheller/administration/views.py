"""The overview of the settings, and the gathering of all their pages under one blueprint."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lexheller.accounts.queries import people_in
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.accounts.single_sign_on_queries import connections_of
from lexheller.administration import (
    calendar_views,
    confirm_views,
    deadlines_views,
    managers_views,
    operation_views,
    people_views,
    queries,
    readings_views,
    regrouping_views,
    second_step_views,
    single_sign_on_views,
    statements_views,
    substitutes_views,
    texts_views,
    themes_views,
    units_views,
)
from lexheller.administration.blueprint import SETTINGS, blueprint
from lexheller.administration.calendar import example_due_on
from lexheller.core import clock
from lexheller.deadlines.queries import settings_of
from lexheller.organisations.queries import closed_days
from lexheller.statements.labels import MISSING
from lexheller.statements.queries import details_of
from lexheller.web.access import requires

__all__ = ["PAGES", "blueprint"]

PAGES = (
    calendar_views,
    confirm_views,
    deadlines_views,
    managers_views,
    operation_views,
    people_views,
    readings_views,
    regrouping_views,
    second_step_views,
    single_sign_on_views,
    statements_views,
    substitutes_views,
    texts_views,
    themes_views,
    units_views,
)


@blueprint.get(SETTINGS)
@requires(Right.ADMINISTER)
def index(federation: str) -> ResponseReturnValue:
    federation_id = current_federation().id
    settings = settings_of(federation_id)
    units = queries.units_by_organisation(federation_id, active=True)
    today = clock.today()
    return render_template(
        "administration/index.html",
        attention=queries.attention(federation_id),
        unit_count=sum(len(group.units) for group in units),
        substitution_count=len(queries.substitutions(federation_id)),
        people=people_in(federation_id),
        theme_count=len(queries.themes_of(federation_id, active=True)),
        text_count=len(queries.texts_of(federation_id, active=True)),
        coming_closed=[(day, note) for day, note in sorted(closed_days(federation_id).items()) if day >= today],
        settings=settings,
        connection_count=sum(row.active for row in connections_of(federation_id)),
        untold=[MISSING[what] for what in details_of(federation_id).missing],
        sees_readings=current_actor().may(Right.SEE_READING_LOG, federation_id),
        example=example_due_on(federation_id, settings.answer_days),
    )
