"""Differences between two reports as a page tells them: what it is about, what it was, what it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from lexheller.action_reports.differences import Difference, Value
from lexheller.action_reports.labels import ABOUT, FULFILMENT, WHAT
from lexheller.action_reports.outline import HEADING
from lexheller.action_reports.states import Fulfilment


@dataclass(frozen=True, slots=True)
class Told:
    """`about` is the measure or kind of thing, `which` the part of it; `old` and `new` are ready to be read."""

    about: str
    which: str
    old: str
    new: str


def told(found: Iterable[Difference], data: Mapping[str, Any], locale: str) -> list[Told]:
    """`data` is the newer report, whose names of measures are used."""
    return [Told(_about(one, data, locale), _which(one), _value(one, one.old), _value(one, one.new)) for one in found]


def _about(one: Difference, data: Mapping[str, Any], locale: str) -> str:
    words = data.get("measures", {}).get(one.measure)
    if one.measure in ABOUT:
        return str(ABOUT[one.measure])
    return str(words["name"].get(locale, words["name"]["sv"])) if words else one.measure


def _which(one: Difference) -> str:
    if one.measure in {"texts", "told"}:
        return str(HEADING.get(one.key, one.key))
    if one.measure == "goals":
        return ", ".join(filter(None, (_("Rad %(number)s", number=one.key), str(WHAT.get(one.what, "")))))
    label = one.label or ("" if one.key in {"all", "previous"} else one.key)
    return ", ".join(filter(None, (label, str(WHAT.get(one.what, "")))))


def _value(one: Difference, value: Value) -> str:
    if value is None or value == "":
        return "–"
    if one.measure == "goals" and one.what == "fulfilment":
        return str(FULFILMENT[Fulfilment(str(value))])
    return value if isinstance(value, str) else str(format_decimal(value))
