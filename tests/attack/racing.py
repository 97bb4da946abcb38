"""Two who press the same button at the same moment: the place that is attacked, copied to PostgreSQL, and the pressing.

SQLite lets one write at a time, so there the second comes after the first: the double click. PostgreSQL lets both in.
Stops at what came of it: what may have come of it stands in the tests.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from lexheller.app.factory import create_app
from lexheller.backup import tables
from lexheller.core import clock
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.demo.data import PASSWORD
from lexheller.web.limits import STORAGE
from tests.attack.found_forms import Control, FoundForm, forms_of
from tests.attack.standing import Door, Standing, Uncounting, encoded
from tests.cast.databases import ROLE, settings_for
from tests.cast.kept_database import KeptDatabase
from tests.cast.people import HOME
from tests.services.postgres import OWNER, PostgresClient

TOGETHER = 30.0
"""Seconds that one waits for the other to be ready."""
AT_ONCE = 2
NOT_COUNTED = {"reading"}
"""That somebody looked is noted each time."""

Sent = list[tuple[str, str]]
Rows = Counter[str]


@dataclass(frozen=True)
class Press:
    """What is sent by a door, filled in: `before` by one, `last` by all at once; `alone`: what one alone changes."""

    door: Door
    before: tuple[Sent, ...]
    last: Sent
    alone: Rows
    answer: int


@dataclass(frozen=True)
class Way:
    """How a form is filled in: words in every field; or what stands there kept, and something of a kind where nothing
    does. `otherwise`: another choice than the one that stands, today, no ticks.
    """

    kept: bool = False
    short: str = ""
    otherwise: bool = False

    def texts(self, form: FoundForm, number: str) -> dict[str, str]:
        """`number`: of a case."""
        found = {}
        for turn, control in enumerate(form.controls):
            written = control.value.strip()
            if control.kind == "date" and not self.otherwise:
                continue
            anew = {
                "password": PASSWORD if "current" in control.name else NEW_PASSWORD,
                "email": f"nagon{turn}@habo.example",
                "date": clock.today().isoformat(),
            }.get(control.kind, f"Kapplöpning {turn} i texten")
            if self.short and control.takes_text and control.kind not in {"textarea", "email"}:
                anew = number if self.short == NUMBER_OF_A_CASE else self.short
            if control.takes_text or control.kind in {"password", "date"}:
                found[control.name] = written if self.kept and written else anew
        return found

    def sent(self, form: FoundForm, button: int, texts: dict[str, str]) -> Sent:
        pairs = form.values(button, **texts)
        if not self.otherwise:
            return pairs
        by_name = {control.name: control for control in reversed(form.controls)}
        return [(name, _other(by_name[name], value)) for name, value in pairs if by_name[name].kind != "checkbox"]


def _other(control: Control, value: str) -> str:
    if control.kind == "radio":
        return control.value
    others = [found for found in control.values if found not in {"", value}]
    return others[-1] if control.kind == "select" and others else value


NUMBER_OF_A_CASE, NEW_PASSWORD = "number", "ett-helt-annat-losenord-i-host"
WAYS = (
    Way(),
    Way(kept=True),
    Way(kept=True, short="7"),
    Way(kept=True, otherwise=True),
    Way(kept=True, short=NUMBER_OF_A_CASE),
    Way(kept=True, short=NUMBER_OF_A_CASE, otherwise=True),
    Way(kept=True, short="7", otherwise=True),
    Way(kept=True, short="https://jobbkontot.example"),
)
TURN = re.compile(r"\d+")


def number_of_a_case(place: Standing) -> str:
    """One that is being handled at home, on which nothing else hangs."""
    asked = (
        "SELECT number FROM case_file WHERE status = 'unrouted' AND federation_id = "
        "(SELECT id FROM federation WHERE slug = ?) ORDER BY id DESC LIMIT 1"
    )
    with sqlite3.connect(place.database) as connection:
        return str(connection.execute(asked, (HOME,)).fetchone()[0])


class Course(Protocol):
    """Where a race is run."""

    app: Flask

    def client(self, person: str) -> FlaskClient: ...

    def rows(self) -> Rows: ...

    def put_back(self) -> None: ...


class SqliteCourse:
    def __init__(self, place: Standing) -> None:
        self.place, self.app = place, place.app

    def client(self, person: str) -> FlaskClient:
        return _with_cookies(self.app, self.place.clients[person])

    def rows(self) -> Rows:
        return Counter(self.place.rows())

    def put_back(self) -> None:
        self.place.put_back()


class PostgresCourse:
    """The same rows, people and addresses; put back by whoever owns the database."""

    def __init__(self, place: Standing, kept: KeptDatabase, folder: Path) -> None:
        self.place, self.kept = place, kept
        self.app = create_app(settings_for(kept.fresh(), folder))
        self.app.extensions[STORAGE] = Uncounting()
        self._fresh = True
        self._tables = [found.name for found in tables.all_tables() if found.name not in NOT_COUNTED]

    def client(self, person: str) -> FlaskClient:
        self._fresh = False
        return _with_cookies(self.app, self.place.clients[person])

    def rows(self) -> Rows:
        with psycopg.connect(
            host="127.0.0.1", port=self.kept.server.port, user=OWNER, dbname=self.kept.name
        ) as connection:
            asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in self._tables)
            return Counter(dict(connection.execute(asked).fetchall()))

    def begin(self) -> None:
        """Something will be changed by other means than a client."""
        self._fresh = False

    def put_back(self) -> None:
        if not self._fresh:
            with self.app.app_context():
                db.engine.dispose()
            self.kept.fresh()
        self._fresh = True


@contextmanager
def postgres_course(
    place: Standing, server: PostgresClient, empty: str, worker: str, folder: Path
) -> Iterator[PostgresCourse]:
    """`empty`: the name of a database with all tables; what the demonstration put in it is replaced."""
    full, raced = f"standing_{worker}", f"raced_{worker}"
    server.create(full, template=empty)
    kept = KeptDatabase(server, raced, full, ROLE)
    try:
        _fill(full, place, server, folder)
        course = PostgresCourse(place, kept, folder)
        yield course
        with course.app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        kept.drop()
        server.drop(full)


def _fill(name: str, place: Standing, server: PostgresClient, folder: Path) -> None:
    """Every row of the place, as a backup takes it."""
    with place.app.app_context(), reading(), nothing_kept():
        written = {table: list(tables.exported(table)) for table in tables.all_tables()}
    app = create_app(settings_for(server.url(name), folder))
    with app.app_context():
        with transaction():
            names = ", ".join(f'"{table.name}"' for table in written)
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
            db.session.execute(text(f"TRUNCATE {names}"))
            bound = tables.lift_row_security()
            for table, portions in written.items():
                tables.load(table, table.columns.keys(), (line for found in portions for line in found.splitlines()))
                tables.go_on_counting(table, None)
            tables.bind_again(bound)
        db.engine.dispose()


def found_presses(place: Standing, of_a_kind: int) -> tuple[list[Press], set[str]]:
    """Every form that stores something when it is filled in, so many `of_a_kind` (0: all), and the addresses of those
    that never do.
    """
    before, kinds = Counter(place.rows()), Counter[object]()
    found: list[Press] = []
    nothing: set[str] = set()
    for door in place.doors:
        kind = (door.rule, TURN.sub("", " ".join(sorted(control.name for control in door.form.controls))))
        if door.form.method != "post" or (of_a_kind and kinds[kind] >= of_a_kind):
            continue
        press = _first_that_stores(place, door, before)
        if press is None:
            nothing.add(door.rule)
        else:
            kinds[kind] += 1
            found.append(press)
    return found, nothing - {press.door.rule for press in found}


def _first_that_stores(place: Standing, door: Door, before: Rows) -> Press | None:
    """Something new rather than only something else: a form that is shown again notes that it was seen."""
    less = None
    for way in WAYS:
        press = _press(place, door, before, way)
        place.put_back()
        if press is not None and press.alone:
            return press
        less = less or press
    return less


def _press(place: Standing, door: Door, before: Rows, way: Way) -> Press | None:
    """Until something is stored, the button is pressed once more on a page that asks."""
    texts = way.texts(door.form, number_of_a_case(place))
    sent = [way.sent(door.form, door.button, texts)]
    answer = place.post(door, sent[0])
    if not place.changed() and answer.mimetype == "text/html":
        again = [form for form in forms_of(answer.text) if urljoin(door.path, form.action or "") == door.path]
        if again and again[0].buttons:
            known = {name: value for name, value in texts.items() if name in again[0].text_names}
            sent.append(again[0].values(0, **known))
            answer = place.post(door, sent[1])
    if not place.changed():
        return None
    alone = Counter(place.rows())
    alone.subtract(before)
    return Press(door, tuple(sent[:-1]), sent[-1], _counted(alone), answer.status_code)


def _counted(rows: Rows) -> Rows:
    return Counter({name: number for name, number in rows.items() if number and name not in NOT_COUNTED})


def press_together(course: Course, press: Press, times: int = AT_ONCE) -> tuple[list[int], Rows]:
    """The same form at the same moment, by so many clients of one person; their answers and what changed."""
    door = press.door
    before = course.rows()
    clients = [course.client(door.person) for _number in range(times)]
    for sent in press.before:
        _send(clients[0], door, sent)
    for client in clients[1:]:
        client._cookies = dict(clients[0]._cookies)
    answers = at_once([lambda client=client: _send(client, door, press.last).status_code for client in clients])
    changed = course.rows()
    changed.subtract(before)
    return answers, _counted(changed)


def at_once(takes: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in a thread of its own, all let go at the same moment; what each answered, or the error it raised."""
    gate = threading.Barrier(len(takes))
    answers: list[Any] = [None] * len(takes)

    def run(number: int, take: Callable[[], Any]) -> None:
        gate.wait(TOGETHER)
        try:
            answers[number] = take()
        except Exception as problem:
            answers[number] = problem

    threads = [threading.Thread(target=run, args=found) for found in enumerate(takes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _send(client: FlaskClient, door: Door, sent: Sent) -> TestResponse:
    return client.post(door.path, data=encoded(sent), content_type="application/x-www-form-urlencoded")


def _with_cookies(app: Flask, client: FlaskClient) -> FlaskClient:
    mine = app.test_client()
    mine._cookies = dict(client._cookies)
    return mine
