"""What is shown of one duty to one viewer: the same for the case page and for the page behind a mailed link.

Built here, drawn by `templates/casework/duty/*`, which read everything from one value called `panel`. Never in it: who
the reporter is, the office's own notes, what the reporter said at the follow-up, drafts and notes of other parties.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for

from lexheller.accounts.queries import users_with
from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.cases.answer_link import links_of, lives
from lexheller.cases.dialogue import AnswerLink, Question
from lexheller.cases.labels import DUTY_STATUS
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import answers_for, duty_steps_for, sees_everything, steps_for
from lexheller.cases.queries import draft_before, draft_of, given_answers
from lexheller.cases.states import LIVE, DutyStatus
from lexheller.casework import duty_texts
from lexheller.casework.answering import ANSWER_FIELDS
from lexheller.casework.asking import can_be_asked, open_question
from lexheller.casework.beside import notes_for, proposals
from lexheller.casework.duty_forms import TAKEN_AS, AsideForm, DutyStep, fresh_form
from lexheller.casework.duty_others import said_by_others
from lexheller.casework.duty_time import time_left
from lexheller.casework.explain import why_here
from lexheller.casework.standard_texts import Offered
from lexheller.deadlines.queries import settings_of, why_no_more_days

Sent = tuple[DutyStep, AsideForm]
OFFICE_DAYS = 5


def values(
    actor: Actor, case: Case, duty: Duty, *, url_of: Callable[[str], str], sent: Sent | None = None
) -> dict[str, Any]:
    """The `panel` of the templates. `url_of` turns a DutyStep's value into an address; `sent` is a form of this duty
    that came back with errors, to be shown with its text.
    """
    own = answers_for(actor, duty)
    live = DutyStatus(duty.status) in LIVE and duty.round == case.round
    question = open_question(case.id)
    steps = _open_steps(actor, case, duty, question)
    texts = duty_texts.offered(case, steps)
    forms = _forms(actor, case, duty, steps, texts, sent)
    return {
        "case": case,
        "duty": duty,
        "report": case.report,
        "federation": case.federation,
        "status": DUTY_STATUS[DutyStatus(duty.status)],
        "own": own,
        "office": sees_everything(actor, case.federation_id),
        "helps": actor.delegate,
        "live": live,
        "time": time_left(duty) if live else None,
        "why": why_here(case, duty) if live else [],
        "forms": {step.key: form for step, form in forms.items()},
        "texts": {step.key: found for step, found in texts.items()},
        "urls": {step.key: url_of(step.value) for step in DutyStep},
        "failed": sent[1] if sent else None,
        "question": question,
        "asked_by_us": question is not None and question.duty_id == duty.id,
        "extension": _extension(actor, duty, DutyStep.EXTEND in forms) if own and live else None,
        "answer": _own_answer(case, duty),
        "has_draft": own and live and draft_of(duty.id) is not None,
        "goes_on": own and live and draft_of(duty.id) is None and draft_before(duty) is not None,
        "links": _links(actor, duty) if live and (own or sees_everything(actor, case.federation_id)) else [],
        "notes": notes_for(actor, case) if own else [],
        "proposals": [row for row in proposals(case.id) if row.duty_id == duty.id],
        "contacts": users_with(Right.HANDLE_CASES, case.federation_id) if own and live else [],
        "history_url": _history_url(actor, duty),
        **said_by_others(case, duty),
    }


def shows(actor: Actor, case: Case, duty: Duty, step: DutyStep) -> bool:
    """Whether the page has the form of that step for the actor now."""
    return step in _open_steps(actor, case, duty, open_question(case.id))


def _forms(
    actor: Actor,
    case: Case,
    duty: Duty,
    steps: list[DutyStep],
    texts: Mapping[DutyStep, list[Offered]],
    sent: Sent | None,
) -> dict[DutyStep, AsideForm]:
    asked = request.args.get("step", ""), request.args.get("standard", "")
    found: dict[DutyStep, AsideForm] = {}
    for step in steps:
        known = _known(actor, step, duty)
        found[step] = fresh_form(step, case, duty, {**known, **duty_texts.begun(step, texts, known, asked)})
    if sent is not None and sent[0] in found:
        found[sent[0]] = sent[1]
    return found


def _open_steps(actor: Actor, case: Case, duty: Duty, question: Question | None) -> list[DutyStep]:
    """Those that the table and the rights allow, while the duty waits for its answer."""
    allowed = set(duty_steps_for(actor, case, duty))
    if not allowed:
        return []
    mine = answers_for(actor, duty)
    allowed |= set(steps_for(actor, case, duty)) if mine else set()
    kept_away = set()
    if question is not None or not can_be_asked(case):
        kept_away.add(DutyStep.ASK)
    if question is None or question.duty_id != duty.id:
        kept_away.add(DutyStep.TAKE_BACK_QUESTION)
    if _why_no_more_time(actor, duty):
        kept_away.add(DutyStep.EXTEND)
    return [step for step, taken_as in TAKEN_AS.items() if taken_as in allowed and step not in kept_away]


def _known(actor: Actor, step: DutyStep, duty: Duty) -> Mapping[str, Any]:
    if step is DutyStep.ANSWER:
        draft = draft_of(duty.id) or draft_before(duty)
        return {name: getattr(draft, name) for name in ANSWER_FIELDS} if draft else {}
    if step is DutyStep.EXTEND:
        return {"days": OFFICE_DAYS if _is_office(actor, duty) else settings_of(duty.federation_id).extension_days}
    return {}


def _is_office(actor: Actor, duty: Duty) -> bool:
    return actor.kind is ActorKind.USER and actor.may(Right.HANDLE_CASES, duty.federation_id)


def _why_no_more_time(actor: Actor, duty: Duty) -> str:
    """The code of why a manager cannot add days: as `answering.extend` would refuse it. Empty when they can."""
    return "" if _is_office(actor, duty) else why_no_more_days(duty, settings_of(duty.federation_id))


def _extension(actor: Actor, duty: Duty, may: bool) -> dict[str, Any] | None:
    """What the fold about more time says; None for a colleague, whose it is not to ask for."""
    if actor.delegate:
        return None
    settings = settings_of(duty.federation_id)
    return {"may": may, "why_not": _why_no_more_time(actor, duty), "days": settings.extension_days}


def _own_answer(case: Case, duty: Duty) -> Any:
    return next((answer for answer in given_answers(case.id) if answer.duty_id == duty.id), None)


def _links(actor: Actor, duty: Duty) -> list[dict[str, Any]]:
    """Who can open the duty by mail today. A colleague's link can be closed by the manager, any by the office."""
    return [_link(actor, duty, link) for link in links_of(duty.id) if lives(link)]


def _link(actor: Actor, duty: Duty, link: AnswerLink) -> dict[str, Any]:
    yours = actor.link_id == link.id or (actor.kind is ActorKind.USER and actor.email == link.email)
    return {
        "id": link.id,
        "name": link.name or link.email,
        "email": link.email,
        "delegate": link.delegate,
        "expires_at": link.expires_at,
        "yours": yours,
        "may_close": may_close(actor, duty, link),
    }


def may_close(actor: Actor, duty: Duty, link: AnswerLink) -> bool:
    """The office may close any link to the duty; whoever answers for it those of colleagues who were asked to help."""
    if link.duty_id != duty.id or actor.delegate:
        return False
    return _is_office(actor, duty) or (answers_for(actor, duty) and link.delegate)


def _history_url(actor: Actor, duty: Duty) -> str | None:
    """Behind a mailed link no other page is reached."""
    if actor.kind is not ActorKind.USER:
        return None
    if not (answers_for(actor, duty) or sees_everything(actor, duty.federation_id)):
        return None
    return url_for("unit_history.show", federation=duty.case.federation.slug, unit_id=duty.unit_id)
