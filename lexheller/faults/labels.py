"""Words and tone for what a fault knows by codes: statuses, steps, events, what broke; and how old it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.cases.labels import StatusLabel
from lexheller.faults.models import Fault
from lexheller.faults.states import Broken, FaultStatus, FaultStep
from lexheller.privacy.masking import MASKED
from lexheller.web.masked import TEXT_WAS_MASKED

STATUS: Mapping[FaultStatus, StatusLabel] = {
    FaultStatus.SUSPECTED: StatusLabel(
        _l("Misstänkt"), "new", _l("Nästa steg: ta reda på om felet är verkligt, och beskriv det.")
    ),
    FaultStatus.CONFIRMED: StatusLabel(
        _l("Bekräftat"), "new", _l("Nästa steg: lyft felet till dem som kan besluta, eller börja rätta till det.")
    ),
    FaultStatus.LIFTED: StatusLabel(
        _l("Lyft för beslut"), "progress", _l("Nästa steg: skriv in vad som beslutas när mötet har varit.")
    ),
    FaultStatus.DECIDED: StatusLabel(
        _l("Beslutat"), "progress", _l("Nästa steg: berätta för dem som anmälde, och börja rätta till felet.")
    ),
    FaultStatus.BEING_MENDED: StatusLabel(
        _l("Rättas till"), "progress", _l("Nästa steg: följ upp om det som görs hjälper.")
    ),
    FaultStatus.FOLLOWED_UP: StatusLabel(
        _l("Uppföljt"), "done", _l("Nästa steg: avsluta felet om det är rättat, annars fortsätter arbetet.")
    ),
    FaultStatus.CLOSED: StatusLabel(
        _l("Avslutat"), "neutral", _l("Kommer ett nytt ärende om samma sak öppnas systemfelet igen av sig självt.")
    ),
    FaultStatus.ACCEPTED: StatusLabel(
        _l("Får vara som det är"),
        "neutral",
        _l("Felet är känt och lämnas som det är. Ett nytt ärende om samma sak öppnar frågan igen."),
    ),
}

STEP: Mapping[FaultStep, LazyString] = {
    FaultStep.DESCRIBE: _l("Ändra beskrivningen"),
    FaultStep.SET_OWNER: _l("Bestäm vem som äger felet"),
    FaultStep.LINK_CASE: _l("Koppla ett ärende"),
    FaultStep.UNLINK_CASE: _l("Ta bort kopplingen"),
    FaultStep.CONFIRM: _l("Bekräfta systemfelet"),
    FaultStep.LIFT: _l("Lyft för beslut"),
    FaultStep.DECIDE: _l("Skriv in beslutet"),
    FaultStep.REWORD_DECISION: _l("Ändra ordalydelsen i beslutet"),
    FaultStep.DECIDE_ANEW: _l("Skriv in ett nytt beslut"),
    FaultStep.START_MENDING: _l("Börja rätta till felet"),
    FaultStep.FOLLOW_UP: _l("Markera som uppföljt"),
    FaultStep.CLOSE: _l("Avsluta systemfelet"),
    FaultStep.ACCEPT_AS_IT_IS: _l("Låt det vara som det är"),
    FaultStep.REOPEN: _l("Öppna systemfelet igen"),
    FaultStep.RECUR: _l("Öppna igen för ett nytt ärende"),
    FaultStep.TELL_REPORTERS: _l("Berätta för dem som anmälde"),
}

MEANING: Mapping[FaultStep, LazyString] = {
    FaultStep.CONFIRM: _l("När felet är verkligt och inte en tillfällighet."),
    FaultStep.LIFT: _l("När felet ska upp på ett möte. Lägg det också på en dagordning."),
    FaultStep.DECIDE: _l("Skriv så att den som anmälde förstår. Ingen får veta det förrän du väljer att berätta."),
    FaultStep.REWORD_DECISION: _l(
        "När samma beslut ska stå med andra ord. Dagen ändras inte, och de gamla orden sparas inte."
    ),
    FaultStep.DECIDE_ANEW: _l("När något annat har beslutats. Det tidigare beslutet går fortfarande att läsa."),
    FaultStep.START_MENDING: _l("När någon har börjat göra något åt felet."),
    FaultStep.FOLLOW_UP: _l("När ni har tittat efter om det som gjordes hjälpte."),
    FaultStep.CLOSE: _l("När felet är rättat, eller inte var något fel. Ärendena påverkas inte."),
    FaultStep.ACCEPT_AS_IT_IS: _l("När felet finns kvar och ni har goda skäl att lämna det. Ärendena påverkas inte."),
    FaultStep.REOPEN: _l("Felet blir bekräftat igen, och arbetet fortsätter."),
}

EVENT: Mapping[str, LazyString] = {
    MASKED: TEXT_WAS_MASKED,
    "fault.suspected": _l("Systemfelet skrevs in"),
    "fault.described": _l("Beskrivningen ändrades"),
    "fault.owner_set": _l("Systemfelet fick en ägare"),
    "fault.case_linked": _l("Ett ärende kopplades till systemfelet"),
    "fault.case_unlinked": _l("Ett ärende kopplades bort"),
    "fault.confirmed": _l("Systemfelet bekräftades"),
    "fault.lifted": _l("Systemfelet lyftes för beslut"),
    "fault.decision_reworded": _l("Beslutet fick en ny lydelse"),
    "fault.decided": _l("Ett beslut skrevs in"),
    "fault.decided_anew": _l("Ett nytt beslut skrevs in"),
    "fault.mending_started": _l("Arbetet med att rätta till felet började"),
    "fault.followed_up": _l("Felet följdes upp"),
    "fault.closed": _l("Systemfelet avslutades"),
    "fault.accepted": _l("Felet fick vara som det är"),
    "fault.reopened": _l("Systemfelet öppnades igen"),
    "fault.recurred": _l("Felet hände igen, så systemfelet öppnades av sig självt"),
    "fault.reporters_told": _l("De som anmälde fick veta"),
}

BROKEN: Mapping[Broken, LazyString] = {
    Broken.AGREEMENT: _l("En överenskommelse"),
    Broken.RULE: _l("En regel"),
    Broken.ROUTINE: _l("En rutin"),
    Broken.OTHER: _l("Något annat"),
}


def owner_words(fault: Fault) -> str:
    """The unit with its organisation, the federation, or that nobody has been named."""
    if fault.owner_unit is not None:
        return f"{fault.owner_unit.name}, {fault.owner_unit.organisation.name}"
    return str(_("Förbundet")) if fault.owner_since is not None else str(_("Ingen ännu"))


def age_words(since: date, today: date) -> str:
    """In days under two weeks, then weeks, from two months on months, from two years on years."""
    days = max((today - since).days, 0)
    if days < 14:
        return str(ngettext("%(num)d dag", "%(num)d dagar", days))
    if days < 61:
        return str(ngettext("%(num)d vecka", "%(num)d veckor", days // 7))
    if days < 730:
        return str(ngettext("%(num)d månad", "%(num)d månader", days // 30))
    return str(ngettext("%(num)d år", "%(num)d år", days // 365))
