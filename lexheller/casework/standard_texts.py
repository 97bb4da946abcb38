"""Standard texts on the case page: which ones each form offers, and which one the address asks to begin with.

The texts themselves are the federation's, edited in its settings. One is ours: the pointer to the region's own routine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from lexheller.cases.models import Case
from lexheller.organisations.models import TextStep
from lexheller.organisations.queries import standard_texts

OWN_ROUTINE = "own-routine"
# Which form and field of the page a text belongs in.
PLACES: Mapping[TextStep, tuple[str, str]] = {
    TextStep.QUESTION: ("ask_reporter", "text"),
    TextStep.JOINT_ANSWER: ("joint_answer", "steps_taken"),
    TextStep.CLOSE: ("close", "conclusion"),
    TextStep.HAND_OVER: ("offer_handover", "text_to_reporter"),
    TextStep.NOTE: ("write_note", "text"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A text to begin with. `key` names it in an address."""

    key: str
    title: str
    text: str


def offered(case: Case, form_names: Iterable[str]) -> dict[str, list[Offered]]:
    """The texts by form name, for the forms that the page shows; forms without any are missing."""
    wanted = set(form_names)
    found: dict[str, list[Offered]] = {}
    for step, (name, _field) in PLACES.items():
        if name in wanted:
            rows = standard_texts(case.federation_id, step.value, case.theme_id)
            texts = [Offered(str(row.id), row.title, row.text) for row in rows]
            if step is TextStep.CLOSE:
                texts.append(own_routine())
            if texts:
                found[name] = texts
    return found


def own_routine() -> Offered:
    """What a reporter is told whose matter belongs to the region's or the municipality's own deviation routine."""
    return Offered(
        OWN_ROUTINE,
        _("Fel väg in: er egen rutin"),
        _(
            "Det du beskriver gäller inte samverkan mellan myndigheter, utan något som hör till organisationens egen "
            "rutin för avvikelser. Anmäl det där, så når det dem som kan rätta till det. Fråga din chef om du inte vet "
            "hur du gör. Tack för att du berättade."
        ),
    )


def begun_with(name: str, texts: Mapping[str, list[Offered]], step: str | None, key: str | None) -> dict[str, str]:
    """The first values of the form `name` when the address asks to begin with one of its texts."""
    place = PLACES.get(TextStep(step)) if step in set(TextStep) else None
    if place is None or place[0] != name:
        return {}
    chosen = next((text for text in texts.get(name, []) if text.key == key), None)
    if chosen is None:
        return {}
    wrong_door = {"reason": "wrong_door"} if chosen.key == OWN_ROUTINE else {}
    return {place[1]: chosen.text, **wrong_door}
