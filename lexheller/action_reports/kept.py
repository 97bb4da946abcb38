"""A year's figures for the office's pages, as this process compiled them last: while nothing changes they are not
counted again, and finding out that nothing has changed is one query.

What is kept is found by the federation and what was counted (year and cut-off day), and used only if it was made of the
state that the database has now. That state is everything the figures depend on:

- Whatever belongs to a federation changes with an event on its chain (P14): facts, faults, actions, themes, kinds of
  actions, members. The chain's head, whose hash covers all events, stands for all of it.
- Organisations and municipalities are shared by all federations and stand on no chain, so they are in the state
  themselves, and so are the federation's own names.
- Measures and words are the program's: another version of it is another process.

The one change without an event is `lexheller rebuild-facts`, which mends facts that were damaged; so nothing stays
longer than LONGEST_SECONDS. What a draft keeps, what is approved and what is frozen is always counted anew
(`drafting`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import String, cast, func, literal, select, union_all

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.shelf import shelf
from lexheller.audit.models import ChainHead
from lexheller.core.db import db
from lexheller.organisations.models import Federation, Municipality, Organisation
from lexheller.statistics.cohort import received_per_year

MOST_BYTES = 32 * 2**20
"""In each process. A year of 1,000 reports is about one of them."""

LONGEST_SECONDS = 600


def figures(federation: Federation, year: int, cut_off: date) -> dict[str, Any]:
    """As `compiling.compiled`. The caller's own: altering it alters nothing that is kept."""
    found: dict[str, Any] = _kept(
        federation.id, f"figures {year} {cut_off.isoformat()}", lambda: compiled(federation, year, cut_off)
    )
    return found


def years(federation_id: int) -> list[int]:
    """Those in which any report came in, the earliest first."""
    found: list[int] = _kept(federation_id, "years", lambda: list(received_per_year(federation_id)))
    return found


def _kept(federation_id: int, what: str, count: Callable[[], Any]) -> Any:
    """`count` gives plain JSON."""
    place = shelf("figures", most_bytes=MOST_BYTES, longest=LONGEST_SECONDS)
    state = _state(federation_id)
    content = place.take((federation_id, what), state)
    if content is None:
        _look_anew()
        content = json.dumps(count(), ensure_ascii=False).encode()
        place.put((federation_id, what), state, content)
    return json.loads(content)


def _look_anew() -> None:
    """What this request has read before it asked for the state may be older than the state."""
    db.session.flush()
    db.session.expire_all()


def _state(federation_id: int) -> str:
    nothing = literal("")
    head = select(literal("chain"), literal(0), ChainHead.hash, nothing, nothing).where(
        ChainHead.federation_id == federation_id
    )
    own = select(literal("federation"), Federation.id, Federation.slug, Federation.name, nothing).where(
        Federation.id == federation_id
    )
    of = Organisation.kind + func.coalesce(cast(Organisation.municipality_id, String), "")
    organisations = select(literal("organisation"), Organisation.id, Organisation.key, Organisation.name, of)
    places = select(literal("municipality"), Municipality.id, Municipality.key, Municipality.name, nothing)
    rows = sorted(tuple(row) for row in db.session.execute(union_all(head, own, organisations, places)))
    return sha256(repr(rows).encode()).hexdigest()
