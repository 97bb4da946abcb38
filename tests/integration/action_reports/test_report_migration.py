"""An installation that has kept compilations: the newest of each year goes on in that year's draft."""

from __future__ import annotations

from flask_migrate import upgrade
from sqlalchemy import inspect, text

from lexheller.action_reports.models import ReportDraft
from lexheller.core.db import db

BEFORE = (
    "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (1, 'f', 'Förbundet', 11, true)",
    "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (2, 'g', 'Det andra', 11, true)",
    "INSERT INTO compilation (id, federation_id, year, made_at, hash, figures) VALUES "
    "(1, 1, 2024, '2025-01-02 03:20:00', 'a', '{\"received\": 16}'), "
    "(2, 1, 2024, '2025-02-02 03:20:00', 'b', '{\"received\": 17}'), "
    "(3, 1, 2023, '2024-01-02 03:20:00', 'c', '{\"received\": 12}'), "
    "(4, 2, 2024, '2025-01-02 03:20:00', 'd', '{\"received\": 3}'), "
    "(5, 2, 2024, '2025-01-02 03:20:00', 'e', '{\"received\": 4}')",
)


def test_what_was_kept_as_compilations_is_the_drafts(old_app):
    with old_app.app_context():
        upgrade(revision="0015")
        with db.engine.begin() as connection:
            for statement in BEFORE:
                connection.execute(text(statement))
        upgrade(revision="0016")
        drafts = list(db.session.scalars(db.select(ReportDraft).order_by(ReportDraft.year, ReportDraft.federation_id)))
        found = [(row.federation_id, row.year, row.compiled_hash, row.compiled["received"]) for row in drafts]
        assert found == [(1, 2023, "c", 12), (1, 2024, "b", 17), (2, 2024, "e", 4)]
        assert {(row.version, row.is_open, str(row.texts), row.cut_off) for row in drafts} == {(1, True, "{}", None)}
        assert drafts[1].compiled_at.isoformat() == "2025-02-02T03:20:00+00:00"
        assert "compilation" not in inspect(db.session.connection()).get_table_names()
