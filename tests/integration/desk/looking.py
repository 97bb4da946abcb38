"""What the desk's tests look at: the rows of a queue, its links, and what is asked of the database meanwhile."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from lexheller.core.db import db
from lexheller.desk.queries import queue
from lexheller.desk.rules import QueueFilter
from tests.cast.people import HOME

QUEUE = f"/arenden/{HOME}"
START = f"/start/{HOME}"
NEXT = re.compile(r'rel="next"\s+href="([^"]*)"')
WORDS = re.compile(r'class="queue-table__subject">([^<]*)<')
NUMBERS = re.compile(r'class="queue-table__link"\s+href="[^"]*">([^<]*)<')


def numbers(cast, wanted=None, *, actor=None, sort=None):
    """The diary numbers of the first page."""
    home = cast.federation().id
    found = queue(actor or cast.coordinator, home, wanted or QueueFilter(), None, sort)
    return [row.case.number for row in found.rows]


def shown(page: str) -> list[str]:
    return [html.unescape(words) for words in WORDS.findall(page)]


def next_of(page: str) -> str | None:
    following = NEXT.search(page)
    return html.unescape(following[1]) if following else None


@contextmanager
def statements(app) -> Iterator[list[str]]:
    """What is asked of the database within the block."""
    asked: list[str] = []

    def keep(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def queries_of(app, person, path: str) -> list[str]:
    with statements(app) as asked:
        assert person.get(path).status_code == 200
    return asked
