"""What the yearly report adds to masking: its own texts, the compilations that are made of others', and the editions in
which words are frozen. Masking itself is `records.masking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from lexheller.action_reports.drafting import hold_draft
from lexheller.action_reports.models import Edition, GoalRow, ReportDraft
from lexheller.core.db import db
from lexheller.organisations.queries import federation_of
from lexheller.privacy.masking import occurrences
from lexheller.records.masking_places import Above, Kind, Room, Standing, TextPlace, offer, places_of


def install(app: Flask) -> None:
    offer(app, Above({Kind.REPORT: ROOM}, PLACES, forget_compilations, editions_with))


def forget_compilations(federation_id: int, _words: Sequence[str]) -> None:
    """Every compilation goes, whatever it says: it may quote a part of what was hidden, or a word too short to look
    for. It is made anew when somebody asks for it, or at night.
    """
    query = select(ReportDraft).where(ReportDraft.federation_id == federation_id).order_by(ReportDraft.year)
    for draft in db.session.scalars(query):
        if draft.compiled is not None:
            draft.compiled = draft.compiled_hash = draft.compiled_at = None
    db.session.flush()


def editions_with(federation_id: int, words: Sequence[str]) -> list[Standing]:
    """Frozen editions in which any of the words stand, the latest first."""
    query = select(Edition).where(Edition.federation_id == federation_id)
    slug = federation_of(federation_id).slug
    return [
        Standing(
            str(_("Åtgärdsrapporten %(year)s, utgåva %(number)s", year=edition.year, number=edition.number)),
            url_for("action_reports.edition", federation=slug, year=edition.year, number=edition.number),
        )
        for edition in db.session.scalars(query.order_by(Edition.year.desc(), Edition.number.desc()))
        if _stands_in(edition.data, words)
    ]


def _stands_in(data: Any, words: Sequence[str]) -> bool:
    """In any text of it, however deep."""
    if isinstance(data, str):
        return any(occurrences(data, word) for word in words if len(word) > 2)
    if isinstance(data, dict):
        return any(_stands_in(one, words) for one in data.values())
    return isinstance(data, list) and any(_stands_in(one, words) for one in data)


def _hold(draft: ReportDraft) -> None:
    hold_draft(draft.federation_id, draft.year)


def _draft_of(goal: Any) -> int | None:
    return db.session.scalar(
        select(ReportDraft.id).where(ReportDraft.federation_id == goal.federation_id, ReportDraft.year == goal.year)
    )


def _of_draft(draft_id: int) -> ColumnElement[bool]:
    return GoalRow.year == select(ReportDraft.year).where(ReportDraft.id == draft_id).scalar_subquery()


ROOM = Room(
    ReportDraft,
    "report_draft",
    lambda draft: str(_("Åtgärdsrapporten %(year)s", year=draft.year)),
    lambda draft: ("action_reports.draft", {"year": draft.year}),
    _hold,
)
PLACES: tuple[TextPlace, ...] = (
    *places_of(Kind.REPORT, ReportDraft, {"texts": _l("Text i rapporten")}, owner="id"),
    *places_of(
        Kind.REPORT,
        GoalRow,
        {"text": _l("Åtagande"), "comment": _l("Kommentar till ett åtagande")},
        belongs=_of_draft,
        subject_of=_draft_of,
    ),
)
