"""The free texts that a spreadsheet brought in with a case: what the scanner looks at, and the office after it (P24).

Its short cells are not among them: no page shows those, and a request for documents marks them by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from lexheller.actions.models import Action
from lexheller.actions.queries import of_case
from lexheller.cases.models import Answer, Case, Report
from lexheller.cases.queries import given_answers

IMPORTED = "import"
"""The source of such a report."""


def texts_brought_in(report: Report, answers: Iterable[Answer], actions: Iterable[Action]) -> dict[str, str]:
    """By field, those that say something. What a unit has answered since is not the spreadsheet's."""
    own = [answer.steps_taken for answer in answers if answer.duty_id is None and not answer.joint]
    texts = {
        "what_happened": report.what_happened,
        "consequence": report.consequence,
        "done_at_once": report.done_at_once,
        "proposal": report.proposal,
        "answer": "\n".join(own),
        "action": "\n".join(action.description for action in actions),
    }
    return {field: text for field, text in texts.items() if text}


def texts_of(case: Case) -> dict[str, str]:
    return texts_brought_in(case.report, given_answers(case.id), of_case(case.id))
