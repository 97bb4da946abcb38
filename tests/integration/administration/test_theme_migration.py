"""An installation whose list of themes has changed already: what its register wrote down becomes the breaks."""

from __future__ import annotations

import json

from flask_migrate import upgrade
from sqlalchemy import text

from lexheller.core.db import db

BEFORE = (
    "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (1, 'f', 'Förbundet', 11, true)",
    "INSERT INTO theme (id, federation_id, key, label, position, active) VALUES (7, 1, 'bostad', 'Boende', 0, true)",
)
LINES = (
    ("theme_added", "2024-03-31 22:30:00", {}, {"label": "Bostad"}),
    ("theme_renamed", "2024-05-02 09:00:00", {"label": "Bostad"}, {"label": "Boende"}),
    ("theme_moved", "2024-05-03 09:00:00", {"place": 1}, {"place": 2}),
    ("theme_retired", "2024-06-02 09:00:00", {}, {"label": "Boende"}),
    ("theme_taken_back", "2024-12-31 23:30:00", {}, {"label": "Boende"}),
)


def test_the_registers_history_becomes_the_history_of_the_themes(old_app):
    with old_app.app_context():
        upgrade(revision="0017")
        with db.engine.begin() as connection:
            zone = "+00" if connection.dialect.name == "postgresql" else ".000000"
            for statement in BEFORE:
                connection.execute(text(statement))
            for number, (what, at, before, after) in enumerate(LINES, start=1):
                connection.execute(
                    text(
                        "INSERT INTO register_change (id, federation_id, subject_type, subject_id, at, actor_kind, "
                        "actor_user_id, what, before, after) VALUES (:id, 1, 'theme', 7, :at, 'user', 3, :what, "
                        ":before, :after)"
                    ),
                    {
                        "id": number,
                        "at": f"{at}{zone}",
                        "what": what,
                        "before": json.dumps(before),
                        "after": json.dumps(after),
                    },
                )
        upgrade(revision="0018")
        with db.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT on_day, kind, from_labels, to_labels, to_keys, by_user_id FROM theme_change ORDER BY id")
            ).all()
    assert [(str(row.on_day), row.kind, read(row.from_labels), read(row.to_labels)) for row in rows] == [
        ("2024-04-01", "added", [], ["Bostad"]),
        ("2024-05-02", "renamed", ["Bostad"], ["Boende"]),
        ("2024-06-02", "retired", ["Boende"], []),
        ("2025-01-01", "added", [], ["Boende"]),
    ]
    assert read(rows[0].to_keys) == ["bostad"]
    assert {row.by_user_id for row in rows} == {3}


def read(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value
