"""P13: of edits made on the same version one wins; the other is told, and keeps what was written.

With real threads on both databases: what each may find, and what must be true afterwards.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select

from lexheller.audit.queries import broken_links, history
from lexheller.cases.dialogue import Question
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import case_of_id, duties
from lexheller.cases.states import LIVE, CaseStatus, CloseReason, DutyStatus
from lexheller.casework import answering, asking, closing, handing_over, notices, sending
from lexheller.casework.duty_forms import DutyStep
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import transaction
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.sweep import remind_now
from lexheller.intake import reporter_steps
from lexheller.messaging.models import Message
from tests.cast.people import ANSWER, ELSEWHERE, Cast
from tests.integration.casework.duty_stage import duty_of, two_parties

AT_ONCE = 6
CLOSE = {"reason": "solved", "conclusion": "Klart."}
Take = Callable[[Cast], object]


def sent_by_manager(manager, case, duty, **texts: str):
    return manager.post(duty.path(case, DutyStep.ANSWER), duty.values(DutyStep.ANSWER, **texts), follow=False)


def test_p13_the_slower_of_two_people_gets_a_conflict_page_with_the_text_kept(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    duty = duty_of(stage, case)
    manager, coordinator = new_visitor(), new_visitor()
    manager.sign_in("chef.af")
    coordinator.sign_in("samordnare")
    manager.get(case.path)
    coordinator.get(case.path)
    assert sent_by_manager(manager, case, duty).status_code == 302
    written = "Rutinen är ändrad, <b>säger</b> kontoret.\nOch en rad till."
    lost = coordinator.post(f"{case.path}/avsluta", {**CLOSE, "conclusion": written}, form="close")
    assert lost.status_code == 409
    assert written in html.unescape(coordinator.text)
    assert "<b>säger</b>" not in coordinator.text
    after = stage.look(case.id)
    assert (after.status, after.version) == (CaseStatus.ANSWERED, case.version + 1)


def test_p13_a_single_word_is_kept_too(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    duty = duty_of(stage, case)
    manager, coordinator = new_visitor(), new_visitor()
    manager.sign_in("chef.af")
    coordinator.sign_in("samordnare")
    manager.get(case.path)
    coordinator.get(case.path)
    assert coordinator.post(f"{case.path}/avsluta", CLOSE, form="close", follow=False).status_code == 302
    lost = sent_by_manager(manager, case, duty, steps_taken="Åtgärdat", cause="Okänt")
    assert lost.status_code == 409
    assert ">Åtgärdat</textarea>" in manager.text
    assert ">Okänt</textarea>" in manager.text


def test_p13_the_conflict_page_keeps_words_and_shows_no_codes(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    first, second = new_visitor(), new_visitor()
    for person in (first, second):
        person.sign_in("samordnare")
        person.get(case.path)
    assert first.post(f"{case.path}/avsluta", CLOSE, form="close", follow=False).status_code == 302
    empty = {"theme": "", "municipality": "", "organisation": "", "unit": ""}
    lost = second.post(f"{case.path}/uppgifter", empty, form="classify")
    assert lost.status_code == 409
    assert "<textarea" not in second.text


def test_p13_a_tampered_version_meets_a_conflict(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    duty = duty_of(stage, case)
    coordinator, manager = new_visitor(), new_visitor()
    coordinator.sign_in("samordnare")
    manager.sign_in("chef.af")
    for version in ("0", "-1", "99", "9" * 30, "två", "1.0", "²"):
        coordinator.get(case.path)
        wrong = {**CLOSE, "version": version}
        assert coordinator.post(f"{case.path}/avsluta", wrong, form="close").status_code == 409, version
        manager.get(case.path)
        assert sent_by_manager(manager, case, duty, version=version).status_code == 409, version
    assert stage.look(case.id) == case


def race(app, takes: Sequence[Take]) -> list[str]:
    """Run the takes at the same time, each in a transaction of its own; what became of each, in their order."""
    gate = threading.Barrier(len(takes))
    results = ["nothing"] * len(takes)

    def run(number: int, take: Take) -> None:
        with app.app_context():
            cast = Cast(app)
            assert cast.coordinator.user_id
            db.session.rollback()
            gate.wait(30)
            try:
                with transaction():
                    take(cast)
                results[number] = "won"
            except Conflict:
                results[number] = "conflict"
            except StepRefused:
                results[number] = "refused"
            except InvalidInput as problem:
                results[number] = problem.code
            except NotAllowedToSee:
                results[number] = "not to be seen"
            except Exception as problem:
                results[number] = repr(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=found) for found in enumerate(takes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def answer_of(case_id: int, part: str, position: int = -1, *, seen: int = 1) -> Take:
    def take(cast: Cast) -> None:
        duty = duties(case_id)[position]
        answering.answer(cast.person(part), case_of_id(case_id), duty, dict(ANSWER), seen=seen)

    return take


def close_of(case) -> Take:
    return lambda cast: closing.close(
        cast.coordinator, case_of_id(case.id), CloseReason.SOLVED, "Klart nu.", seen=case.version
    )


def sound(stage) -> None:
    assert stage.ask(lambda _cast: (broken_links(), broken_promises())) == ([], [])


def test_p13_when_the_office_closes_while_managers_answer_exactly_one_wins(app, stage):
    for _ in range(3):
        case = stage.case(CaseStatus.ASSIGNED)
        takes = [answer_of(case.id, "chef.af"), close_of(case)] * (AT_ONCE // 2)
        assert sorted(race(app, takes)) == ["conflict"] * (AT_ONCE - 1) + ["won"]
        after = stage.look(case.id)
        assert after.version == case.version + 1
        given = stage.ask(lambda _cast, case=case: db.session.scalar(answers_given(case.id)))
        assert given == (after.status == CaseStatus.ANSWERED)
    sound(stage)


def answers_given(case_id: int):
    return select(func.count(Answer.id)).where(Answer.case_id == case_id, Answer.given_at.is_not(None))


def test_p13_a_job_and_a_person_at_once_route_the_case_once(app, stage):
    for _ in range(3):
        case = stage.ask(lambda cast: cast.report().id)
        staged = stage.look(case)
        results = race(app, [close_of(staged), lambda _cast, case=case: sending.route(case)])
        assert "won" in results
        kinds = stage.ask(lambda cast, case=case: [event.kind for event in history(cast.federation().id, "case", case)])
        assert kinds in (["case.received", "case.closed"], ["case.received", "case.routed"])


def test_p13_two_of_the_office_send_the_same_case_at_once_and_one_round_begins(app, stage):
    for _ in range(3):
        case = stage.case(CaseStatus.UNROUTED)

        def to(*names: str, case=case) -> Take:
            def take(cast: Cast) -> None:
                asked = [cast.unit(name) for name in names]
                sending.assign(cast.coordinator, case_of_id(case.id), asked, seen=case.version)

            return take

        takes = [to("Arbetsförmedlingen", "Försäkringskassan"), to("Försäkringskassan"), to("Region Jönköpings län")]
        assert sorted(race(app, takes)) == ["conflict", "conflict", "won"]
        after = stage.look(case.id)
        assert (after.status, after.version) == (CaseStatus.ASSIGNED, case.version + 1)
        rows = stage.ask(lambda _cast, case=case: [(row.round, row.status) for row in duties(case.id)])
        assert {number for number, _status in rows} == {1}
        clocks = select(func.count(DueStep.duty_id.distinct())).join(Duty).where(Duty.case_id == case.id)
        assert stage.ask(lambda _cast, clocks=clocks: db.session.scalar(clocks)) == len(rows)
        assigned = [message for message in messages(stage, notices.ASSIGNED) if message[0] == case.id]
        assert len(assigned) == len(rows)
    sound(stage)


def messages(stage, kind: str) -> list[tuple[int, int]]:
    """Subject and recipient of each."""
    query = select(Message.subject_id, Message.recipient_id).where(Message.kind == kind).order_by(Message.id)
    return stage.ask(lambda _cast: [tuple(row) for row in db.session.execute(query)])


def test_p13_two_managers_answer_the_last_two_duties_at_once_and_the_office_is_told_once(app, stage):
    for _ in range(5):
        case, mine, others = two_parties(stage)
        takes = [
            answer_of(case.id, "chef.af", -2, seen=mine.version),
            answer_of(case.id, "chef.fk", -1, seen=others.version),
        ]
        assert race(app, takes) == ["won", "won"]
        assert stage.look(case.id).status == CaseStatus.COLLECTED
        assert stage.look(case.id).version == case.version + 2
        statuses = stage.ask(lambda _cast, case=case: statuses_of(case.id))
        assert statuses[-2:] == [CaseStatus.ASSIGNED, CaseStatus.COLLECTED]
        told = [subject for subject, _to in messages(stage, notices.COLLECTED) if subject == case.id]
        assert len(told) == 1
        assert messages(stage, notices.ANSWERED) == []
    sound(stage)


def statuses_of(case_id: int) -> list[str]:
    row = db.session.get_one(Case, case_id)
    return [event.data["status"] for event in history(row.federation_id, "case", case_id)]


def test_p13_the_same_duty_twice_at_once_is_one_answer_and_a_conflict(app, stage):
    case, mine, _others = two_parties(stage)
    takes = [answer_of(case.id, "chef.af", -2, seen=mine.version)] * 3
    assert sorted(race(app, takes)) == ["conflict", "conflict", "won"]
    assert duty_of(stage, case, -2).status == DutyStatus.ANSWERED
    assert duty_of(stage, case, -1).status in LIVE
    sound(stage)


def test_p13_the_reporter_replies_while_the_office_takes_the_question_back(app, stage):
    for _ in range(5):
        case = stage.case(CaseStatus.ASSIGNED)

        def ask(cast, case=case) -> int:
            row = case_of_id(case.id)
            return asking.ask_reporter(cast.coordinator, row, "Vilken dag var det?", seen=row.version).id

        question_id = stage.ask(ask)
        seen = stage.look(case.id).version

        def reply(_cast, case=case, question_id=question_id) -> None:
            question = db.session.get_one(Question, question_id)
            reporter_steps.reply(case_of_id(case.id), question, "Det var i mars.")

        def take_back(cast, case=case, question_id=question_id, seen=seen) -> None:
            question = db.session.get_one(Question, question_id)
            asking.withdraw_question(cast.coordinator, case_of_id(case.id), question, seen=seen)

        results = race(app, [reply, take_back])
        assert results in (["won", "not_open"], ["won", "conflict"], ["withdrawn", "won"])
        question = stage.ask(lambda _cast, question_id=question_id: whole(question_id))
        assert question == ((True, False) if results[0] == "won" else (False, True))
        assert stage.ask(lambda _cast, case=case: duties(case.id)[-1].paused_on) is None
        assert stage.look(case.id).version == seen + 1
        replied = [subject for subject, _to in messages(stage, "intake.question_replied") if subject == case.id]
        assert len(replied) == (results[0] == "won")
    sound(stage)


def whole(question_id: int) -> tuple[bool, bool]:
    question = db.session.get_one(Question, question_id)
    return question.replied_at is not None, question.withdrawn_at is not None


def test_p13_two_ask_the_reporter_at_once_and_one_question_waits(app, stage):
    for _ in range(3):
        case, mine, others = two_parties(stage)

        def ask(part: str, duty_id: int, case=case) -> Take:
            def take(cast: Cast) -> None:
                row, duty = case_of_id(case.id), db.session.get_one(Duty, duty_id)
                asking.ask_reporter(cast.person(part), row, "När?", duty=duty, seen=case.version)

            return take

        results = race(app, [ask("chef.af", mine.id), ask("chef.fk", others.id)])
        assert sorted(results) in (["question_waits", "won"], ["conflict", "won"])
        paused = stage.ask(lambda _cast, case=case: {row.paused_on is not None for row in live(case.id)})
        assert paused == {True}
    sound(stage)


def live(case_id: int) -> list[Duty]:
    return [row for row in duties(case_id) if row.status in LIVE]


@pytest.mark.parametrize("other", ["close", "call off"])
def test_p13_the_other_federation_takes_over_while_the_office_changes_its_mind(app, stage, other):
    for _ in range(3):
        case = stage.case(CaseStatus.ASSIGNED)

        def offer(cast, case=case) -> int:
            row, there = case_of_id(case.id), cast.federation(ELSEWHERE)
            return handing_over.offer(cast.coordinator, row, there, "Skäl.", "Text.", seen=row.version).id

        offer_id = stage.ask(offer)
        seen = stage.look(case.id)

        def take_over(cast, offer_id=offer_id) -> None:
            found = handing_over.offer_for(cast.outsider, cast.federation(ELSEWHERE).id, offer_id)
            handing_over.take_over(cast.outsider, found)

        def call_off(cast, case=case, seen=seen) -> None:
            row = case_of_id(case.id)
            handing_over.call_off(cast.coordinator, row, handing_over.offers(row.id)[-1], seen=seen.version)

        results = race(app, [take_over, close_of(seen) if other == "close" else call_off])
        assert results.count("won") == 1, results
        assert set(results) - {"won"} <= {"conflict", "refused", "decided_already", "not to be seen"}, results
    sound(stage)


def test_p13_a_reminder_by_hand_and_an_answer_at_once_disturb_nobody_afterwards(app, stage):
    """The office presses the button at the moment in which the manager answers: nobody waits in a ring."""
    for _ in range(3):
        case = stage.case(CaseStatus.ASSIGNED)

        def remind(cast, case=case) -> None:
            remind_now(cast.coordinator, duties(case.id)[-1])

        results = race(app, [answer_of(case.id, "chef.af"), remind])
        assert results[0] == "won" and results[1] in {"won", "not_open"}, results
    sound(stage)
