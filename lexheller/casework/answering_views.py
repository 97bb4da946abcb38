"""The joint answer that the office writes from what several parties have answered."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.casework import answering, forms, page_forms
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.stepping import Outcome, asked_case, step
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/gemensamt-svar")
@requires(Right.HANDLE_CASES)
def joint_answer(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "joint_answer", forms.JointAnswerForm)

    def outcome() -> Outcome:
        texts = {name: form[name].data or "" for name in answering.ANSWER_FIELDS}
        return Outcome(
            lambda: answering.joint_answer(current_actor(), case, texts, seen=form.seen),
            _("Svaret är skickat. Anmälaren kan läsa det nu. Avsluta ärendet när allt är klart."),
            reads=[(form[name].label.text, texts[name]) for name in answering.ANSWER_FIELDS if texts[name]],
        )

    return step(case, "joint_answer", form, outcome)
