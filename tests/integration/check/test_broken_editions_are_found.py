"""`lexheller check` on editions: silent where verbs alone have been, and names what was done behind them (P29, P30)."""

from __future__ import annotations

import pytest
from breaking import found_by

from lexheller.action_reports import drafting, editions, publishing_editions
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.transaction import transaction

EDITION = "WHERE number = 1"
EVENT = "WHERE kind = 'action_report.frozen' AND subject_id = 1"


@pytest.fixture
def sound(cast):
    """Two editions of last year's report, and the first one was published before the second."""
    home, year = cast.federation(), clock.local_year() - 1
    with transaction():
        editions.approve(cast.director, home, year, seen_hash=drafting.report_data(home, year)["hash"])
        for _number in range(2):
            publishing_editions.publish(cast.coordinator, editions.freeze(cast.coordinator, home, year))
    assert broken_promises() == []
    return cast


BROKEN = {
    "data that was altered": (
        "data does not have its hash",
        f"UPDATE report_edition SET data = '{{\"received\"\\: 99}}' {EDITION}",
    ),
    "a hash that was altered": (
        "data does not have its hash",
        f"UPDATE report_edition SET hash = '{'f' * 64}' {EDITION}",
    ),
    "another diary number": (
        "differs from its event: diary_number",
        f"UPDATE report_edition SET diary_number = '1999:11 / 1' {EDITION}",
    ),
    "another year": ("differs from its event: year", f"UPDATE report_edition SET year = 1999 {EDITION}"),
    "another number": ("differs from its event: number", f"UPDATE report_edition SET number = 9 {EDITION}"),
    "another federation": (
        "differs from its event: federation",
        f"UPDATE report_edition SET federation_id = 2 {EDITION}",
    ),
    "an edition that is gone": ("frozen, and gone", f"DELETE FROM report_edition {EDITION}"),
    "an edition that nobody froze": ("no event says that it was frozen", f"DELETE FROM event {EVENT}"),
    "an edition that was frozen twice": (
        "frozen 2 times",
        "UPDATE event SET subject_id = 1 WHERE kind = 'action_report.frozen'",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_p29_an_edition_that_is_not_what_was_frozen_is_found(sound, how):
    why, statement = BROKEN[how]
    found = [row for row in found_by(statement) if (row.promise, row.subject, row.why) == ("P29", "edition 1", why)]
    assert len(found) == 1


def test_p29_data_and_hash_altered_together_differ_from_the_event(sound):
    """Who counts a hash over what was forged is found by the log, whose own chain holds."""
    forged = '{"received": 99}'
    statement = (
        f"UPDATE report_edition SET data = '{forged.replace(':', chr(92) + ':')}', "
        f"hash = '{editions.hash_of({'received': 99})}' {EDITION}"
    )
    assert [(row.promise, row.why) for row in found_by(statement)] == [("P29", "differs from its event: hash")]


def test_p30_two_editions_of_a_year_that_stand_beside_each_other_are_found(sound):
    found = found_by("UPDATE report_publication SET withdrawn_at = NULL, withdrawn_by_user_id = NULL")
    assert [(row.promise, row.why) for row in found] == [("P30", "several editions stand on the open page")]
