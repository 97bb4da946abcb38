"""A report as a file: drafts for those who write them, editions for those who may read them. Public figures alone."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import editions, rendering
from lexheller.action_reports.blueprint import DRAFT, EDITION, blueprint
from lexheller.action_reports.document import Document
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.forms_template_parts import UnusableTemplateError
from lexheller.action_reports.reading import language_here
from lexheller.audit.reading_log import Thing
from lexheller.web.access import requires

FORM = '<any(html, pdf, docx, "short-docx", xlsx, csv, json):form>'


@blueprint.get(f"{DRAFT}.{FORM}")
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def draft_file(federation: str, year: int, form: str) -> ResponseReturnValue:
    """What an edition would be if it were frozen now."""
    tenant = current_federation()
    data = report_data(tenant, year, to_show=True)
    what = rendering.draft_document(data, editions.stage_of(tenant, year, data), language_here())
    return _sent(what, form, None, url_for("action_reports.draft", federation=tenant.slug, year=year))


@blueprint.get(f"{EDITION}.{FORM}")
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.EDITION, "year", "number")
def edition_file(federation: str, year: int, number: int, form: str) -> ResponseReturnValue:
    tenant = current_federation()
    one = editions.edition_for(current_actor(), tenant.id, year, number)
    there = url_for("action_reports.edition", federation=tenant.slug, year=year, number=number)
    return _sent(rendering.edition_document(one, language_here()), form, number, there)


def _sent(what: Document, form: str, number: int | None, back: str) -> ResponseReturnValue:
    tenant = current_federation()
    try:
        content = rendering.drawn(what, form, tenant)
    except UnusableTemplateError:
        flash(_("Förbundets Wordmall går inte att använda. Ladda upp en annan under Inställningar."), "error")
        return redirect(back)
    name = rendering.file_name(what.year, tenant, form, number)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=rendering.FORMS[form].media_type, headers=headers)
