"""What the page of a meeting that is going on shows: each item with its own form. Templates draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template

from lexheller.accounts.rights import Actor
from lexheller.actions.queries import types
from lexheller.core.db import db
from lexheller.meetings import forms, queries
from lexheller.meetings.deciding import may_settle
from lexheller.meetings.labels import OUTCOME, group_name, when
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.paper import moves, reference, who_does
from lexheller.meetings.proposing import title_of
from lexheller.meetings.states import Outcome
from lexheller.organisations.queries import units


@dataclass(frozen=True, slots=True)
class Line:
    """`settled` in words, empty before the item is dealt with."""

    item: AgendaItem
    title: str
    reference: str
    moves: tuple[str, ...]
    settled: str
    who: str
    form: forms.SettleForm


def prefix_of(item: AgendaItem) -> str:
    return f"punkt{item.id}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the forms of a meeting offer alike: units and types of action, as (value, label)."""

    units: list[tuple[str, str]]
    types: list[tuple[str, str]]


def choices_in(federation_id: int) -> Choices:
    return Choices(
        [(str(unit.id), f"{unit.organisation.name}: {unit.name}") for unit in units(federation_id)],
        [(str(one.id), one.label) for one in types(federation_id)],
    )


def form_for(item: AgendaItem, choices: Choices) -> forms.SettleForm:
    """The item's form; as it was sent, or else as the item stands."""
    form = forms.SettleForm(
        prefix=prefix_of(item),
        data={
            "version": item.version,
            "outcome": item.outcome,
            "decision": item.decision,
            "unit_id": str(item.decided_unit_id or ""),
            "who": item.decided_who,
            "by_on": item.decided_by_on,
        },
    )
    form.offer(choices.units, choices.types)
    return form


def fresh_form_for(item: AgendaItem, sent: forms.SettleForm | None, choices: Choices) -> forms.SettleForm:
    """`sent` where it is this item's, with its errors; for the others a form of what they hold."""
    is_sent = sent is not None and sent.version.name.startswith(f"{prefix_of(item)}-")
    return sent if sent is not None and is_sent else form_for(item, choices)


def show(actor: Actor, meeting: Meeting, sent: forms.SettleForm | None = None) -> str:
    """The first item that nothing has been written about is open; the others are folded."""
    items = queries.agenda(actor, meeting)
    next_id = next((item.id for item in items if item.outcome is None), None)
    choices = choices_in(meeting.federation_id)
    lines = [_line(item, sent, choices) for item in items]
    return render_template("meetings/live.html", lines=lines, sent=sent, next_id=next_id, **_about(meeting))


def end(actor: Actor, meeting: Meeting, form: forms.SeenForm) -> str:
    """What ending the meeting does, before it is done."""
    items = queries.agenda(actor, meeting)
    left = [_titled(item) for item in items if item.outcome in (None, Outcome.POSTPONED)]
    following = queries.following(meeting)
    return render_template(
        "meetings/end.html", left=left, dealt=len(items) - len(left), following=following, form=form, **_about(meeting)
    )


def gone_on(items: list[AgendaItem]) -> dict[int, Meeting]:
    """By item id, the meeting on which it goes on; one that was let go goes on nowhere."""
    there = {item.id: item.meeting_id for item in items}
    query = db.select(AgendaItem).where(AgendaItem.continues_id.in_(there))
    found = {item.continues_id: item.meeting for item in db.session.scalars(query.order_by(AgendaItem.id))}
    return {id: found[id] for id in there if id in found and found[id].id != there[id]}


def _line(item: AgendaItem, sent: forms.SettleForm | None, choices: Choices) -> Line:
    settled = str(OUTCOME[Outcome(item.outcome)]) if item.outcome else ""
    form = fresh_form_for(item, sent, choices)
    return Line(item, title_of(item), reference(item), moves(item), settled, who_does(item), form)


def _titled(item: AgendaItem) -> str:
    return f"{reference(item)}: {title_of(item)}"


def _about(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "when": when(meeting),
        "group": group_name(meeting.group),
        "may_settle": may_settle(meeting),
    }
