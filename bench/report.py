"""What the yearly report costs: a federation with more and more reports a year, and many federations one after another.

    python -m bench.report [--cases 1000] [--federations 69] [--only sqlite]

Compiling counts the year from facts written in bulk, three years of them, as the events would leave them. Then the year
is compiled for all federations, each by itself as the January run does. Times are of this machine; the ratios are what
is promised: the cost grows with the reports and not with their square (ten times as many cost ten to twenty times as
much: what a large year holds in memory is gone through more than once), a federation costs as much when many have been
compiled before it as when none has, and an office's page that shows an unchanged year counts nothing (`shown again`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask_migrate import upgrade

from config import load_settings
from lexheller.accounts.rights import OPERATOR
from lexheller.action_reports import kept
from lexheller.action_reports.compiling import compiled, last_day
from lexheller.app.factory import create_app
from lexheller.cases.fact_models import CaseFact
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.setup import make_federations
from lexheller.organisations.founding import Member, add_federation
from lexheller.organisations.models import Federation, OrganisationKind
from lexheller.organisations.queries import federation_of, federations, municipalities, organisations, themes
from lexheller.statistics.milestones import IN_TIME, What
from tests.services.postgres import NoPostgresError, PostgresServer

YEAR = 2024
YEARS = 3
BATCH = 5000
RUNS = 3
PARTS = (1, 10)
"""Of --cases: how many reports a year the one federation has."""


def fill(federation_id: int, per_year: int, first_id: int) -> int:
    """So many reports in each of the years; returns the next free id."""
    parties = [row.id for row in organisations(federation_id)] or [None]
    places = [row.id for row in municipalities(federation_id)] or [None]
    topics = [row.id for row in themes(federation_id)] or [None]
    rows = []
    for number in range(per_year * YEARS):
        received = date(YEAR - number // per_year, 1, 1) + timedelta(days=number * 7 % 365)
        rows.append(_row(federation_id, first_id + number, received, parties, places, topics))
    for start in range(0, len(rows), BATCH):
        with transaction():
            db.session.execute(CaseFact.__table__.insert(), rows[start : start + BATCH])  # type: ignore[attr-defined]
    return first_id + len(rows)


def _row(
    federation_id: int, case_id: int, received: date, parties: list[Any], places: list[Any], topics: list[Any]
) -> dict[str, Any]:
    answered, closed = received + timedelta(days=case_id % 40), received + timedelta(days=case_id % 40 + 5)
    milestones = [
        [received.isoformat(), What.SENT, None],
        [answered.isoformat(), What.ANSWER, IN_TIME],
        [answered.isoformat(), What.ANSWERED, None],
        [closed.isoformat(), What.CLOSED, "solved"],
    ]
    return {
        "case_id": case_id,
        "federation_id": federation_id,
        "number": f"{received.year}:11 / {case_id}",
        "received_on": received,
        "reporting_organisation_id": parties[case_id % len(parties)],
        "concerned_organisation_id": parties[case_id // 3 % len(parties)],
        "municipality_id": places[case_id % len(places)],
        "theme_id": topics[case_id % len(topics)],
        "merged_into_id": None,
        "answered_on": answered,
        "closed_on": closed,
        "touched_on": closed,
        "milestones": milestones,
        "sequence": case_id,
    }


def seconds(federation_id: int, count: Callable[[Federation, int, date], object] = compiled) -> float:
    began = time.perf_counter()
    count(federation_of(federation_id), YEAR, last_day(YEAR))
    took = time.perf_counter() - began
    db.session.remove()
    return took


def seconds_again(federation_id: int) -> float:
    """What the office's pages cost in figures while nothing has changed."""
    seconds(federation_id, kept.figures)
    return median(seconds(federation_id, kept.figures) for _ in range(RUNS))


@contextmanager
def installation(url: str, folder: Path) -> Iterator[None]:
    environ = {"LEXHELLER_ENV": "embedded", "LEXHELLER_DATA": str(folder), "LEXHELLER_SECRET_KEY": "measuring" * 6}
    with create_app(replace(load_settings(environ), database_url=url)).app_context():
        upgrade()
        with transaction():
            make_federations(production=False)
        yield
        db.session.remove()
        db.engine.dispose()


def measure(name: str, cases: int, count: int) -> None:
    next_id = 1
    home = [federation.id for federation in federations()]
    print(f"\n{name}: compiling {YEAR}, seconds")
    print(f"{'reports a year':>16}{'compiled':>10}{'ratio':>8}{'shown again':>14}{'of compiling':>14}")
    first = None
    for federation_id, part in zip(home, PARTS, strict=False):
        per_year = max(int(cases * part), 1)
        next_id = fill(federation_id, per_year, next_id)
        took = median(seconds(federation_id) for _ in range(RUNS))
        again = seconds_again(federation_id)
        first = first or took
        print(f"{per_year:>16,}{took:>10.2f}{took / first:>8.1f}{again:>14.3f}{again / took:>14.0%}", flush=True)
    made = []
    for number in range(count):
        with transaction():
            member = Member(name="Arbetsförmedlingen", kind=OrganisationKind.STATE)
            slug, name = f"forbund-{number}", f"Förbund {number}"
            federation_id = add_federation(OPERATOR, slug=slug, name=name, members=[member], places=[]).id
        next_id = fill(federation_id, cases, next_id)
        made.append(federation_id)
    times = [seconds(federation_id) for federation_id in made]
    edge = max(len(times) // 6, 1)
    begun, ended = median(times[:edge]), median(times[-edge:])
    print(f"{count} federations with {cases:,} a year: {sum(times):.0f} s in all, {median(times):.2f} s each; ", end="")
    print(f"the last {edge} cost {ended / begun:.2f} times the first {edge}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--federations", type=int, default=69)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lexheller-bench-"))
    try:
        if wanted.only != "postgresql":
            with installation(f"sqlite:///{folder / 'bench.sqlite'}", folder):
                measure("SQLite", wanted.cases, wanted.federations)
        if wanted.only != "sqlite":
            _on_postgresql(folder, wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _on_postgresql(folder: Path, wanted: argparse.Namespace) -> None:
    try:
        server = PostgresServer()
    except NoPostgresError as missing:
        print(f"\nPostgreSQL: not measured. {missing}")
        return
    try:
        with installation(server.create("bench_report"), folder):
            measure(f"PostgreSQL {server.version}", wanted.cases, wanted.federations)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
