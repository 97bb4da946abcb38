"""The published yearly reports of several federations as one list, for whoever reads them in all of those.

One edition of each year, the one that stands on the federation's open page: others could be subtracted from it (P30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lexheller.accounts.rights import Actor, Right
from lexheller.action_reports.public_reading import editions_by_year
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federations


@dataclass(frozen=True, slots=True)
class Line:
    """A published edition. `frozen_on` is a Swedish calendar day."""

    federation: Federation
    year: int
    number: int
    diary_number: str
    frozen_on: date


def readable(actor: Actor) -> list[Federation]:
    """The federations that let the actor read their reports, in Swedish order."""
    return [one for one in federations() if actor.may(Right.READ_EDITIONS, one.id)]


def published(found: Sequence[Federation]) -> list[Line]:
    """Of these federations; the latest year first, in a year by federation."""
    lines = [
        Line(federation, row.year, row.number, row.diary_number, row.frozen_on)
        for federation in found
        for row in editions_by_year(federation.id)
    ]
    return sorted(lines, key=lambda line: -line.year)
