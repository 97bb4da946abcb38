"""What is written beside the handling: internal notes, a manager's proposals, a colleague asked to help, and the log of
who opened the reporter's address or closed the reporter's link. None of it moves the case.
"""

from __future__ import annotations

from sqlalchemy import select

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.audit.once import made_by, marked
from lexheller.audit.service import record
from lexheller.cases import door
from lexheller.cases.answer_link import link_for
from lexheller.cases.dialogue import AnswerLink, ContactOpening, Note, Proposal, ProposalKind
from lexheller.cases.models import Case, Duty, ReporterContact
from lexheller.cases.permissions import sees_everything
from lexheller.cases.reporter_link import close, living_contact
from lexheller.cases.states import TRANSITIONS, Step
from lexheller.casework import notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.deadlines.queries import settings_of
from lexheller.organisations.models import Theme
from lexheller.privacy.refusal import refuse_identity_numbers


def write_note(actor: Actor, case: Case, text: str, *, duty: Duty | None = None, sent_id: str | None = None) -> Note:
    """An internal note: the office's own, or with a duty its unit's and the office's. Never the reporter's.

    The same form sent again (`sent_id`) is the note that there is (P1).
    """
    if not text:
        raise InvalidInput("text", "required")
    refuse_identity_numbers(text=text)
    earlier = made_by(case.federation_id, TRANSITIONS[Step.WRITE_NOTE].event, sent_id)
    if earlier is not None and earlier.subject_id == case.id:
        return db.session.get_one(Note, earlier.data["note_id"])
    note = Note(
        federation_id=case.federation_id,
        case_id=case.id,
        unit_id=duty.unit_id if duty else None,
        author_user_id=actor.user_id,
        author_name=actor.name,
        written_at=clock.now(),
        text=text,
    )
    db.session.add(note)
    db.session.flush()
    data = {"note_id": note.id, **marked(sent_id)}
    door.take(actor, Step.WRITE_NOTE, case, duty=duty, seen=case.version, data=data)
    return note


def notes_for(actor: Actor, case: Case) -> list[Note]:
    """Notes that the actor may read, newest first: the office all, a unit its own."""
    query = select(Note).where(Note.case_id == case.id, Note.federation_id == case.federation_id)
    if not sees_everything(actor, case.federation_id):
        query = query.where(Note.unit_id.in_(actor.unit_ids))
    return list(db.session.scalars(query.order_by(Note.id.desc())))


def propose(
    actor: Actor,
    case: Case,
    duty: Duty,
    kind: ProposalKind,
    *,
    theme: Theme | None,
    why: str,
    sent_id: str | None = None,
) -> Proposal:
    """A manager thinks that the case belongs to a theme, or shows a fault in the system. The office decides.

    The same form sent again (`sent_id`) is the proposal that there is (P1).
    """
    if kind is ProposalKind.THEME and theme is None:
        raise InvalidInput("theme", "required")
    refuse_identity_numbers(why=why)
    earlier = made_by(case.federation_id, TRANSITIONS[Step.PROPOSE].event, sent_id)
    if earlier is not None and earlier.subject_id == case.id:
        return db.session.get_one(Proposal, earlier.data["proposal_id"])
    proposal = Proposal(
        federation_id=case.federation_id,
        case_id=case.id,
        duty_id=duty.id,
        kind=kind,
        theme_id=theme.id if theme and kind is ProposalKind.THEME else None,
        why=why,
        made_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    data = {"proposal_id": proposal.id, "kind": str(kind), **marked(sent_id)}
    door.take(actor, Step.PROPOSE, case, duty=duty, seen=duty.version, data=data)
    return proposal


def settle_proposal(actor: Actor, case: Case, proposal: Proposal, *, taken: bool, seen: int) -> None:
    """Take a proposal or leave it. A theme that is taken becomes the case's."""
    if proposal.case_id != case.id or proposal.settled_at is not None:
        raise InvalidInput("proposal", "settled")
    proposal.taken, proposal.settled_at = taken, clock.now()
    db.session.flush()
    changes = {"theme_id": proposal.theme_id} if taken and proposal.kind == ProposalKind.THEME else {}
    data = {"proposal_id": proposal.id, "taken": taken}
    door.take(actor, Step.SETTLE_PROPOSAL, case, seen=seen, changes=changes, data=data)


def proposals(case_id: int) -> list[Proposal]:
    """All proposals of the case, oldest first."""
    return list(db.session.scalars(select(Proposal).where(Proposal.case_id == case_id).order_by(Proposal.id)))


def delegate(actor: Actor, case: Case, duty: Duty, *, name: str, email: str, sent_id: str | None = None) -> AnswerLink:
    """A colleague within the unit gets a link of their own to this duty, to draft or to answer.

    The same form sent again (`sent_id`) is the link that there is (P1).
    """
    if not name:
        raise InvalidInput("name", "required")
    if "@" not in email:
        raise InvalidInput("email", "required")
    refuse_identity_numbers(name=name, email=email)
    earlier = made_by(case.federation_id, TRANSITIONS[Step.DELEGATE].event, sent_id)
    if earlier is not None and earlier.subject_id == case.id:
        return db.session.get_one(AnswerLink, earlier.data["to_link_id"])
    door.hold(case)
    days = settings_of(case.federation_id).link_days
    link = link_for(duty, name=name, email=email, days=days, delegate=True)
    data = {"to_link_id": link.id, **marked(sent_id)}
    door.take(actor, Step.DELEGATE, case, duty=duty, seen=duty.version, data=data)
    notices.tell_link(case, link)
    return link


def open_contact(actor: Actor, case: Case, reason: str) -> ReporterContact:
    """The reporter's address, for the office alone; who opened it and when is kept.

    Where the reporter asked to stay unknown it takes a reason. Raises NotAllowedToSee, InvalidInput.
    """
    contact = living_contact(case)
    if contact is None or not _is_office(actor, case):
        raise NotAllowedToSee("reporter's address")
    if contact.stay_unknown and not reason:
        raise InvalidInput("reason", "required")
    refuse_identity_numbers(reason=reason)
    opening = ContactOpening(
        federation_id=case.federation_id,
        case_id=case.id,
        user_id=actor.user_id,
        opened_at=clock.now(),
        reason=reason,
    )
    db.session.add(opening)
    db.session.flush()
    record(
        actor,
        "case.contact_opened",
        federation_id=case.federation_id,
        subject_type=door.ASIDE,
        subject_id=case.id,
        data={"opening_id": opening.id},
    )
    return contact


def close_reporter_link(actor: Actor, case: Case, reason: str) -> None:
    """What was mailed to the reporter stops working and nothing more is mailed; the reason is kept as a note.

    For the office alone. Twice is once. Raises NotAllowedToSee, InvalidInput.
    """
    if not _is_office(actor, case):
        raise NotAllowedToSee("reporter's address")
    if not reason:
        raise InvalidInput("reason", "required")
    refuse_identity_numbers(reason=reason)
    if close(actor, case):
        write_note(actor, case, reason)


def _is_office(actor: Actor, case: Case) -> bool:
    return actor.kind is ActorKind.USER and actor.may(Right.HANDLE_CASES, case.federation_id)


def openings(case_id: int) -> list[ContactOpening]:
    """Who has opened the reporter's address, newest first."""
    query = select(ContactOpening).where(ContactOpening.case_id == case_id)
    return list(db.session.scalars(query.order_by(ContactOpening.id.desc())))
