"""`lexheller check`: silent on a sound database, and names each promise that is broken behind its back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from lexheller.cases.states import CaseStatus
from lexheller.check.promises import PROMISES, broken_promises, totals
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction


@pytest.fixture
def sound(cast):
    """One case in every status, and nothing to complain about."""
    for status in CaseStatus:
        if status is not CaseStatus.RECEIVED:
            cast.reach(status)
    with transaction():
        cast.report()
    assert broken_promises() == []
    return cast


def breaking(*statements: str) -> set[str]:
    """What is found once the statements have been run where no verb looks; foreign keys and triggers held off."""
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.commit()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica")
        connection.commit()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
    db.engine.dispose()
    db.session.expire_all()
    return {finding.promise for finding in broken_promises()}


FOREIGN_UNIT = "(SELECT min(id) FROM unit WHERE federation_id = 2)"
A_SENT_ONE = "(SELECT min(id) FROM message WHERE status = 'sent')"
THE_LAST = "(SELECT max(sequence) FROM event WHERE federation_id = 3)"


def first(status: str) -> str:
    return f"(SELECT min(id) FROM case_file WHERE status = '{status}')"


BROKEN = {
    "a report without a case": ("P2", [f"DELETE FROM case_file WHERE id = {first('received')}"]),
    "a case in another federation": ("P2", [f"UPDATE case_file SET federation_id = 2 WHERE id = {first('closed')}"]),
    "nobody will route it": ("P3", ["DELETE FROM job WHERE status = 'waiting' AND name = 'casework.route_case'"]),
    "a duty that is gone": ("P3", [f"DELETE FROM duty WHERE case_id = {first('assigned')}"]),
    "a duty ended by nobody": ("P3", [f"UPDATE duty SET status = 'withdrawn' WHERE case_id = {first('accepted')}"]),
    "a duty at a foreign unit": (
        "P3",
        [f"UPDATE duty SET unit_id = {FOREIGN_UNIT} WHERE case_id = {first('assigned')}"],
    ),
    "a second duty": (
        "P3",
        [
            "INSERT INTO duty (federation_id, case_id, unit_id, round, status, opened_at, due_on, why) "
            "SELECT federation_id, case_id, unit_id, round + 1, 'withdrawn', opened_at, due_on, why FROM duty "
            f"WHERE case_id = {first('closed')}"
        ],
    ),
    "the office was not told": ("P4", ["DELETE FROM message WHERE kind = 'casework.case_unrouted'"]),
    "a message that no job will send": (
        "P5",
        [f"UPDATE message SET status = 'waiting', sent_at = NULL WHERE id = {A_SENT_ONE}"],
    ),
    "a message to a stranger": (
        "P6",
        ["UPDATE message SET recipient_id = 99999 WHERE recipient_type = 'user'"],
    ),
    "a message about a foreign case": ("P6", ["UPDATE message SET federation_id = 2 WHERE recipient_type = 'user'"]),
    "a manager of another federation": (
        "P6",
        [
            "UPDATE message SET recipient_id = (SELECT min(id) FROM responsible_manager WHERE federation_id = 2) "
            "WHERE recipient_type = 'responsible_manager'"
        ],
    ),
    "a status set by hand": ("P12", [f"UPDATE case_file SET status = 'accepted' WHERE id = {first('assigned')}"]),
    "a case without its first event": (
        "P12",
        [f"DELETE FROM event WHERE subject_type = 'case' AND subject_id = {first('closed')}"],
    ),
    "a version without an event": (
        "P14",
        [f"UPDATE case_file SET version = version + 1 WHERE id = {first('answered')}"],
    ),
    "an event that is gone": ("P14", ["DELETE FROM event WHERE federation_id = 1 AND sequence = 2"]),
    "an event that was altered": (
        "P14",
        ["UPDATE event SET actor_user_id = 1 WHERE federation_id = 1 AND sequence = 2"],
    ),
    "an event cut off at the end": (
        "P14",
        [f"DELETE FROM event WHERE federation_id = 3 AND sequence = {THE_LAST}"],
    ),
    "a chain without its head": ("P14", ["DELETE FROM chain_head WHERE federation_id = 1"]),
}


@pytest.mark.parametrize("how", BROKEN)
def test_p14_each_broken_promise_is_found_and_named(sound, how):
    promise, statements = BROKEN[how]
    assert promise in breaking(*statements)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_p08_p01_what_the_database_itself_holds_off_is_found_where_it_does_not(sound):
    """On PostgreSQL, where a constraint can be taken away."""
    columns = (
        "federation_id, kind, subject_id, recipient_type, recipient_id, status, requested_at, sent_at, attempts, key"
    )
    found = breaking(
        "ALTER TABLE message DROP CONSTRAINT uq_message_key",
        "ALTER TABLE case_file DROP CONSTRAINT uq_case_file_report_id",
        f"INSERT INTO message ({columns}) SELECT {columns} FROM message WHERE status = 'sent' LIMIT 1",
        f"UPDATE case_file SET report_id = (SELECT min(report_id) FROM case_file) WHERE id = {first('closed')}",
    )
    assert {"P8", "P1", "P2"} <= found


def test_p03_late_routing_is_a_finding_only_when_it_is_late(sound):
    with clock.at(clock.now() + timedelta(seconds=50)):
        assert broken_promises() == []
    with clock.at(clock.now() + timedelta(seconds=120)):
        assert {finding.promise for finding in broken_promises()} == {"P3"}


def test_the_totals_are_what_was_looked_at(sound):
    looked_at = totals()
    assert looked_at["reports"] == len(CaseStatus)
    assert looked_at["possible_doubles"] == looked_at["parked_jobs"] == 0
    with transaction():
        db.session.execute(text(f"UPDATE message SET attempts = 2 WHERE id = {A_SENT_ONE}"))
    assert totals()["possible_doubles"] == 1


def test_the_promises_that_are_named_are_the_ones_that_can_be_proved():
    assert PROMISES == ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P12", "P14")
