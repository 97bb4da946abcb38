"""Whose documents are read through a request: kept for the case, fault or meeting, not for the request alone.

So that whoever asks who has read a case finds those too who came by this way. A frozen edition is nobody's case.
"""

from __future__ import annotations

from collections.abc import Iterable

from lexheller.accounts.readings import note
from lexheller.audit.reading_log import PAGE, Thing
from lexheller.records.release_models import ReleaseDocument
from lexheller.records.release_states import DocumentKind

OF_NO_CASE = {DocumentKind.FAULT: Thing.FAULT, DocumentKind.MINUTES: Thing.MINUTES}


def note_documents(rows: Iterable[ReleaseDocument], *, form: str = PAGE) -> None:
    """Have it kept that this answer shows them, each case once. `form` is a page or a file's form."""
    for thing, subject_id in sorted({found for row in rows if (found := _shown_of(row)) is not None}):
        note(thing, subject_id, form=form)


def _shown_of(row: ReleaseDocument) -> tuple[Thing, int] | None:
    if row.case_id is not None:
        return Thing.CASE, row.case_id
    thing = OF_NO_CASE.get(DocumentKind(row.kind))
    return None if thing is None else (thing, row.subject_id)
