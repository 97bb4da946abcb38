"""The words of what is merged and hidden, and the annual report's text block made from public figures only. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lexheller.action_reports.action_texts import lowered
from lexheller.action_reports.blocks import ActionGroup, joined
from lexheller.action_reports.sentences import text_block

_TYPES_IN_ENGLISH = {
    "information_to_managers": "information to the managers concerned",
    "information_to_politicians": "information to the politicians and administrations concerned",
    "samverkanskoppen": "the information session Samverkanskoppen",
    "training": "training",
}


def merged_label(least: int | None, language: str) -> str:
    """The name of a merged line; `least` when each in it is below that."""
    if language == "en":
        return "Others" if least is None else f"Others (fewer than {least} each)"
    return "Övriga" if least is None else f"Övriga (färre än {least} var)"


def months_label(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def fewer_than(least: int, language: str) -> str:
    return f"fewer than {least}" if language == "en" else f"färre än {least}"


def type_label(key: str, label: str, language: str) -> str:
    """An action type as it stands in running text: the known ones in the language, others in the office's own words."""
    return _TYPES_IN_ENGLISH.get(key, lowered(label)) if language == "en" else lowered(label)


def block(told: Mapping[str, Any], names: Collection[str], language: Any) -> list[str]:
    """The paragraphs for the annual report, from public figures."""
    return [part for part in (lead(told, names, language), done(told, names, language)) if part]


def lead(told: Mapping[str, Any], names: Collection[str], language: Any) -> str:
    """How many came in, what that means and what became of them."""
    year, name = told["year"], told["federation_name"]
    if told["received"] is None:
        few = fewer_than(told["least"], language)
        if language == "en":
            return (
                f"During {year}, {few} Lex Heller reports came in to {name}. There are so few that no more is told "
                "about them, so that nobody can be recognised."
            )
        return (
            f"Under {year} kom {few} Lex Heller-anmälningar in till {name}. De är så få att inget mer berättas om dem, "
            "för att ingen ska kunna kännas igen."
        )
    answered = told["numbers"]["answered"]["value"]
    made = text_block(
        year=year,
        received=told["received"],
        previous=None if told["trend"] == "first_year" else told["received_previous"],
        trend=told["trend"],
        actions=[],
        answered=answered,
        median_days=told["days"]["answer_days"]["median"],
        closed=told["numbers"]["closed"]["value"],
        language=language,
        federation_name=name,
        names=names,
    )
    return made.lead


def done(told: Mapping[str, Any], names: Collection[str], language: Any) -> str:
    """What was done, by type; how often only where the table tells it."""
    if told["actions_total"] is None:
        texts = [text for group in told["actions"] for text in group["texts"]]
        return _done(texts, language, few=told["actions_are_few"])
    made = text_block(
        year=told["year"],
        received=0,
        previous=None,
        trend="first_year",
        actions=[
            ActionGroup(group["key"], group["label"], tuple(group["texts"]), group["count"])
            for group in told["actions"]
        ],
        actions_total=told["actions_total"],
        language=language,
        federation_name=told["federation_name"],
        names=names,
    )
    return made.paragraphs()[1]


def _done(texts: list[str], language: str, *, few: bool) -> str:
    """Where no number is told."""
    if language == "en":
        quoted = joined([f"“{text}”" for text in texts], "and")
        return f"{'A few actions' if few else 'Actions'} were taken{f': {quoted}' if quoted else ''}."
    listed = joined([lowered(text.strip(" .")) for text in texts], "samt")
    return f"{'Några få åtgärder' if few else 'Åtgärder'} vidtogs{f': {listed}' if listed else ''}."
