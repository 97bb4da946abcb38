"""The decision on what is kept back, as a letter: once for each document, with a diary number and how to appeal."""

from __future__ import annotations

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.audit.service import next_diary_number, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.organisations.queries import federation_of
from lexheller.records import release_queries
from lexheller.records.release import hold, kept
from lexheller.records.release_copies import Letter, Ruled, letter_paper, pdf_of
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleaseRequest
from lexheller.records.release_states import CopyForm, Decision, DocumentKind, Paragraph
from lexheller.statements.queries import details_of

LETTER = "release_letter"


def write_letter(actor: Actor, request: ReleaseRequest, *, seen: int) -> ReleaseCopy:
    """The decision on all that is kept back and not yet told, with a diary number of its own and how to appeal."""
    hold(actor, request, seen)
    rows = release_queries.to_tell(request)
    if not rows:
        raise InvalidInput("request", "nothing_secret")
    federation, today = federation_of(request.federation_id), clock.today()
    number = next_diary_number(federation.id, today.year, file_number=federation.diary_file_number)
    letter = Letter(
        number=number,
        request_number=request.number,
        asked_on=request.asked_on,
        decided_on=today,
        decided_by=names_of({actor.user_id}).get(actor.user_id, "") if actor.user_id else actor.name,
        ruled=tuple(_ruled(row) for row in rows),
        contact=contact_of(federation.id),
    )
    copy = kept(request, None, CopyForm.LETTER, pdf_of(letter_paper(federation, letter)), actor.user_id, number)
    for row in rows:
        row.told_at = clock.now()
    request.version += 1
    db.session.flush()
    data = {"number": number, "copy_id": copy.id, "sha256": copy.sha256, "documents": [row.id for row in rows]}
    record(
        actor,
        "release.letter_made",
        federation_id=request.federation_id,
        subject_type=LETTER,
        subject_id=copy.id,
        data={"request_id": request.id, **data},
    )
    return copy


def _ruled(row: ReleaseDocument) -> Ruled:
    return Ruled(
        DocumentKind(row.kind),
        row.number,
        row.on_day,
        Decision(row.decision or Decision.REFUSED),
        tuple(Paragraph(code) for code in row.paragraphs),
        row.own_words,
    )


def contact_of(federation_id: int) -> str:
    """Where an appeal is sent, as the letter says it; empty where the settings do not tell."""
    details = details_of(federation_id)
    return "\n".join(line for line in (details.contact_address, details.contact_email) if line)
