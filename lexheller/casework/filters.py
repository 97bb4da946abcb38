"""The queue's filter: from the address and back to it, so that a link keeps what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from lexheller.cases.labels import STATUS
from lexheller.cases.states import CaseStatus
from lexheller.casework.queries import UNKNOWN, QueueFilter
from lexheller.organisations import queries as organisations
from lexheller.privacy.scanner import stops

LONGEST_SEARCH = 200
FIELDS = ("q", "status", "organisation", "municipality", "theme", "overdue", "in_doubt")


def filter_from(args: Mapping[str, str]) -> QueueFilter:
    """What the address asks for; values that mean nothing are left out rather than refused."""
    status = args.get("status", "")
    return QueueFilter(
        status=CaseStatus(status) if status in set(CaseStatus) else None,
        organisation_id=_id(args.get("organisation", "")),
        municipality_id=_id(args.get("municipality", "")),
        theme_id=_id(args.get("theme", "")),
        overdue=args.get("overdue") == "1",
        in_doubt=args.get("in_doubt") == "1",
        words=_words(args.get("q", "")),
    )


def filter_context(
    federation_id: int, wanted: QueueFilter, args: Mapping[str, str], following: str | None
) -> dict[str, Any]:
    """Choices and the links that keep them."""
    kept = {name: args[name] for name in FIELDS if args.get(name)} | {"q": wanted.words}
    kept = {name: value for name, value in kept.items() if value}
    anyone, unknown = ("", _("Alla")), (str(UNKNOWN), _("Okänt"))
    organisation_rows = [(str(row.id), row.name) for row in organisations.organisations(federation_id)]
    municipality_rows = [(str(row.id), row.name) for row in organisations.municipalities(federation_id)]
    theme_rows = [(str(row.id), row.label) for row in organisations.themes(federation_id)]
    return {
        "wanted": wanted,
        "kept": kept,
        "next_values": {**kept, "after": following} if following else None,
        "status_choices": [anyone, *((status.value, STATUS[status].label) for status in CaseStatus)],
        "organisation_choices": [anyone, *organisation_rows, unknown],
        "municipality_choices": [anyone, *municipality_rows, unknown],
        "theme_choices": [anyone, *theme_rows, unknown],
    }


def _words(written: str) -> str:
    """What is searched for. An identity number finds nothing and is not repeated on the page or in its links (P23)."""
    words = written.replace("\x00", "")[:LONGEST_SEARCH].strip()
    return "" if stops(words) else words


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
