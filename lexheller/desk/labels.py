"""Words for the desk: what the queue can be narrowed to, its orders, and how far off a day is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.cases.labels import STATUS
from lexheller.cases.states import CaseStatus
from lexheller.desk.bulk import BulkStep, Outcome, Result
from lexheller.desk.rules import Only, Sort

ONLY: Mapping[Only, LazyString] = {
    Only.RUNNING: _l("Pågående"),
    Only.HELD: _l("Väntar på granskning"),
    Only.MINE: _l("Väntar på mitt svar"),
    Only.OVERDUE: _l("Försenade"),
    Only.PAUSED: _l("Väntar på anmälaren"),
    Only.NOT_SOLVED: _l("Inte lösta, säger anmälaren"),
    Only.NOT_BETTER: _l("Blev inte helt bra, säger anmälaren"),
    Only.RETURNED: _l("Skickade tillbaka av en enhet"),
    Only.PROPOSALS: _l("Förslag från chefer"),
    Only.OFFERED: _l("Erbjudna till andra förbund"),
    Only.IN_DOUBT: _l("Införda med frågetecken"),
}
SORT: Mapping[Sort, LazyString] = {
    Sort.NEWEST: _l("Senaste först"),
    Sort.OLDEST: _l("Äldsta först"),
    Sort.DUE: _l("Svar senast, närmast först"),
}
STEP: Mapping[BulkStep, LazyString] = {
    BulkStep.ASSIGN: _l("Skicka till en enhet"),
    BulkStep.CLASSIFY: _l("Sätt tema"),
    BulkStep.REMIND: _l("Påminn dem som ska svara"),
    BulkStep.AGENDA: _l("Sätt på dagordningen"),
}
REFUSED: Mapping[str, LazyString] = {
    "nobody_responsible": _l("Ingen är ansvarig chef för enheten just nu."),
    "there_already": _l("Ärendet ligger redan hos den enheten."),
    "same_theme": _l("Ärendet har redan det temat."),
    "nobody_to_remind": _l("Ingen ska svara just nu."),
    "paused": _l("Svarstiden står stilla medan anmälaren tillfrågas."),
    "already_today": _l("De har redan fått en påminnelse i dag."),
    "not_open": _l("Ingen ska svara just nu."),
    "on_it_already": _l("Ärendet står redan på det mötet."),
    "personal_identity_number": _l("Texten innehåller ett personnummer. Ta bort det."),
}


def due_words(due_on: date, today: date) -> str:
    """How long is left for an action, or how late it is, in calendar days."""
    left = (due_on - today).days
    match left:
        case 0:
            return str(_("i dag är sista dagen"))
        case 1:
            return str(_("i morgon är sista dagen"))
        case _ if left > 1:
            return str(ngettext("%(num)d dag kvar", "%(num)d dagar kvar", left))
        case _:
            return str(ngettext("%(num)d dag sent", "%(num)d dagar sent", -left))


def outcome_words(result: Result) -> str:
    """Why a case is left as it is; empty for one that is done."""
    match result.outcome:
        case Outcome.DONE:
            return ""
        case Outcome.CONFLICT:
            return str(_("Någon annan har ändrat ärendet under tiden. Öppna det och se vad som har hänt."))
        case _ if result.code in REFUSED:
            return str(REFUSED[result.code])
        case _:
            status = STATUS[CaseStatus(result.status)].label
            return str(_("Det går inte i det läge som ärendet har nu: %(status)s.", status=str(status).lower()))
