"""`lexheller check`: silent on a sound database, and names each promise that is broken behind its back."""

from datetime import timedelta

import pytest
from breaking import breaking
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


FOREIGN_UNIT = "(SELECT min(id) FROM unit WHERE federation_id = 2)"
A_SENT_ONE = "(SELECT min(id) FROM message WHERE status = 'sent')"
THE_LAST = "(SELECT max(sequence) FROM event WHERE federation_id = 3)"


def first(status: str) -> str:
    return f"(SELECT min(id) FROM case_file WHERE status = '{status}')"


DUTY = (
    "federation_id, case_id, unit_id, version, opened_at, opened_on, answer_days, extended_days, due_on, "
    "clock_round, why"
)


BROKEN = {
    "a report without a case": ("P2", [f"DELETE FROM case_file WHERE id = {first('received')}"]),
    "a case in another federation": ("P2", [f"UPDATE case_file SET federation_id = 2 WHERE id = {first('closed')}"]),
    "nobody will route it": ("P3", ["DELETE FROM job WHERE status = 'waiting' AND name = 'casework.route_case'"]),
    "a duty that is gone": ("P3", [f"DELETE FROM duty WHERE case_id = {first('assigned')}"]),
    "a duty ended by nobody": (
        "P3",
        [f"UPDATE duty SET status = 'withdrawn', ended_at = opened_at WHERE case_id = {first('accepted')}"],
    ),
    "a duty begun by nobody": ("P3", [f"UPDATE duty SET status = 'accepted' WHERE case_id = {first('assigned')}"]),
    "a duty at a foreign unit": (
        "P3",
        [f"UPDATE duty SET unit_id = {FOREIGN_UNIT} WHERE case_id = {first('assigned')}"],
    ),
    "a second duty": (
        "P3",
        [
            f"INSERT INTO duty ({DUTY}, round, status, ended_at) SELECT {DUTY}, round + 1, 'withdrawn', opened_at "
            f"FROM duty WHERE case_id = {first('closed')}"
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
    "a manager of another federation": ("P6", ["UPDATE answer_link SET federation_id = 2"]),
    "a step that fired after the end": (
        "P8",
        [
            "UPDATE due_step SET cancelled_at = NULL, fired_at = '2999-01-01 00:00:00+00:00' "
            "WHERE cancelled_at IS NOT NULL AND step = 'overdue'"
        ],
    ),
    "a clock without steps": ("P8", ["DELETE FROM due_step"]),
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
    "a case without its fact": ("P28", [f"DELETE FROM case_fact WHERE case_id = {first('closed')}"]),
    "a fact that was altered": ("P28", [f"UPDATE case_fact SET closed_on = NULL WHERE case_id = {first('closed')}"]),
    "a fact of no case": ("P28", [f"UPDATE case_fact SET case_id = 99999 WHERE case_id = {first('closed')}"]),
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
    assert PROMISES == ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P12", "P14", "P26", "P28", "P29", "P30")
