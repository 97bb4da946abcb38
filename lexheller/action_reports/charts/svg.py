"""What all charts are drawn with: colours, letters, boxes, lines, hatching, and the picture round them.

SVG with presentation attributes alone: no style, script or reference, so that it stands inside a page as well as in a
printed document. Lengths are units of the picture's own box, which is as wide as a phone; a page may show it larger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 360
SIZE = 13
"""Letters of labels and values."""
SMALL = 12
"""The smallest letters: 11 pixels on a phone that is 390 wide."""
LINE = 16
"""From one line of text to the next."""

PAPER = "#ffffff"
INK = "#1d2926"
SOFT = "#4c5b56"
STRONG = "#1f5a4d"
"""What the eye should find first."""
EDGE = "#5b6d65"
"""Outlines and hatching; 3:1 against every filling and the paper."""
PALE = "#dfe9e3"
"""The filling of what stands beside, always with an outline."""

_FONTS = "Inter, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_STEP = 5.0
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_VOWELS = frozenset("aeiouyåäöé")
_NARROW = frozenset("fijlrtI.,:;!|'’()[]-–/ ")
_BROAD = frozenset("mwMWÅÄÖOQGD%@…&—")


def escaped(text: str) -> str:
    """One line of text as it may stand in XML, in an attribute too; what no XML may hold is left out."""
    allowed = " ".join("".join(letter for letter in text if letter.isspace() or _in_xml(letter)).split())
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        allowed = allowed.replace(letter, written)
    return allowed


def short(value: float) -> str:
    """A length with two decimals at most, the same on every machine."""
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")


def text_width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """A generous estimate, by the widest of the typefaces that may be used."""
    return size * sum(map(_letter_width, text)) * (1.1 if bold else 1)


def wrapped(text: str, width: float, size: float = SIZE, *, bold: bool = False, most: int = 3) -> list[str]:
    """Lines that fit within `width`: broken between words, in a word only when it must, cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.extend(_parts(word, width, size, bold=bold))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, size, bold=bold)]


def cut(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> str:
    """`text` as far as it fits, with an ellipsis where something is left out."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size, bold=bold) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def letters(
    x: float,
    y: float,
    text: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    anchor: str = "start",
    ink: str = INK,
    halo: bool = False,
    number: str = "",
) -> str:
    """One line with its foot at `y`.

    `halo` keeps it readable where it crosses other lines; `number` ends it, in bold.
    """
    attributes = f'x="{short(x)}" y="{short(y)}" font-size="{short(size)}" fill="{ink}"'
    attributes += ' font-weight="700"' if bold else ""
    attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
    if halo:
        attributes += f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    ending = f' <tspan font-weight="700">{escaped(number)}</tspan>' if number else ""
    return f"<text {attributes}>{escaped(text)}{ending}</text>"


def box(x: float, y: float, width: float, height: float, filling: str, *, edge: str | None = None) -> str:
    """With an `edge` the outline stands inside the box, so that boxes of a size look of a size."""
    inset = 0.5 if edge else 0.0
    outline = f' stroke="{edge}"' if edge else ""
    return (
        f'<rect x="{short(x + inset)}" y="{short(y + inset)}" width="{short(max(width - 2 * inset, 0))}" '
        f'height="{short(max(height - 2 * inset, 0))}" fill="{filling}"{outline}/>'
    )


def hatched(x: float, y: float, width: float, height: float) -> str:
    """A box for a number that is not shown: outlined and hatched, its size means nothing."""
    strokes = []
    along = _STEP
    while along < width + height:
        from_x, from_y = min(along, width), max(along - width, 0.0)
        to_x, to_y = max(along - height, 0.0), min(along, height)
        strokes.append(f"M{short(x + from_x)} {short(y + from_y)}L{short(x + to_x)} {short(y + to_y)}")
        along += _STEP
    path = f'<path d="{"".join(strokes)}" fill="none" stroke="{EDGE}"/>'
    return box(x, y, width, height, PAPER, edge=EDGE) + path


def line(x1: float, y1: float, x2: float, y2: float, *, ink: str = EDGE, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}" stroke="{ink}" '
        f'stroke-width="1.25"{dashes}/>'
    )


def picture(prefix: str, title: str, description: str, height: float, parts: Iterable[str]) -> str:
    """The whole chart. `prefix` makes its ids unique on the page. Raises ValueError when it cannot begin an id."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot begin an id")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {short(height)}" class="chart" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" font-family="{_FONTS}">'
        f'<title id="{prefix}-title">{escaped(title)}</title><desc id="{prefix}-desc">{escaped(description)}</desc>'
        f"{box(0, 0, WIDTH, height, PAPER)}{''.join(parts)}</svg>"
    )


def stacked(x: float, y: float, lines: Sequence[str], *, anchor: str = "start", bold: bool = False) -> str:
    """Small lines under each other, the foot of the first one at `y`."""
    return "".join(
        letters(x, y + place * LINE, one, size=SMALL, bold=bold, anchor=anchor) for place, one in enumerate(lines)
    )


def _parts(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    parts: list[str] = []
    rest = word
    while text_width(rest, size, bold=bold) > width and len(rest) > 2:
        fits = sum(text_width(f"{rest[:end]}-", size, bold=bold) <= width for end in range(1, len(rest)))
        end = _between_syllables(rest, max(fits, 1))
        parts.append(f"{rest[:end]}-")
        rest = rest[end:]
    return [*parts, rest]


def _between_syllables(word: str, fits: int) -> int:
    """The last place within `fits` letters where a single consonant begins a syllable, else `fits`."""
    for end in range(fits, 2, -1):
        first, second = word[end].lower(), word[end + 1 : end + 2].lower()
        if word[end - 1].isalpha() and first.isalpha() and first not in _VOWELS and second in _VOWELS:
            return end
    return fits


def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return 0.4
    if letter in _BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 0.95
    return 0.72 if letter.isupper() else 0.62


def _in_xml(letter: str) -> bool:
    code = ord(letter)
    return code >= 0x20 and not 0x7F <= code <= 0x9F and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE
