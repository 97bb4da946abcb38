"""Words of the office: questions to the reporter, internal notes, and what others may be shown of the case."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.casework import asking, beside, describing, forms, page_forms
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.stepping import Outcome, asked_case, bare_step, step
from lexheller.core.errors import InvalidInput
from lexheller.web.access import requires


@blueprint.post(f"{CASE}/fraga")
@requires(Right.HANDLE_CASES)
def ask_reporter(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "ask_reporter", forms.QuestionForm)

    def outcome() -> Outcome:
        return Outcome(
            lambda: asking.ask_reporter(current_actor(), case, form.text.data, seen=form.seen),
            _("Frågan är ställd. Klockan står still tills anmälaren har svarat."),
            reads=[(_("Frågan"), form.text.data)],
        )

    return step(case, "ask_reporter", form, outcome)


@blueprint.post(f"{CASE}/fraga/ta-tillbaka")
@requires(Right.HANDLE_CASES)
def withdraw_question(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "withdraw_question", forms.SeenForm)

    def verb() -> None:
        question = asking.open_question(case.id)
        if question is None:
            raise InvalidInput("question", "not_open")
        asking.withdraw_question(current_actor(), case, question, seen=form.seen)

    return bare_step(case, form, verb, _("Frågan är tillbakatagen. Klockan går igen."))


@blueprint.post(f"{CASE}/anteckning")
@requires(Right.HANDLE_CASES)
def write_note(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = page_forms.sent(case, "write_note", forms.NoteForm)

    def outcome() -> Outcome:
        said = _("Anteckningen är sparad. Anmälaren ser den inte.")
        return Outcome(lambda: beside.write_note(current_actor(), case, form.text.data, sent_id=form.sent_once), said)

    return step(case, "write_note", form, outcome)


@blueprint.post(f"{CASE}/visa-for-andra")
@requires(Right.HANDLE_CASES)
def share_summary(federation: str, case_id: int) -> ResponseReturnValue:
    """Shown to those who are about to report something similar; empty takes it away."""
    case = asked_case(case_id)
    form = page_forms.sent(case, "share_summary", forms.SummaryForm)

    def outcome() -> Outcome:
        summary = form.summary.data or ""
        said = _("Texten visas nu för andra.") if summary else _("Ärendet visas inte längre för andra.")
        return Outcome(lambda: describing.share_summary(current_actor(), case, summary, seen=form.seen), said)

    return step(case, "share_summary", form, outcome)
