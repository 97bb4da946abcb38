"""Words of the draft's and the editions' pages: fulfilment, what a verb would not take, what a difference is about,
and what a fault is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.action_reports.states import Fulfilment

FULFILMENT: Mapping[Fulfilment, LazyString] = {
    Fulfilment.MET: _l("Uppfyllt"),
    Fulfilment.PARTLY: _l("Delvis uppfyllt"),
    Fulfilment.NOT: _l("Ej uppfyllt"),
    Fulfilment.NOT_ASSESSABLE: _l("Går inte att bedöma"),
}
TONE: Mapping[Fulfilment, str] = {
    Fulfilment.MET: "done",
    Fulfilment.PARTLY: "progress",
    Fulfilment.NOT: "late",
    Fulfilment.NOT_ASSESSABLE: "neutral",
}
REFUSED: Mapping[str, LazyString] = {
    "empty": _l("Fyll i fältet."),
    "too_long": _l("Texten är för lång. Korta den."),
    "too_many": _l("Det får plats högst hundra åtaganden. Slå ihop några."),
    "too_early": _l("Brytdagen kan inte ligga före årets sista dag."),
    "too_late": _l("Brytdagen kan vara senast den 31 mars året efter."),
    "doubtful": _l("Läs det som är markerat och kryssa i rutan, eller ta bort det ur texten."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
    "number_out_of_range": _l("Skriv ett heltal mellan 3 och 20."),
    "broken": _l(
        "Filen går inte att använda som Wordmall. Öppna den i Word, spara den som .docx eller .dotx och försök igen."
    ),
    "macros": _l("Mallen har makron. Spara den i Word utan makron, som .docx eller .dotx, och försök igen."),
    "identity_number_inside": _l(
        "Det står ett personnummer i filen: i texten, sidhuvudet, en kommentar eller filens egenskaper. "
        "Ta bort det i Word, spara och försök igen."
    ),
    "too_large": _l("Filen är för stor för en mall. Ta bort text och stora bilder ur den och försök igen."),
    "not_approved": _l("Rapporten är inte godkänd. Förbundschefen behöver granska och godkänna den först."),
    "not_ended": _l("Brytdagen är inte över ännu. Rapporten kan frysas dagen efter den."),
    "near": _l("Titta på siffrorna som skiljer så lite, och kryssa i rutan om rapporten ska publiceras ändå."),
    "changed": _l(
        "Siffrorna eller texten har ändrats sedan rapporten godkändes. Granska den igen och godkänn den som den är nu."
    ),
}
ABOUT: Mapping[str, LazyString] = {
    "texts": _l("Texten till ett kapitel"),
    "goals": _l("Ett åtagande"),
    "facts": _l("Ett ärende bakom siffrorna"),
    "actions": _l("En åtgärd"),
    "cut_off": _l("Brytdagen"),
    "least": _l("Minsta antal som visas utanför kansliet"),
    "federation_name": _l("Förbundets namn"),
    "told": _l("Hur det är formulerat"),
    "other": _l("Något annat"),
}
WHAT: Mapping[str, LazyString] = {
    "of": _l("av hur många"),
    "rest": _l("de övriga"),
    "still_open": _l("de som fortfarande var öppna ett år senare"),
    "how_many": _l("hur många anmälningar"),
    "within": _l("dagar till svar"),
    "median": _l("mediantid i dagar"),
    "nine_of_ten": _l("dagar för nio av tio"),
    "label": _l("namnet"),
    "status": _l("läget"),
    "cases": _l("vilka ärenden"),
    "fulfilment": _l("måluppfyllelsen"),
    "comment": _l("kommentaren"),
    "version": _l("sättet att räkna"),
    "definition": _l("beskrivningen"),
}


def fault_name(line: Mapping[str, Any]) -> str:
    """Of a fault in a report's data: number and title; the number alone once the fault has been disposed of."""
    return f"{line['number']} {line['title']}".strip()
