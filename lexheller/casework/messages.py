"""The words and recipients of casework's mails. Number, what waits, link: no text of a case, ever (P7).

What is over when the mail's turn has come is not sent: nobody is told to do what has been done (P6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, told_of_held
from lexheller.cases.answer_link import address_of_link, token_for
from lexheller.cases.dialogue import AnswerLink, Feedback, FeedbackKind, Handover
from lexheller.cases.held import waits_since
from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.permissions import sees_everything, sees_held
from lexheller.cases.queries import live_duties_of_unit
from lexheller.cases.reporter_link import address_of_reporter
from lexheller.cases.reporter_link import token_for as reporter_token
from lexheller.cases.states import CaseStatus
from lexheller.casework import notices
from lexheller.casework.asking import open_question
from lexheller.casework.handing_over import open_offer, reads_offers
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.messages import opens_at
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import contacts_for_unit, federation_of
from lexheller.web.links import absolute_url

OFFICE_SUBJECTS: dict[str, LazyString] = {
    notices.UNROUTED: _l("Välj enhet för ärende %(number)s"),
    notices.RETURNED: _l("En enhet skickade tillbaka ärende %(number)s"),
    notices.ANSWERED: _l("Ärende %(number)s har fått ett svar"),
    notices.COLLECTED: _l("Alla har svarat i ärende %(number)s"),
    notices.UNANSWERED: _l("Anmälaren har inte svarat i ärende %(number)s"),
    notices.HANDOVER_DECLINED: _l("Det andra förbundet tog inte över ärende %(number)s"),
    notices.HANDOVER_WAITS: _l("Det andra förbundet har inte svarat om ärende %(number)s"),
}
REPORTER_SUBJECTS: dict[str, LazyString] = {
    "routed": _l("Din anmälan %(number)s är hos den som kan svara"),
    "question": _l("En fråga väntar om din anmälan %(number)s"),
    "question_waits": _l("Frågan om din anmälan %(number)s väntar fortfarande"),
    "answered": _l("Din anmälan %(number)s har fått ett svar"),
    "closed": _l("Din anmälan %(number)s är avslutad"),
    "merged": _l("Din anmälan %(number)s hör ihop med en annan"),
    "handed_over": _l("Din anmälan %(number)s har lämnats till ett annat förbund"),
    "follow_up": _l("Blev det bättre? En fråga om din anmälan %(number)s"),
    "fault_news": _l("Något nytt har hänt som rör din anmälan %(number)s"),
}
REMINDERS = {"question_waits", "follow_up"}
"""What nobody did anything for just now: it waits for the day (P9)."""


def install(app: Flask) -> None:
    register(app, Kind(notices.ASSIGNED, address_of_link, _assigned, subject=Case))
    for kind, subject in OFFICE_SUBJECTS.items():
        template = f"email/casework/{kind.partition('.')[2]}.txt"
        register(app, Kind(kind, _while(STILL[kind], _office), _for_office(template, subject), subject=Case))
    register(app, Kind(notices.HELD, _while(_waits, _who_may_look), _held, subject=Case))
    register(app, Kind(notices.HANDOVER_OFFERED, _other_office, _offered, subject=Handover))
    register(app, Kind(notices.NOBODY_ANSWERS, _office_of_unit, _nobody_answers, subject=Unit))
    for news, subject in REPORTER_SUBJECTS.items():
        kind = notices.REPORTER_NEWS[news]
        template = f"email/casework/reporter_{news}.txt"
        address = _while(STILL.get(kind, _always), address_of_reporter)
        opens = opens_at if news in REMINDERS else None
        register(app, Kind(kind, address, _for_reporter(template, subject), subject=Case, not_before=opens))


def _always(_case: Case) -> bool:
    return True


def _is(*statuses: CaseStatus) -> Callable[[Case], bool]:
    return lambda case: case.status in statuses


def _runs(case: Case) -> bool:
    return case.status != CaseStatus.CLOSED


def _waits(case: Case) -> bool:
    return waits_since(case) is not None


def _is_asked(case: Case) -> bool:
    return _runs(case) and open_question(case.id) is not None


def _is_offered(case: Case) -> bool:
    return _runs(case) and open_offer(case.id) is not None


def _is_merged(case: Case) -> bool:
    return case.merged_into_id is not None


def _has_not_said(case: Case) -> bool:
    """Closed for good, and the reporter has not told how it worked out."""
    said = select(Feedback.id).where(Feedback.case_id == case.id, Feedback.kind == FeedbackKind.FOLLOW_UP)
    return not _runs(case) and not _is_merged(case) and db.session.scalar(said.limit(1)) is None


STILL: Mapping[str, Callable[[Case], bool]] = {
    notices.UNROUTED: _is(CaseStatus.UNROUTED),
    notices.RETURNED: _runs,
    notices.ANSWERED: _is(CaseStatus.ANSWERED),
    notices.COLLECTED: _is(CaseStatus.COLLECTED),
    notices.UNANSWERED: _is_asked,
    notices.HANDOVER_DECLINED: _runs,
    notices.HANDOVER_WAITS: _is_offered,
    notices.REPORTER_NEWS["routed"]: _runs,
    notices.REPORTER_NEWS["question"]: _is_asked,
    notices.REPORTER_NEWS["question_waits"]: _is_asked,
    notices.REPORTER_NEWS["closed"]: _is(CaseStatus.CLOSED),
    notices.REPORTER_NEWS["merged"]: _is_merged,
    notices.REPORTER_NEWS["follow_up"]: _has_not_said,
}
"""Whether what the mail says still is so when it is sent. An answer and a hand-over are not taken back."""


def _while(
    still: Callable[[Case], bool], address: Callable[[Message], Address | None]
) -> Callable[..., Address | None]:
    def found(message: Message) -> Address | None:
        case = db.session.get(Case, message.subject_id)
        if case is None or case.federation_id != message.federation_id or not still(case):
            return None
        return address(message)

    return found


def _office(message: Message) -> Address | None:
    """A user who still may see the federation's cases (P6)."""
    user = db.session.get(User, message.recipient_id)
    if user is None or not sees_everything(actor_for(user), message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _who_may_look(message: Message) -> Address | None:
    """What waits to be looked at is seen by those alone who handle cases; where nobody does, whoever can change that is
    told that something waits, and not where (P6, P24).
    """
    user = db.session.get(User, message.recipient_id)
    if user is None or user not in told_of_held(message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _office_of_unit(message: Message) -> Address | None:
    """The office, as long as answers are waited for there and nobody is responsible (P6)."""
    unit = db.session.get(Unit, message.subject_id)
    if unit is None or unit.federation_id != message.federation_id:
        return None
    if contacts_for_unit(unit.id, clock.today()) or not live_duties_of_unit(unit.id):
        return None
    return _office(message)


def _other_office(message: Message) -> Address | None:
    """A user who still is told what the office there has to do, as long as the offer waits (P6)."""
    handover = db.session.get(Handover, message.subject_id)
    user = db.session.get(User, message.recipient_id)
    if handover is None or handover.to_federation_id != message.federation_id:
        return None
    if handover.decision is not None or user is None:
        return None
    if not reads_offers(actor_for(user), handover.to_federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _assigned(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    link = db.session.get_one(AnswerLink, message.recipient_id)
    return Words(
        _("Ärende %(number)s väntar på ditt svar", number=case.number),
        "email/casework/assigned.txt",
        {
            **_common(case),
            "answer_link": absolute_url("answer_link.show", token=token_for(link)),
            "unit_name": link.duty.unit.name,
            "due_on": link.duty.due_on,
            "manager_name": link.name,
            "delegate": link.delegate,
            "expires_at": link.expires_at,
        },
    )


def _held(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    user = db.session.get_one(User, message.recipient_id)
    if not sees_held(actor_for(user), case.federation_id):
        return _nobody_looks(case)
    slug = federation_of(case.federation_id).slug
    link = absolute_url("casework.look_at_held", federation=slug, case_id=case.id)
    subject = _("Ärende %(number)s väntar på att du granskar en text", number=case.number)
    return Words(subject, "email/casework/text_held.txt", {**_common(case), "link": link})


def _nobody_looks(case: Case) -> Words:
    """For those who can make somebody a coordinator; they may not see the case, so it is not named."""
    federation = federation_of(case.federation_id)
    return Words(
        _("En text väntar på granskning, men ni har ingen samordnare"),
        "email/casework/nobody_looks.txt",
        {
            "federation_name": full_name(federation),
            "link": absolute_url("administration.people", federation=federation.slug),
        },
    )


def _offered(message: Message) -> Words:
    handover = db.session.get_one(Handover, message.subject_id)
    there = federation_of(handover.to_federation_id)
    return Words(
        _("%(name)s vill lämna över ett ärende till er", name=full_name(handover.federation)),
        "email/casework/handover_offered.txt",
        {
            "federation_name": full_name(there),
            "from_name": full_name(handover.federation),
            "link": absolute_url("handovers.show", federation=there.slug, handover_id=handover.id),
        },
    )


def _nobody_answers(message: Message) -> Words:
    unit = db.session.get_one(Unit, message.subject_id)
    federation = federation_of(message.federation_id)
    return Words(
        _("Ärenden väntar hos %(unit)s, som saknar ansvarig chef", unit=unit.name),
        "email/casework/nobody_answers.txt",
        {
            "federation_name": full_name(federation),
            "unit_name": f"{unit.name}, {unit.organisation.name}",
            "count": len(live_duties_of_unit(unit.id)),
            "link": absolute_url("administration.unit", federation=federation.slug, unit_id=unit.id),
            "queue_link": absolute_url("desk.index", federation=federation.slug, unit=unit.id, only="running"),
        },
    )


def _for_office(template: str, subject: LazyString) -> Callable[[Message], Words]:
    def words(message: Message) -> Words:
        case = db.session.get_one(Case, message.subject_id)
        return Words(str(subject) % {"number": case.number}, template, _common(case))

    return words


def _for_reporter(template: str, subject: LazyString) -> Callable[[Message], Words]:
    def words(message: Message) -> Words:
        case = db.session.get_one(Case, message.subject_id)
        contact = db.session.get_one(ReporterContact, message.recipient_id)
        link = absolute_url("intake.receipt_link", token=reporter_token(contact))
        return Words(str(subject) % {"number": case.number}, template, {**_common(case), "link": link})

    return words


def _common(case: Case) -> dict[str, object]:
    federation = federation_of(case.federation_id)
    return {
        "number": case.number,
        "federation_name": full_name(federation),
        "link": absolute_url("casework.show", federation=federation.slug, case_id=case.id),
    }
