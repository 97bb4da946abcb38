"""What the case page shows to one viewer: texts, steps with their forms, history. Built here, drawn by the template."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.actions import queries as actions
from lexheller.cases.labels import DOUBT, STATUS, STEP
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import sees_everything, steps_for
from lexheller.cases.queries import draft_of, duties, given_answers, open_duty
from lexheller.cases.states import CaseStatus, Step
from lexheller.casework import forms
from lexheller.casework.explain import why_here, why_nobody
from lexheller.casework.service import ANSWER_FIELDS, facts_of
from lexheller.casework.timeline import timeline
from lexheller.core import clock
from lexheller.organisations import queries as organisations
from lexheller.routing.service import suggest_unit

FORM_OF: dict[Step, type[forms.SeenForm]] = {
    Step.ASSIGN: forms.AssignForm,
    Step.ACCEPT: forms.SeenForm,
    Step.ANSWER: forms.AnswerForm,
    Step.SEND_BACK: forms.SendBackForm,
    Step.CLASSIFY: forms.ClassifyForm,
    Step.RECORD_ACTION: forms.ActionForm,
    Step.CLOSE: forms.CloseForm,
    Step.REOPEN: forms.SeenForm,
}


def render(actor: Actor, case: Case, sent: dict[Step, forms.SeenForm] | None = None) -> str:
    """The case page; `sent` holds forms that came back with errors, to be shown with their text."""
    duty = open_duty(case.id)
    steps = steps_for(actor, case, duty)
    shown = {step: (sent or {}).get(step) or _fresh(step, actor, case, duty) for step in steps if step in FORM_OF}
    all_duties = duties(case.id)
    status = CaseStatus(case.status)
    return render_template(
        "casework/show.html",
        case=case,
        report=case.report,
        status=STATUS[status],
        duty=duty,
        overdue=duty is not None and duty.due_on < clock.today(),
        why=why_here(case, duty) if duty else [],
        why_nobody=why_nobody(case) if status is CaseStatus.UNROUTED and not case.round else "",
        returned=[old for old in all_duties if old.return_reason],
        answers=given_answers(case.id),
        actions=actions.of_case(case.id),
        timeline_entries=timeline(case, all_duties),
        doubts=[DOUBT.get(code, code) for code in case.doubts],
        steps={str(step): shown[step] for step in shown},
        step_labels={str(step): STEP[step] for step in Step},
        office=sees_everything(actor, case.federation_id),
        failed=next((form for form in (sent or {}).values()), None),
    )


def filled(step: Step, case: Case, form: forms.SeenForm) -> forms.SeenForm:
    """The form with its choices, which depend on the case's federation."""
    if isinstance(form, forms.AssignForm):
        grouped: dict[str, list[tuple[str, str]]] = {}
        answerable = organisations.answerable_unit_ids(case.federation_id, clock.today())
        for unit in (found for found in organisations.units(case.federation_id) if found.id in answerable):
            grouped.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
        form.unit.choices = {"": [("", _("Välj enhet"))], **grouped}
    elif isinstance(form, forms.ClassifyForm):
        federation_id = case.federation_id
        unknown = _("Okänt")
        form.theme.choices = forms.choices(organisations.themes(federation_id), unknown, "label")
        form.municipality.choices = forms.choices(organisations.municipalities(federation_id), unknown)
        form.organisation.choices = forms.choices(organisations.organisations(federation_id), unknown)
    elif isinstance(form, forms.ActionForm):
        form.type.choices = forms.choices(actions.types(case.federation_id), _("Välj typ"), "label")
    return form


def form_for(step: Step, case: Case) -> forms.SeenForm:
    """The form as it was sent."""
    return filled(step, case, FORM_OF[step](prefix=step.value))


def _fresh(step: Step, actor: Actor, case: Case, duty: Duty | None) -> forms.SeenForm:
    """The form as it is first shown, filled with what is known. Never from the request's own fields."""
    values: dict[str, Any] = {"version": case.version}
    if step is Step.ANSWER and duty is not None:
        draft = draft_of(duty.id)
        values |= {name: getattr(draft, name) for name in ANSWER_FIELDS} if draft else {}
    elif step is Step.CLASSIFY:
        values |= {
            "theme": str(case.theme_id or ""),
            "municipality": str(case.municipality_id or ""),
            "organisation": str(case.concerned_organisation_id or ""),
        }
    elif step is Step.ASSIGN and duty is None:
        values["unit"] = str(suggest_unit(case.federation_id, facts_of(case)).unit_id or "")
    elif step is Step.RECORD_ACTION:
        values["action_on"] = clock.today()
    return filled(step, case, FORM_OF[step](formdata=None, prefix=step.value, data=values))
