"""How far the goals of the year were reached, in one sentence that is counted from the rows each time. Pure.

So it cannot say anything else than the table under it. Changing the rows is `goal_rows`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lexheller.action_reports.blocks import joined
from lexheller.action_reports.states import Fulfilment

ORDER = (Fulfilment.MET, Fulfilment.PARTLY, Fulfilment.NOT, Fulfilment.NOT_ASSESSABLE)

_PREDICATES: Mapping[str, Mapping[Fulfilment, tuple[str, str]]] = {
    "sv": {
        Fulfilment.MET: ("är uppfyllt", "är uppfyllda"),
        Fulfilment.PARTLY: ("är delvis uppfyllt", "är delvis uppfyllda"),
        Fulfilment.NOT: ("är inte uppfyllt", "är inte uppfyllda"),
        Fulfilment.NOT_ASSESSABLE: ("går inte att bedöma", "går inte att bedöma"),
    },
    "en": {
        Fulfilment.MET: ("has been met", "have been met"),
        Fulfilment.PARTLY: ("has been partly met", "have been partly met"),
        Fulfilment.NOT: ("has not been met", "have not been met"),
        Fulfilment.NOT_ASSESSABLE: ("cannot be assessed", "cannot be assessed"),
    },
}
"""What is said of one, and of several."""


def summary(rows: Sequence[Mapping[str, Any]], language: str = "sv") -> str:
    """A number for each fulfilment that any row has; empty without rows. Raises ValueError for one that is none."""
    counts = Counter(Fulfilment(row["fulfilment"]) for row in rows)
    if not counts:
        return ""
    said = _PREDICATES["en" if language == "en" else "sv"]
    if len(counts) == 1:
        (one,) = counts
        return _of_all(len(rows), said[one][len(rows) > 1], language)
    parts = [f"{counts[one]} {said[one][counts[one] > 1]}" for one in ORDER if counts[one]]
    if language == "en":
        return f"Of {len(rows)} commitments, {joined(parts, 'and')}."
    return f"Av {len(rows)} åtaganden {_verb_once(parts)}."


def _of_all(number: int, predicate: str, language: str) -> str:
    if language == "en":
        return f"The only commitment {predicate}." if number == 1 else f"All {number} commitments {predicate}."
    return f"Det enda åtagandet {predicate}." if number == 1 else f"Samtliga {number} åtaganden {predicate}."


def _verb_once(parts: Sequence[str]) -> str:
    """ "är 7 uppfyllda, 1 delvis uppfyllt och 4 inte uppfyllda, och 1 går inte att bedöma"."""
    judged = [part.replace(" är ", " ", 1) for part in parts if " är " in part]
    rest = [part for part in parts if " är " not in part]
    return ", och ".join([f"är {joined(judged, 'och')}", *rest])
