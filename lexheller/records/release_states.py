"""What may be decided about a document that somebody asks for, and what it is asked of. Pure.

Stops at codes and checks: the words are `release_labels`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from lexheller.core.errors import InvalidInput

Passages = Mapping[str, Sequence[Sequence[int]]]
"""What is hidden, by the key of a text: half-open places in it. Tells where, never what."""

LONGEST_ASKED, LONGEST_WORDS, LONGEST_NAME, LONGEST_ADDRESS = 2000, 1000, 200, 254


class DocumentKind(StrEnum):
    """What can be given out. Internal notes are no public documents and are not among them."""

    REPORT = "report"
    OCCURRENCE = "occurrence"
    QUESTION = "question"
    ANSWER = "answer"
    FEEDBACK = "feedback"
    CONCLUSION = "conclusion"
    HANDOVER = "handover"
    FAULT = "fault"
    FAULT_NEWS = "fault_news"
    MINUTES = "minutes"
    EDITION = "edition"


class Decision(StrEnum):
    """LEFT_OUT: not what was asked for, after all."""

    WHOLE = "whole"
    MASKED = "masked"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


SECRET = frozenset({Decision.MASKED, Decision.REFUSED})
GIVEN = frozenset({Decision.WHOLE, Decision.MASKED})


class Paragraph(StrEnum):
    """Of offentlighets- och sekretesslagen (2009:400), those that a report may fall under."""

    HEALTH = "21:1"
    PURSUED = "21:3"
    DATA_PROTECTION = "21:7"
    EDUCATION = "23"
    HEALTH_CARE = "25:1"
    SOCIAL_SERVICES = "26:1"
    INSURANCE_AND_WORK = "28"


class CopyForm(StrEnum):
    PDF = "pdf"
    TEXT = "text"
    LETTER = "letter"


class PackageStatus(StrEnum):
    MAKING = "making"
    READY = "ready"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody decided about one document. `hidden` counts for a masked copy alone."""

    decision: Decision
    paragraphs: tuple[Paragraph, ...] = ()
    own_words: str = ""
    hidden: Passages = field(default_factory=dict)

    def check(self) -> None:
        """Raises InvalidInput: `paragraphs` (`required`) where something is secret, `hidden` (`required`) where a
        masked copy would hide nothing, `own_words` (`too_long`).
        """
        if len(self.own_words) > LONGEST_WORDS:
            raise InvalidInput("own_words", "too_long")
        if self.decision in SECRET and not self.paragraphs and not self.own_words.strip():
            raise InvalidInput("paragraphs", "required")
        if self.decision is Decision.MASKED and not any(self.hidden.values()):
            raise InvalidInput("hidden", "required")


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a document. `key` names it within the document, whatever language it is shown in. `held`: it waits
    for the office to look, since somebody may be named in it (P24).
    """

    key: str
    heading: str
    text: str
    held: bool = False


def hash_of(pieces: Sequence[Piece]) -> str:
    """The same for the same texts: what was decided holds for these and no others."""
    mark = sha256()
    for piece in pieces:
        mark.update(f"{piece.key}\0{piece.text}\0".encode("utf-8", "surrogatepass"))
    return mark.hexdigest()


def within(pieces: Sequence[Piece], hidden: Passages) -> dict[str, list[list[int]]]:
    """What of `hidden` lies within the texts, in order: nothing is kept of a text that is not there."""
    lengths = {piece.key: len(piece.text) for piece in pieces}
    kept: dict[str, list[list[int]]] = {}
    for key, places in hidden.items():
        good = {(start, end) for start, end in places if 0 <= start < end <= lengths.get(key, 0)}
        if good:
            kept[key] = [list(place) for place in sorted(good)]
    return kept
