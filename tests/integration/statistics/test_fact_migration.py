"""An installation from before faults and actions had facts: it gets them when it is brought up to date."""

from __future__ import annotations

from datetime import date

from flask_migrate import upgrade
from sqlalchemy import text

from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.statistics import facts
from lexheller.statistics.courses import course

BEFORE = (
    "INSERT INTO federation (id, slug, name, diary_file_number, active) VALUES (1, 'f', 'Förbundet', 11, true)",
    "INSERT INTO action_type (id, federation_id, key, label, position, active) "
    "VALUES (7, 1, 'training', 'Utbildning', 0, false)",
    "INSERT INTO action (id, federation_id, number, type_id, description, status, action_on, version, done_what, "
    "step_round) VALUES (5, 1, 3, 7, 'SIP', 'done', '2024-05-02', 1, '', 0)",
    "INSERT INTO fault (id, federation_id, number, title, status, version, opened_on, what_happens, broken_what, "
    "who_is_hit, cause, way_round) VALUES (9, 1, '2024:11 / 4', 'Dörren', 'suspected', 1, '2024-03-01', '', '', '', "
    "'', '')",
)


def test_what_there_was_before_is_noted_after_the_upgrade(old_app):
    with old_app.app_context():
        upgrade(revision="0018")
        with db.engine.begin() as connection:
            for statement in BEFORE:
                connection.execute(text(statement))
        upgrade()
        for count in (2, 0):
            with transaction():
                assert facts.note_missing(1) == count
        found = facts.facts_of_federation(1)
        (fault,), (action,) = found["fault"].values(), found["action"].values()
        assert (fault.fault_id, fault.number, fault.opened_on) == (9, "2024:11 / 4", date(2024, 3, 1))
        assert (action.action_id, action.number, action.type_key) == (5, 3, "training")
        stood = course(action.milestones, date(2024, 12, 31))
        assert (stood.status, stood.since) == ("done", date(2024, 5, 2))
