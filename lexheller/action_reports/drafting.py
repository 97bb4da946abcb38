"""The draft of a yearly report: its figures compiled anew, its chapter texts, its cut-off day. One event each.

`report_data` is what a draft says as a whole: the one thing that is approved, frozen and hashed. Goals are `goals`,
approving and freezing `editions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.action_reports import kept, wording
from lexheller.action_reports.compiling import compiled, last_day
from lexheller.action_reports.models import GoalRow, ReportDraft
from lexheller.action_reports.outline import CHAPTER_KEYS
from lexheller.action_reports.permissions import demand_compiling, demand_writing
from lexheller.audit.service import insert_unless_there, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.organisations.models import Federation
from lexheller.organisations.report_settings import least_of
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import doubts_in, refuse_unlooked

LONGEST_TEXT = 8000
NOT_FIGURES = ("hash", "texts", "goals", "least", "format", "public", "told")
LAST_CUT_OFF_MONTH, LAST_CUT_OFF_DAY = 3, 31
"""Of the year after: the board signs within three months of the year's end."""


def draft_of(federation_id: int, year: int) -> ReportDraft | None:
    query = select(ReportDraft).where(ReportDraft.federation_id == federation_id, ReportDraft.year == year)
    return db.session.scalar(query)


def drafts_open(federation_id: int) -> list[ReportDraft]:
    query = select(ReportDraft).where(ReportDraft.federation_id == federation_id, ReportDraft.is_open)
    return list(db.session.scalars(query.order_by(ReportDraft.year)))


def goals_of(federation_id: int, year: int) -> list[GoalRow]:
    query = select(GoalRow).where(GoalRow.federation_id == federation_id, GoalRow.year == year)
    return list(db.session.scalars(query.order_by(GoalRow.position, GoalRow.id)))


def cut_off_of(draft: ReportDraft | None, year: int) -> date:
    return draft.cut_off if draft is not None and draft.cut_off is not None else last_day(year)


def latest_cut_off(year: int) -> date:
    return date(year + 1, LAST_CUT_OFF_MONTH, LAST_CUT_OFF_DAY)


def figures(federation: Federation, year: int, *, to_show: bool = False) -> dict[str, Any]:
    """The year's figures as they are now, up to the draft's cut-off day. `to_show`: see `report_data`."""
    count = kept.figures if to_show else compiled
    return count(federation, year, cut_off_of(draft_of(federation.id, year), year))


def figures_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The figures alone out of a report's data: what compiling them again would give, without its hash."""
    return {name: value for name, value in data.items() if name not in NOT_FIGURES}


def report_data(federation: Federation, year: int, *, to_show: bool = False) -> dict[str, Any]:
    """All that the report would say if it were frozen now, word by word, with the `hash` over it. Writes nothing.

    `to_show`: for a page or a draft's file, where figures counted and words made a while ago will do if nothing has
    happened since. What is stored, approved or frozen is made anew.
    """
    draft = draft_of(federation.id, year)
    data = {
        **figures(federation, year, to_show=to_show),
        "texts": dict(draft.texts) if draft else {},
        "goals": [
            {"text": row.text, "fulfilment": row.fulfilment, "comment": row.comment}
            for row in goals_of(federation.id, year)
        ],
        "least": least_of(federation.id),
    }
    return wording.kept_wording(federation.id, data) if to_show else wording.worded(data)


def compile_draft(actor: Actor, federation: Federation, year: int) -> ReportDraft:
    """Keep the year's figures in its draft; unchanged figures are no change. Raises NotAllowedToSee."""
    demand_compiling(actor, federation.id)
    draft = hold_draft(federation.id, year)
    data = figures(federation, year)
    if draft.compiled_hash == data["hash"]:
        return draft
    draft.compiled, draft.compiled_hash, draft.compiled_at = data, data["hash"], clock.now()
    db.session.flush()
    record_of(actor, "action_report.compiled", draft, {"hash": draft.compiled_hash})
    return draft


def write_texts(
    actor: Actor, federation: Federation, year: int, texts: Mapping[str, str], *, seen: int, looked: bool = False
) -> ReportDraft:
    """Store the texts of these chapters; the others stay. An empty one takes the text away; the same is no change.

    `seen`: the draft's version, 0 where there was none. `looked`: somebody has looked at what in the new words looks
    like a person (P24). Raises InvalidInput on the chapter (`too_long`, or P23) and on `looked` (`doubtful`), KeyError
    for a chapter that is none, Conflict when the draft was changed since `seen`.
    """
    demand_writing(actor, federation.id)
    for key, text in texts.items():
        if key not in CHAPTER_KEYS:
            raise KeyError(key)
        refuse_identity_numbers(**{key: text})
        if len(text) > LONGEST_TEXT:
            raise InvalidInput(key, "too_long")
    draft = hold_draft(federation.id, year, seen=seen)
    changed = {key: text.strip() for key, text in texts.items() if text.strip() != draft.texts.get(key, "")}
    if not changed:
        return draft
    refuse_unlooked(doubts_in(changed), looked=looked)
    draft.texts = {key: text for key, text in {**draft.texts, **changed}.items() if text}
    raise_version(draft)
    record_of(actor, "action_report.text_written", draft, {"chapters": sorted(changed)})
    return draft


def set_cut_off(actor: Actor, federation: Federation, year: int, day: date, *, seen: int) -> ReportDraft:
    """Count what happened up to `day`: from the year's last to 31 March after it. The same day is no change.

    Raises InvalidInput on `cut_off` (`too_early`, `too_late`), Conflict as `write_texts`.
    """
    demand_writing(actor, federation.id)
    if day < last_day(year):
        raise InvalidInput("cut_off", "too_early")
    if day > latest_cut_off(year):
        raise InvalidInput("cut_off", "too_late")
    draft = hold_draft(federation.id, year, seen=seen)
    before = cut_off_of(draft, year)
    if before == day:
        return draft
    draft.cut_off = None if day == last_day(year) else day
    raise_version(draft)
    record_of(actor, "action_report.cut_off_set", draft, {"from": before.isoformat(), "to": day.isoformat()})
    return draft


def hold_draft(federation_id: int, year: int, *, seen: int | None = None) -> ReportDraft:
    """The year's draft, made if there is none, kept from others until the transaction ends.

    Raises Conflict when its version is not the one `seen`; 0 says that there was none, as a new one's first does.
    """
    insert_unless_there(
        ReportDraft, federation_id=federation_id, year=year, version=1, is_open=True, texts={}, compiled=None
    )
    query = select(ReportDraft).where(ReportDraft.federation_id == federation_id, ReportDraft.year == year)
    draft = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    if seen is not None and draft.version != max(seen, 1):
        raise Conflict(f"report draft {draft.id}: version {seen} seen, {draft.version} now")
    return draft


def raise_version(draft: ReportDraft) -> None:
    """Something of the draft was written: others must look again, and the report is open."""
    draft.version += 1
    draft.is_open = True
    db.session.flush()


def record_of(actor: Actor, kind: str, draft: ReportDraft, data: dict[str, Any]) -> None:
    record(
        actor,
        kind,
        federation_id=draft.federation_id,
        subject_type="report_draft",
        subject_id=draft.id,
        data={"year": draft.year, **data},
    )
