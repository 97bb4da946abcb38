"""Steps that say what a case is about and what was done because of it."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.actions import queries as actions
from lexheller.actions.models import ActionStatus
from lexheller.casework import beside, describing, forms, page_forms
from lexheller.casework.blueprint import CASE, ID, blueprint
from lexheller.casework.page_forms import with_its_own
from lexheller.casework.stepping import Outcome, asked_case, bare_step, picked, step
from lexheller.core import clock
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations import queries as organisations
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/uppgifter")
@requires(Right.HANDLE_CASES)
def classify(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form, of = page_forms.sent(case, "classify", forms.ClassifyForm), case.federation_id
    places, parties = organisations.municipalities(of), organisations.organisations(of)

    def verb() -> None:
        describing.classify(
            current_actor(),
            case,
            theme=picked(with_its_own(organisations.themes(of), case.theme), form.theme.data),
            municipality=picked(with_its_own(places, case.municipality), form.municipality.data),
            organisation=picked(with_its_own(parties, case.concerned_organisation), form.organisation.data),
            unit=picked(with_its_own(organisations.units(of), case.concerned_unit), form.unit.data),
            settled=form.settled.data,
            seen=form.seen,
        )

    return step(case, "classify", form, lambda: Outcome(verb, _("Uppgifterna är sparade.")))


@blueprint.post(f"{CASE}/atgard")
@requires(Right.HANDLE_CASES)
def record_action(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "record_action", forms.ActionForm)

    def verb() -> None:
        describing.record_action(
            current_actor(),
            case,
            type=picked(actions.types(case.federation_id), form.type.data),
            description=form.description.data,
            status=ActionStatus(form.status.data),
            action_on=form.action_on.data,
            owner_unit=picked(organisations.units(case.federation_id), form.owner.data),
            seen=form.seen,
        )

    return step(case, "record_action", form, lambda: Outcome(verb, _("Åtgärden är sparad.")))


@blueprint.post(f"{CASE}/atgard/<{ID}:action_id>/genomford")
@requires(Right.HANDLE_CASES)
def finish_action(federation: str, case_id: int, action_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    action = next((found for found in actions.of_case(case.id) if found.id == action_id), None)
    if action is None:
        raise NotAllowedToSee("action")
    form = page_forms.sent(case, "record_action", forms.SeenForm)
    return bare_step(
        case,
        form,
        lambda: describing.finish_action(current_actor(), case, action, action_on=clock.today(), seen=form.seen),
        _("Åtgärden är markerad som genomförd."),
    )


@blueprint.post(f"{CASE}/forslag/<{ID}:proposal_id>")
@requires(Right.HANDLE_CASES)
def settle_proposal(federation: str, case_id: int, proposal_id: int) -> ResponseReturnValue:
    """Take a manager's proposal or leave it: the button that was pressed tells which."""
    case = asked_case(case_id)
    proposal = picked(beside.proposals(case.id), str(proposal_id))
    if proposal is None:
        raise NotAllowedToSee("proposal")
    form = page_forms.sent(case, "settle_proposal", forms.SeenForm)
    taken = "take" in request.form
    return bare_step(
        case,
        form,
        lambda: beside.settle_proposal(current_actor(), case, proposal, taken=taken, seen=form.seen),
        _("Förslaget är godtaget.") if taken else _("Förslaget är lagt åt sidan."),
    )
