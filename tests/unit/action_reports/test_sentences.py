"""The ready text block: true to the figures, and readable aloud."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.action_reports.sentences import ActionGroup, Block, text_block
from lexheller.statistics.rules import trend

DATA = Path(__file__).parents[2] / "data"
KEYS = {
    "Information till berörda chefer": "information_to_managers",
    "Information till berörda politiker och förvaltningar": "information_to_politicians",
    "Samverkanskoppen": "samverkanskoppen",
    "Kompetensutveckling": "training",
}
NUMBER_WORDS = {
    "sv": (
        *("noll", "en", "två", "tre", "fyra", "fem", "sex"),
        *("sju", "åtta", "nio", "tio", "elva", "tolv"),
    ),
    "en": (
        *("zero", "one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
}
# Where "en" and "ett" count something, rather than being an article.
COUNTED_ONE = r"(?:Lex Heller-anmälan|gång|tillfälle|åtgärd|dag|besvarad|avslutad)\b"

SODRA_VATTERBYGDEN_2024 = (
    "Under 2024 kom 17 Lex Heller-anmälningar in till Södra Vätterbygden, en fortsatt ökning från 12 året "
    "före. Ökningen behöver inte betyda att samverkan fungerar sämre, utan kan visa att fler medarbetare "
    "känner till Lex Heller och använder möjligheten att anmäla.\n\n"
    "Sammanlagt vidtogs 17 åtgärder. "
    "Berörda chefer informerades sex gånger. Det gällde bemötande i flerpartsmöten, justerad rutin för "
    "läkarutlåtande, kontaktvägar, upprättad kontaktlista, checklista vid utskrivning och gemensam mall. "
    "Berörda politiker och förvaltningar informerades tre gånger: nämnder och ledning om glappet mellan "
    "stödformerna, socialnämnd och styrelse om regelkrocken samt regionpolitiker om utredningsresurser. "
    "Samverkanskoppen hölls tre gånger: om Arbetsförmedlingens digitala arbetssätt och Statens "
    "servicecenter, om digitala kontaktvägar samt med AF om vägen in. "
    "Utbildning gavs vid fem tillfällen och handlade om parternas uppdrag och ansvar, SIP, olika former av "
    "funktionsnedsättningar, kulturkunskap och bemötande samt samverkansformer."
)


def block(received: int = 17, previous: int | None = 12, trend: str = "increase", **more: Any) -> Block:
    given = {"actions": [], "year": 2024, "federation_name": "Södra Vätterbygden", **more}
    return text_block(received=received, previous=previous, trend=trend, **given)


def actions_of_2024() -> list[ActionGroup]:
    texts: dict[str, list[str]] = {}
    with (DATA / "sodra-vatterbygden-2024.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            texts.setdefault(row["Åtgärdstyp"], []).append(row["Åtgärd"])
    return [ActionGroup(KEYS[label], label, tuple(own), len(own)) for label, own in texts.items()]


def test_the_block_of_sodra_vatterbygden_2024() -> None:
    made = block(trend="continued_increase", actions=actions_of_2024())
    assert made.plain() == SODRA_VATTERBYGDEN_2024
    assert {group.key: group.count for group in made.groups} == {
        "information_to_managers": 6,
        "information_to_politicians": 3,
        "samverkanskoppen": 3,
        "training": 5,
    }


def test_the_order_of_the_groups_given_does_not_matter() -> None:
    assert block(actions=actions_of_2024()) == block(actions=actions_of_2024()[::-1])


@pytest.mark.parametrize(
    ("received", "previous", "trend", "expected"),
    [
        (
            8,
            0,
            "first_year",
            "kom åtta Lex Heller-anmälningar in till X. Det finns inget tidigare år att jämföra med.",
        ),
        (8, None, "first_year", "Det finns inget tidigare år att jämföra med."),
        (12, 8, "increase", "kom tolv Lex Heller-anmälningar in till X, en ökning från åtta året före."),
        (
            17,
            12,
            "continued_increase",
            "17 Lex Heller-anmälningar in till X, en fortsatt ökning från 12 året före.",
        ),
        (4, 17, "decrease", "kom 4 Lex Heller-anmälningar in till X, en minskning från 17 året före."),
        (3, 4, "continued_decrease", "en fortsatt minskning från fyra året före."),
        (5, 5, "unchanged", "kom fem Lex Heller-anmälningar in till X, lika många som året före."),
        (1, 1, "unchanged", "kom en Lex Heller-anmälan in till X, liksom året före."),
        (0, 0, "unchanged", "kom ingen Lex Heller-anmälan in till X, liksom året före."),
        (0, 5, "decrease", "kom ingen Lex Heller-anmälan in till X, en minskning från fem året före."),
        (1, 20, "decrease", "kom en Lex Heller-anmälan in till X, en minskning från 20 året före."),
        (1, 0, "increase", "kom en Lex Heller-anmälan in till X. Året före kom ingen."),
        (2, None, "increase", "kom två Lex Heller-anmälningar in till X, en ökning från året före."),
    ],
)
def test_the_first_sentence(received: int, previous: int | None, trend: str, expected: str) -> None:
    assert expected in block(received, previous, trend, federation_name="X").lead


@pytest.mark.parametrize(
    ("received", "previous", "trend", "meaning"),
    [
        (17, 12, "increase", "behöver inte betyda att samverkan fungerar sämre"),
        (17, 12, "continued_increase", "behöver inte betyda att samverkan fungerar sämre"),
        (12, 17, "decrease", "behöver inte betyda att bristerna har blivit färre"),
        (12, 17, "continued_decrease", "behöver inte betyda att bristerna har blivit färre"),
        (0, 17, "decrease", "behöver inte betyda att allt har fungerat"),
        (0, 0, "unchanged", "behöver inte betyda att allt har fungerat"),
        (9, 9, "unchanged", None),
        (9, None, "first_year", None),
    ],
)
def test_what_the_change_means_is_said_once(
    received: int, previous: int | None, trend: str, meaning: str | None
) -> None:
    lead = block(received, previous, trend).lead
    assert lead.count("behöver inte betyda") == (meaning is not None)
    assert meaning is None or meaning in lead


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"answered": 17, "closed": 17}, "Samtliga anmälningar är besvarade och avslutade."),
        ({"answered": 17}, "Samtliga anmälningar är besvarade."),
        ({"answered": 17, "closed": 3}, "Av anmälningarna är alla besvarade och tre avslutade."),
        ({"answered": 15, "closed": 1}, "Av anmälningarna är 15 besvarade och en avslutad."),
        ({"answered": 0}, "Av anmälningarna är ingen besvarad."),
        ({"answered": 9, "median_days": 24.5}, "Mediantiden till svar var 24,5 dagar."),
        ({"answered": 9, "median_days": 12.0}, "Mediantiden till svar var tolv dagar."),
        ({"answered": 1, "median_days": 1.0}, "Svaret kom efter en dag."),
    ],
)
def test_how_far_the_reports_have_come(figures: dict[str, Any], expected: str) -> None:
    assert block(**figures).lead.endswith(expected)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"answered": 1, "closed": 1}, "Anmälan är besvarad och avslutad."),
        ({"answered": 1, "closed": 0}, "Anmälan är besvarad men ännu inte avslutad."),
        ({"answered": 0, "closed": 0}, "Anmälan är ännu inte besvarad eller avslutad."),
    ],
)
def test_how_far_a_single_report_has_come(figures: dict[str, Any], expected: str) -> None:
    assert block(1, 0, **figures).lead.endswith(expected)


def test_no_median_without_an_answer() -> None:
    assert "median" not in block(answered=0, median_days=4.0).lead.casefold()


@pytest.mark.parametrize(
    ("key", "label", "texts", "count", "expected"),
    [
        (
            "information_to_managers",
            "",
            ["Info till berörd chef"] * 12,
            12,
            "Berörda chefer informerades tolv gånger.",
        ),
        (
            "information_to_managers",
            "",
            ["Info till berörd chef", "Info till chef om tolk"],
            2,
            "Berörda chefer informerades två gånger. Det gällde bland annat tolk.",
        ),
        (
            "information_to_managers",
            "",
            ["Möte med enhetschef", "Info till chef om tolk"],
            2,
            "Berörda chefer informerades två gånger: om tolk och möte med enhetschef.",
        ),
        ("samverkanskoppen", "", ["Samverkanskoppen om SIP"], 1, "Samverkanskoppen hölls en gång, om SIP."),
        ("samverkanskoppen", "", [], 14, "Samverkanskoppen hölls 14 gånger."),
        ("training", "", ["Kurs om SIP"], 1, "Utbildning gavs vid ett tillfälle och handlade om SIP."),
        (
            "training",
            "",
            ["Kurs om SIP"],
            2,
            "Utbildning gavs vid två tillfällen och handlade bland annat om SIP.",
        ),
        ("agreement", "Avtal", ["Avtal om tolk"], 1, "En åtgärd gällde avtal, om tolk."),
        (
            "agreement",
            "AF-kontakt",
            ["Ny adress"] * 13,
            13,
            "Sammanlagt 13 åtgärder gällde AF-kontakt: ny adress.",
        ),
        (
            "unknown",
            "Okänd",
            ["Ny adress"],
            2,
            "Två åtgärder är inte indelade efter typ, bland annat ny adress.",
        ),
        (
            "agreement",
            "Avtal",
            ["Mall, ny", "Lista", "Rutin"],
            3,
            "Tre åtgärder gällde avtal: mall, ny; lista; och rutin.",
        ),
    ],
)
def test_what_was_done_of_one_type(key: str, label: str, texts: list[str], count: int, expected: str) -> None:
    made = block(actions=[ActionGroup(key, label, tuple(texts), count)])
    assert made.paragraphs()[1] == expected


def test_no_actions_is_said_plainly() -> None:
    none_done = [ActionGroup("training", "Utbildning", (), 0)]
    assert block(actions=none_done).paragraphs()[1] == "Inga åtgärder är registrerade för året."
    assert block(language="en").paragraphs()[1] == "No actions are registered for the year."


def test_the_federations_own_names_keep_their_capital() -> None:
    group = ActionGroup("visit", "Besök", ("Enter tog emot",), 1)
    assert "Enter tog emot" in block(actions=[group], names=["Enter"]).plain()
    assert "enter tog emot" in block(actions=[group]).plain()


def test_the_english_block_quotes_the_swedish_words() -> None:
    made = block(trend="continued_increase", actions=actions_of_2024(), answered=15, language="en")
    assert made.lead.startswith(
        "During 2024, 17 Lex Heller reports came in to Södra Vätterbygden, a continued increase from 12 the "
        "year before. The increase need not mean"
    )
    assert made.lead.endswith("Of the reports, 15 have been answered.")
    assert made.actions == "In all, 17 actions were taken."
    assert made.groups[2].sentence == (
        "The short information session Samverkanskoppen was held three times: “Frukostmöte om "
        "Arbetsförmedlingens digitala arbetssätt och Statens servicecenter”, “Samverkanskoppen om digitala "
        "kontaktvägar” and “Samverkanskoppen med AF om vägen in”."
    )
    assert all(f"“{item}”" in group.sentence for group in made.groups for item in group.items)


@pytest.mark.parametrize(
    ("received", "previous", "trend", "expected"),
    [
        (1, 0, "increase", "one Lex Heller report came in to X. There were none the year before."),
        (0, 0, "unchanged", "no Lex Heller reports came in to X, as in the year before."),
        (5, 5, "unchanged", "five Lex Heller reports came in to X, the same number as the year before."),
        (3, 20, "decrease", "3 Lex Heller reports came in to X, a decrease from 20 the year before."),
        (3, None, "first_year", "There is no earlier year to compare with."),
    ],
)
def test_the_first_sentence_in_english(received: int, previous: int | None, trend: str, expected: str) -> None:
    assert expected in block(received, previous, trend, federation_name="X", language="en").lead


@pytest.mark.parametrize(
    "figures",
    [
        {"trend": "increase", "received": 3, "previous": 3},
        {"trend": "decrease", "received": 4, "previous": 3},
        {"trend": "unchanged", "received": 4, "previous": 3},
        {"trend": "first_year", "received": 4, "previous": 3},
        {"trend": "sideways"},
        {"received": -1, "previous": None},
        {"answered": 18},
        {"closed": -1},
        {"median_days": -0.5},
        {"actions": [ActionGroup("training", "", (), -1)]},
        {"actions": [ActionGroup("training", "", (), 1), ActionGroup("training", "", (), 2)]},
    ],
)
def test_figures_that_contradict_each_other_are_refused(figures: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        block(**figures)


words = st.text("abcdefghijklmnopqrstuvwxyzåäöABC", min_size=1, max_size=12).filter(
    lambda word: word.casefold() not in {*NUMBER_WORDS["sv"], *NUMBER_WORDS["en"], "ett", "once", "twice"}
)
texts_given = st.lists(words, max_size=6).map(" ".join)
keys_given = st.sampled_from([*KEYS.values(), "agreement", "unknown"])
groups_given = st.lists(
    st.builds(
        lambda key, texts, more: ActionGroup(key, key, tuple(texts), len(texts) + more),
        keys_given,
        st.lists(texts_given, max_size=8),
        st.integers(0, 20),
    ),
    max_size=5,
    unique_by=lambda group: group.key,
)


def numbers_said(text: str, language: str) -> set[float]:
    """Every number in running text, in digits or in words."""
    said = {float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d)?", text)}
    for number, word in enumerate(NUMBER_WORDS[language]):
        if language == "sv" and number == 1:
            said |= {1.0} if re.search(rf"\b(?:en|ett) {COUNTED_ONE}", text, re.IGNORECASE) else set()
        elif re.search(rf"\b{word}\b", text, re.IGNORECASE):
            said.add(float(number))
    if language == "en":
        said |= {float(n) for n, word in ((1, "once"), (2, "twice")) if re.search(rf"\b{word}\b", text)}
    return said


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
    groups_given,
    st.sampled_from(["sv", "en"]),
    st.data(),
)
def test_every_number_in_the_text_is_one_of_the_figures(received, groups, language, data) -> None:
    counts = dict(enumerate(received, start=2020))
    year = max(counts)
    some = st.none() | st.integers(0, counts[year])
    answered, closed = data.draw(some), data.draw(some)
    median = data.draw(st.none() | st.integers(0, 180).map(lambda halves: halves / 2))
    made = text_block(
        year=year,
        received=counts[year],
        previous=counts.get(year - 1),
        trend=trend(counts, year, 2020),
        actions=groups,
        answered=answered,
        closed=closed,
        median_days=median,
        language=language,
        federation_name="Finnveden",
    )
    total = sum(group.count for group in groups)
    figures = {year, counts[year], counts.get(year - 1), answered, closed, median, total}
    text = made.plain()
    assert numbers_said(text, language) <= figures | {group.count for group in groups}
    assert {year, *(group.count for group in groups if group.count)} <= numbers_said(text, language) | {0}
    assert sum(group.count for group in made.groups) == total
    assert counts[year] == 0 or counts[year] in numbers_said(made.lead, language)
    assert text == "\n\n".join(made.paragraphs())
    assert not re.search(r"  |\.\.| [.,:;]|\{|None", text)
    assert all(paragraph.endswith(".") for paragraph in made.paragraphs())
