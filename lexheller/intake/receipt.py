"""What a reporter is shown of a case: how far it has come, the answer, the conclusion, the own words. No names."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.audit.queries import history
from lexheller.cases.labels import STATUS
from lexheller.cases.models import Answer, Case
from lexheller.cases.queries import given_answers
from lexheller.cases.states import CaseStatus
from lexheller.core.clock import SWEDEN

REACHED = {
    CaseStatus.RECEIVED: 0,
    CaseStatus.UNROUTED: 0,
    CaseStatus.ASSIGNED: 1,
    CaseStatus.ACCEPTED: 1,
    CaseStatus.ANSWERED: 2,
    CaseStatus.CLOSED: 3,
}


def receipt_values(case: Case) -> dict[str, Any]:
    """The values of `intake/receipt_status.html`."""
    status = CaseStatus(case.status)
    given = given_answers(case.id)
    return {
        "case_number": case.number,
        "status_label": STATUS[status].label,
        "status_text": STATUS[status].next,
        "status_tone": STATUS[status].tone,
        "steps": _steps(case, status),
        "answer": _answer(given[-1]) if given else None,
        "conclusion": case.conclusion,
        "report": case.report,
    }


def _steps(case: Case, status: CaseStatus) -> list[dict[str, Any]]:
    days = _days(case)
    labels = [_("Mottagen"), _("Hos den som kan svara"), _("Besvarad"), _("Avslutad")]
    reached = REACHED[status]
    done_without_answer = status is CaseStatus.CLOSED and case.answered_on is None
    return [
        {
            "label": label,
            "at_text": days[position] if position <= reached else "",
            "done": position < reached or status is CaseStatus.CLOSED,
            "current": position == reached and status is not CaseStatus.CLOSED,
        }
        for position, label in enumerate(labels)
        if not (done_without_answer and position == 2)
    ]


def _days(case: Case) -> list[str]:
    """The day of each step, empty where it has not happened."""
    routed = ""
    for event in history(case.federation_id, "case", case.id):
        if event.kind in {"case.routed", "case.assigned"}:
            routed = _day(event.at.astimezone(SWEDEN).date())
    return [_day(case.received_on), routed, _day(case.answered_on), _day(case.closed_on)]


def _day(day: Any) -> str:
    return format_date(day, "d MMMM y") if day else ""


def _answer(answer: Answer) -> dict[str, str]:
    return {
        "cause": answer.cause,
        "steps_taken": answer.steps_taken,
        "consequence": answer.consequence,
        "follow_up": answer.follow_up,
        "unit_name": answer.duty.unit.name if answer.duty else "",
        "at_text": format_date(answer.given_at.astimezone(SWEDEN).date(), "d MMMM y") if answer.given_at else "",
    }
