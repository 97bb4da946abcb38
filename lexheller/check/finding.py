"""What a check answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: which, in which federation, about what (table and id), and how it is broken."""

    promise: str
    federation_id: int
    subject: str
    why: str


Check = Callable[[], Iterator[Finding]]
