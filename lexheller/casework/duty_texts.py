"""The federation's standard texts where a responsible manager writes, and the one the address asks to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lexheller.cases.models import Case
from lexheller.casework.duty_forms import DutyStep
from lexheller.casework.standard_texts import Offered
from lexheller.organisations.models import TextStep
from lexheller.organisations.queries import standard_texts

PLACES: Mapping[DutyStep, tuple[TextStep, str]] = {
    DutyStep.ANSWER: (TextStep.ANSWER, "steps_taken"),
    DutyStep.ASK: (TextStep.QUESTION, "text"),
    DutyStep.SEND_BACK: (TextStep.SEND_BACK, "reason"),
}


def offered(case: Case, steps: Iterable[DutyStep]) -> dict[DutyStep, list[Offered]]:
    """The texts for the forms that the page shows, the theme's own first."""
    return {
        step: [
            Offered(str(row.id), row.title, row.text)
            for row in standard_texts(case.federation_id, PLACES[step][0].value, case.theme_id)
        ]
        for step in steps
        if step in PLACES
    }


def begun(
    step: DutyStep, texts: Mapping[DutyStep, list[Offered]], known: Mapping[str, str], asked: tuple[str, str]
) -> dict[str, str]:
    """The first values of the form with the text that was asked for (its step and key) put after what is there."""
    if step not in PLACES or asked[0] != PLACES[step][0]:
        return {}
    name = PLACES[step][1]
    chosen = next((text.text for text in texts.get(step, []) if text.key == asked[1]), None)
    if chosen is None:
        return {}
    return {name: "\n\n".join(part for part in (known.get(name, ""), chosen) if part)}
