"""A report's figures as the office's pages show them, chapter by chapter: from its data alone, draft or edition.

Whole figures with the cases behind them; what leaves the office is made elsewhere. Stops at values: drawing is the
template's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from lexheller.action_reports.document import Document, Paragraph
from lexheller.action_reports.forms_html import page_of
from lexheller.action_reports.labels import FULFILMENT, TONE, fault_name
from lexheller.action_reports.outline import HEADING, SHOWS
from lexheller.action_reports.reading import Piece, label_of, language_of
from lexheller.action_reports.states import Fulfilment
from lexheller.statistics.lines import theme_year_key
from lexheller.statistics.measures import LISTS

Data = Mapping[str, Any]
Href = Callable[[str, str], str]
"""The address of the cases behind a figure: measure and key."""

ONE = "all"
PER_YEAR, THEMES_PER_YEAR, LABELLED_AS = "received_per_year", "themes_per_year", "by_theme"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list, with the length of its bar, 0–100 of the largest."""

    label: str
    count: int
    share: float
    href: str | None
    lang: str | None


@dataclass(frozen=True, slots=True)
class YearsRow:
    """A line over several years: each year's number, and the address of its cases."""

    label: str
    numbers: tuple[tuple[int, str | None], ...]
    lang: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number by itself (`value`, ready to be read), a list of `rows`, or lines `over_years` with a number for each of
    `years`; what it means is said beside it.
    """

    measure: str
    name: str
    definition: str
    value: str = ""
    href: str | None = None
    rows: tuple[Row, ...] = ()
    is_list: bool = False
    years: tuple[str, ...] = ()
    over_years: tuple[YearsRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """`generated` is what is said of the figures, in paragraphs of pieces; `text` what the office wrote."""

    key: str
    heading: str
    generated: tuple[tuple[Piece, ...], ...]
    figures: tuple[Figure, ...]
    text: str


def chapters(data: Data, locale: str, href: Href, document: Document) -> list[Chapter]:
    """`document` is the report that the data makes in the page's language."""
    said = said_in(document)
    return [
        Chapter(
            key,
            str(heading),
            said.get(key, ()),
            tuple(figure(data, name, locale, href) for name in SHOWS[key] if _has(data, name)),
            data.get("texts", {}).get(key, ""),
        )
        for key, heading in HEADING.items()
    ]


def said_in(document: Document) -> dict[str, tuple[tuple[Piece, ...], ...]]:
    """What the report says of its figures, by chapter: what stands before the office's own words."""
    page = page_of(document)
    return {
        chapter.key: tuple(
            tuple(Piece(words, swedish) for words, swedish in page.pieces(block.text))
            for block in chapter.blocks
            if isinstance(block, Paragraph) and not block.written
        )
        for chapter in document.chapters
    }


def goals(data: Data) -> list[dict[str, str]]:
    """The rows of goals with what their fulfilment is called."""
    return [
        {**goal, "label": str(FULFILMENT[of]), "tone": TONE[of]}
        for goal in data.get("goals", ())
        if (of := Fulfilment(goal["fulfilment"]))
    ]


def figure(data: Data, name: str, locale: str, href: Href) -> Figure:
    """One measure with its name and definition as they stood when the data was made. Raises KeyError for none."""
    words = data["measures"][name]
    said = (name, words["name"].get(locale, words["name"]["sv"]), words["definition"].get(locale, ""))
    behind = data["cases_behind"].get(name, {})
    if name == PER_YEAR:
        return Figure(*said, rows=tuple(_rows_per_year(data, href)), is_list=True)
    if name == THEMES_PER_YEAR:
        return Figure(*said, years=_theme_years(data), over_years=tuple(_themes_over_years(data, locale, href)))
    if name in LISTS or name in {"pairs", "faults"}:
        return Figure(*said, rows=tuple(_rows(data, name, locale, href)), is_list=True)
    link = href(name, ONE) if behind.get(ONE) else None
    return Figure(*said, value=_value(data, name), href=link)


def label_in(data: Data, measure: str, key: str) -> str | None:
    """What a figure's line is called, or None when the data has no such line."""
    if key not in data["cases_behind"].get(measure, {}):
        return None
    if key == ONE:
        return str(data["measures"][measure]["name"]["sv"])
    if measure == PER_YEAR:
        return str(_("Inkomna %(year)s", year=key))
    if measure == THEMES_PER_YEAR:
        theme, year = key.rsplit("~", 1)
        label = next((label_of(line, LABELLED_AS) for line in data[THEMES_PER_YEAR] if line["key"] == theme), theme)
        return f"{label}, {year}"
    return next((_label(line, measure) for line in data.get(measure, ()) if _key(line, measure) == key), None)


def _has(data: Data, name: str) -> bool:
    """Over the years only where there are several: one by itself is told elsewhere."""
    over_years = {PER_YEAR: data.get("per_year", ()), THEMES_PER_YEAR: _theme_years(data)}
    return name in data["measures"] and (name not in over_years or len(over_years[name]) > 1)


def _rows_per_year(data: Data, href: Href) -> Iterable[Row]:
    largest = max(data["per_year"].values(), default=0) or 1
    for year, count in sorted(data["per_year"].items()):
        own = year == str(data["year"])
        behind = ("received", ONE) if own else (PER_YEAR, year)
        yield Row(year, count, 100 * count / largest, _to_cases(data, behind, href), None)


def _theme_years(data: Data) -> tuple[str, ...]:
    series = data.get(THEMES_PER_YEAR, ())
    return tuple(sorted(series[0]["per_year"])) if series else ()


def _themes_over_years(data: Data, locale: str, href: Href) -> Iterable[YearsRow]:
    for line in data[THEMES_PER_YEAR]:
        behind = {
            year: (THEMES_PER_YEAR, theme_year_key(line["key"], year))
            if year != str(data["year"])
            else (LABELLED_AS, line["key"])
            for year in _theme_years(data)
        }
        numbers = tuple((line["per_year"][year], _to_cases(data, place, href)) for year, place in behind.items())
        yield YearsRow(label_of(line, LABELLED_AS), numbers, language_of(line, LABELLED_AS, locale))


def _to_cases(data: Data, place: tuple[str, str], href: Href) -> str | None:
    """None where there are none, and in an edition from before they were kept."""
    measure, key = place
    return href(measure, key) if data["cases_behind"].get(measure, {}).get(key) else None


def _rows(data: Data, name: str, locale: str, href: Href) -> Iterable[Row]:
    largest = max((line["count"] for line in data[name]), default=0) or 1
    for line in data[name]:
        key = _key(line, name)
        behind = data["cases_behind"].get(name, {}).get(key)
        yield Row(
            _label(line, name),
            line["count"],
            100 * line["count"] / largest,
            href(name, key) if behind else None,
            language_of(line, name, locale) if name in LISTS else "sv" if locale != "sv" else None,
        )


def _key(line: Mapping[str, Any], measure: str) -> str:
    return str(line["number"] if measure == "faults" else line["key"])


def _label(line: Mapping[str, Any], measure: str) -> str:
    if measure == "pairs":
        reporting, concerned = line["reporting"]["label"], line["concerned"]["label"]
        return str(_("%(reporting)s om %(concerned)s", reporting=reporting, concerned=concerned))
    if measure == "faults":
        return fault_name(line)
    return label_of(line, measure)


def _value(data: Data, name: str) -> str:
    if name == "received":
        return str(data["received"])
    if name in data["days"]:
        return _days(data["days"][name])
    number = data["numbers"][name]
    if number["of"] is None:
        return str(number["value"])
    return str(_("%(part)s av %(whole)s", part=number["value"], whole=number["of"]))


def _days(days: Mapping[str, Any]) -> str:
    if days["median"] is None:
        return "–"
    median = format_decimal(days["median"])
    if days["nine_of_ten"] is None:
        return str(_("median %(days)s", days=median))
    return str(_("median %(days)s, nio av tio inom %(most)s", days=median, most=days["nine_of_ten"]))
