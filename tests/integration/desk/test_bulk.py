"""One step on many cases: what the preview says is what happens, one refusal stops nobody, nothing happens twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from lexheller.accounts.rights import Right
from lexheller.audit.models import Event
from lexheller.cases.models import Duty
from lexheller.cases.states import CaseStatus
from lexheller.casework import asking, notices, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.deadlines.digests import DIGEST
from lexheller.deadlines.models import DigestLine
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.service import calendar_of
from lexheller.desk import bulk
from lexheller.desk.bulk import BulkStep, Order, Outcome
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.service import Plan, plan_meeting
from lexheller.messaging.models import Message
from lexheller.messaging.service import in_words
from lexheller.organisations.queries import themes
from lexheller.organisations.service import ManagerDetails, appoint_manager
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import QUEUE

MANY = f"{QUEUE}/flera"


def marked(cast, *cases):
    return bulk.marked_cases(cast.coordinator, cast.federation().id, {case.id: None for case in cases})


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def told() -> list[tuple[str, int]]:
    return sorted((message.kind, message.recipient_id) for message in db.session.scalars(select(Message)))


def test_the_preview_says_what_then_happens_and_keeps_nothing(cast):
    waiting = [cast.reach(CaseStatus.ASSIGNED) for _ in range(2)]
    closed = cast.reach(CaseStatus.CLOSED)
    order = Order(BulkStep.ASSIGN, unit=cast.unit("Försäkringskassan"))
    before = (rows(Event), rows(Message), rows(Job), rows(Duty), told())
    with transaction():
        results, recipients = bulk.try_out(cast.coordinator, marked(cast, *waiting, closed), order)
    assert (rows(Event), rows(Message), rows(Job), rows(Duty), told()) == before
    assert [result.outcome for result in results] == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]
    with transaction():
        done = bulk.carry_out(cast.coordinator, marked(cast, *waiting, closed), order)
    assert done == results
    assert rows(Message) - before[1] == sum(one.mails for one in recipients)
    assert [one.mails for one in recipients] == [1, 2]  # the manager, of both; the reporters, counted together
    assert [one.address is None for one in recipients] == [False, True]
    assert "anmalare@habo.example" not in {one.address for one in recipients}
    for case in waiting:
        db.session.refresh(case)
        assert cast.duty(case).unit_id == order.unit.id


def test_p13_a_case_that_somebody_changed_meanwhile_is_left_and_the_others_are_done(cast):
    first, second = cast.reach(CaseStatus.UNROUTED), cast.reach(CaseStatus.UNROUTED)
    theme = themes(cast.federation().id)[1]
    seen = {first.id: first.version, second.id: second.version}
    with transaction():
        bulk.carry_out(cast.coordinator, marked(cast, first), Order(BulkStep.CLASSIFY, theme=theme))
    with transaction():
        chosen = bulk.marked_cases(cast.coordinator, cast.federation().id, seen)
        other = themes(cast.federation().id)[2]
        results = bulk.carry_out(cast.coordinator, chosen, Order(BulkStep.CLASSIFY, theme=other))
    assert [result.outcome for result in results] == [Outcome.CONFLICT, Outcome.DONE]
    db.session.expire_all()
    assert (first.theme_id, second.theme_id) == (theme.id, other.id)


def test_setting_a_theme_keeps_what_else_stands_about_the_case(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    before = (case.municipality_id, case.concerned_organisation_id, case.concerned_unit_id)
    theme = themes(cast.federation().id)[0]
    for expected in ("", "same_theme"):
        with transaction():
            (result,) = bulk.carry_out(cast.coordinator, marked(cast, case), Order(BulkStep.CLASSIFY, theme=theme))
        assert result.code == expected
    db.session.refresh(case)
    assert (case.municipality_id, case.concerned_organisation_id, case.concerned_unit_id) == before
    assert case.theme_id == theme.id


def test_reminding_twice_a_day_is_refused_and_an_unrouted_case_has_nobody_to_remind(cast):
    case, unrouted = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.UNROUTED)
    order = Order(BulkStep.REMIND)
    with transaction():
        results = bulk.carry_out(cast.coordinator, marked(cast, case, unrouted), order)
    assert [(result.outcome, result.code) for result in results] == [
        (Outcome.DONE, ""),
        (Outcome.REFUSED, "nobody_to_remind"),
    ]
    with transaction():
        (again,) = bulk.carry_out(cast.coordinator, marked(cast, case), order)
    assert (again.outcome, again.code) == (Outcome.REFUSED, "already_today")


def test_p08_reminded_of_many_cases_each_recipient_gets_one_mail_as_the_preview_said(cast):
    cases = [cast.reach(CaseStatus.ASSIGNED) for _ in range(3)]
    with transaction():
        other = cast.reach(CaseStatus.UNROUTED)
        cast.ask_two(other)
    order, before = Order(BulkStep.REMIND), rows(Message)
    with transaction():
        results, recipients = bulk.try_out(cast.coordinator, marked(cast, *cases, other), order)
    assert {result.outcome for result in results} == {Outcome.DONE}
    assert [one.mails for one in recipients] == [1, 1]
    assert (rows(Message), rows(DigestLine)) == (before, 0)
    with transaction():
        assert bulk.carry_out(cast.coordinator, marked(cast, *cases, other), order) == results
    assert (rows(Message) - before, rows(DigestLine)) == (2, 5)


def test_p05_sent_many_cases_a_unit_gets_one_mail_of_them_and_none_again(cast):
    cases = [cast.reach(CaseStatus.UNROUTED) for _ in range(3)]
    unit = cast.unit("Försäkringskassan")
    order = Order(BulkStep.ASSIGN, unit=unit)
    with transaction():
        _results, recipients = bulk.try_out(cast.coordinator, marked(cast, *cases), order)
    assert [one.mails for one in recipients] == [1, 3]
    with transaction():
        bulk.carry_out(cast.coordinator, marked(cast, *cases), order)
    assert (kinds().count(DIGEST), kinds().count(notices.ASSIGNED), rows(DigestLine)) == (1, 0, 3)
    for _ in range(2):
        with transaction():
            sending.tell_responsible(unit.id)
    assert (kinds().count(DIGEST), kinds().count(notices.ASSIGNED), rows(DigestLine)) == (1, 0, 3)
    message = db.session.scalars(select(Message).where(Message.kind == DIGEST)).one()
    _address, subject, body = in_words(message)
    assert "3 ärenden" in subject
    assert all(case.number in body for case in cases)
    assert body.count("/svar/") == 3


def test_sent_one_case_the_unit_gets_the_mail_that_tells_why(cast):
    case, closed = cast.reach(CaseStatus.UNROUTED), cast.reach(CaseStatus.CLOSED)
    before = kinds().count(notices.ASSIGNED)
    with transaction():
        order = Order(BulkStep.ASSIGN, unit=cast.unit("Försäkringskassan"))
        bulk.carry_out(cast.coordinator, marked(cast, case, closed), order)
    assert (kinds().count(DIGEST), kinds().count(notices.ASSIGNED)) == (0, before + 1)


def test_a_new_manager_hears_of_all_that_waits_in_one_mail(cast):
    first, *others = [cast.reach(CaseStatus.ASSIGNED) for _ in range(3)]
    unit = cast.duty(first).unit
    with transaction():
        asking.ask_reporter(cast.coordinator, others[0], "När?", seen=others[0].version)
    before = kinds()
    with transaction():
        details = ManagerDetails("Nils Ny", "nils.ny@af.example")
        appoint_manager(cast.coordinator, unit, details, valid_from=clock.today())
    for _ in range(2):
        with transaction():
            sending.tell_responsible(unit.id)
        new = Counter(kinds()) - Counter(before)
        assert new == {DIGEST: 1, notices.ASSIGNED: 1}  # the one whose clock stands still is told by itself
        assert rows(DigestLine) == 2


def kinds() -> list[str]:
    return list(db.session.scalars(select(Message.kind)))


def a_meeting(cast):
    federation = cast.federation()
    day = add_working_days(clock.today(), 30, calendar_of(federation))
    return plan_meeting(cast.coordinator, federation, Plan(day))


def test_a_case_that_stands_on_the_meeting_is_not_put_there_again(cast):
    first, second = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.CLOSED)
    with transaction():
        meeting = a_meeting(cast)
        put_on_agenda(cast.coordinator, first, meeting, "Återkommer.")
        order = Order(BulkStep.AGENDA, meeting=meeting, why="Mönster?")
        results = bulk.carry_out(cast.coordinator, marked(cast, first, second), order)
    assert [result.code for result in results] == ["on_it_already", ""]
    assert rows(AgendaItem) == 2


def test_each_case_that_is_done_writes_its_own_event_and_one_that_is_not_none(cast):
    case, closed = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.CLOSED)
    before = rows(Event)
    with transaction():
        bulk.carry_out(
            cast.coordinator, marked(cast, case, closed), Order(BulkStep.ASSIGN, unit=cast.unit("Försäkringskassan"))
        )
    assert rows(Event) == before + 1


def test_a_case_that_fails_half_way_leaves_nothing_and_stops_nobody(cast, monkeypatch):
    first, second = cast.reach(CaseStatus.UNROUTED), cast.reach(CaseStatus.UNROUTED)
    tell = notices.tell_reporter

    def refuses(case, *told, **values):
        tell(case, *told, **values)
        if case.id == first.id:
            raise Conflict("half-way")

    monkeypatch.setattr(notices, "tell_reporter", refuses)
    before = (rows(Event), rows(Duty))
    order = Order(BulkStep.ASSIGN, unit=cast.unit("Försäkringskassan"))
    with transaction():
        _tried, recipients = bulk.try_out(cast.coordinator, marked(cast, first, second), order)
    assert [one.mails for one in recipients] == [1, 1]
    with transaction():
        results = bulk.carry_out(cast.coordinator, marked(cast, first, second), order)
    assert [result.outcome for result in results] == [Outcome.CONFLICT, Outcome.DONE]
    assert (rows(Event), rows(Duty)) == (before[0] + 1, before[1] + 1)
    assert [duty.case_id for duty in db.session.scalars(select(Duty))] == [second.id]


def test_p15_a_single_case_of_another_federation_refuses_the_whole_step(cast):
    own, other = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    with pytest.raises(NotAllowedToSee):
        marked(cast, own, other)
    with pytest.raises(NotAllowedToSee):
        bulk.carry_out(cast.manager_of(own), marked(cast, own), Order(BulkStep.REMIND))
    with pytest.raises(InvalidInput):
        bulk.marked_cases(cast.coordinator, cast.federation().id, dict.fromkeys(range(1, 102)))


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_the_pages_ask_show_and_then_do_it_once(stage, visitor):
    cases = [stage.case(CaseStatus.ASSIGNED), stage.case(CaseStatus.CLOSED)]
    unit = stage.ask(lambda cast: cast.unit("Försäkringskassan").id)
    visitor.sign_in("samordnare")
    visitor.get(f"{QUEUE}?sort=oldest")
    fields = {"case": [str(case.id) for case in cases], "step": "assign", "back": "sort=oldest"}
    visitor.post(MANY, fields)
    assert visitor.last.status_code == 200
    assert "Enhet som ska svara" in visitor.text
    visitor.post(MANY, {**fields, "asked": "1", "unit": ""})
    assert visitor.last.status_code == 422
    visitor.post(MANY, {**fields, "asked": "1", "unit": str(unit)})
    assert "Inget har ändrats ännu." in visitor.text
    assert "Ett ärende lämnas som det är" in visitor.text
    assert stage.look(cases[0].id) == cases[0]
    ready = {name: hidden(visitor.text, name) for name in ("case", "step", "unit", "back", "csrf_token")}
    assert ready["case"] == [f"{cases[0].id}:{cases[0].version}"]
    client, last = visitor.client, {name: values[-1:] if name != "case" else values for name, values in ready.items()}
    page = client.post(f"{MANY}/gor", data=last).get_data(as_text=True)
    assert "Klart i ett ärende." in page
    assert f'href="{QUEUE}?sort=oldest"' in page
    after = stage.look(cases[0].id)
    assert after.version == cases[0].version + 1
    page = client.post(f"{MANY}/gor", data=last).get_data(as_text=True)
    assert "Någon annan har ändrat ärendet" in page
    assert stage.look(cases[0].id) == after


def test_p24_a_name_in_what_many_cases_are_put_on_the_agenda_for_is_asked_about_once(stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    meeting = stage.ask(lambda cast: a_meeting(cast).id)
    why = "Jag talade med Kerstin Håkansson på kontoret."
    visitor.sign_in("samordnare")
    visitor.get(QUEUE)
    fields = {"case": str(case.id), "step": "agenda", "asked": "1", "meeting": str(meeting), "why": why}
    for door in ("", "/gor"):
        assert visitor.post(MANY + door, fields).status_code == 422
        assert "<mark>Kerstin Håkansson</mark>" in visitor.text
    assert stage.ask(lambda _cast: rows(AgendaItem)) == 0
    assert visitor.post(MANY, {**fields, "looked": "y"}).status_code == 200
    sent = {"step": "agenda", "meeting": str(meeting), "why": why}
    sent |= {name: hidden(visitor.text, name)[-1] for name in ("case", "looked")}
    assert "Klart i ett ärende." in visitor.post(f"{MANY}/gor", sent).text
    assert stage.ask(lambda _cast: db.session.scalars(select(AgendaItem.why)).all()) == [why]


@pytest.mark.parametrize(
    "fields",
    [
        {"case": "x", "step": "remind"},
        {"case": "0", "step": "remind"},
        {"case": "99999999999999999999", "step": "remind"},
        {"case": "999999", "step": "remind"},
        {"case": "1:x", "step": "remind"},
        {"case": "1", "step": "close"},
        {"case": "1"},
        {"case": "1", "step": "assign", "asked": "1", "unit": "x"},
        {"case": "1", "step": "agenda", "asked": "1", "meeting": "9", "why": "811228-9874"},
        {"step": "remind"},
    ],
)
@pytest.mark.parametrize("door", ["", "/gor"])
def test_p22_what_was_tampered_with_is_refused_without_harm(stage, visitor, fields, door):
    case = stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    visitor.get(QUEUE)
    answer = visitor.post(MANY + door, fields)
    assert answer.status_code in {200, 404, 422}
    assert stage.look(case.id) == case


@pytest.mark.parametrize(("part", "slug"), [("chef.af", HOME), ("samordnare", ELSEWHERE), ("forbundschef", HOME)])
def test_only_who_may_take_the_step_is_let_in(stage, new_visitor, part, slug):
    case = stage.case(CaseStatus.ASSIGNED)
    person = new_visitor()
    person.sign_in(part, slug)
    for door in (MANY, f"{MANY}/gor"):
        person.get("/kvitto")
        assert person.post(door, {"case": str(case.id), "step": "remind"}).status_code == 404
    boxes = 'name="case"' in person.get(QUEUE).get_data(as_text=True)
    assert boxes == (part == "forbundschef")  # she prepares meetings
    assert stage.look(case.id) == case


def test_every_step_has_its_right(cast):
    assert bulk.RIGHT_OF.keys() == set(BulkStep)
    assert bulk.steps_of(cast.director, cast.federation().id) == [BulkStep.AGENDA]
    assert bulk.RIGHT_OF[BulkStep.AGENDA] is Right.PREPARE_MEETINGS
