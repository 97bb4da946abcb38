"""Where a set of routing rules stands. Pure; the rows are in `models`."""

from __future__ import annotations

from enum import StrEnum


class RuleSetStatus(StrEnum):
    """DRAFT: being worked on, one per federation. IN_USE: reports go by it, at most one. PAST: was in use once."""

    DRAFT = "draft"
    IN_USE = "in_use"
    PAST = "past"
