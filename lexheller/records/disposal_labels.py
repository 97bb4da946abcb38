"""Words for disposal: statuses, kinds of documents, why something stays, what a verb refused."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.records.disposal_rules import After, DisposalStatus, DocumentKind, Hindrance
from lexheller.records.disposal_shelves import Kept

STATUS: Mapping[DisposalStatus, tuple[LazyString, str]] = {
    DisposalStatus.PROPOSED: (_l("Väntar på beslut"), "progress"),
    DisposalStatus.DECIDED: (_l("Beslutat, väntar på att utföras"), "progress"),
    DisposalStatus.DONE: (_l("Utfört"), "done"),
    DisposalStatus.CALLED_OFF: (_l("Avbrutet"), "neutral"),
}
"""The words and the tone of the tag."""

KIND: Mapping[DocumentKind, LazyString] = {
    DocumentKind.CASE: _l("Anmälningar med ärenden"),
    DocumentKind.REPORTER: _l("Anmälarens e-postadress"),
    DocumentKind.FAULT: _l("Systemfel"),
    DocumentKind.ACTION: _l("Åtgärder"),
    DocumentKind.MEETING: _l("Möten med dagordning, underlag och beslut"),
    DocumentKind.RELEASE: _l("Begäranden om utlämnande med kopior och beslut"),
    DocumentKind.READING: _l("Loggen över vem som har läst vad"),
    DocumentKind.SIGN_IN: _l("Loggen över inloggningar"),
}

WHAT_GOES: Mapping[DocumentKind, LazyString] = {
    DocumentKind.CASE: _l(
        "Anmälan och allt som hör till ärendet tas bort: svar, frågor, anteckningar och kopplingar. Kvar blir numret, "
        "året och beslutet."
    ),
    DocumentKind.REPORTER: _l(
        "Adressen tas bort av sig själv så många dagar efter att ärendet avslutades. Kvittokoden fungerar ändå."
    ),
    DocumentKind.FAULT: _l(
        "Beskrivning, beslut och kopplingar tas bort när systemfelet är avslutat och alla dess ärenden är gallrade."
    ),
    DocumentKind.ACTION: _l(
        "Beskrivning och bedömningar tas bort när åtgärden är klar och bedömd eller inställd, och dess ärenden och "
        "systemfel är gallrade."
    ),
    DocumentKind.MEETING: _l("Mötet tas bort med dagordning, underlag och det som beslutades. Grupperna är kvar."),
    DocumentKind.RELEASE: _l(
        "Begäran tas bort med kopiorna, breven och besluten om varje handling. Numret står kvar i diariet."
    ),
    DocumentKind.READING: _l("Rader som är äldre än så tas bort varje natt. Ingen behöver besluta om varje gång."),
    DocumentKind.SIGN_IN: _l(
        "Avslutade och nekade inloggningar tas bort varje natt. För den som arbetar i flera förbund gäller den längsta "
        "tiden."
    ),
}

COUNTED_FROM: Mapping[DocumentKind, LazyString] = {
    DocumentKind.CASE: _l("ärendet avslutades"),
    DocumentKind.REPORTER: _l("ärendet avslutades"),
    DocumentKind.FAULT: _l("systemfelet avslutades"),
    DocumentKind.ACTION: _l("åtgärden var klar och bedömd, eller ställdes in"),
    DocumentKind.MEETING: _l("mötet hölls"),
    DocumentKind.RELEASE: _l("begäran avslutades"),
    DocumentKind.READING: _l("läsningen gjordes"),
    DocumentKind.SIGN_IN: _l("inloggningen tog slut"),
}

KEPT: Mapping[Kept, LazyString] = {
    Kept.MASKINGS: _l("Maskeringar och förseglade original: de följer handlingen som maskades"),
    Kept.EDITIONS: _l("Åtgärdsrapporter som har frysts, och det som publicerats av dem"),
    Kept.DRAFTS: _l("Utkast till åtgärdsrapporter, måluppfyllelse och rapportens inställningar"),
    Kept.DIARY: _l("Diariet"),
    Kept.EVENTS: _l("Händelseloggen"),
    Kept.FACTS: _l("Underlaget till statistiken, utan fri text"),
    Kept.PATTERNS: _l("Mönster: vilka kombinationer som har återkommit"),
    Kept.DISPOSALS: _l("Gallringsplaner, beslut och protokoll"),
    Kept.REGISTER: _l("Enheter, ansvariga, teman, regler och texter med sin historik"),
    Kept.PEOPLE: _l("Konton, roller och inloggningens inställningar"),
    Kept.MESSAGES: _l("Utskick och jobb som inte gäller något som gallras"),
}

AFTER: Mapping[After, LazyString] = {
    After.CLOSED: _l("den dagen"),
    After.YEAR_END: _l("slutet av det året"),
}

HINDRANCE: Mapping[Hindrance, LazyString] = {
    Hindrance.FAULT: _l("Visar ett systemfel som ni fortfarande arbetar med"),
    Hindrance.ACTION: _l("Hör till en åtgärd som inte är klar eller inte följts upp"),
    Hindrance.MEETING: _l("Står på dagordningen till ett möte"),
    Hindrance.MERGED: _l("Ett annat ärende gick vidare i det här och är kvar"),
    Hindrance.LINKED: _l("Hör ihop med ett ärende, ett systemfel eller ett möte som är kvar"),
    Hindrance.UNSETTLED: _l("Tog upp ett ärende eller systemfel som inte är avslutat"),
    Hindrance.FOLLOW_UP: _l("Effekten ska bedömas"),
    Hindrance.HANDED_HERE: _l("Kom från ett annat förbund som har kvar sin del"),
    Hindrance.RELEASE: _l("Någon har begärt ut handlingar och väntar på besked"),
    Hindrance.YEAR: _l("Åtgärdsrapporten är inte fryst för alla år då det kom in, pågick eller avslutades"),
    Hindrance.FACTS: _l("Underlaget till statistiken stämmer inte. Be den som sköter driften köra lexheller check"),
    Hindrance.NEWEST: _l("Är det senast registrerade av sitt slag. Det tas nästa gång"),
    Hindrance.NOT_DUE: _l("Faller inte under planen längre"),
}

REFUSED: Mapping[str, LazyString] = {
    "required": _l("Fyll i fältet."),
    "in_future": _l("Dagen har inte varit än."),
    "too_small": _l("Skriv ett tal som är minst 1."),
    "log_too_short": _l("Loggen behöver sparas minst 365 dagar. Den ska gå att läsa när någon frågar efteråt."),
    "too_large": _l("Talet är för stort."),
    "differs": _l(
        "Sidan om personuppgifter lovar ett annat antal dagar. De måste stämma överens: ändra först där, under "
        "Inställningar."
    ),
    "under_way": _l("Ett annat förslag väntar redan. Besluta om det eller avbryt det först."),
    "no_plan": _l("Förbundet har ingen gallringsplan. Utan plan tas inget bort."),
    "nothing": _l("Inget faller under planen den dagen."),
    "same_person": _l("Du har gjort förslaget. Någon annan behöver besluta."),
    "given_by_proposer": _l(
        "Du har fått ditt konto eller din roll av den som gjorde förslaget, eller genom en inloggning som den har "
        "slagit på eller ändrat. Då räknas ni inte som två. Låt någon annan besluta, eller avbryt förslaget och gör "
        "det själv, så kan den andra besluta."
    ),
    "given_by_decider": _l(
        "Du gav den som gjorde förslaget dess roll för mindre än 30 dagar sedan, eller ändrade då inloggningen som gav "
        "den. Då räknas ni inte som två. Låt någon annan besluta."
    ),
    "role_too_new": _l(
        "Du fick din roll efter att förslaget gjordes. Låt någon annan besluta, eller avbryt förslaget och låt "
        "någon göra ett nytt."
    ),
    "not_proposed": _l("Förslaget väntar inte på beslut längre."),
    "plan_changed": _l("Planen har ändrats sedan förslaget gjordes. Avbryt förslaget och gör ett nytt."),
    "over": _l("Förslaget är redan avslutat."),
    "begun": _l("Gallringen har börjat och går inte att avbryta."),
}
