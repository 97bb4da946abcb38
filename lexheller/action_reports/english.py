"""The text block's sentences in English. The office's own Swedish words are quoted, not translated."""

from lexheller.action_reports.action_texts import as_written, collected, lowered, reading_for
from lexheller.action_reports.blocks import ActionGroup, Figures, GroupText, joined
from lexheller.statistics.rules import Trend

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_CHANGE = {
    Trend.INCREASE: "an increase from",
    Trend.CONTINUED_INCREASE: "a continued increase from",
    Trend.DECREASE: "a decrease from",
    Trend.CONTINUED_DECREASE: "a continued decrease from",
}
_RISING = (
    "The increase need not mean that collaboration works less well; it may just as well show that more staff "
    "know of Lex Heller and use it to report."
)
_FALLING = (
    "The decrease need not mean that there are fewer failings; it may also be because fewer staff know of "
    "Lex Heller or use it to report."
)
_SILENT = "That need not mean that everything has worked; it may also be because few staff know that they can report."


def lead(figures: Figures, trend: Trend) -> str:
    """How many reports came in, against the year before, what that means, and how far they have come."""
    return " ".join(filter(None, (_received(figures, trend), _meaning(figures, trend), _handled(figures))))


def actions(total: int, groups: int) -> str:
    """The opening of what was done; empty when one group's own sentence says it all."""
    if total == 0:
        return "No actions are registered for the year."
    return f"In all, {in_words(total)} actions were taken." if groups > 1 else ""


def group(actions: ActionGroup) -> GroupText:
    """What was done of one type, with the office's own words in quotation marks."""
    reading = as_written(reading_for(actions.key, actions.label))
    items = collected(actions.texts, actions.count or len(actions.texts), reading)
    texts = tuple(item.text for item in items.shown)
    quoted = joined([f"“{text}”" for text in texts], "and")
    details = f"{', among them' if items.partial else ':'} {quoted}" if texts else ""
    return GroupText(actions.key, actions.count, f"{_opening(actions)}{details}.", texts)


def in_words(number: float) -> str:
    """A count or an average as it stands in running text: words to twelve, then digits."""
    if number == int(number):
        return _WORDS[int(number)] if number < len(_WORDS) else str(int(number))
    return f"{number:.1f}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{in_words(count)} times")


def _received(figures: Figures, trend: Trend) -> str:
    received, previous = figures.received, figures.previous
    digits = max(received, previous or 0) >= len(_WORDS) and received > 1
    number = "no" if received == 0 else str(received) if digits else in_words(received)
    reports = f"{number} Lex Heller {'report' if received == 1 else 'reports'}"
    came = f"During {figures.year}, {reports} came in to {figures.federation_name}"
    if trend is Trend.FIRST_YEAR:
        return f"{came}. There is no earlier year to compare with."
    if trend is Trend.UNCHANGED:
        return f"{came}, {'the same number as' if received > 1 else 'as in'} the year before."
    if previous is None:
        return f"{came}, {_CHANGE[trend]} the year before."
    if previous == 0:
        return f"{came}. There were none the year before."
    return f"{came}, {_CHANGE[trend]} {str(previous) if digits else in_words(previous)} the year before."


def _meaning(figures: Figures, trend: Trend) -> str:
    if figures.received == 0:
        return _SILENT
    if trend in (Trend.INCREASE, Trend.CONTINUED_INCREASE):
        return _RISING
    return _FALLING if trend in (Trend.DECREASE, Trend.CONTINUED_DECREASE) else ""


def _handled(figures: Figures) -> str:
    if figures.received == 0:
        return ""
    pairs = ((figures.answered, "answered"), (figures.closed, "closed"))
    known = [(count, word) for count, word in pairs if count is not None]
    said = _handled_one(known) if figures.received == 1 else _handled_many(known, figures.received)
    return " ".join(filter(None, (said, _median(figures))))


def _handled_one(known: list[tuple[int, str]]) -> str:
    done = [word for count, word in known if count]
    undone = [word for count, word in known if not count]
    if not known:
        return ""
    if not done:
        return f"The report has not yet been {' or '.join(undone)}."
    return f"The report has been {' and '.join(done)}{f' but not yet {undone[0]}' if undone else ''}."


def _handled_many(known: list[tuple[int, str]], received: int) -> str:
    if not known:
        return ""
    if all(count == received for count, _ in known):
        return f"All the reports have been {' and '.join(word for _, word in known)}."
    parts = [
        f"{'all' if count == received else 'none' if count == 0 else in_words(count)} "
        f"{'has' if count == 1 else 'have'} been {word}"
        for count, word in known
    ]
    return f"Of the reports, {' and '.join(parts)}."


def _median(figures: Figures) -> str:
    if figures.median_days is None or figures.answered == 0:
        return ""
    days = f"{in_words(figures.median_days)} {'day' if figures.median_days == 1 else 'days'}"
    if 1 in (figures.answered, figures.received):
        return f"The answer came after {days}."
    return f"The median time from report to answer was {days}."


def _opening(actions: ActionGroup) -> str:
    if actions.count is None:
        return _opening_without_number(actions)
    count = actions.count
    match actions.key:
        case "information_to_managers":
            return f"The managers concerned were informed {_times(count)}"
        case "information_to_politicians":
            return f"The politicians and administrations concerned were informed {_times(count)}"
        case "samverkanskoppen":
            return f"The short information session Samverkanskoppen was held {_times(count)}"
        case "training":
            return f"Training was given {_times(count)}"
    number = in_words(count).capitalize() if count < len(_WORDS) else f"A total of {count}"
    subject = f"{number} {'action' if count == 1 else 'actions'}"
    if not actions.label.strip() or actions.key == "unknown":
        return f"{subject} {'is' if count == 1 else 'are'} not sorted by type"
    return f"{subject} concerned {lowered(actions.label.strip())}"


def _opening_without_number(actions: ActionGroup) -> str:
    often = " several times" if len(actions.texts) > 1 else ""
    match actions.key:
        case "information_to_managers":
            return f"The managers concerned were informed{often}"
        case "information_to_politicians":
            return f"The politicians and administrations concerned were informed{often}"
        case "samverkanskoppen":
            return f"The short information session Samverkanskoppen was held{often}"
        case "training":
            return f"Training was given{often}"
    if not actions.label.strip() or actions.key == "unknown":
        return "Some actions are not sorted by type"
    return f"Some actions concerned {lowered(actions.label.strip())}"
