"""The office registers what somebody told it by phone, at a meeting or in a letter. Stops at registering: the case page
is casework's.
"""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.cases.queries import case_for, contact_of
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.intake.blueprint import blueprint as blueprint
from lexheller.intake.codes import grouped
from lexheller.intake.doubtful import doubts_of
from lexheller.intake.forms import RegisterForm
from lexheller.intake.once import SentAsOccurrence
from lexheller.intake.remembered import REGISTERED, remember, remembered_case
from lexheller.intake.service import Channel, receipt_code, register_on_behalf
from lexheller.intake.submissions import submission_of
from lexheller.privacy.refusal import IDENTITY_NUMBER
from lexheller.web.access import requires

SWEDISH = "sv"


@blueprint.get("/arenden/<federation>/registrera")
@requires(Right.HANDLE_CASES)
def register(federation: str) -> ResponseReturnValue:
    form = RegisterForm(submission_id=str(uuid.uuid4()), told_on=clock.today())
    form.fill_choices(current_federation().id)
    return _page(form)


@blueprint.post("/arenden/<federation>/registrera")
@requires(Right.HANDLE_CASES)
def send_register(federation: str) -> ResponseReturnValue:
    tenant = current_federation()
    form = RegisterForm()
    form.fill_choices(tenant.id)
    if not form.validate_on_submit():
        return _page(form), 422
    submission = submission_of(form, SWEDISH)
    found = [] if submission.looked else doubts_of(tenant.id, submission)
    if found:
        form.ask_about(found)
        return _page(form), 422
    try:
        case = register_on_behalf(current_actor(), tenant, submission, Channel(form.channel.data), form.told_on.data)
    except InvalidInput as problem:
        form.put_error(problem.field, _refusal(problem.code))
        return _page(form), 422
    except SentAsOccurrence:
        form.put_error(
            "what_happened", _("Det här är redan räknat som ytterligare en händelse. Öppna ett nytt formulär.")
        )
        return _page(form), 422
    remember(REGISTERED, tenant.id, case.report.submission_id)
    return redirect(url_for("intake.registered", federation=tenant.slug))


@blueprint.get("/arenden/<federation>/registrera/klart")
@requires(Right.HANDLE_CASES)
def registered(federation: str) -> ResponseReturnValue:
    """The code to give to the person whose report was registered last, and the way to its case."""
    tenant = current_federation()
    case = remembered_case(REGISTERED)
    if case is None or case.federation_id != tenant.id:
        return redirect(url_for("intake.register", federation=tenant.slug))
    case = case_for(current_actor(), tenant.id, case.id)
    return render_template(
        "intake/registered.html",
        case=case,
        receipt_code=grouped(receipt_code(tenant.id, case.report.submission_id)),
        has_email=contact_of(case.report_id) is not None,
    )


def _refusal(code: str) -> str:
    words = {
        IDENTITY_NUMBER: _("Ta bort personnumret. Vi får inte ta emot personnummer."),
        "in_the_future": _("Dagen har inte kommit än. Skriv dagen då den kom till er."),
        "too_long_ago": _("Dagen är mer än ett år sedan. Kontrollera årtalet."),
    }
    return str(words[code])


def _page(form: RegisterForm) -> str:
    tenant = current_federation()
    return render_template(
        "intake/register.html",
        form=form,
        today=clock.today().isoformat(),
        action_url=url_for("intake.send_register", federation=tenant.slug),
    )
