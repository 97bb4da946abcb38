"""A database role that owns nothing: by the operator's page the program works, and cannot change events (P14)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from acts import MONDAY, case_acts, report_acts
from flask import Flask
from psycopg import errors
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from config import PROJECT
from lexheller.app.factory import create_app
from lexheller.app.health import newest_migration
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.states import CaseStatus
from lexheller.check.promises import broken_promises
from lexheller.cli import granting
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from tests.cast.databases import settings_for, sqlalchemy_url
from tests.cast.people import Cast

OPERATOR_PAGE = PROJECT / "docs" / "operator.md"
NAMED = "lexheller_app"
APPEND_ONLY = ("event", "report_edition", "reading")


def statements(role: str) -> list[str]:
    """Those of the page, for a role of another name."""
    block = re.search(r"<!-- begin grants -->\n```sql\n(.*?)```", OPERATOR_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = [line.strip() for line in block[1].split(";") if line.strip()]
    assert found[0].startswith(f"CREATE ROLE {NAMED} ")
    assert found[1:] == granting.statements(NAMED), "what the command does, and what the page says, is the same"
    return [line.replace(NAMED, role) for line in found]


@pytest.fixture
def owner(postgres_server, postgres_template, worker_id) -> Iterator[psycopg.Connection]:
    """The owner's connection to a database without the guarding triggers: what is refused, is refused by grants."""
    name, role = f"granted_{worker_id}", f"app_{worker_id}"
    postgres_server.create(name, template=postgres_template)
    address = postgres_server.url(name).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        for table in APPEND_ONLY:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements(role):
            connection.execute(statement)
        yield connection
    postgres_server.drop(name)
    with psycopg.connect(postgres_server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {role}")


@pytest.fixture
def granted(owner, postgres_server, worker_id, tmp_path) -> Iterator[Flask]:
    """The application, signed in as that role."""
    url = sqlalchemy_url(postgres_server, f"granted_{worker_id}").replace("//lexheller@", f"//app_{worker_id}@")
    application = create_app(settings_for(url, tmp_path))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def test_p14_with_those_grants_everything_works(granted):
    cast = Cast(granted)
    before = db.session.scalar(select(func.count(Event.id)))
    with clock.at(MONDAY):
        for acts in (case_acts, report_acts):
            for act in acts(cast):
                with transaction():
                    act.do()
        with transaction():
            run_waiting_now()
    assert db.session.scalar(select(func.count(Event.id))) > before + 40
    assert broken_links() == []
    assert broken_promises() == []
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == newest_migration()


REFUSED = [
    *(f"UPDATE {table} SET federation_id = federation_id" for table in APPEND_ONLY),
    *(f"DELETE FROM {table}" for table in APPEND_ONLY if table not in granting.LET_GO),
    *(f"TRUNCATE {table}" for table in APPEND_ONLY),
    "TRUNCATE event CASCADE",
    "ALTER TABLE event DISABLE TRIGGER USER",
    "DROP TRIGGER event_append_only ON event",
    "ALTER TABLE event ADD COLUMN note text",
    "DROP TABLE event",
    "CREATE TABLE own (id integer)",
    "SET session_replication_role = replica",
    "UPDATE alembic_version SET version_num = '0001'",
]


def test_p14_the_role_can_neither_change_delete_nor_empty_the_log_nor_take_its_guards_away(granted, owner):
    Cast(granted).reach(CaseStatus.ASSIGNED)
    before = db.session.scalar(select(func.count(Event.id)))
    db.session.commit()
    for statement in REFUSED:
        with pytest.raises(ProgrammingError) as refused:
            db.session.execute(text(statement))
        assert isinstance(refused.value.orig, errors.InsufficientPrivilege), statement
        db.session.rollback()
    assert db.session.scalar(select(func.count(Event.id))) == before
    db.session.rollback()
    owner.execute("UPDATE event SET kind = kind")  # without the triggers an owner may: it was the grants that refused
