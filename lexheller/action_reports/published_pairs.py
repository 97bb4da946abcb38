"""Who reported about whom as the published report tells it, for pages of floors below."""

from __future__ import annotations

from lexheller.action_reports.chapter_pieces import Telling
from lexheller.action_reports.publishing_editions import newest_published
from lexheller.action_reports.reading import language_here
from lexheller.improvement.published_pairs import PublishedPairs


def published_pairs(federation_id: int, year: int) -> PublishedPairs | None:
    """Of the edition that stands on the open page; None where none of the year does."""
    edition = newest_published(federation_id, year)
    if edition is None:
        return None
    public = edition.data["public"]
    telling = Telling(public, language_here())
    return PublishedPairs(
        edition=edition.number,
        least=public["least"],
        received=public["received"],
        pairs=tuple(
            (telling.label("pairs", pair["reporting"]), telling.label("pairs", pair["concerned"]), pair["count"])
            for pair in public["pairs"] or ()
        ),
        reporting=_sums(telling, "by_reporting_organisation"),
        concerned=_sums(telling, "by_organisation"),
    )


def _sums(telling: Telling, measure: str) -> tuple[tuple[str, int], ...]:
    return tuple((telling.label(measure, line), line["count"]) for line in telling.told[measure])
