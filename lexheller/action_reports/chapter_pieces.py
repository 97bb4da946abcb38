"""What the chapters are put together from: cells, tables, key figures and the names of things, in one language.

Reads only what `publishing.public` told; None is hidden. Stops at the single piece: which stand where is `chapters`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from flask_babel import gettext

from lexheller.action_reports import sentences_en, sentences_sv
from lexheller.action_reports.action_texts import lowered
from lexheller.action_reports.blocks import Language
from lexheller.action_reports.document import HIDDEN, Block, Cell, KeyFigure, Paragraph, Table
from lexheller.action_reports.publishing_lists import OTHERS
from lexheller.action_reports.publishing_words import merged_label, type_label
from lexheller.action_reports.sentences_shapes import Part, Spread, Top, Words
from lexheller.statistics.figures import UNKNOWN

SAY: Mapping[str, ModuleType] = {"sv": sentences_sv, "en": sentences_en}
MOST_TIED = 3
_NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Telling:
    """The public figures and the language they are told in."""

    told: Mapping[str, Any]
    language: Language

    @property
    def say(self) -> Any:
        """The sentences of the language."""
        return SAY[self.language]

    @property
    def words(self) -> Words:
        words: Words = self.say.WORDS
        return words

    def name(self, measure: str) -> str:
        return str(self.told["measures"][measure]["name"][self.language])

    def definition(self, measure: str) -> str:
        return str(self.told["measures"][measure]["definition"][self.language])

    def part(self, measure: str) -> Part:
        one = self.told["numbers"][measure]
        return Part(one["value"], one["of"])

    def spread(self, measure: str) -> Spread:
        one = self.told["days"][measure]
        return Spread(one["median"], one["nine_of_ten"])

    def label(self, measure: str, line: Mapping[str, Any]) -> str:
        """What a line is called: our own words in the language, names and the office's words as they are."""
        if line["key"] == OTHERS:
            small = self.told["merged"].get(measure, {}).get("small", False)
            return merged_label(self.told["least"] if small else None, self.language)
        label = str(line["label"])
        if measure == "by_month":
            return "–".join(str(gettext(month)) for month in label.split("–"))
        if measure == "by_action_type":
            words = type_label(line["key"], label, self.language)
            return words[:1].upper() + words[1:] if self.language == "en" else label
        return str(gettext(label)) if line["key"] == UNKNOWN or measure == "effects" else label

    def number(self, number: int | None, hidden: str = "") -> Cell:
        """`hidden`: words for one that is hidden only because it is small."""
        return Cell(HIDDEN, hidden or self.words.hidden) if number is None else Cell(number, self.written(number))

    def written(self, number: float) -> str:
        """In digits."""
        if number == int(number):
            return f"{int(number):,}".replace(",", "," if self.language == "en" else _NO_BREAK)
        return f"{number:.1f}" if self.language == "en" else f"{number:.1f}".replace(".", ",")

    def days(self, days: float) -> str:
        form = self.words.days_one if days == 1 else self.words.days_many
        return form.format(days=self.written(days)).replace(" ", _NO_BREAK)

    def soon(self, days: float) -> str:
        return f"{self.words.inside} {self.days(days)}" if days else self.words.same_day

    def paragraphs(self, *texts: str) -> list[Block]:
        """One paragraph of the sentences that say something."""
        said = " ".join(filter(None, texts))
        return [Paragraph(said)] if said else []

    def key_figure(self, measure: str, value: str, name: str = "") -> KeyFigure:
        return KeyFigure(measure, name or self.name(measure), value, self.definition(measure))

    def part_figure(self, measure: str) -> list[KeyFigure]:
        """ "12 of 17", of many with hundredths; nothing when there is no whole to be a part of."""
        part = self.part(measure)
        if part.of == 0:
            return []
        if part.value is None or part.of is None:
            return [self.key_figure(measure, self.words.hidden)]
        words = self.words.of if part.percent is None else self.words.of_in_percent
        numbers = {"part": self.written(part.value), "whole": self.written(part.of), "percent": part.percent}
        return [self.key_figure(measure, words.format(**numbers))]

    def days_figure(self, measure: str) -> list[KeyFigure]:
        """Half, and nine of ten where it says more; nothing when nothing got so far."""
        one, words = self.told["days"][measure], self.words
        if one["count"] == 0:
            return []
        if one["median"] is None:
            return [self.key_figure(measure, words.hidden)]
        value = f"{self.soon(one['median'])} {words.median}"
        if one["nine_of_ten"] is not None and one["nine_of_ten"] > one["median"]:
            value += f", {self.soon(one['nine_of_ten'])} {words.nine_of_ten}"
        return [self.key_figure(measure, value[:1].upper() + value[1:])]

    def list_table(self, measure: str, heading: str) -> Table:
        """Name and number of each line of a list."""
        rows = [(text(self.label(measure, line)), self.number(line["count"])) for line in self.told[measure]]
        return self.table(measure, (heading, self.words.number), rows, self.merged_notes(measure))

    def table(
        self, measure: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]], notes: Sequence[str] = ()
    ) -> Table:
        """The last column is the number."""
        made = tuple(rows)
        hidden = any(cell.value is HIDDEN and cell.text == self.words.hidden for row in made for cell in row)
        return Table(
            measure=measure,
            caption=self.name(measure),
            columns=tuple(columns),
            numeric=(*(False for _ in columns[1:]), True),
            rows=made,
            definition=self.definition(measure),
            notes=(*notes, *([self.words.hidden_note] if hidden else [])),
        )

    def merged_notes(self, measure: str) -> list[str]:
        """What a merged line holds."""
        held = self.told["merged"].get(measure)
        if not held:
            return []
        label = merged_label(None, self.language)
        return [self.words.merged_note.format(label=label, names=", ".join(held["labels"]))]

    def top(self, measure: str, *, total: int | None = None) -> Top | None:
        """Those with most, as they stand in running text; None when it is too many, or what is not known."""
        lines = [line for line in self.told[measure] if line["key"] != OTHERS and line["count"]]
        most = max((line["count"] for line in lines), default=0)
        if len(lines) < 2 and len(self.told[measure]) < 2:
            return None
        return self.first(measure, [line for line in lines if line["count"] == most], total=total)

    def first(self, measure: str, lines: Sequence[Mapping[str, Any]], *, total: int | None = None) -> Top | None:
        """`lines` are those with most; None as for `top`."""
        if not 0 < len(lines) <= MOST_TIED or any(line["key"] == UNKNOWN for line in lines):
            return None
        return Top(tuple(self.in_text(measure, line) for line in lines), lines[0]["count"], total)

    def in_text(self, measure: str, line: Mapping[str, Any]) -> str:
        """What a line is called inside a sentence."""
        label = self.label(measure, line)
        if measure == "by_theme":
            return f"“{label}”" if self.language == "en" else lowered(label)
        return lowered(label) if measure == "by_action_type" else label


def text(words: str) -> Cell:
    return Cell(words, words)
