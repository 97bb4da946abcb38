"""The reporter's form, what was sent before that resembles it, and the receipt. Open links, no account."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.session import current_federation
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.core.errors import InvalidInput
from lexheller.intake.blueprint import blueprint as blueprint
from lexheller.intake.codes import grouped
from lexheller.intake.doubtful import doubts_of
from lexheller.intake.forms import ReportForm
from lexheller.intake.occurrences import case_counted_on, count_occurrence
from lexheller.intake.once import SentAsOccurrence, SentAsReport, sent_occurrence, sent_report
from lexheller.intake.remembered import COUNTED, NEW_RECEIPT, remember, remembered, remembered_case
from lexheller.intake.service import Submission, receipt_code, submit
from lexheller.intake.similar import SharedCase, resembling, shared_of
from lexheller.intake.submissions import submission_of
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federations, municipality_names
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender
from lexheller.web.locale import chosen

REPORTS = Limit("reports", "300 per minute; 3000 per hour")
LARGEST_ID = 2**31 - 1
# The buttons of the page that shows what resembles the report.
ALSO, SEND_ANYWAY, CHANGE = "occurrence", "send", "change"


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
    """Sent once, or after a look at what may name somebody, and at what resembles it: then the button that was pressed
    tells what becomes of it.
    """
    tenant = current_federation()
    form = ReportForm()
    form.fill_choices(tenant.id)
    REPORTS.check(sender())
    if not form.validate_on_submit():
        return _form_page(form), 422
    submission = submission_of(form, chosen())
    if CHANGE in request.form:
        return _form_page(form, sent_back=True)
    if _is_asked(tenant, form, submission):
        REPORTS.count(sender())
        return _form_page(form), 422
    if ALSO in request.form:
        return _counted(tenant, form, submission)
    if SEND_ANYWAY not in request.form:
        found = _resembling(tenant, submission)
        if found:
            REPORTS.count(sender())
            return _similar_page(form, submission, found)
    return _stored(tenant, form, submission)


@blueprint.get("/anmal/<federation>/raknad")
@public
def counted(federation: str) -> ResponseReturnValue:
    """What happens with the occurrence that this browser sent last."""
    tenant = current_federation()
    found = remembered(COUNTED)
    occurrence = sent_occurrence(*found) if found is not None else None
    if occurrence is None or occurrence.federation_id != tenant.id:
        return redirect(url_for("intake.report", federation=tenant.slug))
    return render_template("intake/counted.html", federation=tenant, shared=shared_of(case_counted_on(occurrence)))


@blueprint.get("/kvitto/ny")
@public
def receipt() -> ResponseReturnValue:
    """The receipt of the report that this browser sent last, with its code."""
    case = remembered_case(NEW_RECEIPT)
    if case is None:
        return redirect(url_for("intake.receipt_lookup"))
    return render_template(
        "intake/receipt.html",
        federation=case.federation,
        report_number=case.number,
        receipt_code=grouped(receipt_code(case.federation_id, case.report.submission_id)),
        has_email=contact_of(case.report_id) is not None,
        is_held=case.held_at is not None,
        receipt_url=url_for("intake.receipt_lookup"),
    )


def _is_asked(tenant: Federation, form: ReportForm, submission: Submission) -> bool:
    """Whether somebody may be named and the writer has not said to have looked: then the form asks (P24)."""
    if submission.looked or _has_arrived(tenant, submission):
        return False
    found = doubts_of(tenant.id, submission)
    if found:
        form.ask_about(found)
    return bool(found)


def _has_arrived(tenant: Federation, submission: Submission) -> bool:
    """A resend is answered as the first time: nothing is asked again."""
    sent = sent_report(tenant.id, submission.submission_id) or sent_occurrence(tenant.id, submission.submission_id)
    return sent is not None


def _resembling(tenant: Federation, submission: Submission) -> list[SharedCase]:
    return [] if _has_arrived(tenant, submission) else resembling(tenant.id, submission)


def _stored(tenant: Federation, form: ReportForm, submission: Submission) -> ResponseReturnValue:
    try:
        case = submit(tenant, submission)
    except InvalidInput as problem:
        return _refused(form, problem)
    except SentAsOccurrence:
        return _thanks(tenant, submission)
    REPORTS.count(sender())
    return _to_receipt(case, submission)


def _counted(tenant: Federation, form: ReportForm, submission: Submission) -> ResponseReturnValue:
    try:
        count_occurrence(tenant, submission, _case_id())
    except InvalidInput as problem:
        return _refused(form, problem)
    except SentAsReport as sent:
        return _to_receipt(sent.case, submission)
    REPORTS.count(sender())
    return _thanks(tenant, submission)


def _case_id() -> int:
    """0, which is no case, for anything that is no id."""
    found = request.form.get(ALSO, 0, type=int)
    return found if 0 < found <= LARGEST_ID else 0


def _refused(form: ReportForm, problem: InvalidInput) -> ResponseReturnValue:
    if problem.field == ALSO:
        flash(_("Det ärendet går inte längre att välja. Skicka din anmälan i stället, texten finns kvar."), "warning")
        return _form_page(form, sent_back=True), 422
    form.put_error(problem.field, _("Ta bort personnumret. Vi får inte ta emot personnummer."))
    return _form_page(form), 422


def _to_receipt(case: Case, submission: Submission) -> ResponseReturnValue:
    if case.report.what_happened != submission.what_happened:
        flash(
            _("Anmälan hade redan kommit fram. Det du ändrade efteråt är inte med: skicka det som en ny anmälan."),
            "warning",
        )
    remember(NEW_RECEIPT, case.federation_id, case.report.submission_id)
    return redirect(url_for("intake.receipt"))


def _thanks(tenant: Federation, submission: Submission) -> ResponseReturnValue:
    remember(COUNTED, tenant.id, submission.submission_id)
    return redirect(url_for("intake.counted", federation=tenant.slug))


def _form_page(form: ReportForm, *, sent_back: bool = False) -> str:
    """`sent_back`: the page holds the newest text, which wins over a draft that the browser has kept."""
    tenant = current_federation()
    return render_template(
        "intake/report.html",
        form=form,
        federation=tenant,
        sent_back=sent_back or bool(form.errors),
        action_url=url_for("intake.send_report", federation=tenant.slug),
    )


def _similar_page(form: ReportForm, submission: Submission, found: list[SharedCase]) -> str:
    tenant = current_federation()
    form.submission_id.data = submission.submission_id
    return render_template(
        "intake/similar.html",
        form=form,
        federation=tenant,
        similar=found,
        action_url=url_for("intake.send_report", federation=tenant.slug),
    )
