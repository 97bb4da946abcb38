"""Words for meetings: days with their weekday, how long is left, why a day cannot be taken, and what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.meetings.models import Meeting, MeetingGroup
from lexheller.meetings.rules import LAST
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.privacy.masking import MASKED
from lexheller.web.masked import TEXT_WAS_MASKED

GROUP: Mapping[GroupKind, LazyString] = {
    GroupKind.PREPARATORY: _l("Beredningsgruppen"),
    GroupKind.BOARD: _l("Styrelsen"),
    GroupKind.STEERING: _l("Styrgruppen"),
}
GROUP_SLUG: Mapping[GroupKind, str] = {
    GroupKind.PREPARATORY: "beredningsgrupp",
    GroupKind.BOARD: "styrelse",
    GroupKind.STEERING: "styrgrupp",
}
OUTCOME: Mapping[Outcome, LazyString] = {
    Outcome.DECIDED: _l("Beslut"),
    Outcome.NOTED: _l("Togs upp utan beslut"),
    Outcome.POSTPONED: _l("Tas upp på nästa möte"),
}
TEXT: Mapping[str, LazyString] = {
    "title": _l("Rubrik"),
    "what": _l("Vad som händer"),
    "how_often": _l("Hur ofta"),
    "between": _l("Mellan vilka"),
    "tried": _l("Vad som har prövats"),
    "proposed": _l("Förslag till beslut"),
}

WEEKDAY: Mapping[int, LazyString] = {
    0: _l("måndagen"),
    1: _l("tisdagen"),
    2: _l("onsdagen"),
    3: _l("torsdagen"),
    4: _l("fredagen"),
}
NTH: Mapping[int, LazyString] = {
    1: _l("Den första"),
    2: _l("Den andra"),
    3: _l("Den tredje"),
    4: _l("Den fjärde"),
    LAST: _l("Den sista"),
}
EVENT: Mapping[str, LazyString] = {
    MASKED: TEXT_WAS_MASKED,
    "meeting.planned": _l("Mötet planerades"),
    "meeting.moved": _l("Mötet flyttades till en annan dag"),
    "meeting.changed": _l("Tid, plats eller anteckning ändrades"),
    "meeting.cancelled": _l("Mötet ställdes in"),
    "meeting.case_put": _l("Ett ärende lades på dagordningen"),
    "meeting.case_taken_off": _l("Ett ärende togs bort från dagordningen"),
    "meeting.case_reordered": _l("Dagordningen fick en annan ordning"),
    "meeting.case_moved": _l("Ett ärende flyttades till nästa möte"),
    "meeting.fault_put": _l("Ett systemfel lades på dagordningen"),
    "meeting.fault_taken_off": _l("Ett systemfel togs bort från dagordningen"),
    "meeting.fault_reordered": _l("Ett systemfel fick en annan plats på dagordningen"),
    "meeting.fault_moved": _l("Ett systemfel flyttades till nästa möte"),
    "meeting.item_described": _l("Ett underlag skrevs"),
    "meeting.item_settled": _l("Det mötet kom fram till skrevs in"),
    "meeting.material_sent": _l("Materialet skickades ut"),
    "meeting.ended": _l("Mötet avslutades"),
    "meeting.group_named": _l("Gruppen fick ett annat namn"),
    "meeting.group_retired": _l("Gruppen avslutades"),
    "meeting.member_added": _l("En medlem lades till i gruppen"),
    "meeting.member_removed": _l("En medlem togs bort ur gruppen"),
}
REFUSED: Mapping[str, LazyString] = {
    "past": _l("Dagen har redan varit. Välj en dag från i dag och framåt."),
    "too_far": _l("Dagen ligger mer än fem år bort. Kontrollera årtalet."),
    "day_off": _l("Det är en ledig dag enligt förbundets kalender. Välj en arbetsdag."),
    "taken": _l("Det finns redan ett möte den dagen. Välj en annan dag, eller öppna det mötet i listan."),
    "not_a_time": _l("Skriv klockslaget som timmar:minuter, till exempel 13:00."),
    "none": _l("Välj minst en dag."),
    "too_many": _l("Det är för många dagar på en gång. Välj färre."),
    "empty": _l("Fyll i fältet."),
    "doubtful": _l("Läs det som är markerat och kryssa i rutan, eller ta bort det ur texten."),
    "one_of_both": _l("Välj en enhet eller skriv någon annan, inte både och."),
    "no_action": _l("Bara ett beslut kan bli en åtgärd."),
    "has_action": _l("Beslutet har blivit en åtgärd, så punkten är beslutad. Ställ in åtgärden om den inte ska göras."),
}


def kind_of_slug(slug: str) -> GroupKind | None:
    """The kind that an address names; None for words that none of ours has."""
    return next((kind for kind, word in GROUP_SLUG.items() if word == slug), None)


def group_name(group: MeetingGroup) -> str:
    """The federation's own name for the group, or what its kind is called."""
    return group.name or str(GROUP[GroupKind(group.kind)])


def weekday_and_day(day: date) -> str:
    """`torsdag 19 mars 2026`."""
    return str(format_date(day, "EEEE d MMMM y"))


def when(meeting: Meeting) -> str:
    """The meeting's day, with the hour where there is one."""
    day = weekday_and_day(meeting.held_on)
    return str(_("%(day)s kl. %(time)s", day=day, time=meeting.starts_at)) if meeting.starts_at else day


def group_and_when(meeting: Meeting) -> str:
    """What a meeting is called where one is chosen."""
    return f"{group_name(meeting.group)}: {when(meeting)}"


def days_left(day: date, today: date) -> str:
    """How far off the day is, in calendar days."""
    left = (day - today).days
    match left:
        case 0:
            return str(_("i dag"))
        case 1:
            return str(_("i morgon"))
        case -1:
            return str(_("i går"))
        case _ if left > 0:
            return str(ngettext("om %(num)d dag", "om %(num)d dagar", left))
        case _:
            return str(ngettext("för %(num)d dag sedan", "för %(num)d dagar sedan", -left))
