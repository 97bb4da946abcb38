"""The shapes the annual report's text block is made from and made into. No words and no rules of wording."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
"""That a report is told in; it is written in the first."""


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Actions of one type. `texts`: the office's own words, one per action that has any, in order of date. `count` is
    None where it is not told.
    """

    key: str
    label: str
    texts: tuple[str, ...]
    count: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The year's figures. `answered` and `closed` are how many of the `received` are answered and closed."""

    year: int
    received: int
    previous: int | None
    answered: int | None
    closed: int | None
    median_days: float | None
    federation_name: str


@dataclass(frozen=True, slots=True)
class GroupText:
    """What was done of one type, as a `sentence` with its full stop.

    `items` are the parts of it that are the office's own Swedish words, so that a page in another language
    can mark them up as Swedish.
    """

    key: str
    count: int | None
    sentence: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The ready text. `lead`: what came in and became of it; `actions`: opens what was done, may be empty."""

    language: Language
    lead: str
    actions: str
    groups: tuple[GroupText, ...]

    def paragraphs(self) -> tuple[str, ...]:
        """Two paragraphs of running text: the figures, and what was done."""
        done = " ".join(part for part in (self.actions, *(group.sentence for group in self.groups)) if part)
        return (self.lead, done)

    def plain(self) -> str:
        """The block as one text, its paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs())


def joined(items: Sequence[str], last: str) -> str:
    """A list in running text: commas, and `last` (as "samt") before the last item.

    Semicolons part three or more items when one of them has a comma of its own.
    """
    if len(items) < 3:
        return f" {last} ".join(items)
    if any(", " in item for item in items):
        return f"{'; '.join(items[:-1])}; {last} {items[-1]}"
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
