"""The open statements: accessibility and personal data, one of each per federation, linked from every page's footer."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_federation
from lexheller.organisations.queries import federations
from lexheller.statements.queries import details_of, updated_on
from lexheller.web.access import public
from lexheller.web.open_answers import keep_language, open_page

blueprint = Blueprint("statements", __name__)
blueprint.url_defaults(keep_language)

ACCESSIBILITY = "/tillganglighet"
PERSONAL_DATA = "/personuppgifter"


@blueprint.get(ACCESSIBILITY)
@public
def accessibility_of_all() -> ResponseReturnValue:
    """Where no federation is chosen yet: each has its own."""
    return open_page("statements/accessibility_of_all.html", federations=federations())


@blueprint.get(f"{ACCESSIBILITY}/<federation>")
@public
def accessibility(federation: str) -> ResponseReturnValue:
    return _statement("statements/accessibility.html")


@blueprint.get(PERSONAL_DATA)
@public
def personal_data_of_all() -> ResponseReturnValue:
    return open_page("statements/personal_data_of_all.html", federations=federations())


@blueprint.get(f"{PERSONAL_DATA}/<federation>")
@public
def personal_data(federation: str) -> ResponseReturnValue:
    return _statement("statements/personal_data.html")


def _statement(template: str) -> ResponseReturnValue:
    tenant = current_federation()
    return open_page(template, told=details_of(tenant.id), updated_on=updated_on(tenant.id))
