"""Drafts of what must be told, and when: what the system knows is filled in, what a person must know is marked.

Cybersäkerhetslagen (2025:1506) 2 chap. 5–8 §§ with förordningen (2025:1507) 6 §: to the CSIRT unit within 24 hours, 72
hours and a month. The data protection regulation, articles 33 and 34: to the supervisory authority within 72 hours, and
to those concerned where the risk is high. Stops at drafts: nobody is told anything by this program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lexheller.check.incident import Period
from lexheller.core import clock

FILL_IN = "[FYLL I: {}]"
FIRST, SECOND = timedelta(hours=24), timedelta(hours=72)
WARNING, REPORT, FINAL, PRIVACY = (
    "1-tidig-varning-24-timmar.md",
    "2-incidentanmalan-72-timmar.md",
    "3-slutrapport-en-manad.md",
    "4-personuppgiftsincident-72-timmar.md",
)


def letters(known: Mapping[str, Any], period: Period) -> dict[str, str]:
    """Name -> text. `known` is `incident.overview`."""
    facts = _facts(known, period)
    return {
        "las-mig.md": _read_me(),
        WARNING: _letter("Tidig varning om betydande incident (inom 24 timmar)", facts, _WARNING),
        REPORT: _letter("Incidentanmälan (inom 72 timmar)", facts, _REPORT),
        FINAL: _letter("Slutrapport (inom en månad efter incidentanmälan)", facts, _FINAL),
        PRIVACY: _letter("Anmälan av personuppgiftsincident till IMY (inom 72 timmar)", facts, _PRIVACY),
    }


_WHO = (
    ("Verksamhetsutövare", "förbund eller driftansvarig, organisationsnummer"),
    ("Kontaktperson", "namn, telefon, e-post, tider"),
    ("När incidenten upptäcktes", "dag och klockslag. Tidsfristerna räknas härifrån"),
    ("Hur den upptäcktes", "larm, användare, leverantör, annan"),
)
_WARNING = (
    *_WHO,
    ("Misstänks olagliga eller fientliga handlingar?", "ja, nej eller vet inte än, och varför"),
    ("Kan andra länder påverkas?", "ja, nej eller vet inte än"),
    ("Vad som är känt just nu", "två eller tre meningar"),
    ("Vad ni har gjort hittills", "till exempel stängt konton, tagit ner tjänsten, bytt nycklar"),
)
_REPORT = (
    *_WHO,
    ("Vad som är nytt sedan varningen", "ändringar och rättelser"),
    ("Första bedömning: allvar och påverkan", "vilka tjänster, hur länge, hur många"),
    ("Tecken på angrepp", "adresser, filer, konton, tidpunkter: från proxyns och serverns loggar, som inte finns här"),
    ("Åtgärder", "gjorda och planerade"),
)
_FINAL = (
    *_WHO,
    ("Utförlig beskrivning", "förlopp med tider, allvar och påverkan"),
    ("Typ av hot eller grundorsak", "det som troligen utlöste incidenten"),
    ("Åtgärder som vidtagits och pågår", "tekniska och organisatoriska"),
    ("Påverkan i andra länder", "om någon"),
    ("Pågår incidenten fortfarande?", "i så fall: lägesrapport nu, slutrapport inom en månad efter att den hanterats"),
)
_PRIVACY = (
    ("Personuppgiftsansvarig", "förbundet, ett för varje anmälan"),
    ("Dataskyddsombud", "namn och hur ombudet nås"),
    ("När ni fick kännedom om incidenten", "dag och klockslag. 72 timmar räknas härifrån"),
    ("Vad som har hänt", "röjande, förlust, ändring eller otillgänglighet"),
    ("Vilka som berörs och ungefär hur många", "anställda med konto, anmälare, någon som pekas ut i en text"),
    ("Vilka slags uppgifter", "namn och adresser till anställda, anmälares adresser, texter om händelser"),
    ("Troliga konsekvenser", "för dem som berörs"),
    ("Åtgärder", "för att hantera incidenten och minska skadan"),
    ("Ska de som berörs informeras (artikel 34)?", "ja vid hög risk. Skriv varför, eller varför inte"),
    ("Om anmälan kommer senare än 72 timmar", "skälet"),
)


def _letter(title: str, facts: list[str], asked: tuple[tuple[str, str], ...]) -> str:
    lines = [f"# {title}", "", "UTKAST. Inget är skickat. Det som står inom hakparentes vet bara ni.", ""]
    for heading, what in asked:
        lines += [f"## {heading}", "", FILL_IN.format(what), ""]
    return "\n".join([*lines, "## Det systemet vet", "", *facts, ""])


def _facts(known: Mapping[str, Any], period: Period) -> list[str]:
    broken = known["broken_logs"]
    lines = [
        f"- Underlaget gäller {_local(period.since)} till {_local(period.until)} (svensk tid).",
        f"- Det togs fram {_local(datetime.fromisoformat(known['made_at']))}.",
        f"- Lex Heller {known['program']}, schema {known['schema']}, {known['database']}, Python {known['python']}.",
        f"- Nekade inloggningar i hela installationen: {known['refused_sign_ins']}.",
        f"- Händelseloggens kedja: {'BRUTEN: ' + '; '.join(broken) if broken else 'hel i alla berörda förbund'}.",
        f"- Förbund i underlaget: {len(known['federations'])}.",
    ]
    return [*lines, *(_told(slug, one) for slug, one in known["federations"].items())]


def _told(slug: str, one: Mapping[str, Any]) -> str:
    return (
        f"- {slug}: {one['cases']} ärenden, varav {one['cases_touched']} med händelser i perioden. {one['accounts']} "
        f"personer med konto, {one['addresses']} sparade adresser till anmälare. {one['readers']} personer läste "
        f"något, {one['files_given_out']} filer hämtades, {sum(one['events'].values())} händelser."
    )


def _read_me() -> str:
    return (
        "# Underlag vid en incident\n\n"
        "Filerna har rader och antal, inga texter ur ärenden, inga lösenord och inga nycklar. Personer står som\n"
        "nummer. Den som har rätt att läsa loggen slår upp dem under Inställningar.\n\n"
        f"- Inom {_hours(FIRST)} från upptäckten: `{WARNING}` till CSIRT-enheten.\n"
        f"- Inom {_hours(SECOND)} från upptäckten: `{REPORT}` till CSIRT-enheten.\n"
        f"- Inom {_hours(SECOND)} från att ni fick veta: `{PRIVACY}` till IMY, om personuppgifter är berörda.\n"
        f"- Inom en månad efter incidentanmälan: `{FINAL}` till CSIRT-enheten.\n\n"
        "Om ni omfattas, och om incidenten är betydande, avgör ni. Förvara filen som en handling med skyddsvärda\n"
        "uppgifter: den visar vem som har läst vad. `innehall.sha256` visar att ingen fil har ändrats.\n"
    )


def _hours(delta: timedelta) -> str:
    return f"{int(delta.total_seconds() // 3600)} timmar"


def _local(moment: datetime) -> str:
    return moment.astimezone(clock.SWEDEN).strftime("%Y-%m-%d %H:%M")
