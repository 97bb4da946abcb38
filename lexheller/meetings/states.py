"""The kinds of groups that meet, and what a meeting can make of an item. Pure."""

from __future__ import annotations

from enum import StrEnum


class GroupKind(StrEnum):
    """Beredningsgrupp, styrelse, styrgrupp."""

    PREPARATORY = "preparatory"
    BOARD = "board"
    STEERING = "steering"


class Outcome(StrEnum):
    """POSTPONED goes on to the group's next meeting; NOTED was dealt with and needed no decision."""

    DECIDED = "decided"
    NOTED = "noted"
    POSTPONED = "postponed"
