"""The page on which the office publishes a case: write, look at exactly what will be shown, publish, take down."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.audit.reading_log import Thing
from lexheller.cases.models import Case
from lexheller.cases.permissions import steps_for
from lexheller.cases.published import PublishedCase
from lexheller.cases.states import Step
from lexheller.casework import publishing_cases
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.publishing_forms import WITHDRAW, PublishForm, WithdrawPublicationForm
from lexheller.casework.refusals import refusal
from lexheller.casework.stepping import asked_case, done
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE, doubts_in

SEND, EDIT = "publish", "edit"


@blueprint.get(f"{CASE}/publicera")
@requires(Right.HANDLE_CASES)
@shows(Thing.CASE, "case_id")
def write_publication(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    return _page(case, _begun(case))


@blueprint.post(f"{CASE}/publicera")
@requires(Right.HANDLE_CASES)
def publish(federation: str, case_id: int) -> ResponseReturnValue:
    """The button tells: look at it first, back to the form with the text, or publish."""
    case = asked_case(case_id)
    form = PublishForm()
    if EDIT in request.form:
        return _page(case, form)
    if not form.validate_on_submit():
        return _page(case, form), 422
    if SEND not in request.form:
        return _preview(case, form)
    try:
        with all_or_nothing():
            publishing_cases.publish(current_actor(), case, form.texts, seen=form.seen, looked=form.looked.data)
    except InvalidInput as problem:
        if problem.field != "looked":
            form.put_error(problem.field, refusal(problem.code))
            return _page(case, form), 422
        form.put_error("looked", _("Läs det som är markerat och kryssa i rutan, eller ta bort det ur texten."))
        return _preview(case, form), 422
    flash(_("Texten är publicerad. Vem som helst kan läsa den nu."), "success")
    return redirect(url_for("casework.write_publication", federation=federation, case_id=case.id))


@blueprint.post(f"{CASE}/publicera/ta-ner")
@requires(Right.HANDLE_CASES)
def withdraw_publication(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = WithdrawPublicationForm(prefix=WITHDRAW)
    if not form.validate_on_submit():
        return _page(case, _begun(case), form), 422
    try:
        with all_or_nothing():
            publishing_cases.withdraw_publication(current_actor(), case, form.reason.data, seen=form.seen)
    except InvalidInput as problem:
        form.put_error(problem.field, refusal(problem.code))
        return _page(case, _begun(case), form), 422
    return done(case, _("Texten visas inte längre öppet."))


def _begun(case: Case) -> PublishForm:
    texts = asdict(publishing_cases.texts_to_begin_with(case))
    return PublishForm(formdata=None, data={**texts, "version": _version(publishing_cases.publication_of(case))})


def _page(case: Case, form: PublishForm, withdraw: WithdrawPublicationForm | None = None) -> str:
    standing = publishing_cases.publication_of(case)
    fresh = WithdrawPublicationForm(formdata=None, prefix=WITHDRAW, data={"version": _version(standing)})
    return render_template(
        "casework/publish.html",
        case=case,
        form=form,
        withdraw=withdraw or fresh,
        failed=withdraw if withdraw is not None else form,
        standing=standing,
        may_publish=Step.PUBLISH in steps_for(current_actor(), case),
    )


def _preview(case: Case, form: PublishForm) -> str:
    """Just as the open page will show it."""
    standing = publishing_cases.publication_of(case)
    texts = asdict(form.texts)
    return render_template(
        "casework/publish_preview.html",
        case=case,
        form=form,
        texts=texts,
        theme=standing.theme if standing else case.theme,
        year=standing.year if standing else case.received_on.year,
        found=doubts_in(texts),
        looks_like=LOOKS_LIKE,
    )


def _version(standing: PublishedCase | None) -> int:
    return standing.version if standing is not None else publishing_cases.NOT_PUBLISHED
