"""Keyset pages: the next page begins after the last row's key, so page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`next` is the cursor of the following page, None on the last."""

    rows: list[Row]
    next: str | None


def page_of(rows: list[Row], size: int, key: Callable[[Row], list[str | int]]) -> Page[Row]:
    """Of `size` + 1 rows read, the page and a cursor if there was one more."""
    shown = rows[:size]
    return Page(shown, encode(key(shown[-1])) if len(rows) > size else None)


def encode(values: list[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode(cursor: str | None, *types: type) -> list[str | int] | None:
    """The values of a cursor if they have just these types; None for no cursor or a made-up one."""
    if not cursor or len(cursor) > 200:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        return None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        return None
    return values
