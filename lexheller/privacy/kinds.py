"""What a finding is. Kinds and certainties only; the rules that make findings live beside this file."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PERSONAL_IDENTITY_NUMBER = "personal_identity_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    PERSON_NAME = "person_name"


class Certainty(StrEnum):
    STOP = "stop"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Finding:
    """One direct identifier. ``start`` and ``end`` count code points in the text that was scanned."""

    kind: Kind
    start: int
    end: int
    text: str
    certainty: Certainty


def finding(kind: Kind, text: str, start: int, end: int, certainty: Certainty = Certainty.REVIEW) -> Finding:
    return Finding(kind, start, end, text[start:end], certainty)


def without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Earlier in the list wins; the answer is ordered by start."""
    kept: list[Finding] = []
    taken: set[int] = set()
    for found in findings:
        places = range(found.start, found.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)
