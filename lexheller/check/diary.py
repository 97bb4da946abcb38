"""P14 for the diary: every number that was drawn has an entry (offentlighets- och sekretesslagen 5 kap. 1 and 2 §§)."""

from __future__ import annotations

from collections.abc import Iterator

from lexheller.check.finding import Finding
from lexheller.organisations.queries import federations
from lexheller.records.diary_queries import holes


def no_number_is_missing() -> Iterator[Finding]:
    """P14: no gap up to the last number of each series; imported numbers are as the older register left them."""
    for federation in federations():
        for year, file_number, document in holes(federation.id):
            number = f"{year}:{file_number:02d} / {document}"
            yield Finding("P14", federation.id, f"diary {number}", "a number without an entry")
