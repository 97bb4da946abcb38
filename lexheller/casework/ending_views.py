"""Steps that end a case here, or take that back: close, hand over, put two together, open again."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.cases.queries import case_by_number
from lexheller.cases.states import CloseReason
from lexheller.casework import closing, forms, handing_over, page_forms
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.preview import outgoing
from lexheller.casework.stepping import EDIT, PREVIEW, Outcome, again, asked_case, bare_step, picked, put_refusal, step
from lexheller.core.errors import InvalidInput
from lexheller.organisations.queries import federations
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/avsluta")
@requires(Right.HANDLE_CASES)
def close(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "close", forms.CloseForm)

    def outcome() -> Outcome:
        reason = CloseReason(form.reason.data)
        return Outcome(
            lambda: closing.close(current_actor(), case, reason, form.conclusion.data, seen=form.seen),
            _("Ärendet är avslutat. Du kan öppna det igen om det behövs."),
            reads=[(_("Slutsats"), form.conclusion.data)],
            send_label=_("Avsluta"),
        )

    return step(case, "close", form, outcome)


@blueprint.post(f"{CASE}/oppna-igen")
@requires(Right.HANDLE_CASES)
def reopen(federation: str, case_id: int) -> ResponseReturnValue:
    """Also takes a merged case apart again."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "reopen", forms.SeenForm)
    said = _("Ärendet är öppet igen och ligger hos dig.")
    return bare_step(case, form, lambda: closing.reopen(current_actor(), case, seen=form.seen), said)


@blueprint.post(f"{CASE}/sla-ihop")
@requires(Right.HANDLE_CASES)
def merge(federation: str, case_id: int) -> ResponseReturnValue:
    """The two cases beside each other first; only from there are they put together."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "merge", forms.MergeForm)

    def outcome() -> Outcome:
        into = case_by_number(current_actor(), case.federation_id, form.number.data)
        return Outcome(
            lambda: closing.merge(current_actor(), case, into, seen=form.seen),
            _("Ärendet hör nu ihop med %(number)s. Du kan ta isär dem igen.", number=into.number),
        )

    if PREVIEW in request.form and EDIT not in request.form and form.validate_on_submit():
        try:
            into = case_by_number(current_actor(), case.federation_id, form.number.data)
            mails = outgoing(outcome().verb, case.federation_id)
        except InvalidInput as refused:
            put_refusal(form, refused)
            return again(case, "merge", form)
        return render_template("casework/merge.html", case=case, into=into, mails=mails, form=form)
    return step(case, "merge", form, outcome)


@blueprint.post(f"{CASE}/overlamna")
@requires(Right.HANDLE_CASES)
def offer_handover(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "offer_handover", forms.OfferForm)

    def outcome() -> Outcome:
        to = picked(federations(), form.to.data)
        if to is None:
            raise InvalidInput("to", "unknown")
        return Outcome(
            lambda: handing_over.offer(
                current_actor(), case, to, form.reason.data, form.text_to_reporter.data, seen=form.seen
            ),
            _("%(name)s har fått frågan. Ärendet är ert tills de har sagt ja.", name=to.name),
            reads=[(_("När det andra förbundet har sagt ja"), form.text_to_reporter.data)],
        )

    return step(case, "offer_handover", form, outcome)


@blueprint.post(f"{CASE}/overlamna/ta-tillbaka")
@requires(Right.HANDLE_CASES)
def call_off_handover(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "call_off_handover", forms.SeenForm)

    def verb() -> None:
        offer = handing_over.open_offer(case.id)
        if offer is None:
            raise InvalidInput("handover", "decided_already")
        handing_over.call_off(current_actor(), case, offer, seen=form.seen)

    return bare_step(case, form, verb, _("Erbjudandet är tillbakataget. Ärendet är kvar hos er."))
