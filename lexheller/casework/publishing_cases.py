"""Publishing a case: the office writes for anybody what happened and what it led to, and may take it down again.

What is published is that text alone, with theme and year. Stops at the verbs: the open page itself is drawn elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.cases import door
from lexheller.cases.models import Case
from lexheller.cases.published import LONGEST_HEADING, LONGEST_PART, LONGEST_REASON, PublishedCase
from lexheller.cases.queries import shared_answers
from lexheller.cases.states import Step
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import doubts_in, refuse_unlooked

LONGEST = {"heading": LONGEST_HEADING, "happened": LONGEST_PART, "led_to": LONGEST_PART}
NOT_PUBLISHED = 0
"""The version of a publication that does not stand."""


@dataclass(frozen=True, slots=True)
class PublicTexts:
    heading: str
    happened: str
    led_to: str


def publication_of(case: Case) -> PublishedCase | None:
    """While it stands on the open page."""
    query = select(PublishedCase).where(
        PublishedCase.federation_id == case.federation_id,
        PublishedCase.case_id == case.id,
        PublishedCase.withdrawn_at.is_(None),
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def texts_to_begin_with(case: Case) -> PublicTexts:
    """What stands on the page; else what others who report are shown, and what the office answered for all parties."""
    standing = publication_of(case)
    if standing is not None:
        return PublicTexts(standing.heading, standing.happened, standing.led_to)
    joint = [answer for answer in shared_answers(case.id) if answer.joint]
    parts = (joint[-1].steps_taken, joint[-1].consequence) if joint else ()
    return PublicTexts("", case.shared_summary or "", "\n\n".join(part for part in parts if part)[:LONGEST_PART])


def publish(
    actor: Actor, case: Case, texts: PublicTexts, *, seen: int = NOT_PUBLISHED, looked: bool = False
) -> PublishedCase:
    """Show the texts on the open page, or these instead of those that stand there.

    `seen` is the version of the publication that the actor saw. `looked`: somebody has looked at what looks like a
    person's name, number or address (P24). Raises InvalidInput on the field (`required`, `too_long`, P23) and on
    `looked` (`doubtful`), Conflict when it was changed meanwhile, StepRefused before the case is answered.
    """
    _check(texts, looked=looked)
    standing = _held(case, seen)
    published = standing or PublishedCase(
        federation_id=case.federation_id,
        case_id=case.id,
        theme_id=case.theme_id,
        year=case.received_on.year,
        version=NOT_PUBLISHED,
        published_at=clock.now(),
        published_by_user_id=actor.user_id,
    )
    door.take(actor, Step.PUBLISH, case, seen=case.version, data={"changed": standing is not None})
    published.heading, published.happened, published.led_to = texts.heading, texts.happened, texts.led_to
    published.version += 1
    db.session.add(published)
    db.session.flush()
    return published


def withdraw_publication(actor: Actor, case: Case, reason: str, *, seen: int) -> None:
    """Nobody finds it from now on; what was published and why it was taken down is kept.

    Raises InvalidInput on `reason` (`required`, `too_long`, P23), Conflict as `publish`, and when nothing stands there.
    """
    if not reason:
        raise InvalidInput("reason", "required")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("reason", "too_long")
    refuse_identity_numbers(reason=reason)
    standing = _held(case, seen)
    door.take(actor, Step.WITHDRAW_PUBLICATION, case, seen=case.version)
    if standing is None:
        raise Conflict(f"case {case.id} is not published")
    standing.withdrawn_at, standing.withdrawal_reason = clock.now(), reason
    standing.withdrawn_by_user_id = actor.user_id
    db.session.flush()


def _held(case: Case, seen: int) -> PublishedCase | None:
    """What stands on the page once nobody else can change it."""
    door.hold(case)
    standing = publication_of(case)
    if (standing.version if standing else NOT_PUBLISHED) != seen:
        raise Conflict(f"publication of case {case.id}: version {seen} seen")
    return standing


def _check(texts: PublicTexts, *, looked: bool) -> None:
    written: dict[str, str] = asdict(texts)
    for name, text in written.items():
        if not text:
            raise InvalidInput(name, "required")
        if len(text) > LONGEST[name]:
            raise InvalidInput(name, "too_long")
    refuse_identity_numbers(**written)
    refuse_unlooked(doubts_in(written), looked=looked)
