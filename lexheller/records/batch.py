"""Very many documents at once: everything from some years, counted, looked through one by one, given as one file.

The file is made by a job in portions, each a transaction of its own, so that it goes on after a kill where it stopped.
It is deleted after some time, or when words in it are masked; the copies stay, and the same copies give the same file
again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import undefer

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.audit.service import lock_chains
from lexheller.core import clock, jobs
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.meetings.proposing import DOCUMENT_LOCALE
from lexheller.records import release, release_queries
from lexheller.records.diary_extract import HEADINGS_OF_PACKAGE, safe
from lexheller.records.diary_permissions import demand
from lexheller.records.release_documents import Document, Which, documents
from lexheller.records.release_labels import DECISION, DOCUMENT, PARAGRAPH
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleasePackage, ReleaseRequest
from lexheller.records.release_states import (
    CopyForm,
    Decision,
    DocumentKind,
    PackageStatus,
    Paragraph,
)

COUNT_JOB = "records.count_doubts"
MAKE_JOB = "records.make_package"
DELETE_JOB = "records.delete_package"
PORTION = 25
COUNTED = 100
PACKAGE_DAYS = 30
LONGEST_YEARS = 40
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the package, so that the same copies give the same bytes."""


def install(app: Flask) -> None:
    jobs.register(app, COUNT_JOB, count_doubts)
    jobs.register(app, MAKE_JOB, make_portion)
    jobs.register(app, DELETE_JOB, delete_package)


def of_period(
    actor: Actor, federation_id: int, first: date, last: date, kinds: Iterable[DocumentKind]
) -> list[Document]:
    """All documents of these kinds from a period, both days included, the oldest first. Raises InvalidInput."""
    demand(actor, federation_id)
    if last < first:
        raise InvalidInput("last", "before_first")
    if (last - first).days > 366 * LONGEST_YEARS:
        raise InvalidInput("last", "too_long")
    found = [one for kind in kinds for one in documents(federation_id, kind, Which(period=(first, last)))]
    order = list(DocumentKind)
    return sorted(found, key=lambda one: (one.on_day, order.index(one.kind), one.subject_id))


def pick_period(
    actor: Actor,
    request: ReleaseRequest,
    first: date,
    last: date,
    kinds: Iterable[DocumentKind],
    *,
    seen: int,
) -> list[ReleaseDocument]:
    """As `release.pick`, for a whole period."""
    rows = release.pick(actor, request, of_period(actor, request.federation_id, first, last, kinds), seen=seen)
    if any(row.doubts is None for row in rows):
        ask_to_count(request)
    return rows


def ask_to_count(request: ReleaseRequest) -> None:
    key = f"release-count:{request.id}:{request.version}"
    jobs.ask_for(COUNT_JOB, federation_id=request.federation_id, subject_id=request.id, key=key)


def count_doubts(request_id: int) -> None:
    """Some of a request's documents; asks for the rest as a job of its own."""
    request = db.session.get(ReleaseRequest, request_id)
    if request is None:
        return
    waiting = select(ReleaseDocument).where(
        ReleaseDocument.federation_id == request.federation_id,
        ReleaseDocument.request_id == request.id,
        ReleaseDocument.doubts.is_(None),
    )
    rows = list(db.session.scalars(waiting.order_by(ReleaseDocument.position).limit(COUNTED)))
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.subject_id)
    found = {
        (kind, one.subject_id): release.doubts_in(one)
        for kind, ids in by_kind.items()
        for one in documents(request.federation_id, DocumentKind(kind), Which(ids=ids))
    }
    for row in rows:
        row.doubts = found.get((row.kind, row.subject_id), 0)
    db.session.flush()
    if len(rows) == COUNTED:
        key = f"release-count:{request.id}:after:{rows[-1].position}"
        jobs.ask_for(COUNT_JOB, federation_id=request.federation_id, subject_id=request.id, key=key)


def ask_for_package(actor: Actor, request: ReleaseRequest, *, seen: int) -> ReleasePackage:
    """All that is decided to be handed out, as one file. Raises InvalidInput on `request`: `undecided`,
    `nothing_to_give`, `being_made`, `closed`.
    """
    release.hold(actor, request, seen)
    left = release_queries.progress_of(request)
    if left.undecided:
        raise InvalidInput("request", "undecided")
    if not left.to_give + left.given:
        raise InvalidInput("request", "nothing_to_give")
    if any(one.status == PackageStatus.MAKING for one in release_queries.packages_of(request)):
        raise InvalidInput("request", "being_made")
    package = ReleasePackage(
        federation_id=request.federation_id,
        request_id=request.id,
        status=str(PackageStatus.MAKING),
        total=left.to_give + left.given,
        done=left.given,
        changed=0,
        asked_by_user_id=actor.user_id,
        asked_at=clock.now(),
    )
    db.session.add(package)
    request.version += 1
    db.session.flush()
    release.record_step(actor, "release.package_asked", request, {"package_id": package.id, "total": package.total})
    _ask_for_portion(package)
    return package


def make_portion(package_id: int) -> None:
    """Copies of some documents; when none is left, the file itself. A document whose text has changed since it was
    decided about goes back to be decided anew, and is counted. Raises Conflict when a text is masked at the same time:
    then it is tried again.
    """
    package = db.session.get(ReleasePackage, package_id)
    if package is None or package.status != PackageStatus.MAKING:
        return
    request = db.session.get_one(ReleaseRequest, package.request_id)
    rows = release_queries.to_give(request, PORTION)
    newest = release_queries.last_masking(package.federation_id)
    if rows:
        _copy(package, request, rows, newest)
        _ask_for_portion(package)
    else:
        _finish(package, request, newest)


def delete_package(package_id: int) -> None:
    """The file goes; its copies, its hash and the decisions stay."""
    package = db.session.get(ReleasePackage, package_id)
    if package is None or package.status != PackageStatus.READY:
        return
    request = db.session.get_one(ReleaseRequest, package.request_id)
    lock_chains([package.federation_id])
    package.status, package.content = str(PackageStatus.DELETED), None
    db.session.flush()
    release.record_step(SYSTEM, "release.package_deleted", request, {"package_id": package.id})


def file_of(request: ReleaseRequest) -> bytes:
    """The copies that are made, as PDF and text, and a list of all documents with what was decided. Not those in which
    words were masked afterwards (P25).
    """
    made = io.BytesIO()
    query = select(ReleaseDocument).where(
        ReleaseDocument.federation_id == request.federation_id, ReleaseDocument.request_id == request.id
    )
    rows = list(db.session.scalars(query.order_by(ReleaseDocument.position)))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        names: dict[int, str] = {}
        for copy in _copies(request):
            row = next((one for one in rows if one.id == copy.document_id), None)
            name = _name(copy, row)
            if copy.form == CopyForm.PDF and row is not None:
                names[row.id] = name
            _put(file, name, copy.content or b"")
        _put(file, "forteckning.csv", _list(rows, names))
    return made.getvalue()


def _copy(package: ReleasePackage, request: ReleaseRequest, rows: list[ReleaseDocument], newest: int) -> None:
    copies: list[ReleaseCopy] = []
    for row in rows:
        pair = release.copies_made(request, row, package.asked_by_user_id)
        if not pair:
            row.decision, row.decided_at, row.decided_by_user_id, row.told_at = None, None, None, None
            row.version += 1
            package.changed += 1
        copies += pair
        package.done += 1
    release.keep_from_masking(request, newest)
    db.session.flush()
    data = {"package_id": package.id, "copies": release.told(copies)}
    release.record_step(SYSTEM, "release.given_out", request, data)


def _finish(package: ReleasePackage, request: ReleaseRequest, newest: int) -> None:
    content = file_of(request)
    release.keep_from_masking(request, newest)
    package.status, package.content = str(PackageStatus.READY), content
    package.sha256, package.made_at = sha256(content).hexdigest(), clock.now()
    package.delete_on = clock.today() + timedelta(days=PACKAGE_DAYS)
    db.session.flush()
    data = {"package_id": package.id, "sha256": package.sha256, "changed": package.changed}
    release.record_step(SYSTEM, "release.package_made", request, data)
    jobs.ask_for(
        DELETE_JOB,
        federation_id=package.federation_id,
        subject_id=package.id,
        key=f"release-package-delete:{package.id}",
        due_at=datetime.combine(package.delete_on, time(3), tzinfo=SWEDEN),
    )


def _ask_for_portion(package: ReleasePackage) -> None:
    key = f"release-package:{package.id}:{package.done}"
    jobs.ask_for(MAKE_JOB, federation_id=package.federation_id, subject_id=package.id, key=key)


def _copies(request: ReleaseRequest) -> Iterable[ReleaseCopy]:
    """In one order, whenever it is asked."""
    query = (
        select(ReleaseCopy)
        .where(
            ReleaseCopy.federation_id == request.federation_id,
            ReleaseCopy.request_id == request.id,
            ReleaseCopy.masked_at.is_(None),
        )
        .options(undefer(ReleaseCopy.content))
        .order_by(ReleaseCopy.id)
    )
    yield from db.session.scalars(query.execution_options(yield_per=PORTION))


def _name(copy: ReleaseCopy, row: ReleaseDocument | None) -> str:
    """ASCII, in the order of the list, without anything that a document says."""
    if row is None:
        return f"beslut-{copy.id}.pdf"
    ending = "pdf" if copy.form == CopyForm.PDF else "txt"
    return f"{ending}/{row.position:05d}-{row.kind.replace('_', '-')}.{ending}"


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    file.writestr(entry, content)


def _list(rows: list[ReleaseDocument], names: dict[int, str]) -> bytes:
    """With semicolons and a byte order mark; no cell starts a formula (P27)."""
    made = io.StringIO(newline="")
    lines = csv.writer(made, delimiter=";", lineterminator="\r\n")
    with force_locale(DOCUMENT_LOCALE):
        lines.writerow([str(heading) for heading in HEADINGS_OF_PACKAGE])
        for row in rows:
            decision = Decision(row.decision) if row.decision else None
            if decision is Decision.LEFT_OUT:
                continue
            reasons = "; ".join(str(PARAGRAPH[Paragraph(code)]) for code in row.paragraphs)
            cells = (
                str(row.position),
                row.on_day.isoformat(),
                row.number,
                str(DOCUMENT[DocumentKind(row.kind)]),
                str(DECISION[decision]) if decision else "",
                reasons,
                names.get(row.id, ""),
            )
            lines.writerow([safe(cell) for cell in cells])
    return made.getvalue().encode("utf-8-sig")
