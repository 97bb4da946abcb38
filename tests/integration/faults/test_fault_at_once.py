"""P13 with real threads on both databases: two who change a fault, link to it or tell about it at the same moment."""

from __future__ import annotations

from sqlalchemy import func, select, update

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import closing, telling
from lexheller.casework.telling import Outcome, Telling
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.linking import link_case
from lexheller.faults.models import Fault, FaultCase, FaultNews
from lexheller.faults.states import FaultStatus
from lexheller.messaging.models import Message
from tests.integration.casework.test_conflicts import race
from tests.integration.faults.told import WHY, fault_in, row_of, with_cases

AT_ONCE = 4


def count(model, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_p13_of_many_who_confirm_at_once_one_does(app, stage):
    fault_id, version = stage.ask(lambda cast: (row := fault_in(cast)) and (row.id, row.version))
    results = race(app, [lambda cast: service.confirm(cast.coordinator, row_of(fault_id), seen=version)] * AT_ONCE)
    assert sorted(results) == sorted(["won", *["conflict"] * (AT_ONCE - 1)])
    assert stage.ask(lambda _cast: (row_of(fault_id).status, broken_promises())) == (FaultStatus.CONFIRMED, [])


def test_p13_many_who_link_the_same_case_at_once_make_one_link(app, stage):
    fault_id, case_id = stage.ask(lambda cast: (fault_in(cast).id, cast.reach(CaseStatus.ASSIGNED).id))

    def link(cast):
        link_case(cast.coordinator, row_of(fault_id), db.session.get_one(Case, case_id), WHY)

    assert race(app, [link] * AT_ONCE) == ["won"] * AT_ONCE
    assert stage.ask(lambda _cast: (count(FaultCase), row_of(fault_id).version, broken_promises())) == (1, 2, [])


def test_p13_telling_at_once_tells_each_reporter_once_and_closing_meanwhile_stops_nothing(app, stage):
    def make(cast):
        fault, cases = with_cases(cast)
        return fault.id, fault.version, [(case.id, case.version) for case in cases]

    fault_id, seen, ((first, first_version), (second, second_version)) = stage.ask(make)
    choices = [Telling(first, WHY, close=True, seen=first_version), Telling(second, WHY)]

    def tell(cast):
        told = telling.tell(cast.coordinator, row_of(fault_id), choices, seen=seen)
        assert {one.outcome for one in told} <= {Outcome.DONE, Outcome.ALREADY, Outcome.CONFLICT}

    def close(cast):
        case = db.session.get_one(Case, second)
        closing.close(cast.coordinator, case, CloseReason.SOLVED, "Löst.", seen=second_version)

    results = race(app, [tell, tell, close, tell])
    assert set(results) <= {"won", "conflict"}
    assert results[2] == "won"

    def after(_cast):
        told = Message.kind == "casework.reporter_fault_news", Message.subject_id == second
        return count(FaultNews), count(Message, *told), row_of(fault_id).version, broken_promises()

    assert stage.ask(after) == (2, 1, seen + 1, [])


def test_p12_what_was_changed_behind_the_door_is_found(cast):
    fault, _cases = with_cases(cast, 1)
    with transaction():
        db.session.execute(update(Fault).where(Fault.id == fault.id).values(status=FaultStatus.DECIDED))
    found = [(finding.promise, finding.subject) for finding in broken_promises()]
    assert found == [("P12", f"fault {fault.id}")]
