"""Offers of cases from other federations. The office that is asked sees the offer and nothing else of theirs (P15)."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.cases.dialogue import Handover
from lexheller.cases.labels import EVENT
from lexheller.casework import handing_over
from lexheller.casework.handover_forms import DeclineForm, TakeOverForm
from lexheller.casework.refusals import refusal
from lexheller.casework.timeline import FOR_OFFICE
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import all_or_nothing
from lexheller.web.access import requires

blueprint = Blueprint("handovers", __name__)

ALL = "/overlamningar/<federation>"
ONE = f"{ALL}/<int(max=2147483647):handover_id>"
# The other office's own doings, which say nothing about how far the matter has come.
NOT_TOLD = FOR_OFFICE | {"case.draft_saved", "case.classified", "case.proposal_settled", "case.action_recorded"}
TAKE_OVER, DECLINE = "take_over", "decline"


@blueprint.get(ALL)
@requires(Right.HANDLE_CASES, Right.SEE_ALL_CASES)
def index(federation: str) -> ResponseReturnValue:
    """For whoever decides; while nobody does, for those who can see to it that somebody will."""
    if not handing_over.reads_offers(current_actor(), current_federation().id):
        raise NotAllowedToSee("offers")
    waiting = handing_over.offered_to(current_actor(), current_federation().id)
    return render_template("handovers/index.html", waiting=waiting)


@blueprint.get(ONE)
@requires(Right.HANDLE_CASES, Right.SEE_ALL_CASES)
@shows(Thing.HANDOVER, "handover_id")
def show(federation: str, handover_id: int) -> ResponseReturnValue:
    return _page(_offer(handover_id), DeclineForm(formdata=None, prefix=DECLINE))


@blueprint.post(f"{ONE}/ta-over")
@requires(Right.HANDLE_CASES)
def take_over(federation: str, handover_id: int) -> ResponseReturnValue:
    """The case becomes ours, under a number of our own."""
    offer = _offer(handover_id)
    form = TakeOverForm(prefix=TAKE_OVER)
    if not form.validate_on_submit():
        return _page(offer, DeclineForm(formdata=None, prefix=DECLINE)), 422
    new = handing_over.take_over(current_actor(), offer)
    flash(_("Ärendet är ert och har fått nummer %(number)s. Anmälaren får veta det.", number=new.number), "success")
    return redirect(url_for("casework.show", federation=federation, case_id=new.id))


@blueprint.post(f"{ONE}/sag-nej")
@requires(Right.HANDLE_CASES)
def decline(federation: str, handover_id: int) -> ResponseReturnValue:
    offer = _offer(handover_id)
    form = DeclineForm(prefix=DECLINE)
    if not form.validate_on_submit():
        return _page(offer, form), 422
    try:
        with all_or_nothing():
            handing_over.decline(current_actor(), offer, form.reason.data)
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.code))
        return _page(offer, form), 422
    flash(_("Ni har sagt nej. Det andra förbundet får veta det."), "success")
    return redirect(url_for("handovers.index", federation=federation))


def _offer(handover_id: int) -> Handover:
    return handing_over.offer_for(current_actor(), current_federation().id, handover_id)


def _page(offer: Handover, form: DeclineForm) -> str:
    steps = [row for row in offer.trail if row["kind"] not in NOT_TOLD]
    trail = [(datetime.fromisoformat(row["at"]), EVENT.get(row["kind"], row["kind"])) for row in steps]
    return render_template(
        "handovers/show.html",
        offer=offer,
        report=offer.case.report,
        trail=trail,
        form=form,
        take_over=TakeOverForm(formdata=None, prefix=TAKE_OVER),
        decides=current_actor().may(Right.HANDLE_CASES, offer.to_federation_id),
    )
