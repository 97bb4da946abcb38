"""What somebody has asked to have out and still waits for: it must not be deleted meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from lexheller.core.db import db
from lexheller.faults.models import FaultNews
from lexheller.records.release_models import ReleaseDocument, ReleaseRequest
from lexheller.records.release_states import Decision, DocumentKind


def cases_waited_for(federation_id: int) -> set[int]:
    """In whose files the documents lie."""
    query = _waited_for(federation_id, ReleaseDocument.case_id).where(ReleaseDocument.case_id.is_not(None))
    return set(db.session.scalars(query))


def faults_waited_for(federation_id: int) -> set[int]:
    """What was told to reporters of the fault too."""
    itself = _waited_for(federation_id, ReleaseDocument.subject_id).where(ReleaseDocument.kind == DocumentKind.FAULT)
    news = _waited_for(federation_id, ReleaseDocument.subject_id).where(ReleaseDocument.kind == DocumentKind.FAULT_NEWS)
    told = select(FaultNews.fault_id).where(FaultNews.federation_id == federation_id, FaultNews.id.in_(news))
    return set(db.session.scalars(itself)) | set(db.session.scalars(told))


def meetings_waited_for(federation_id: int) -> set[int]:
    """Whose minutes are asked for."""
    query = _waited_for(federation_id, ReleaseDocument.subject_id).where(ReleaseDocument.kind == DocumentKind.MINUTES)
    return set(db.session.scalars(query))


def _waited_for(federation_id: int, column: Any) -> Select[Any]:
    return (
        select(column)
        .join(ReleaseRequest, ReleaseRequest.id == ReleaseDocument.request_id)
        .where(
            ReleaseDocument.federation_id == federation_id,
            ReleaseRequest.closed_at.is_(None),
            or_(ReleaseDocument.decision.is_(None), ReleaseDocument.decision != Decision.LEFT_OUT),
        )
    )
