"""What the case page shows to one viewer. Gathered here from the modules that know each part, drawn by the templates.

The office sees everything and acts; the director sees everything; a responsible manager sees the report and their own
duty's panel. What stands open first is what the viewer is to do now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from flask import render_template, request

from lexheller.accounts.rights import Actor, Right
from lexheller.actions import labels as action_labels
from lexheller.actions import queries as actions
from lexheller.actions.imported import IMPORTED, texts_of
from lexheller.audit.models import Event
from lexheller.cases import labels
from lexheller.cases.answer_link import links_of_duties
from lexheller.cases.dialogue import AnswerLink, Handover
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.permissions import answers_for, sees_everything, steps_for
from lexheller.cases.queries import contact_of, duties, given_answers
from lexheller.cases.states import LIVE, CaseStatus, CloseReason, DutyStatus, Step
from lexheller.casework import (
    duty_page,
    duty_views,
    fault_panel,
    page_clock,
    page_dialogue,
    page_forms,
    page_parties,
    page_queries,
    publishing_panel,
    suggestion_panel,
    timeline,
)
from lexheller.casework.answering import ANSWER_FIELDS
from lexheller.casework.closing import merged_into
from lexheller.casework.explain import why_here, why_nobody
from lexheller.casework.forms import CloseLinkForm, OpenContactForm
from lexheller.casework.handing_over import came_by, offers
from lexheller.casework.standard_texts import begun_with, offered
from lexheller.deadlines.queries import frame_of
from lexheller.meetings.panel import case_panel
from lexheller.organisations.known_names import doubts_here
from lexheller.organisations.queries import federations
from lexheller.web.forms import Form

ON_CONTACT: Mapping[str, type[Form]] = {"open_contact": OpenContactForm, "close_reporter_link": CloseLinkForm}


@dataclass
class Matter:
    """What several parts of the page look at, each read once."""

    actor: Actor
    case: Case

    @cached_property
    def office(self) -> bool:
        """Sees everything: coordinator and director."""
        return sees_everything(self.actor, self.case.federation_id)

    @cached_property
    def duties(self) -> list[Duty]:
        return duties(self.case.id)

    @cached_property
    def answers(self) -> list[Answer]:
        """Those that the viewer may read: the office all, others what is shared and their own."""
        given = given_answers(self.case.id)
        if self.office:
            return given
        return [row for row in given if row.shared_at or (row.duty and answers_for(self.actor, row.duty))]

    @cached_property
    def events(self) -> list[Event]:
        return timeline.events_of(self.case, self.duties)

    @cached_property
    def offers(self) -> list[Handover]:
        return offers(self.case.id)

    @cached_property
    def merged(self) -> list[Case]:
        return merged_into(self.case.id)

    @cached_property
    def links(self) -> dict[int, list[AnswerLink]]:
        """Mailed links by duty id, for the office."""
        return links_of_duties([row.id for row in self.duties]) if self.office else {}

    @cached_property
    def live(self) -> list[Duty]:
        return [row for row in self.duties if DutyStatus(row.status) in LIVE and row.round == self.case.round]

    @property
    def clocked(self) -> list[Duty]:
        """Duties whose clock runs, as far as they are the viewer's to follow."""
        return self.live if self.office else [row for row in self.live if answers_for(self.actor, row)]


def render(actor: Actor, case: Case, sent: Mapping[str, Form] | None = None) -> str:
    """The case page; `sent` holds forms by name that came back, to be shown with their text and errors."""
    matter = Matter(actor, case)
    panels = _duty_panels(matter)
    return render_template(
        "casework/show.html",
        case=case,
        report=case.report,
        status=labels.STATUS[CaseStatus(case.status)],
        office=matter.office,
        failed=next(iter((sent or {}).values()), None),
        words=labels,
        close_reason=labels.CLOSE_REASON.get(CloseReason(case.close_reason)) if case.close_reason else None,
        doubts=[labels.DOUBT.get(code, code) for code in case.doubts],
        named_long_ago=matter.office and _named_long_ago(case),
        may_see_readings=actor.may(Right.SEE_READING_LOG, case.federation_id),
        actions=actions.of_case(case.id),
        action_labels=action_labels,
        shared_answers=_shared_answers(matter, panels),
        duty_panels=panels,
        **_forms(matter, sent or {}),
        **_time(matter),
        **(page_dialogue.values(actor, case, matter.offers) if matter.office else {}),
        **(case_panel(actor, case) if matter.office else {}),
        **(fault_panel.values(actor, case) if matter.office else {}),
        **(suggestion_panel.values(actor, case) if matter.office else {}),
        **(publishing_panel.values(actor, case) if matter.office else {}),
    )


def _named_long_ago(case: Case) -> bool:
    """Whether somebody may be named in what a sheet brought in and that nobody was asked to look at."""
    if case.report.source != IMPORTED or case.held_at is not None or case.let_through_at is not None:
        return False
    return bool(doubts_here(case.federation_id, texts_of(case)))


def _forms(matter: Matter, sent: Mapping[str, Form]) -> dict[str, Any]:
    """The steps of the viewer as forms by name, the texts to begin with, and the units to choose from."""
    case, names = matter.case, _form_names(matter)
    lists = page_forms.Lists(case, matter.duties)
    texts = offered(case, names)
    step, key = request.args.get("step"), request.args.get("standard")
    shown: dict[str, Form] = {}
    for name in names:
        begun = {**begun_with(name, texts, step, key), **(_taken_from(matter) if name == "joint_answer" else {})}
        shown[name] = sent.get(name) or page_forms.fresh(name, case, lists, begun)
    contact = contact_of(case.report_id) if matter.office else None
    if contact is not None and contact.revoked_at is None and matter.actor.may(Right.HANDLE_CASES, case.federation_id):
        for name, kind in ON_CONTACT.items():
            shown[name] = sent.get(name) or kind(formdata=None, prefix=name)
    return {
        "forms": shown,
        "standard_texts": texts,
        "contact": contact,
        "address_disposed": any(event.kind == "case.address_disposed" for event in matter.events),
        "begun": step if key else None,
        "suggested_units": lists.suggested if "assign" in shown else [],
        "units_to_ask": lists.answerable if "assign" in shown else [],
        "answers_of_round": [row for row in matter.answers if row.duty is not None and row.duty.round == case.round],
    }


def _form_names(matter: Matter) -> list[str]:
    """What the table and the rights allow, less what makes no sense just now."""
    case = matter.case
    allowed = set(steps_for(matter.actor, case))
    names = [name for name, (step, _form) in page_forms.FORM_OF.items() if step in allowed]
    if Step.UNMERGE in allowed and case.close_reason == CloseReason.HANDED_OVER:
        names.remove("reopen")
    if not names:
        return names
    waits, reachable = page_dialogue.asked_and_askable(case)
    offer = any(row.decision is None for row in matter.offers)
    out = {
        "ask_reporter": waits or not reachable,
        "withdraw_question": not waits,
        "offer_handover": offer,
        "call_off_handover": not offer,
        "merge": bool(matter.merged),
    }
    return [name for name in names if not out.get(name)]


def _taken_from(matter: Matter) -> dict[str, str]:
    """The fields of the party's answer that the address asks to begin the joint one with."""
    wanted = request.args.get("from", "")
    answer = next((row for row in matter.answers if str(row.id) == wanted), None)
    return {name: getattr(answer, name) for name in ANSWER_FIELDS} if answer is not None else {}


def _time(matter: Matter) -> dict[str, Any]:
    """Parties, clocks and history."""
    case, office = matter.case, matter.office
    calendar = frame_of(case.federation_id).calendar
    own_events = [event for event in matter.events if event.subject_type == "case"]
    present, earlier = page_parties.parties(matter.actor, case, matter.duties, matter.answers, matter.links, calendar)
    others = timeline.case_ids_in(matter.events) | ({case.merged_into_id} if case.merged_into_id else set())
    numbers = page_queries.numbers_with_ids(case.federation_id, others)
    units = {row.proposed_unit.id: row.proposed_unit.name for row in matter.duties if row.proposed_unit is not None}
    by_rules = next((row for row in matter.duties if row.round == case.round and not row.why.get("by_hand")), None)
    return {
        "parties": present,
        "earlier_rounds": earlier,
        "late": page_parties.late_parties(present),
        "clocks": page_clock.clocks(matter.clocked, own_events, calendar),
        "weekdays": page_clock.weekday_names(),
        "why": why_here(case, by_rules) if by_rules is not None else [],
        "why_nobody": why_nobody(own_events) if case.status == CaseStatus.UNROUTED and not case.round else "",
        "merged_cases": matter.merged,
        "merged_number": numbers.get(case.merged_into_id or 0),
        "entries_open": timeline.SHOWN_OPEN,
        "timeline_entries": timeline.timeline(
            matter.events,
            matter.duties,
            units=units,
            links={link.id: link.name for of_duty in matter.links.values() for link in of_duty},
            cases=numbers,
            federations=federations() if office else [],
            office=office,
        ),
        "came_by": came_by(case) if office else None,
        "duty_url": partial(duty_views.url_of, case),
    }


def _duty_panels(matter: Matter) -> list[dict[str, Any]]:
    """The viewer's own duties: those that wait, else the last one."""
    own = [row for row in matter.duties if answers_for(matter.actor, row)]
    wanted = [row for row in own if row in matter.live] or own[-1:]
    case = matter.case
    return [duty_page.values(matter.actor, case, row, url_of=partial(duty_views.url_of, case, row)) for row in wanted]


def _shared_answers(matter: Matter, panels: list[dict[str, Any]]) -> list[Answer]:
    """What the reporter reads, less what the viewer's own panels show already."""
    if any(panel["live"] for panel in panels) and not matter.office:
        return []
    own = {panel["duty"].id for panel in panels}
    shared = [row for row in matter.answers if row.shared_at is not None or row.duty is None]
    return [row for row in shared if row.duty_id not in own or matter.office]
