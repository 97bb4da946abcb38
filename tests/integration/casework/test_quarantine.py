"""What may name somebody waits for the office to look: nobody else sees it, and then it goes its ordinary way (P24)."""

from datetime import timedelta

import pytest

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import disable
from lexheller.cases import door
from lexheller.cases.dialogue import Question, Worked
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_of_id, visible
from lexheller.cases.states import WHILE_HELD, CaseStatus, Step
from lexheller.casework import asking, closing, describing, quarantine, sending
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, StepRefused
from lexheller.core.jobs import Postponed, run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.faults.suggestions import suggestions_for
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow
from lexheller.intake.occurrences import count_occurrence
from lexheller.messaging.models import Message
from lexheller.messaging.service import in_words
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.intake.following import open_by_code, words

NAMED = "Anna Svensson på kontoret svarade inte på tre veckor."
SHOWN = "Anna Svensson"
TOLD, MANAGER_TOLD = "casework.text_held", "intake.question_replied_manager"


def held(cast) -> Case:
    return cast.report(what_happened=NAMED, looked=True)


def let_through(cast, case: Case) -> None:
    with transaction():
        keys = {one.key for one in quarantine.waiting_in(case)}
        quarantine.let_through(cast.coordinator, case, keys, seen=case.version)


def count(kind: str) -> int:
    return db.session.scalar(db.select(db.func.count(Message.id)).where(Message.kind == kind))


@pytest.fixture
def waiting(stage) -> Case:
    case_id = stage.ask(lambda cast: held(cast).id)
    stage.work()
    return stage.look(case_id)


@pytest.mark.parametrize(
    ("part", "slug"),
    [("forbundschef", HOME), ("chef.af", HOME), ("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE), (None, HOME)],
)
def test_p24_nobody_but_the_office_finds_it_anywhere(stage, new_visitor, waiting, part, slug):
    visitor = new_visitor()
    if part:
        visitor.sign_in(part, slug)
    for path in (waiting.path, f"{waiting.path}/granskning", f"/maskering/{HOME}/arende/{waiting.id}"):
        page = visitor.get(path)
        assert page.status_code == 404 or page.request.path == "/logga-in", path
        assert SHOWN not in visitor.text
    for path in (f"/arenden/{slug}", f"/arenden/{slug}?q=kontoret", f"/start/{slug}", f"/arenden/{slug}?only=held"):
        visitor.get(path)
        assert SHOWN not in visitor.text
        assert waiting.number not in visitor.text
    visitor.get("/")
    visitor.client.post(f"{waiting.path}/granskning", data={"looked": "y", "waiting": "report", "version": "1"})
    assert stage.ask(lambda _cast: db.session.get_one(Case, waiting.id).held_at is not None)


def test_p24_the_office_sees_it_everywhere_looks_and_lets_it_through(stage, visitor, waiting):
    visitor.sign_in("samordnare")
    assert "En text väntar på granskning" in words(visitor)
    visitor.get(f"/arenden/{HOME}?only=held")
    assert waiting.number in visitor.text
    visitor.get(waiting.path)
    assert "Väntar på granskning" in words(visitor)
    assert "Skicka till en annan enhet" not in words(visitor)
    visitor.get(f"{waiting.path}/granskning")
    assert f"<mark>{SHOWN}</mark>" in visitor.text
    fields = {"waiting": "report"}
    visitor.post(f"{waiting.path}/granskning", fields)
    assert visitor.last.status_code == 422
    visitor.post(f"{waiting.path}/granskning", {**fields, "looked": "y"})
    assert "Anmälan är framsläppt" in words(visitor)
    stage.work()
    assert stage.look(waiting.id).status == CaseStatus.ASSIGNED
    visitor.get(f"{waiting.path}/granskning")
    assert "Inget väntar på granskning" in words(visitor)
    manager = stage.ask(lambda cast: visible(cast.person("chef.af"), cast.federation().id))
    assert waiting.id in stage.ask(lambda _cast: {case.id for case in db.session.scalars(manager)})


def test_p24_the_reporter_reads_that_the_coordinator_looks_first(app, visitor, waiting):
    open_by_code(app, visitor, waiting.id)
    assert "Samordnaren tittar först så att ingen kan kännas igen" in words(visitor)


def test_p24_no_step_is_taken_on_what_waits_but_those_of_looking(cast):
    case = held(cast)
    for step in set(Step) - WHILE_HELD:
        with pytest.raises(StepRefused), transaction():
            door.take(cast.coordinator, step, case, seen=case.version)
    with pytest.raises(StepRefused), transaction():
        sending.assign(cast.coordinator, case, [cast.unit("Arbetsförmedlingen")], seen=case.version)
    with transaction():
        sending.route(case.id)
    assert case.status == CaseStatus.RECEIVED
    assert db.session.scalar(db.select(db.func.count(Duty.id))) == 0


def test_p24_only_what_was_looked_at_is_let_through_and_only_once(cast):
    case = held(cast)
    seen = case.version
    for keys in (set(), {"question:1"}, {quarantine.REPORT, "feedback:9"}):
        with pytest.raises(Conflict), transaction():
            quarantine.let_through(cast.coordinator, case, keys, seen=seen)
    for actor in (cast.director, cast.outsider, cast.person("chef.af")):
        with pytest.raises(StepRefused), transaction():
            quarantine.let_through(actor, case, {quarantine.REPORT}, seen=seen)
    let_through(cast, case)
    with pytest.raises(Conflict), transaction():
        quarantine.let_through(cast.coordinator, case, {quarantine.REPORT}, seen=case.version)


def test_p03_p04_p24_what_waits_is_rightly_with_the_office_and_due_once_it_is_let_through(cast):
    case = held(cast)
    later = clock.now() + timedelta(days=1)
    with clock.at(later):
        assert broken_promises() == []
        let_through(cast, case)
        assert broken_promises() == []
        with clock.at(later + timedelta(seconds=61)):
            assert [(one.promise, one.why) for one in broken_promises()] == [("P3", "not routed within 60 s")]
        with transaction():
            run_waiting_now()
        assert broken_promises() == []
    assert case.status == CaseStatus.ASSIGNED


def test_p04_p24_a_held_case_that_nobody_was_told_of_is_named(cast):
    case = held(cast)
    with transaction():
        db.session.execute(db.delete(Message).where(Message.kind == TOLD))
    assert ("P4", f"case {case.id}") in {(one.promise, one.subject) for one in broken_promises()}


def test_p24_while_it_stands_the_office_is_told_again(cast):
    case = held(cast)
    first = quarantine.look_after_held(case.id)
    assert isinstance(first, Postponed)
    assert count(TOLD) == 1
    with clock.at(clock.now() + timedelta(days=7)), transaction():
        assert isinstance(quarantine.look_after_held(case.id), Postponed)
        quarantine.look_after_held(case.id)
        assert count(TOLD) == 2
    let_through(cast, case)
    assert quarantine.look_after_held(case.id) is None


def test_p24_it_resembles_no_case_that_others_look_at(cast):
    case = held(cast)
    like = cast.reach(CaseStatus.ASSIGNED, what_happened="Kontoret svarade inte på tre veckor.")
    assert case.id not in {one.id for one in suggestions_for(cast.director, like).cases}


# What a reporter writes later


@pytest.fixture
def replied(stage):
    """The manager asked, and the reporter's reply may name somebody."""

    def walk(cast):
        case = cast.reach(CaseStatus.ACCEPTED)
        duty = cast.duty(case)
        question = asking.ask_reporter(
            cast.manager_of(duty), case, "Vilken vecka var det?", duty=duty, seen=case.version
        )
        reporter_steps.reply(case, question, NAMED, looked=True)
        return case.id

    return stage.look(stage.ask(walk))


def test_p24_a_reply_in_doubt_is_hidden_from_all_but_the_office_and_the_clock_stands_still(stage, new_visitor, replied):
    for part in ("chef.af", "forbundschef"):
        visitor = new_visitor()
        visitor.sign_in(part)
        assert visitor.get(replied.path).status_code == 200
        assert SHOWN not in visitor.text
        visitor.get(f"/arenden/{HOME}?only=held")
        assert replied.number not in visitor.text
    assert stage.ask(lambda _cast: db.session.scalars(db.select(Duty.paused_on)).one()) is not None
    assert stage.ask(lambda _cast: (count(TOLD), count(MANAGER_TOLD))) == (1, 0)
    office = new_visitor()
    office.sign_in("samordnare")
    office.get(replied.path)
    assert SHOWN in office.text
    key = stage.ask(lambda _cast: f"question:{db.session.scalars(db.select(Question.id)).one()}")
    office.get(f"{replied.path}/granskning")
    office.post(f"{replied.path}/granskning", {"looked": "y", "waiting": key})
    assert "Nu kan de som arbetar med ärendet läsa den" in words(office)
    assert stage.ask(lambda _cast: db.session.scalars(db.select(Duty.paused_on)).one()) is None
    assert stage.ask(lambda _cast: count(MANAGER_TOLD)) == 1
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(replied.path)
    assert SHOWN in manager.text


def test_p24_an_objection_in_doubt_is_the_offices_until_it_has_looked(stage, new_visitor):
    def walk(cast):
        case = cast.reach(CaseStatus.ANSWERED)
        reporter_steps.say_not_solved(follow(case), NAMED, looked=True)
        sending.assign(cast.coordinator, case, [cast.unit("Arbetsförmedlingen")], seen=case.version)
        return case.id

    case = stage.look(stage.ask(walk))
    for part in ("chef.af", "forbundschef"):
        visitor = new_visitor()
        visitor.sign_in(part)
        assert visitor.get(case.path).status_code == 200
        assert SHOWN not in visitor.text
    stage.ask(lambda cast: let_through(cast, case_of_id(case.id)))
    for part in ("chef.af", "forbundschef"):
        visitor = new_visitor()
        visitor.sign_in(part)
        visitor.get(case.path)
        assert SHOWN in visitor.text


def objected(cast) -> Case:
    case = cast.reach(CaseStatus.ANSWERED)
    reporter_steps.say_not_solved(follow(case), NAMED, looked=True)
    return case


def told_how_it_went(cast) -> Case:
    case = cast.reach(CaseStatus.CLOSED)
    with clock.at(clock.now() + timedelta(weeks=9)):
        closing.ask_how_it_went(case.id)
        reporter_steps.tell_how_it_went(follow(case), Worked.NO, NAMED, looked=True)
    return case


def happened_to_others(cast) -> Case:
    case = cast.reach(CaseStatus.ASSIGNED)
    describing.share_summary(cast.coordinator, case, "Kontoret hänvisar till webben.", seen=case.version)
    count_occurrence(cast.federation(), cast.submission(what_happened=NAMED, looked=True), case.id)
    return case


LATER_WORDS = pytest.mark.parametrize("written", [objected, told_how_it_went, happened_to_others])


def told() -> list[Message]:
    return list(db.session.scalars(db.select(Message).where(Message.kind == TOLD).order_by(Message.id)))


@LATER_WORDS
def test_p05_p24_whatever_waits_is_told_at_once_and_again_while_it_stands(cast, written):
    with transaction():
        case = written(cast)
    assert [message.recipient_id for message in told()] == [cast.coordinator.user_id]
    assert broken_promises() == []
    with clock.at(clock.now() + timedelta(weeks=11)):
        with transaction():
            run_waiting_now()
        with transaction():
            run_waiting_now()
        assert len(told()) == 2
        let_through(cast, case)
        with transaction():
            assert quarantine.look_after_held(case.id) is None
    assert count("intake.not_solved") == 0


@LATER_WORDS
def test_p24_whatever_waits_stands_on_the_offices_start_page(stage, visitor, written):
    number = stage.ask(lambda cast: written(cast).number)
    visitor.sign_in("samordnare")
    visitor.get(f"/start/{HOME}")
    assert "En text väntar på granskning" in words(visitor)
    visitor.get(f"/arenden/{HOME}?only=held")
    assert number in visitor.text


def leaves(cast, part: str) -> None:
    with transaction():
        disable(OPERATOR, user_by_email(cast.person(part).email), federation_id=cast.federation().id)


def test_p05_p06_p07_p24_where_nobody_may_look_the_director_is_told_and_then_who_administers(cast):
    with transaction():
        administrator = cast.newcomer("ny.administrator", Role.ADMINISTRATOR)
    leaves(cast, "samordnare")
    case = held(cast)
    (message,) = told()
    assert message.recipient_id == cast.director.user_id
    address, subject, body = in_words(message)
    assert address.email == cast.director.email
    assert "ni har ingen samordnare" in subject
    assert f"/installningar/{HOME}/personer" in body
    assert case.number not in subject + body
    assert SHOWN not in body
    assert broken_promises() == []
    leaves(cast, "forbundschef")
    assert in_words(message) is None
    with clock.at(clock.now() + timedelta(days=7)), transaction():
        quarantine.look_after_held(case.id)
    assert [found.recipient_id for found in told()] == [message.recipient_id, administrator.user_id]
    assert "ni har ingen samordnare" in in_words(told()[1])[1]


# Whoever writes for an authority


def test_p24_a_manager_is_asked_once_and_then_it_goes_on(stage, visitor):
    case = stage.case(CaseStatus.ACCEPTED)
    duty = stage.ask(lambda _cast: db.session.scalars(db.select(Duty.id)).one())
    version = stage.ask(lambda _cast: str(db.session.scalars(db.select(Duty.version)).one()))
    visitor.sign_in("chef.af")
    visitor.get(case.path)
    prefix = f"svara-{duty}"
    fields = {"steps_taken": NAMED, "version": version}
    path = f"{case.path}/uppdrag/{duty}/svara"
    for button in ({}, {"preview": "1"}):
        visitor.get(case.path)
        visitor.post(path, {**fields, **button}, form=prefix)
        assert visitor.last.status_code == 422
        assert f"<mark>{SHOWN}</mark>" in visitor.text
        assert stage.look(case.id).status == CaseStatus.ACCEPTED
    visitor.post(path, {**fields, "looked": "y"}, form=prefix)
    assert stage.look(case.id).status == CaseStatus.ANSWERED


def test_p24_a_draft_is_nobodys_business_and_is_kept_without_a_question(stage, visitor):
    case = stage.case(CaseStatus.ACCEPTED)
    duty, version = stage.ask(lambda _cast: tuple(db.session.execute(db.select(Duty.id, Duty.version)).one()))
    visitor.sign_in("chef.af")
    visitor.get(case.path)
    data = {f"svara-{duty}-steps_taken": NAMED, f"svara-{duty}-version": str(version), "save": "1"}
    visitor.post(f"{case.path}/uppdrag/{duty}/svara", data, form="")
    assert "Utkastet är sparat" in words(visitor)


@pytest.mark.parametrize(
    ("step", "address", "status"), [("ask_reporter", "fraga", CaseStatus.UNROUTED), ("write_note", "anteckning", None)]
)
def test_p24_the_office_is_asked_about_its_own_words(stage, visitor, step, address, status):
    case = stage.case(status or CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    visitor.get(case.path)
    visitor.post(f"{case.path}/{address}", {"text": NAMED}, form=step)
    assert visitor.last.status_code == 422
    assert f"<mark>{SHOWN}</mark>" in visitor.text
    assert NAMED in visitor.text
    before = stage.ask(lambda _cast: db.session.scalar(db.select(db.func.count(Question.id))))
    visitor.post(f"{case.path}/{address}", {"text": NAMED, "looked": "y"}, form=step)
    assert visitor.last.status_code == 200
    after = stage.ask(lambda _cast: db.session.scalar(db.select(db.func.count(Question.id))))
    assert after - before == (step == "ask_reporter")
