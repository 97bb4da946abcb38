"""One step on a duty, from the form that was sent to the verb: the same by account and by mailed link.

Stops at what came of it. Where the visitor goes next is the views' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import TextAreaField

from lexheller.accounts.rights import Actor
from lexheller.cases import door
from lexheller.cases.answer_link import links_of
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import duties, given_answers
from lexheller.cases.states import LIVE, CaseStatus, DutyStatus
from lexheller.casework import answering, asking, beside, duty_forms, sending, sharing
from lexheller.casework.duty_forms import TAKEN_AS, AsideForm, DutyStep, SeenForm, sent_form
from lexheller.casework.duty_page import may_close, shows
from lexheller.casework.preview import MailPreview, outgoing
from lexheller.core import clock
from lexheller.core.errors import InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import all_or_nothing
from lexheller.organisations import queries as organisations

log = structlog.get_logger(__name__)

Verb = Callable[[], object]

SAVE, PREVIEW, EDIT, READ = "save", "preview", "edit", "read"
NOT_KEPT = {SAVE, PREVIEW, EDIT, READ, "csrf_token"}
PREVIEWED = frozenset({DutyStep.ANSWER, DutyStep.ASK, DutyStep.DELEGATE, DutyStep.SEND_BACK, DutyStep.WITHDRAW})
WHILE_IT_WAITS = frozenset({DutyStep.ASK, DutyStep.TAKE_BACK_QUESTION, DutyStep.NOTE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either `said`, the words about what was done; or the form as it was sent, to be shown again, or `mails`, what it
    would send, with what has to be read before: another's answer that the reporter would be given (`left`), or the
    address of somebody who works elsewhere (`stranger`).
    """

    step: DutyStep
    said: str = ""
    form: AsideForm | None = None
    mails: list[MailPreview] | None = None
    left: Answer | None = None
    stranger: str = ""

    @property
    def to_read(self) -> str:
        """Comes back with the form once it has been shown; empty where nothing has to be."""
        return str(self.left.id) if self.left is not None else self.stranger


def take(actor: Actor, step: DutyStep, case: Case, duty: Duty) -> Outcome:
    """Read the form and call its verb, when what has to be read before has been shown.

    Raises what the door raises; StepRefused for a form that is not the actor's.
    """
    keep = SAVE in request.form
    form = sent_form(step, case, duty, draft=keep)
    if step in WHILE_IT_WAITS and DutyStatus(duty.status) not in LIVE:
        raise _refused(actor, step, case, "the duty has ended")
    if EDIT in request.form or not form.validate():
        return _again(actor, step, case, duty, form)
    try:
        verb = _verb(actor, step, case, duty, form, keep=keep)
        left = _answer_left(case, duty) if step is DutyStep.WITHDRAW else None
        asked = Outcome(step, form=form, left=left, stranger=_stranger(duty, form))
        unread = asked.to_read and request.form.get(READ) != asked.to_read
        if unread or (PREVIEW in request.form and step in PREVIEWED):
            return replace(asked, mails=outgoing(verb, case.federation_id))
        with all_or_nothing():
            verb()
    except InvalidInput as problem:
        form.refused(problem)
        return _again(actor, step, case, duty, form)
    return Outcome(step, said=_said_of_left() if left is not None else _said(step, case, form, keep=keep))


def _answer_left(case: Case, duty: Duty) -> Answer | None:
    """Nobody else changes the case between looking and doing."""
    door.hold(case)
    return sharing.answer_left(duty, duties(case.id), given_answers(case.id))


def _stranger(duty: Duty, form: AsideForm) -> str:
    """The colleague's address, when nobody who answers for the unit has one at the same place: it may be a slip."""
    if not isinstance(form, duty_forms.DelegateForm):
        return ""
    own = {_place(contact.email) for contact in organisations.contacts_for_unit(duty.unit_id, clock.today())}
    return "" if _place(form.email.data) in own else str(form.email.data)


def _place(email: str) -> str:
    return email.rpartition("@")[2].casefold()


def _again(actor: Actor, step: DutyStep, case: Case, duty: Duty, form: AsideForm) -> Outcome:
    """Nobody is shown a form that is not theirs, with whatever stands in it."""
    if not shows(actor, case, duty, step):
        raise _refused(actor, step, case, "not on this page")
    return Outcome(step, form=form)


def page_of(outcome: Outcome, panel: Mapping[str, Any], folder: str, **more: Any) -> ResponseReturnValue:
    """The form again, or what would be sent, drawn by `again.html` or `preview.html` of the folder."""
    if outcome.mails is None:
        status = 422 if outcome.form is not None and outcome.form.errors else 200
        return render_template(f"{folder}/again.html", panel=panel, **more), status
    kept = [pair for pair in request.form.items(multi=True) if pair[0].rpartition("-")[2] not in NOT_KEPT]
    if outcome.to_read:
        kept.append((READ, outcome.to_read))
    return render_template(
        f"{folder}/preview.html",
        panel=panel,
        step=outcome.step.key,
        mails=outcome.mails,
        left=outcome.left,
        stranger=outcome.stranger,
        reads=_written(outcome.form),
        action=request.path,
        kept=kept,
        **more,
    )


def _written(form: AsideForm | None) -> list[tuple[str, str]]:
    """What the visitor wrote, under the headings of its form."""
    fields = [field for field in form or [] if isinstance(field, TextAreaField)]
    return [(field.label.text, field.data) for field in fields if field.data]


def _refused(actor: Actor, step: DutyStep, case: Case, why: str) -> StepRefused:
    log.warning("step_refused", step=str(step), case_id=case.id, actor_kind=str(actor.kind), why=why)
    return StepRefused(str(TAKEN_AS[step]), case.status, why)


def _verb(actor: Actor, step: DutyStep, case: Case, duty: Duty, form: AsideForm, *, keep: bool) -> Verb:
    seen = form.seen if isinstance(form, SeenForm) else 0
    match form:
        case duty_forms.AnswerForm():
            texts = {name: form[name].data or "" for name in answering.ANSWER_FIELDS}
            verb = answering.save_draft if keep else answering.answer
            return partial(verb, actor, case, duty, texts, seen=seen)
        case duty_forms.SendBackForm():
            proposed = organisations.unit_in(case.federation_id, _id(form.proposed_unit.data))
            return partial(answering.send_back, actor, case, duty, form.reason.data, proposed=proposed, seen=seen)
        case duty_forms.ExtendForm():
            return partial(answering.extend, actor, case, duty, int(form.days.data or 0), form.reason.data, seen=seen)
        case duty_forms.AskForm():
            return partial(asking.ask_reporter, actor, case, form.text.data, duty=duty, seen=seen)
        case duty_forms.DelegateForm():
            person = {"name": form.name.data, "email": form.email.data}
            return partial(beside.delegate, actor, case, duty, **person, sent_id=form.sent_once)
        case duty_forms.ProposeForm():
            return _proposal(actor, case, duty, form)
        case duty_forms.NoteForm():
            return partial(beside.write_note, actor, case, form.text.data, duty=duty, sent_id=form.sent_once)
        case duty_forms.RevokeForm():
            return _closing(actor, case, duty, form)
    return _wordless(actor, step, case, duty, seen)


def _wordless(actor: Actor, step: DutyStep, case: Case, duty: Duty, seen: int) -> Verb:
    if step is DutyStep.TAKE_BACK_QUESTION:
        question = asking.open_question(case.id)
        if question is None:
            raise InvalidInput("question", "not_open")
        if question.duty_id != duty.id:
            raise NotAllowedToSee(f"question {question.id}")
        return partial(asking.withdraw_question, actor, case, question, duty=duty, seen=seen)
    if step is DutyStep.WITHDRAW:
        return partial(sending.withdraw, actor, case, duty, seen=seen)
    return partial(answering.accept, actor, case, duty, seen=seen)


def _proposal(actor: Actor, case: Case, duty: Duty, form: duty_forms.ProposeForm) -> Verb:
    theme_id = _id(form.theme.data)
    theme = next((row for row in organisations.themes(case.federation_id) if row.id == theme_id), None)
    kind = ProposalKind(form.kind.data)
    why, sent_id = form.why.data or "", form.sent_once
    return partial(beside.propose, actor, case, duty, kind, theme=theme, why=why, sent_id=sent_id)


def _closing(actor: Actor, case: Case, duty: Duty, form: duty_forms.RevokeForm) -> Verb:
    found = next((link for link in links_of(duty.id) if link.id == form.link_id.data), None)
    if found is None or not may_close(actor, duty, found):
        raise NotAllowedToSee(f"link {form.link_id.data}")
    return partial(sending.withdraw_link, actor, case, found)


def _said(step: DutyStep, case: Case, form: AsideForm, *, keep: bool) -> str:
    if step is DutyStep.ANSWER:
        return _said_of_draft() if keep else _said_of_answer(case)
    if isinstance(form, duty_forms.DelegateForm):
        return str(_("%(name)s har fått ett mejl med en egen länk till ärendet.", name=form.name.data))
    return _WORDS[step]()


def _said_of_draft() -> str:
    return str(_("Utkastet är sparat. Bara ni på enheten ser det."))


def _said_of_answer(case: Case) -> str:
    if case.status == CaseStatus.ANSWERED:
        return str(_("Tack! Svaret är skickat. Anmälaren kan läsa det nu."))
    return str(_("Tack! Svaret är skickat. När alla har svarat skriver samordnaren ett samlat svar till anmälaren."))


def _said_of_left() -> str:
    return str(_("Frågan är tillbakatagen. Svaret som fanns är skickat, och anmälaren kan läsa det nu."))


_WORDS: Mapping[DutyStep, Callable[[], str]] = {
    DutyStep.ACCEPT: lambda: str(_("Ärendet är ert. Svara när ni vet vad som har hänt.")),
    DutyStep.SEND_BACK: lambda: str(_("Skickat tillbaka. Samordnaren hittar rätt mottagare.")),
    DutyStep.EXTEND: lambda: str(_("Svarstiden är förlängd. Den nya sista dagen står på sidan.")),
    DutyStep.ASK: lambda: str(_("Frågan är skickad. Klockan står still tills anmälaren har svarat.")),
    DutyStep.TAKE_BACK_QUESTION: lambda: str(_("Frågan är tillbakatagen. Dagarna räknas igen.")),
    DutyStep.PROPOSE: lambda: str(_("Tack! Samordnaren tar ställning till förslaget.")),
    DutyStep.NOTE: lambda: str(_("Anteckningen är sparad.")),
    DutyStep.REVOKE_LINK: lambda: str(_("Länken är stängd. Den fungerar inte längre.")),
    DutyStep.WITHDRAW: lambda: str(_("Frågan är tillbakatagen. Enheten behöver inte svara.")),
}


def _id(chosen: str | None) -> int:
    """The form has checked the choice; 0 for none."""
    return int(chosen) if chosen else 0
