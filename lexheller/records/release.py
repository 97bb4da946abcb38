"""Giving out documents on request: register what is asked for, pick, decide one by one, hand out, close.

Each verb tries the right, works on what was seen, and leaves one event of ids, codes and hashes. Many documents at
once, as one package, are `batch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from lexheller.accounts.rights import Actor
from lexheller.audit.once import made_by, marked
from lexheller.audit.service import lock_chains, next_diary_number, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.organisations.queries import federation_of
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.privacy.scanner import scan
from lexheller.records import release_documents, release_queries
from lexheller.records.diary_permissions import demand
from lexheller.records.release_copies import as_text, paper_of, pdf_of
from lexheller.records.release_documents import Document
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleaseRequest
from lexheller.records.release_states import (
    LONGEST_ADDRESS,
    LONGEST_ASKED,
    LONGEST_NAME,
    CopyForm,
    Decision,
    DocumentKind,
    Judgement,
    hash_of,
    within,
)
from lexheller.records.release_ticks import doubts_of_held
from lexheller.web.doubts import refuse_unlooked

SUBJECT, REQUESTED = "release_request", "release.requested"
MOST_AT_ONCE = 5000
MOST_COUNTED_AT_ONCE = 60
MOST_GIVEN_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for. `by` and `answer_to` only where they chose to say."""

    what: str
    on: date
    by: str = ""
    answer_to: str = ""


def register(actor: Actor, federation_id: int, asked: Asked, *, sent_id: str | None = None) -> ReleaseRequest:
    """A new request, with a diary number; the same form sent again (`sent_id`) is the request that there is (P1).

    Raises NotAllowedToSee, InvalidInput by field (P23 too).
    """
    demand(actor, federation_id)
    _check_asked(asked)
    earlier = made_by(federation_id, REQUESTED, sent_id)
    if earlier is not None:
        return db.session.get_one(ReleaseRequest, earlier.subject_id)
    federation = federation_of(federation_id)
    number = next_diary_number(federation_id, asked.on.year, file_number=federation.diary_file_number)
    request = ReleaseRequest(
        federation_id=federation_id,
        number=number,
        asked_on=asked.on,
        asked_for=asked.what.strip(),
        asked_by=asked.by.strip() or None,
        answer_to=asked.answer_to.strip() or None,
        registered_by_user_id=actor.user_id,
        registered_at=clock.now(),
        version=1,
    )
    db.session.add(request)
    db.session.flush()
    data = {"number": number, "registered_on": asked.on.isoformat(), **marked(sent_id)}
    record_step(actor, REQUESTED, request, data)
    return request


def pick(actor: Actor, request: ReleaseRequest, chosen: Sequence[Document], *, seen: int) -> list[ReleaseDocument]:
    """Add documents to the request; those that are there already are left alone. Answers the new ones.

    How many places in each look like a person is counted at once for a few, by a job for many (`doubts` None).
    """
    hold(actor, request, seen)
    if not chosen:
        raise InvalidInput("documents", "required")
    there = db.session.execute(
        select(ReleaseDocument.kind, ReleaseDocument.subject_id).where(
            ReleaseDocument.federation_id == request.federation_id, ReleaseDocument.request_id == request.id
        )
    )
    known = {(row.kind, row.subject_id) for row in there}
    new = [one for one in chosen if (str(one.kind), one.subject_id) not in known]
    if not new:
        raise InvalidInput("documents", "nothing_new")
    if len(known) + len(new) > MOST_AT_ONCE:
        raise InvalidInput("documents", "too_many")
    last = db.session.scalar(
        select(func.max(ReleaseDocument.position)).where(
            ReleaseDocument.federation_id == request.federation_id, ReleaseDocument.request_id == request.id
        )
    )
    few = len(new) <= MOST_COUNTED_AT_ONCE
    rows = [
        ReleaseDocument(
            federation_id=request.federation_id,
            request_id=request.id,
            position=position,
            kind=str(one.kind),
            subject_id=one.subject_id,
            case_id=one.case_id,
            number=one.number,
            on_day=one.on_day,
            doubts=doubts_in(one) if few else None,
            version=1,
        )
        for position, one in enumerate(new, start=(last or 0) + 1)
    ]
    db.session.add_all(rows)
    request.version += 1
    db.session.flush()
    record_step(actor, "release.documents_picked", request, {"count": len(rows), "first_id": rows[0].id})
    return rows


def doubts_in(one: Document) -> int:
    """How many places look like a person: a name, a number, an address."""
    return sum(len(scan(piece.text)) for piece in one.pieces)


def decide(
    actor: Actor,
    request: ReleaseRequest,
    row: ReleaseDocument,
    judgement: Judgement,
    *,
    seen: int,
    text_hash: str,
    looked: bool = False,
) -> None:
    """Decide about one document, or anew as long as no copy is made. `text_hash`: of the text that was read.

    `looked`: at what may name somebody in a text that the office has not looked at yet; without it such a text is not
    handed out whole (P24). Raises NotAllowedToSee, Conflict, and InvalidInput: `Judgement.check`, `own_words` (P23),
    `text_hash` (`changed`), `decision` (`given_out`), `request` (`closed`), `looked` (`doubtful`).
    """
    demand(actor, request.federation_id)
    refuse_identity_numbers(own_words=judgement.own_words)
    _must_be_open(request)
    _hold_document(request, row, seen)
    what = document_of(row)
    if what is None:
        raise NotAllowedToSee(f"document {row.id} is gone")
    if hash_of(what.pieces) != text_hash:
        raise InvalidInput("text_hash", "changed")
    if release_queries.is_given(row):
        raise InvalidInput("decision", "given_out")
    hidden = within(what.pieces, judgement.hidden) if judgement.decision is Decision.MASKED else {}
    kept = Judgement(judgement.decision, judgement.paragraphs, judgement.own_words.strip(), hidden)
    kept.check()
    if kept.decision is Decision.WHOLE:
        refuse_unlooked(doubts_of_held(what.pieces), looked=looked)
    is_secret = kept.decision in {Decision.MASKED, Decision.REFUSED}
    row.decision, row.hidden, row.text_hash = str(kept.decision), hidden, text_hash
    row.paragraphs = [str(one) for one in kept.paragraphs] if is_secret else []
    row.own_words = kept.own_words if is_secret else ""
    row.decided_by_user_id, row.decided_at, row.told_at = actor.user_id, clock.now(), None
    row.version += 1
    db.session.flush()
    places = sum(len(found) for found in hidden.values())
    data = {"document_id": row.id, "decision": row.decision, "paragraphs": row.paragraphs, "hidden": places}
    record_step(actor, "release.decided", request, data)


def give_out(actor: Actor, request: ReleaseRequest, *, seen: int) -> list[ReleaseCopy]:
    """Make the copies of all that is decided to be handed out and has none yet: each as PDF and as text.

    Raises InvalidInput on `request`: `closed`, `nothing_to_give`, `many` (that is a package), `changed` when a text is
    no longer the one that was decided about. Conflict when a text is masked at the same time.
    """
    hold(actor, request, seen)
    rows = release_queries.to_give(request, MOST_GIVEN_AT_ONCE + 1)
    if not rows:
        raise InvalidInput("request", "nothing_to_give")
    if len(rows) > MOST_GIVEN_AT_ONCE:
        raise InvalidInput("request", "many")
    newest = release_queries.last_masking(request.federation_id)
    made = [copies_made(request, row, actor.user_id) for row in rows]
    if not all(made):
        raise InvalidInput("request", "changed")
    keep_from_masking(request, newest)
    copies = [copy for pair in made for copy in pair]
    request.version += 1
    db.session.flush()
    record_step(actor, "release.given_out", request, {"copies": told(copies)})
    return copies


def copies_made(request: ReleaseRequest, row: ReleaseDocument, user_id: int | None) -> list[ReleaseCopy]:
    """The two files of one document, stored; none where the text is not the one that was decided about."""
    what = document_of(row)
    if what is None or hash_of(what.pieces) != row.text_hash:
        return []
    paper = paper_of(federation_of(request.federation_id), what, row.hidden)
    return [
        kept(request, row, CopyForm.PDF, pdf_of(paper), user_id),
        kept(request, row, CopyForm.TEXT, as_text(paper), user_id),
    ]


def keep_from_masking(request: ReleaseRequest, newest: int) -> None:
    """What was made of texts meets every masking: later ones wait until the transaction ends and find it (P25).

    Raises Conflict when `newest`, looked up before the texts were read, is the newest one no longer.
    """
    lock_chains([request.federation_id])
    if release_queries.last_masking(request.federation_id) != newest:
        raise Conflict(f"release request {request.id}: a text was masked meanwhile")


def told(copies: Sequence[ReleaseCopy]) -> list[dict[str, Any]]:
    """What an event says of copies."""
    return [{"id": copy.id, "document_id": copy.document_id, "sha256": copy.sha256} for copy in copies]


def close(actor: Actor, request: ReleaseRequest, *, seen: int) -> None:
    """Everything is decided, handed out and told. Raises InvalidInput on `request` with what is left to do."""
    hold(actor, request, seen)
    left = release_queries.progress_of(request)
    for count, code in ((left.undecided, "undecided"), (left.to_give, "not_given_out"), (left.to_tell, "not_told")):
        if count:
            raise InvalidInput("request", code)
    request.closed_at = clock.now()
    request.version += 1
    db.session.flush()
    record_step(actor, "release.closed", request, {"documents": left.documents})


def document_of(row: ReleaseDocument) -> Document | None:
    """As it stands now; None when it is there no more."""
    return release_documents.document(row.federation_id, DocumentKind(row.kind), row.subject_id)


def _check_asked(asked: Asked) -> None:
    refuse_identity_numbers(asked_for=asked.what, asked_by=asked.by, answer_to=asked.answer_to)
    if not asked.what.strip():
        raise InvalidInput("asked_for", "required")
    if asked.on > clock.today():
        raise InvalidInput("asked_on", "future")
    limits = (("asked_for", asked.what, LONGEST_ASKED), ("asked_by", asked.by, LONGEST_NAME))
    for field, text, longest in (*limits, ("answer_to", asked.answer_to, LONGEST_ADDRESS)):
        if len(text) > longest:
            raise InvalidInput(field, "too_long")


def hold(actor: Actor, request: ReleaseRequest, seen: int) -> None:
    """Keep others from the request until the transaction ends. Raises NotAllowedToSee, Conflict, InvalidInput."""
    demand(actor, request.federation_id)
    query = select(ReleaseRequest).where(ReleaseRequest.id == request.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    if request.version != seen:
        raise Conflict(f"release request {request.id}: version {seen} seen, {request.version} now")
    _must_be_open(request)


def _hold_document(request: ReleaseRequest, row: ReleaseDocument, seen: int) -> None:
    if row.request_id != request.id or row.federation_id != request.federation_id:
        raise NotAllowedToSee(f"release document {row.id}")
    query = select(ReleaseDocument).where(ReleaseDocument.id == row.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    if row.version != seen:
        raise Conflict(f"release document {row.id}: version {seen} seen, {row.version} now")


def _must_be_open(request: ReleaseRequest) -> None:
    if request.closed_at is not None:
        raise InvalidInput("request", "closed")


def kept(
    request: ReleaseRequest,
    row: ReleaseDocument | None,
    form: CopyForm,
    content: bytes,
    user_id: int | None,
    number: str | None = None,
) -> ReleaseCopy:
    """The file, stored as it is. `number` is a letter's own; a document's copies have none."""
    copy = ReleaseCopy(
        federation_id=request.federation_id,
        request_id=request.id,
        document_id=row.id if row is not None else None,
        form=str(form),
        number=number,
        made_at=clock.now(),
        made_by_user_id=user_id,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content=content,
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def record_step(actor: Actor, kind: str, request: ReleaseRequest, data: dict[str, Any]) -> None:
    """One event about the request."""
    record(
        actor,
        kind,
        federation_id=request.federation_id,
        subject_type=SUBJECT,
        subject_id=request.id,
        data=data,
    )
