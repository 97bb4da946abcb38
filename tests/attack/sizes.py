"""How large the attacks are: one place, read by the tests here and by those of `make campaign`."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`scripts` payloads in every field (0: all there are); `naughty` texts in every form (0: all), and how many of the
    strings each field and page gets `alone`; `numbers` planted over all fields; `addresses` of one kind that are looked
    at; how many `pages` a browser renders; how many forms of a kind are raced (0: all), how many `rounds`.
    """

    scripts: int
    naughty: int
    alone: int
    numbers: int
    addresses: int
    pages: int
    raced: int
    rounds: int


SMALL = Size(scripts=200, naughty=1, alone=1, numbers=200, addresses=2, pages=6, raced=1, rounds=1)
FULL = Size(scripts=0, naughty=0, alone=3, numbers=10_000, addresses=6, pages=80, raced=0, rounds=3)


def chosen_size() -> Size:
    return FULL if os.environ.get("LEXHELLER_CAMPAIGN") == "full" else SMALL
