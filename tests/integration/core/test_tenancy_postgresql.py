"""The second wall (P15, P16): PostgreSQL itself shows a federation's rows to nobody who does not work for it.

Signed in as the role of the operator's page, which owns nothing. SQLite has no such wall, so these run on one database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Table, delete, event, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from walls import OURS, THEIRS, connected, fill, row, walled

from lexheller.app.factory import create_app
from lexheller.cases.dialogue import Handover
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.cli.granting import KEPT, LET_GO
from lexheller.cli.main import group
from lexheller.core import jobs, tenancy
from lexheller.core.db import db
from lexheller.core.transaction import all_or_nothing, nothing_kept, transaction
from lexheller.organisations.models import Theme
from lexheller.web.access import public, signed_in
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Cast, Visitor
from tests.cast.stage import Stage
from tests.services.postgres import APPLICATION

DENIED = "permission denied"
OUTSIDE = "violates row-level security policy"


@pytest.fixture(scope="module")
def two_federations(postgres_server, postgres_template, worker_id) -> Iterator[str]:
    """The name of a database with a row of each of two federations in every table."""
    name = f"walled_{worker_id}"
    postgres_server.create(name, template=postgres_template)
    with connected(postgres_server.url(name)) as owner, owner.begin() as connection:
        fill(connection)
    yield name
    postgres_server.drop(name)


@pytest.fixture
def bound(two_federations, postgres_server) -> Iterator[Connection]:
    """As the application's role; what it does is undone."""
    with connected(postgres_server.url(two_federations, APPLICATION)) as engine, engine.connect() as connection:
        yield connection


@pytest.fixture
def app(postgres_server, postgres_template, worker_id, tmp_path) -> Iterator[Flask]:
    """The application as that role, with the federations of the demonstration."""
    name = f"wall_{worker_id}"
    postgres_server.create(name, template=postgres_template)
    application = create_app(settings_for(postgres_server.url(name, APPLICATION), tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    postgres_server.drop(name)


def owners_of(connection: Connection, table: Table) -> list[int]:
    """Whose rows are shown when nobody asks for anybody's in particular."""
    return list(connection.scalars(select(table.c.federation_id).order_by(table.c.federation_id)))


def refusal(connection: Connection, statement: object) -> str:
    """What the database says to it; empty when it does it, and the number of rows is none."""
    with connection.begin_nested() as savepoint:
        try:
            assert connection.execute(statement).rowcount == 0  # type: ignore[call-overload]
        except ProgrammingError as refused:
            return str(refused.orig)
        finally:
            if savepoint.is_active:
                savepoint.rollback()
    return ""


def test_p15_in_every_table_only_the_rows_of_those_one_works_for_are_there(bound):
    assert len(walled()) > 60
    for table in walled():
        with tenancy.within(OURS):
            assert owners_of(bound, table) == [OURS], table.name
            assert bound.scalar(select(func.count()).select_from(table)) == 1
        with tenancy.within(THEIRS):
            assert owners_of(bound, table) == [THEIRS], table.name
        with tenancy.nobody():
            assert owners_of(bound, table) == [], table.name
        with tenancy.within(OURS), tenancy.also(THEIRS):
            assert owners_of(bound, table) == [OURS, THEIRS], table.name
        with tenancy.everybody():
            assert owners_of(bound, table) == [OURS, THEIRS], table.name


@pytest.mark.parametrize("scope", [(OURS,), ()])
def test_p15_no_row_of_others_is_changed_deleted_added_or_moved_to_them(bound, scope):
    for table in walled():
        theirs = table.c.federation_id == THEIRS
        with tenancy.within(*scope):
            changed = refusal(bound, update(table).where(theirs).values(federation_id=THEIRS))
            deleted = refusal(bound, delete(table).where(theirs))
            added = refusal(bound, insert(table).values(row(table, THEIRS, nth=7)))
            moved = refusal(bound, update(table).values(federation_id=THEIRS))
        may_change = table.name not in {*KEPT, *LET_GO}
        assert changed == "" if may_change else DENIED in changed, table.name
        assert deleted == "" if table.name not in KEPT else DENIED in deleted, table.name
        assert OUTSIDE in added, table.name
        assert (DENIED if not may_change else OUTSIDE if scope else "") in moved, table.name


def test_p16_who_owns_the_tables_is_bound_as_well(two_federations, postgres_server, worker_id):
    """FORCE: an owner who is no superuser sees no more, and a superuser alone stands outside."""
    role = f"owns_{worker_id}"
    with connected(postgres_server.url(two_federations)) as owner, owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN NOSUPERUSER"))
        for table in walled():
            connection.execute(text(f'ALTER TABLE "{table.name}" OWNER TO {role}'))
    try:
        with connected(postgres_server.url(two_federations, role)) as engine, engine.connect() as connection:
            for table in walled():
                with tenancy.within(OURS):
                    assert owners_of(connection, table) == [OURS], table.name
                with tenancy.nobody():
                    assert owners_of(connection, table) == [], table.name
    finally:
        with connected(postgres_server.url(two_federations)) as owner, owner.begin() as connection:
            connection.execute(text(f"REASSIGN OWNED BY {role} TO lexheller"))
            connection.execute(text(f"DROP ROLE {role}"))


def test_p15_an_offer_of_a_case_is_shown_to_the_one_that_is_asked_and_to_no_third(bound):
    table = Handover.__table__
    with tenancy.within(OURS):
        bound.execute(update(table).values(to_federation_id=THEIRS))
    with tenancy.within(THEIRS):
        assert owners_of(bound, table) == [OURS, THEIRS]
    with tenancy.within(4):
        assert owners_of(bound, table) == []
    bound.rollback()


def test_the_scope_ends_with_its_transaction_and_follows_savepoints(bound):
    asked = text(f"SELECT current_setting('{tenancy.SETTING}', true)")

    def told() -> str | None:
        """What the database believes, asked behind the listener's back."""
        with bound.connection.cursor() as cursor:
            cursor.execute(str(asked))
            found: str | None = cursor.fetchone()[0]
            return found

    with tenancy.within(OURS):
        bound.execute(asked)
        assert told() == "1"
        with bound.begin_nested() as savepoint:
            with tenancy.also(THEIRS):
                bound.execute(asked)
                assert told() == "1,2"
            savepoint.rollback()
        assert bound.scalar(asked) == "1"
        with bound.begin_nested(), tenancy.everybody():
            assert bound.scalar(asked) == "all"
        assert bound.scalar(asked) == "1"
        bound.commit()
    assert told() == ""
    bound.rollback()


def test_p15_each_thread_says_for_itself(bound, two_federations, postgres_server):
    found: list[object] = []

    def look() -> None:
        with connected(postgres_server.url(two_federations, APPLICATION)) as engine, engine.connect() as connection:
            found.append((tenancy.present(), owners_of(connection, Theme.__table__)))

    with tenancy.within(OURS):
        other = threading.Thread(target=look)
        other.start()
        other.join()
    assert found == [(frozenset(), [])]


def forgetful() -> str:
    """A view that asks for everything there is."""
    return ",".join(str(each) for each in db.session.scalars(select(Theme.federation_id).distinct()))


def pages_that_forget(app: Flask) -> None:
    @app.get("/glomsk/<federation>")
    @public
    def of_one(federation: str) -> str:
        return forgetful()

    @app.get("/glomsk")
    @public
    def of_nobody() -> str:
        return forgetful()

    @app.get("/glomsk-inloggad")
    @signed_in
    def of_mine() -> str:
        return forgetful()

    @app.get("/glomsk-inloggad/<federation>")
    @signed_in
    def of_mine_there(federation: str) -> str:
        return forgetful()


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_p15_a_page_that_forgets_to_ask_for_one_federation_shows_no_other(app):
    pages_that_forget(app)
    stage = Stage(app)
    home, elsewhere = (stage.ask(lambda cast, slug=slug: cast.federation(slug).id) for slug in (HOME, ELSEWHERE))
    visitor = Visitor(app.test_client())
    assert shown(visitor.client, f"/glomsk/{ELSEWHERE}") == str(elsewhere)
    assert shown(visitor.client, "/glomsk") == ""
    visitor.sign_in("samordnare")
    assert shown(visitor.client, "/glomsk-inloggad") == str(home)
    assert shown(visitor.client, f"/glomsk-inloggad/{HOME}") == str(home)
    assert shown(visitor.client, f"/glomsk-inloggad/{ELSEWHERE}") == ""
    assert shown(visitor.client, f"/glomsk/{HOME}") == str(home)
    assert shown(visitor.client, "/glomsk") == ""


def test_p15_a_job_that_forgets_sees_its_own_federation_alone(app):
    seen: list[set[int]] = []

    def look(_subject_id: int) -> None:
        seen.append(set(db.session.scalars(select(Case.federation_id))))

    jobs.register(app, "tests.forget", look)
    with app.app_context():
        cast = Cast(app)
        ids = [cast.reach(CaseStatus.ASSIGNED, slug).federation_id for slug in (HOME, ELSEWHERE)]
        with transaction():
            waiting = [
                jobs.ask_for("tests.forget", federation_id=each, subject_id=1, key=f"forget:{each}").id for each in ids
            ]
        with tenancy.nobody():
            assert [jobs.run(job_id) for job_id in waiting] == [True, True]
            assert tenancy.present() == frozenset()
    assert seen == [{ids[0]}, {ids[1]}]


def test_p15_whoever_says_nothing_finds_nothing_and_adds_nothing(app):
    with app.app_context(), tenancy.nobody():
        with nothing_kept():
            assert db.session.scalars(select(Theme)).all() == []
        with pytest.raises(ProgrammingError, match=OUTSIDE), transaction():
            jobs.ask_for("tests.forget", federation_id=1, subject_id=1, key="forgot")


def test_the_scope_is_told_anew_when_a_part_of_a_transaction_is_undone(app):
    with app.app_context(), tenancy.within(1), nothing_kept():
        with pytest.raises(RuntimeError), all_or_nothing(), tenancy.within(2):
            assert set(db.session.scalars(select(Theme.federation_id))) == {2}
            raise RuntimeError
        assert set(db.session.scalars(select(Theme.federation_id))) == {1}


def test_commands_work_for_every_federation_and_for_nobody_afterwards(app, monkeypatch):
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        slugs = {HOME, ELSEWHERE}
    monkeypatch.setenv("LEXHELLER_DATABASE_URL", url)
    monkeypatch.setenv("LEXHELLER_ENV", "production")
    monkeypatch.setenv("LEXHELLER_SECRET_KEY", "another-secret-that-is-long-enough-for-this")
    with tenancy.nobody():
        done = CliRunner().invoke(group, ["heads"])
        assert tenancy.present() == frozenset()
    assert done.exit_code == 0, done.output
    assert all(slug in done.output for slug in slugs)


def test_the_wall_leaves_the_indexes_to_the_queries(bound):
    """The scope is asked for once a statement, and the federation's index is used as without it."""
    with tenancy.within(OURS):
        bound.execute(text("SET LOCAL enable_seqscan = off"))
        query = "SELECT id FROM case_file WHERE federation_id = 1 ORDER BY received_at DESC, id DESC LIMIT 25"
        plan = "\n".join(bound.scalars(text(f"EXPLAIN {query}")))
    assert "Index Cond: (federation_id = 1)" in plan, plan
    assert plan.count("InitPlan") == 2
    assert "Sort" not in plan
    bound.rollback()


def test_a_transaction_asks_no_more_than_once_for_the_same_scope(bound):
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if tenancy.SETTING in statement:
            said.append(statement)

    event.listen(bound.engine, "before_cursor_execute", hear)
    with tenancy.within(OURS):
        for _turn in range(3):
            owners_of(bound, Theme.__table__)
    assert len(said) == 1
