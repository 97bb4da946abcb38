"""From public figures to the report as a document: its chapters in order, in one language.

Each chapter says first what the figures say, then what the director has written, then shows the figures. A chapter with
nothing to say is left out. What stands around them (number, approval, checksum) is set by itself, since the chapters
are frozen before it is known. Needs an application context for the interface's words; stops at what is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import force_locale, format_date

from lexheller.action_reports.blocks import Language
from lexheller.action_reports.chapter_contents import CONTENTS
from lexheller.action_reports.chapter_pieces import SAY, Telling, text
from lexheller.action_reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Table,
)
from lexheller.action_reports.outline import HEADING
from lexheller.action_reports.sentences_shapes import Words


@dataclass(frozen=True, slots=True)
class EditionMeta:
    """What stands under the title. `number` is None for a draft."""

    number: int | None
    diary_number: str | None
    approved_by: str | None
    approved_on: date | None
    frozen_on: date | None
    hash: str


def chapters_of(public_data: Mapping[str, Any], language: Language) -> Document:
    """The report with nothing around it. `public_data` is what `publishing.public` gave."""
    telling = Telling(public_data, language)
    words = telling.words
    name = str(public_data["federation_name"])
    with force_locale(language):
        chapters = [_chapter(telling, key) for key in HEADING if key != "method"]
        kept = [chapter for chapter in chapters if chapter.blocks]
        return Document(
            language=language,
            title=words.title.format(year=public_data["year"]),
            federation=name if "förbund" in name.casefold() else words.federation.format(name=name),
            year=public_data["year"],
            facts=(),
            chapters=(*kept, _method(telling, kept)),
            short_block=tuple(public_data["text"][language]),
            hash="",
        )


def framed(document: Document, meta: EditionMeta, cut_off: date) -> Document:
    """The same chapters under what stands under the title, in their language."""
    with force_locale(document.language):
        return replace(
            document,
            facts=tuple(_facts(SAY[document.language].WORDS, meta, cut_off)),
            hash=meta.hash,
            to_sign=meta.number is not None or meta.approved_by is not None,
        )


def _facts(words: Words, meta: EditionMeta, cut_off: date) -> Iterable[tuple[str, str]]:
    yield words.edition, str(meta.number) if meta.number is not None else words.draft
    if meta.diary_number:
        yield words.diary_number, meta.diary_number
    yield words.cut_off, _day(cut_off)
    if meta.approved_by and meta.approved_on:
        yield words.approved, words.approved_by_on.format(name=meta.approved_by, day=_day(meta.approved_on))
    yield words.checksum, meta.hash


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


def _chapter(telling: Telling, key: str) -> Chapter:
    few = telling.told["received"] is None and key not in ("summary", "actions", "effect", "goals")
    said, shown = ([], []) if few else CONTENTS[key](telling)
    written = telling.told.get("texts", {}).get(key, "").strip()
    own: list[Block] = [Paragraph(written, written=True)] if written else []
    return Chapter(key, str(HEADING[key]), (*said, *own, *shown))


def _method(telling: Telling, chapters: Iterable[Chapter]) -> Chapter:
    """Cut-off, what is hidden and why, and every measure that the report shows."""
    told, words, say = telling.told, telling.words, telling.say
    said = telling.paragraphs(
        say.counted_until(told["year"], _day(date.fromisoformat(told["cut_off"]))),
        say.about_hiding(told["least"]),
        say.about_the_checksum(),
    )
    written = told.get("texts", {}).get("method", "").strip()
    own: list[Block] = [Paragraph(written, written=True)] if written else []
    rows = tuple(_measure_row(telling, measure) for measure in _measures_in(chapters) if measure in told["measures"])
    columns = (words.measure, words.definition, words.clock, words.version)
    table = Table("method", words.measures_caption, columns, (False, False, False, True), rows, "")
    return Chapter("method", str(HEADING["method"]), (*said, *own, *([table] if rows else [])))


def _measure_row(telling: Telling, measure: str) -> tuple[Cell, ...]:
    one = telling.told["measures"][measure]
    clock = telling.words.clocks[one["clock"]]
    version = Cell(one["version"], str(one["version"]))
    return text(telling.name(measure)), text(telling.definition(measure)), text(clock), version


def _measures_in(chapters: Iterable[Chapter]) -> list[str]:
    found: dict[str, None] = {}
    for chapter in chapters:
        for block in chapter.blocks:
            if isinstance(block, KeyFigures):
                found.update(dict.fromkeys(figure.measure for figure in block.figures))
            elif isinstance(block, Chart | Table):
                found[(block.table if isinstance(block, Chart) else block).measure] = None
    return list(found)
