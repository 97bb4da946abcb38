"""What a federation tells in its two open statements: accessibility (DOS-lagen) and personal data (GDPR). Pure.

Stops at values, their limits and what is still missing. The words of the statements are templates.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lexheller.core.errors import InvalidInput

MOST_REPORTER_DAYS = 3650


class Conformity(StrEnum):
    """The three degrees that a statement of accessibility may name."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Assessor(StrEnum):
    """Who tried it: the federation itself, or somebody from outside."""

    SELF = "self"
    OTHER = "other"


class Missing(StrEnum):
    """What the law wants told and the federation has yet to write."""

    CONTACT = "contact"
    TEST = "test"
    OFFICER = "officer"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Details:
    """Texts are Swedish, as the federation wrote them. `officer` is the data protection officer.

    `reporter_days`: calendar days from a case's closing that the reporter's address is kept; None where the
    federation's plan for disposal alone says it.
    """

    contact_email: str | None = None
    contact_phone: str | None = None
    contact_address: str | None = None
    conformity: Conformity = Conformity.PARTIAL
    shortcomings: str | None = None
    tested_on: date | None = None
    tested_by: Assessor = Assessor.SELF
    officer_name: str | None = None
    officer_email: str | None = None
    officer_phone: str | None = None
    operated_by: str | None = None
    reporter_days: int | None = None

    def as_values(self) -> dict[str, Any]:
        """By field name, as they are stored."""
        return asdict(self)

    @property
    def texts(self) -> dict[str, str | None]:
        """What somebody wrote, by field name."""
        values = self.as_values()
        return {name: value for name, value in values.items() if isinstance(value, str)}

    @property
    def missing(self) -> list[Missing]:
        """In the order of the form."""
        there = {
            Missing.CONTACT: self.contact_email or self.contact_phone,
            Missing.TEST: self.tested_on,
            Missing.OFFICER: self.officer_email or self.officer_phone,
            Missing.KEPT: self.reporter_days,
        }
        return [what for what, found in there.items() if not found]


def checked(details: Details, today: date) -> Details:
    """The same, if it can be told. Raises InvalidInput by field: `in_future`, `not_tested` and `has_shortcomings`
    (to be without faults takes a test that found none), `names_none` (what does not work must be named), `too_small`,
    `too_large`.
    """
    if details.tested_on is not None and details.tested_on > today:
        raise InvalidInput("tested_on", "in_future")
    if details.conformity is Conformity.FULL and details.tested_on is None:
        raise InvalidInput("conformity", "not_tested")
    if details.conformity is Conformity.FULL and details.shortcomings:
        raise InvalidInput("conformity", "has_shortcomings")
    if details.conformity is Conformity.NONE and not details.shortcomings:
        raise InvalidInput("shortcomings", "names_none")
    if details.reporter_days is not None and details.reporter_days < 1:
        raise InvalidInput("reporter_days", "too_small")
    if details.reporter_days is not None and details.reporter_days > MOST_REPORTER_DAYS:
        raise InvalidInput("reporter_days", "too_large")
    return details
