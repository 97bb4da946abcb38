"""The queue's filter: from the address and back to it, so that a link keeps what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.cases.labels import STATUS
from lexheller.cases.permissions import sees_everything, sees_held
from lexheller.cases.states import CaseStatus
from lexheller.desk.labels import ONLY, SORT
from lexheller.desk.rules import FOR_MANAGERS, UNKNOWN, Only, QueueFilter, Sort
from lexheller.organisations import queries as organisations
from lexheller.privacy.scanner import stops

LONGEST_SEARCH = 200
FOLDED = frozenset({"organisation", "by", "unit", "municipality", "theme", "from", "to"})
BEFORE = {"overdue": Only.OVERDUE, "in_doubt": Only.IN_DOUBT}

Value = TypeVar("Value", bound=StrEnum)


def filter_from(args: Mapping[str, str]) -> QueueFilter:
    """What the address asks for; values that mean nothing are left out rather than refused."""
    return QueueFilter(
        status=_one_of(CaseStatus, args.get("status", "")),
        only=_one_of(Only, args.get("only", "")) or _only_as_before(args),
        organisation_id=_id(args.get("organisation", "")),
        reporting_id=_id(args.get("by", "")),
        unit_id=_id(args.get("unit", "")) or None,
        municipality_id=_id(args.get("municipality", "")),
        theme_id=_id(args.get("theme", "")),
        received_from=_day(args.get("from", "")),
        received_to=_day(args.get("to", "")),
        words=_words(args.get("q", "")),
    )


def sort_from(args: Mapping[str, str]) -> Sort | None:
    return _one_of(Sort, args.get("sort", ""))


def kept_from(args: Mapping[str, str]) -> dict[str, str]:
    """The values of the address that mean something, as links repeat them and as a filter is saved."""
    wanted, sort = filter_from(args), sort_from(args)
    values: dict[str, object] = {
        "q": wanted.words,
        "status": wanted.status,
        "only": wanted.only,
        "organisation": wanted.organisation_id,
        "by": wanted.reporting_id,
        "unit": wanted.unit_id,
        "municipality": wanted.municipality_id,
        "theme": wanted.theme_id,
        "from": wanted.received_from,
        "to": wanted.received_to,
        "sort": sort,
    }
    return {name: str(value) for name, value in values.items() if value is not None and value != ""}


def kept_in(query: str) -> dict[str, str]:
    """The same from the part of an address after the question mark."""
    return kept_from(dict(parse_qsl(query[:2000])))


def query_of(kept: Mapping[str, str]) -> str:
    return urlencode(kept)


def filter_context(actor: Actor, federation_id: int, args: Mapping[str, str], following: str | None) -> dict[str, Any]:
    """Choices and the links that keep them."""
    wanted, kept = filter_from(args), kept_from(args)
    anyone, unknown = ("", _("Alla")), (str(UNKNOWN), _("Okänt"))
    organisation_rows = [(str(row.id), row.name) for row in organisations.organisations(federation_id)]
    municipality_rows = [(str(row.id), row.name) for row in organisations.municipalities(federation_id)]
    theme_rows = [(str(row.id), row.label) for row in organisations.themes(federation_id)]
    unit_rows = [(str(row.id), f"{row.organisation.name}: {row.name}") for row in organisations.units(federation_id)]
    return {
        "wanted": wanted,
        "kept": kept,
        "kept_query": query_of(kept),
        "more_chosen": bool(FOLDED & kept.keys()),
        "next_values": {**kept, "after": following} if following else None,
        "status_choices": [anyone, *((status.value, STATUS[status].label) for status in CaseStatus)],
        "only_choices": [anyone, *((only.value, ONLY[only]) for only in _only_of(actor, federation_id))],
        "sort_choices": [(sort.value, SORT[sort]) for sort in Sort],
        "sort_shown": sort_from(args) or wanted.natural_sort,
        "organisation_choices": [anyone, *organisation_rows, unknown],
        "unit_choices": [anyone, *unit_rows],
        "municipality_choices": [anyone, *municipality_rows, unknown],
        "theme_choices": [anyone, *theme_rows, unknown],
    }


def _only_of(actor: Actor, federation_id: int) -> list[Only]:
    """What there is to choose: a manager sees the own units' cases alone, most of the office have no unit."""
    if not sees_everything(actor, federation_id):
        return list(FOR_MANAGERS)
    kept_away = {Only.MINE: not actor.unit_ids, Only.HELD: not sees_held(actor, federation_id)}
    return [only for only in Only if not kept_away.get(only)]


def _only_as_before(args: Mapping[str, str]) -> Only | None:
    """Addresses that were kept from the first version of the queue."""
    return next((only for name, only in BEFORE.items() if args.get(name) == "1"), None)


def _words(written: str) -> str:
    """What is searched for. An identity number finds nothing and is not repeated on the page or in its links (P23)."""
    words = written.replace("\x00", "")[:LONGEST_SEARCH].strip()
    return "" if stops(words) else words


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    """A day as a date field sends it; nobody reported anything before this century."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year < 9999 else None


def _one_of(kind: type[Value], text: str) -> Value | None:
    return kind(text) if text in set(kind) else None
