"""Steps that send the case to those who can answer."""

from __future__ import annotations

from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.cases.queries import duty_of
from lexheller.casework import forms, page_forms, sending
from lexheller.casework.blueprint import CASE, ID, blueprint
from lexheller.casework.stepping import Outcome, asked_case, bare_step, picked, step
from lexheller.core.errors import InvalidInput
from lexheller.deadlines.sweep import remind_now
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import units
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/fordela")
@requires(Right.HANDLE_CASES)
def assign(federation: str, case_id: int) -> ResponseReturnValue:
    """To one unit or several, in a new round."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "assign", forms.AssignForm)

    def outcome() -> Outcome:
        chosen = [unit for unit in units(case.federation_id) if str(unit.id) in form.units.data]
        return Outcome(lambda: sending.assign(current_actor(), case, chosen, seen=form.seen), _sent_to(chosen))

    return step(case, "assign", form, outcome)


@blueprint.post(f"{CASE}/fraga-en-till")
@requires(Right.HANDLE_CASES)
def add_party(federation: str, case_id: int) -> ResponseReturnValue:
    """One more unit in this round."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "add_party", forms.AddPartyForm)

    def outcome() -> Outcome:
        unit = picked(units(case.federation_id), form.unit.data)
        if unit is None:
            raise InvalidInput("unit", "unknown")
        return Outcome(lambda: sending.add_party(current_actor(), case, unit, seen=form.seen), _sent_to([unit]))

    return step(case, "add_party", form, outcome)


@blueprint.post(f"{CASE}/uppdrag/<{ID}:duty_id>/paminn")
@requires(Right.HANDLE_CASES)
def remind(federation: str, case_id: int, duty_id: int) -> ResponseReturnValue:
    """Ask whoever answers for the unit to look at it today."""
    case = asked_case(case_id)
    duty = duty_of(case, duty_id)
    said = _("%(unit)s har fått en påminnelse.", unit=duty.unit.name)
    return bare_step(case, forms.RemindForm(), lambda: remind_now(current_actor(), duty), said)


def _sent_to(chosen: Sequence[Unit]) -> str:
    if len(chosen) == 1:
        return str(_("Skickat till %(unit)s. Ansvarig chef får ett mejl.", unit=chosen[0].name))
    return str(
        ngettext(
            "Skickat till %(num)d enhet. Ansvarig chef får ett mejl.",
            "Skickat till %(num)d enheter. Var och en får ett mejl.",
            len(chosen),
        )
    )
