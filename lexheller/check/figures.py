"""P28: the facts that figures are made of are those that the event log gives."""

from __future__ import annotations

from collections.abc import Iterator

from lexheller.cases.fact_models import Fact
from lexheller.check.finding import Finding
from lexheller.organisations.queries import federations
from lexheller.statistics.facts import facts_of_federation, rebuilt


def facts_as_told() -> Iterator[Finding]:
    """P28: none is missing, none is one too many, and each says what its events say."""
    for federation in federations():
        told, kept = rebuilt(federation.id), facts_of_federation(federation.id)
        for noun in told:
            for subject_id in sorted(told[noun].keys() | kept[noun].keys()):
                why = _difference(told[noun].get(subject_id), kept[noun].get(subject_id))
                if why is not None:
                    yield Finding("P28", federation.id, f"{noun} {subject_id}", why)


def _difference(told: Fact | None, kept: Fact | None) -> str | None:
    if kept is None:
        return "no fact"
    if told is None:
        return "a fact that no event tells"
    names = [column.key for column in kept.__table__.columns]
    different = [name for name in names if getattr(told, name) != getattr(kept, name)]
    return f"fact differs from the events: {', '.join(different)}" if different else None
