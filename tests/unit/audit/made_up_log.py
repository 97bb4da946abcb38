"""An exported log of three federations, made by the application's own rule, and the seven ways to tamper with one.

Each tampering is done by somebody who knows the rule and mends the log's first line, so that only what is asked for can
give it away. It answers the federation and the row at which it must be found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from lexheller.audit.chain import START, VERSION, event_hash
from lexheller.audit.verify import Head

Row = dict[str, Any]
FEDERATIONS = {"sodra-vatterbygden": 1, "finnveden": 2, "hoglandet": 3}
ROWS = 24
FROM = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
KINDS = ("case.received", "case.assigned", "case.answered", "case.closed")


def sealed(row: Row, previous: str) -> Row:
    """The row with its own hash after that of the one before."""
    fields = {name: value for name, value in row.items() if name not in {"version", "hash", "previous_hash", "at"}}
    found = event_hash(**fields, at=datetime.fromisoformat(row["at"]), previous_hash=previous)
    return {**row, "previous_hash": previous, "hash": found}


def chained(rows: list[Row], start: int = 0) -> list[Row]:
    """The rows from `start` on (counted from nought) sealed anew, as who rewrites a log would."""
    done = rows[:start]
    for row in rows[start:]:
        done.append(sealed(row, done[-1]["hash"] if done else START))
    return done


def row_of(federation_id: int, sequence: int, random: Random) -> Row:
    return {
        "version": VERSION,
        "federation_id": federation_id,
        "sequence": sequence,
        "at": (FROM + timedelta(minutes=sequence)).isoformat(timespec="microseconds"),
        "kind": random.choice(KINDS),
        "subject_type": "case",
        "subject_id": random.randint(1, 9),
        "actor_kind": "user",
        "actor_user_id": random.choice((None, 7, 8)),
        "data": {"status": random.choice(("assigned", "answered")), "why": {"rule_id": sequence, "å": ["ö", 1.5]}},
        "previous_hash": START,
        "hash": START,
    }


@cache
def _whole(federation_id: int) -> tuple[str, ...]:
    random = Random(federation_id)
    rows = chained([row_of(federation_id, number, random) for number in range(1, ROWS + 1)])
    return tuple(json.dumps(row) for row in rows)


Logs = dict[str, list[Row]]


def whole() -> Logs:
    return {slug: [json.loads(row) for row in _whole(number)] for slug, number in FEDERATIONS.items()}


def in_file(logs: Logs) -> list[bytes]:
    """The lines of the export."""
    lines = []
    for slug, rows in logs.items():
        last = rows[-1] if rows else {"sequence": 0, "hash": START}
        first = {"lexheller_log": 1, "federation": slug, "federation_id": FEDERATIONS[slug]}
        first |= {"exported_at": "2026-11-22T01:00:00+00:00", "sequence": last["sequence"], "hash": last["hash"]}
        lines += [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in (first, *rows)]
    return lines


def heads_of(logs: Logs, *rows: int) -> list[Head]:
    """What was kept elsewhere when the logs had come to these rows."""
    return [
        Head(slug, FEDERATIONS[slug], f"2026-11-{1 + number:02}", row, logs[slug][row - 1]["hash"])
        for slug in logs
        for number, row in enumerate(rows)
    ]


Found = tuple[str, int]


def changed_field(logs: Logs, random: Random) -> Found:
    slug, at = _place(logs, random)
    name = random.choice(("at", "kind", "subject_type", "subject_id", "actor_kind", "actor_user_id", "hash"))
    new = {"at": FROM.isoformat(timespec="microseconds"), "subject_id": 4711, "actor_user_id": 4711, "hash": "f" * 64}
    logs[slug][at][name] = new.get(name, "other")
    return slug, at + 1


def changed_data(logs: Logs, random: Random) -> Found:
    slug, at = _place(logs, random)
    data = logs[slug][at]["data"]
    match random.randrange(4):
        case 0:
            data["status"] = "closed"
        case 1:
            data["why"]["rule_id"] += 1000
        case 2:
            del data["why"]["å"]
        case _:
            data["more"] = None
    return slug, at + 1


def deleted_row(logs: Logs, random: Random) -> Found:
    slug, at = _place(logs, random, last=ROWS - 2)
    del logs[slug][at]
    return slug, at + 1


def deleted_tail(logs: Logs, random: Random) -> Found:
    slug, at = _place(logs, random, first=1)
    del logs[slug][at:]
    return slug, at + 1


def inserted_row(logs: Logs, random: Random) -> Found:
    """With a hash of its own that follows on the row before; half of them have all later rows numbered anew."""
    slug, at = _place(logs, random, last=ROWS - 2)
    rows = logs[slug]
    rows.insert(at, sealed(row_of(FEDERATIONS[slug], at + 1, random), rows[at - 1]["hash"] if at else START))
    if random.random() < 0.5:
        for row in rows[at + 1 :]:
            row["sequence"] += 1
    return slug, at + 2


def swapped_rows(logs: Logs, random: Random) -> Found:
    """Half of them with their numbers changed too."""
    slug, one = _place(logs, random, last=ROWS - 2)
    other = random.randint(one + 1, ROWS - 1)
    rows = logs[slug]
    rows[one], rows[other] = rows[other], rows[one]
    if random.random() < 0.5:
        rows[one]["sequence"], rows[other]["sequence"] = one + 1, other + 1
    return slug, one + 1


def moved_or_sealed_anew(logs: Logs, random: Random) -> Found:
    """A row is given to another federation at its end, or changed; either way with a hash that fits it."""
    slug, at = _place(logs, random, last=ROWS - 2)
    rows = logs[slug]
    if random.random() < 0.5:
        taker = random.choice([name for name in logs if name != slug])
        row = rows.pop(at) | {"federation_id": FEDERATIONS[taker], "sequence": ROWS + 1}
        logs[taker].append(sealed(row, logs[taker][-1]["hash"]))
        return slug, at + 1
    rows[at] = sealed({**rows[at], "subject_id": 4711}, rows[at]["previous_hash"])
    return slug, at + 2


def _place(logs: Logs, random: Random, *, first: int = 0, last: int = ROWS - 1) -> tuple[str, int]:
    return random.choice(list(logs)), random.randint(first, last)


TAMPERINGS: dict[str, Callable[[Logs, Random], Found]] = {
    "a changed field": changed_field,
    "changed data": changed_data,
    "a row taken out of the middle": deleted_row,
    "the end cut off": deleted_tail,
    "a row put in": inserted_row,
    "two rows that changed places": swapped_rows,
    "a row moved, or given a hash to match": moved_or_sealed_anew,
}
ONLY_BY_HEADS = {"the end cut off"}
