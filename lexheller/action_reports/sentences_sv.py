"""What the report's chapters say in Swedish about their own figures. Wording only; hidden numbers never come here."""

from __future__ import annotations

from collections.abc import Sequence

from lexheller.action_reports.blocks import joined
from lexheller.action_reports.sentences_shapes import Part, Spread, Top, Words
from lexheller.action_reports.swedish import in_words

WORDS = Words(
    title="Åtgärdsrapport {year}",
    federation="Samordningsförbundet {name}",
    edition="Utgåva",
    draft="Utkast, inte fastställt",
    diary_number="Diarienummer",
    cut_off="Räknat till och med",
    approved="Godkänd",
    approved_by_on="{name}, {day}",
    checksum="Kontrollsumma",
    hidden="visas inte",
    hidden_note="”Visas inte” står där talet är litet, eller där det skulle avslöja ett annat litet tal.",
    merged_note="{label} är {names}.",
    number="Antal",
    year="År",
    month="Månad",
    organisation="Organisation",
    reporting="Anmälan kom från",
    concerned="Anmälan gäller",
    theme="Tema",
    municipality="Kommun",
    activity="Insats",
    within="Svar inom",
    answered="Besvarade anmälningar",
    unanswered="Inget svar på brytdagen",
    median="för hälften",
    nine_of_ten="för nio av tio",
    inside="inom",
    same_day="samma dag",
    fault="Systemfel",
    status="Läge",
    action_type="Typ av åtgärd",
    action="Vad som gjordes",
    judgement="Bedömning",
    commitment="Åtagande",
    fulfilment="Måluppfyllelse",
    comment="Kommentar",
    measure="Mått",
    definition="Så räknas det",
    clock="Dag som avgör året",
    version="Version",
    received_this_year="Inkomna {year}",
    received_last_year="Inkomna {year}",
    median_days="Dagar till svar, median",
    measures_caption="Måtten och hur de räknas",
    actions_caption="Vad som gjordes",
    goals_caption="Åtaganden och hur det gick",
    goals_definition="Åtagandena är förbundets egna, och förbundet bedömer hur långt de har nåtts.",
    within_caption="Hur snart anmälningarna fick svar",
    who_let_go="Anmälan kom från",
    who_should_catch="Anmälan gäller",
    clocks={
        "received": "Dagen anmälan kom in",
        "closed": "Dagen den avslutades",
        "carried_out": "Dagen åtgärden genomfördes",
        "judged": "Dagen för bedömningen",
        "happened": "Dagen det hände",
        "year_end": "Årets sista dag",
        "cut_off": "Brytdagen",
    },
    fulfilments={
        "met": "Uppfyllt",
        "partly": "Delvis uppfyllt",
        "not": "Ej uppfyllt",
        "not_assessable": "–",
    },
    of="{part} av {whole}",
    of_in_percent="{part} av {whole} ({percent}\N{NO-BREAK SPACE}%)",
    less_than="färre än {least}",
    days_one="{days} dag",
    days_many="{days} dagar",
)


def days(number: float) -> str:
    return (WORDS.days_one if number == 1 else WORDS.days_many).format(days=in_words(number))


def soon(number: float) -> str:
    """No days at all are told as what they are."""
    return f"{WORDS.inside} {days(number)}" if number else WORDS.same_day


def most_concerned(top: Top) -> str:
    return f"Flest anmälningar gäller {_top(top)}."


def most_reporting(top: Top) -> str:
    return f"Flest anmälningar kommer från medarbetare i {_top(top)}."


def most_themes(top: Top) -> str:
    return f"Vanligast är {_top(top)}."


def most_places(top: Top) -> str:
    return f"Flest anmälningar handlar om något som hände i {_top(top)}."


def busiest_months(top: Top) -> str:
    return f"Flest anmälningar kom i {_top(top)}."


def months_together() -> str:
    return "Månader med få anmälningar visas tillsammans."


def only_names(measure: str, names: Sequence[str]) -> str:
    """A list whose numbers are all too small to tell."""
    if not names:
        return ""
    said = {
        "by_organisation": "Anmälningarna gäller",
        "by_reporting_organisation": "Anmälningarna kommer från medarbetare i",
        "by_theme": "Anmälningarna handlar om",
        "by_municipality": "Anmälningarna handlar om det som hände i",
    }[measure]
    return f"{said} {joined(names, 'och')}. Hur många det är av var och en visas inte, för att talen är så små."


def activities_left_out(*, some: bool) -> str:
    which = "Tal visas inte för alla insatser" if some else "Tal för insatserna visas inte"
    return f"{which}, för att ingen ska kunna kännas igen."


def pairs_left_out() -> str:
    return (
        "Hur många anmälningar som gick mellan vilka två parter visas inte: talen är så små att någon skulle kunna "
        "kännas igen."
    )


def largest_flow(reporting: str, concerned: str, number: int, *, among_shown: bool) -> str:
    what = "Vanligast av det som visas" if among_shown else "Vanligast"
    return f"{what} är att {reporting} anmäler något som gäller {concerned}: {in_words(number)} anmälningar."


def _top(top: Top) -> str:
    number = in_words(top.number)
    if len(top.names) > 1:
        return f"{joined(top.names, 'och')}: {number} vardera"
    of = f" av {in_words(top.total)}" if top.total is not None else ""
    return f"{top.names[0]}: {number}{of}"


def answer_times(spread: Spread) -> str:
    return _spread("Hälften av de besvarade anmälningarna hade fått svar", spread)


def send_times(spread: Spread) -> str:
    return _spread("Hälften av de anmälningar som skickades till en enhet hade nått den", spread)


def close_times(spread: Spread) -> str:
    return _spread("Hälften av de anmälningar som avslutades under året var avslutade", spread)


def _spread(opening: str, spread: Spread) -> str:
    if spread.median is None:
        return ""
    further = spread.nine_of_ten is not None and spread.nine_of_ten > spread.median
    more = f", och nio av tio {soon(spread.nine_of_ten)}" if further and spread.nine_of_ten else ""
    return f"{opening} {soon(spread.median)}{more}."


def answers_in_time(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.of == part.value:
        return f"Enheterna lämnade {in_words(part.of)} svar, och alla kom i tid."
    number = "inget" if part.value == 0 else in_words(part.value)
    share = f", det vill säga {part.percent} procent" if part.percent else ""
    return f"Enheterna lämnade {in_words(part.of)} svar, och {number} av dem kom i tid{share}."


def fed_back(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == part.of:
        return "Alla som anmälde har fått veta vad som hände."
    if part.value == 0:
        return "Ingen som anmälde har ännu fått veta vad som hände."
    return f"Återkoppling är lämnad på {in_words(part.value)} av {in_words(part.of)} anmälningar."


def reopened(part: Part) -> str:
    return _of_all(part, "öppnades på nytt")


def not_solved(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == 0:
        return "Ingen som anmälde har sagt att problemet finns kvar efter svaret."
    if part.value == part.of:
        return "Alla som anmälde har sagt att problemet inte är löst."
    return (
        f"På {in_words(part.value)} av {in_words(part.of)} anmälningar har den som anmälde sagt att det inte är löst."
    )


def _of_all(part: Part, happened: str) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == 0:
        return f"Ingen anmälan {happened}."
    if part.value == part.of:
        return f"Alla anmälningar {happened}."
    return f"Av {in_words(part.of)} anmälningar {happened} {in_words(part.value)}."


def open_at_year_end(number: int | None) -> str:
    if number is None:
        return ""
    if number == 0:
        return "Vid årets slut pågick inget ärende."
    return f"Vid årets slut pågick {in_words(number)} ärenden, de från tidigare år medräknade."


def occurrences(number: int | None) -> str:
    if number is None:
        return "Några få gånger har någon berättat att samma sak har hänt dem."
    if number == 0:
        return ""
    return f"Under året har någon {in_words(number)} gånger berättat att samma sak har hänt dem."


def faults(part: Part, *, any_fault: bool) -> str:
    """`part`: reports that belong to any fault; hidden, they may be few or nearly all."""
    if not any_fault:
        return "Ingen av årets anmälningar är kopplad till ett systemfel."
    if not part.of or part.value is None:
        return "Här är de systemfel som årets anmälningar hör till, det vill säga fel som ligger i hur det är ordnat."
    if part.value == part.of:
        return "Alla årets anmälningar hör till ett systemfel, det vill säga ett fel som ligger i hur det är ordnat."
    return (
        f"{in_words(part.value).capitalize()} av {in_words(part.of)} anmälningar hör till ett systemfel, det vill säga "
        "ett fel som ligger i hur det är ordnat."
    )


def largest_fault(title: str, number: int) -> str:
    return f"Flest hör till ”{title}”: {in_words(number)}."


def actions_done(total: int | None, *, few: bool) -> str:
    if total is None:
        return f"{'Några få' if few else 'Flera'} åtgärder genomfördes under året."
    if total == 0:
        return "Inga åtgärder är registrerade för året."
    return f"Sammanlagt genomfördes {in_words(total)} åtgärder under året."


def most_actions(top: Top) -> str:
    return f"Vanligast var {_top(top)}."


def actions_open(number: int | None) -> str:
    if number is None:
        return "Några få åtgärder är planerade eller pågår."
    if number == 0:
        return ""
    return f"Ytterligare {in_words(number)} åtgärder är planerade eller pågår."


def effects(total: int | None, best: int | None) -> str:
    """`best`: how many were judged to have helped; None is not told."""
    if total is None:
        return "Effekten av några få åtgärder bedömdes under året."
    if total == 0:
        return "Ingen åtgärds effekt har bedömts under året."
    if best is None:
        return f"Åtgärders effekt bedömdes {in_words(total)} gånger under året."
    if best == total:
        return f"Åtgärders effekt bedömdes {in_words(total)} gånger under året, alla gånger med svaret att den hjälpte."
    times = "ingen gång" if best == 0 else f"{in_words(best)} gånger"
    return f"Åtgärders effekt bedömdes {in_words(total)} gånger under året; {times} blev svaret att den hjälpte."


def counted_until(year: int, day: str) -> str:
    return (
        f"Rapporten gäller {year}, så som det såg ut den {day}. Det som hände efter den dagen är inte med. Det som "
        "hände senast då räknas, också när det skrevs in senare. Tema, organisation, kommun och åtgärdstyp är som "
        "de stod när rapporten sammanställdes."
    )


def about_hiding(least: int) -> str:
    return (
        f"Tal från 1 till {least - 1} visas inte, för att ingen ska kunna kännas igen. De är sammanlagda med "
        "andra eller ersatta med ”visas inte”. Ibland döljs ett större tal, när ett litet annars hade gått att räkna "
        "fram. En nolla visas, för den pekar inte ut någon. Medianer visas när minst "
        f"{least} anmälningar ligger bakom. Hur många åtgärder det är av varje typ, och hur bedömningarna av effekt "
        f"fördelar sig, visas bara när inget av de talen är från 1 till {least - 1}."
    )


def about_the_checksum() -> str:
    return (
        "Samma siffror och texter ger alltid samma kontrollsumma. Varje mått har en version, som ändras när sättet att "
        "räkna ändras."
    )
