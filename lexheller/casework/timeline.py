"""A case's history in words: the event log read for people, the case's own and its duties'. There is no second log.

No free text is shown here: what was written stands where it belongs, and can be masked there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import ActorKind
from lexheller.audit.models import Event
from lexheller.audit.queries import histories
from lexheller.cases.door import ASIDE, CASE
from lexheller.cases.labels import CLOSE_REASON, EVENT
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import CloseReason
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation
from lexheller.privacy import masking
from lexheller.web.masked import why_masked

DUTY = "duty"
SHOWN_OPEN = 12
# What is between the office and the reporter, or the office's alone.
FOR_OFFICE = frozenset(
    {
        "case.address_disposed",
        "case.contact_opened",
        "case.follow_up_answered",
        "case.note_written",
        "case.handover_offered",
        "case.handover_called_off",
        "case.handover_declined",
        "case.link_revoked",
        "case.reporter_link_closed",
        "case.summary_shared",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """`iso` is UTC, `at_text` Swedish time."""

    at_text: str
    iso: str
    title: str
    actor: str
    detail: str


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in events are called. Whoever is missing is left out of the words."""

    users: Mapping[int, str]
    units: Mapping[int, str]
    duties: Mapping[int, str]
    links: Mapping[int, str]
    cases: Mapping[int, str]
    federations: Mapping[int, str]


def events_of(case: Case, duties: Sequence[Duty]) -> list[Event]:
    """What happened to the case, beside it and to its duties, oldest first, in one query."""
    subjects = [(CASE, case.id), (ASIDE, case.id), *((DUTY, duty.id) for duty in duties)]
    return histories(case.federation_id, subjects)


def case_ids_in(events: Sequence[Event]) -> set[int]:
    """Other cases that the events name."""
    found = {event.data.get(key) for event in events for key in ("into_case_id", "from_case_id")}
    return {case_id for case_id in found if isinstance(case_id, int)}


def timeline(
    events: Sequence[Event],
    duties: Sequence[Duty],
    *,
    units: Mapping[int, str],
    links: Mapping[int, str],
    cases: Mapping[int, str],
    federations: Sequence[Federation],
    office: bool,
) -> list[Entry]:
    """Newest first; what is the office's alone only with `office`."""
    shown = [event for event in events if office or event.kind not in FOR_OFFICE]
    user_ids = {event.actor_user_id for event in shown} | {event.data.get("by_user_id") for event in shown}
    names = Names(
        names_of({user_id for user_id in user_ids if user_id is not None}),
        {**units, **{duty.unit_id: duty.unit.name for duty in duties}},
        {duty.id: duty.unit.name for duty in duties},
        links,
        cases,
        {federation.id: full_name(federation) for federation in federations},
    )
    return [_entry(event, names) for event in reversed(shown)]


def _entry(event: Event, names: Names) -> Entry:
    return Entry(
        format_datetime(event.at, "d MMM yyyy HH:mm"),
        event.at.isoformat(),
        str(EVENT.get(event.kind, event.kind)),
        _who(event, names),
        _detail(event, names),
    )


def _who(event: Event, names: Names) -> str:
    match event.actor_kind:
        case ActorKind.USER:
            return names.users.get(event.actor_user_id or 0, _("Tidigare användare"))
        case ActorKind.LINK:
            return names.links.get(event.data.get("link_id", 0), _("Via mejlad länk"))
        case ActorKind.REPORTER:
            return str(_("Anmälaren"))
        case ActorKind.OPERATOR:
            return str(_("Driften"))
        case _:
            return names.users.get(event.data.get("by_user_id") or 0, _("Systemet"))


def _detail(event: Event, names: Names) -> str:
    """What the event adds to its title: names and days, looked up; never what somebody wrote."""
    unit = _units(event, names)
    added = _added(event, names)
    return ". ".join(part for part in (unit, added) if part)


def _units(event: Event, names: Names) -> str:
    data = event.data
    duty_id = event.subject_id if event.subject_type == DUTY else data.get("duty_id")
    if isinstance(duty_id, int) and duty_id in names.duties:
        return names.duties[duty_id]
    ids = data.get("unit_ids") or [data.get("unit_id")]
    return ", ".join(names.units[unit_id] for unit_id in ids if unit_id in names.units)


def _added(event: Event, names: Names) -> str:
    data = event.data
    match event.kind:
        case "case.sent_back" if data.get("proposed_unit_id") in names.units:
            return str(_("Föreslår %(unit)s", unit=names.units[data["proposed_unit_id"]]))
        case "case.extended" if isinstance(data.get("days"), int):
            return str(ngettext("%(num)d arbetsdag till", "%(num)d arbetsdagar till", data["days"]))
        case "case.due_moved":
            return _moved(data)
        case "case.closed" if data.get("reason") in set(CloseReason):
            return str(CLOSE_REASON[CloseReason(data["reason"])])
        case "case.merged" if data.get("into_case_id") in names.cases:
            return str(_("Ärende %(number)s", number=names.cases[data["into_case_id"]]))
        case "case.unmerged" if data.get("from_case_id") in names.cases:
            return str(_("Ärende %(number)s", number=names.cases[data["from_case_id"]]))
        case "case.handover_offered" | "case.handed_over" if data.get("to_federation_id") in names.federations:
            return names.federations[data["to_federation_id"]]
        case "case.proposal_settled":
            return str(_("Godtogs") if data.get("taken") else _("Lades åt sidan"))
        case "case.summary_shared":
            return str(_("Visas för andra") if data.get("shared") else _("Visas inte längre"))
        case "duty.escalated" | "duty.reminded":
            return _rung(data)
        case masking.MASKED:
            return why_masked(data)
    return ""


def _moved(data: Mapping[str, object]) -> str:
    """The old day and the new one, as they are kept in history, and whether it was late before."""
    days = _("Från %(old)s till %(new)s", old=_day(data.get("from")), new=_day(data.get("to")))
    return f"{days}. {_('Var redan försenat')}" if data.get("was_late") else days


def _day(iso: object) -> str:
    try:
        return str(format_date(date.fromisoformat(str(iso)), "d MMM y"))
    except ValueError:
        return "?"


def _rung(data: Mapping[str, object]) -> str:
    said: dict[object, str] = {
        "superior": _("Till chefens chef"),
        "coordinator": _("Till samordnaren"),
        "director": _("Till förbundschefen"),
    }
    return said.get(data.get("rung"), "")
