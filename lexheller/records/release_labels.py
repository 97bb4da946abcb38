"""Words for the diary and for giving out documents: kinds, directions, decisions, paragraphs and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.records.release_states import Decision, DocumentKind, PackageStatus, Paragraph

DOCUMENT: Mapping[DocumentKind, LazyString] = {
    DocumentKind.REPORT: _l("Anmälan"),
    DocumentKind.OCCURRENCE: _l("Ytterligare händelse"),
    DocumentKind.QUESTION: _l("Fråga till anmälaren"),
    DocumentKind.ANSWER: _l("Svar"),
    DocumentKind.FEEDBACK: _l("Anmälarens återkoppling"),
    DocumentKind.CONCLUSION: _l("Avslut"),
    DocumentKind.HANDOVER: _l("Överlämning till ett annat förbund"),
    DocumentKind.FAULT: _l("Beskrivning av ett systemfel"),
    DocumentKind.FAULT_NEWS: _l("Besked om ett systemfel"),
    DocumentKind.MINUTES: _l("Protokollsutdrag"),
    DocumentKind.EDITION: _l("Åtgärdsrapport"),
}
DECISION: Mapping[Decision, LazyString] = {
    Decision.WHOLE: _l("Lämnas ut i sin helhet"),
    Decision.MASKED: _l("Lämnas ut med delar maskade"),
    Decision.REFUSED: _l("Lämnas inte ut"),
    Decision.LEFT_OUT: _l("Ingår inte i begäran"),
}
DECISION_TONE: Mapping[Decision, str] = {
    Decision.WHOLE: "done",
    Decision.MASKED: "progress",
    Decision.REFUSED: "late",
    Decision.LEFT_OUT: "neutral",
}
PARAGRAPH: Mapping[Paragraph, LazyString] = {
    Paragraph.HEALTH: _l("21 kap. 1 § offentlighets- och sekretesslagen: hälsa och sexualliv"),
    Paragraph.PURSUED: _l("21 kap. 3 § offentlighets- och sekretesslagen: adress till den som riskerar hot eller våld"),
    Paragraph.DATA_PROTECTION: _l("21 kap. 7 § offentlighets- och sekretesslagen: behandling i strid med dataskyddet"),
    Paragraph.EDUCATION: _l("23 kap. offentlighets- och sekretesslagen: förskola, skola och vuxenutbildning"),
    Paragraph.HEALTH_CARE: _l("25 kap. 1 § offentlighets- och sekretesslagen: hälso- och sjukvård"),
    Paragraph.SOCIAL_SERVICES: _l("26 kap. 1 § offentlighets- och sekretesslagen: socialtjänst"),
    Paragraph.INSURANCE_AND_WORK: _l("28 kap. offentlighets- och sekretesslagen: socialförsäkring och arbetsmarknad"),
}
PACKAGE: Mapping[PackageStatus, LazyString] = {
    PackageStatus.MAKING: _l("Görs nu"),
    PackageStatus.READY: _l("Klart att hämta"),
    PackageStatus.DELETED: _l("Borttaget, kopiorna finns kvar"),
}
REFUSED: Mapping[str, LazyString] = {
    "asked_for.required": _l("Skriv vad som begärs ut."),
    "asked_on.future": _l("Dagen har inte varit än."),
    "documents.required": _l("Välj minst en handling."),
    "documents.too_many": _l("Det blir för många handlingar på en gång. Dela upp perioden."),
    "documents.nothing_new": _l("Alla de handlingarna finns redan i begäran."),
    "paragraphs.required": _l("Välj den bestämmelse som gör uppgifterna hemliga, eller skriv den med egna ord."),
    "hidden.required": _l("Välj minst ett ställe som ska maskas, eller lämna ut handlingen i sin helhet."),
    "own_words.too_long": _l("Motiveringen är för lång."),
    "decision.given_out": _l("Handlingen är redan utlämnad. Beslutet kan inte ändras."),
    "text_hash.changed": _l("Texten har ändrats sedan du öppnade sidan. Läs den igen och besluta på nytt."),
    "request.closed": _l("Begäran är avslutad."),
    "request.undecided": _l("Några handlingar väntar på beslut."),
    "request.not_given_out": _l("Några handlingar är beslutade men inte utlämnade."),
    "request.not_told": _l("Skriv beslutet om det som inte lämnas ut innan du avslutar."),
    "request.nothing_to_give": _l("Det finns inga nya handlingar att lämna ut."),
    "request.many": _l("Det är många handlingar. Gör ett paket i stället."),
    "request.being_made": _l("Ett paket görs redan."),
    "request.nothing_secret": _l("Det finns inget nytt beslut att skriva."),
    "request.changed": _l("Texten i en handling har ändrats sedan beslutet. Gå igenom den igen först."),
}
