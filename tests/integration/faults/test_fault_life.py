"""A fault's life through its verbs: one door, one event each, two at once, links that lose nothing, and recurrence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.audit.queries import broken_links, history
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, StepRefused
from lexheller.core.transaction import transaction
from lexheller.faults import queries, service
from lexheller.faults.notices import RECURRED
from lexheller.faults.service import Details
from lexheller.faults.states import FaultStatus
from lexheller.messaging.models import Message
from lexheller.messaging.service import in_words
from lexheller.organisations.queries import municipalities, organisations, themes
from tests.cast.people import ELSEWHERE
from tests.integration.faults.told import DECISION, ENDING, TITLE, WHY, closed, fault_in, with_cases, without_account

NUMBER = "19640823-3234"


def kinds(fault) -> list[str]:
    return [event.kind for event in history(fault.federation_id, "fault", fault.id)]


def test_p12_p14_the_whole_way_leaves_one_event_a_step_and_a_version_each(cast):
    office, fault = cast.coordinator, fault_in(cast)
    walk = (
        lambda seen: service.confirm(office, fault, seen=seen),
        lambda seen: service.lift(office, fault, seen=seen),
        lambda seen: service.decide(office, fault, DECISION, seen=seen),
        lambda seen: service.start_mending(office, fault, seen=seen),
        lambda seen: service.follow_up(office, fault, seen=seen),
        lambda seen: service.close(office, fault, ENDING, seen=seen),
        lambda seen: service.reopen(office, fault, seen=seen),
        lambda seen: service.accept_as_it_is(office, fault, ENDING, seen=seen),
    )
    for number, step in enumerate(walk, start=1):
        step(fault.version)
        events = history(fault.federation_id, "fault", fault.id)
        assert len(events) == fault.version == number + 1
        assert (events[-1].data["status"], events[-1].data["version"]) == (fault.status, fault.version)
    assert kinds(fault) == [
        "fault.suspected",
        "fault.confirmed",
        "fault.lifted",
        "fault.decided",
        "fault.mending_started",
        "fault.followed_up",
        "fault.closed",
        "fault.reopened",
        "fault.accepted",
    ]
    assert (fault.decision, fault.ending) == (DECISION, ENDING)
    assert broken_links() == []


def test_it_has_a_diary_number_of_the_same_series_as_reports(cast):
    first, fault, second = cast.report(), fault_in(cast), cast.report()
    numbers = [int(row.number.rpartition(" / ")[2]) for row in (first, fault, second)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_p13_what_was_changed_meanwhile_is_a_conflict(cast):
    fault = fault_in(cast)
    seen = fault.version
    service.confirm(cast.coordinator, fault, seen=seen)
    with pytest.raises(Conflict):
        service.describe(cast.coordinator, fault, Details(TITLE, cause="Okänd rutin."), seen=seen)
    with pytest.raises(Conflict):
        service.set_owner(cast.coordinator, fault, None, seen=seen)
    assert fault.cause == ""


def test_p12_a_step_that_the_table_or_the_rights_refuse_changes_nothing(cast):
    fault = fault_in(cast)
    with pytest.raises(StepRefused):
        service.follow_up(cast.coordinator, fault, seen=fault.version)
    for actor in (cast.director, cast.outsider, cast.person("chef.af")):
        with pytest.raises(StepRefused):
            service.confirm(actor, fault, seen=fault.version)
        with pytest.raises(NotAllowedToSee):
            service.suspect(actor, fault.federation_id, Details(TITLE))
    assert kinds(fault) == ["fault.suspected"]


def test_a_description_says_between_whom_and_unchanged_is_no_change(cast):
    fault = fault_in(cast)
    home = fault.federation_id
    parties = organisations(home)
    details = Details(
        TITLE,
        what_happens="Alla väntar på varandra.",
        let_go_organisation_id=parties[0].id,
        should_catch_organisation_id=parties[1].id,
        broken="agreement",
        broken_what="Överenskommelsen om övergångar.",
        theme_id=themes(home)[0].id,
        municipality_id=municipalities(home)[0].id,
    )
    service.describe(cast.coordinator, fault, details, seen=fault.version)
    service.describe(cast.coordinator, fault, details, seen=fault.version)
    assert kinds(fault) == ["fault.suspected", "fault.described"]
    assert (fault.let_go, fault.should_catch, fault.broken) == (parties[0], parties[1], "agreement")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": f"Om {NUMBER}"}, "title"),
        ({"cause": f"Personen {NUMBER} fick vänta."}, "cause"),
        ({"broken": "law"}, "broken"),
        ({"theme_id": 99_999}, "theme_id"),
    ],
)
def test_p23_what_cannot_be_taken_is_refused_before_it_is_stored(cast, values, field):
    with pytest.raises(InvalidInput) as refused:
        fault_in(cast, **values)
    assert refused.value.field == field
    assert queries.faults_to_choose(cast.coordinator, cast.federation().id) == []


def test_p15_another_federations_lists_and_cases_cannot_be_used(cast):
    theirs = themes(cast.federation(ELSEWHERE).id)[0]
    with pytest.raises(InvalidInput):
        fault_in(cast, theme_id=theirs.id)
    fault, case = fault_in(cast), cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    with pytest.raises(NotAllowedToSee):
        service.link_case(cast.coordinator, fault, case, WHY)
    with pytest.raises(InvalidInput):
        unit = cast.unit("Arbetsförmedlingen", ELSEWHERE)
        service.set_owner(cast.coordinator, fault, unit, seen=fault.version)


def test_cases_are_linked_once_many_to_many_and_unlinking_loses_nothing(cast):
    office = cast.coordinator
    fault, (case, other) = with_cases(cast)
    again = fault_in(cast)
    service.link_case(office, again, case, WHY)
    first = service.link_case(office, fault, case, "En gång till.")
    assert first.why == WHY
    counts = queries.case_counts(office, fault.federation_id, [fault.id, again.id])
    assert counts == {fault.id: 2, again.id: 1}
    assert {link.fault_id for link in queries.links_of_case(office, case)} == {fault.id, again.id}
    for _time in range(2):
        service.unlink_case(office, first, "Det var något annat.")
    assert [link.case_id for link in queries.links_of(fault)] == [other.id]
    kept = queries.unlinked_of(fault)[0]
    assert (kept.why, kept.unlink_why, kept.linked_by_user_id) == (WHY, "Det var något annat.", office.user_id)
    assert kinds(fault).count("fault.case_unlinked") == 1
    service.link_case(office, fault, case, "Jo, ändå.")
    assert len(queries.links_of(fault)) == 2
    with pytest.raises(InvalidInput):
        service.link_case(office, again, other, f"Se {NUMBER}")


def told_of(fault) -> set[int]:
    query = select(Message.recipient_id).where(Message.kind == RECURRED, Message.subject_id == fault.id)
    return set(db.session.scalars(query))


def test_a_new_case_on_what_was_over_opens_it_again_and_tells_office_and_owner(cast):
    office = cast.coordinator
    fault, _cases = with_cases(cast)
    late = cast.reach(CaseStatus.ASSIGNED)
    service.set_owner(office, fault, cast.unit("Försäkringskassan"), seen=fault.version)
    closed(cast, fault)
    service.link_case(office, fault, late, WHY)
    assert fault.status == FaultStatus.CLOSED, "it came in before the end"
    with clock.at(clock.now() + timedelta(days=30)):
        new = cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            service.link_case(office, fault, new, WHY)
        assert (fault.status, fault.ended_on, fault.recurred_on) == (FaultStatus.CONFIRMED, None, clock.today())
    assert kinds(fault)[-2:] == ["fault.case_linked", "fault.recurred"]
    owner = cast.person("chef.fk")
    assert told_of(fault) == {office.user_id, owner.user_id}
    messages = db.session.scalars(select(Message).where(Message.kind == RECURRED)).all()
    for message in messages:
        _address, subject, body = in_words(message)
        assert fault.number in subject
        assert TITLE not in subject + body
    service.set_owner(office, fault, None, seen=fault.version)
    assert [in_words(message) is None for message in messages] == [
        message.recipient_id == owner.user_id for message in messages
    ], "whoever no longer owns it is not told (P6)"
    assert broken_links() == []


def test_that_it_came_back_is_said_until_it_ends_anew(cast):
    office, (fault, _cases) = cast.coordinator, with_cases(cast)
    closed(cast, fault)
    with clock.at(clock.now() + timedelta(days=1)):
        service.link_case(office, fault, cast.report(), WHY)
        assert fault.recurred_on == clock.today()
        closed(cast, fault)
        service.reopen(office, fault, seen=fault.version)
    assert (fault.status, fault.recurred_on) == (FaultStatus.CONFIRMED, None)


def test_the_office_is_told_when_no_one_of_the_owner_can_be(cast):
    office, (fault, _cases) = cast.coordinator, with_cases(cast)
    service.set_owner(office, fault, without_account(cast), seen=fault.version)
    closed(cast, fault)
    with clock.at(clock.now() + timedelta(days=1)), transaction():
        service.link_case(office, fault, cast.report(), WHY)
    (message,) = db.session.scalars(select(Message).where(Message.kind == RECURRED)).all()
    assert message.recipient_id == office.user_id
    warning = "Ingen på enheten som äger systemfelet har ett konto"
    assert warning in in_words(message)[2]
    service.set_owner(office, fault, cast.unit("Försäkringskassan"), seen=fault.version)
    assert warning not in in_words(message)[2]


def test_a_decision_after_the_fault_came_back_leaves_the_former_to_be_read(cast):
    office, (fault, _cases) = cast.coordinator, with_cases(cast)
    day = clock.today()
    for later, words in enumerate((DECISION, "Ett annat möte.", "Ett tredje.")):
        with clock.at(clock.now() + timedelta(days=later)):
            service.decide(office, fault, words, seen=fault.version)
            closed(cast, fault)
            service.reopen(office, fault, seen=fault.version)
    assert (fault.decision, fault.decided_on) == ("Ett tredje.", day + timedelta(days=2))
    former = f"{(day + timedelta(days=1)).isoformat()}: Ett annat möte.\n\n{day.isoformat()}: {DECISION}"
    assert fault.former_decisions == former


def test_what_is_left_as_it_is_recurs_too_and_twice_tells_twice(cast):
    fault, _cases = with_cases(cast)
    office = cast.coordinator
    service.accept_as_it_is(office, fault, ENDING, seen=fault.version)
    with clock.at(clock.now() + timedelta(days=1)):
        service.link_case(office, fault, cast.report(), WHY)
        assert fault.status == FaultStatus.CONFIRMED
        closed(cast, fault)
    with clock.at(clock.now() + timedelta(days=2)):
        service.link_case(office, fault, cast.report(), WHY)
    assert kinds(fault).count("fault.recurred") == 2
    assert len(list(db.session.scalars(select(Message).where(Message.kind == RECURRED)))) == 2


def test_p15_lists_hold_what_the_viewer_may_see(cast):
    fault = fault_in(cast)
    home, everything = fault.federation_id, tuple(FaultStatus)
    service.set_owner(cast.coordinator, fault, cast.unit("Försäkringskassan"), seen=fault.version)
    for actor, count in (
        (cast.coordinator, 1),
        (cast.director, 1),
        (cast.person("chef.fk"), 1),
        (cast.person("chef.af"), 0),
        (cast.outsider, 0),
    ):
        assert len(queries.faults_page(actor, home, everything, None).rows) == count
        if not count:
            with pytest.raises(NotAllowedToSee):
                queries.fault_for(actor, home, fault.id)
    with pytest.raises(NotAllowedToSee):
        queries.fault_for(cast.outsider, cast.federation(ELSEWHERE).id, fault.id)


def test_a_list_goes_on_where_the_page_ended(cast):
    made = [fault_in(cast).id for _number in range(queries.PAGE_SIZE + 2)]
    home, cursor, found = cast.federation().id, None, []
    while True:
        page = queries.faults_page(cast.coordinator, home, queries.OPEN_STATUSES, cursor)
        found += [row.fault.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert found == sorted(made, reverse=True)
