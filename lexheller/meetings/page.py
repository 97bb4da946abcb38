"""What the meeting pages show: lists, an agenda with its marks, a series to look at first. Templates draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.audit.queries import history
from lexheller.cases.queries import numbers_of
from lexheller.core import clock
from lexheller.deadlines.queries import frame_of
from lexheller.meetings import forms, queries
from lexheller.meetings.deciding import may_settle
from lexheller.meetings.groups import group_of, groups_in
from lexheller.meetings.labels import (
    EVENT,
    GROUP,
    GROUP_SLUG,
    days_left,
    group_and_when,
    group_name,
    weekday_and_day,
    when,
)
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.paper import reference
from lexheller.meetings.rules import proposals
from lexheller.meetings.showing import shown
from lexheller.meetings.states import GroupKind
from lexheller.organisations.models import Federation
from lexheller.web.masked import why_masked


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting in a list. `count` is of live items, `material_left` in words."""

    meeting: Meeting
    when: str
    count: int
    material_left: str
    material_late: bool
    group: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to the meeting: `iso` is UTC, `at_text` Swedish time."""

    at_text: str
    iso: str
    title: str
    actor: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """One day of a series before it is made. `note` says what is special about it; a day that is taken is not made."""

    value: str
    label: str
    note: str
    taken: bool


def index(actor: Actor, federation: Federation, kind: GroupKind | None = None) -> str:
    """Every group's meetings, or those of the group of the kind."""
    every, left_open = queries.upcoming(actor, federation.id), queries.not_ended(actor, federation.id)
    chosen = group_of(federation.id, kind) if kind is not None else None
    coming, over = every, []
    if kind is not None:
        coming = [meeting for meeting in every if chosen is not None and meeting.group_id == chosen.id]
    if kind is None or chosen is not None:
        over = queries.past(actor, federation.id, chosen.id if chosen is not None else None)
    counts = queries.item_counts([*coming, *over, *left_open])
    names = group_choices(federation)
    return render_template(
        "meetings/index.html",
        coming=[_row(meeting, counts) for meeting in coming],
        over=[_row(meeting, counts) for meeting in over],
        left_open=[_row(meeting, counts) for meeting in left_open],
        waiting=[shown(item) for item in queries.waiting(actor, federation.id)],
        groups_to_meet={meeting.group_id for meeting in every},
        meeting_choices=[(meeting.id, group_and_when(meeting)) for meeting in every],
        groups=[(GROUP_SLUG[GroupKind(value)], name, value == kind) for value, name in names],
        chosen=dict(names).get(kind) if kind is not None else None,
    )


def group_choices(federation: Federation) -> list[tuple[str, str]]:
    """Every kind by the name that the federation has for its group."""
    own = {group.kind: group.name for group in groups_in(federation.id)}
    return [(str(kind), own.get(str(kind)) or str(GROUP[kind])) for kind in GroupKind]


def pattern_form(federation: Federation, args: Any) -> forms.PatternForm:
    form = forms.PatternForm(args)
    form.group.choices = group_choices(federation)
    return form


def show(actor: Actor, meeting: Meeting, add: forms.AddForm | None = None) -> str:
    """The meeting with its agenda; `add` is a form that came back with errors."""
    items = [shown(item) for item in queries.agenda(actor, meeting)]
    today = clock.today()
    live = meeting.cancelled_at is None
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        when=when(meeting),
        group=group_name(meeting.group),
        group_slug=GROUP_SLUG[GroupKind(meeting.group.kind)],
        items=items,
        ready_count=sum(one.ready for one in items),
        moved_on=[(shown(item), weekday_and_day(item.meeting.held_on)) for item in queries.moved_on(actor, meeting)],
        may_settle=may_settle(meeting),
        material_left=days_left(meeting.material_due_on, today),
        material_late=is_open(meeting) and meeting.material_due_on < today,
        open=is_open(meeting),
        over=live and (meeting.held_on < today or meeting.ended_at is not None),
        following=queries.first_to_come(meeting) if not live else queries.following(meeting),
        not_ended=bool(items) and may_settle(meeting) and meeting.held_on < today,
        add=add or forms.AddForm(),
        timeline_entries=_timeline(meeting),
    )


def series(federation: Federation, pattern: forms.PatternForm, chosen: forms.SeriesForm) -> str:
    """The pattern, and once it is complete the days that it gives."""
    return render_template("meetings/series.html", pattern=pattern, chosen=chosen, preview=preview(federation, pattern))


def preview(federation: Federation, pattern: forms.PatternForm) -> list[Preview] | None:
    """None while the pattern is not complete, or not right."""
    if not pattern.is_asked or not pattern.validate():
        return None
    first, last = max(pattern.first.data, clock.today()), pattern.last.data
    if last < first:
        return []
    found = proposals(
        first,
        last,
        weekday=int(pattern.weekday.data),
        nth=int(pattern.nth.data),
        calendar=frame_of(federation.id).calendar,
    )
    meets = group_of(federation.id, pattern.kind)
    taken = queries.days_taken(meets.id, first, last) if meets else set()
    return [
        Preview(
            proposal.held_on.isoformat(),
            _as_beginning(weekday_and_day(proposal.held_on)),
            _note(proposal.instead_of, proposal.held_on in taken),
            proposal.held_on in taken,
        )
        for proposal in found
    ]


def is_open(meeting: Meeting) -> bool:
    """Whether the meeting is still to be held, so that it and its agenda can be changed."""
    return meeting.cancelled_at is None and meeting.ended_at is None and meeting.held_on >= clock.today()


def numbers_on(items: list[AgendaItem]) -> list[str]:
    """What the items are called, for a sentence."""
    return [reference(item) for item in items]


def _note(instead_of: date | None, taken: bool) -> str:
    if taken:
        return str(_("Här finns redan ett möte."))
    if instead_of is not None:
        day = format_date(instead_of, "EEEE d MMMM")
        return str(_("Arbetsdagen före, eftersom %(day)s är en ledig dag.", day=day))
    return ""


def _as_beginning(words: str) -> str:
    """With a capital: days are written small in Swedish."""
    return words[:1].upper() + words[1:]


def _row(meeting: Meeting, counts: dict[int, int]) -> Row:
    today = clock.today()
    return Row(
        meeting,
        _as_beginning(when(meeting)),
        counts.get(meeting.id, 0),
        days_left(meeting.material_due_on, today),
        meeting.material_due_on < today,
        group_name(meeting.group),
    )


def _timeline(meeting: Meeting) -> list[Entry]:
    """Newest first, from the event log."""
    events = history(meeting.federation_id, "meeting", meeting.id)
    names: dict[int, str] = names_of({event.actor_user_id for event in events if event.actor_user_id is not None})
    numbers = numbers_of({event.data["case_id"] for event in events if event.data.get("case_id")})
    faults = queries.fault_numbers({event.data["fault_id"] for event in events if event.data.get("fault_id")})
    return [
        Entry(
            format_datetime(event.at, "d MMM yyyy HH:mm"),
            event.at.isoformat(),
            str(EVENT.get(event.kind, event.kind)),
            names.get(event.actor_user_id or 0, str(_("Systemet"))),
            _detail(event.data, numbers, faults),
        )
        for event in reversed(events)
    ]


def _detail(data: dict[str, Any], numbers: dict[int, str], faults: dict[int, str]) -> str:
    """Which case or fault, or from which day to which."""
    if "masking_id" in data:
        return why_masked(data)
    if "from" not in data:
        return numbers.get(data.get("case_id") or 0, "") or faults.get(data.get("fault_id") or 0, "")
    before, after = date.fromisoformat(data["from"]), date.fromisoformat(data["to"])
    return str(_("Från %(before)s till %(after)s", before=format_date(before), after=format_date(after)))
