"""What is said of a chart in words: never more than its numbers, and nothing that a hidden one could belie."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

import lexheller
from lexheller.action_reports.charts import bars, flow, times, trend
from lexheller.action_reports.charts.bars import Bar, Bars, Kind
from lexheller.action_reports.charts.flow import Flow, Stream
from lexheller.action_reports.charts.times import Times, Within
from lexheller.action_reports.charts.trend import Break, Trend, Year

TRANSLATIONS = Path(lexheller.__file__).parent / "translations"
ONE_HIDDEN = "Ett tal visas inte, för att ingen ska kunna kännas igen."

numbers = st.none() | st.integers(0, 30)


@pytest.fixture(autouse=True, scope="module")
def swedish() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(TRANSLATIONS))
    with app.test_request_context(), force_locale("sv"):
        yield


def years(*found: int | None) -> tuple[Year, ...]:
    """Those up to 2024."""
    return tuple(Year(2025 - len(found) + place, number) for place, number in enumerate(found))


def rows(**found: int | None) -> tuple[Bar, ...]:
    return tuple(Bar(label, number, rest=label == "Övriga") for label, number in found.items())


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (
            Trend(years(8, 12, 17), 2024),
            "Antal anmälningar 2024: 17, fler än 2023 (12). Det är det högsta antalet 2022–2024.",
        ),
        (
            Trend(years(8, 12, 3), 2024),
            "Antal anmälningar 2024: 3, färre än 2023 (12). Det är det lägsta antalet 2022–2024.",
        ),
        (Trend(years(8, 12, 12), 2024), "Antal anmälningar 2024: 12, lika många som 2023."),
        (Trend(years(None, 12, 17), 2024), f"Antal anmälningar 2024: 17, fler än 2023 (12). {ONE_HIDDEN}"),
        (Trend(years(8, None, 17), 2024), f"Antal anmälningar 2024: 17. {ONE_HIDDEN}"),
        (Trend(years(8, 12, None), 2024), f"Antalet anmälningar 2024 visas inte. {ONE_HIDDEN}"),
        (
            Trend(years(8, 12, 17), 2024, (Break(2024, "nya teman"), Break(2010, "före"), Break(2023, "ny medlem"))),
            "Antal anmälningar 2024: 17, fler än 2023 (12). Det är det högsta antalet 2022–2024. Sättet att räkna "
            "ändrades 2023 (ny medlem) och 2024 (nya teman); tal före och efter går inte rakt av att jämföra.",
        ),
        (Trend((), 2024), ""),
    ],
)
def test_the_trend_in_words(chart, said):
    assert trend.summary(chart) == said


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (
            Bars(Kind.THEME, rows(Bemötande=8, Rutiner=5, SIP=2), 17),
            "Flest anmälningar gällde bemötande: 8 av 17. Därefter kommer rutiner: 5.",
        ),
        (
            Bars(Kind.ORGANISATION, rows(Arbetsförmedlingen=4, Försäkringskassan=4, Övriga=9), 17),
            "Flest anmälningar gällde Arbetsförmedlingen och Försäkringskassan: 4 av 17 vardera.",
        ),
        (
            Bars(Kind.MUNICIPALITY, rows(Habo=2, Jönköping=9), None),
            "Flest anmälningar handlar om något som hände i Jönköping: 9. Därefter kommer Habo: 2.",
        ),
        (
            Bars(Kind.REPORTING, rows(NOVA=2, Försäkringskassan=9), None),
            "Flest anmälningar kom från Försäkringskassan: 9. Därefter kommer NOVA: 2.",
        ),
        (Bars(Kind.ACTION_TYPE, rows(Utbildning=6), 17), "Vanligaste åtgärd: utbildning, 6 av 17."),
        (
            Bars(Kind.THEME, rows(A=2, B=2, C=2, D=2, E=1), 9),
            "4 är lika stora och störst av dem som visas: 2 av 9 vardera.",
        ),
        (
            Bars(Kind.THEME, rows(Bemötande=8, Rutiner=5, SIP=None), 17),
            f"Störst av dem som visas: bemötande, 8 av 17. {ONE_HIDDEN}",
        ),
        (Bars(Kind.THEME, rows(Bemötande=None, SIP=0)), ONE_HIDDEN),
    ],
)
def test_bars_in_words(chart, said):
    assert bars.summary(chart) == said


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (
            Times((Within(20, 1), Within(30, 13), Within(60, 16), Within(90, 17)), 17, 0, 28),
            "13 av 17 anmälningar fick svar inom 30 dagar. Alla hade fått svar inom 90 dagar. Hälften av svaren kom "
            "inom 28 dagar.",
        ),
        (Times((Within(20, 1), Within(30, 17)), 17), "17 av 17 anmälningar fick svar inom 30 dagar."),
        (
            Times((Within(20, None), Within(30, 11)), 17, 6, 12.5),
            "11 av 17 anmälningar fick svar inom 30 dagar. Hälften av svaren kom inom 12,5 dagar. "
            f"6 anmälningar har ännu inte fått svar. {ONE_HIDDEN}",
        ),
        (
            Times((Within(20, 9), Within(30, 16)), 17, 1, 1),
            "9 av 17 anmälningar fick svar inom 20 dagar. Hälften av svaren kom inom 1 dag. "
            "1 anmälan har ännu inte fått svar.",
        ),
        (
            Times((Within(20, 17),), 17, 0, 0),
            "17 av 17 anmälningar fick svar inom 20 dagar. Hälften av svaren kom samma dag.",
        ),
        (Times((Within(20, 0),), 0), ""),
        (Times((Within(20, 7), Within(30, None)), None), ONE_HIDDEN.replace("Ett", "2")),
    ],
)
def test_times_in_words(chart, said):
    assert times.summary(chart) == said


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        (
            [("AF", "FK", 3), ("FK", "AF", 2), ("Habo", "FK", 1)],
            "Störst är flödet från AF till FK: 3 av 9. Till FK gick sammanlagt flest: 4.",
        ),
        (
            [("AF", "FK", 3), ("FK", "AF", 3)],
            "Störst är flödet från AF till FK och från FK till AF: 3 av 9 vardera.",
        ),
        (
            [("AF", "FK", 3), ("FK", "AF", None)],
            f"Störst av det som visas är flödet från AF till FK: 3 av 9. {ONE_HIDDEN}",
        ),
        (
            [("AF", "FK", 2), ("AF", "Habo", 2), ("AF", "Region", 2), ("FK", "AF", 2)],
            "4 flöden är lika stora och störst av dem som visas: 2 av 9 vardera.",
        ),
        (
            [("Övriga", "FK", 5), ("AF", "Övriga", 4), ("AF", "FK", 2), ("FK", "AF", 1)],
            "Störst är flödet från AF till FK: 2 av 9. Till FK gick sammanlagt flest: 7.",
        ),
        ([], ""),
    ],
)
def test_a_flow_in_words(streams, said):
    assert flow.summary(Flow("Från", "Till", tuple(Stream(*one) for one in streams), 9)) == said


@pytest.mark.parametrize(
    ("kind", "chart"),
    [
        (trend, Trend(years(8, 12, 17), 2024, (Break(2023, "ny medlem"),))),
        (bars, Bars(Kind.THEME, rows(A=4, B=4, C=2, D=None), 17)),
        (times, Times((Within(20, 9), Within(30, 40), Within(60, 41)), 43, 2, 24)),
        (flow, Flow("", "", (Stream("A", "B", 5), Stream("B", "A", 5), Stream("C", "A", 1)), 11)),
    ],
)
def test_the_numbers_are_the_same_in_english(kind, chart):
    found = {}
    for language in ("sv", "en"):
        with force_locale(language):
            found[language] = sorted(re.findall(r"\d+", kind.summary(chart) + kind.drawn(chart, "c1", "")))
    assert found["sv"] == found["en"]


@given(st.lists(numbers, min_size=1, max_size=8))
def test_most_is_said_only_of_what_no_hidden_number_can_exceed(found):
    said = bars.summary(
        Bars(Kind.ORGANISATION, tuple(Bar(f"Part {chr(65 + at)}", one) for at, one in enumerate(found)))
    )
    known = [one for one in found if one is not None]
    assert ("Flest" in said) <= (None not in found)
    assert {int(one) for one in re.findall(r"\d+", said)} <= {*known, len(found), *range(len(found) + 1)}
    if largest := re.search(r"Flest anmälningar gällde .*?: (\d+)", said):
        assert int(largest[1]) == max(known)


@given(st.lists(numbers, min_size=1, max_size=8))
def test_highest_is_said_only_when_it_is(found):
    said = trend.summary(Trend(years(*found), 2024))
    others, own = found[:-1], found[-1]
    if "högsta" in said:
        assert None not in found
        assert all(own > other for other in others)
    if "lägsta" in said:
        assert None not in found
        assert all(own < other for other in others)
    if "fler än" in said:
        assert own > found[-2]


@pytest.mark.parametrize(
    ("kind", "chart", "worth"),
    [
        (trend, Trend(years(8, 12, 17), 2024), True),
        (trend, Trend(years(12, 17), 2024), False),
        (trend, Trend(years(None, 12, 17), 2024), False),
        (trend, Trend(years(12, 12, 12), 2024), False),
        (bars, Bars(Kind.THEME, rows(A=3, B=2, C=1)), True),
        (bars, Bars(Kind.THEME, rows(A=3, B=2)), False),
        (bars, Bars(Kind.THEME, rows(A=1, B=1, C=1)), False),
        (bars, Bars(Kind.THEME, rows(A=3, B=2, C=None, D=None)), False),
        (bars, Bars(Kind.THEME, rows(A=3, B=2, C=0)), False),
        (times, Times((Within(10, 1), Within(20, 5), Within(30, 9)), 9), True),
        (times, Times((Within(10, 9), Within(20, 9), Within(30, 9)), 9), False),
        (times, Times((Within(10, 1), Within(20, 5), Within(30, 9)), None), False),
        (times, Times((Within(10, 0), Within(20, 1), Within(30, 2)), 2), False),
        (flow, Flow("", "", (Stream("A", "B", 2), Stream("B", "A", 1), Stream("C", "A", 1))), True),
        (flow, Flow("", "", (Stream("A", "B", 1), Stream("B", "A", 1), Stream("C", "A", 1))), False),
        (flow, Flow("", "", (Stream("A", "B", 2), Stream("B", "A", 1), Stream("C", "A", None))), False),
        (flow, Flow("", "", (Stream("Övriga", "Övriga", 9), Stream("B", "A", 2), Stream("C", "A", 1))), False),
    ],
)
def test_a_chart_is_drawn_only_where_a_sentence_is_not_enough(kind, chart, worth):
    assert kind.worth_drawing(chart) is worth
