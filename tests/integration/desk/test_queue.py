"""The queue: filters, search, orders, keyset pages that show every row once, and a fixed number of queries."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from lexheller.accounts.rights import REPORTER
from lexheller.cases import door
from lexheller.cases.dialogue import Feedback, ProposalKind, Worked
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CaseStatus, CloseReason, Step
from lexheller.casework import answering, asking, beside, closing, describing, handing_over, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.desk.counting import attention
from lexheller.desk.queries import queue
from lexheller.desk.rules import PAGE_SIZE, Only, QueueFilter, Sort
from lexheller.intake.following import follow
from lexheller.intake.reporter_steps import say_not_solved, tell_how_it_went
from lexheller.organisations.queries import municipalities, themes
from tests.cast.people import ANSWER, ELSEWHERE, HOME
from tests.integration.desk.looking import QUEUE, next_of, numbers, queries_of, shown

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_each_filter_shows_the_cases_that_have_it_and_no_others(cast):
    home = cast.federation().id
    place, other_place = municipalities(home)[:2]
    theme = themes(home)[3]
    unrouted = cast.reach(CaseStatus.UNROUTED, municipality_id=None)
    closed = cast.reach(CaseStatus.CLOSED, municipality_id=other_place.id)
    with transaction():
        describing.classify(
            cast.coordinator,
            closed,
            theme=theme,
            municipality=other_place,
            organisation=closed.concerned_organisation,
            seen=closed.version,
        )
    with clock.at(clock.now() - timedelta(days=90)):
        late = cast.reach(CaseStatus.ASSIGNED, municipality_id=place.id)
    assert numbers(cast) == [closed.number, unrouted.number, late.number]
    found = {
        QueueFilter(status=CaseStatus.UNROUTED): [unrouted],
        QueueFilter(status=CaseStatus.ANSWERED): [],
        QueueFilter(organisation_id=closed.concerned_organisation_id): [closed, late],
        QueueFilter(organisation_id=0): [unrouted],
        QueueFilter(municipality_id=other_place.id): [closed],
        QueueFilter(municipality_id=0): [unrouted],
        QueueFilter(theme_id=theme.id): [closed],
        QueueFilter(theme_id=0): [unrouted, late],
        QueueFilter(only=Only.OVERDUE): [late],
        QueueFilter(only=Only.OVERDUE, municipality_id=other_place.id): [],
        QueueFilter(theme_id=theme.id, status=CaseStatus.CLOSED, words="kontoret"): [closed],
    }
    for wanted, cases in found.items():
        assert numbers(cast, wanted) == [case.number for case in cases], wanted
    counted = attention(cast.coordinator, home)
    assert (counted.unrouted, counted.overdue, counted.answered, counted.in_doubt) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "query",
    [
        "status=lost",
        "status=received&status=closed",
        "organisation=x",
        "organisation=-1",
        "organisation=99999999999999999999",
        "municipality=²",
        "theme=1%20OR%201=1",
        "only=everything",
        "only=overdue&only=mine",
        "sort=sideways",
        "unit=-1",
        "from=2026-02-30",
        "from=0001-01-01&to=9999-12-31",
        "to=99999-01-01",
        "nothing=here",
        "q=%00",
        "q=%ff%fe",
        "q=%ED%A0%80",
        "q=" + "a" * 3000,
        "q=%25_%27%22%3B--",
        "lang=xx",
    ],
)
def test_p22_an_unknown_filter_is_left_out_and_never_an_error(stage, visitor, query):
    stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    assert visitor.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("handläggare", True),
        ("Handläggarens", True),
        ("HANDLÄGGARNA", True),
        ("handlägg", True),
        ("kontor", True),
        ("arbetsförmedlingen", True),
        ("kontor handläggare", True),
        ("bostadsbidrag", False),
        ("handläggare bostadsbidrag", False),
    ],
)
def test_search_finds_any_form_of_the_words(cast, words, found):
    case = cast.report(what_happened="Handläggarens kontor svarade inte.")
    assert numbers(cast, QueueFilter(words=words)) == ([case.number] if found else [])


def test_search_finds_a_case_by_its_number(cast):
    cases = [cast.report() for _ in range(3)]
    year = clock.local_year()
    assert numbers(cast, QueueFilter(words=f"{year}:11 / 3")) == [cases[2].number]
    assert numbers(cast, QueueFilter(words=cases[0].number)) == [cases[0].number]


def test_search_finds_words_of_answers_and_conclusions(cast):
    case = cast.reach(CaseStatus.ANSWERED)
    with transaction():
        closing.close(cast.coordinator, case, CloseReason.SOLVED, "Lotsen finns numera.", seen=case.version)
    assert numbers(cast, QueueFilter(words="rutinerna")) == [case.number]
    assert numbers(cast, QueueFilter(words="lots")) == [case.number]


def test_search_does_not_find_words_of_a_draft(cast):
    case = cast.reach(CaseStatus.ACCEPTED)
    texts = {"cause": "Hemligheten", "steps_taken": "", "consequence": "", "follow_up": ""}
    with transaction():
        duty = cast.duty(case)
        answering.save_draft(cast.manager_of(duty), case, duty, texts, seen=duty.version)
    assert numbers(cast, QueueFilter(words="hemlighet")) == []


def test_pages_show_every_row_once_in_a_stable_order_while_new_ones_come_in(stage, visitor):
    many = 2 * PAGE_SIZE + 3

    def fill(cast):
        for position in range(many):
            with clock.at(NOON + timedelta(minutes=position // 4)):  # four at the same moment
                cast.report(what_happened=f"Anmälan nummer {position}", reporter_email=None)

    stage.ask(fill)
    visitor.sign_in("samordnare")
    seen, path, pages = [], QUEUE, 0
    while path and pages < 10:
        visitor.get(path)
        seen += shown(visitor.text)
        pages += 1
        stage.ask(lambda cast: cast.report(what_happened="Ny under tiden", reporter_email=None).id)
        path = next_of(visitor.text)
    assert seen == [f"Anmälan nummer {position}" for position in reversed(range(many))]
    assert pages == 3


def test_a_page_link_keeps_the_filter(stage, visitor):
    stage.ask(lambda cast: [cast.report(reporter_email=None).id for _ in range(PAGE_SIZE + 1)])
    visitor.sign_in("samordnare")
    visitor.get(f"{QUEUE}?status=received&q=kontoret&from=2020-01-01&sort=newest")
    following = next_of(visitor.text)
    assert "status=received" in following
    for part in ("q=kontoret", "from=2020-01-01", "sort=newest"):
        assert part in following
    visitor.get(following)
    assert len(shown(visitor.text)) == 1


def made_up(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%00",
        "%ff",
        made_up("2026-01-01T00:00:00", 1),
        made_up("not a time", 1),
        made_up("9999-12-31T23:59:59-12:00", 1),
        made_up("0001-01-01T00:00:00+14:00", 1),
        made_up("2026-01-01T00:00:00+00:00", 10**40),
        made_up("2026-01-01T00:00:00+00:00", -(10**40)),
        made_up("2026-01-01T00:00:00+00:00", True),
        made_up("2026-01-01T00:00:00+00:00", 1.5),
        made_up(1, "2026-01-01T00:00:00+00:00"),
        made_up(),
    ],
)
def test_p22_a_tampered_cursor_does_no_harm(stage, visitor, cursor):
    stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    assert visitor.get(f"{QUEUE}?after={cursor}").status_code == 200


def test_p15_a_cursor_of_another_federation_shows_nothing_of_it(stage, visitor):
    stage.ask(lambda cast: [cast.report(reporter_email=None).id for _ in range(PAGE_SIZE + 1)])
    visitor.sign_in("samordnare")
    visitor.get(QUEUE)
    cursor = re.search(r"after=([^&]*)", next_of(visitor.text))[1]
    other = type(visitor)(visitor.client.application.test_client())
    other.sign_in("samordnare", ELSEWHERE)
    assert other.get(f"/arenden/{ELSEWHERE}?after={cursor}").status_code == 200
    assert shown(other.text) == []


@pytest.mark.parametrize("part", ["samordnare", "chef.af", "forbundschef"])
def test_the_queue_asks_as_much_for_many_rows_as_for_few(app, stage, visitor, part):
    def fill(cast, count):
        places = municipalities(cast.federation().id)
        for position in range(count):
            cast.report(municipality_id=places[position % len(places)].id, reporter_email=None)
        with transaction():
            run_waiting_now()

    stage.ask(lambda cast: fill(cast, 5))
    visitor.sign_in(part)
    few = queries_of(app, visitor, QUEUE)
    assert len(shown(visitor.text)) == 5
    stage.ask(lambda cast: fill(cast, 20))
    many = queries_of(app, visitor, QUEUE)
    assert len(shown(visitor.text)) == 25
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 22, "\n".join(many)


def test_each_thing_to_look_for_shows_the_cases_that_have_it(cast):
    home, coordinator = cast.federation().id, cast.coordinator
    plain = cast.reach(CaseStatus.ASSIGNED)
    asked, proposed = cast.reach(CaseStatus.ACCEPTED), cast.reach(CaseStatus.ACCEPTED)
    returned, not_solved = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.CLOSED)
    offered = cast.reach(CaseStatus.ASSIGNED)
    with clock.at(clock.now() - timedelta(weeks=9)):
        worse, better, reopened = (cast.reach(CaseStatus.CLOSED) for _ in range(3))
    with clock.at(clock.now() - timedelta(weeks=14)):
        long_ago = cast.reach(CaseStatus.CLOSED)
    with transaction():
        there = cast.federation(ELSEWHERE)
        handing_over.offer(coordinator, offered, there, "Er kommun.", "Vi lämnar över.", seen=offered.version)
        for case, worked in ((worse, Worked.PARTLY), (better, Worked.YES), (reopened, Worked.NO)):
            tell_how_it_went(follow(case), worked, "Så gick det.")
        closing.reopen(coordinator, reopened, seen=reopened.version)
        with clock.at(clock.now() - timedelta(days=31)):
            tell_how_it_went(follow(long_ago), Worked.NO, "Samma sak.")
        asking.ask_reporter(coordinator, asked, "När var det?", seen=asked.version)
        duty = cast.duty(proposed)
        beside.propose(cast.manager_of(duty), proposed, duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
        duty = cast.duty(returned)
        answering.send_back(cast.manager_of(duty), returned, duty, "Inte vår.", seen=duty.version)
        db.session.add(
            Feedback(
                federation_id=home,
                case_id=not_solved.id,
                kind="not_solved",
                text="Samma sak igen.",
                given_at=clock.now(),
            )
        )
        changes = {"closed_on": None, "conclusion": None, "close_reason": None}
        door.take(REPORTER, Step.NOT_SOLVED, not_solved, seen=not_solved.version, changes=changes)
    found = {
        Only.RUNNING: {plain, asked, proposed, returned, not_solved, offered, reopened},
        Only.PAUSED: {asked},
        Only.PROPOSALS: {proposed},
        Only.RETURNED: {returned},
        Only.NOT_SOLVED: {not_solved},
        Only.NOT_BETTER: {worse},
        Only.OFFERED: {offered},
        Only.IN_DOUBT: set(),
        Only.OVERDUE: set(),
        Only.MINE: set(),
    }
    for only, cases in found.items():
        assert set(numbers(cast, QueueFilter(only=only))) == {case.number for case in cases}, only
    counted = attention(coordinator, home)
    assert (counted.returned, counted.not_solved, counted.proposals, counted.paused) == (1, 1, 1, 1)
    assert (counted.not_better, counted.offered_out) == (1, 1)
    with transaction():
        sending.assign(coordinator, returned, [cast.unit("Försäkringskassan")], seen=returned.version)
    assert numbers(cast, QueueFilter(only=Only.RETURNED)) == []


def test_a_case_that_a_unit_sends_back_is_no_longer_one_that_the_reporter_calls_unsolved(cast):
    case = cast.reach(CaseStatus.ANSWERED)
    with transaction():
        say_not_solved(follow(case), "Samma sak igen.")
    assert numbers(cast, QueueFilter(only=Only.NOT_SOLVED)) == [case.number]
    with clock.at(clock.now() + timedelta(hours=1)), transaction():
        (duty,) = sending.assign(cast.coordinator, case, [cast.unit("Försäkringskassan")], seen=case.version)
        answering.send_back(cast.manager_of(duty), case, duty, "Inte vår.", seen=duty.version)
    assert case.status == CaseStatus.UNROUTED
    assert numbers(cast, QueueFilter(only=Only.NOT_SOLVED)) == []
    assert numbers(cast, QueueFilter(only=Only.RETURNED)) == [case.number]


def test_a_manager_is_shown_what_waits_at_the_own_units_and_nothing_of_the_offices(cast):
    own, answered = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ANSWERED)
    proposed = cast.reach(CaseStatus.ACCEPTED)
    cast.reach(CaseStatus.UNROUTED)
    manager = cast.manager_of(own)
    with transaction():
        duty = cast.duty(proposed)
        beside.propose(manager, proposed, duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
    assert set(numbers(cast, actor=manager)) == {own.number, answered.number, proposed.number}
    assert set(numbers(cast, QueueFilter(only=Only.MINE), actor=manager)) == {own.number, proposed.number}
    for only in (Only.PROPOSALS, Only.RETURNED, Only.IN_DOUBT, Only.NOT_SOLVED, Only.NOT_BETTER, Only.OFFERED):
        assert numbers(cast, QueueFilter(only=only), actor=manager) == []


def test_the_filter_by_unit_and_day_shows_both_ends(cast):
    days = [NOON + timedelta(days=day) for day in range(4)]
    cases = []
    for moment in days:
        with clock.at(moment):
            cases.append(cast.reach(CaseStatus.ASSIGNED))
    between = QueueFilter(received_from=days[1].date(), received_to=days[2].date())
    assert numbers(cast, between) == [cases[2].number, cases[1].number]
    unit = cast.duty(cases[0]).unit_id
    assert len(numbers(cast, QueueFilter(unit_id=unit))) == 4
    with transaction():
        sending.assign(cast.coordinator, cases[3], [cast.unit("Försäkringskassan")], seen=cases[3].version)
    assert len(numbers(cast, QueueFilter(unit_id=unit))) == 4  # has had it
    assert numbers(cast, QueueFilter(unit_id=cast.unit("Försäkringskassan").id)) == [cases[3].number]


def test_a_report_just_before_midnight_in_sweden_belongs_to_its_day(cast):
    with clock.at(datetime(2026, 3, 2, 22, 59, tzinfo=UTC)):
        before = cast.report()
    with clock.at(datetime(2026, 3, 2, 23, 0, tzinfo=UTC)):
        after = cast.report()
    day = before.received_on
    assert numbers(cast, QueueFilter(received_to=day)) == [before.number]
    assert numbers(cast, QueueFilter(received_from=day + timedelta(days=1))) == [after.number]


def test_due_first_shows_each_case_once_by_its_earliest_day_and_then_the_others(cast):
    with clock.at(NOON):
        late = cast.reach(CaseStatus.ASSIGNED)
        closed = cast.reach(CaseStatus.CLOSED)
    with clock.at(NOON + timedelta(days=5)):
        two = cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            cast.ask_two(two)
        later = cast.reach(CaseStatus.ASSIGNED)
        unrouted = cast.reach(CaseStatus.UNROUTED)
        expected = [late, two, later, unrouted, closed]
        assert numbers(cast, sort=Sort.DUE) == [case.number for case in expected]
        rows = queue(cast.coordinator, cast.federation().id, QueueFilter(), None, Sort.DUE).rows
        assert [row.others for row in rows] == [0, 1, 0, 0, 0]
    assert numbers(cast, sort=Sort.OLDEST) == [case.number for case in (late, closed, two, later, unrouted)]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("part", ["samordnare", "chef.af"])
def test_every_order_shows_every_row_once(stage, new_visitor, part, sort):
    def fill(cast):
        for position in range(2 * PAGE_SIZE + 2):
            with clock.at(NOON + timedelta(minutes=position // 4)):
                unknown = {"concerned_organisation_id": None} if position % 5 == 0 else {}
                cast.report(what_happened=f"Anmälan nummer {position}", reporter_email=None, **unknown)
        with clock.at(NOON + timedelta(days=1)), transaction():
            run_waiting_now()
        if part == "samordnare":
            with transaction():
                for row in queue(cast.coordinator, cast.federation().id, QueueFilter(), None).rows[:3]:
                    cast.ask_two(row.case)
        return len(numbers_of_all(cast, cast.person(part)))

    many = stage.ask(fill)
    person = new_visitor()
    person.sign_in(part)
    seen, path, pages = [], f"{QUEUE}?sort={sort}", 0
    while path and pages < 10:
        person.get(path)
        seen += shown(person.text)
        path, pages = next_of(person.text), pages + 1
    assert len(seen) == len(set(seen)) == many


def numbers_of_all(cast, actor):
    found, cursor = [], None
    while True:
        page = queue(actor, cast.federation().id, QueueFilter(), cursor)
        found += [row.case.number for row in page.rows]
        cursor = page.next
        if cursor is None:
            return found


def test_an_old_address_still_shows_what_is_late(stage, visitor):
    stage.ask(lambda cast: cast.report(reporter_email=None).id)
    visitor.sign_in("samordnare")
    assert len(shown(visitor.get(QUEUE).get_data(as_text=True))) == 1
    assert shown(visitor.get(f"{QUEUE}?overdue=1").get_data(as_text=True)) == []


def test_p23_an_identity_number_is_not_searched_for_nor_repeated(stage, visitor):
    stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    visitor.get(f"{QUEUE}?q=19811228-9874")
    assert visitor.last.status_code == 200
    assert "9874" not in visitor.text


def test_p15_an_outsider_and_a_manager_elsewhere_do_not_find_the_desk(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    for part in ("samordnare", "chef.af"):
        person = new_visitor()
        person.sign_in(part, ELSEWHERE)
        for path in (QUEUE, f"/start/{HOME}", f"{QUEUE}/filter"):
            assert person.get(path).status_code == 404
        assert case.number not in person.get(f"/arenden/{ELSEWHERE}").get_data(as_text=True)
        assert case.number not in person.get(f"/start/{ELSEWHERE}").get_data(as_text=True)


def test_a_manager_is_shown_the_own_duty_of_several_and_what_is_late_of_it_alone(cast):
    with clock.at(clock.now() - timedelta(days=90)):
        case = cast.reach(CaseStatus.COLLECTED)
        with transaction():
            cast.ask_two(case)
    manager, home = cast.person("chef.af"), cast.federation().id
    own = next(duty for duty in live_duties(case.id) if duty.unit_id in manager.unit_ids)
    (row,) = queue(manager, home, QueueFilter(), None).rows
    assert [duty.id for duty in row.duties] == [own.id]
    assert numbers(cast, QueueFilter(only=Only.OVERDUE), actor=manager) == [case.number]
    with transaction():
        answering.answer(manager, case, own, dict(ANSWER), seen=own.version)
    assert numbers(cast, QueueFilter(only=Only.OVERDUE), actor=manager) == []
    assert numbers(cast, QueueFilter(only=Only.OVERDUE)) == [case.number]
    assert numbers(cast, actor=manager, sort=Sort.DUE) == [case.number]
