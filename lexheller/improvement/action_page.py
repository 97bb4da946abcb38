"""What an action's page shows: its steps, follow-ups, links and history.

Whoever does not see the cases is told two sums at most, no small number (P30), and nothing of what cannot be opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.actions import labels, queries
from lexheller.actions.door import ACTION
from lexheller.actions.measuring import Sums, measure_to_show, sums_for_others
from lexheller.actions.models import Action, FollowUp, FollowUpStatus
from lexheller.actions.permissions import sees_all, steps_for
from lexheller.actions.rules import LONGEST_WINDOW_MONTHS, TOO_FEW, Measure, earliest_next, measure_of
from lexheller.actions.states import ActionStatus, ActionStep
from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.models import Case
from lexheller.cases.queries import numbers_of
from lexheller.core import clock
from lexheller.improvement import action_forms as forms
from lexheller.web.forms import Form
from lexheller.web.masked import why_masked


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to the action: `iso` is UTC, `at_text` Swedish time."""

    at_text: str
    iso: str
    title: str
    actor: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """`due`: its day has come. `judge` and `move` are forms, for those who may, where it is time for them."""

    row: FollowUp
    due: bool
    label: str = ""
    tone: str = ""
    by: str = ""
    measure: str = ""
    judge: Form | None = None
    move: Form | None = None


def render(actor: Actor, action: Action, sent: Mapping[str, Form] | None = None) -> str:
    """The action's page; `sent` holds forms by prefix that came back, to be shown with their text and errors."""
    return render_template("improvement/action.html", **values(actor, action, sent or {}))


def values(actor: Actor, action: Action, sent: Mapping[str, Form]) -> dict[str, Any]:
    steps, office = set(steps_for(actor, action)), sees_all(actor, action.federation_id)
    rows = queries.follow_ups([action.id]).get(action.id, [])
    cases = queries.cases_of(actor, action)
    faults = queries.faults_seen(actor, action.federation_id, [action.id]).get(action.id, [])
    events = history(action.federation_id, ACTION, action.id)
    if not office:
        events = _about_these(events, {case.id for case in cases}, {fault.id for fault in faults})
    people = {event.actor_user_id for event in events} | {row.judged_by_user_id for row in rows}
    names: dict[int, str] = names_of({user_id for user_id in people if user_id is not None})
    return {
        "action": action,
        "status_label": labels.STATUS[ActionStatus(action.status)],
        "tone": labels.TONE[ActionStatus(action.status)],
        "late": labels.is_late(action, clock.today()),
        "owner": labels.owner(action),
        "cases": cases,
        "more_than_seen": not office and queries.has_others(actor, action),
        "faults": faults,
        "forms": _forms(action, steps, sent, [fault.id for fault in faults]),
        "may_unlink": ActionStep.UNLINK_CASE in steps,
        "follow_ups": _follow_ups(action, rows, steps, sent, names, counted=office),
        **(_measured(action) if office else _measured_for_others(action)),
        "earliest_next": earliest_next(clock.today()),
        "timeline_entries": _timeline(events, names, _numbers(actor, action, cases, events)),
        "failed": next((form for form in sent.values() if form.errors), None),
    }


def _forms(action: Action, steps: set[ActionStep], sent: Mapping[str, Form], fault_ids: list[int]) -> dict[str, Form]:
    """By step, those that are open to the viewer."""
    found: dict[str, Form] = {}
    for step, kind in FORM_OF.items():
        if step in steps:
            found[step.value] = sent.get(step.value) or fresh(kind, step.value, action)
    change, link = found.get(ActionStep.CHANGE.value), found.get(ActionStep.LINK_FAULT.value)
    if isinstance(change, forms.ChangeForm):
        change.offer(action.federation_id, action)
    if isinstance(link, forms.LinkFaultForm):
        link.fault.choices = forms.fault_choices(action.federation_id, fault_ids)
    return found


FORM_OF: Mapping[ActionStep, type[forms.SeenForm]] = {
    ActionStep.CHANGE: forms.ChangeForm,
    ActionStep.START: forms.SeenForm,
    ActionStep.FINISH: forms.FinishForm,
    ActionStep.CANCEL: forms.CancelForm,
    ActionStep.REOPEN: forms.ReopenForm,
    ActionStep.PLAN_FOLLOW_UP: forms.PlanFollowUpForm,
    ActionStep.LINK_CASE: forms.LinkCaseForm,
    ActionStep.LINK_FAULT: forms.LinkFaultForm,
    ActionStep.UNLINK_CASE: forms.SeenForm,
}


def fresh(kind: type[forms.SeenForm], prefix: str, action: Action) -> forms.SeenForm:
    """The form as it is first shown; never from the request's own fields."""
    known: dict[str, object] = {"version": action.version}
    if kind is forms.ChangeForm:
        known = forms.known_details(action)
    elif kind is forms.FinishForm:
        known["action_on"] = clock.today()
    return kind(formdata=None, prefix=prefix, data=known)


def judge_prefix(follow_up: FollowUp) -> str:
    return f"judge{follow_up.id}"


def move_prefix(follow_up: FollowUp) -> str:
    return f"move{follow_up.id}"


def _about_these(events: list[Event], case_ids: set[int], fault_ids: set[int]) -> list[Event]:
    """Without those about other cases and faults: how many there are is a small number too."""
    return [
        event
        for event in events
        if event.data.get("case_id") in {None, *case_ids} and event.data.get("fault_id") in {None, *fault_ids}
    ]


def _measured(action: Action) -> dict[str, Any]:
    measure = measure_to_show(action, clock.today())
    return {
        "measure": measure,
        "measure_words": labels.measure_words(measure),
        "window_words": labels.window_words(measure) if measure is not None else "",
        "months": _months(measure),
    }


def _measured_for_others(action: Action) -> dict[str, Any]:
    sums = sums_for_others(action, clock.today())
    return {"measure": sums, "measure_words": sums_words(sums), "window_words": _sums_window(sums), "months": []}


def sums_words(sums: Sums | None) -> str:
    """Both sums as far as they may be said; what is said of them follows from what is shown alone."""
    if sums is None:
        return str(_("Siffrorna visas när det har gått ett halvår, om det finns ärenden att räkna."))
    if sums.before is not None and sums.after is not None:
        return labels.measure_words(Measure(1, (sums.before,), (sums.after,)))
    few = str(_("färre än %(least)d", least=sums.least))
    before, after = (few if number is None else str(number) for number in (sums.before, sums.after))
    if (sums.before or sums.least - 1) + (sums.after or sums.least - 1) < TOO_FEW:
        return str(_("%(before)s före, %(after)s efter; för få för att vara säker", before=before, after=after))
    return str(_("%(before)s före, %(after)s efter", before=before, after=after))


def _sums_window(sums: Sums | None) -> str:
    if sums is None:
        return ""
    if sums.months == LONGEST_WINDOW_MONTHS:
        return str(_("Räknat på ett år före och ett år efter åtgärden."))
    return str(_("Räknat på ett halvår före och ett halvår efter åtgärden."))


def _follow_ups(
    action: Action,
    rows: list[FollowUp],
    steps: set[ActionStep],
    sent: Mapping[str, Form],
    names: dict[int, str],
    *,
    counted: bool,
) -> list[FollowUpView]:
    """In the order of their days. Judged is the one that waits and comes first; days to come can be moved. `counted`:
    with what was counted at each judgement.
    """
    first = next((row.id for row in rows if row.status == FollowUpStatus.WAITING), None)
    found = [_follow_up(action, row, row.id == first, steps, sent, names) for row in rows]
    return found if counted else [replace(one, measure="") for one in found]


def _follow_up(
    action: Action, row: FollowUp, first: bool, steps: set[ActionStep], sent: Mapping[str, Form], names: dict[int, str]
) -> FollowUpView:
    if row.status == FollowUpStatus.CALLED_OFF:
        return FollowUpView(row, due=False, label=_("Inte längre aktuell"), tone="neutral")
    if row.status == FollowUpStatus.JUDGED:
        judgement = row.judgement or ""
        return FollowUpView(
            row,
            due=False,
            label=str(labels.JUDGEMENT[judgement]),
            tone=labels.JUDGEMENT_TONE[judgement],
            by=names.get(row.judged_by_user_id or 0, ""),
            measure=labels.measure_words(measure_of(row.measure)) if row.measure is not None else "",
        )
    due = row.due_on <= clock.today()
    judge, move = judge_prefix(row), move_prefix(row)
    return FollowUpView(
        row,
        due=due,
        label=_("Effekt att bedöma") if due else _("Väntar"),
        tone="late" if due else "neutral",
        judge=(sent.get(judge) or fresh(forms.JudgeForm, judge, action))
        if first and ActionStep.JUDGE in steps
        else None,
        move=(sent.get(move) or fresh(forms.MoveForm, move, action))
        if not due and ActionStep.MOVE_FOLLOW_UP in steps
        else None,
    )


def _months(measure: Measure | None) -> list[tuple[int, int, int]]:
    """Months away from the action's day, with how many came that long before and after it."""
    if measure is None:
        return []
    return [
        (number, before, after)
        for number, (before, after) in enumerate(zip(reversed(measure.before), measure.after, strict=True), start=1)
    ]


def _numbers(actor: Actor, action: Action, cases: list[Case], events: list[Event]) -> dict[int, str]:
    """Numbers of the cases in the history, by id: only of those that the viewer may see."""
    if not sees_all(actor, action.federation_id):
        return {case.id: case.number for case in cases}
    return numbers_of({event.data["case_id"] for event in events if "case_id" in event.data})


def _timeline(events: list[Event], names: dict[int, str], numbers: dict[int, str]) -> list[Entry]:
    """Newest first, from the event log."""
    return [
        Entry(
            format_datetime(event.at, "d MMM yyyy HH:mm"),
            event.at.isoformat(),
            str(labels.EVENT.get(event.kind, event.kind)),
            names.get(event.actor_user_id or 0, str(_("Systemet"))),
            _detail(event, numbers),
        )
        for event in reversed(events)
    ]


def _detail(event: Event, numbers: dict[int, str]) -> str:
    data = event.data
    if "masking_id" in data:
        return why_masked(data)
    if "case_id" in data:
        return numbers.get(data["case_id"], "")
    if "judgement" in data:
        return str(labels.JUDGEMENT.get(data["judgement"], ""))
    if "from" in data and "to" in data:
        days = {name: format_date(date.fromisoformat(data[name])) for name in ("from", "to")}
        return str(_("Från %(before)s till %(after)s", before=days["from"], after=days["to"]))
    return ""
