"""An installation that has rules already: the newest set is in use afterwards, the others are past, no rule is lost."""

from __future__ import annotations

from flask_migrate import upgrade
from sqlalchemy import text

from lexheller.core.db import db

MADE = "2026-03-02 11:00:00+00:00"


def test_existing_sets_become_in_use_and_past_and_keep_their_rules(old_app):
    with old_app.app_context():
        upgrade(revision="0004")
        with db.engine.begin() as connection:
            for statement in _before():
                connection.execute(text(statement))
        upgrade(revision="0005")
        with db.engine.connect() as connection:
            sets = connection.execute(
                text(
                    "SELECT federation_id, version, status, revision, note, published_at = made_at, based_on_id "
                    "FROM rule_set ORDER BY federation_id, version"
                )
            ).all()
            rules = connection.execute(
                text("SELECT id, rule_set_id, position, unit_id, concerned_unit_id FROM routing_rule ORDER BY id")
            ).all()
        assert [tuple(row)[:5] for row in sets] == [
            (1, 1, "past", 1, ""),
            (1, 2, "in_use", 1, ""),
            (2, 1, "in_use", 1, ""),
        ]
        assert all(row[5] and row[6] is None for row in sets)
        assert [tuple(row) for row in rules] == [(1, 1, 1, 1, None), (2, 2, 1, 1, None), (3, 3, 1, 2, None)]


def _before() -> list[str]:
    unit = "INSERT INTO unit (id, federation_id, organisation_id, name, active) VALUES"
    statements = [
        "INSERT INTO organisation (id, key, name, kind, aliases) VALUES (1, 'af', 'Arbetsförmedlingen', 'state', '[]')"
    ]
    for number in (1, 2):
        statements.append(
            "INSERT INTO federation (id, slug, name, answer_days, diary_file_number, active) "
            f"VALUES ({number}, 'f{number}', 'Förbund {number}', 20, 11, true)"
        )
        statements.append(f"{unit} ({number}, {number}, 1, 'Kontoret', true)")
    for set_id, federation, version in ((1, 1, 1), (2, 1, 2), (3, 2, 1)):
        statements.append(
            "INSERT INTO rule_set (id, federation_id, version, made_at) "
            f"VALUES ({set_id}, {federation}, {version}, '{MADE}')"
        )
        statements.append(
            "INSERT INTO routing_rule (id, federation_id, rule_set_id, position, unit_id) "
            f"VALUES ({set_id}, {federation}, {set_id}, 1, {federation})"
        )
    return statements
