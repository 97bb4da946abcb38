"""What the desk's pages cost with few cases and with many, on SQLite and, where there is one, on PostgreSQL.

    python -m bench.desk [--few 100] [--many 10000] [--runs 15] [--only sqlite]

Each page is asked for through the application, few and many in turn, so that a busy machine slows both. What is told is
the median of each and how many times more the many cost. Times are of this machine; the ratio is what is promised. With
few cases a page may be less than full: how many rows it shows is told beside, since a row costs the same in both.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from bench.fill import FREQUENT, fill
from config import load_settings
from lexheller.app.factory import create_app
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.data import PASSWORD, address
from lexheller.demo.setup import make_federations
from tests.services.postgres import NoPostgresError, PostgresServer

SECRET = "only-for-measuring-and-of-no-use-elsewhere"
HOME = "sodra-vatterbygden"
QUEUE = f"/arenden/{HOME}"
OFFICE, MANAGER, DIRECTOR = "samordnare", "chef.af", "forbundschef"
PAGES: tuple[tuple[str, str, str], ...] = (
    ("start page, coordinator", OFFICE, f"/start/{HOME}"),
    ("start page, manager", MANAGER, f"/start/{HOME}"),
    ("start page, director", DIRECTOR, f"/start/{HOME}"),
    ("queue, newest first", OFFICE, QUEUE),
    ("queue, oldest first", OFFICE, f"{QUEUE}?sort=oldest"),
    ("queue, due first", OFFICE, f"{QUEUE}?sort=due"),
    ("queue, a manager's", MANAGER, QUEUE),
    ("queue, a manager's, due first", MANAGER, f"{QUEUE}?sort=due"),
    ("filter: status", OFFICE, f"{QUEUE}?status=assigned"),
    ("filter: theme", OFFICE, f"{QUEUE}?theme=3"),
    ("filter: organisation and status", OFFICE, f"{QUEUE}?organisation=2&status=answered"),
    ("filter: unit", OFFICE, f"{QUEUE}?unit=2"),
    ("filter: late", OFFICE, f"{QUEUE}?only=overdue"),
    ("filter: late, newest first", OFFICE, f"{QUEUE}?only=overdue&sort=newest"),
    ("filter: waiting for the reporter", OFFICE, f"{QUEUE}?only=paused"),
    ("filter: returned by a unit", OFFICE, f"{QUEUE}?only=returned"),
    ("filter: in doubt", OFFICE, f"{QUEUE}?only=in_doubt"),
    ("search: a word in half of them", OFFICE, f"{QUEUE}?q={FREQUENT}"),
    ("search: a word in three of them", OFFICE, f"{QUEUE}?q=glapp17"),
    ("search: two words", OFFICE, f"{QUEUE}?q={FREQUENT}+utl%C3%A5tandet"),
    ("search: the beginning of a word", OFFICE, f"{QUEUE}?q=handl"),
    ("search: a frequent word, a manager's", MANAGER, f"{QUEUE}?q={FREQUENT}"),
    ("search: a diary number", OFFICE, f"{QUEUE}?q={clock.local_year()}:11+/+99"),
)


@dataclass
class Site:
    """One installation with a browser for each part."""

    clients: dict[str, FlaskClient]

    def seconds(self, part: str, path: str) -> float:
        began = time.perf_counter()
        answer = self.clients[part].get(path)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return took

    def rows(self, part: str, path: str) -> int:
        """How many cases or lines the page shows."""
        page = self.clients[part].get(path).get_data(as_text=True)
        return page.count("data-row>") + page.count('class="start-lines__text"')


@contextmanager
def site(url: str, folder: Path, cases: int) -> Iterator[Site]:
    """An installation with so many cases in one of its federations."""
    environ = {
        "LEXHELLER_ENV": "embedded",
        "LEXHELLER_DATA": str(folder),
        "LEXHELLER_SECRET_KEY": "only-for-measuring" * 3,
    }
    app = create_app(replace(load_settings(environ), database_url=url))
    with app.app_context():
        upgrade()
        with transaction():
            make_federations(production=False)
        fill(HOME, cases)
        if db.engine.dialect.name == "postgresql":  # what the server does by itself after a while
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
    yield Site({part: _signed_in(app.test_client(), part) for part in (OFFICE, MANAGER, DIRECTOR)})
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _signed_in(client: FlaskClient, part: str) -> FlaskClient:
    page = client.get("/logga-in").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post("/logga-in", data={"email": address(part, HOME), "password": PASSWORD, "csrf_token": token})
    if answer.status_code != 302:
        raise SystemExit(f"{part} could not sign in")
    return client


def measure(name: str, few: Site, many: Site, runs: int, sizes: tuple[int, int]) -> None:
    print(f"\n{name}: median of {runs} interleaved runs, milliseconds")
    print(f"{'page':<40}{sizes[0]:>10,}{sizes[1]:>10,}{'ratio':>8}{'rows':>10}")
    for label, part, path in PAGES:
        rows = f"{few.rows(part, path)}/{many.rows(part, path)}"
        pairs = [(few.seconds(part, path), many.seconds(part, path)) for _ in range(runs)]
        low, high = (median(times) * 1000 for times in zip(*pairs, strict=True))
        print(f"{label:<40}{low:>10.1f}{high:>10.1f}{high / low:>8.2f}{rows:>10}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    wanted = parser.parse_args()
    sizes = (wanted.few, wanted.many)
    folder = Path(tempfile.mkdtemp(prefix="lexheller-bench-"))
    try:
        if wanted.only != "postgresql":
            _on_sqlite(folder, sizes, wanted.runs)
        if wanted.only != "sqlite":
            _on_postgresql(folder, sizes, wanted.runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on_sqlite(folder: Path, sizes: tuple[int, int], runs: int) -> None:
    with ExitStack() as stack:
        urls = [f"sqlite:///{folder / f'{size}.sqlite'}" for size in sizes]
        few, many = (stack.enter_context(site(url, folder, size)) for url, size in zip(urls, sizes, strict=True))
        measure("SQLite", few, many, runs, sizes)


def _on_postgresql(folder: Path, sizes: tuple[int, int], runs: int) -> None:
    try:
        server = PostgresServer()
    except NoPostgresError as missing:
        print(f"\nPostgreSQL: not measured. {missing}")
        return
    try:
        with ExitStack() as stack:
            urls = [server.create(f"bench_{size}") for size in sizes]
            few, many = (stack.enter_context(site(url, folder, size)) for url, size in zip(urls, sizes, strict=True))
            measure(f"PostgreSQL {server.version}", few, many, runs, sizes)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
