"""The ready text block about Lex Heller for the annual report: from the year's figures to running text.

Decides what is said and in which order and refuses figures that contradict each other. The wording is in
`swedish` and `english`; where the figures come from is for those who call.
"""

from collections.abc import Collection, Sequence

from lexheller.action_reports import english, swedish
from lexheller.action_reports.blocks import ActionGroup, Block, Figures, GroupText, Language
from lexheller.statistics.rules import Trend

__all__ = ["ActionGroup", "Block", "GroupText", "text_block"]

_ORDER = ("information_to_managers", "information_to_politicians", "samverkanskoppen", "training")
_LAST = "unknown"


def text_block(
    *,
    year: int,
    received: int,
    previous: int | None,
    trend: str,
    actions: Sequence[ActionGroup],
    answered: int | None = None,
    median_days: float | None = None,
    closed: int | None = None,
    language: Language = "sv",
    federation_name: str,
    names: Collection[str] = (),
    actions_total: int | None = None,
) -> Block:
    """What came in during `year`, how it stands to the year before, and what was done, by type.

    `trend` is a value of `Trend`. `answered` and `closed` are how many of the `received` are answered and
    closed; None leaves it unsaid. `median_days`: calendar days from report to answer. `names`: names of
    organisations, municipalities and activities, which keep their capital inside a sentence. Groups without
    actions are left out; the four known types come first, as in earlier annual reports, then the larger
    ones. `actions_total`: how many there are in all, where some group's own number is not told. Raises
    ValueError when the figures contradict each other, or for a `trend` that is none.
    """
    direction = Trend(trend)
    figures = Figures(year, received, previous, answered, closed, median_days, federation_name)
    _check(figures, direction, actions)
    done = sorted((group for group in actions if group.count != 0), key=_place)
    total = sum(group.count or 0 for group in done) if actions_total is None else actions_total
    if language == "en":
        groups = tuple(english.group(group) for group in done)
        return Block(language, english.lead(figures, direction), english.actions(total, len(done)), groups)
    groups = tuple(swedish.group(group, names) for group in done)
    return Block(language, swedish.lead(figures, direction), swedish.actions(total, len(done)), groups)


def _place(group: ActionGroup) -> tuple[int, int, str, str]:
    if group.key in _ORDER:
        return (_ORDER.index(group.key), 0, "", group.key)
    return (len(_ORDER) + (group.key == _LAST), -(group.count or 0), group.label.casefold(), group.key)


def _check(figures: Figures, trend: Trend, actions: Sequence[ActionGroup]) -> None:
    parts = [count for count in (figures.answered, figures.closed) if count is not None]
    if figures.received < 0 or any(not 0 <= count <= figures.received for count in parts):
        raise ValueError("answered and closed must be parts of what was received")
    if figures.median_days is not None and figures.median_days < 0:
        raise ValueError("an answer cannot come before its report")
    if not _trend_agrees(figures, trend):
        raise ValueError(f"the trend {trend} contradicts the figures")
    if any(group.count is not None and group.count < 0 for group in actions):
        raise ValueError("a group cannot have fewer than no actions")
    if len({group.key for group in actions}) < len(actions):
        raise ValueError("each type of action is given once")


def _trend_agrees(figures: Figures, trend: Trend) -> bool:
    if figures.previous is None:
        return True
    match trend:
        case Trend.FIRST_YEAR:
            return figures.previous == 0
        case Trend.UNCHANGED:
            return figures.received == figures.previous
        case Trend.INCREASE | Trend.CONTINUED_INCREASE:
            return figures.received > figures.previous
        case Trend.DECREASE | Trend.CONTINUED_DECREASE:
            return figures.received < figures.previous
