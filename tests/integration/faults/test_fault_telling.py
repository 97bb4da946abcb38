"""Telling reporters about a fault: those who were picked, once, in the words that were seen; nothing else is closed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lexheller.audit.queries import broken_links, history
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import revoke
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import closing, telling
from lexheller.casework.listeners import Reach, listeners
from lexheller.casework.telling import Outcome, Telling
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.models import FaultNews
from lexheller.intake.following import follow
from lexheller.intake.receipt import receipt_values
from lexheller.messaging.models import Message
from tests.integration.faults.told import DECISION, WHY, decided, fault_in, with_cases

NEWS = "Nu finns ett gemensamt möte."
REPORTERS = ("casework.reporter_fault_news", "casework.reporter_closed")


def mails() -> list[tuple[str, int]]:
    query = select(Message).where(Message.kind.in_(REPORTERS)).order_by(Message.id)
    return [(row.kind.rpartition("_")[2], row.subject_id) for row in db.session.scalars(query)]


def news() -> list[int]:
    return list(db.session.scalars(select(FaultNews.case_id).order_by(FaultNews.case_id)))


def choice(case: Case, **more: object) -> Telling:
    return Telling(case.id, NEWS, **more)  # type: ignore[arg-type]


def test_those_who_were_picked_hear_it_and_nothing_is_closed_that_was_not_ticked(cast):
    fault, (first, second, third) = with_cases(cast, 3)
    decided(cast, fault)
    office, seen = cast.coordinator, fault.version
    choices = [choice(first), choice(second, close=True, seen=second.version)]
    planned = telling.try_out(office, fault, choices, seen=seen)
    assert [(one.case_id, one.mails, one.close) for one in planned] == [(first.id, 1, False), (second.id, 1, True)]
    assert (news(), mails(), fault.version) == ([], [], seen), "trying out keeps nothing"
    with transaction():
        results = telling.tell(office, fault, choices, seen=seen)
    assert {result.outcome for result in results} == {Outcome.DONE}
    assert news() == [first.id, second.id]
    assert mails() == [("news", first.id), ("closed", second.id)]
    assert [case.status for case in (first, second, third)] == [
        CaseStatus.ASSIGNED,
        CaseStatus.CLOSED,
        CaseStatus.ASSIGNED,
    ]
    assert (second.close_reason, second.conclusion) == (CloseReason.SYSTEM_FAULT, NEWS)
    event = history(fault.federation_id, "fault", fault.id)[-1]
    assert event.kind == "fault.reporters_told"
    assert (event.data["case_ids"], event.data["closed_case_ids"]) == ([first.id, second.id], [second.id])
    assert receipt_values(follow(first))["news"] == [
        {"text": NEWS, "at_text": receipt_values(follow(first))["news"][0]["at_text"]}
    ]
    assert receipt_values(follow(second))["news"] == [], "it stands there as the conclusion"
    assert receipt_values(follow(third))["news"] == []
    assert broken_links() == []
    assert broken_promises() == []


def test_the_same_sent_twice_tells_nobody_twice(cast):
    fault, (first, second) = with_cases(cast)
    seen, choices = fault.version, [choice(first), choice(second)]
    for expected in (Outcome.DONE, Outcome.ALREADY):
        with transaction():
            results = telling.tell(cast.coordinator, fault, choices, seen=seen)
        assert {result.outcome for result in results} == {expected}
    assert len(news()) == len(mails()) == 2
    with pytest.raises(Conflict):
        telling.tell(cast.coordinator, fault, [choice(first)], seen=seen - 1)
    with transaction():
        telling.tell(cast.coordinator, fault, [choice(first)], seen=fault.version)
    assert len(news()) == len(mails()) == 3, "another occasion"


def test_p13_one_that_was_changed_meanwhile_is_left_whole_and_stops_nobody_else(cast):
    fault, (first, second, third) = with_cases(cast, 3)
    looked_at = {case.id: case.version for case in (first, second, third)}
    with transaction():
        closing.close(cast.coordinator, third, CloseReason.SOLVED, "Löst.", seen=third.version)
        cast.accept(first)
    before = mails()
    choices = [
        *(choice(case, close=True, seen=looked_at[case.id]) for case in (first, second, third)),
    ]
    with transaction():
        results = telling.tell(cast.coordinator, fault, choices, seen=fault.version)
    outcomes = {result.case_id: result.outcome for result in results}
    assert outcomes == {first.id: Outcome.CONFLICT, second.id: Outcome.DONE, third.id: Outcome.CONFLICT}
    assert news() == [second.id]
    assert mails() == [*before, ("closed", second.id)]
    assert first.status == CaseStatus.ACCEPTED


def test_when_all_refuse_the_fault_has_no_event(cast):
    fault, (first, second) = with_cases(cast)
    version = fault.version
    empty = [Telling(first.id, " "), Telling(second.id, "Se 19640823-3234.")]
    results = telling.tell(cast.coordinator, fault, empty, seen=version)
    assert [result.code for result in results] == ["required", "personal_identity_number"]
    assert (fault.version, news(), mails()) == (version, [], [])


def test_who_can_be_reached_and_how(cast):
    fault, (mailed, revoked) = with_cases(cast)
    office = cast.coordinator
    page = cast.report(reporter_email=None)
    same = cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        for case in (page, same):
            service.link_case(office, fault, case, WHY)
        revoke(contact_of(revoked.report_id))
        closing.merge(office, same, mailed, seen=same.version)
    reach = {one.case.id: one.reach for one in listeners(office, fault)}
    assert reach == {mailed.id: Reach.MAIL, revoked.id: Reach.PAGE, page.id: Reach.PAGE, same.id: Reach.THROUGH}
    with pytest.raises(NotAllowedToSee):
        telling.tell(office, fault, [choice(same)], seen=fault.version)
    planned = telling.try_out(office, fault, [choice(mailed), choice(page)], seen=fault.version)
    assert [one.mails for one in planned] == [2, 0], "whoever reported the same event hears it too"
    with transaction():
        telling.tell(office, fault, [choice(mailed), choice(page)], seen=fault.version)
    assert [told["text"] for told in receipt_values(follow(same))["news"]] == [NEWS]
    assert [told["text"] for told in receipt_values(follow(page))["news"]] == [NEWS]


def test_the_proposed_words_hold_the_decision_in_the_reporters_language(cast):
    fault, (swedish,) = with_cases(cast, 1)
    english = cast.report(locale="en")
    with transaction():
        service.link_case(cast.coordinator, fault, english, WHY)
    decided(cast, fault)
    texts = {one.case.id: one.text for one in listeners(cast.coordinator, fault)}
    assert all(DECISION in text for text in texts.values())
    assert texts[swedish.id].startswith("Det du anmälde har hänt fler.")


def test_p15_p17_only_who_handles_cases_there_tells_and_only_about_what_was_confirmed(cast):
    fault, (case, _other) = with_cases(cast)
    for actor, error in ((cast.director, StepRefused), (cast.outsider, NotAllowedToSee)):
        with pytest.raises(error):
            telling.tell(actor, fault, [choice(case)], seen=fault.version)
    with pytest.raises(InvalidInput):
        telling.tell(cast.coordinator, fault, [], seen=fault.version)
    elsewhere = cast.report()
    with pytest.raises(NotAllowedToSee):
        telling.tell(cast.coordinator, fault, [choice(elsewhere)], seen=fault.version)
    suspected = fault_in(cast)
    with transaction():
        service.link_case(cast.coordinator, suspected, case, WHY)
    with pytest.raises(StepRefused):
        telling.tell(cast.coordinator, suspected, [choice(case)], seen=suspected.version)
    assert news() == []
