"""One mail per recipient and sweep, however many cases: the rows that promise it. Words are `deadlines.messages`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lexheller.cases.answer_link import link_for
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Duty
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.ladder import Person, Rung
from lexheller.deadlines.models import Digest, DigestLine, DueStep
from lexheller.deadlines.queries import settings_of
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.models import Unit

DIGEST = "deadlines.digest"


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is to be told about a duty. Without a step: the office asked for it by hand, or it is new to
    them.
    """

    person: Person
    rung: Rung
    duty: Duty
    step: DueStep | None


def tell(federation_id: int, notices: Iterable[Notice]) -> list[Digest]:
    """A digest and its message for each recipient, with a line for each notice."""
    gathered: dict[tuple[str, str, Rung], list[Notice]] = {}
    for notice in notices:
        key = (notice.person.kind, notice.person.email.casefold(), notice.rung)
        gathered.setdefault(key, []).append(notice)
    return [_make(federation_id, group) for group in gathered.values()]


def lines_of(digest_id: int) -> list[DigestLine]:
    """The digest's lines with what they are about, most urgent first."""
    query = (
        select(DigestLine)
        .join(Duty, Duty.id == DigestLine.duty_id)
        .where(DigestLine.digest_id == digest_id)
        .options(
            joinedload(DigestLine.due_step),
            joinedload(DigestLine.duty).joinedload(Duty.case),
            joinedload(DigestLine.duty).joinedload(Duty.unit).joinedload(Unit.organisation),
        )
        .order_by(Duty.due_on, Duty.id, DigestLine.id)
    )
    return list(db.session.scalars(query))


def has_been_told(link: AnswerLink) -> bool:
    """Whether a digest has brought the link to its person since it was made, or made anew."""
    brought = (
        select(DigestLine.id)
        .join(Digest, Digest.id == DigestLine.digest_id)
        .where(DigestLine.duty_id == link.duty_id, DigestLine.recipient_id == link.id)
        .where(Digest.recipient_type == RecipientType.LINK, Digest.made_at >= link.made_at)
    )
    return db.session.scalar(brought.limit(1)) is not None


def _make(federation_id: int, group: list[Notice]) -> Digest:
    ids = [_recipient_id(notice) for notice in group]
    digest = Digest(
        federation_id=federation_id,
        made_at=clock.now(),
        rung=group[0].rung.code,
        recipient_type=group[0].person.kind,
        recipient_id=ids[0],
    )
    db.session.add(digest)
    db.session.flush()
    db.session.add_all(
        DigestLine(
            federation_id=federation_id,
            digest_id=digest.id,
            duty_id=notice.duty.id,
            due_step_id=notice.step.id if notice.step is not None else None,
            recipient_id=recipient_id,
        )
        for notice, recipient_id in zip(group, ids, strict=True)
    )
    db.session.flush()
    ask_for(
        DIGEST,
        key=f"digest:{digest.id}",
        federation_id=federation_id,
        subject_id=digest.id,
        recipient_type=RecipientType(digest.recipient_type),
        recipient_id=digest.recipient_id,
    )
    return digest


def _recipient_id(notice: Notice) -> int:
    """Whoever answers for the unit gets a link that is good for this duty alone."""
    if notice.person.kind == RecipientType.LINK:
        days = settings_of(notice.duty.federation_id).link_days
        return link_for(notice.duty, name=notice.person.name, email=notice.person.email, days=days).id
    return notice.person.id
