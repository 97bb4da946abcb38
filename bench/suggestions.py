"""What finding similar cases costs in a federation with 1,000, 10,000 and 100,000 cases, and whether it still finds.

    python -m bench.suggestions [--sizes 1000 10000 100000] [--runs 15] [--only sqlite]

Cases are made of the labelled reports: the stems of one, some of another's, and one word that few have. The same
questions are asked of every size in turn, so that a busy machine slows all alike. What is told is the median of each
size and how many times more it costs than the smallest. Times are of this machine; the ratio is what is promised.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from config import load_settings
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.app.factory import create_app
from lexheller.cases.models import Case, CaseTerm, Report
from lexheller.cases.queries import case_of_id
from lexheller.cases.search import terms_of
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.demo.setup import make_federations
from lexheller.faults.measure import read_labelled
from lexheller.faults.suggestions import suggestions_for
from lexheller.organisations import queries as organisations
from lexheller.organisations.queries import federation_by_slug
from tests.services.postgres import NoPostgresError, PostgresServer

HOME = "sodra-vatterbygden"
BATCH = 5000
ASKED = 10


@dataclass
class Site:
    app: Flask
    cases: int

    def seconds(self, case_id: int) -> tuple[float, int]:
        """How long one question took, and how many suggestions came."""
        with self.app.app_context():
            user = user_by_email(address("samordnare", HOME))
            assert user is not None
            actor, case = actor_for(user), case_of_id(case_id)
            began = time.perf_counter()
            found = suggestions_for(actor, case)
            return time.perf_counter() - began, len(found.cases)

    @property
    def asked(self) -> list[int]:
        """Cases spread over the whole time, the newest among them."""
        return [self.cases - place * self.cases // ASKED for place in range(ASKED)]


@contextmanager
def site(url: str, folder: Path, cases: int) -> Iterator[Site]:
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
        fill(cases)
        if db.engine.dialect.name == "postgresql":  # what the server does by itself after a while
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
    yield Site(app, cases)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def fill(count: int) -> None:
    """Rows as reports would leave them, the oldest first; to be called once on an empty federation."""
    federation = federation_by_slug(HOME)
    assert federation is not None
    federation_id = federation.id
    places = [row.id for row in organisations.municipalities(federation_id)]
    parties = [row.id for row in organisations.organisations(federation_id)]
    themes = [row.id for row in organisations.themes(federation_id)]
    texts = [row.text for row in read_labelled()]
    stems = [terms_of(written) for written in texts]
    first = clock.today() - timedelta(days=720)
    for start in range(1, count + 1, BATCH):
        rows: dict[Any, list[dict[str, Any]]] = {Report: [], Case: [], CaseTerm: []}
        for number in range(start, min(start + BATCH, count + 1)):
            kind, other = number % len(texts), (number * 7 + number // len(texts)) % len(texts)
            day = first + timedelta(days=720 * number // count)
            rows[Report].append(
                {
                    "id": number,
                    "federation_id": federation_id,
                    "submission_id": f"bench-{number}",
                    "source": "form",
                    "what_happened": texts[kind],
                    "as_given": {},
                    "locale": "sv",
                }
            )
            rows[Case].append(
                {
                    "id": number,
                    "federation_id": federation_id,
                    "report_id": number,
                    "number": f"{day.year}:11 / {number}",
                    "status": "unrouted",
                    "version": 1,
                    "round": 0,
                    "received_at": datetime.combine(day, time_of_day(11), tzinfo=UTC) + timedelta(microseconds=number),
                    "received_on": day,
                    "reporting_organisation_id": parties[(number // 3) % len(parties)],
                    "concerned_organisation_id": parties[kind % len(parties)],
                    "municipality_id": places[number % len(places)],
                    "theme_id": themes[kind % len(themes)],
                    "doubts": [],
                    "in_doubt": False,
                }
            )
            held = {*stems[kind], *stems[other][::3], f"glapp{number // 3}"}
            rows[CaseTerm] += [{"case_id": number, "term": stem, "federation_id": federation_id} for stem in held]
        with transaction():
            for model, values in rows.items():
                db.session.execute(model.__table__.insert(), values)


def measure(name: str, sites: list[Site], runs: int) -> None:
    for one in sites:  # the first question reads the list of concepts and prepares statements
        one.seconds(one.cases)
    taken: list[list[float]] = [[] for _ in sites]
    found = [0] * len(sites)
    for _ in range(runs):
        for asked in zip(*(one.asked for one in sites), strict=True):
            for place, case_id in enumerate(asked):
                seconds, count = sites[place].seconds(case_id)
                taken[place].append(seconds)
                found[place] += count
    print(f"\n{name}: similar cases and faults for one case, median of {runs * ASKED} interleaved questions")
    print(f"{'cases':>10}{'ms':>10}{'ratio':>8}{'suggested':>12}")
    base = median(taken[0])
    for one, times, count in zip(sites, taken, found, strict=True):
        shown = count / (runs * ASKED)
        print(f"{one.cases:>10,}{median(times) * 1000:>10.1f}{median(times) / base:>8.2f}{shown:>12.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lexheller-bench-"))
    try:
        if wanted.only != "postgresql":
            urls = [f"sqlite:///{folder / f'{size}.sqlite'}" for size in wanted.sizes]
            _compare("SQLite", urls, folder, wanted)
        if wanted.only != "sqlite":
            _on_postgresql(folder, wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(name: str, urls: list[str], folder: Path, wanted: argparse.Namespace) -> None:
    with ExitStack() as stack:
        pairs = zip(urls, wanted.sizes, strict=True)
        measure(name, [stack.enter_context(site(url, folder, size)) for url, size in pairs], wanted.runs)


def _on_postgresql(folder: Path, wanted: argparse.Namespace) -> None:
    try:
        server = PostgresServer()
    except NoPostgresError as missing:
        print(f"\nPostgreSQL: not measured. {missing}")
        return
    try:
        urls = [server.create(f"bench_{size}") for size in wanted.sizes]
        _compare(f"PostgreSQL {server.version}", urls, folder, wanted)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
