"""Words of the settings pages: what was changed, roles, steps, and why something was refused."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.accounts.rights import Role
from lexheller.organisations.changes import What
from lexheller.organisations.models import TextStep

CHANGE: Mapping[What, LazyString] = {
    What.UNIT_ADDED: _l("Enheten lades till"),
    What.UNIT_CHANGED: _l("Enhetens uppgifter ändrades"),
    What.UNIT_RETIRED: _l("Enheten togs ur bruk"),
    What.UNIT_TAKEN_BACK: _l("Enheten togs i bruk igen"),
    What.MANAGER_APPOINTED: _l("Ny ansvarig chef"),
    What.MANAGER_CHANGED: _l("Uppgifter om ansvarig chef ändrades"),
    What.MANAGER_ENDED: _l("Ansvarig chef slutar"),
    What.MANAGER_CONFIRMED: _l("Ansvarig chef bekräftades"),
    What.MANAGER_DOUBTED: _l("Svar på fråga: det är någon annan nu"),
    What.SUBSTITUTION_ADDED: _l("Ersättare lades till"),
    What.SUBSTITUTION_ENDED: _l("Ersättare avslutades"),
    What.THEME_ADDED: _l("Temat lades till"),
    What.THEME_RENAMED: _l("Temat bytte namn"),
    What.THEME_RETIRED: _l("Temat togs ur bruk"),
    What.THEME_TAKEN_BACK: _l("Temat togs i bruk igen"),
    What.THEME_MOVED: _l("Temat flyttades i listan"),
    What.THEME_SPLIT: _l("Temat delades"),
    What.THEME_MERGED: _l("Teman slogs ihop"),
    What.CLOSED_DAY_ADDED: _l("Stängd dag lades till"),
    What.CLOSED_DAY_REMOVED: _l("Stängd dag togs bort"),
    What.TEXT_ADDED: _l("Standardtexten lades till"),
    What.TEXT_CHANGED: _l("Standardtexten ändrades"),
    What.TEXT_RETIRED: _l("Standardtexten togs ur bruk"),
    What.TEXT_TAKEN_BACK: _l("Standardtexten togs i bruk igen"),
    What.STATEMENTS_WRITTEN: _l("Redogörelserna ändrades"),
    What.CONNECTION_ADDED: _l("Inloggningen lades till"),
    What.CONNECTION_CHANGED: _l("Inloggningen ändrades"),
    What.CONNECTION_TURNED_ON: _l("Inloggningen slogs på"),
    What.CONNECTION_TURNED_OFF: _l("Inloggningen stängdes av"),
}

FIELD: Mapping[str, LazyString] = {
    "name": _l("Namn"),
    "email": _l("E-post"),
    "municipality_id": _l("Kommun"),
    "superior_name": _l("Chefens chef"),
    "superior_email": _l("E-post till chefens chef"),
    "valid_from": _l("Från och med"),
    "valid_to": _l("Till och med"),
    "former_name": _l("Efterträder"),
    "former_valid_to": _l("Företrädaren till och med"),
    "confirmed_on": _l("Bekräftad"),
    "doubted_on": _l("Svarade"),
    "absent_email": _l("Borta"),
    "from_on": _l("Från och med"),
    "to_on": _l("Till och med"),
    "label": _l("Namn"),
    "place": _l("Plats i listan"),
    "split_into": _l("Delades i"),
    "merged_from": _l("Slogs ihop av"),
    "day": _l("Dag"),
    "reason": _l("Anledning"),
    "title": _l("Rubrik"),
    "text": _l("Text"),
    "step": _l("Används när du"),
    "theme_id": _l("Tema"),
    "contact_email": _l("E-post"),
    "contact_phone": _l("Telefon"),
    "contact_address": _l("Postadress"),
    "conformity": _l("Hur väl sidorna följer lagen"),
    "shortcomings": _l("Kända brister"),
    "tested_on": _l("Prövad"),
    "tested_by": _l("Prövad av"),
    "officer_name": _l("Dataskyddsombud"),
    "officer_email": _l("E-post till dataskyddsombudet"),
    "officer_phone": _l("Telefon till dataskyddsombudet"),
    "operated_by": _l("Den som driver tjänsten"),
    "reporter_days": _l("Anmälarens adress sparas, dagar"),
    "organisation": _l("Medlem"),
    "issuer": _l("Utfärdare"),
    "client_id": _l("Klient-id"),
    "secret": _l("Hemligheten byttes"),
    "scopes": _l("Uppgifter som begärs"),
    "subject_claim": _l("Fält för vem det är"),
    "mail_claim": _l("Fält för e-post"),
    "groups_claim": _l("Fält för grupper"),
    "mail_domains": _l("Adresser som vi litar på"),
    "strong_values": _l("Värden som betyder tvåsteg"),
    "role_groups": _l("Grupper som ger roller"),
    "turned_off": _l("Stängdes av i väntan på ett nytt prov"),
}

ROLE: Mapping[Role, LazyString] = {
    Role.COORDINATOR: _l("Samordnare"),
    Role.MANAGER: _l("Ansvarig chef"),
    Role.DIRECTOR: _l("Förbundschef"),
    Role.MEMBER: _l("Gruppmedlem"),
    Role.REGISTRAR: _l("Registrator"),
    Role.ANALYST: _l("Analytiker"),
    Role.ADMINISTRATOR: _l("Administratör"),
    Role.OPERATOR: _l("Drifttekniker"),
    Role.NATIONAL_READER: _l("Nationell läsare"),
}

ROLE_MEANS: Mapping[Role, LazyString] = {
    Role.COORDINATOR: _l("ser och sköter alla ärenden och alla inställningar"),
    Role.MANAGER: _l("ser och svarar på ärenden vid de enheter som personen är ansvarig för"),
    Role.DIRECTOR: _l("ser alla ärenden, åtgärdsrapporten och inställningarna"),
    Role.MEMBER: _l("läser bara materialet till mötena i de grupper som du lägger till personen i"),
    Role.REGISTRAR: _l("sköter diariet, lämnar ut handlingar, maskerar och föreslår gallring"),
    Role.ANALYST: _l("ser siffror, men inga texter och inga enskilda ärenden"),
    Role.ADMINISTRATOR: _l("sköter inställningar och personer, men ser inga ärenden"),
    Role.OPERATOR: _l("ser vad som har fastnat i programmet, men inga ärenden"),
    Role.NATIONAL_READER: _l("läser förbundets publicerade åtgärdsrapporter, tillsammans med andra förbunds"),
}

TEXT_STEP: Mapping[TextStep, LazyString] = {
    TextStep.QUESTION: _l("Fråga till anmälaren"),
    TextStep.ANSWER: _l("Svar från en enhet"),
    TextStep.JOINT_ANSWER: _l("Gemensamt svar"),
    TextStep.SEND_BACK: _l("Hör inte till oss"),
    TextStep.CLOSE: _l("Slutsats när ärendet avslutas"),
    TextStep.HAND_OVER: _l("Till ett annat förbund"),
    TextStep.NOTE: _l("Intern anteckning"),
}

REFUSED: Mapping[str, LazyString] = {
    "missing": _l("Fyll i fältet."),
    "taken": _l("Det finns redan en med det namnet, kanske bland dem som är ur bruk."),
    "before_start": _l("Dagen ligger före den första dagen."),
    "before_former": _l("Då skulle företrädaren sluta innan den började. Välj en senare dag."),
    "already_responsible": _l("Personen är redan ansvarig för enheten under de dagarna."),
    "same_person": _l("Det är samma person. Ange någon annan."),
    "overlaps": _l("Personen har redan en ersättare någon av de dagarna. Avsluta den först."),
    "ring": _l("De skulle ersätta varandra. Välj någon annan."),
    "over": _l("Dagarna har redan varit."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer eller samordningsnummer."),
    "own_administration": _l("Du kan inte ta ifrån dig själv rätten att sköta inställningarna. Be en kollega."),
    "own_last": _l("Det är din enda roll här. Be en kollega ta bort den."),
    "own_role": _l("Du kan inte ge dig själv en roll. Be en kollega."),
    "own_address": _l("Du ser inga ärenden och kan därför inte ange din egen adress. Be samordnaren."),
    "own_codes": _l("Din egen stänger du av på Mitt konto."),
    "codes_elsewhere": _l(
        "Personen hör hemma i ett annat förbund, som också har hand om koden. "
        "Den som sköter inställningarna där kan ta bort den."
    ),
    "last_coordinator": _l("Någon måste kunna ta hand om ärendena. Ge en annan person rollen samordnare först."),
    "last_administrator": _l("Någon måste kunna sköta förbundets inställningar. Ge en annan person den rollen först."),
    "has_duties": _l("Enheten har ärenden som väntar på svar. Låt dem besvaras, eller flytta dem, först."),
    "has_rules": _l("En regel i bruk skickar ärenden hit. Ändra reglerna först."),
    "theme_has_rules": _l("En regel i bruk använder temat. Ändra reglerna först."),
    "too_few": _l("Det behövs minst två."),
    "twice": _l("Samma namn står två gånger. Ge dem olika namn."),
    "retired": _l("Temat är redan ur bruk."),
    "unknown": _l("Välj något av alternativen."),
    "address": _l("Det är ingen adress som vi kan fråga. Den ska börja med https:// och vara hel."),
    "openid": _l("Ordet openid måste vara med."),
    "domain": _l("Skriv bara det som står efter @, till exempel kommunen.se. En på varje rad."),
    "too_long": _l("Texten är för lång."),
    "secret_again": _l("Utfärdaren är ny. Skriv hemligheten på nytt, så att den gamla inte skickas till någon annan."),
    "not_tried": _l("Prova inloggningen först. Ett prov gäller i en halvtimme, och inte efter en ändring."),
    "needs_case_seer": _l("Den som slår på en inloggning måste själv få se ärenden. Be samordnaren eller chefen."),
    "whole_number": _l("Skriv ett heltal."),
    "too_small": _l("Talet är för litet."),
    "too_large": _l("Talet är för stort."),
    "clock": _l("Skriv klockslaget som timmar och minuter, till exempel 08:00."),
    "in_order": _l("Dagarna ska stiga: varje steg kommer senare än det förra."),
    "too_many": _l("Högst tre steg."),
    "in_quiet_hours": _l("Klockslaget ligger i den tysta tiden."),
    "in_future": _l("Dagen har inte varit än."),
    "not_tested": _l("För att sidorna ska kallas helt förenliga behövs en dag då de prövades."),
    "has_shortcomings": _l("Det finns brister beskrivna. Ta bort dem, eller välj ”Delvis förenlig”."),
    "names_none": _l("Beskriv vad som inte fungerar, så att den som läser vet det."),
}


def refusal(code: str) -> str:
    """Why a verb said no, in words."""
    return str(REFUSED.get(code, REFUSED["unknown"]))
