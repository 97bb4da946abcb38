"""A page costs the same however many cases there are: as many queries, each led by an index, each with a roof.

Times are measured by `bench.desk`, never here.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, text

from lexheller.cases.states import CaseStatus
from lexheller.core.db import db, reading
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.desk.counting import attention
from lexheller.desk.queries import parked_jobs, queue
from lexheller.desk.rules import COUNT_LIMIT, Only, QueueFilter, Sort
from lexheller.desk.start_manager import sections as manager_sections
from lexheller.organisations.queries import municipalities
from tests.integration.desk.looking import QUEUE, START, queries_of

OFFICE, MANAGER, DIRECTOR = "samordnare", "chef.af", "forbundschef"
MOST = {START: 30, QUEUE: 24}
BIG = ("case_file", "duty", "report", "case_term", "answer", "job", "proposal", "handover", "due_step", "feedback")
FEDERATION_WIDE = ("case_file", "duty", "case_term", "job", "proposal")


def fill(cast, count):
    places = municipalities(cast.federation().id)
    for status in (CaseStatus.UNROUTED, CaseStatus.ANSWERED, CaseStatus.CLOSED, CaseStatus.ACCEPTED):
        for position in range(count):
            cast.reach(status, municipality_id=places[position % len(places)].id, reporter_email=None)
    with transaction():
        run_waiting_now()


@pytest.mark.parametrize("part", [OFFICE, MANAGER, DIRECTOR])
@pytest.mark.parametrize("path", [START, QUEUE, f"{QUEUE}?sort=due", f"{QUEUE}?q=kontoret", f"{QUEUE}?only=running"])
def test_a_page_asks_as_much_for_many_cases_as_for_few(app, stage, visitor, part, path):
    stage.ask(lambda cast: fill(cast, 2))
    visitor.sign_in(part)
    few = queries_of(app, visitor, path)
    stage.ask(lambda cast: fill(cast, 5))
    many = queries_of(app, visitor, path)
    assert len(many) <= len(few), "\n".join(many)
    assert len(few) <= MOST[path.partition("?")[0]], "\n".join(few)


def asked_by(work) -> list[tuple[str, object]]:
    found = []

    def keep(_connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
    return found


def plan_of(statement: str, parameters: object) -> str:
    """How the database would go about it. PostgreSQL is told not to read small tables from end to end."""
    with reading(), db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
        connection.rollback()
    return "\n".join(str(row[-1]) for row in rows)


LOOKS = {
    "newest": lambda cast: queue(cast.coordinator, cast.federation().id, QueueFilter(), None),
    "oldest": lambda cast: queue(cast.coordinator, cast.federation().id, QueueFilter(), None, Sort.OLDEST),
    "due": lambda cast: queue(cast.coordinator, cast.federation().id, QueueFilter(), None, Sort.DUE),
    "theme": lambda cast: queue(cast.coordinator, cast.federation().id, QueueFilter(theme_id=1), None),
    "manager": lambda cast: queue(cast.person(MANAGER), cast.federation().id, QueueFilter(), None),
    "search": lambda cast: queue(cast.coordinator, cast.federation().id, QueueFilter(words="kontoret webb"), None),
    "counts": lambda cast: attention(cast.coordinator, cast.federation().id),
    "parked": lambda cast: parked_jobs(cast.federation().id),
    "start": lambda cast: manager_sections(cast.person(MANAGER), cast.federation()),
    **{
        only: lambda cast, only=only: queue(cast.coordinator, cast.federation().id, QueueFilter(only=only), None)
        for only in Only
    },
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_table_of_cases_is_read_from_end_to_end(cast, look):
    fill(cast, 1)
    with cast.app.test_request_context():
        asked = asked_by(lambda: LOOKS[look](cast))
    assert asked
    for statement, parameters in asked:
        plan = plan_of(statement, parameters)
        for table in FEDERATION_WIDE:
            aliases = set(re.findall(rf"\b{table}(?: AS)? (\w+_\d+)\b", statement)) | {table}
            for name in aliases:
                assert not re.search(rf"SCAN {name}$", plan, re.MULTILINE), f"{statement}\n{plan}"
            assert not re.search(rf"Seq Scan on {table}\b", plan), f"{statement}\n{plan}"


@pytest.mark.parametrize(
    ("look", "index"),
    [
        ("newest", "ix_case_queue"),
        ("oldest", "ix_case_queue"),
        ("due", "ix_duty_live_due"),
        (Only.RUNNING, "ix_case_running"),
        (Only.IN_DOUBT, "ix_case_in_doubt"),
        (Only.PAUSED, "ix_duty_paused"),
        (Only.RETURNED, "ix_duty_returned"),
        (Only.PROPOSALS, "ix_proposal_waiting"),
        (Only.NOT_BETTER, "ix_case_status"),
        (Only.OFFERED, "ix_handover_waiting"),
        ("theme", "ix_case_theme"),
        ("parked", "ix_job_parked"),
        ("start", "ix_duty_live_unit"),
        ("start", "ix_duty_answered"),
    ],
)
def test_each_order_and_filter_has_the_index_that_fits_it(cast, look, index):
    """On SQLite, where the plan does not depend on how few rows a test has."""
    if db.engine.dialect.name != "sqlite":
        names = db.session.scalars(text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"))
        assert index in set(names)
        return
    with cast.app.test_request_context():
        asked = asked_by(lambda: LOOKS[look](cast))
    assert any(f"INDEX {index} " in plan_of(*one) for one in asked), "\n".join(plan_of(*one) for one in asked)


def test_a_count_stops_at_its_roof(cast):
    asked = asked_by(lambda: attention(cast.coordinator, cast.federation().id))
    statement = next(one for one, _ in asked if "count(*)" in one)
    counts = statement.count("count(*)")
    assert counts == len(re.findall(r"LIMIT \S+( OFFSET \S+)?\) AS anon_\d+\)", statement))
    assert counts >= 12
    assert COUNT_LIMIT == 100
