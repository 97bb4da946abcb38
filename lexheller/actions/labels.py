"""Words for actions: where they stand, who has them, what the measure says, why something is refused, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.actions.models import Action
from lexheller.actions.rules import Measure
from lexheller.actions.states import LIVE, ActionStatus, Judgement
from lexheller.privacy.masking import MASKED
from lexheller.web.masked import TEXT_WAS_MASKED

STATUS: Mapping[str, LazyString] = {
    ActionStatus.PLANNED: _l("Planerad"),
    ActionStatus.UNDER_WAY: _l("Pågår"),
    ActionStatus.DONE: _l("Genomförd"),
    ActionStatus.CANCELLED: _l("Inställd"),
}
TONE: Mapping[str, str] = {
    ActionStatus.PLANNED: "new",
    ActionStatus.UNDER_WAY: "progress",
    ActionStatus.DONE: "done",
    ActionStatus.CANCELLED: "neutral",
}
JUDGEMENT: Mapping[str, LazyString] = {
    Judgement.WORKED: _l("Den hjälpte"),
    Judgement.PARTLY: _l("Den hjälpte delvis"),
    Judgement.DID_NOT: _l("Den hjälpte inte"),
    Judgement.TOO_EARLY: _l("För tidigt att säga"),
}
JUDGEMENT_TONE: Mapping[str, str] = {
    Judgement.WORKED: "done",
    Judgement.PARTLY: "progress",
    Judgement.DID_NOT: "neutral",
    Judgement.TOO_EARLY: "new",
}
EVENT: Mapping[str, LazyString] = {
    MASKED: TEXT_WAS_MASKED,
    "action.recorded": _l("Åtgärden skrevs in"),
    "action.imported": _l("Åtgärden fördes in från ett kalkylblad"),
    "action.changed": _l("Åtgärden ändrades"),
    "action.started": _l("Arbetet började"),
    "action.done": _l("Åtgärden genomfördes"),
    "action.cancelled": _l("Åtgärden ställdes in"),
    "action.reopened": _l("Åtgärden öppnades igen: den var inte genomförd"),
    "action.case_linked": _l("Ett ärende kopplades till åtgärden"),
    "action.case_unlinked": _l("Ett ärende kopplades bort"),
    "action.fault_linked": _l("Ett systemfel kopplades till åtgärden"),
    "action.fault_unlinked": _l("Ett systemfel kopplades bort"),
    "action.follow_up_planned": _l("En dag för uppföljning bestämdes"),
    "action.follow_up_moved": _l("Dagen för uppföljning flyttades"),
    "action.judged": _l("Effekten bedömdes"),
    "action.reminded": _l("En påminnelse skickades"),
    "action.overdue": _l("Åtgärden blev försenad"),
    "action.escalated": _l("Frågan lyftes ett steg upp"),
    "action.effect_due": _l("Det blev dags att bedöma effekten"),
}
REFUSED: Mapping[str, LazyString] = {
    "required": _l("Fyll i fältet."),
    "past": _l("Dagen har redan varit. Välj en dag från i dag och framåt."),
    "too_far": _l("Dagen ligger mer än fem år bort. Kontrollera årtalet."),
    "long_ago": _l("Dagen ligger för långt tillbaka. Kontrollera årtalet."),
    "not_yet": _l("Dagen har inte varit än. Ange dagen då det gjordes."),
    "negative": _l("Skriv ett antal, till exempel 24."),
    "too_long": _l("Texten är för lång."),
    "came": _l("Dagen har redan kommit. Bedöm effekten, eller svara att det är för tidigt."),
    "not_later": _l("Välj en dag som inte har varit."),
    "too_soon": _l("Välj en dag minst en månad fram."),
    "already": _l("Det är redan kopplat till åtgärden."),
    "no_such_case": _l("Det finns inget ärende med det numret i förbundet."),
    "required_when_done": _l("Ange dagen då det gjordes."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
}
FRACTION: Mapping[Fraction, LazyString] = {
    Fraction(1, 4): _l("en fjärdedel"),
    Fraction(1, 3): _l("en tredjedel"),
    Fraction(1, 2): _l("hälften"),
    Fraction(2, 3): _l("två tredjedelar"),
    Fraction(3, 4): _l("tre fjärdedelar"),
}


def refused(code: str) -> str:
    return str(REFUSED.get(code) or _("Kontrollera fältet."))


def owner(action: Action) -> str:
    """Who has it: a unit, a person, or the federation itself."""
    if action.owner_unit is not None:
        return action.owner_unit.name
    return action.who or str(_("Förbundet"))


def is_late(action: Action, today: date) -> bool:
    return action.status in LIVE and action.due_on is not None and action.due_on < today


def measure_words(measure: Measure | None) -> str:
    """Both numbers, always, and what may be said of them: `3 före, 0 efter; för få för att vara säker`."""
    if measure is None:
        return str(_("Det finns inget att räkna än."))
    values = {"before": measure.before_sum, "after": measure.after_sum}
    if measure.too_few:
        return str(_("%(before)d före, %(after)d efter; för få för att vara säker", **values))
    return str(_("%(before)d före, %(after)d efter: %(said)s", **values, said=_ratio_words(measure)))


def window_words(measure: Measure) -> str:
    """How long it was counted on either side."""
    return str(
        ngettext(
            "Räknat på en månad före och en månad efter åtgärden.",
            "Räknat på %(num)d månader före och lika många efter åtgärden.",
            measure.months,
        )
    )


def _ratio_words(measure: Measure) -> str:
    ratio = measure.ratio
    if ratio is None:
        return str(_("inga före, så det har inte minskat"))
    if ratio == 0:
        return str(_("inga kom efter"))
    if ratio == 1:
        return str(_("lika många"))
    if ratio in FRACTION:
        return str(FRACTION[ratio])
    if ratio < 1:
        return str(_("%(percent)d procent av antalet före", percent=round(100 * ratio)))
    return str(_("%(percent)d procent fler", percent=round(100 * (ratio - 1))))
