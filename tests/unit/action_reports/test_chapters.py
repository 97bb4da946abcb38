"""The report as a document: every number that is said stands in a table or beside it, and none is a small one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexheller.action_reports.chapters import EditionMeta, chapters_of, framed
from lexheller.action_reports.document import Chapter, Chart, Document, KeyFigures, Paragraph, Table
from lexheller.action_reports.outline import CHAPTER_KEYS
from lexheller.action_reports.publishing import public
from tests.unit.action_reports.made_up import YEAR, Case, a_site, report_data
from tests.unit.action_reports.test_publishing import figures

META = EditionMeta(2, "2025:11 / 4", "Anna Berg", date(2025, 1, 20), date(2025, 1, 21), "ab" * 32)
DRAFT = EditionMeta(None, None, None, None, None, "ab" * 32)
SWEDISH = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WORDS = {word: number for words in (SWEDISH, ENGLISH) for number, word in enumerate(words)}
NOT_COUNTED = re.compile(
    r"nio av tio|nine of ten|en (?:fortsatt )?(?:ökning|minskning)|en ansvarig|vilka två parter|which two parties",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True, scope="module")
def site() -> Iterator[None]:
    with a_site().test_request_context():
        yield


def drawn(data: dict[str, Any], language: Any = "sv", meta: EditionMeta = META) -> Document:
    return framed(chapters_of(public(data), language), meta, date.fromisoformat(data["cut_off"]))


def many(**more: Any) -> dict[str, Any]:
    cases = [
        Case(
            reporting="abcd"[place % 4],
            concerned="cd"[place % 3 % 2],
            theme="tuv"[place % 3],
            municipality="mno"[place % 7 % 3],
            month=place % 12 + 1,
            answered=None if place % 6 == 5 else place % 40,
            closed=place % 3 == 0,
            sent=True,
            faults=frozenset("F" if place % 4 == 0 else ""),
        )
        for place in range(120)
    ]
    return report_data(cases, earlier={2022: 60, 2023: 80}, trend="continued_increase", **more)


def tables(chapter: Chapter) -> Iterator[Table]:
    for block in chapter.blocks:
        if isinstance(block, Chart):
            yield block.table
        elif isinstance(block, Table):
            yield block


def sentences(made: Document) -> Iterator[str]:
    """The chapters' own; what is said of a picture has its own tests."""
    for chapter in made.chapters:
        if chapter.key != "method":
            yield from (block.text for block in chapter.blocks if isinstance(block, Paragraph) and not block.written)


def numbers_in(text: str) -> set[float]:
    """Digits and words; what belongs to a set phrase is none."""
    plain = NOT_COUNTED.sub(" ", text.replace("\N{NO-BREAK SPACE}", ""))
    digits = {float(found.replace(",", ".")) for found in re.findall(r"\d+(?:[.,]\d+)?", plain)}
    words = {
        float(WORDS[word]) for word in re.findall(r"\w+", plain.casefold()) if word in WORDS and word not in ("en",)
    }
    return digits | words


def numbers_shown(made: Document) -> set[float]:
    found: set[float] = {float(made.year), float(made.year - 1)}
    for chapter in made.chapters:
        for block in chapter.blocks:
            if isinstance(block, KeyFigures):
                for figure in block.figures:
                    found |= numbers_in(figure.value) | numbers_in(figure.name)
        for table in tables(chapter):
            found |= {float(cell.value) for row in table.rows for cell in row if isinstance(cell.value, int)}
            found |= {number for row in table.rows for cell in row for number in numbers_in(str(cell.text))}
    return found


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(figures, st.sampled_from(["sv", "en"]))
def test_every_number_in_a_sentence_stands_in_a_table_or_beside_it(data: dict[str, Any], language: str) -> None:
    told = public(data)
    made = framed(chapters_of(told, language), META, date.fromisoformat(told["cut_off"]))  # type: ignore[arg-type]
    known = numbers_shown(made) | {float(told["actions_total"] or 0), float(told["effects_total"] or 0)}
    known |= {float(told["least"])} | {float(line["count"]) for lines in told["commonest"].values() for line in lines}
    for text in sentences(made):
        assert numbers_in(text) <= known, (text, known)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(figures, st.sampled_from(["sv", "en"]))
def test_p30_no_cell_of_the_document_is_small(data: dict[str, Any], language: str) -> None:
    made = drawn(data, language)
    for chapter in made.chapters:
        if chapter.key == "method":
            continue
        for table in tables(chapter):
            cells = [cell.value for row in table.rows for cell in row if isinstance(cell.value, int)]
            assert not [value for value in cells if 0 < value < data["least"]]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(figures, st.sampled_from(["sv", "en"]))
def test_the_document_is_whole(data: dict[str, Any], language: str) -> None:
    made = drawn(data, language)
    keys = [chapter.key for chapter in made.chapters]
    assert keys == [key for key in CHAPTER_KEYS if key in keys]
    assert keys[0] == "summary"
    assert keys[-1] == "method"
    for chapter in made.chapters:
        assert chapter.blocks
        for table in tables(chapter):
            assert {len(row) for row in table.rows} <= {len(table.columns)} == {len(table.numeric)}
            assert table.caption
            assert table.rows
            assert table.definition or table.measure == "method"
        for block in chapter.blocks:
            if isinstance(block, KeyFigures):
                assert all(figure.name and figure.value and figure.definition for figure in block.figures)
            if isinstance(block, Paragraph):
                assert block.text.endswith((".", "”."))
                assert "  " not in block.text
                assert not re.search(r"None(?! of)", block.text)


def test_the_top_of_an_edition_and_of_a_draft() -> None:
    made = drawn(many())
    assert made.title == "Åtgärdsrapport 2024"
    assert made.federation == "Samordningsförbundet Xbygden"
    assert made.facts == (
        ("Utgåva", "2"),
        ("Diarienummer", "2025:11 / 4"),
        ("Räknat till och med", "31 december 2024"),
        ("Godkänd", "Anna Berg, 20 januari 2025"),
        ("Kontrollsumma", "ab" * 32),
    )
    assert drawn(many(), meta=DRAFT).facts[0] == ("Utgåva", "Utkast, inte fastställt")
    assert drawn(many(), "en").facts[2] == ("Counted up to", "31 December 2024")


def test_the_directors_words_stand_between_the_sentences_and_the_figures() -> None:
    made = drawn({**many(), "texts": {"reports": "Vi reste runt.", "goals": "Målen är nya."}})
    reports = next(chapter for chapter in made.chapters if chapter.key == "reports")
    kinds = [type(block).__name__ + ("*" if getattr(block, "written", False) else "") for block in reports.blocks]
    assert kinds[:3] == ["Paragraph", "Paragraph*", "Chart"]
    assert [chapter.key for chapter in made.chapters if chapter.key == "goals"] == ["goals"]


def test_the_goals_stand_as_they_are_with_a_sentence_counted_from_them() -> None:
    goals = [
        {"text": "Svar i tid", "fulfilment": "met", "comment": "Bra"},
        {"text": "Fler träffar", "fulfilment": "not_assessable", "comment": ""},
    ]
    chapter = next(one for one in drawn({**many(), "goals": goals}).chapters if one.key == "goals")
    assert isinstance(chapter.blocks[0], Paragraph)
    assert chapter.blocks[0].text == "Av 2 åtaganden är 1 uppfyllt, och 1 går inte att bedöma."
    (table,) = tables(chapter)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Svar i tid", "Uppfyllt", "Bra"],
        ["Fler träffar", "–", ""],
    ]


def test_every_measure_that_is_shown_is_defined_in_the_last_chapter() -> None:
    made = drawn(many(actions={"training": 9}, occurrences=7))
    (table,) = tables(made.chapters[-1])
    defined = {row[0].text for row in table.rows}
    shown = [
        figure
        for chapter in made.chapters
        for block in chapter.blocks
        if isinstance(block, KeyFigures)
        for figure in block.figures
    ]
    assert {figure.name for figure in shown} - defined <= {"Inkomna 2024", "Inkomna 2023", "Dagar till svar, median"}
    assert {"Mellan vilka parter", "Svar i tid"} - defined == {"Svar i tid"}


def test_of_too_few_only_what_was_done_is_told() -> None:
    made = drawn(report_data([Case()] * 3, trend="first_year", actions={"training": 6}))
    assert [chapter.key for chapter in made.chapters] == ["summary", "actions", "effect", "method"]
    assert not [block for block in made.chapters[0].blocks if not isinstance(block, Paragraph)]


def test_a_year_without_reports_says_so() -> None:
    made = drawn(report_data([], earlier={2023: 9}, trend="decrease"))
    assert f"Under {YEAR} kom ingen Lex Heller-anmälan in" in made.short_block[0]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_picture_stands_where_it_shows_more_than_a_sentence(language: Any) -> None:
    made = drawn(many(), language)
    charts = [block for chapter in made.chapters for block in chapter.blocks if isinstance(block, Chart)]
    assert {chart.table.measure for chart in charts} >= {"received_per_year", "pairs", "answer_days"}
    assert all(chart.svg.startswith("<svg") and chart.summary for chart in charts)


def test_the_same_figures_give_the_same_document() -> None:
    assert drawn(many()) == drawn(many())


@pytest.mark.parametrize(("language", "share"), [("sv", "19 av 24 (79 %)"), ("en", "19 of 24 (79%)")])
def test_the_times_say_median_nine_of_ten_and_the_share_in_time_beside_what_they_mean(
    language: str, share: str
) -> None:
    made = drawn(many(answers=(19, 24)), language)
    times = next(chapter for chapter in made.chapters if chapter.key == "times")
    figures_by_measure = {
        figure.measure: figure for block in times.blocks if isinstance(block, KeyFigures) for figure in block.figures
    }
    assert figures_by_measure["answers_in_time"].value.replace("\N{NO-BREAK SPACE}", " ") == share
    values = {
        measure: figure.value.replace("\N{NO-BREAK SPACE}", " ") for measure, figure in figures_by_measure.items()
    }
    assert (
        values["answer_days"]
        == {
            "sv": "Inom 19,5 dagar för hälften, inom 35 dagar för nio av tio",
            "en": "Within 19.5 days for half, within 35 days for nine of ten",
        }[language]
    )
    alone = {"sv": "Inom 3 dagar för hälften", "en": "Within 3 days for half"}[language]
    assert values["days_to_send"] == alone, "all took as long: nine of ten would say nothing more"
    assert all(figure.definition for figure in figures_by_measure.values())
