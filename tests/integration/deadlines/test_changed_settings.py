"""A federation's terms: defaults without a row, one event per change, and duties keep what they were opened with."""

from __future__ import annotations

import pytest
from clockwork import OPENED, Clockwork

from lexheller.accounts.rights import SYSTEM
from lexheller.audit.queries import history
from lexheller.core.db import db, reading
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.deadlines.models import DeadlineSettings
from lexheller.deadlines.queries import settings_of
from lexheller.deadlines.service import change_settings
from lexheller.deadlines.settings import DEFAULTS
from tests.cast.people import ELSEWHERE


def rows() -> int:
    return db.session.scalar(db.select(db.func.count(DeadlineSettings.federation_id))) or 0


def test_without_a_row_the_defaults_hold_and_asking_writes_nothing(works: Clockwork) -> None:
    before = rows()
    with reading():
        assert settings_of(works.federation_id) == DEFAULTS
    assert rows() == before


def test_a_change_is_one_row_and_one_event_that_says_what_was_before(works: Clockwork) -> None:
    works.set(answer_days=15, escalate_after_days=[3], digest_at="09:30")
    works.set(answer_days=15)
    found = settings_of(works.federation_id)
    assert (found.answer_days, found.escalate_after_days, found.digest_at) == (15, (3,), "09:30")
    events = history(works.federation_id, "federation", works.federation_id)
    changes = [event.data["changed"] for event in events if event.kind == "deadlines.settings_changed"]
    assert changes == [
        {"answer_days": [20, 15], "escalate_after_days": [[5, 10, 15], [3]], "digest_at": ["08:00", "09:30"]}
    ], "what changes nothing leaves no event"


def test_a_refused_value_changes_nothing(works: Clockwork) -> None:
    with pytest.raises(InvalidInput):
        works.set(answer_days=15, quiet_to="kväll")
    assert settings_of(works.federation_id) == DEFAULTS


def test_p15_only_those_who_administer_the_federation_may(works: Clockwork) -> None:
    manager = works.cast.person("chef.af")
    for actor in (works.cast.outsider, manager, SYSTEM):
        with pytest.raises(NotAllowedToSee):
            change_settings(actor, works.federation_id, {"answer_days": 1})
    change_settings(works.cast.director, works.federation_id, {"answer_days": 12})
    assert settings_of(works.cast.federation(ELSEWHERE).id) == DEFAULTS


def test_p08_a_duty_keeps_the_terms_that_it_was_opened_with(works: Clockwork) -> None:
    duty = works.duty()
    before = works.waiting(duty)
    works.set(answer_days=5, acknowledge_days=1, remind_before_days=1, escalate_after_days=[1])
    assert works.waiting(duty) == before
    works.extend(duty, 5, "2026-03-10 10:00")
    assert set(works.waiting(duty)) == {"remind", "overdue", "escalate_1", "escalate_2", "escalate_3"}
    assert works.waiting(duty)["remind"] == "2026-04-01 08:00"
    later = works.duty(OPENED)
    assert set(works.waiting(later)) == {"acknowledge", "remind", "overdue", "escalate_1"}
