"""Who reported about whom, as the federation's published report says it. What finds it is registered from above.

Whoever does not see the cases is shown this and nothing that is counted anew: two countings of one year, each fit to be
shown, can be subtracted from each other (P30).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

REGISTRY = "lexheller_published_pairs"


@dataclass(frozen=True, slots=True)
class PublishedPairs:
    """As an edition tells them, in the language of the visitor. Every number here is fit for anybody.

    `pairs`: who reported, whom it concerned, how many, None where hidden. `reporting` and `concerned` are the sums of
    each side, empty where the report leaves them out. `received` is None where the year's whole is small. `least` is
    the smallest number that the edition shows.
    """

    edition: int
    least: int
    received: int | None
    pairs: tuple[tuple[str, str, int | None], ...]
    reporting: tuple[tuple[str, int], ...]
    concerned: tuple[tuple[str, int], ...]


Finder = Callable[[int, int], PublishedPairs | None]
"""By federation id and year; None while nothing of that year stands published."""


def register(app: Flask, finder: Finder) -> None:
    app.extensions[REGISTRY] = finder


def published_pairs(federation_id: int, year: int) -> PublishedPairs | None:
    finder: Finder = current_app.extensions[REGISTRY]
    return finder(federation_id, year)
