"""The pages of a request for documents: register it, see how far it has come, hand out, decide in writing, close."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.records import release, release_labels, release_letters, release_queries
from lexheller.records.blueprint import COPY, RELEASE, RELEASES, blueprint
from lexheller.records.release import MOST_GIVEN_AT_ONCE, Asked
from lexheller.records.release_forms import RequestForm, SeenForm
from lexheller.records.release_models import ReleaseCopy, ReleaseRequest
from lexheller.records.release_readings import note_documents
from lexheller.records.release_states import CopyForm, PackageStatus
from lexheller.web.access import requires

PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"


@blueprint.get(RELEASES)
@requires(Right.KEEP_RECORDS)
def releases(federation: str) -> ResponseReturnValue:
    tenant = current_federation()
    page = release_queries.requests_page(current_actor(), tenant.id, request.args.get("after"))
    return render_template(
        "records/releases.html",
        page=page,
        is_later=bool(request.args.get("after")),
        progress=release_queries.progress(tenant.id, [row.id for row in page.rows]),
    )


@blueprint.route(f"{RELEASES}/ny", methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
def new_release(federation: str) -> ResponseReturnValue:
    form = RequestForm(data={"asked_on": clock.today()})
    if form.validate_on_submit():
        asked = Asked(form.asked_for.data, form.asked_on.data, form.asked_by.data or "", form.answer_to.data or "")
        try:
            made = release.register(current_actor(), current_federation().id, asked, sent_id=form.sent_once)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Begäran är registrerad. Välj nu vilka handlingar den gäller."), "success")
            return to(made, "records.pick_documents")
    return render_template("records/release_new.html", form=form), 422 if form.errors else 200


@blueprint.get(RELEASE)
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def release_show(federation: str, request_id: int) -> ResponseReturnValue:
    asked = request_here(request_id)
    page = release_queries.documents_page(asked, request.args.get("after"))
    packages = release_queries.packages_of(asked)
    return render_template(
        "records/release.html",
        asked=asked,
        page=page,
        is_later=bool(request.args.get("after")),
        progress=release_queries.progress_of(asked),
        copies=release_queries.copies_by_document(asked, [row.id for row in page.rows]),
        letters=release_queries.letters_of(asked),
        packages=packages,
        being_made=any(one.status == PackageStatus.MAKING for one in packages),
        next=release_queries.next_undecided(asked),
        seen=SeenForm(formdata=None, data={"version": asked.version}),
        labels=release_labels,
        most_at_once=MOST_GIVEN_AT_ONCE,
        who=names_of({asked.registered_by_user_id} if asked.registered_by_user_id else set()),
    )


@blueprint.route(f"{RELEASE}/lamna-ut", methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def give_out(federation: str, request_id: int) -> ResponseReturnValue:
    """What copies will be made, and the button that makes them."""
    asked = request_here(request_id)
    form = SeenForm(data={"version": asked.version})
    if request.method == "POST":
        said = _("Kopiorna är gjorda. Hämta dem här och lämna dem till den som frågade.")
        return taken(asked, form, lambda: release.give_out(current_actor(), asked, seen=form.seen), said)
    rows = release_queries.waiting_copies(asked)
    if not rows:
        return to(asked)
    values = {"asked": asked, "form": form, "rows": rows, "labels": release_labels}
    return render_template("records/release_give_out.html", **values, most=MOST_GIVEN_AT_ONCE)


@blueprint.route(f"{RELEASE}/beslut", methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def release_letter(federation: str, request_id: int) -> ResponseReturnValue:
    """What the decision will say, and the button that writes it."""
    asked = request_here(request_id)
    form = SeenForm(data={"version": asked.version})
    if request.method == "POST":
        said = _("Beslutet är skrivet och har fått ett diarienummer. Skicka det till den som frågade.")
        return taken(asked, form, lambda: release_letters.write_letter(current_actor(), asked, seen=form.seen), said)
    rows = release_queries.to_tell(asked)
    if not rows:
        return to(asked)
    values = {"asked": asked, "form": form, "rows": rows, "labels": release_labels, "signs": current_actor().name}
    contact = release_letters.contact_of(asked.federation_id)
    return render_template("records/release_letter.html", **values, contact=contact)


@blueprint.post(f"{RELEASE}/avsluta")
@requires(Right.KEEP_RECORDS)
def close_release(federation: str, request_id: int) -> ResponseReturnValue:
    asked, form = request_here(request_id), SeenForm()
    said = _("Begäran är avslutad. Allt som lämnades ut finns kvar här.")
    return taken(asked, form, lambda: release.close(current_actor(), asked, seen=form.seen), said)


@blueprint.get(COPY)
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id", form="copy")
def release_copy(federation: str, request_id: int, copy_id: int) -> ResponseReturnValue:
    asked = request_here(request_id)
    copy = release_queries.copy_for(current_actor(), asked, copy_id)
    if copy.masked_at is not None or copy.content is None:
        flash(_("Texten har maskerats sedan kopian gjordes, så den går inte att hämta. Gör en ny kopia."), "info")
        return to(asked)
    note_documents(release_queries.documents_of(copy), form="copy")
    headers = {"Content-Disposition": f'attachment; filename="{_name(copy)}"'}
    return Response(copy.content, content_type=TEXT if copy.form == CopyForm.TEXT else PDF, headers=headers)


def request_here(request_id: int) -> ReleaseRequest:
    return release_queries.request_for(current_actor(), current_federation().id, request_id)


def to(asked: ReleaseRequest, endpoint: str = "records.release_show") -> ResponseReturnValue:
    return redirect(url_for(endpoint, federation=current_federation().slug, request_id=asked.id))


def taken(asked: ReleaseRequest, form: SeenForm, step: Callable[[], object], said: str) -> ResponseReturnValue:
    """Take the step and say what came of it, on the request's page."""
    if not form.validate():
        flash(_("Ladda om sidan och försök igen."), "error")
        return to(asked)
    try:
        step()
    except InvalidInput as problem:
        words = release_labels.REFUSED.get(f"{problem.field}.{problem.code}", _("Det gick inte. Försök igen."))
        flash(str(words), "error")
    else:
        flash(said, "success")
    return to(asked)


def _name(copy: ReleaseCopy) -> str:
    """In ASCII; tells nothing of what the file says."""
    if copy.form == CopyForm.LETTER:
        return f"beslut-{copy.id}.pdf"
    return f"handling-{copy.document_id}.{'txt' if copy.form == CopyForm.TEXT else 'pdf'}"
