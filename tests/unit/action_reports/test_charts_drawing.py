"""The charts as SVG: true to the numbers, safe to put into a page, and readable on paper without colours."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from lexheller.action_reports.charts import bars, flow, svg, times, trend
from lexheller.action_reports.charts.bars import Bar, Bars, Kind
from lexheller.action_reports.charts.flow import Flow, Stream
from lexheller.action_reports.charts.times import Times, Within
from lexheller.action_reports.charts.trend import Break, Trend, Year

SPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "rect", "path", "line", "text", "tspan"}
ATTRIBUTES = {
    *("viewBox", "class", "role", "aria-labelledby", "id", "font-family", "font-size", "font-weight", "text-anchor"),
    *("x", "y", "x1", "y1", "x2", "y2", "d", "width", "height", "transform", "paint-order"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin"),
}
PHONE = 358
"""Pixels that are left for a chart on a phone that is 390 wide."""

TREND = Trend(
    (Year(2021, None), Year(2022, 8), Year(2023, 12), Year(2024, 17)),
    2024,
    (Break(2023, "Ny temalista"),),
    "färre än 5",
)
LONG = "Bristande utredningsresurser vid vårdcentraler och rehabiliteringskoordinatorer"
BARS = Bars(
    Kind.THEME,
    (Bar("Övriga", 130, rest=True), Bar("Rutiner", 7), Bar(LONG, 118), Bar("Bemötande", None), Bar("SIP", 0)),
    301,
    "färre än 5",
)
SHORT_BARS = Bars(Kind.MUNICIPALITY, (Bar("Habo", 3), Bar("Jönköping", 9), Bar("Mullsjö", 4)), 16)
TIMES = Times((Within(10, None), Within(20, 41), Within(30, 77), Within(60, 101)), 120, 19, hidden="färre än 5")
FLOW = Flow(
    "Vem släppte?",
    "Vem borde ha tagit emot?",
    (
        Stream("Arbetsförmedlingen", "Region Jönköpings län", 31),
        Stream("Arbetsförmedlingen", "Habo kommun", None),
        Stream("Försäkringskassan", "Habo kommun", 22),
        Stream("Jönköpings kommun", "Region Jönköpings län", 6),
        Stream("Göteborgs Stad Socialförvaltningen Nordost", "Funktionsnedsättningsförvaltningen", 5),
    ),
    64,
    "färre än 5",
)
CHARTS: list[tuple[Any, Any]] = [(trend, TREND), (bars, BARS), (bars, SHORT_BARS), (times, TIMES), (flow, FLOW)]
every_chart = pytest.mark.parametrize(("kind", "chart"), CHARTS, ids=["trend", "bars", "short_bars", "times", "flow"])

labels = st.text(max_size=60)
numbers = st.none() | st.integers(0, 400)


@pytest.fixture(autouse=True, scope="module")
def swedish() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context(), force_locale("sv"):
        yield


def read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def words_of(root: ElementTree.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{SPACE}text")]


def told_in(root: ElementTree.Element) -> set[int]:
    """Every number that a reader meets in the picture, what a pointer over a ribbon tells with it."""
    marks = [*words_of(root), *("".join(one.itertext()) for one in root.findall(f".//{SPACE}path/{SPACE}title"))]
    return {int(one) for words in marks for one in re.findall(r"\d+", words)}


def check_shape(text: str) -> ElementTree.Element:
    """Nothing but drawing: what a strict content policy and a printed document both take."""
    root = read(text)
    assert {one.tag.removeprefix(SPACE) for one in root.iter()} <= ELEMENTS
    assert {name for one in root.iter() for name in one.keys()} <= ATTRIBUTES  # noqa: SIM118
    assert not any("url(" in value for one in root.iter() for value in one.attrib.values())
    assert [one.get("class") for one in root.iter() if one.get("class")] == ["chart"]
    return root


def check_inside(root: ElementTree.Element) -> None:
    """No letter stands outside the picture, by the widest of the typefaces."""
    height = float(root.get("viewBox", "").split()[3])
    for one in root.iter(f"{SPACE}text"):
        size, x = float(one.get("font-size", 0)), float(one.get("x", 0))
        number = one.find(f"{SPACE}tspan")
        wide = svg.text_width(one.text or "", size, bold=one.get("font-weight") is not None)
        wide += 0 if number is None else svg.text_width(number.text or "", size, bold=True)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.get("text-anchor", "start")]
        assert left >= -1, words_of(root)
        assert left + wide <= svg.WIDTH + 1, words_of(root)
        assert float(one.get("y", 0)) <= height


@every_chart
def test_a_chart_is_drawing_alone(kind, chart):
    root = check_shape(kind.drawn(chart, "c1", "Rubrik"))
    check_inside(root)
    assert root.tag == f"{SPACE}svg"


@every_chart
def test_a_chart_has_a_name_and_a_description(kind, chart):
    root = read(kind.drawn(chart, "year-2024", "Rubrik & mer"))
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == list(ids)
    assert ids == {"year-2024-title": "Rubrik & mer", "year-2024-desc": kind.summary(chart)}


@pytest.mark.parametrize("prefix", ["", "1a", "a b", 'a"', "å"])
def test_ids_begin_with_what_an_id_may_begin_with(prefix):
    with pytest.raises(ValueError, match="id"):
        trend.drawn(TREND, prefix, "Rubrik")


@every_chart
def test_letters_are_large_enough_for_a_phone(kind, chart):
    root = read(kind.drawn(chart, "c1", "Rubrik"))
    sizes = [float(one.get("font-size", 0)) for one in root.iter(f"{SPACE}text")]
    assert min(sizes) * PHONE / svg.WIDTH >= 11


@every_chart
def test_the_order_of_what_is_given_does_not_matter(kind, chart):
    field = {trend: "years", bars: "bars", times: "limits", flow: "streams"}[kind]
    turned = type(chart)(
        **{name: getattr(chart, name) for name in chart.__slots__ if name != field},
        **{field: tuple(reversed(getattr(chart, field)))},
    )
    assert kind.drawn(chart, "c1", "Rubrik") == kind.drawn(turned, "c1", "Rubrik")


def test_the_trend_tells_every_year_and_number():
    root = read(trend.drawn(TREND, "c1", "Rubrik"))
    assert told_in(root) == {2021, 2022, 2023, 2024, 8, 12, 17, 5}
    assert [words for words in words_of(root) if not words.isdigit()] == ["Ny temalista", "färre än 5"]


def test_a_break_of_the_series_is_a_dashed_line_between_the_years():
    root = read(trend.drawn(TREND, "c1", "Rubrik"))
    [dashed] = [one for one in root.iter(f"{SPACE}line") if one.get("stroke-dasharray")]
    assert dashed.get("x1") == dashed.get("x2") == "180"


def test_bars_stand_in_order_with_all_others_last():
    words = words_of(read(bars.drawn(BARS, "c1", "Rubrik")))
    assert words == [
        *("Bristande utredningsresurser vid vårdcentraler och", "rehabiliteringskoordinatorer", "118"),
        *("Rutiner", "7", "SIP", "0", "Bemötande", "färre än 5", "Övriga", "130"),
    ]


def test_short_names_stand_beside_their_bars():
    root = read(bars.drawn(SHORT_BARS, "c1", "Rubrik"))
    feet = [(one.text, one.get("text-anchor")) for one in root.iter(f"{SPACE}text")]
    assert feet == [("Jönköping", "end"), ("9", None), ("Mullsjö", "end"), ("4", None), ("Habo", "end"), ("3", None)]


def test_times_tell_each_limit_with_its_share_of_all():
    words = words_of(read(times.drawn(TIMES, "c1", "Rubrik")))
    assert words == [
        *("Inom 10 dagar", "färre än 5", "Inom 20 dagar", "41 av 120 (34 %)"),
        *("Inom 30 dagar", "77 av 120 (64 %)", "Inom 60 dagar", "101 av 120 (84 %)"),
        *("Inget svar ännu", "19 av 120 (16 %)"),
    ]


def test_a_share_is_told_in_per_cent_only_of_many_and_never_rounded_to_all_or_none():
    few = Times((Within(1, 1), Within(30, 17)), 17)
    many = Times((Within(10, 1), Within(30, 999)), 1000, 1)
    assert words_of(read(times.drawn(few, "c1", "Rubrik"))) == ["Inom 1 dag", "1 av 17", "Inom 30 dagar", "17 av 17"]
    assert [words for words in words_of(read(times.drawn(many, "c1", "Rubrik"))) if "%" in words] == [
        *("1 av 1000 (1 %)", "999 av 1000 (99 %)", "1 av 1000 (1 %)"),
    ]


def test_limits_that_say_nothing_more_are_left_out():
    chart = Times((Within(5, 0), Within(10, 0), Within(20, 9), Within(30, 17), Within(60, 17)), 17)
    assert words_of(read(times.drawn(chart, "c1", "Rubrik")))[::2] == [f"Inom {days} dagar" for days in (10, 20, 30)]


def test_the_flow_tells_every_ribbon_and_sum():
    root = read(flow.drawn(FLOW, "c1", "Rubrik"))
    ribbons = {"".join(one.itertext()) for one in root.findall(f".//{SPACE}path/{SPACE}title")}
    assert ribbons == {
        f"{one.left} → {one.right}: {'färre än 5' if one.number is None else one.number}" for one in FLOW.streams
    }
    words = words_of(root)
    assert words[:3] == ["Vem släppte?", "Vem borde ha tagit", "emot?"]
    assert {"Region Jönköpings län 37", "Försäkringskassan 22", "Habo kommun minst 22"} <= set(words)


def test_a_crowded_flow_keeps_the_largest_and_loses_no_report():
    streams = tuple(Stream(f"Från {one}", f"Till {two}", one * two) for one in range(12) for two in range(12))
    root = read(flow.drawn(Flow("Från", "Till", streams), "c1", "Rubrik"))
    ribbons = ["".join(one.itertext()) for one in root.findall(f".//{SPACE}path/{SPACE}title")]
    assert len(ribbons) <= flow.MOST_RIBBONS
    assert sum(int(words.rpartition(" ")[2]) for words in ribbons) == sum(one.number or 0 for one in streams)
    names = [words for words in words_of(root) if not words.isdigit()]
    assert names[-1].startswith("Övriga ")
    assert any(words.startswith("Från 11 ") for words in names)


@pytest.mark.parametrize(
    ("kind", "chart"),
    [
        (trend, Trend((), 2024)),
        (bars, Bars(Kind.THEME, ())),
        (times, Times((), 0)),
        (flow, Flow("Från", "Till", ())),
        (flow, Flow("Från", "Till", (Stream("a", "b", None),))),
        (times, Times((Within(1, None),), 0, None)),
        (times, Times((Within(1, 3), Within(2, 8)), None)),
    ],
)
def test_nothing_can_be_drawn_too(kind, chart):
    check_shape(kind.drawn(chart, "c1", ""))
    assert not kind.worth_drawing(chart)


@given(st.lists(st.tuples(labels, numbers), max_size=12), labels, labels)
@settings(max_examples=30, deadline=None)
def test_no_name_gets_out_of_its_place_among_bars(rows, title, hidden):
    chart = Bars(Kind.ORGANISATION, tuple(Bar(label, number) for label, number in rows), None, hidden[:20])
    root = check_shape(bars.drawn(chart, "c1", title))
    check_inside(root)
    assert {number for _label, number in rows if number is not None} <= told_in(root)


@given(st.lists(st.tuples(labels, labels, numbers), max_size=20))
@settings(max_examples=30, deadline=None)
def test_no_name_gets_out_of_its_place_in_a_flow(rows):
    streams = tuple({(left, right): Stream(left, right, number) for left, right, number in rows}.values())
    root = check_shape(flow.drawn(Flow("Vem släppte?", "Vem borde ha tagit emot?", streams), "c1", "Rubrik"))
    check_inside(root)


@given(st.lists(numbers, max_size=12), labels)
@settings(max_examples=30, deadline=None)
def test_no_label_gets_out_of_its_place_in_a_trend(found, label):
    years = tuple(Year(2015 + place, number) for place, number in enumerate(found))
    root = check_shape(trend.drawn(Trend(years, 2018, (Break(2017, label), Break(2021, label))), "c1", "Rubrik"))
    check_inside(root)
    assert {number for number in found[-trend.MOST :] if number is not None} <= told_in(root)


@given(labels)
def test_text_survives_being_written_into_xml(label):
    written = svg.escaped(label)
    kept = read(f'<a b="{written}">{written}</a>')
    assert kept.text == kept.get("b") or not written
    expected = "".join(one for one in label if one.isspace() or not _forbidden(ord(one)))
    assert (kept.text or "") == " ".join(expected.split())


def _forbidden(code: int) -> bool:
    return code < 0x20 or 0x7F <= code <= 0x9F or code & 0xFFFE == 0xFFFE


def test_long_words_are_broken_between_syllables():
    assert svg.wrapped("Funktionsnedsättningsförvaltningen", 175, svg.SMALL) == [
        "Funktionsnedsättningsför-",
        "valtningen",
    ]
    assert svg.wrapped("a " * 100, 40, most=2)[1].endswith("…")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@every_chart
def test_text_and_marks_stand_out_without_colour(kind, chart):
    root = read(kind.drawn(chart, "c1", "Rubrik"))
    fillings = {one.get("fill", "none") for one in root.iter(f"{SPACE}path")} - {"none"}
    for one in root.iter(f"{SPACE}text"):
        assert all(contrast(one.get("fill", ""), under) >= 4.5 for under in {svg.PAPER, *fillings})
    for mark in list(root.iter(f"{SPACE}rect"))[1:] + list(root.iter(f"{SPACE}path")):
        seen = mark.get("stroke") or mark.get("fill", "")
        assert contrast(seen, svg.PAPER) >= 3
        assert mark.get("stroke") is None or mark.get("fill") == "none" or contrast(seen, mark.get("fill", "")) >= 3
    assert contrast(svg.STRONG, svg.PALE) >= 3
