"""The queue: filters, search, keyset pages that show every row once, and a fixed number of queries."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from lexheller.cases.states import CaseStatus
from lexheller.casework import service
from lexheller.casework.queries import PAGE_SIZE, QueueFilter, attention, queue
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.organisations.queries import municipalities, themes
from tests.cast.people import ELSEWHERE, HOME

QUEUE = f"/arenden/{HOME}"
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
NEXT = re.compile(r'rel="next"\s+href="([^"]*)"')
WORDS = re.compile(r'class="queue-table__subject">([^<]*)<')


def numbers(cast, wanted=None):
    home = cast.federation().id
    return [row.case.number for row in queue(cast.coordinator, home, wanted or QueueFilter(), None).rows]


def shown(page: str) -> list[str]:
    return [html.unescape(words) for words in WORDS.findall(page)]


def test_each_filter_shows_the_cases_that_have_it_and_no_others(cast):
    home = cast.federation().id
    place, other_place = municipalities(home)[:2]
    theme = themes(home)[3]
    unrouted = cast.reach(CaseStatus.UNROUTED, municipality_id=None)
    closed = cast.reach(CaseStatus.CLOSED, municipality_id=other_place.id)
    with transaction():
        service.classify(
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
        QueueFilter(overdue=True): [late],
        QueueFilter(overdue=True, municipality_id=other_place.id): [],
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
        "overdue=maybe",
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
        service.close(cast.coordinator, case, "Lotsen finns numera.", seen=case.version)
    assert numbers(cast, QueueFilter(words="rutinerna")) == [case.number]
    assert numbers(cast, QueueFilter(words="lots")) == [case.number]


def test_search_does_not_find_words_of_a_draft(cast):
    case = cast.reach(CaseStatus.ACCEPTED)
    texts = {"cause": "Hemligheten", "steps_taken": "", "consequence": "", "follow_up": ""}
    with transaction():
        service.save_draft(cast.manager_of(case), case, texts, seen=case.version)
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
        following = NEXT.search(visitor.text)
        path = html.unescape(following[1]) if following else None
    assert seen == [f"Anmälan nummer {position}" for position in reversed(range(many))]
    assert pages == 3


def test_a_page_link_keeps_the_filter(stage, visitor):
    stage.ask(lambda cast: [cast.report(reporter_email=None).id for _ in range(PAGE_SIZE + 1)])
    visitor.sign_in("samordnare")
    visitor.get(f"{QUEUE}?status=received&q=kontoret")
    following = html.unescape(NEXT.search(visitor.text)[1])
    assert "status=received" in following
    assert "q=kontoret" in following
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
    cursor = re.search(r"after=([^&]*)", html.unescape(NEXT.search(visitor.text)[1]))[1]
    other = type(visitor)(visitor.client.application.test_client())
    other.sign_in("samordnare", ELSEWHERE)
    assert other.get(f"/arenden/{ELSEWHERE}?after={cursor}").status_code == 200
    assert shown(other.text) == []


@contextmanager
def statements(app) -> Iterator[list[str]]:
    """What is asked of the database within the block."""
    asked: list[str] = []

    def keep(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def queries_of(app, person, path: str) -> list[str]:
    with statements(app) as asked:
        assert person.get(path).status_code == 200
    return asked


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


@pytest.mark.parametrize("part", ["samordnare", "chef.af"])
def test_a_case_page_asks_as_much_for_a_long_history_as_for_a_short_one(app, stage, visitor, part):
    case = stage.case(CaseStatus.ACCEPTED)
    visitor.sign_in(part)

    def go_round(cast):
        row = cast.reach(CaseStatus.ACCEPTED)
        for _ in range(4):
            manager, coordinator = cast.manager_of(row), cast.coordinator
            with transaction():
                unit = service.open_duty(row.id).unit
                service.answer(
                    manager, row, {"cause": "", "steps_taken": "Gjort.", "consequence": "", "follow_up": ""},
                    seen=row.version,
                )  # fmt: skip
                service.close(coordinator, row, "Klart.", seen=row.version)
                service.reopen(coordinator, row, seen=row.version)
                service.assign(coordinator, row, unit, seen=row.version)
                service.accept(manager, row, seen=row.version)
                run_waiting_now()
        return row.id

    long = stage.ask(go_round)
    few = queries_of(app, visitor, case.path)
    many = queries_of(app, visitor, f"/arenden/{HOME}/{long}")
    assert len(many) <= len(few), "\n".join(many)
    assert len(few) <= 24, "\n".join(many)
