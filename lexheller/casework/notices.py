"""Which messages a step causes: rows in the outbox, written with the step. Words and recipients' rights: `messages`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import office_of, told_of_held
from lexheller.cases.answer_link import link_for, links_of, lives
from lexheller.cases.dialogue import AnswerLink, Handover, Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import contact_of
from lexheller.cases.states import LIVE
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.deadlines.digests import Notice, has_been_told
from lexheller.deadlines.digests import tell as tell_in_one
from lexheller.deadlines.ladder import Person, Rung
from lexheller.deadlines.queries import settings_of
from lexheller.messaging.models import Message, RecipientType
from lexheller.messaging.service import ask_each, ask_for
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import contacts_for_unit

ASSIGNED = "casework.case_assigned"
UNROUTED = "casework.case_unrouted"
RETURNED = "casework.case_returned"
ANSWERED = "casework.case_answered"
COLLECTED = "casework.answers_collected"
UNANSWERED = "casework.question_unanswered"
HELD = "casework.text_held"
REPLIED_TO_MANAGER = "intake.question_replied_manager"
HANDOVER_OFFERED = "casework.handover_offered"
HANDOVER_DECLINED = "casework.handover_declined"
HANDOVER_WAITS = "casework.handover_waits"
NOBODY_ANSWERS = "casework.nobody_answers"
REPORTER_NEWS = {
    news: f"casework.reporter_{news}"
    for news in (
        "routed",
        "question",
        "question_waits",
        "answered",
        "closed",
        "merged",
        "handed_over",
        "follow_up",
        "fault_news",
    )
}
PASSED_ON = {"answered", "closed", "handed_over", "fault_news"}


def tell_responsible(duties: Sequence[Duty]) -> None:
    """Whoever answers for the duties' units today, by a link of their own for each, once for each life of the link.

    Who has several to hear of gets one mail. Where the clock stands still there is nothing to remind of: those are told
    each by itself.
    """
    unheard: dict[str, list[AnswerLink]] = {}
    for duty in duties:
        days = settings_of(duty.federation_id).link_days
        for contact in contacts_for_unit(duty.unit_id, clock.today()):
            link = link_for(duty, name=contact.name, email=contact.email, days=days)
            if duty.paused_on is not None:
                tell_link(duty.case, link)
            elif not _has_heard(link):
                unheard.setdefault(link.email, []).append(link)
    for links in unheard.values():
        if len(links) == 1:
            tell_link(links[0].duty.case, links[0])
        else:
            person = Person(RecipientType.LINK, 0, links[0].email, links[0].name)
            several = [Notice(person, Rung.MANAGER, link.duty, None) for link in links]
            tell_in_one(links[0].federation_id, several)


def _has_heard(link: AnswerLink) -> bool:
    by_itself = select(Message.id).where(Message.key == _key_of(link))
    return has_been_told(link) or db.session.scalar(by_itself) is not None


def _key_of(link: AnswerLink) -> str:
    return f"assigned:{link.duty_id}:{link.id}:{link.version}"


def tell_link(case: Case, link: AnswerLink) -> None:
    """One person about one duty, once for each life of their link."""
    ask_for(
        ASSIGNED,
        key=_key_of(link),
        federation_id=case.federation_id,
        subject_id=case.id,
        recipient_type=RecipientType.LINK,
        recipient_id=link.id,
    )


def tell_office_unrouted(case: Case) -> None:
    """Nobody has the case: the office is told, once for each time it comes to that (P4)."""
    _tell_office(UNROUTED, f"unrouted:{case.id}:{case.version}", case)


def tell_office_returned(case: Case, duty: Duty) -> None:
    """One of several parties sent it back, while others go on."""
    _tell_office(RETURNED, f"returned:{duty.id}:{duty.version}", case)


def tell_office_answered(case: Case) -> None:
    _tell_office(ANSWERED, f"answered:{case.id}:{case.version}", case)


def tell_office_collected(case: Case) -> None:
    """All parties have answered: the joint answer is the office's to write."""
    _tell_office(COLLECTED, f"collected:{case.id}:{case.version}", case)


def tell_office_unanswered(case: Case, question: Question) -> None:
    """The reporter has not replied, and the clocks go on."""
    _tell_office(UNANSWERED, f"unanswered:{question.id}", case)


def tell_office_held(case: Case, day: date) -> None:
    """Something waits to be looked at, and has for long: told once a day at most (P24)."""
    _tell(told_of_held(case.federation_id), HELD, f"held:{case.id}:{day.isoformat()}", case)


def tell_replied(case: Case, question: Question) -> None:
    """Whoever has a living link to the duty that the question came from may read the reply now."""
    if question.duty is None or question.duty.status not in LIVE:
        return
    for link in links_of(question.duty.id):
        if lives(link):
            ask_for(
                REPLIED_TO_MANAGER,
                key=f"replied:{question.id}:link:{link.id}",
                federation_id=case.federation_id,
                subject_id=case.id,
                recipient_type=RecipientType.LINK,
                recipient_id=link.id,
            )


def tell_office_declined(case: Case) -> None:
    _tell_office(HANDOVER_DECLINED, f"declined:{case.id}:{case.version}", case)


def tell_office_nobody_answers(unit: Unit) -> None:
    """Cases wait at a unit that nobody is responsible for: told once a day at most (P4)."""
    ask_each(
        NOBODY_ANSWERS,
        [user.id for user in office_of(unit.federation_id)],
        key=f"nobody-answers:{unit.id}:{clock.today().isoformat()}",
        federation_id=unit.federation_id,
        subject_id=unit.id,
    )


def tell_office_offer_waits(case: Case, handover: Handover) -> None:
    """The other federation has not said anything for long."""
    _tell_office(HANDOVER_WAITS, f"offer-waits:{handover.id}", case)


def tell_other_office(handover: Handover, *, once: str = "offered") -> None:
    """The office of the federation that the case is offered to. The message belongs to that federation. `once` names
    the occasion.
    """
    with tenancy.also(handover.to_federation_id):
        ask_each(
            HANDOVER_OFFERED,
            [user.id for user in office_of(handover.to_federation_id)],
            key=f"{once}:{handover.id}",
            federation_id=handover.to_federation_id,
            subject_id=handover.id,
        )


def tell_reporter(case: Case, news: str, *, once: str | None = None) -> None:
    """A reporter who left an address hears that there is something to read; the words are on the receipt page.

    `once` names the occasion; without it the case's version does. What came of a case is told to the reporters of
    those that were merged into it, too.
    """
    _tell_one_reporter(case, news, once or str(case.version))
    if news in PASSED_ON:
        known_as = _known_as(case)
        query = select(Case).where(Case.merged_into_id.in_(known_as)).order_by(Case.id)
        with tenancy.also(*known_as.values()):
            for merged in db.session.scalars(query):
                _tell_one_reporter(merged, news, f"{case.id}:{once or case.version}")


def _known_as(case: Case) -> dict[int, int]:
    """The case, and those that it was in other federations before it was handed over, with their federations: others
    may end in them.
    """
    found, last = {case.id: case.federation_id}, case.id
    with tenancy.looking_up():
        while (before := db.session.scalar(select(Handover).where(Handover.new_case_id == last))) is not None:
            found[before.case_id], last = before.federation_id, before.case_id
    return found


def _tell_one_reporter(case: Case, news: str, occasion: str) -> None:
    contact = contact_of(case.report_id)
    if contact is not None and contact.revoked_at is None:
        ask_for(
            REPORTER_NEWS[news],
            key=f"reporter-{news}:{case.id}:{occasion}",
            federation_id=case.federation_id,
            subject_id=case.id,
            recipient_type=RecipientType.REPORTER,
            recipient_id=case.report_id,
        )


def _tell_office(kind: str, key: str, case: Case) -> None:
    _tell(office_of(case.federation_id), kind, key, case)


def _tell(users: Iterable[User], kind: str, key: str, case: Case) -> None:
    ask_each(kind, [user.id for user in users], key=key, federation_id=case.federation_id, subject_id=case.id)
