"""The compiled report as a page reads it out: our own labels in the page's language, the office's words as Swedish.

The data itself is compiled in Swedish and stays as it is (P29); stops at words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext

from lexheller.action_reports.blocks import Language
from lexheller.statistics.figures import UNKNOWN

OFFICE_LISTS = frozenset({"by_theme", "by_action_type"})
_QUOTED = re.compile(r"(?<=“)[^“”]*(?=”)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph; `swedish` when it stands in Swedish on a page in another language."""

    text: str
    swedish: bool


def language_here() -> Language:
    """Of a report that is made for this page or file: the page's, Swedish where there is none."""
    return "en" if str(get_locale()) == "en" else "sv"


def ready_text(data: Mapping[str, Any], locale: str) -> list[list[Piece]]:
    """The block's paragraphs in pieces. The English text quotes the office's own words between “ and ”."""
    if locale != "en":
        return [[Piece(paragraph, False)] for paragraph in data["text"]["sv"]]
    return [_pieces(paragraph) for paragraph in data["text"]["en"]]


def label_of(line: Mapping[str, Any], figure: str) -> str:
    """Months and "unknown" are our words, with their Swedish as the key of the translation; names are left alone."""
    label = str(line["label"])
    return str(gettext(label)) if _is_ours(line, figure) else label


def language_of(line: Mapping[str, Any], figure: str, locale: str) -> str | None:
    """`sv` for a label from the federation's own lists on a page in another language."""
    return "sv" if figure in OFFICE_LISTS and locale != "sv" and not _is_ours(line, figure) else None


def _is_ours(line: Mapping[str, Any], figure: str) -> bool:
    return figure == "by_month" or line["key"] == UNKNOWN


def _pieces(paragraph: str) -> list[Piece]:
    pieces, end = [], 0
    for quoted in _QUOTED.finditer(paragraph):
        pieces += [Piece(paragraph[end : quoted.start()], False), Piece(quoted.group(), True)]
        end = quoted.end()
    return [piece for piece in (*pieces, Piece(paragraph[end:], False)) if piece.text]
