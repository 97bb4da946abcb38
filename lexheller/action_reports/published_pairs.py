"""Who reported about whom as the published report tells it, for pages of floors below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexheller.action_reports.publishing_editions import newest_published
from lexheller.improvement.published_pairs import PublishedPairs


def published_pairs(federation_id: int, year: int) -> PublishedPairs | None:
    """Of the edition that stands on the open page; None where none of the year does."""
    edition = newest_published(federation_id, year)
    if edition is None:
        return None
    public = edition.data["public"]
    return PublishedPairs(
        edition=edition.number,
        least=public["least"],
        received=public["received"],
        pairs=tuple(
            (pair["reporting"]["label"], pair["concerned"]["label"], pair["count"]) for pair in public["pairs"] or ()
        ),
        reporting=_sums(public, "by_reporting_organisation"),
        concerned=_sums(public, "by_organisation"),
    )


def _sums(public: Mapping[str, Any], measure: str) -> tuple[tuple[str, int], ...]:
    return tuple((line["label"], line["count"]) for line in public[measure])
