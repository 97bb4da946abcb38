"""The words and recipients of digests. Number, unit, date, what is asked, link: no text of a case, ever (P7).

A digest is looked at anew when it is sent: what no longer matters is left out, and with nothing left it is cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.models import User
from lexheller.cases.answer_link import lives, token_for
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Duty
from lexheller.cases.states import LIVE, DutyStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.digests import DIGEST, lines_of
from lexheller.deadlines.ladder import Rung
from lexheller.deadlines.models import Digest, DigestLine
from lexheller.deadlines.queries import Frame, frame_of, why_no_more_days
from lexheller.deadlines.recipients import stands_on, superior_address
from lexheller.deadlines.rules import working_days_between
from lexheller.deadlines.schedule import DueStepKind, next_open
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message, RecipientType
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import federation_of
from lexheller.web.links import absolute_url

LATE, UNACCEPTED, WAITING = "late", "unaccepted", "waiting"


@dataclass(frozen=True, slots=True)
class Item:
    """One case in a digest. `days_late` are working days; `state` is what is asked: one of the constants above."""

    number: str
    unit_name: str
    due_on: date
    state: str
    days_late: int
    link: str


def install(app: Flask) -> None:
    register(app, Kind(DIGEST, _address, _words, subject=Digest, not_before=opens_at))


def opens_at(message: Message) -> datetime | None:
    """When the federation's quiet hours are over, None outside of them (P9): for any kind that must not go at night."""
    frame, now = frame_of(message.federation_id), clock.now()
    opening = next_open(now, frame.calendar, frame.settings)
    return opening if opening > now else None


def _address(message: Message) -> Address | None:
    """Of whom the first line that still matters is meant for, if they still stand there (P6)."""
    lines = _living_lines(message)
    return _recipient(lines[0]) if lines else None


def _living_lines(message: Message) -> list[DigestLine]:
    digest = db.session.get(Digest, message.subject_id)
    if digest is None or digest.federation_id != message.federation_id:
        return []
    today = clock.today()
    return [line for line in lines_of(digest.id) if _matters(line, today) and _recipient(line) is not None]


def _matters(line: DigestLine, today: date) -> bool:
    """Whether what the line was written for is still so."""
    duty, step = line.duty, line.due_step
    if duty.status not in LIVE or duty.paused_on is not None:
        return False
    if step is None:
        return True
    if step.clock_round != duty.clock_round:
        return False
    match DueStepKind(step.step):
        case DueStepKind.ACKNOWLEDGE:
            return duty.status == DutyStatus.OPEN
        case DueStepKind.REMIND:
            return True
        case _:
            return duty.due_on < today


def _recipient(line: DigestLine) -> Address | None:
    digest = line.digest
    match digest.recipient_type:
        case RecipientType.LINK:
            link = db.session.get(AnswerLink, line.recipient_id)
            if link is None or link.duty_id != line.duty_id or not lives(link):
                return None
            return Address(link.email, link.name)
        case RecipientType.SUPERIOR:
            manager = db.session.get(ResponsibleManager, line.recipient_id)
            if manager is None or manager.unit_id != line.duty.unit_id:
                return None
            return superior_address(manager, clock.today())
        case _:
            user = db.session.get(User, line.recipient_id)
            if user is None or not stands_on(user, digest.federation_id, Rung[digest.rung.upper()], clock.today()):
                return None
            return Address(user.email, user.name, user.locale)


def _words(message: Message) -> Words:
    digest = db.session.get_one(Digest, message.subject_id)
    frame, today = frame_of(digest.federation_id), clock.today()
    lines = _living_lines(message)
    items = list({line.duty_id: _item(line, frame, today) for line in lines}.values())
    to = _recipient(lines[0])
    return Words(
        _subject(digest, items),
        f"email/deadlines/{_template(digest)}.txt",
        {
            "name": to.name if to is not None else "",
            "items": items,
            "more_days": any(not why_no_more_days(line.duty, frame.settings) for line in lines),
            "rung": digest.rung,
            "sign_in": absolute_url("accounts.sign_in"),
            "federation_name": full_name(federation_of(digest.federation_id)),
        },
    )


def _template(digest: Digest) -> str:
    if digest.recipient_type == RecipientType.LINK:
        return "for_manager"
    return "for_superior" if digest.recipient_type == RecipientType.SUPERIOR else "for_office"


def _subject(digest: Digest, items: list[Item]) -> str:
    late = all(item.state == LATE for item in items)
    if len(items) == 1:
        number = items[0].number
        if late:
            return str(_("Svaret i ärende %(number)s är försenat", number=number))
        if digest.recipient_type == RecipientType.LINK:
            return str(_("Ärende %(number)s väntar på ditt svar", number=number))
        return str(_("Ärende %(number)s väntar på svar", number=number))
    if late:
        return str(ngettext("Svaret i %(num)d ärende är försenat", "Svaren i %(num)d ärenden är försenade", len(items)))
    return str(ngettext("%(num)d ärende väntar på svar", "%(num)d ärenden väntar på svar", len(items)))


def _item(line: DigestLine, frame: Frame, today: date) -> Item:
    duty = line.duty
    return Item(
        duty.case.number,
        f"{duty.unit.name}, {duty.unit.organisation.name}",
        duty.due_on,
        _state(duty, today),
        max(working_days_between(duty.due_on, today, frame.calendar), 0),
        _link(line),
    )


def _state(duty: Duty, today: date) -> str:
    if duty.due_on < today:
        return LATE
    return UNACCEPTED if duty.status == DutyStatus.OPEN else WAITING


def _link(line: DigestLine) -> str:
    """To the one duty for whoever answers, to the case for the office; a superior gets none."""
    match line.digest.recipient_type:
        case RecipientType.LINK:
            return absolute_url("answer_link.show", token=token_for(db.session.get_one(AnswerLink, line.recipient_id)))
        case RecipientType.SUPERIOR:
            return ""
        case _:
            slug = federation_of(line.federation_id).slug
            return absolute_url("casework.show", federation=slug, case_id=line.duty.case_id)
