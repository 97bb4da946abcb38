"""A row as one line of JSON and back: the same line whichever database it stands in. Pure.

Moments are ISO 8601 in UTC, bytes base64, and a JSON column is the very text that the database holds, so that nothing
is lost between null and no value. Rows go by primary key, text in the order of its bytes.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    select,
)

from lexheller.core.db import UTCDateTime

Encode = Callable[[Any], Any]
AS_IT_IS = (Integer, String, Boolean, JSON)


class UnknownTypeError(TypeError):
    """A column of a type that has no place here yet."""


def columns_of(table: Table, names: Iterable[str] | None = None) -> list[Column[Any]]:
    """The columns in the order of `names`, or of the table. Raises LookupError unless they are just the table's."""
    if names is None:
        return list(table.columns)
    wanted = list(names)
    if sorted(wanted) != sorted(table.columns.keys()):
        raise LookupError(table.name)
    return [table.columns[name] for name in wanted]


def query(columns: Sequence[Column[Any]], *, postgresql: bool) -> Select[Any]:
    """All rows of one table, as `line` takes them."""
    table = columns[0].table
    keys: list[ColumnElement[Any]] = [
        collate(key, "C") if postgresql and isinstance(key.type, String) else key for key in table.primary_key
    ]
    shown = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    return select(*shown).order_by(*keys)


def lines(columns: Sequence[Column[Any]]) -> Callable[[Iterable[Sequence[Any]]], bytes]:
    """What turns rows into lines, each with its line end."""
    encoders = [(place, _encoder(column)) for place, column in enumerate(columns)]
    changing = [(place, encode) for place, encode in encoders if encode is not None]

    def written(rows: Iterable[Sequence[Any]]) -> bytes:
        said = []
        for row in rows:
            values = list(row)
            for place, encode in changing:
                if values[place] is not None:
                    values[place] = encode(values[place])
            said.append(json.dumps(values, separators=(",", ":")))
        return "".join(f"{line}\n" for line in said).encode("ascii")

    return written


def values(columns: Sequence[Column[Any]]) -> Callable[[bytes], list[Any]]:
    """What turns a line into the values of a row. Raises ValueError or TypeError for a line that is none."""
    changing = [(place, decode) for place, column in enumerate(columns) if (decode := _decoder(column)) is not None]

    def read(line: bytes) -> list[Any]:
        found = json.loads(line)
        if not isinstance(found, list) or len(found) != len(columns):
            raise ValueError("not a row of this table")
        if any(isinstance(value, list | dict) for value in found):
            raise ValueError("not the value of a column")
        for place, decode in changing:
            if found[place] is not None:
                found[place] = decode(found[place])
        return found

    return read


def _encoder(column: Column[Any]) -> Encode | None:
    if isinstance(column.type, DateTime | UTCDateTime | Date):
        return _iso
    if isinstance(column.type, LargeBinary):
        return _base64
    if isinstance(column.type, AS_IT_IS):
        return None
    raise UnknownTypeError(f"{column.table.name}.{column.name}: {column.type!r}")


def _decoder(column: Column[Any]) -> Encode | None:
    if isinstance(column.type, DateTime | UTCDateTime):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return partial(b64decode, validate=True) if isinstance(column.type, LargeBinary) else None


def _iso(moment: date) -> str:
    return moment.isoformat()


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")
