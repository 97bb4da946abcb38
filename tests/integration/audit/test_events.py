"""P14: each change leaves exactly one event in the same transaction; the chain holds, and any tampering is found."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import (
    CASE,
    MONDAY,
    SECRET,
    Act,
    action_acts,
    case_acts,
    clock_acts,
    disposal_acts,
    fault_acts,
    masking_acts,
    meeting_acts,
    pattern_acts,
    release_acts,
    report_acts,
    settings_acts,
)
from sqlalchemy import func, select, text

from config import PROJECT
from lexheller.accounts.rights import SYSTEM
from lexheller.audit.chain import event_hash
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.audit.service import next_diary_number, record
from lexheller.cases.states import TRANSITIONS, CaseStatus
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, run_waiting_now
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.messaging.models import Message
from lexheller.organisations.changes import What
from tests.cast.grants import become_owner
from tests.cast.people import ELSEWHERE, HOME

# What no verb of a page leaves: the operator's commands.
ELSEWHERE_TESTED = {
    "case.imported",
    "action.imported",
    "action.facts_noted",
    "case.facts_noted",
    "fault.facts_noted",
    "diary.entries_noted",
    "federation.made",
    "account.password_set",
    "account.disabled",
    "account.enabled",
    "routing.rules_replaced",
}
SLICES = (
    "action|case|diary|disposal|duty|fault|meeting|pattern|routing|register|account|action_report|federation|release"
    "|text"
)
KINDS = re.compile(rf'"((?:{SLICES})\.(?!id"|case_id")[a-z_]+)"')


def count() -> int:
    return db.session.scalar(select(func.count(Event.id))) or 0


def all_acts(cast) -> Iterator[Act]:
    for acts in (
        clock_acts,
        meeting_acts,
        settings_acts,
        case_acts,
        fault_acts,
        action_acts,
        pattern_acts,
        report_acts,
        release_acts,
        masking_acts,
        disposal_acts,
    ):
        yield from acts(cast)


def known_kinds() -> set[str]:
    """Every kind of event that stands in the code."""
    said = {
        kind
        for path in Path(PROJECT / "lexheller").rglob("*.py")
        for kind in KINDS.findall(path.read_text(encoding="utf-8"))
    }
    return said | {transition.event for transition in TRANSITIONS.values()} | {f"register.{what}" for what in What}


def test_p14_each_verb_leaves_exactly_one_event_without_any_free_text(cast):
    seen: set[str] = set()
    with clock.at(MONDAY):
        for act in all_acts(cast):
            db.session.commit()
            before, version = count(), act.case.version if act.case else 0
            with transaction():
                act.do()
            newest = list(db.session.scalars(select(Event).order_by(Event.id.desc()).limit(count() - before)))
            assert sorted(event.kind for event in newest) == sorted(act.kinds)
            seen |= set(act.kinds)
            if act.case is not None:
                assert act.case.version == version + (act.on == CASE), act.kinds
            if act.on == CASE:
                event = next(event for event in newest if event.kind == act.kinds[0])
                assert (event.subject_type, event.subject_id) == ("case", act.case.id)
                assert (event.data["status"], event.data["version"]) == (act.case.status, act.case.version)
        with transaction():
            run_waiting_now()
        assert broken_links() == []
        assert broken_promises() == []
    assert known_kinds() - seen == ELSEWHERE_TESTED
    assert seen - known_kinds() == {"deadlines.settings_changed"}, "a page of that slice has the same beginning"
    for table in (Event, Message, Job):
        rows = db.session.execute(select(table.__table__)).all()
        assert SECRET.lower() not in json.dumps([[str(value) for value in row] for row in rows]).lower()


def test_p14_what_is_rolled_back_leaves_no_event(cast):
    """Neither on its way nor afterwards: the next verb's event stands where the undone one would have."""
    with clock.at(MONDAY):
        for number, act in enumerate(all_acts(cast)):
            db.session.commit()
            if number % 7 == 0:
                before = count()
                with nothing_kept():
                    act.do()
                    assert count() == before + len(act.kinds)
                assert count() == before
            with transaction():
                act.do()
    assert broken_links() == []


def drop_guard() -> None:
    if db.engine.dialect.name == "postgresql":
        become_owner(db.session)
        db.session.execute(text("DROP TRIGGER event_append_only ON event"))
    else:
        db.session.execute(text("DROP TRIGGER event_no_update"))
        db.session.execute(text("DROP TRIGGER event_no_delete"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'case.closed'",
        "UPDATE event SET data = data WHERE sequence = 1",
        "DELETE FROM event WHERE sequence = 1",
        "DELETE FROM event",
    ],
)
def test_p14_the_database_itself_refuses_to_alter_or_delete_an_event(cast, statement):
    """Even to who owns it."""
    cast.reach(CaseStatus.ASSIGNED)
    become_owner(db.session)
    before = count()
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert count() == before


ONE = "(SELECT max(id) - 2 FROM event)"
NEXT = "(SELECT max(id) - 1 FROM event)"


@pytest.mark.parametrize(
    "tampering",
    [
        f"UPDATE event SET federation_id = 2 WHERE id = {ONE}",
        f"UPDATE event SET sequence = 900 WHERE id = {ONE}",
        f"UPDATE event SET at = '2020-01-01 00:00:00' WHERE id = {ONE}",
        f"UPDATE event SET kind = 'case.closed' WHERE id = {ONE}",
        f"UPDATE event SET subject_type = 'user' WHERE id = {ONE}",
        f"UPDATE event SET subject_id = subject_id + 1 WHERE id = {ONE}",
        f"UPDATE event SET actor_kind = 'operator' WHERE id = {ONE}",
        f"UPDATE event SET actor_user_id = 4711 WHERE id = {ONE}",
        f"""UPDATE event SET data = '{{"status": "closed"}}' WHERE id = {ONE}""",
        f"UPDATE event SET previous_hash = '{'0' * 64}' WHERE id = {ONE}",
        f"UPDATE event SET hash = '{'f' * 64}' WHERE id = {ONE}",
        f"DELETE FROM event WHERE id = {ONE}",
        "DELETE FROM event WHERE id = (SELECT min(id) FROM event)",
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
        "DELETE FROM chain_head",
        "UPDATE chain_head SET sequence = sequence + 1",
        f"UPDATE chain_head SET hash = '{'0' * 64}'",
        f"UPDATE event SET sequence = -sequence WHERE id IN ({ONE}, {NEXT})",
    ],
)
def test_p14_any_tampering_with_the_chain_is_found(cast, tampering):
    cast.reach(CaseStatus.ANSWERED)
    assert broken_links() == []
    drop_guard()
    if "-sequence" in tampering:
        swap_two()
    else:
        db.session.execute(text(tampering))
    db.session.expire_all()
    assert broken_links() != []


def swap_two() -> None:
    """Two neighbours change places, hashes and all."""
    rows = db.session.execute(text("SELECT id, sequence FROM event ORDER BY id DESC LIMIT 2")).all()
    (last, last_at), (before, before_at) = rows
    for event_id, sequence in ((last, 9000), (before, last_at), (last, before_at)):
        db.session.execute(text(f"UPDATE event SET sequence = {sequence} WHERE id = {event_id}"))


def test_p14_an_event_that_was_forged_with_a_hash_to_match_is_found(cast):
    cast.reach(CaseStatus.ANSWERED)
    drop_guard()
    event = db.session.scalars(select(Event).order_by(Event.id.desc()).offset(2)).first()
    names = ("federation_id", "sequence", "at", "kind", "subject_type", "subject_id", "actor_kind", "actor_user_id")
    fields = {name: getattr(event, name) for name in names}
    event.data = {**event.data, "status": "closed"}
    event.hash = event_hash(**fields, data=event.data, previous_hash=event.previous_hash)
    db.session.flush()
    assert [link.sequence for link in broken_links()] == [event.sequence + 1]


def test_p14_a_chain_cut_off_together_with_its_head_is_found_by_the_cases_versions(cast):
    cast.reach(CaseStatus.ANSWERED)
    drop_guard()
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    event_id, sequence, previous = last.id, last.sequence, last.previous_hash
    db.session.expunge_all()
    db.session.execute(text(f"DELETE FROM event WHERE id = {event_id}"))
    head = f"SET sequence = {sequence - 1}, hash = '{previous}' WHERE federation_id = {last.federation_id}"
    db.session.execute(text(f"UPDATE chain_head {head}"))
    assert broken_links() == []
    assert {finding.promise for finding in broken_promises()} >= {"P12", "P14"}


def test_p14_events_and_diary_numbers_drawn_at_once_have_no_gaps_and_no_doubles(app, stage):
    workers, each = 6, 8
    gate = threading.Barrier(workers)
    home, away = stage.ask(lambda cast: (cast.federation().id, cast.federation(ELSEWHERE).id))
    first = stage.ask(lambda _cast: count())
    numbers: list[str] = []

    def append() -> None:
        with app.app_context():
            gate.wait(30)
            for turn in range(each):
                with transaction():
                    federation_id = (home, away)[turn % 2]
                    record(SYSTEM, "test.made", federation_id=federation_id, subject_type="test", subject_id=1, data={})
                    numbers.append(f"{federation_id} " + next_diary_number(federation_id, 2026, file_number=11))

    threads = [threading.Thread(target=append) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert stage.ask(lambda _cast: (broken_links(), count())) == ([], first + workers * each)
    half = workers * each // 2
    assert sorted(numbers) == sorted(
        f"{federation} 2026:11 / {n}" for federation in (home, away) for n in range(1, half + 1)
    )


def test_p14_a_moment_is_kept_to_the_microsecond_on_both_databases(cast):
    with transaction(), clock.at(clock.now().replace(microsecond=1)):
        home = cast.federation(HOME).id
        record(SYSTEM, "test.made", federation_id=home, subject_type="test", subject_id=1, data={"å": ["ö", 1, None]})
    db.session.expire_all()
    assert broken_links() == []
