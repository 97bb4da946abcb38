"""What a verb of a case refuses, in words, by its code."""

from __future__ import annotations

from flask_babel import gettext as _


def refusal(code: str) -> str:
    """Words for the field; a code nobody has words for is told in general."""
    said: dict[str, str] = {
        "required": _("Fyll i fältet."),
        "too_long": _("Texten är för lång."),
        "unknown": _("Det valet finns inte. Välj något annat."),
        "personal_identity_number": _("Ta bort personnumret. Vi får inte ta emot personnummer."),
        "nobody_responsible": _("Ingen är ansvarig chef för enheten just nu. Välj en annan enhet."),
        "already_asked": _("Enheten har redan fått frågan. Välj en annan enhet."),
        "question_waits": _("En fråga väntar redan på svar. Vänta in den, eller ta tillbaka den först."),
        "nobody_to_ask": _("Anmälaren går inte att nå: det finns varken kvittokod eller adress."),
        "not_open": _("Frågan väntar inte längre."),
        "paused": _("Klockan står still: anmälaren har fått en fråga. Påminn när svaret har kommit."),
        "already_today": _("Enheten har redan fått en påminnelse i dag."),
        "settled": _("Förslaget är redan avgjort."),
        "no_such_case": _("Det finns inget ärende med det numret i förbundet."),
        "chain": _("Ett av ärendena är redan ihopslaget med ett annat. Ta isär dem först."),
        "offered_already": _("Ärendet är redan erbjudet ett förbund. Ta tillbaka det erbjudandet först."),
        "nobody_there": _("Förbundet har ingen som kan ta emot ärendet just nu. Hör av dig till dem först."),
        "decided_already": _("Erbjudandet är redan avgjort."),
        "handed_over": _("Ärendet lever vidare hos det andra förbundet och kan inte öppnas här."),
        "required_when_done": _("Ange dagen då det gjordes."),
    }
    return said.get(code) or str(_("Det går inte att ta emot. Kontrollera uppgifterna och försök igen."))
