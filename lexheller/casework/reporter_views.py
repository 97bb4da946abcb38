"""Who the reporter is: shown to the office alone, on the answer to a button, and noted each time. And the way to the
reporter, which the office can close.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import note
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.audit.reading_log import Thing
from lexheller.casework import beside, forms, page_forms
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.stepping import Outcome, again, asked_case, put_refusal, step
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/visa-adress")
@requires(Right.HANDLE_CASES)
def open_contact(federation: str, case_id: int) -> ResponseReturnValue:
    """The address stands on this one answer and nowhere else."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "open_contact", forms.OpenContactForm)
    if not form.validate_on_submit():
        return again(case, "open_contact", form)
    try:
        with all_or_nothing():
            contact = beside.open_contact(current_actor(), case, form.reason.data or "")
    except InvalidInput as refused:
        put_refusal(form, refused)
        return again(case, "open_contact", form)
    note(Thing.CONTACT, case.id)
    return render_template("casework/contact.html", case=case, contact=contact)


@blueprint.post(f"{CASE}/stang-lank")
@requires(Right.HANDLE_CASES)
def close_reporter_link(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "close_reporter_link", forms.CloseLinkForm)

    def outcome() -> Outcome:
        return Outcome(
            lambda: beside.close_reporter_link(current_actor(), case, form.reason.data),
            _("Länken är stängd, och anmälaren får inga fler mejl."),
        )

    return step(case, "close_reporter_link", form, outcome)
