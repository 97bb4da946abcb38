"""Mask after the fact (P25): hide words of a stored text, open a sealed original, destroy it. The one door that alters
a report's text.

Nobody takes words out of a public document alone: what may be stored is sealed by one and destroyed by another. What is
made of the words is made anew in the same transaction, and kept copies are put away (`masking_copies`). What is frozen
cannot change: the pages say where the words still stand (`masking_places.Above.frozen`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from lexheller.accounts.rights import Actor, Right
from lexheller.accounts.second_person import why_no_second_person
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.organisations.known_names import doubts_here
from lexheller.privacy.masking import (
    MARK,
    MASKED,
    MaskDecision,
    MaskReason,
    Passage,
    hidden_words,
    joined,
    marks_in,
    masked,
    occurrences,
)
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.privacy.scanner import stops
from lexheller.records import masking_copies
from lexheller.records.masking_models import LONGEST_WHY, Masking, SealedOriginal, SealOpening
from lexheller.records.masking_places import Kind, rooms_above
from lexheller.records.masking_queries import StoredText, sealed_with, text_for
from lexheller.records.masking_subjects import Subject, changed, demand
from lexheller.web.doubts import refuse_unlooked

MASKING = "masking"
LONG_ENOUGH_TO_TELL = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """`why`: words to the reason, which may not repeat what is hidden. `looked`: somebody has looked at what in them
    looks like a person (P24).
    """

    decision: MaskDecision
    reason: MaskReason
    why: str = ""
    looked: bool = False


def mask(
    actor: Actor, subject: Subject, text: StoredText, passages: Iterable[tuple[int, int]], said: Decision, *, seen: str
) -> Masking:
    """Hide the passages of the text. `seen` is the `mark` of the text that the actor looked at.

    A destroyed passage goes out of originals that were sealed earlier for the same text too. Raises NotAllowedToSee,
    Conflict when the text is another by now, InvalidInput on `passages` (`none`, `too_long` for a mark that the column
    has no room for), on `decision` (another than `decision_for` says: `number_first`, `personal_identity_number`,
    `seal_first`), on `why` (`too_long`, `repeats`, or P23) and on `looked` (`doubtful`).
    """
    demand(actor, subject.federation_id)
    text = _held(actor, subject, text, seen)
    hidden = joined(text.text, passages)
    words = hidden_words(text.text, hidden)
    if not words:
        raise InvalidInput("passages", "none")
    _check_words(subject.federation_id, "why", said.why, words, looked=said.looked)
    _check_decision(said.decision, decision_for(text.text, hidden))
    after = masked(text.text, hidden)
    if text.place.longest is not None and len(after) > text.place.longest:
        raise InvalidInput("passages", "too_long")
    row = _kept(actor, subject, text, hidden, said)
    if said.decision is MaskDecision.DESTROY:
        _take_out_of_seals(row, words)
    given = masking_copies.texts_before(subject)
    _put(text, after)
    stands = changed(subject, text.row)
    for above in rooms_above():
        above.renew(subject.federation_id, words)
    withdrawn = masking_copies.withdraw(row, subject, text, hidden, words, given)
    record(
        actor,
        MASKED,
        federation_id=subject.federation_id,
        subject_type=subject.room.event_of,
        subject_id=subject.id,
        data={
            **stands,
            "masking_id": row.id,
            "field": text.place.code,
            "row_id": text.row_id,
            "passages": row.passages,
            "decision": row.decision,
            "reason": row.reason,
            **withdrawn,
        },
    )
    return row


def decision_for(text: str, hidden: Iterable[Passage]) -> MaskDecision | None:
    """What hiding these passages has to be: an identity number, which may not be kept anywhere (P23), is destroyed at
    once, and everything else is sealed. None where a number has to go first, by itself.
    """
    numbers = stops(text)
    if not numbers:
        return MaskDecision.SEAL
    free = {at for start, end in marks_in(text) for at in range(start, end)}
    free |= {at for number in numbers for at in range(number.start, number.end)}
    rest = (text[at] for one in hidden for at in range(one.start, one.end) if at not in free)
    return None if any(sign.isalnum() for sign in rest) else MaskDecision.DESTROY


def open_sealed(actor: Actor, masking: Masking, reason: str, *, looked: bool = False) -> str:
    """The original, for this once; that it was opened, by whom and why is kept.

    Raises NotAllowedToSee, InvalidInput on `reason` (`required`, `too_long`, or P23) and on `looked` (`doubtful`, P24),
    Conflict when there is no original any longer.
    """
    demand(actor, masking.federation_id)
    if not reason:
        raise InvalidInput("reason", "required")
    original = _sealed(masking)
    _check_words(masking.federation_id, "reason", reason, (), looked=looked)
    opening = SealOpening(
        federation_id=masking.federation_id,
        masking_id=masking.id,
        opened_by_user_id=actor.user_id,
        opened_at=clock.now(),
        reason=reason,
    )
    db.session.add(opening)
    db.session.flush()
    _tell(actor, masking, "text.seal_opened", opening_id=opening.id)
    return original.text


def destroy_sealed(actor: Actor, masking: Masking, reason: str, *, looked: bool = False) -> None:
    """What was hidden is nowhere afterwards: not in the original, in those sealed for the same text, or in kept copies.

    Raises NotAllowedToSee, InvalidInput on `masking` (`why_not_destroy`), on `reason` (`required`, `too_long`,
    `repeats`, or P23) and on `looked` (`doubtful`, P24), Conflict when it is gone already.
    """
    demand(actor, masking.federation_id)
    original = _sealed(masking)
    why_not = why_not_destroy(actor, masking)
    if why_not is not None:
        raise InvalidInput("masking", why_not)
    if not reason:
        raise InvalidInput("reason", "required")
    words = hidden_words(original.text, [(start, end) for start, end in original.places])
    _check_words(masking.federation_id, "reason", reason, words, looked=looked)
    db.session.execute(delete(SealedOriginal).where(SealedOriginal.masking_id == masking.id))
    masking.destroyed_at, masking.destroyed_by_user_id, masking.destroyed_why = clock.now(), actor.user_id, reason
    db.session.flush()
    _take_out_of_seals(masking, words)
    _tell(actor, masking, "text.seal_destroyed", **masking_copies.empty(masking))


def why_not_destroy(actor: Actor, masking: Masking) -> str | None:
    """None for whoever may destroy the original: `same_person` as sealed it, or the codes of `why_no_second_person`, as
    of today, for whoever may be the same person with another address.
    """
    if actor.user_id is None or actor.user_id == masking.masked_by_user_id:
        return "same_person"
    return why_no_second_person(
        Right.MASK,
        masking.federation_id,
        proposer=masking.masked_by_user_id,
        decider=actor.user_id,
        proposed_at=clock.now(),
    )


def _held(actor: Actor, subject: Subject, text: StoredText, seen: str) -> StoredText:
    """The subject's row is the first lock, the text's own the second; then it is read anew."""
    subject.room.hold(subject.row)
    model = type(text.row)
    query = select(model).where(model.id == text.row_id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()
    now = text_for(actor, subject, text.place.code, text.row_id, text.part)
    if now.mark != seen:
        raise Conflict(f"{text.place.code} {text.row_id} was changed by somebody else")
    return now


def _check_decision(said: MaskDecision, wanted: MaskDecision | None) -> None:
    if wanted is None:
        raise InvalidInput("decision", "number_first")
    if said is not wanted:
        code = "seal_first" if wanted is MaskDecision.SEAL else "personal_identity_number"
        raise InvalidInput("decision", code)


def _check_words(federation_id: int, field: str, words: str, hidden: Sequence[str], *, looked: bool) -> None:
    refuse_identity_numbers(**{field: words})
    if len(words) > LONGEST_WHY:
        raise InvalidInput(field, "too_long")
    if any(len(one) >= LONG_ENOUGH_TO_TELL and occurrences(words, one) for one in hidden):
        raise InvalidInput(field, "repeats")
    refuse_unlooked(doubts_here(federation_id, {field: words}), looked=looked)


def _kept(actor: Actor, subject: Subject, text: StoredText, hidden: Sequence[Passage], said: Decision) -> Masking:
    row = Masking(
        federation_id=subject.federation_id,
        kind=subject.kind,
        subject_id=subject.id,
        case_id=subject.id if subject.kind is Kind.CASE else None,
        place=text.place.code,
        row_id=text.row_id,
        part=text.part,
        passages=len(hidden),
        decision=said.decision,
        reason=said.reason,
        why=said.why,
        masked_by_user_id=actor.user_id,
        masked_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    if said.decision is MaskDecision.SEAL:
        places = [[one.start, one.end] for one in hidden]
        original = SealedOriginal(masking_id=row.id, federation_id=subject.federation_id, text=text.text, places=places)
        db.session.add(original)
    return row


def _put(text: StoredText, after: str) -> None:
    if text.place.keyed:
        setattr(text.row, text.place.column, {**getattr(text.row, text.place.column), text.part: after})
    else:
        setattr(text.row, text.place.column, after)
    db.session.flush()


def _take_out_of_seals(masking: Masking, words: Sequence[str]) -> None:
    """Out of what else is sealed of the same text; the places of its own hidden words are found anew in it."""
    ids = [one.id for one in sealed_with(masking)]
    query = select(SealedOriginal).where(
        SealedOriginal.federation_id == masking.federation_id, SealedOriginal.masking_id.in_(ids)
    )
    for original in db.session.scalars(query.order_by(SealedOriginal.masking_id).with_for_update()):
        own = hidden_words(original.text, [(start, end) for start, end in original.places])
        for word in words:
            original.text = masked(original.text, occurrences(original.text, word))
            own = tuple(masked(one, occurrences(one, word)) for one in own)
        found = [place for one in own if one != MARK for place in occurrences(original.text, one)]
        original.places = [[one.start, one.end] for one in joined(original.text, found)]
    db.session.flush()


def _sealed(masking: Masking) -> SealedOriginal:
    query = select(SealedOriginal).where(
        SealedOriginal.masking_id == masking.id, SealedOriginal.federation_id == masking.federation_id
    )
    found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise Conflict(f"masking {masking.id} has no original")
    return found


def _tell(actor: Actor, masking: Masking, kind: str, **data: Any) -> None:
    record(
        actor,
        kind,
        federation_id=masking.federation_id,
        subject_type=MASKING,
        subject_id=masking.id,
        data={"kind": masking.kind, "of_id": masking.subject_id, **data},
    )
