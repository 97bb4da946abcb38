"""Verbs of the federation's own lists: themes, closed days, standard texts. Each leaves one event and one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from lexheller.audit.service import Doer
from lexheller.core import jobs
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.changes import What, hold, write_down
from lexheller.organisations.models import (
    ClosedDay,
    Federation,
    RegisterChange,
    StandardText,
    TextStep,
    Theme,
    ThemeChangeKind,
)
from lexheller.organisations.names import folded, key_of
from lexheller.organisations.theme_history import keep_change, name_of
from lexheller.privacy.refusal import refuse_identity_numbers

RECALCULATE_JOB = "deadlines.recalculate"


@dataclass(frozen=True, slots=True)
class TextDraft:
    """A standard text as somebody wrote it. `theme_id` None: for any theme."""

    step: TextStep
    title: str
    text: str
    theme_id: int | None = None


def add_theme(actor: Doer, federation_id: int, label: str, *, note: str | None = None) -> Theme:
    """Last in the list. Raises InvalidInput (`label`, `taken`)."""
    hold(db.session.get_one(Federation, federation_id))
    theme = new_theme(federation_id, free_label(federation_id, label, note))
    write_down(actor, What.THEME_ADDED, theme, after={"label": theme.label}, note=note)
    keep_change(actor, federation_id, ThemeChangeKind.ADDED, after=[theme])
    return theme


def rename_theme(actor: Doer, theme: Theme, label: str, *, note: str | None = None, seen: int | None = None) -> None:
    """The same theme under a better name: cases that have it show the new one."""
    hold(theme, seen)
    label = free_label(theme.federation_id, label, note, theme.id)
    if label == theme.label:
        return
    was = name_of(theme)
    theme.label = label
    db.session.flush()
    write_down(actor, What.THEME_RENAMED, theme, before={"label": was.label}, after={"label": label}, note=note)
    keep_change(actor, theme.federation_id, ThemeChangeKind.RENAMED, before=[was], after=[theme])


def retire_theme(actor: Doer, theme: Theme, *, note: str | None = None) -> None:
    """No longer offered; cases that have it keep it."""
    _set_theme(actor, theme, False, What.THEME_RETIRED, note)


def take_back_theme(actor: Doer, theme: Theme, *, note: str | None = None) -> None:
    _set_theme(actor, theme, True, What.THEME_TAKEN_BACK, note)


def move_theme(actor: Doer, theme: Theme, steps: int) -> None:
    """Up (negative) or down in the list of themes in use; at the end of the list nothing changes."""
    hold(db.session.get_one(Federation, theme.federation_id))
    order = [row for row in _themes(theme.federation_id) if row.active]
    if theme not in order:
        return
    place = order.index(theme)
    wanted = max(0, min(len(order) - 1, place + steps))
    if wanted == place:
        return
    order.insert(wanted, order.pop(place))
    for position, row in enumerate(order):
        row.position = position
    db.session.flush()
    write_down(actor, What.THEME_MOVED, theme, before={"place": place + 1}, after={"place": wanted + 1})


def add_closed_day(actor: Doer, federation_id: int, day: date, note: str) -> ClosedDay:
    """A day off, with its reason. Deadlines that run are recalculated. Raises InvalidInput (`day`, `taken`)."""
    hold(db.session.get_one(Federation, federation_id))
    note = " ".join(note.split())
    refuse_identity_numbers(note=note)
    if not note:
        raise InvalidInput("note", "missing")
    if db.session.scalar(select(ClosedDay.id).where(ClosedDay.federation_id == federation_id, ClosedDay.day == day)):
        raise InvalidInput("day", "taken")
    closed = ClosedDay(federation_id=federation_id, day=day, note=note)
    db.session.add(closed)
    db.session.flush()
    _recalculate(write_down(actor, What.CLOSED_DAY_ADDED, closed, after={"day": day, "reason": note}))
    return closed


def remove_closed_day(actor: Doer, closed: ClosedDay, *, note: str | None = None) -> None:
    """Work is done on that day after all. The history keeps that it was off, and why."""
    hold(closed)
    refuse_identity_numbers(note=note)
    before = {"day": closed.day, "reason": closed.note}
    change = write_down(actor, What.CLOSED_DAY_REMOVED, closed, before=before, note=note)
    db.session.delete(closed)
    db.session.flush()
    _recalculate(change)


def add_text(actor: Doer, federation_id: int, draft: TextDraft) -> StandardText:
    """Last of its step. Raises InvalidInput (`title`, `taken`)."""
    hold(db.session.get_one(Federation, federation_id))
    values = _text_values(federation_id, draft)
    newest = db.session.scalar(
        select(func.max(StandardText.position)).where(StandardText.federation_id == federation_id)
    )
    row = StandardText(federation_id=federation_id, position=(newest or 0) + 1, **values)
    db.session.add(row)
    db.session.flush()
    write_down(actor, What.TEXT_ADDED, row, after=values)
    return row


def change_text(actor: Doer, row: StandardText, draft: TextDraft, *, seen: int | None = None) -> None:
    hold(row, seen)
    values = _text_values(row.federation_id, draft, row.id)
    before = {name: getattr(row, name) for name in values}
    if before == values:
        return
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    write_down(actor, What.TEXT_CHANGED, row, before=before, after=values)


def retire_text(actor: Doer, row: StandardText) -> None:
    """No longer offered; what was written with it stays."""
    _set_text(actor, row, False, What.TEXT_RETIRED)


def take_back_text(actor: Doer, row: StandardText) -> None:
    _set_text(actor, row, True, What.TEXT_TAKEN_BACK)


def _recalculate(change: RegisterChange) -> None:
    jobs.ask_for(
        RECALCULATE_JOB,
        federation_id=change.federation_id,
        subject_id=change.federation_id,
        key=f"recalculate:{change.id}",
    )


def _themes(federation_id: int) -> list[Theme]:
    query = select(Theme).where(Theme.federation_id == federation_id)
    return list(db.session.scalars(query.order_by(Theme.position, Theme.id)))


def new_theme(federation_id: int, label: str) -> Theme:
    """A row, last in the list; what is told of it is the caller's."""
    there = _themes(federation_id)
    keys = {theme.key for theme in there}
    base = key_of(label)[:70] or "tema"
    key = next(key for number in range(len(keys) + 2) if (key := f"{base}-{number}" if number else base) not in keys)
    position = max((theme.position for theme in there), default=-1) + 1
    theme = Theme(federation_id=federation_id, key=key, label=label, position=position)
    db.session.add(theme)
    db.session.flush()
    return theme


def free_label(federation_id: int, label: str, note: str | None, own_id: int | None = None) -> str:
    """Tidied. Raises InvalidInput (`label`, `missing` | `taken`, or for an identity number)."""
    label = " ".join(label.split())
    refuse_identity_numbers(label=label, note=note)
    if not label:
        raise InvalidInput("label", "missing")
    if any(folded(theme.label) == folded(label) and theme.id != own_id for theme in _themes(federation_id)):
        raise InvalidInput("label", "taken")
    return label


def _set_theme(actor: Doer, theme: Theme, active: bool, what: What, note: str | None) -> None:
    hold(theme)
    refuse_identity_numbers(note=note)
    if theme.active is not active:
        theme.active = active
        db.session.flush()
        write_down(actor, what, theme, after={"label": theme.label}, note=note)
        if active:
            keep_change(actor, theme.federation_id, ThemeChangeKind.ADDED, after=[theme])
        else:
            keep_change(actor, theme.federation_id, ThemeChangeKind.RETIRED, before=[theme])


def _set_text(actor: Doer, row: StandardText, active: bool, what: What) -> None:
    hold(row)
    if row.active is not active:
        row.active = active
        db.session.flush()
        write_down(actor, what, row, after={"title": row.title})


def _text_values(federation_id: int, draft: TextDraft, own_id: int | None = None) -> dict[str, Any]:
    title = " ".join(draft.title.split())
    refuse_identity_numbers(title=title, text=draft.text)
    if not title:
        raise InvalidInput("title", "missing")
    if not draft.text.strip():
        raise InvalidInput("text", "missing")
    if draft.theme_id is not None and draft.theme_id not in {theme.id for theme in _themes(federation_id)}:
        raise NotAllowedToSee("theme")
    query = select(StandardText).where(StandardText.federation_id == federation_id, StandardText.step == draft.step)
    for other in db.session.scalars(query):
        if folded(other.title) == folded(title) and other.theme_id == draft.theme_id and other.id != own_id:
            raise InvalidInput("title", "taken")
    return {"step": str(draft.step), "title": title, "text": draft.text.strip(), "theme_id": draft.theme_id}
