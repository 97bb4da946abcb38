"""Copies that were handed out, when words of their texts are masked afterwards (P25): nobody fetches them any more, a
new copy is made of the texts as they are now, and when the words are destroyed the kept files go with them.

What left the house cannot be changed: a copy's row goes on telling what was handed out, when, by whom and with which
hash. Stops at copies that are kept: making new ones is `release`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, undefer

from lexheller.audit.queries import events_about
from lexheller.audit.service import lock_chains
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.privacy.masking import MaskDecision, Passage, occurrences
from lexheller.records.masking_models import Masking
from lexheller.records.masking_places import Kind
from lexheller.records.masking_queries import StoredText
from lexheller.records.masking_subjects import Subject
from lexheller.records.release_documents import Which, documents
from lexheller.records.release_labels import DOCUMENT
from lexheller.records.release_letters import LETTER
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleasePackage
from lexheller.records.release_states import GIVEN, CopyForm, DocumentKind, PackageStatus, Piece, hash_of

MOST_NAMED = 40
PORTION = 50
LONG_ENOUGH_TO_NAME = 3
OWN_DOCUMENT = {Kind.FAULT: DocumentKind.FAULT, Kind.MEETING: DocumentKind.MINUTES}
IN_LETTERS = "release_document.own_words"

Texts = Mapping[int, tuple[Piece, ...]]
"""What documents that are handed out say, by the id of the release document."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy, and what it is of; `text`: what it says, where that is read."""

    copy: ReleaseCopy
    name: str
    text: str = ""


def texts_before(subject: Subject) -> Texts:
    """Of those documents that a masking of the subject's texts could change."""
    return _texts(_documents(subject))


def withdraw(
    masking: Masking, subject: Subject, text: StoredText, hidden: Sequence[Passage], words: Sequence[str], before: Texts
) -> dict[str, list[int]]:
    """Put away every kept copy that shows what was hidden, and each package with it; ids for the event, by what they
    are of. To be called when the text has been changed: from here on no copy is made before the transaction ends.
    """
    lock_chains([masking.federation_id])
    rows = _documents(subject)
    now = _texts(rows)
    shown = {row.id for row in rows if _showed(row, text, hidden, before.get(row.id), now.get(row.id, ()))}
    shown |= {row.id for row in _outlived(_of_own_file(subject), words)}
    copies = [*_with_content(ReleaseCopy.document_id.in_(shown), subject.federation_id), *_letters(subject, text)]
    for copy in copies:
        copy.masked_at = copy.masked_at or clock.now()
        copy.maskings = [*copy.maskings, masking.id]
        if masking.decision == MaskDecision.DESTROY:
            copy.content = None
    packages = _packages(subject.federation_id, {copy.request_id for copy in copies})
    for package in packages:
        package.status, package.content = str(PackageStatus.DELETED), None
    db.session.flush()
    told = {"copies": [copy.id for copy in copies], "packages": [package.id for package in packages]}
    return {name: ids for name, ids in told.items() if ids}


def empty(masking: Masking) -> dict[str, list[int]]:
    """The original is destroyed, and with it what the kept copies say; ids for the event."""
    copies = [copy for copy in _of_masking(masking) if copy.content is not None]
    for copy in copies:
        copy.content = None
    db.session.flush()
    return {"copies": [copy.id for copy in copies]} if copies else {}


def put_away(masking: Masking, *, read: bool = False) -> list[Kept]:
    """The copies that showed what the masking hides. `read`: with what they say, for whoever has opened the seal."""
    copies = [copy for copy in _of_masking(masking) if copy.form != CopyForm.PDF]
    rows = _rows(masking.federation_id, copies)
    return [
        Kept(
            copy,
            _name(copy, rows.get(copy.document_id)),
            _says(copy) if read and copy.form == CopyForm.TEXT else "",
        )
        for copy in copies
    ]


def standing(federation_id: int, words: Iterable[str]) -> list[Kept]:
    """Documents with a copy that can be fetched, in which any of the words stand; at most MOST_NAMED."""
    wanted = [word for word in words if len(word) >= LONG_ENOUGH_TO_NAME]
    query = select(ReleaseCopy).where(
        ReleaseCopy.federation_id == federation_id,
        ReleaseCopy.form == CopyForm.TEXT,
        ReleaseCopy.masked_at.is_(None),
    )
    query = query.options(undefer(ReleaseCopy.content)).order_by(ReleaseCopy.id.desc())
    copies = db.session.scalars(query.execution_options(yield_per=PORTION)) if wanted else ()
    found = list(islice((copy for copy in copies if _any(_says(copy), wanted)), MOST_NAMED))
    rows = _rows(federation_id, found)
    return [Kept(copy, _name(copy, rows.get(copy.document_id))) for copy in found]


def _rows(federation_id: int, copies: Iterable[ReleaseCopy]) -> dict[int | None, ReleaseDocument]:
    ids = {copy.document_id for copy in copies}
    query = select(ReleaseDocument).where(ReleaseDocument.federation_id == federation_id, ReleaseDocument.id.in_(ids))
    return {row.id: row for row in db.session.scalars(query.options(joinedload(ReleaseDocument.request)))}


def _name(copy: ReleaseCopy, row: ReleaseDocument | None) -> str:
    if row is None:
        return str(_("Beslut %(number)s", number=copy.number))
    document = f"{DOCUMENT[DocumentKind(row.kind)]}, {row.number}"
    return str(_("%(document)s, i begäran %(number)s", document=document, number=row.request.number))


def _documents(subject: Subject) -> list[ReleaseDocument]:
    """Handed out, or to be: those in the file of the masked case, and those in no case's file."""
    own = ReleaseDocument.case_id == subject.id
    others = ReleaseDocument.kind == str(DocumentKind.FAULT_NEWS)
    query = select(ReleaseDocument).where(
        ReleaseDocument.federation_id == subject.federation_id,
        ReleaseDocument.decision.in_(GIVEN),
        or_(ReleaseDocument.case_id.is_(None), own if subject.kind is Kind.CASE else others),
    )
    return list(db.session.scalars(query.order_by(ReleaseDocument.id)))


def _of_own_file(subject: Subject) -> list[ReleaseDocument]:
    """What is the subject's own, whatever was decided about it since."""
    query = select(ReleaseDocument).where(ReleaseDocument.federation_id == subject.federation_id)
    if subject.kind is Kind.CASE:
        return list(db.session.scalars(query.where(ReleaseDocument.case_id == subject.id)))
    kind = OWN_DOCUMENT.get(subject.kind)
    if kind is None:
        return []
    return list(
        db.session.scalars(query.where(ReleaseDocument.kind == str(kind), ReleaseDocument.subject_id == subject.id))
    )


def _texts(rows: Sequence[ReleaseDocument]) -> Texts:
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.subject_id)
    found = {
        (kind, one.subject_id): one.pieces
        for kind, subject_ids in ids.items()
        for one in documents(rows[0].federation_id, DocumentKind(kind), Which(ids=subject_ids))
    }
    return {row.id: found.get((row.kind, row.subject_id), ()) for row in rows}


def _showed(
    row: ReleaseDocument,
    text: StoredText,
    hidden: Sequence[Passage],
    before: tuple[Piece, ...] | None,
    now: tuple[Piece, ...],
) -> bool:
    """Whether the document says otherwise since the masking, and its copy had not hidden all of it anyway."""
    if before is None:
        return hash_of(now) != row.text_hash
    if before == now:
        return False
    there = {piece.key: piece.text for piece in now}
    changed = [piece for piece in before if there.get(piece.key) != piece.text]
    return hash_of(before) != row.text_hash or not all(
        piece.text == text.text and all(_within(one, row.hidden.get(piece.key, ())) for one in hidden)
        for piece in changed
    )


def _within(passage: Passage, places: Iterable[Sequence[int]]) -> bool:
    return any(start <= passage.start and passage.end <= end for start, end in places)


def _outlived(rows: Sequence[ReleaseDocument], words: Sequence[str]) -> list[ReleaseDocument]:
    """Those of which a copy says the words, while the document itself was changed in some other way and says them no
    longer: no masking of it would find the copy.
    """
    texts = _texts(rows)
    return [
        row for row in rows if not _any("\n".join(piece.text for piece in texts[row.id]), words) and _still(row, words)
    ]


def _still(row: ReleaseDocument, words: Sequence[str]) -> bool:
    own = _with_content(ReleaseCopy.document_id == row.id, row.federation_id)
    return any(copy.form == CopyForm.TEXT and _any(_says(copy), words) for copy in own)


def _any(text: str, words: Iterable[str]) -> bool:
    return any(occurrences(text, word) for word in words)


def _says(copy: ReleaseCopy) -> str:
    return (copy.content or b"").decode("utf-8-sig", "replace")


def _with_content(which: ColumnElement[bool], federation_id: int) -> list[ReleaseCopy]:
    query = select(ReleaseCopy).where(ReleaseCopy.federation_id == federation_id, ReleaseCopy.content.is_not(None))
    return list(db.session.scalars(query.where(which).order_by(ReleaseCopy.id)))


def _letters(subject: Subject, text: StoredText) -> list[ReleaseCopy]:
    """Written decisions in which the text stands as the reason."""
    if text.place.code != IN_LETTERS:
        return []
    events = events_about(subject.federation_id, [LETTER])
    ids = [event.subject_id for event in events if text.row_id in event.data.get("documents", ())]
    return _with_content(ReleaseCopy.id.in_(ids), subject.federation_id)


def _of_masking(masking: Masking) -> list[ReleaseCopy]:
    query = select(ReleaseCopy).where(
        ReleaseCopy.federation_id == masking.federation_id, ReleaseCopy.masked_at.is_not(None)
    )
    return [copy for copy in db.session.scalars(query.order_by(ReleaseCopy.id)) if masking.id in copy.maskings]


def _packages(federation_id: int, request_ids: Iterable[int]) -> list[ReleasePackage]:
    query = select(ReleasePackage).where(
        ReleasePackage.federation_id == federation_id,
        ReleasePackage.request_id.in_(request_ids),
        ReleasePackage.content.is_not(None),
    )
    return list(db.session.scalars(query.order_by(ReleasePackage.id)))
