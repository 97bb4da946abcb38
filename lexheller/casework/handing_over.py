"""Wrong door: a case offered to another federation, which sees only the offer and has to consent before it is theirs.

A pointer to the region's own routine is no hand-over: it is closing with the reason `wrong_door` and words about where.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lexheller.accounts.queries import office_of, users_with
from lexheller.accounts.rights import Actor, Right
from lexheller.audit.queries import history
from lexheller.audit.service import lock_chains, next_diary_number
from lexheller.cases import door, search
from lexheller.cases.dialogue import Handover, HandoverDecision
from lexheller.cases.models import Case, Report, ReporterContact
from lexheller.cases.permissions import sees_everything
from lexheller.cases.queries import contact_of, live_duties
from lexheller.cases.states import CaseStatus, CloseReason, Step
from lexheller.casework import notices, sharing
from lexheller.casework.asking import open_question
from lexheller.casework.sending import ROUTE_JOB
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import local_moment, next_open
from lexheller.deadlines.settings import at_clock
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_of, municipalities, organisations
from lexheller.privacy.refusal import refuse_identity_numbers

OFFER_JOB = "casework.look_after_offer"
REMIND_DAYS = 5
"""Working days here after which the other office is asked once more."""
LONGEST_DAYS = 10
"""Working days after which the office here hears that nobody has said anything."""
NAMESPACE = uuid.UUID("6d1c3a52-62f4-5d0c-8f5e-0b6f2a1c2026")


def offer(actor: Actor, case: Case, to: Federation, reason: str, text_to_reporter: str, *, seen: int) -> Handover:
    """Offer the case. The other office is told and sees the report, between whom it happened, the reason and the trail;
    nothing else.

    Raises InvalidInput: `unknown`, `required`, `offered_already`, `nobody_there` (no office that could be told, P4).
    """
    if to.id == case.federation_id or not to.active:
        raise InvalidInput("to", "unknown")
    with tenancy.also(to.id):
        if not office_of(to.id):
            raise InvalidInput("to", "nobody_there")
    for field, text in (("reason", reason), ("text_to_reporter", text_to_reporter)):
        if not text:
            raise InvalidInput(field, "required")
    refuse_identity_numbers(reason=reason, text_to_reporter=text_to_reporter)
    door.hold(case)
    if open_offer(case.id) is not None:
        raise InvalidInput("to", "offered_already")
    handover = Handover(
        federation_id=case.federation_id,
        case_id=case.id,
        to_federation_id=to.id,
        reason=reason,
        text_to_reporter=text_to_reporter,
        trail=_trail(case),
        offered_at=clock.now(),
    )
    db.session.add(handover)
    db.session.flush()
    data = {"handover_id": handover.id, "to_federation_id": to.id}
    door.take(actor, Step.OFFER_HANDOVER, case, seen=seen, data=data)
    notices.tell_other_office(handover)
    jobs.ask_for(
        OFFER_JOB,
        federation_id=case.federation_id,
        subject_id=handover.id,
        key=f"offer:{handover.id}",
        due_at=_morning(handover, REMIND_DAYS),
    )
    return handover


def look_after_offer(handover_id: int) -> jobs.Postponed | None:
    """The job of an offer: the other office is asked once more, later the one here hears that nobody has answered. By
    day alone (P9); a decision ends it.
    """
    handover = db.session.get_one(Handover, handover_id)
    case = handover.case
    door.hold(case)
    db.session.refresh(handover)
    if handover.decision is not None:
        return None
    frame = frame_of(handover.federation_id)
    opens_at = next_open(clock.now(), frame.calendar, frame.settings)
    if clock.now() < opens_at:
        return jobs.Postponed(opens_at)
    remind_at, end_at = _morning(handover, REMIND_DAYS), _morning(handover, LONGEST_DAYS)
    if clock.now() < remind_at:
        return jobs.Postponed(remind_at)
    if clock.now() < end_at:
        notices.tell_other_office(handover, once="offered-still")
        return jobs.Postponed(end_at)
    notices.tell_office_offer_waits(case, handover)
    return None


def _morning(handover: Handover, days: int) -> datetime:
    """The hour of the digest here, so many working days after the offer; it moves with the calendar."""
    frame = frame_of(handover.federation_id)
    day = add_working_days(clock.day_of(handover.offered_at), days, frame.calendar)
    return local_moment(day, at_clock(frame.settings.digest_at))


def call_off(actor: Actor, case: Case, handover: Handover, *, seen: int) -> None:
    """Take the offer back before it is decided."""
    _hold_open(handover, case)
    _decide(handover, HandoverDecision.CALLED_OFF)
    door.take(actor, Step.CALL_OFF_HANDOVER, case, seen=seen, data={"handover_id": handover.id})


def lapse(handover: Handover) -> None:
    """The case ended here before the other federation said anything: there is nothing to take over any longer."""
    _decide(handover, HandoverDecision.CALLED_OFF)


def decline(actor: Actor, handover: Handover, reason: str) -> None:
    """The other federation says no, and why; the case stays where it is and its office is told."""
    if not reason:
        raise InvalidInput("reason", "required")
    refuse_identity_numbers(reason=reason)
    case = handover.case
    _hold_open(handover, case)
    _decide(handover, HandoverDecision.DECLINED, reason)
    data = {"handover_id": handover.id}
    offered_to = handover.to_federation_id
    door.take(actor, Step.DECLINE_HANDOVER, case, seen=case.version, data=data, offered_to=offered_to)
    notices.tell_office_declined(case)


def take_over(actor: Actor, handover: Handover) -> Case:
    """The other federation consents: the report becomes a case of its own there, under a number of its own, and is
    routed; the old case closes. The reporter is told, follows it under the same code, and keeps being reachable.
    """
    case = handover.case
    _hold_open(handover, case)
    live, question = live_duties(case.id), open_question(case.id)
    new = _registered_there(actor, handover)
    _decide(handover, HandoverDecision.ACCEPTED)
    handover.new_case_id = new.id
    db.session.flush()
    changes = {
        "closed_on": clock.today(),
        "close_reason": CloseReason.HANDED_OVER,
        "conclusion": handover.text_to_reporter,
    }
    data = {"handover_id": handover.id, "to_federation_id": handover.to_federation_id}
    offered_to = handover.to_federation_id
    door.take(actor, Step.HAND_OVER, case, seen=case.version, changes=changes, data=data, offered_to=offered_to)
    for duty in live:
        clocks.stop_clock(duty)
    if question is not None:
        question.withdrawn_at = clock.now()
        db.session.flush()
    sharing.index(case)
    notices.tell_reporter(case, "handed_over")
    jobs.ask_for(ROUTE_JOB, federation_id=new.federation_id, subject_id=new.id, key=f"route:{new.id}")
    return new


def open_offer(case_id: int) -> Handover | None:
    """The offer of this case that has not been decided."""
    query = select(Handover).where(Handover.case_id == case_id, Handover.decision.is_(None))
    return db.session.scalar(query.options(joinedload(Handover.to_federation)))


def offers(case_id: int) -> list[Handover]:
    """All offers of the case, oldest first."""
    query = select(Handover).where(Handover.case_id == case_id).options(joinedload(Handover.to_federation))
    return list(db.session.scalars(query.order_by(Handover.id)))


def reads_offers(actor: Actor, federation_id: int) -> bool:
    """Whether the actor reads what is offered to the federation: those who handle cases, who decide it too; where
    nobody does, those who see all cases, and can see to it that somebody will (P4).
    """
    if actor.may(Right.HANDLE_CASES, federation_id):
        return True
    return sees_everything(actor, federation_id) and not users_with(Right.HANDLE_CASES, federation_id)


def offered_to(actor: Actor, federation_id: int) -> list[Handover]:
    """Offers that wait for this federation's consent, oldest first; nothing for others than its office."""
    if not reads_offers(actor, federation_id):
        return []
    query = select(Handover).where(Handover.to_federation_id == federation_id, Handover.decision.is_(None))
    asked_by = db.session.scalars(query.options(joinedload(Handover.federation)).order_by(Handover.id)).all()
    if not asked_by:
        return []
    whole = joinedload(Handover.case).joinedload(Case.report)
    with tenancy.also(*(offer.federation_id for offer in asked_by)):
        return list(db.session.scalars(query.options(whole).order_by(Handover.id)))


def offer_for(actor: Actor, federation_id: int, handover_id: int) -> Handover:
    """One waiting offer to this federation, and from now on its case is seen too. Raises NotAllowedToSee."""
    found = next((offer for offer in offered_to(actor, federation_id) if offer.id == handover_id), None)
    if found is None:
        raise NotAllowedToSee(f"handover {handover_id}")
    tenancy.work_also_for(found.federation_id)
    return found


def came_by(case: Case) -> Handover | None:
    """How a case that another federation handed over came here."""
    query = select(Handover).where(Handover.new_case_id == case.id).options(joinedload(Handover.federation))
    return db.session.scalar(query)


def _trail(case: Case) -> list[dict[str, str]]:
    """What has happened so far: kinds and times, nobody's name."""
    return [
        {"at": event.at.isoformat(), "kind": event.kind} for event in history(case.federation_id, door.CASE, case.id)
    ]


def _registered_there(actor: Actor, handover: Handover) -> Case:
    there = federation_of(handover.to_federation_id)
    case, report = handover.case, handover.case.report
    copy = Report(
        federation_id=there.id,
        submission_id=str(uuid.uuid5(NAMESPACE, f"handover:{handover.id}")),
        source="handover",
        what_happened=report.what_happened,
        consequence=report.consequence,
        done_at_once=report.done_at_once,
        proposal=report.proposal,
        reporting_unit=report.reporting_unit,
        concerned_unit=report.concerned_unit or (case.concerned_unit.name if case.concerned_unit else None),
        as_given={**report.as_given, **_unknown_there(case, there)},
        locale=report.locale,
    )
    db.session.add(copy)
    db.session.flush()
    _copy_contact(case, copy)
    received_at = clock.now()
    received_on = clock.day_of(received_at)
    members, places = _members(there), _places(there)
    number = next_diary_number(there.id, received_on.year, file_number=there.diary_file_number)
    lock_chains({case.federation_id, there.id})
    new = Case(
        federation_id=there.id,
        report_id=copy.id,
        number=number,
        status=CaseStatus.RECEIVED,
        received_at=received_at,
        received_on=received_on,
        reporting_organisation_id=_known(case.reporting_organisation_id, members),
        concerned_organisation_id=_known(case.concerned_organisation_id, members),
        municipality_id=_known(case.municipality_id, places),
    )
    door.begin(actor, new, "case.taken_over", {"number": new.number, "handover_id": handover.id})
    search.index(new, copy, [])
    return new


def _copy_contact(case: Case, copy: Report) -> None:
    contact = contact_of(case.report_id)
    if contact is not None and contact.revoked_at is None:
        db.session.add(
            ReporterContact(
                report_id=copy.id,
                federation_id=copy.federation_id,
                email=contact.email,
                stay_unknown=contact.stay_unknown,
            )
        )
        db.session.flush()


def _members(there: Federation) -> set[int]:
    return {organisation.id for organisation in organisations(there.id)}


def _places(there: Federation) -> set[int]:
    return {municipality.id for municipality in municipalities(there.id)}


def _unknown_there(case: Case, there: Federation) -> dict[str, str]:
    """Between whom and where it happened, in words, by field: what the other federation's own lists do not have."""
    members, places = _members(there), _places(there)
    found = {
        "reporting_organisation": (case.reporting_organisation, members),
        "concerned_organisation": (case.concerned_organisation, members),
        "municipality": (case.municipality, places),
    }
    return {field: row.name for field, (row, known) in found.items() if row is not None and row.id not in known}


def _known(found: int | None, among: set[int]) -> int | None:
    return found if found in among else None


def _hold_open(handover: Handover, case: Case) -> None:
    """Of two who decide at once, the second finds it decided."""
    door.hold(case)
    db.session.refresh(handover)
    if handover.decision is not None or handover.case_id != case.id:
        raise InvalidInput("handover", "decided_already")


def _decide(handover: Handover, decision: HandoverDecision, reason: str | None = None) -> None:
    handover.decision, handover.decided_at, handover.decision_reason = decision, clock.now(), reason
    if decision is not HandoverDecision.ACCEPTED:
        db.session.flush()
