"""Scripts in every text that people write: no page has a tag it did not have, no file a formula or an action (P27).

Which columns hold such text is found by sending every form. The payloads are then put straight into those columns, so
that nothing but the escaping of the outputs stands between them and a reader.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from functools import partial

import openpyxl
import pikepdf
import pytest
from lxml import etree
from playwright.sync_api import Browser, Route
from werkzeug.test import TestResponse

from lexheller.web.forms import clean_text
from tests.attack.corpora import scripts
from tests.attack.sizes import Size
from tests.attack.standing import Standing, words_of

NOT_IN_XML = "\x0b\x0c\ufffe\uffff"
PACK = 200
"""Payloads in one text. SQLite does not mind that it is longer than any form allows."""
FORMULAS = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://evil.example")')
ELSEWHERE = re.compile(r"""(?:href|src|action|formaction)\s*=\s*"\s*(?!/(?!/)|#|\?|https?://|mailto:|")([^"]*)""", re.I)
OURS = {("mark", "")}
"""What pages have around words that look like somebody's name, phone or address: some payloads do."""
RUNS = ("/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch")
EXTERNAL = re.compile(r'Target="(?!https?:|mailto:)[^"]*" TargetMode="External"')


def packs(size: Size) -> list[list[str]]:
    every = scripts()[: size.scripts or None]
    return [list(every[start : start + PACK]) for start in range(0, len(every), PACK)]


def fill(place: Standing, texts: list[str], turn: int) -> set[tuple[str, str]]:
    """Every row of every column where somebody's text ended has all of them; the columns that could not be filled."""
    joined = FORMULAS[turn % len(FORMULAS)] + (clean_text("\n".join(["", NOT_IN_XML, *texts])) or "")
    left: set[tuple[str, str]] = set()
    with sqlite3.connect(place.database) as connection:
        for table, column in sorted({target for found in place.landed.values() for target in found}):
            rows = connection.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall()
            for row, value in rows:
                if not isinstance(value, str):
                    continue
                text = _within(value, joined) or f"{joined} {row}"
                try:
                    connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (text, row))
                except sqlite3.Error:
                    left.add((table, column))
    connection.close()
    return left


def _within(value: str, text: str) -> str | None:
    """Stored structures keep their shape, and sentences in them are replaced; None where the value is a text."""
    try:
        structure = json.loads(value)
    except ValueError:
        return None
    if not isinstance(structure, dict | list):
        return None

    def change(part: object) -> object:
        if isinstance(part, dict):
            return {name: change(inner) for name, inner in part.items()}
        if isinstance(part, list):
            return [change(inner) for inner in part]
        return text if isinstance(part, str) and " " in part else part

    return json.dumps(change(structure))


def what_is_wrong(place: Standing, answer: TestResponse) -> Iterator[str]:
    kind = answer.mimetype
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    elif kind == "text/html":
        strangers = words_of(answer.text) - place.words - OURS
        if strangers:
            yield f"tags of others: {sorted(strangers)[:5]}"
        yield from (f"leads to {found[:40]!r}" for found in ELSEWHERE.findall(answer.text))
    elif kind == "text/csv":
        for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"):
            yield from (f"cell {cell[:20]!r}" for cell in row if re.match(r"[=+@\t\r]|-(?!\d)", cell))
    elif kind == "application/json":
        json.loads(answer.text)
    elif kind == "application/pdf":
        yield from _in_pdf(answer.data)
    elif zipfile.is_zipfile(io.BytesIO(answer.data)):
        yield from _in_office(answer.data)


def _in_pdf(content: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(content)) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Dictionary):
                runs = [name for name in RUNS if name in thing or thing.get("/S") == name]
                yield from runs
                uri = str(thing.get("/URI", "https:"))
                if not uri.startswith(("https:", "http:", "mailto:", "/")):
                    yield f"leads to {uri[:40]}"


def _in_office(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
                yield from EXTERNAL.findall(archive.read(name).decode())
        if "xl/workbook.xml" in archive.namelist():
            book = openpyxl.load_workbook(io.BytesIO(content))
            cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
            yield from (f"formula in {cell.coordinate}" for cell in cells if cell.data_type == "f")


@pytest.fixture
def attacked(place: Standing) -> Iterator[Standing]:
    yield place
    place.put_back()


def test_p27_scripts_in_every_text_stay_text_on_every_page_and_in_every_file(attacked: Standing, size: Size) -> None:
    assert len(scripts()) >= 5_000
    kinds: set[str] = set()
    wrong: dict[str, set[str]] = {}
    shown: set[str] = set()
    for turn, texts in enumerate(packs(size)):
        assert fill(attacked, texts, turn) == set()
        tell = next(text for text in texts if re.fullmatch(r"[\w ()<>=]{12,}", text))
        for person, path in attacked.pages:
            answer = attacked.clients[person].get(path)
            kinds.add(answer.mimetype)
            if answer.mimetype == "text/html" and tell.replace("<", "&lt;").replace(">", "&gt;") in answer.text:
                shown.add(attacked.rule(path))
            for problem in what_is_wrong(attacked, answer):
                wrong.setdefault(f"{person} {path}", set()).add(problem)
        attacked.put_back()
    assert wrong == {}
    assert {"text/html", "text/csv", "application/json", "application/pdf"} <= kinds
    assert len(kinds) >= 6, "Word and Excel too"
    assert len(shown) >= 30, sorted(shown)


def test_nothing_that_people_wrote_runs_in_a_browser(attacked: Standing, size: Size, browser: Browser) -> None:
    """With the policy nothing is even tried; without it the escaping holds alone."""
    fill(attacked, packs(size)[0], 0)
    pages = [(person, path) for person, path in attacked.pages if "." not in path]
    by_rule = {attacked.rule(path): (person, path) for person, path in pages}
    chosen = [found for rule, found in sorted(by_rule.items()) if "case_id" in rule or "<federation>" in rule]
    ran: list[str] = []
    for person, path in chosen[:: max(1, len(chosen) // size.pages)][: size.pages]:
        for kept in (True, False):
            page = browser.new_page()
            page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
            page.on("pageerror", lambda problem: ran.append(str(problem)))
            page.on("console", lambda said: ran.append(said.text) if "Content Security Policy" in said.text else None)
            page.add_init_script("window.alert = window.print = () => console.error('Content Security Policy: ran')")
            page.route("**/*", partial(_answer, attacked, person, kept))
            page.goto(f"http://attacked.example{path}", wait_until="load")
            page.close()
            assert ran == [], (person, path, "with policy" if kept else "without")


def _answer(place: Standing, person: str, policy: bool, route: Route) -> None:
    address = route.request.url
    if not address.startswith("http://attacked.example/"):
        route.abort()
        return
    found = place.clients[person].get(address.removeprefix("http://attacked.example"))
    headers = {name: value for name, value in found.headers if policy or name != "Content-Security-Policy"}
    headers = {name: value for name, value in headers.items() if name not in {"Set-Cookie", "Content-Length"}}
    route.fulfill(status=found.status_code, headers=headers, body=found.data)
