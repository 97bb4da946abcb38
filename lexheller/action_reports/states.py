"""How far a goal was reached. Pure."""

from __future__ import annotations

from enum import StrEnum


class Fulfilment(StrEnum):
    """Of a goal row (måluppfyllelse)."""

    MET = "met"
    PARTLY = "partly"
    NOT = "not"
    NOT_ASSESSABLE = "not_assessable"
