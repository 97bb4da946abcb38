"""Which word stems say what a text is about: those that do not stand in every text. Pure; the one list of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lexheller.cases.search import terms_of

SHORTEST_STEM = 3

_EVERYWHERE = """
alla allt aldrig andra annan att av bara behöva bli blev borde bort båda då den deras dess det detta din dock du där
därför efter eftersom ej eller en ens er ett fall fast finns fick flera från få får för före gav ge genom gick gjorde
gå går gör göra ha hade han har hans hela hellre helt hen henne hennes hit hon honom hos hur här i icke igen in inga
ingen inget innan inom inte istället ja jag ju just kan kanske kom komma kommer kunde kunna lite man med medan mellan
men mer mera mest mig min mot mycket många måste mån ni nu någon något några när nästa och också om oss på redan
samma samt sedan sen sin själv ska skall skulle som så sätt ta till tills trots ut utan vad var vara varit varken
vart vem vid vidare vilja vilka vilken vilket vill ville vore vår våra väl än ännu är även över
the and that this with for not was were they them have has from but our your his her its are been
person personen personer någonstans sade säger sa
"""


def telling(stems: Iterable[str]) -> frozenset[str]:
    """Without short ones and those that stand everywhere. Takes what `search.terms_of` gives."""
    return frozenset(stem for stem in stems if len(stem) >= SHORTEST_STEM and stem not in _stop_stems())


@lru_cache(maxsize=1)
def _stop_stems() -> frozenset[str]:
    return frozenset(terms_of(_EVERYWHERE))
