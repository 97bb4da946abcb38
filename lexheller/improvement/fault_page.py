"""What the fault pages show: the list, and one fault with its cases, steps, news and history. Templates draw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import LazyString, format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.labels import STATUS as CASE_STATUS
from lexheller.cases.models import Case
from lexheller.cases.queries import numbers_of, visible
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults import labels, queries
from lexheller.faults.door import FAULT
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.permissions import may_handle, sees_all, steps_for
from lexheller.faults.states import OVER, Broken, FaultStatus, FaultStep
from lexheller.improvement import action_panel
from lexheller.improvement import fault_forms as forms
from lexheller.improvement.overview_rules import Age, opened_in
from lexheller.meetings import fault_panel
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import units
from lexheller.web.forms import Form
from lexheller.web.masked import why_masked

# What others add to the page: a name for the template, and who gives its value. Missing: None, and nothing is drawn.
PANELS: Mapping[str, Callable[[Actor, Fault], dict[str, Any]]] = {
    "actions": action_panel.values,
    "agenda": fault_panel.values,
}
PANEL_NAMES = ("actions", "agenda")

NEXT: Mapping[FaultStatus, FaultStep] = {
    FaultStatus.SUSPECTED: FaultStep.CONFIRM,
    FaultStatus.CONFIRMED: FaultStep.LIFT,
    FaultStatus.LIFTED: FaultStep.DECIDE,
    FaultStatus.DECIDED: FaultStep.START_MENDING,
    FaultStatus.BEING_MENDED: FaultStep.FOLLOW_UP,
    FaultStatus.FOLLOWED_UP: FaultStep.CLOSE,
}
"""The step that mostly comes next; the others are folded beneath it."""
SHOWN = {"": queries.OPEN_STATUSES, "over": tuple(OVER), "all": tuple(FaultStatus)}
SHOWN_OPEN_ENTRIES = 12
AGE: Mapping[Age, LazyString] = {
    Age.YOUNG: _l("Under 3 månader"),
    Age.GROWN: _l("3–12 månader"),
    Age.OLD: _l("Över ett år"),
}
"""How long ago a fault was opened, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to the fault: `iso` is UTC, `at_text` Swedish time."""

    at_text: str
    iso: str
    title: str
    actor: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StepForm:
    step: str
    label: str
    meaning: str
    form: Form


def index(actor: Actor, federation: Federation, chosen: str, age: str, cursor: str | None) -> str:
    """`chosen`: open ones when empty, `over`, `all`, or one status; anything else means the open ones. `age`: one of
    `Age`, anything else means all.
    """
    statuses = {**SHOWN, **{status.value: (status,) for status in FaultStatus}}
    chosen = chosen if chosen in statuses else ""
    wanted = next((one for one in Age if one.value == age), None)
    days = opened_in(wanted, clock.today()) if wanted is not None else None
    opened = (days.first, days.last) if days is not None else None
    page = queries.faults_page(actor, federation.id, statuses[chosen], cursor, opened)
    counts = queries.counts_by_status(actor, federation.id)
    kept = {"status": chosen} if chosen else {}
    kept |= {"age": wanted.value} if wanted is not None else {}
    return render_template(
        "improvement/faults.html",
        page=page,
        cursor=cursor,
        chosen=chosen,
        choices=_choices(counts),
        age=wanted.value if wanted is not None else "",
        ages=[("", _("Alla")), *((one.value, label) for one, label in AGE.items())],
        any_fault=bool(counts),
        may_handle=may_handle(actor, federation.id),
        status_labels=labels.STATUS,
        owner_words=labels.owner_words,
        age_words=labels.age_words,
        today=clock.today(),
        kept=kept,
        next_values={**kept, "after": page.next} if page.next else None,
    )


def render(actor: Actor, fault: Fault, sent: Mapping[str, Form] | None = None) -> str:
    """The fault's page; `sent` holds forms by name that came back, to be shown with their text and errors."""
    return render_template("improvement/fault.html", **values(actor, fault, sent or {}))


def values(actor: Actor, fault: Fault, sent: Mapping[str, Form]) -> dict[str, Any]:
    office = sees_all(actor, fault.federation_id)
    every_link = queries.links_of(fault)
    links = every_link if office else _visible_links(actor, every_link)
    unlinked = queries.unlinked_of(fault) if office else []
    events = [event for event in history(fault.federation_id, FAULT, fault.id) if office or not _names_cases(event)]
    people = {event.actor_user_id for event in events} | {link.linked_by_user_id for link in links}
    people |= {link.unlinked_by_user_id for link in unlinked} | {fault.opened_by_user_id}
    names: dict[int, str] = names_of({user_id for user_id in people if user_id is not None})
    handles = may_handle(actor, fault.federation_id)
    return {
        "fault": fault,
        "status": labels.STATUS[FaultStatus(fault.status)],
        "over": FaultStatus(fault.status) in OVER,
        "broken_label": labels.BROKEN[Broken(fault.broken)] if fault.broken else None,
        "owner": labels.owner_words(fault),
        "age": labels.age_words(fault.opened_on, fault.ended_on or clock.today()),
        "office": office,
        "has_hidden_cases": len(every_link) > len(links),
        "handles": handles,
        "links": links,
        "unlinked": unlinked,
        "names": names,
        "case_status": CASE_STATUS,
        "news": queries.news_of(fault) if office else [],
        "timeline_entries": _timeline(events, names, fault.federation_id),
        "entries_open": SHOWN_OPEN_ENTRIES,
        "failed": next((form for form in sent.values() if form.errors), None),
        **_steps(actor, fault, sent),
        **(_forms(fault, sent) if handles else {"owner_form": None, "link_form": None, "unlink_form": None}),
        **dict.fromkeys(PANEL_NAMES),
        **{name: provider(actor, fault) for name, provider in PANELS.items()},
    }


def _steps(actor: Actor, fault: Fault, sent: Mapping[str, Form]) -> dict[str, Any]:
    """The steps that are open to the actor as forms, the one that mostly comes next apart."""
    allowed = steps_for(actor, fault)
    found = [
        StepForm(
            step.value,
            str(labels.STEP[step]),
            str(labels.MEANING[step]),
            sent.get(step.value) or forms.FORM_OF[step](formdata=None, prefix=step.value, data=_known(step, fault)),
        )
        for step in allowed
        if step in forms.FORM_OF and (step is not FaultStep.REWORD_DECISION or fault.decision)
    ]
    wanted = NEXT.get(FaultStatus(fault.status))
    return {
        "next_step": next((one for one in found if one.step == wanted), None),
        "other_steps": [one for one in found if one.step != wanted],
        "may_tell": FaultStep.TELL_REPORTERS in allowed,
    }


def _known(step: FaultStep, fault: Fault) -> dict[str, object]:
    """What the step's form holds to begin with."""
    words = {"decision": fault.decision} if step is FaultStep.REWORD_DECISION else {}
    return {"version": fault.version, **words}


def _forms(fault: Fault, sent: Mapping[str, Form]) -> dict[str, Form]:
    owner = sent.get("owner")
    if owner is None:
        known = str(fault.owner_unit_id or "") or (forms.FEDERATION if fault.owner_since else "")
        owner = forms.OwnerForm(formdata=None, prefix="owner", data={"version": fault.version, "owner": known})
        owner.offer(fault.federation_id)
    return {
        "owner_form": owner,
        "link_form": sent.get("link") or forms.LinkForm(formdata=None, prefix="link"),
        "unlink_form": sent.get("unlink") or forms.UnlinkForm(formdata=None, prefix="unlink"),
    }


def _choices(counts: Mapping[FaultStatus, int]) -> list[tuple[str, str]]:
    """What the list can be narrowed to, with how many each holds."""
    over = sum(counts.get(status, 0) for status in OVER)
    whole = sum(counts.values())
    named = [("", _("Öppna"), whole - over), ("over", _("Avslutade"), over), ("all", _("Alla"), whole)]
    named += [(status.value, str(labels.STATUS[status].label), counts.get(status, 0)) for status in FaultStatus]
    return [(value, f"{label} ({count})") for value, label, count in named]


def _visible_links(actor: Actor, links: Sequence[FaultCase]) -> list[FaultCase]:
    """Of a manager's own cases: those of other units are a number."""
    if not links:
        return []
    wanted = [link.case_id for link in links]
    seen = set(
        db.session.scalars(visible(actor, links[0].federation_id).where(Case.id.in_(wanted)).with_only_columns(Case.id))
    )
    return [link for link in links if link.case_id in seen]


def _names_cases(event: Event) -> bool:
    return "case_id" in event.data or "case_ids" in event.data


def _timeline(events: list[Event], names: Mapping[int, str], federation_id: int) -> list[Entry]:
    """Newest first, from the event log."""
    numbers = numbers_of({event.data["case_id"] for event in events if "case_id" in event.data})
    owned = any(event.data.get("unit_id") for event in events)
    unit_names = {unit.id: unit.name for unit in units(federation_id)} if owned else {}
    return [
        Entry(
            format_datetime(event.at, "d MMM yyyy HH:mm"),
            event.at.isoformat(),
            str(labels.EVENT.get(event.kind, event.kind)),
            names.get(event.actor_user_id or 0, str(_("Systemet"))),
            _detail(event.data, numbers, unit_names),
        )
        for event in reversed(events)
    ]


def _detail(data: dict[str, Any], numbers: Mapping[int, str], unit_names: Mapping[int, str]) -> str:
    """Which case, which unit, or how many were told: looked up, never what somebody wrote."""
    if "masking_id" in data:
        return why_masked(data)
    if "case_ids" in data:
        return str(ngettext("I ett ärende", "I %(num)d ärenden", len(data["case_ids"])))
    if "unit_id" in data:
        return unit_names.get(data["unit_id"], "") if data["unit_id"] else str(_("Förbundet"))
    return numbers.get(data.get("case_id", 0), "")
