"""The reporter's pages: the form, the receipt, and following a report. Open links, no account."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.session import current_federation
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_report, case_of_submission, contact_of
from lexheller.cases.reporter_link import report_id_of
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.intake.codes import grouped
from lexheller.intake.forms import ReceiptForm, ReportForm
from lexheller.intake.receipt import receipt_values
from lexheller.intake.service import Submission, case_by_code, receipt_code, submit
from lexheller.organisations.queries import federations, municipality_names
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender
from lexheller.web.locale import chosen

blueprint = Blueprint("intake", __name__)

REPORTS = Limit("reports", "300 per minute; 3000 per hour")
CODES = Limit("receipt_codes", "10 per minute; 60 per hour")
NEW_RECEIPT, FOLLOWED = "new_receipt", "followed_report"
REMEMBERED_SECONDS = 30 * 60


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    return render_template(
        "intake/choose_federation.html", federations=federations(), municipalities=municipality_names()
    )


@blueprint.get("/anmal")
@public
def choose() -> ResponseReturnValue:
    return redirect(url_for("intake.home"))


@blueprint.get("/anmal/<federation>")
@public
def report(federation: str) -> ResponseReturnValue:
    form = ReportForm(submission_id=str(uuid.uuid4()))
    form.fill_choices(current_federation().id)
    return _form_page(form)


@blueprint.post("/anmal/<federation>")
@public
def send_report(federation: str) -> ResponseReturnValue:
    tenant = current_federation()
    form = ReportForm()
    form.fill_choices(tenant.id)
    REPORTS.check(sender())
    if not form.validate_on_submit():
        return _form_page(form), 422
    submission = _submission(form)
    try:
        case = submit(tenant, submission)
    except InvalidInput as problem:
        form.put_error(problem.field, _("Ta bort personnumret. Vi får inte ta emot personnummer."))
        return _form_page(form), 422
    REPORTS.count(sender())
    if case.report.what_happened != submission.what_happened:
        flash(
            _("Anmälan hade redan kommit fram. Det du ändrade efteråt är inte med: skicka det som en ny anmälan."),
            "warning",
        )
    _remember(NEW_RECEIPT, case)
    return redirect(url_for("intake.receipt"))


@blueprint.get("/kvitto/ny")
@public
def receipt() -> ResponseReturnValue:
    """The receipt of the report that this browser sent last, with its code."""
    case = _remembered(NEW_RECEIPT)
    if case is None:
        return redirect(url_for("intake.receipt_lookup"))
    return render_template(
        "intake/receipt.html",
        federation=case.federation,
        report_number=case.number,
        receipt_code=grouped(receipt_code(case.federation_id, case.report.submission_id)),
        has_email=contact_of(case.report_id) is not None,
        receipt_url=url_for("intake.receipt_lookup"),
    )


@blueprint.get("/kvitto")
@public
def receipt_lookup() -> ResponseReturnValue:
    return render_template("intake/receipt_lookup.html", form=ReceiptForm())


@blueprint.post("/kvitto")
@public
def send_code() -> ResponseReturnValue:
    form = ReceiptForm()
    CODES.check(sender())
    case = case_by_code(form.code.data) if form.validate_on_submit() else None
    if case is None:
        if not form.errors:
            form.put_error("code", _("Ingen anmälan har den koden. Kontrollera koden på ditt kvitto och försök igen."))
        CODES.count(sender())
        return render_template("intake/receipt_lookup.html", form=form), 422
    session.pop(NEW_RECEIPT, None)  # whoever types the code has it; the next person at this screen must not see it
    _remember(FOLLOWED, case)
    return redirect(url_for("intake.receipt_status"))


@blueprint.get("/kvitto/anmalan")
@public
def receipt_status() -> ResponseReturnValue:
    """The report whose code or link this browser has shown."""
    case = _remembered(FOLLOWED)
    if case is None:
        return redirect(url_for("intake.receipt_lookup"))
    return render_template("intake/receipt_status.html", federation=case.federation, **receipt_values(case))


@blueprint.get("/kvitto/lank/<token>")
@public
def receipt_link(token: str) -> ResponseReturnValue:
    """A mailed link: the same page as the code leads to, until the link is revoked."""
    report_id = report_id_of(token)
    if report_id is None:
        abort(404)
    case = case_of_report(report_id)
    return render_template("intake/receipt_status.html", federation=case.federation, **receipt_values(case))


def _remember(what: str, case: Case) -> None:
    """In the browser's own signed cookie: which submission, and when. No code, no text."""
    session[what] = [case.federation_id, case.report.submission_id, int(clock.now().timestamp())]


def _remembered(what: str) -> Case | None:
    """The case this browser showed last, for half an hour: the next person at the screen must not find it."""
    try:
        federation_id, submission_id, at = session[what]
    except (KeyError, TypeError, ValueError):
        return None
    if clock.now().timestamp() - at > REMEMBERED_SECONDS:
        return None
    return case_of_submission(federation_id, submission_id)


def _form_page(form: ReportForm) -> str:
    tenant = current_federation()
    return render_template(
        "intake/report.html",
        form=form,
        federation=tenant,
        action_url=url_for("intake.send_report", federation=tenant.slug),
    )


def _submission(form: ReportForm) -> Submission:
    return Submission(
        submission_id=form.own_submission_id(),
        what_happened=form.what_happened.data,
        reporting_organisation_id=_id(form.reporting_organisation.data),
        concerned_organisation_id=_id(form.concerned_organisation.data),
        municipality_id=_id(form.municipality.data),
        consequence=form.consequence.data,
        done_at_once=form.done_at_once.data,
        proposal=form.proposal.data,
        reporter_email=form.reporter_email.data,
        locale=chosen(),
    )


def _id(chosen_value: str | None) -> int | None:
    """The form has checked the value against this federation's own list."""
    return int(chosen_value) if chosen_value else None
