"""Names that point out nobody: of the federation's authorities, units and places, as people write them in a report."""

from __future__ import annotations

from collections.abc import Mapping

from lexheller.core import tenancy
from lexheller.organisations.queries import federations, municipalities, organisations, units
from lexheller.web.doubts import Doubt, doubts_in


def known_names(federation_id: int) -> frozenset[str]:
    """Whole names; some queries, so asked for when something is in doubt only."""
    names = [federation.name for federation in federations()]
    names += [organisation.name for organisation in organisations(federation_id)]
    names += [unit.name for unit in units(federation_id)]
    names += [municipality.name for municipality in municipalities(federation_id)]
    return frozenset(name for name in names if name)


def known_names_here() -> frozenset[str]:
    """Of the federations for which the work at hand is done."""
    scope = tenancy.present() or frozenset()
    return frozenset(name for federation_id in sorted(scope) for name in known_names(federation_id))


def doubts_here(federation_id: int, texts: Mapping[str, str | None]) -> list[Doubt]:
    """What in the texts looks as if it named a person, less the federation's own names (P24)."""
    written = {field: text for field, text in texts.items() if text}
    return doubts_in(written, known_names(federation_id)) if doubts_in(written) else []
