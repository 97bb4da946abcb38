"""A bounded place in the memory of one process for what was costly to make: bytes, so that nobody can alter them.

Knows neither what stands on it nor when that is out of date: whoever puts something there says what it was made of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from flask import current_app

EXTENSION = "lexheller_shelf_{name}"


@dataclass(frozen=True, slots=True)
class _Kept:
    state: str
    content: bytes
    since: float


@dataclass(slots=True)
class Shelf:
    """Of at most `most_bytes`: what was asked for longest ago makes room. `longest`: seconds that anything stays."""

    most_bytes: int
    longest: float = float("inf")
    _kept: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: Hashable, state: str) -> bytes | None:
        """What stands there under the key, if it was made of the same state and is not too old."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.state != state or monotonic() - found.since > self.longest:
                return None
            self._kept.move_to_end(key)
            return found.content

    def put(self, key: Hashable, state: str, content: bytes) -> None:
        """Instead of what stood there of another state. What is larger than the whole shelf is not kept."""
        with self._lock:
            self._drop(key)
            if len(content) > self.most_bytes:
                return
            self._kept[key] = _Kept(state, content, monotonic())
            self._bytes += len(content)
            while self._bytes > self.most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        self._bytes -= len(gone.content) if gone is not None else 0


def shelf(name: str, *, most_bytes: int, longest: float = float("inf")) -> Shelf:
    """The application's shelf of that name: two applications in one process, on two databases, have one each."""
    found: Shelf = current_app.extensions.setdefault(EXTENSION.format(name=name), Shelf(most_bytes, longest))
    return found
