"""The figures of years that are over, for those who see numbers alone; the figures in words are `views`.

Only whole years: a number that is looked at from day to day tells of the single case that changed it.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_federation
from lexheller.action_reports import kept
from lexheller.action_reports.blueprint import blueprint
from lexheller.action_reports.document_data import document_of
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.figures_only import figures_only
from lexheller.action_reports.forms_html import page_of
from lexheller.action_reports.reading import language_here
from lexheller.core import clock
from lexheller.web.access import requires

FIGURES = "/siffror/<federation>"


@blueprint.get(FIGURES)
@requires(Right.SEE_FIGURES)
def figures_only_index(federation: str) -> ResponseReturnValue:
    """Straight to the last year."""
    return redirect(url_for("action_reports.figures_of_year", federation=federation, year=clock.local_year() - 1))


@blueprint.get(f"{FIGURES}/<int(min=2000, max=2100):year>")
@requires(Right.SEE_FIGURES)
def figures_of_year(federation: str, year: int) -> ResponseReturnValue:
    tenant, last = current_federation(), clock.local_year() - 1
    if year > last:
        abort(404)
    document = figures_only(document_of(report_data(tenant, year, to_show=True)["told"][language_here()]))
    return render_template(
        "action_reports/figures_only.html",
        year=year,
        years=sorted({*(one for one in kept.years(tenant.id) if one <= last), year, last}),
        document=document,
        page=page_of(document),
    )
