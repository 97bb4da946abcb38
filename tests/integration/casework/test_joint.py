"""Several parties: their answers side by side, the joint answer, merging, and the mails of all that (P5–P7)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.accounts.service import disable
from lexheller.audit.queries import broken_links
from lexheller.cases.models import Answer, Case
from lexheller.cases.queries import contact_of, live_duties
from lexheller.cases.reporter_link import revoke
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, closing, handing_over, notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message, MessageStatus
from lexheller.messaging.service import in_words
from tests.cast.people import ANSWER, ELSEWHERE

SECRET = "Hemligt som bara står på sidan"


@pytest.fixture
def coordinator(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare")
    return person


def messages(kind: str, status: MessageStatus | None = None) -> list[Message]:
    query = select(Message).where(Message.kind == kind).order_by(Message.id)
    return [row for row in db.session.scalars(query) if status is None or row.status == status]


def two_asked(cast) -> Case:
    case = cast.reach(CaseStatus.UNROUTED, what_happened=SECRET)
    with transaction():
        cast.ask_two(case)
    return case


def test_the_joint_answer_is_what_the_reporter_reads(stage, coordinator):
    case = stage.case(CaseStatus.COLLECTED)
    ids = stage.ask(lambda _cast: list(db.session.scalars(select(Answer.id).where(Answer.case_id == case.id))))
    coordinator.get(case.path)
    assert coordinator.text.count("Hämta texten från") == 2
    coordinator.get(f"{case.path}?from={ids[0]}")
    assert "Rutinen är ändrad.</textarea>" in coordinator.text
    coordinator.get(f"{case.path}?from=999999")
    assert "Rutinen är ändrad.</textarea>" not in coordinator.text
    assert (
        coordinator.post(f"{case.path}/gemensamt-svar", {"cause": "Bara orsak."}, form="joint_answer").status_code
        == 422
    )
    assert "Bara orsak.</textarea>" in coordinator.text
    coordinator.post(f"{case.path}/gemensamt-svar", {"steps_taken": "Gemensam <i>rutin</i>."}, form="joint_answer")
    assert stage.look(case.id).status == CaseStatus.ANSWERED
    assert "Gemensam &lt;i&gt;rutin&lt;/i&gt;." in coordinator.text
    assert "Anmälaren läser det här" in coordinator.text

    def shared(_cast):
        rows = db.session.scalars(select(Answer).where(Answer.case_id == case.id))
        return [row.joint for row in rows if row.shared_at is not None]

    assert stage.ask(shared) == [True]


def test_an_answer_of_another_case_fills_nothing(stage, coordinator):
    other = stage.case(CaseStatus.ANSWERED)
    case = stage.case(CaseStatus.COLLECTED)
    foreign = stage.ask(lambda _cast: db.session.scalar(select(Answer.id).where(Answer.case_id == other.id)))
    coordinator.get(f"{case.path}?from={foreign}")
    assert "Rutinen är ändrad.</textarea>" not in coordinator.text


def test_p05_p07_that_all_have_answered_is_told_once_without_a_word_of_it(cast):
    case = two_asked(cast)
    for _ in range(2):
        assert messages(notices.COLLECTED) == []
        with transaction():
            cast.answer(case, steps_taken=SECRET)
    assert case.status == CaseStatus.COLLECTED
    (message,) = messages(notices.COLLECTED)
    address, subject, body = in_words(message)
    assert address.email == cast.coordinator.email
    assert case.number in subject
    assert SECRET not in subject + body
    with transaction():
        notices.tell_office_collected(case)
        run_waiting_now()
    assert len(messages(notices.COLLECTED, MessageStatus.SENT)) == 1


def test_p05_p07_that_one_of_several_sent_it_back_is_told_once_without_its_reason(cast):
    case = two_asked(cast)
    with transaction():
        duty = cast.duty(case)
        answering.send_back(cast.manager_of(duty), case, duty, SECRET, seen=duty.version)
    assert case.status == CaseStatus.ASSIGNED
    (message,) = messages(notices.RETURNED)
    _address, subject, body = in_words(message)
    assert SECRET not in subject + body
    with transaction():
        notices.tell_office_returned(case, duty)
    assert len(messages(notices.RETURNED)) == 1


@pytest.mark.parametrize("kind", [notices.COLLECTED, notices.RETURNED])
def test_p06_what_the_office_is_told_goes_to_nobody_who_has_left(cast, kind):
    case = two_asked(cast)
    with transaction():
        duty = cast.duty(case)
        if kind == notices.RETURNED:
            answering.send_back(cast.manager_of(duty), case, duty, "Inte vårt.", seen=duty.version)
        else:
            cast.answer(case)
            cast.answer(case)
    (message,) = messages(kind)
    with transaction():
        disable(OPERATOR, user_by_email(cast.coordinator.email), federation_id=case.federation_id)
        run_waiting_now()
    assert message.status == MessageStatus.CANCELLED


def test_p05_p06_p07_the_reporter_hears_once_that_two_were_put_together(cast):
    case, into = cast.reach(CaseStatus.ASSIGNED, what_happened=SECRET), cast.reach(CaseStatus.ASSIGNED)
    kind = notices.REPORTER_NEWS["merged"]
    with transaction():
        closing.merge(cast.coordinator, case, into, seen=case.version)
    (message,) = messages(kind)
    _address, subject, body = in_words(message)
    assert case.number in subject
    assert into.number not in subject + body
    assert SECRET not in subject + body
    with transaction():
        revoke(contact_of(case.report_id))
        run_waiting_now()
    assert message.status == MessageStatus.CANCELLED


def test_what_came_of_a_case_is_told_to_the_reporters_of_those_merged_into_it(cast):
    case, into = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        closing.merge(cast.coordinator, case, into, seen=case.version)
        closing.close(cast.coordinator, into, CloseReason.SOLVED, "Löst.", seen=into.version)
    told = {message.recipient_id for message in messages(notices.REPORTER_NEWS["closed"])}
    assert told == {case.report_id, into.report_id}


def test_merged_cases_are_compared_put_together_and_taken_apart(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Den <b>ena</b> anmälan.")
    into = stage.case(CaseStatus.ASSIGNED, what_happened="Den andra anmälan.")
    coordinator.get(case.path)
    written = {"merge-number": into.number.replace(" / ", "/"), "merge-version": str(case.version), "preview": "1"}
    shown = coordinator.post(f"{case.path}/sla-ihop", written)
    assert shown.status_code == 200
    for said in ("Den &lt;b&gt;ena&lt;/b&gt; anmälan.", "Den andra anmälan.", "hör ihop med en annan"):
        assert said in coordinator.text
    assert stage.look(case.id) == case
    coordinator.post(f"{case.path}/sla-ihop", {"number": into.number}, form="merge")
    assert f"Samma händelse som ärende {into.number}" in coordinator.text
    found = stage.look(case.id)
    assert found.status == CaseStatus.CLOSED
    coordinator.get(into.path)
    assert case.number in coordinator.text
    assert f'action="{into.path}/sla-ihop"' not in coordinator.text
    coordinator.get(case.path)
    assert "Ta isär ärendena igen" in coordinator.text
    coordinator.post(f"{case.path}/oppna-igen", {}, form="reopen")
    assert stage.look(case.id).status == CaseStatus.UNROUTED
    assert stage.ask(lambda _cast: broken_links()) == []


def test_p15_a_number_of_another_federation_is_no_case(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)
    stage.case(CaseStatus.ASSIGNED)
    for _ in range(3):
        theirs = stage.case(CaseStatus.ASSIGNED, "finnveden")
    coordinator.get(case.path)
    answer = coordinator.post(f"{case.path}/sla-ihop", {"number": theirs.number}, form="merge")
    assert answer.status_code == 422
    assert "Det finns inget ärende med det numret" in coordinator.text


def test_merging_with_itself_or_into_a_chain_is_refused(cast):
    first, second, third = (cast.reach(CaseStatus.ASSIGNED) for _ in range(3))
    with pytest.raises(InvalidInput):
        closing.merge(cast.coordinator, first, first, seen=first.version)
    with transaction():
        closing.merge(cast.coordinator, first, second, seen=first.version)
    with pytest.raises(InvalidInput):
        closing.merge(cast.coordinator, third, first, seen=third.version)
    with pytest.raises(InvalidInput):
        closing.merge(cast.coordinator, second, third, seen=second.version)


def test_a_party_that_is_no_longer_needed_leaves_one_answer_as_the_cases(stage, coordinator):
    def begin(cast):
        case = two_asked(cast)
        with transaction():
            cast.answer(case)
        return case.id, live_duties(case.id)[0].id

    case_id, duty_id = stage.ask(begin)
    path = stage.look(case_id).path
    coordinator.get(path)
    withdrawal = f"{path}/uppdrag/{duty_id}/dra-tillbaka"
    assert "Du får läsa det innan det skickas" in coordinator.text
    coordinator.post(withdrawal, {}, form=f"dra-tillbaka-{duty_id}")
    for said in ("Det går inte att ta tillbaka", ANSWER["steps_taken"], "Mejl till Anmälaren"):
        assert said in coordinator.text
    assert stage.look(case_id).status == CaseStatus.ASSIGNED
    assert stage.ask(lambda _cast: messages(notices.REPORTER_NEWS["answered"])) == []
    version = re.search(rf'name="dra-tillbaka-{duty_id}-version" value="(\d+)"', coordinator.text)
    read = re.search(r'name="read" value="(\d+)"', coordinator.text)
    assert version and read
    sent = {f"dra-tillbaka-{duty_id}-version": version[1]}
    coordinator.post(withdrawal, {**sent, "read": str(int(read[1]) + 1)})
    assert stage.look(case_id).status == CaseStatus.ASSIGNED, "something else was read"
    coordinator.post(withdrawal, {**sent, "read": read[1]})
    assert "anmälaren kan läsa det nu" in coordinator.text
    assert stage.look(case_id).status == CaseStatus.ANSWERED
    assert re.search(r"Behöver inte svara", coordinator.text)


def test_a_party_let_off_while_others_still_answer_sends_nobody_an_answer(stage, coordinator):
    case_id = stage.ask(lambda cast: two_asked(cast).id)
    path = stage.look(case_id).path
    duty_id = stage.ask(lambda _cast: live_duties(case_id)[0].id)
    coordinator.get(path)
    assert "Du får läsa det innan det skickas" not in coordinator.text
    version = stage.ask(lambda _cast: live_duties(case_id)[0].version)
    written = {f"dra-tillbaka-{duty_id}-version": str(version), "preview": "1"}
    coordinator.post(f"{path}/uppdrag/{duty_id}/dra-tillbaka", written)
    assert "Inget mejl går iväg" in coordinator.text
    assert len(stage.ask(lambda _cast: live_duties(case_id))) == 2
    coordinator.get(path)
    coordinator.post(f"{path}/uppdrag/{duty_id}/dra-tillbaka", {}, form=f"dra-tillbaka-{duty_id}")
    assert len(stage.ask(lambda _cast: live_duties(case_id))) == 1


def test_reporters_of_merged_cases_hear_that_it_was_handed_over_and_what_the_others_say(cast):
    case, into = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED)
    there = cast.federation(ELSEWHERE)
    with transaction():
        closing.merge(cast.coordinator, case, into, seen=case.version)
        offer = handing_over.offer(cast.coordinator, into, there, "Skäl.", "Text.", seen=into.version)
        new = handing_over.take_over(cast.outsider, offer)
    told = {message.recipient_id for message in messages(notices.REPORTER_NEWS["handed_over"])}
    assert told == {case.report_id, into.report_id}
    with transaction():
        run_waiting_now()
        closing.close(cast.outsider, new, CloseReason.SOLVED, "Löst hos oss.", seen=new.version)
    told = {message.recipient_id for message in messages(notices.REPORTER_NEWS["closed"])}
    assert told == {case.report_id, new.report_id}


def test_p09_how_it_went_is_not_asked_at_night_however_late_the_job_is(cast):
    case = cast.reach(CaseStatus.CLOSED)
    night = datetime.combine(case.closed_on + timedelta(weeks=10), time(23, 30), tzinfo=clock.SWEDEN)
    with clock.at(night), transaction():
        later = closing.ask_how_it_went(case.id)
    assert later is not None
    assert later.until > night
    assert messages(notices.REPORTER_NEWS["follow_up"]) == []
    with clock.at(later.until), transaction():
        assert closing.ask_how_it_went(case.id) is None
    assert len(messages(notices.REPORTER_NEWS["follow_up"])) == 1
