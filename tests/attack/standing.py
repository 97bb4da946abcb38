"""What is attacked: an installation with something of everything, its people, and all pages and forms that they find.

Pages are found by following links from each person's first page, and every mailed link; forms by reading those pages.
So a new page or field is attacked without anybody thinking of it. Stops at finding and sending: no attack is here.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from lexheller.app.factory import create_app
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.demo.actions import tell_demo_actions
from lexheller.demo.data import FEDERATIONS
from lexheller.demo.faults import tell_demo_faults
from lexheller.demo.meetings import plan_demo_meetings
from lexheller.demo.tales import TALES, Teller
from lexheller.demo.yearly import publish_demo_year
from lexheller.intake.codes import grouped
from lexheller.intake.service import receipt_code
from lexheller.web.limits import STORAGE
from tests.attack.found_forms import FoundForm, forms_of
from tests.attack.more_to_find import more_to_find
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Cast, Visitor

PARTS = {"office": "samordnare", "director": "forbundschef", "manager": "chef.af"}
FIRST_PAGES = ("/", f"/anmal/{HOME}", "/kvitto", "/logga-in", "/glomt-losenord", f"/publikt/{HOME}")
LINK = re.compile(r'href="(/[^"#]*)')
MAILED = re.compile(r"https?://[^/\s]+(/\S+)")
RECEIPT = "/kvitto/lank/"
TAG = re.compile(r"<([a-zA-Z!?][^\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([^\s=\"'/]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
LEFT_ALONE = {"/logga-ut", "/static/<path:filename>", "/demo/mejl", "/demo/mejl/<name>"}
MANY = {
    "/arenden/<federation>/<int(max=2147483647):case_id>": 14,
    "/maskering/<federation>/<any(arende, systemfel, atgard, mote, rapport, forbund):masked_kind>"
    "/<int(max=2147483647):masked_id>": 6,
    "/svar/<token>": 6,
    "/systemfel/<federation>/<int(max=2147483647):fault_id>": 4,
    "/moten/<federation>/<int(max=2147483647):meeting_id>": 3,
    "/atgarder/<federation>/<int(max=2147483647):action_id>": 4,
}
"""How many times as many addresses are looked at where there are many states."""


@dataclass
class Door:
    """A form that a person found on a page. `button` is the one by which something was stored, if any."""

    person: str
    page: str
    path: str
    rule: str
    form: FoundForm
    button: int = 0
    stores: bool = False

    @property
    def name(self) -> str:
        return f"{self.person}: {self.form.method.upper()} {self.rule}"


@dataclass
class Standing:
    app: Flask
    folder: Path
    addresses: int
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    pages: list[tuple[str, str]] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    words: set[tuple[str, str]] = field(default_factory=set)
    landed: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watch = sqlite3.connect(self.database)
        self._kept = sqlite3.connect(":memory:")
        self._cookies: dict[str, dict[object, object]] = {}
        self._version = 0

    @property
    def database(self) -> Path:
        return self.folder / "lexheller.sqlite"

    @property
    def temporary(self) -> Path:
        """Where temporary files are written while it is attacked."""
        return self.folder / "tmp"

    def keep(self) -> None:
        """As it is now it will be again after every attack that changed something."""
        self._watch.backup(self._kept)
        self._cookies = {name: dict(client._cookies) for name, client in self.clients.items()}
        self._version = self._data_version()

    def changed(self) -> bool:
        return self._data_version() != self._version

    def put_back(self) -> None:
        """Cheap where nothing was written."""
        for name, client in self.clients.items():
            client._cookies = dict(self._cookies[name])
        if self.changed():
            with self.app.app_context():
                db.session.remove()
            target = sqlite3.connect(self.database)
            self._kept.backup(target)
            target.close()
            self._version = self._data_version()

    def stored(self) -> Iterator[tuple[str, str, object]]:
        """Every value of every row: table, column, value."""
        for table, columns in self.columns():
            for row in self._watch.execute(f'SELECT * FROM "{table}"'):
                yield from ((table, column, value) for column, value in zip(columns, row, strict=True))

    def columns(self) -> list[tuple[str, list[str]]]:
        names = [row[0] for row in self._watch.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [(name, [row[1] for row in self._watch.execute(f'PRAGMA table_info("{name}")')]) for name in names]

    def rows(self) -> dict[str, int]:
        """By table; that somebody read a page is no change."""
        counted = ((name, self._watch.execute(f'SELECT count(*) FROM "{name}"')) for name, _ in self.columns())
        return {name: cursor.fetchone()[0] for name, cursor in counted if name != "reading"}

    def send(self, door: Door, texts: dict[str, str], *, button: int | None = None) -> list[TestResponse]:
        """Press the button, and again on the page that asks once more; the answers."""
        client, form = self.clients[door.person], door.form
        pressed = door.button if button is None else button
        sent = form.values(pressed, **texts)
        if form.method == "get":
            return [client.get(door.path, query_string=encoded(sent))]
        answers = [self.post(door, sent)]
        if answers[0].status_code in {200, 422} and answers[0].mimetype == "text/html":
            again = [
                found for found in forms_of(answers[0].text) if urljoin(door.path, found.action or "") == door.path
            ]
            if again and again[0].buttons:
                known = {name for name in texts if name in again[0].text_names}
                values = again[0].values(0, **{name: texts[name] for name in known})
                answers.append(self.post(door, values))
        return answers

    def post(self, door: Door, sent: list[tuple[str, str]]) -> TestResponse:
        kind = "application/x-www-form-urlencoded"
        return self.clients[door.person].post(door.path, data=encoded(sent), content_type=kind)

    def look_around(self) -> None:
        """Find every page and every form."""
        shapes: set[object] = set()
        open_to_all: set[str] = set()
        for person, client in self.clients.items():
            if self.pages and not open_to_all:
                open_to_all = {self.rule(path) for _, path in self.pages}
            seen: Counter[str] = Counter()
            waiting = deque(self._starts(person))
            known = set(waiting)
            while waiting:
                path = waiting.popleft()
                rule = self.rule(path)
                if rule in LEFT_ALONE | open_to_all or seen[rule] >= self.addresses * MANY.get(
                    rule, 4 if ":form>" in rule else 1
                ):
                    continue
                answer = client.get(path)
                if answer.status_code in {301, 302, 303}:
                    waiting.appendleft(urljoin(path, answer.location))
                    continue
                if answer.status_code != 200:
                    continue
                seen[rule] += 1
                self.pages.append((person, path))
                if answer.mimetype != "text/html":
                    continue
                self.words |= words_of(answer.text)
                for found in LINK.findall(answer.text):
                    onwards = unescape(found)
                    if onwards not in known and not onwards.startswith("/static/"):
                        known.add(onwards)
                        waiting.append(onwards)
                for form in forms_of(answer.text):
                    action = urljoin(path, form.action or path)
                    to = self.rule(action, form.method)
                    if to and to not in LEFT_ALONE and (to, form.shape) not in shapes:
                        shapes.add((to, form.shape))
                        # A form that only asks replaces what the address asked, as browsers do.
                        asked = action.partition("?")[0] if form.method == "get" else action
                        self.doors.append(Door(person, path, asked, to, form))

    def settle(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
        """Send every form once, with a mark in each text field; which columns each door's fields ended in."""
        landed: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for number, door in enumerate(self.doors):
            names = [name for name in door.form.text_names if not _is_address(door.form, name)]
            marks = {name: f"Märke{number}x{turn}y i texten" for turn, name in enumerate(names)}
            for button in range(max(1, len(door.form.buttons))):
                if door.form.method == "get":
                    break
                self.send(door, marks, button=button)
                if self.changed():
                    found = self._landed(marks)
                    if found or not door.stores:
                        door.button, door.stores = button, True
                        landed.update({(door.rule, name): found.get(name, set()) for name in names})
                self.put_back()
                if door.stores and any(landed.get((door.rule, name)) for name in names):
                    break
        return landed

    def rule(self, address: str, method: str = "get") -> str:
        try:
            there = self.app.url_map.bind("localhost")
            matched, _ = there.match(urlsplit(address).path, method=method.upper(), return_rule=True)
        except HTTPException:
            return ""
        return str(matched.rule)

    def _landed(self, marks: dict[str, str]) -> dict[str, set[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for table, column, value in self.stored():
            if isinstance(value, str) and ("Märke" in value or "M\\u00e4rke" in value):
                plain = value.replace("M\\u00e4rke", "Märke")
                for name, mark in marks.items():
                    if mark.split(" ")[0] in plain:
                        found.setdefault(name, set()).add((table, column))
        return found

    def _starts(self, person: str) -> list[str]:
        if person in PARTS:
            return ["/start", f"/start/{HOME}", f"/installningar/{HOME}", "/mitt-konto"]
        if person == "reporter":
            return ["/kvitto/anmalan"]
        if person == "holder of links":
            return [path for path in self.mailed() if not path.startswith(RECEIPT)]
        return [person] if person.startswith(RECEIPT) else [*FIRST_PAGES]

    def mailed(self) -> list[str]:
        """The links in the mails, in the order they were sent."""
        text = "\n".join(_text_of(path) for path in sorted((self.folder / "mail").glob("*.eml")))
        links = [path.rstrip(".") for path in dict.fromkeys(MAILED.findall(text)) if len(path) > 30]
        return [path for path in links if "<token>" in self.rule(path)]

    def _data_version(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])


class Uncounting(MemoryStorage):
    """Where every attempt is the first."""

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return 0


@contextmanager
def standing(template: Path, folder: Path, addresses: int) -> Iterator[Standing]:
    """On a copy of the template; this installation alone counts no attempts."""
    shutil.copy(template, folder / "lexheller.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'lexheller.sqlite'}", folder))
    app.extensions[STORAGE] = Uncounting()
    code = _fill(app)
    place = Standing(app, folder, addresses)
    place.temporary.mkdir()
    for person in ("anybody", *PARTS, "holder of links", "reporter"):
        place.clients[person] = app.test_client()
    for person, part in PARTS.items():
        Visitor(place.clients[person]).sign_in(part)
    reporter = Visitor(place.clients["reporter"])
    reporter.get("/kvitto")
    reporter.post("/kvitto", {"code": code})
    # A browser shows the receipt of the link that it opened last: each has its own.
    for path in [found for found in place.mailed() if found.startswith(RECEIPT)][:addresses]:
        place.clients[path] = app.test_client()
    place.look_around()
    place.keep()
    place.landed = place.settle()
    yield place
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fill(app: Flask) -> str:
    """Something of everything, by the verbs; the receipt code of a closed case."""
    with app.app_context():
        cast, home = Cast(app), Cast(app).federation()
        wanted = next(found for found in FEDERATIONS if found.slug == HOME)
        with clock.at(datetime(clock.local_year() - 1, 10, 6, 9, tzinfo=UTC)):
            cast.reach(CaseStatus.CLOSED)
        for status in CaseStatus:
            case = cast.reach(status)
        for tale in TALES.values():
            with transaction():
                tale(Teller(home, wanted))
        with transaction():
            tell_demo_faults(home, cast.coordinator)
            tell_demo_actions(home, cast.coordinator)
            plan_demo_meetings(home, cast.coordinator)
        with transaction():
            publish_demo_year(home, cast.director, cast.coordinator)
        with transaction():
            run_waiting_now()
        with transaction():
            more_to_find(cast)
        with transaction():
            run_waiting_now()
        code = grouped(receipt_code(case.federation_id, case.report.submission_id))
        db.session.remove()
    return code


def words_of(page: str) -> set[tuple[str, str]]:
    """The tags of a page, and the attributes that each tag has."""
    found: set[tuple[str, str]] = set()
    for tag, rest in TAG.findall(page):
        found.add((tag.lower(), ""))
        found |= {(tag.lower(), name.lower()) for name in ATTRIBUTE.findall(rest)}
    return found


def encoded(pairs: list[tuple[str, str]]) -> str:
    """As a body or a query; half signs go as the bytes that a broken browser would send."""
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs])


def _is_address(form: FoundForm, name: str) -> bool:
    return any(control.name == name and control.kind == "email" for control in form.controls)


def _text_of(path: Path) -> str:
    return path.read_text("utf-8", errors="replace").replace("=\n", "")
