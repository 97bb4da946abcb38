"""Words and tone for a case's statuses and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.cases.states import CaseStatus, Step


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """`tone` chooses the tag's look; the words alone must say enough."""

    label: LazyString
    tone: str
    next: LazyString


STATUS: Mapping[CaseStatus, StatusLabel] = {
    CaseStatus.RECEIVED: StatusLabel(
        _l("Mottagen"), "new", _l("Anmälan är registrerad och skickas nu till den som kan svara.")
    ),
    CaseStatus.UNROUTED: StatusLabel(_l("Hos samordnaren"), "new", _l("Samordnaren tar reda på vem som kan svara.")),
    CaseStatus.ASSIGNED: StatusLabel(
        _l("Hos ansvarig chef"), "progress", _l("Ansvarig chef har fått ärendet och ska svara.")
    ),
    CaseStatus.ACCEPTED: StatusLabel(
        _l("Chefen arbetar med svaret"), "progress", _l("Ansvarig chef har tagit emot ärendet och förbereder ett svar.")
    ),
    CaseStatus.ANSWERED: StatusLabel(
        _l("Besvarad"), "done", _l("Svaret finns här. Samordnaren läser det och avslutar sedan ärendet.")
    ),
    CaseStatus.CLOSED: StatusLabel(
        _l("Avslutad"), "neutral", _l("Ärendet är avslutat och räknas med i åtgärdsrapporten.")
    ),
}

STEP: Mapping[Step, LazyString] = {
    Step.ROUTE: _l("Fördela enligt reglerna"),
    Step.LEAVE_UNROUTED: _l("Lämna till samordnaren"),
    Step.ASSIGN: _l("Skicka till en enhet"),
    Step.ACCEPT: _l("Ta emot ärendet"),
    Step.SAVE_DRAFT: _l("Spara utkast"),
    Step.ANSWER: _l("Svara"),
    Step.SEND_BACK: _l("Skicka tillbaka"),
    Step.CLASSIFY: _l("Ändra uppgifter om ärendet"),
    Step.RECORD_ACTION: _l("Lägg till åtgärd"),
    Step.CLOSE: _l("Avsluta"),
    Step.REOPEN: _l("Öppna igen"),
}

EVENT: Mapping[str, LazyString] = {
    "case.received": _l("Anmälan kom in"),
    "case.imported": _l("Ärendet fördes in från ett kalkylblad"),
    "case.routed": _l("Fördelades enligt reglerna"),
    "case.left_unrouted": _l("Ingen regel passade; lämnades till samordnaren"),
    "case.assigned": _l("Skickades till en enhet"),
    "case.accepted": _l("Ansvarig chef tog emot ärendet"),
    "case.draft_saved": _l("Ett utkast till svar sparades"),
    "case.answered": _l("Ansvarig chef svarade"),
    "case.sent_back": _l("Skickades tillbaka till samordnaren"),
    "case.classified": _l("Uppgifter om ärendet ändrades"),
    "case.action_recorded": _l("En åtgärd lades till eller ändrades"),
    "case.closed": _l("Ärendet avslutades"),
    "case.reopened": _l("Ärendet öppnades igen"),
}

DOUBT: Mapping[str, LazyString] = {
    "unknown_organisation": _l("Organisationen finns inte i förbundets lista."),
    "unknown_municipality": _l("Kommunen hör inte till förbundet."),
    "unknown_category": _l("Kategorin finns inte bland förbundets teman."),
    "unknown_action_type": _l("Åtgärdstypen finns inte i förbundets lista."),
    "missing_action_date": _l("Åtgärden saknar datum och räknas därför inte i åtgärdsrapporten."),
    "unknown_status": _l("Ordet för status är okänt, så ärendet ligger hos samordnaren."),
    "dates_out_of_order": _l("Svaret eller åtgärden har ett datum före anmälan."),
}
