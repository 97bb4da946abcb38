"""The pages of very many documents: what a period holds, picking it, and the one file that is made of it."""

from __future__ import annotations

from collections import Counter

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.records import batch, release_labels, release_queries
from lexheller.records.blueprint import PACKAGE, RELEASE, blueprint
from lexheller.records.release_check_views import said_of_picked
from lexheller.records.release_forms import KindsForm, SeenForm, this_year
from lexheller.records.release_readings import note_documents
from lexheller.records.release_states import DocumentKind, PackageStatus
from lexheller.records.release_views import request_here, taken, to
from lexheller.web.access import requires


@blueprint.route(f"{RELEASE}/period", methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def pick_period(federation: str, request_id: int) -> ResponseReturnValue:
    """The address names the period and the kinds; it is counted before anything is picked."""
    asked, form = request_here(request_id), _period()
    seen = SeenForm(data={"version": asked.version})
    counts: Counter[DocumentKind] | None = None
    if "first" in request.args and form.validate():
        try:
            if request.method == "POST" and seen.validate():
                rows = batch.pick_period(current_actor(), asked, *form.days, form.chosen, seen=seen.seen)
                flash(said_of_picked(len(rows)), "success")
                return to(asked)
            found = batch.of_period(current_actor(), current_federation().id, *form.days, form.chosen)
            counts = Counter(one.kind for one in found)
        except InvalidInput as problem:
            seen.refused(problem)
    failed = bool(form.errors or seen.errors)
    values = {"asked": asked, "form": form, "seen": seen, "counts": counts, "labels": release_labels}
    return render_template("records/release_period.html", **values), 422 if failed else 200


@blueprint.post(f"{RELEASE}/paket")
@requires(Right.KEEP_RECORDS)
def make_package(federation: str, request_id: int) -> ResponseReturnValue:
    asked, form = request_here(request_id), SeenForm()
    said = _("Paketet görs nu. Det kan ta några minuter. Ladda om sidan för att se hur långt det har kommit.")
    return taken(asked, form, lambda: batch.ask_for_package(current_actor(), asked, seen=form.seen), said)


@blueprint.get(PACKAGE)
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id", form="zip")
def release_package(federation: str, request_id: int, package_id: int) -> ResponseReturnValue:
    asked = request_here(request_id)
    package = release_queries.package_for(current_actor(), asked, package_id)
    if package.status != PackageStatus.READY or package.content is None:
        flash(_("Paketet finns inte att hämta nu. Gör ett nytt: det görs av kopiorna som de är nu."), "info")
        return to(asked)
    note_documents(release_queries.documents_in(package), form="zip")
    headers = {"Content-Disposition": f'attachment; filename="utlamnande-{asked.id}.zip"'}
    return Response(package.content, mimetype="application/zip", headers=headers)


def _period() -> KindsForm:
    first, last = this_year()
    if "first" in request.args:
        return KindsForm(formdata=request.args)
    return KindsForm(formdata=None, data={"first": first, "last": last, "kinds": [str(one) for one in DocumentKind]})
