"""What a reporter is shown of a case: how far it has come, what is asked, the answer, what it came to. No names.

Of a case that went on in another's, or at another federation, what is handled there is shown; never its report.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.labels import CLOSE_REASON, STATUS, WORKED
from lexheller.cases.models import Answer, Case
from lexheller.cases.queries import duties, shared_answers
from lexheller.cases.reporter_link import living_contact
from lexheller.cases.states import CaseStatus, CloseReason, DutyStatus
from lexheller.core import clock
from lexheller.faults.queries import news_of_cases
from lexheller.intake.following import (
    Followed,
    follow_up_of,
    is_asked_how_it_went,
    last_day_to_object,
    may_object,
    questions_to,
    waiting_question,
)
from lexheller.organisations.labels import full_name

MOVED_ON = {CloseReason.SAME_EVENT, CloseReason.HANDED_OVER}
SENT = {"case.routed", "case.assigned"}
REACHED = {
    CaseStatus.RECEIVED: "received",
    CaseStatus.UNROUTED: "received",
    CaseStatus.ASSIGNED: "sent",
    CaseStatus.ACCEPTED: "sent",
    CaseStatus.COLLECTED: "collected",
    CaseStatus.ANSWERED: "answered",
    CaseStatus.CLOSED: "closed",
}


def receipt_values(followed: Followed) -> dict[str, Any]:
    """The values of `intake/receipt_status.html`, but for its forms."""
    own, case = followed.own, followed.now
    status = CaseStatus(case.status)
    shared = shared_answers(case.id)
    return {
        "case_number": own.number,
        "status_label": STATUS[status].label,
        "status_text": _("Samordnaren tittar först så att ingen kan kännas igen. Sedan skickas anmälan vidare.")
        if case.held_at is not None
        else STATUS[status].next,
        "status_tone": STATUS[status].tone,
        "steps": _steps(case, status),
        "answer": _answer(shared[-1]) if shared else None,
        "conclusion": case.conclusion,
        "close_reason": _close_reason(case),
        "moves": _moves(followed),
        "question": waiting_question(followed),
        "questions": [each for each in questions_to(followed) if each.replied_at is not None],
        "may_object": may_object(case),
        "last_day_to_object": last_day_to_object(case),
        "how_it_went": follow_up_of(case) if followed.is_own else None,
        "is_asked_how_it_went": is_asked_how_it_went(followed),
        "report": own.report,
        "report_again_at": case.federation.slug,
        "worked_labels": WORKED,
        "is_mailed": any(living_contact(case) is not None for case in followed.theirs),
        "news": _news(followed),
    }


def _news(followed: Followed) -> list[dict[str, str]]:
    """What the office told about a fault that the case shows, the latest first; what is its conclusion stands there."""
    cases = {case.id: case for case in (followed.own, *followed.theirs, *followed.merged, followed.now)}
    told = news_of_cases(cases.keys())
    return [
        {"text": news.text, "at_text": _day(clock.day_of(news.told_at))}
        for news in reversed(told)
        if not (news.case_closed and news.text == followed.now.conclusion)
    ]


def _close_reason(case: Case) -> str:
    """Why it was closed, in words; nothing where the page tells it in other words already."""
    if case.status != CaseStatus.CLOSED or case.close_reason is None or case.close_reason in MOVED_ON:
        return ""
    return str(CLOSE_REASON[CloseReason(case.close_reason)])


def _moves(followed: Followed) -> list[dict[str, str]]:
    """Where the case went, in the order it did: another case of the same event, or another federation."""
    merged = [{"kind": "merged", "number": case.number} for case in followed.merged]
    handed_over = [
        {
            "kind": "handed_over",
            "number": handover.new_case.number if handover.new_case else "",
            "federation": full_name(handover.to_federation),
            "text": handover.text_to_reporter if followed.is_own else "",
            "at_text": _day(clock.day_of(handover.decided_at)) if handover.decided_at else "",
        }
        for handover in followed.handovers
    ]
    return merged + handed_over


def _steps(case: Case, status: CaseStatus) -> list[dict[str, Any]]:
    days = _days(case)
    labels = {"received": _("Mottagen"), "sent": _("Hos den som kan svara")}
    if status is CaseStatus.COLLECTED or _several_parties(case):
        labels["collected"] = _("Alla svar har kommit")
    if status is not CaseStatus.CLOSED or case.answered_on is not None:
        labels["answered"] = _("Besvarad")
    labels["closed"] = _("Avslutad")
    order = list(labels)
    reached = order.index(REACHED[status])
    return [
        {
            "label": label,
            "at_text": _day(days.get(name)) if position <= reached else "",
            "done": position < reached or status is CaseStatus.CLOSED,
            "current": position == reached and status is not CaseStatus.CLOSED,
        }
        for position, (name, label) in enumerate(labels.items())
    ]


def _several_parties(case: Case) -> bool:
    asked = [each for each in duties(case.id) if each.round == case.round and each.status != DutyStatus.WITHDRAWN]
    return len(asked) > 1


def _days(case: Case) -> dict[str, date | None]:
    """The day of each step that has happened."""
    events = history(case.federation_id, "case", case.id)
    return {
        "received": case.received_on,
        "sent": _last_day([event for event in events if event.kind in SENT]),
        "collected": _last_day([event for event in events if event.data.get("status") == CaseStatus.COLLECTED]),
        "answered": case.answered_on,
        "closed": case.closed_on,
    }


def _last_day(events: list[Event]) -> date | None:
    return clock.day_of(events[-1].at) if events else None


def _day(day: date | None) -> str:
    return format_date(day, "d MMMM y") if day else ""


def _answer(answer: Answer) -> dict[str, str]:
    return {
        "cause": answer.cause,
        "steps_taken": answer.steps_taken,
        "consequence": answer.consequence,
        "follow_up": answer.follow_up,
        "given_by": _given_by(answer),
        "at_text": _day(clock.day_of(answer.shared_at or answer.given_at)) if answer.given_at else "",
    }


def _given_by(answer: Answer) -> str:
    if answer.joint:
        return str(_("Svar från samordnaren, från flera enheter"))
    return answer.duty.unit.name if answer.duty else ""
