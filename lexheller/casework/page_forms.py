"""The forms of the case page: which ones a viewer gets, their choices, and what they are filled with at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from flask_babel import gettext as _

from lexheller.actions import queries as actions
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import duties
from lexheller.cases.states import Step
from lexheller.casework import forms
from lexheller.casework.sending import facts_of
from lexheller.core import clock
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Unit
from lexheller.routing.service import suggest_unit
from lexheller.web.forms import Form

FORM_OF: Mapping[str, tuple[Step, type[Form]]] = {
    "assign": (Step.ASSIGN, forms.AssignForm),
    "add_party": (Step.ADD_PARTY, forms.AddPartyForm),
    "joint_answer": (Step.JOINT_ANSWER, forms.JointAnswerForm),
    "ask_reporter": (Step.ASK_REPORTER, forms.QuestionForm),
    "withdraw_question": (Step.WITHDRAW_QUESTION, forms.SeenForm),
    "write_note": (Step.WRITE_NOTE, forms.NoteForm),
    "classify": (Step.CLASSIFY, forms.ClassifyForm),
    "settle_proposal": (Step.SETTLE_PROPOSAL, forms.SeenForm),
    "share_summary": (Step.SHARE_SUMMARY, forms.SummaryForm),
    "record_action": (Step.RECORD_ACTION, forms.ActionForm),
    "offer_handover": (Step.OFFER_HANDOVER, forms.OfferForm),
    "call_off_handover": (Step.CALL_OFF_HANDOVER, forms.SeenForm),
    "merge": (Step.MERGE, forms.MergeForm),
    "reopen": (Step.REOPEN, forms.SeenForm),
    "close": (Step.CLOSE, forms.CloseForm),
}

AnyForm = TypeVar("AnyForm", bound=Form)
Row = TypeVar("Row")


@dataclass
class Lists:
    """What the federation has to choose from, read at most once for a page."""

    case: Case
    of_case: list[Duty]

    @cached_property
    def units(self) -> list[Unit]:
        return organisations.units(self.case.federation_id)

    @cached_property
    def answerable(self) -> list[Unit]:
        """Units that somebody answers for today."""
        ids = organisations.answerable_unit_ids(self.case.federation_id, clock.today())
        return [unit for unit in self.units if unit.id in ids]

    @cached_property
    def suggested(self) -> list[int]:
        """Unit ids to begin with: those proposed by who sent it back in the latest round, else the rules' own."""
        there = [duty for duty in self.of_case if duty.round == self.case.round]
        asked = {duty.unit_id for duty in self.of_case if duty.return_reason} | {duty.unit_id for duty in there}
        possible = {unit.id for unit in self.answerable} - asked
        proposed = dict.fromkeys(duty.proposed_unit_id for duty in there if duty.proposed_unit_id is not None)
        named = [unit_id for unit_id in proposed if unit_id in possible]
        if named:
            return named
        by_rules = suggest_unit(self.case.federation_id, facts_of(self.case)).unit_id
        return [by_rules] if by_rules in possible and by_rules is not None else []


def sent(case: Case, name: str, kind: type[AnyForm]) -> AnyForm:
    """The form as it was sent."""
    form = kind(prefix=name)
    _fill(form, Lists(case, duties(case.id) if name in {"assign", "add_party"} else []))
    return form


def fresh(name: str, case: Case, lists: Lists, values: Mapping[str, Any]) -> Form:
    """The form as it is first shown, filled with what is known. Never from the request's own fields."""
    known = {"version": case.version, **_known(name, case, lists), **values}
    form = FORM_OF[name][1](formdata=None, prefix=name, data=known)
    _fill(form, lists)
    return form


def _known(name: str, case: Case, lists: Lists) -> dict[str, Any]:
    if name == "classify":
        return {
            "theme": str(case.theme_id or ""),
            "municipality": str(case.municipality_id or ""),
            "organisation": str(case.concerned_organisation_id or ""),
            "unit": str(case.concerned_unit_id or ""),
        }
    if name == "assign":
        return {"units": [str(unit_id) for unit_id in lists.suggested]}
    if name == "share_summary":
        return {"summary": case.shared_summary or ""}
    if name == "record_action":
        return {"action_on": clock.today()}
    return {}


def with_its_own(rows: Sequence[Row], own: Row | None) -> list[Row]:
    """What there is to choose from, and what the case has though it is no longer in use: saving must not lose it."""
    return [*rows] if own is None or own in rows else [*rows, own]


def _fill(form: Form, lists: Lists) -> None:
    """The choices, which depend on the case's federation."""
    case = lists.case
    federation_id, unknown = case.federation_id, _("Okänt")
    if isinstance(form, forms.AssignForm):
        form.units.choices = [(str(unit.id), unit.name) for unit in lists.answerable]
    elif isinstance(form, forms.AddPartyForm):
        there = {duty.unit_id for duty in lists.of_case if duty.round == case.round}
        rows = [unit for unit in lists.answerable if unit.id not in there]
        form.unit.choices = _grouped(rows, _("Välj enhet"))
    elif isinstance(form, forms.ClassifyForm):
        places, parties = organisations.municipalities(federation_id), organisations.organisations(federation_id)
        form.theme.choices = forms.choices(
            with_its_own(organisations.themes(federation_id), case.theme), unknown, "label"
        )
        form.municipality.choices = forms.choices(with_its_own(places, case.municipality), unknown)
        form.organisation.choices = forms.choices(with_its_own(parties, case.concerned_organisation), unknown)
        form.unit.choices = _grouped(with_its_own(lists.units, case.concerned_unit), unknown)
    elif isinstance(form, forms.ActionForm):
        form.type.choices = forms.choices(actions.types(federation_id), _("Välj typ"), "label")
        form.owner.choices = _grouped(lists.units, _("Förbundet"))
    elif isinstance(form, forms.OfferForm):
        others = [found for found in organisations.federations() if found.id != federation_id]
        form.to.choices = forms.choices(others, _("Välj förbund"))


def _grouped(units: list[Unit], empty: str) -> dict[str, list[tuple[str, str]]]:
    """Choices by organisation, after an empty one."""
    found: dict[str, list[tuple[str, str]]] = {"": [("", empty)]}
    for unit in units:
        found.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
    return found
