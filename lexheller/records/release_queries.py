"""Reading what was asked for and released; the viewer comes first, and every list names the federation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.records.diary_permissions import demand
from lexheller.records.masking_models import Masking
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleasePackage, ReleaseRequest
from lexheller.records.release_states import GIVEN, SECRET, CopyForm
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request has come, in documents. `to_tell`: kept back, and no letter has said so yet."""

    documents: int = 0
    undecided: int = 0
    to_give: int = 0
    to_tell: int = 0
    given: int = 0
    uncounted: int = 0

    @property
    def decided(self) -> int:
        return self.documents - self.undecided


def requests_page(actor: Actor, federation_id: int, after: str | None) -> Page[ReleaseRequest]:
    """The newest first."""
    demand(actor, federation_id)
    query = select(ReleaseRequest).where(ReleaseRequest.federation_id == federation_id)
    last = decode(after, int)
    if last is not None:
        query = query.where(ReleaseRequest.id < min(int(last[0]), 2**31 - 1))
    rows = list(db.session.scalars(query.order_by(ReleaseRequest.id.desc()).limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, lambda row: [row.id])


def request_for(actor: Actor, federation_id: int, request_id: int) -> ReleaseRequest:
    """Raises NotAllowedToSee."""
    demand(actor, federation_id)
    query = select(ReleaseRequest).where(ReleaseRequest.id == request_id, ReleaseRequest.federation_id == federation_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee(f"release request {request_id}")
    return found


def document_for(actor: Actor, request: ReleaseRequest, document_id: int) -> ReleaseDocument:
    """Raises NotAllowedToSee."""
    demand(actor, request.federation_id)
    query = select(ReleaseDocument).where(*_of(request), ReleaseDocument.id == document_id)
    found = db.session.scalar(query.options(joinedload(ReleaseDocument.request)))
    if found is None:
        raise NotAllowedToSee(f"release document {document_id}")
    return found


def documents_page(request: ReleaseRequest, after: str | None) -> Page[ReleaseDocument]:
    """In the order in which they were picked."""
    query = select(ReleaseDocument).where(*_of(request))
    last = decode(after, int)
    if last is not None:
        query = query.where(ReleaseDocument.position > min(int(last[0]), 2**31 - 1))
    rows = list(db.session.scalars(query.order_by(ReleaseDocument.position).limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, lambda row: [row.position])


def next_undecided(request: ReleaseRequest, after_position: int = 0) -> ReleaseDocument | None:
    """The next one that waits for a decision, or for a new one, beginning anew after the last."""
    undecided = or_(ReleaseDocument.decision.is_(None), _masked_since())
    waiting = select(ReleaseDocument).where(*_of(request), undecided)
    waiting = waiting.order_by(ReleaseDocument.position).limit(1)
    later = db.session.scalar(waiting.where(ReleaseDocument.position > after_position))
    return later if later is not None else db.session.scalar(waiting)


def progress(federation_id: int, request_ids: list[int]) -> dict[int, Progress]:
    """By request, in one query."""
    decided_as = ReleaseDocument.decision
    given, again = ReleaseCopy.id.is_not(None), _masked_since()
    rows = db.session.execute(
        select(
            ReleaseDocument.request_id,
            func.count().label("documents"),
            func.count().filter(or_(decided_as.is_(None), again)).label("undecided"),
            func.count().filter(and_(decided_as.in_(GIVEN), ReleaseCopy.id.is_(None), ~again)).label("to_give"),
            func.count().filter(and_(decided_as.in_(SECRET), ReleaseDocument.told_at.is_(None))).label("to_tell"),
            func.count().filter(given).label("given"),
            func.count().filter(ReleaseDocument.doubts.is_(None)).label("uncounted"),
        )
        .outerjoin(
            ReleaseCopy,
            and_(
                ReleaseCopy.document_id == ReleaseDocument.id,
                ReleaseCopy.form == CopyForm.PDF,
                ReleaseCopy.masked_at.is_(None),
            ),
        )
        .where(ReleaseDocument.federation_id == federation_id, ReleaseDocument.request_id.in_(request_ids))
        .group_by(ReleaseDocument.request_id)
    )
    found = {
        row.request_id: Progress(row.documents, row.undecided, row.to_give, row.to_tell, row.given, row.uncounted)
        for row in rows
    }
    return {request_id: found.get(request_id, Progress()) for request_id in request_ids}


def progress_of(request: ReleaseRequest) -> Progress:
    return progress(request.federation_id, [request.id])[request.id]


def waiting_copies(request: ReleaseRequest) -> list[ReleaseDocument]:
    """Decided to be handed out, and not yet copied; in order."""
    return list(db.session.scalars(_to_give(request)))


def to_give(request: ReleaseRequest, most: int) -> list[ReleaseDocument]:
    """Decided to be handed out, and not yet copied; in order, no more than `most`, held until the transaction ends.

    Held so that nobody decides otherwise while the copy is made.
    """
    held = _to_give(request).limit(most).with_for_update()
    return list(db.session.scalars(held.execution_options(populate_existing=True)))


def to_tell(request: ReleaseRequest) -> list[ReleaseDocument]:
    """Kept back, wholly or in part, and not yet told in a letter."""
    query = select(ReleaseDocument).where(
        *_of(request), ReleaseDocument.decision.in_(SECRET), ReleaseDocument.told_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(ReleaseDocument.position)))


def is_given(document: ReleaseDocument) -> bool:
    """Whether a copy of it has been made, so that its decision stands; none in which words were masked since."""
    query = select(ReleaseCopy.id).where(
        ReleaseCopy.federation_id == document.federation_id,
        ReleaseCopy.document_id == document.id,
        ReleaseCopy.masked_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def copies_of(document: ReleaseDocument) -> list[ReleaseCopy]:
    query = select(ReleaseCopy).where(
        ReleaseCopy.federation_id == document.federation_id, ReleaseCopy.document_id == document.id
    )
    return list(db.session.scalars(query.order_by(ReleaseCopy.id)))


def letters_of(request: ReleaseRequest) -> list[ReleaseCopy]:
    query = select(ReleaseCopy).where(
        ReleaseCopy.federation_id == request.federation_id,
        ReleaseCopy.request_id == request.id,
        ReleaseCopy.form == CopyForm.LETTER,
    )
    return list(db.session.scalars(query.order_by(ReleaseCopy.id)))


def copies_by_document(request: ReleaseRequest, document_ids: list[int]) -> dict[int, list[ReleaseCopy]]:
    query = select(ReleaseCopy).where(
        ReleaseCopy.federation_id == request.federation_id, ReleaseCopy.document_id.in_(document_ids)
    )
    found: dict[int, list[ReleaseCopy]] = {}
    for copy in db.session.scalars(query.order_by(ReleaseCopy.id)):
        found.setdefault(copy.document_id or 0, []).append(copy)
    return found


def copy_for(actor: Actor, request: ReleaseRequest, copy_id: int) -> ReleaseCopy:
    """Raises NotAllowedToSee."""
    demand(actor, request.federation_id)
    query = select(ReleaseCopy).where(
        ReleaseCopy.id == copy_id,
        ReleaseCopy.request_id == request.id,
        ReleaseCopy.federation_id == request.federation_id,
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee(f"release copy {copy_id}")
    return found


def request_there(federation_id: int, request_id: int) -> int | None:
    """The same, as long as it has not been disposed of."""
    query = select(ReleaseRequest.id).where(
        ReleaseRequest.id == request_id, ReleaseRequest.federation_id == federation_id
    )
    return db.session.scalar(query)


def request_of_letter(federation_id: int, copy_id: int) -> int | None:
    query = select(ReleaseCopy.request_id).where(ReleaseCopy.id == copy_id, ReleaseCopy.federation_id == federation_id)
    return db.session.scalar(query)


def packages_of(request: ReleaseRequest) -> list[ReleasePackage]:
    """The newest first."""
    query = select(ReleasePackage).where(
        ReleasePackage.federation_id == request.federation_id, ReleasePackage.request_id == request.id
    )
    return list(db.session.scalars(query.order_by(ReleasePackage.id.desc())))


def package_for(actor: Actor, request: ReleaseRequest, package_id: int) -> ReleasePackage:
    """Raises NotAllowedToSee."""
    demand(actor, request.federation_id)
    query = select(ReleasePackage).where(
        ReleasePackage.id == package_id,
        ReleasePackage.request_id == request.id,
        ReleasePackage.federation_id == request.federation_id,
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee(f"release package {package_id}")
    return found


def documents_of(copy: ReleaseCopy) -> list[ReleaseDocument]:
    """The one that the copy is of; none for a letter."""
    query = select(ReleaseDocument).where(
        ReleaseDocument.federation_id == copy.federation_id, ReleaseDocument.id == copy.document_id
    )
    return list(db.session.scalars(query))


def documents_in(package: ReleasePackage) -> list[ReleaseDocument]:
    """Those whose texts the file holds."""
    copied = select(ReleaseCopy.document_id).where(
        ReleaseCopy.federation_id == package.federation_id,
        ReleaseCopy.request_id == package.request_id,
        ReleaseCopy.document_id.is_not(None),
        ReleaseCopy.masked_at.is_(None),
        ReleaseCopy.made_at <= package.made_at,
    )
    query = select(ReleaseDocument).where(
        ReleaseDocument.federation_id == package.federation_id, ReleaseDocument.id.in_(copied)
    )
    return list(db.session.scalars(query.order_by(ReleaseDocument.position)))


def last_masking(federation_id: int) -> int:
    """The id of the federation's newest masking; 0 before the first."""
    return db.session.scalar(select(func.max(Masking.id)).where(Masking.federation_id == federation_id)) or 0


def _masked_since() -> ColumnElement[bool]:
    """Words were masked in a document's copies after it was decided about, so that it is decided about anew."""
    return (
        select(ReleaseCopy.id)
        .where(
            ReleaseCopy.federation_id == ReleaseDocument.federation_id,
            ReleaseCopy.document_id == ReleaseDocument.id,
            ReleaseCopy.masked_at > ReleaseDocument.decided_at,
        )
        .correlate(ReleaseDocument)
        .exists()
    )


def _of(request: ReleaseRequest) -> tuple[ColumnElement[bool], ...]:
    return ReleaseDocument.federation_id == request.federation_id, ReleaseDocument.request_id == request.id


def _to_give(request: ReleaseRequest) -> Select[ReleaseDocument]:
    copied = select(ReleaseCopy.document_id).where(
        ReleaseCopy.federation_id == request.federation_id,
        ReleaseCopy.request_id == request.id,
        ReleaseCopy.document_id.is_not(None),
        ReleaseCopy.masked_at.is_(None),
    )
    query = select(ReleaseDocument).where(
        *_of(request), ReleaseDocument.decision.in_(GIVEN), ReleaseDocument.id.not_in(copied), ~_masked_since()
    )
    return query.order_by(ReleaseDocument.position)
