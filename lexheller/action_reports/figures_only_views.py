"""The published figures, for those who see numbers alone; the figures in words are `views`.

Nothing is counted here: a number that is looked at from day to day tells of the single case that changed it.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_federation
from lexheller.action_reports.blueprint import blueprint
from lexheller.action_reports.figures_only import figures_only
from lexheller.action_reports.forms_html import page_of
from lexheller.action_reports.publishing_editions import newest_published, published
from lexheller.action_reports.reading import language_here
from lexheller.action_reports.rendering import edition_document
from lexheller.core import clock
from lexheller.web.access import requires

FIGURES = "/siffror/<federation>"


@blueprint.get(FIGURES)
@requires(Right.SEE_FIGURES)
def figures_only_index(federation: str) -> ResponseReturnValue:
    """Straight to the latest year that is published, or to last year, of which the next report will be."""
    latest = max(_years(current_federation().id), default=clock.local_year() - 1)
    return redirect(url_for("action_reports.figures_of_year", federation=federation, year=latest))


@blueprint.get(f"{FIGURES}/<int(min=2000, max=2100):year>")
@requires(Right.SEE_FIGURES)
def figures_of_year(federation: str, year: int) -> ResponseReturnValue:
    tenant, last = current_federation(), clock.local_year() - 1
    if year > last:
        abort(404)
    edition = newest_published(tenant.id, year)
    document = figures_only(edition_document(edition, language_here())) if edition is not None else None
    return render_template(
        "action_reports/figures_only.html",
        year=year,
        years=sorted({*_years(tenant.id), year, last}),
        edition=edition,
        document=document,
        page=page_of(document) if document is not None else None,
    )


def _years(federation_id: int) -> set[int]:
    return {one.edition.year for one in published(federation_id)}
