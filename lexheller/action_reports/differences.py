"""What differs between two reports: figure by figure, text by text, goal by goal. Pure.

Two reports with different hashes have at least one difference, and equal ones have none. A part that is missing in one
of them, as in data from before it existed, counts as empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lexheller.action_reports.labels import fault_name
from lexheller.statistics.lines import theme_year_key
from lexheller.statistics.measures import LISTS

Value = str | int | float | None
Data = Mapping[str, Any]

FOLLOW = frozenset({"hash", "text", "trend", "closed", "answer_days", "cases", "cases_behind", "public", "told"})
"""Parts that are made from others, whose differences are enough."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same. None is a side on which it does not stand.

    `measure` is the measure's id, or `texts`, `goals`, `facts`, `actions`, `cut_off`, `least`, `told` (the program says
    the same in other words), `other`; `label` names
    what within it, in the words of the data. `what`: `count`, or which part of the thing it is.
    """

    measure: str
    key: str
    label: str
    old: Value
    new: Value
    what: str = "count"


def differences(old: Data, new: Data) -> list[Difference]:
    """In the order of the report: figures, cases, actions, texts, goals, what the figures rest on."""
    counted = [
        *_numbers(old, new),
        *_days(old, new),
        *_years(old, new),
        *(one for name in LISTS for one in _list(name, _lines(old, name), _lines(new, name))),
        *_list("pairs", _pairs(old), _pairs(new)),
        *_list("themes_per_year", _themes_over_years(old), _themes_over_years(new)),
        *_faults(old, new),
    ]
    found = [
        *counted,
        *_other_cases(old, new, {(one.measure, one.key) for one in counted if one.what == "count"}),
        *_facts(old, new),
        *_actions(old, new),
        *_texts(old, new),
        *_goals(old, new),
        *_frame(old, new),
    ]
    return (
        found
        or list(_others(old, new, FOLLOW))
        or list(_wording(old.get("told", {}), new.get("told", {})))
        or list(_others(old, new, frozenset({"hash"})))
    )


def _numbers(old: Data, new: Data) -> Iterator[Difference]:
    yield from _changed("received", {"all": old.get("received")}, {"all": new.get("received")})
    for name, was, now in _both(old.get("numbers", {}), new.get("numbers", {})):
        for part, what in (("value", "count"), ("of", "of")):
            before, after = (was or {}).get(part), (now or {}).get(part)
            if before != after:
                yield Difference(name, "all", "", before, after, what)


def _days(old: Data, new: Data) -> Iterator[Difference]:
    for name, was, now in _both(old.get("days", {}), new.get("days", {})):
        for part in ("count", "median", "nine_of_ten"):
            before, after = (was or {}).get(part), (now or {}).get(part)
            if before != after:
                yield Difference(name, "all", "", before, after, part)


def _years(old: Data, new: Data) -> Iterator[Difference]:
    """The report's own year is `received`."""
    years = [
        {year: count for year, count in data.get("per_year", {}).items() if year != str(data.get("year"))}
        for data in (old, new)
    ]
    yield from _changed("received_per_year", *years)
    if not years[0] and not years[1]:
        before, after = old.get("received_previous"), new.get("received_previous")
        if before != after:
            yield Difference("received_per_year", "previous", "", before, after)


Lines = Mapping[str, tuple[str, int]]
"""Label and count by key."""


def _lines(data: Data, name: str) -> Lines:
    return {line["key"]: (line["label"], line["count"]) for line in data.get(name, ())}


def _pairs(data: Data) -> Lines:
    return {
        pair["key"]: (f"{pair['reporting']['label']} – {pair['concerned']['label']}", pair["count"])
        for pair in data.get("pairs", ())
    }


def _themes_over_years(data: Data) -> Lines:
    """The report's own year is `by_theme`."""
    return {
        theme_year_key(line["key"], year): (f"{line['label']}, {year}", count)
        for line in data.get("themes_per_year", ())
        for year, count in line["per_year"].items()
        if year != str(data.get("year"))
    }


def _list(measure: str, old: Lines, new: Lines) -> Iterator[Difference]:
    """A line that is missing counts as none: it is no difference from one that says 0."""
    for key, was, now in _both(old, new):
        label = (now or was or ("", 0))[0]
        if (was[1] if was else 0) != (now[1] if now else 0):
            yield Difference(measure, key, label, was[1] if was else None, now[1] if now else None)
        if was and now and was[0] != now[0]:
            yield Difference(measure, key, label, was[0], now[0], "label")


def _faults(old: Data, new: Data) -> Iterator[Difference]:
    sides = [{line["number"]: line for line in data.get("faults", ())} for data in (old, new)]
    counts: list[Lines] = [
        {number: (fault_name(line), line["count"]) for number, line in side.items()} for side in sides
    ]
    yield from _list("faults", *counts)
    for number, was, now in _both(*sides):
        if was and now and was["status"] != now["status"]:
            yield Difference("faults", number, fault_name(now), was["status"], now["status"], "status")


def _other_cases(old: Data, new: Data, told: set[tuple[str, str]]) -> Iterator[Difference]:
    """The same number, but of other cases. Where the number itself differs that is enough; data from before a measure's
    cases were kept says nothing of them.
    """
    labels = {name: {**_lines(old, name), **_lines(new, name)} for name in LISTS}
    labels["themes_per_year"] = {**_themes_over_years(old), **_themes_over_years(new)}
    for measure, was, now in _both(old.get("cases_behind", {}), new.get("cases_behind", {})):
        if was is None or now is None:
            continue
        for key, before, after in _both(was, now):
            gone, come = _without(before, after), _without(after, before)
            if (measure, key) not in told and (gone or come):
                label = labels.get(measure, {}).get(key, ("", 0))[0]
                yield Difference(measure, key, label, ", ".join(gone), ", ".join(come), "cases")


def _without(some: Iterable[str] | None, others: Iterable[str] | None) -> list[str]:
    known = set(others or ())
    return [number for number in some or () if number not in known]


def _facts(old: Data, new: Data) -> Iterator[Difference]:
    """Cases that came, went, or of which something else is known; only the parts that differ are said."""
    sides = [{fact["number"]: fact for fact in data.get("facts", ())} for data in (old, new)]
    for number, was, now in _both(*sides):
        if was == now:
            continue
        parts = sorted(part for part in {*(was or {}), *(now or {})} if (was or {}).get(part) != (now or {}).get(part))
        before, after = (_said(fact, parts) for fact in (was, now))
        yield Difference("facts", number, number, before, after, "fact" if was and now else "case")


def _said(fact: Mapping[str, Any] | None, parts: Iterable[str]) -> str | None:
    return None if fact is None else ", ".join(_part(fact, part) for part in parts if part != "number")


def _part(fact: Mapping[str, Any], part: str) -> str:
    value = fact.get(part)
    if part == "milestones":
        return "; ".join(" ".join(str(one) for one in milestone if one is not None) for milestone in value or ())
    return f"{part}: {value}" if value is not None else f"{part}: –"


def _actions(old: Data, new: Data) -> Iterator[Difference]:
    sides = [
        Counter((one["date"], one["type"], one["text"], tuple(one["cases"])) for one in data.get("actions", ()))
        for data in (old, new)
    ]
    for gone in sorted((sides[0] - sides[1]).elements()):
        yield Difference("actions", gone[1], gone[0], _action(gone), None, "action")
    for come in sorted((sides[1] - sides[0]).elements()):
        yield Difference("actions", come[1], come[0], None, _action(come), "action")


def _action(action: tuple[str, str, str, tuple[str, ...]]) -> str:
    return f"{action[2]} ({', '.join(action[3])})" if action[3] else action[2]


def _texts(old: Data, new: Data) -> Iterator[Difference]:
    for key, was, now in _both(old.get("texts", {}), new.get("texts", {})):
        if was != now:
            yield Difference("texts", key, "", was, now, "text")


def _goals(old: Data, new: Data) -> Iterator[Difference]:
    """Row by row; a row that is added in the middle shows as differences from there on."""
    sides = [{str(place): row for place, row in enumerate(data.get("goals", ()), start=1)} for data in (old, new)]
    for key, was, now in _both(*sides):
        for part in ("text", "fulfilment", "comment"):
            before, after = ((row or {}).get(part) for row in (was, now))
            if before != after and (before or after):
                yield Difference("goals", key, (now or was or {}).get("text", ""), before, after, part)


def _frame(old: Data, new: Data) -> Iterator[Difference]:
    for name in ("cut_off", "least", "federation_name"):
        if old.get(name) != new.get(name):
            yield Difference(name, "all", "", old.get(name), new.get(name), name)
    for name, was, now in _both(old.get("measures", {}), new.get("measures", {})):
        if was == now:
            continue
        versions = [side.get("version") if side else None for side in (was, now)]
        if versions[0] != versions[1]:
            yield Difference(name, "all", "", versions[0], versions[1], "version")
        else:
            yield Difference(name, "all", "", _definition(was), _definition(now), "definition")


def _definition(measure: Mapping[str, Any] | None) -> str | None:
    return str(measure.get("definition", {}).get("sv", "")) if measure else None


def _wording(old: Data, new: Data) -> Iterator[Difference]:
    """Chapter by chapter, in Swedish as far as the Swedish differs."""
    seen = set()
    for language, was, now in _both(old, new):
        for key, before, after in _both(_chapters(was), _chapters(now)):
            if before != after and key not in seen:
                seen.add(key)
                gone, come = _without(_said_in(before), _said_in(after)), _without(_said_in(after), _said_in(before))
                yield Difference("told", key, "", " ".join(gone) or None, " ".join(come) or None, "words")
        if was != now and not seen:
            yield Difference("told", "all", language, None, None, "words")


def _chapters(told: Data | None) -> dict[str, list[Any]]:
    return {chapter["key"]: [chapter["heading"], *chapter["blocks"]] for chapter in (told or {}).get("chapters", ())}


def _said_in(chapter: list[Any] | None) -> list[str]:
    return [block["text"] for block in (chapter or [])[1:] if "text" in block]


def _others(old: Data, new: Data, left_out: frozenset[str]) -> Iterator[Difference]:
    for key, was, now in _both(old, new):
        if key not in left_out and was != now:
            yield Difference("other", key, key, None, None, "other")


def _changed(measure: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key, was, now in _both(old, new):
        if was != now:
            yield Difference(measure, key, "" if key == "all" else key, was, now)


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Keys of either side with both values, in the new one's order and then what only the old one has."""
    for key in [*new, *(key for key in old if key not in new)]:
        yield key, old.get(key), new.get(key)
