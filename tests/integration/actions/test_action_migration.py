"""An installation that has actions already: each survives, is found by its words, and is reminded of from now on."""

from __future__ import annotations

from datetime import date

from flask_migrate import upgrade
from sqlalchemy import text

from lexheller.core.db import db

BEFORE = (
    "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (1, 'f', 'Förbundet', 11, true)",
    "INSERT INTO action (id, federation_id, description, status, action_on) VALUES "
    "(1, 1, 'Utbildning om SIP', 'done', '2024-03-14'), "
    "(2, 1, 'Informera cheferna', 'planned', '2027-01-10'), "
    "(3, 1, '!', 'planned', NULL)",
)


def test_existing_actions_survive_and_what_was_planned_for_a_day_is_due_by_it(old_app):
    with old_app.app_context():
        upgrade(revision="0010")
        with db.engine.begin() as connection:
            for statement in BEFORE:
                connection.execute(text(statement))
        upgrade(revision="0011")
        with db.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT status, action_on, due_on, version, done_what, step_round FROM action ORDER BY id")
            ).all()
            terms = connection.execute(text("SELECT action_id, term FROM action_term ORDER BY action_id, term")).all()
    assert [(row.status, day(row.action_on), day(row.due_on)) for row in rows] == [
        ("done", date(2024, 3, 14), None),
        ("planned", None, date(2027, 1, 10)),
        ("planned", None, None),
    ]
    assert {(row.version, row.done_what, row.step_round) for row in rows} == {(1, "", 0)}
    assert [tuple(row) for row in terms] == [(1, "om"), (1, "sip"), (1, "utbildning"), (2, "chef"), (2, "informer")]


def test_p15_existing_actions_are_numbered_in_each_federation_in_the_order_they_were_written_in(old_app):
    more = (
        "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (2, 'g', 'Det andra', 12, true)",
        "INSERT INTO action (id, federation_id, description, status, action_on) VALUES "
        "(7, 2, 'Kaffe', 'done', '2024-03-14'), (8, 1, 'Möte', 'done', '2023-03-14'), (9, 2, 'Te', 'planned', NULL)",
    )
    with old_app.app_context():
        upgrade(revision="0010")
        with db.engine.begin() as connection:
            for statement in (*BEFORE, *more):
                connection.execute(text(statement))
        upgrade(revision="0014")
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT id, federation_id, number FROM action ORDER BY id")).all()
            series = connection.execute(text("SELECT federation_id, last_number FROM action_series ORDER BY 1")).all()
    assert [tuple(row) for row in rows] == [(1, 1, 1), (2, 1, 2), (3, 1, 3), (7, 2, 1), (8, 1, 4), (9, 2, 2)]
    assert [tuple(row) for row in series] == [(1, 4), (2, 2)]


def day(written: object) -> date | None:
    """SQLite answers text to a bare query."""
    return date.fromisoformat(written) if isinstance(written, str) else written
