"""A case's history in words: the event log read for people. There is no second log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import format_datetime
from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import ActorKind
from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.labels import EVENT
from lexheller.cases.models import Case, Duty


@dataclass(frozen=True, slots=True)
class Entry:
    """`iso` is UTC, `at_text` Swedish time."""

    at_text: str
    iso: str
    title: str
    actor: str
    detail: str


def timeline(case: Case, duties: list[Duty]) -> list[Entry]:
    """Newest first."""
    events = history(case.federation_id, "case", case.id)
    names = names_of({event.actor_user_id for event in events if event.actor_user_id is not None})
    by_round = {duty.round: duty for duty in duties}
    by_id = {duty.id: duty for duty in duties}
    return [
        Entry(
            format_datetime(event.at, "d MMM yyyy HH:mm"),
            event.at.isoformat(),
            str(EVENT.get(event.kind, event.kind)),
            _who(event, names),
            _detail(event, by_round, by_id),
        )
        for event in reversed(events)
    ]


def _who(event: Event, names: Mapping[int, str]) -> str:
    match event.actor_kind:
        case ActorKind.USER:
            return names.get(event.actor_user_id or 0, _("Tidigare användare"))
        case ActorKind.REPORTER:
            return str(_("Anmälaren"))
        case ActorKind.OPERATOR:
            return str(_("Driften"))
        case _:
            return str(_("Systemet"))


def _detail(event: Event, by_round: Mapping[int, Duty], by_id: Mapping[int, Duty]) -> str:
    """What the event adds to its title, from rows that may be masked later: never from the event itself."""
    if event.kind in {"case.routed", "case.assigned"}:
        duty = by_round.get(event.data.get("round", 0))
        return duty.unit.name if duty else ""
    if event.kind == "case.sent_back":
        returned = by_id.get(event.data.get("duty_id") or 0)
        return returned.return_reason or "" if returned else ""
    return ""
