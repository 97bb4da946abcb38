"""The start page of each role: what stands there, where it leads, and that nobody sees another's."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, asking, beside, closing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from lexheller.desk.start_director import median_days
from lexheller.desk.start_page import parts_for
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import START, shown

LINKS = re.compile(r'class="start-lines__text">\s*<a href="([^"]*)">([^<]*)</a>')


def lines(page: str) -> dict[str, str]:
    """Words and addresses of the lines."""
    return {html.unescape(words): html.unescape(href) for href, words in LINKS.findall(page)}


def line_with(page: str, words: str) -> str:
    return next(href for text, href in lines(page).items() if words in text)


def test_signing_in_leads_to_the_start_page_and_the_menu_begins_there(visitor):
    visitor.sign_in("samordnare")
    assert visitor.last.request.path == START
    menu = re.findall(r'site-nav__link"\s+href="([^"]*)"([^>]*)>', visitor.text)
    assert menu[0][0] == START
    assert "aria-current" in menu[0][1]
    assert [current for _, current in menu if "aria-current" in current] == [menu[0][1]]
    visitor.get("/start")
    assert visitor.last.request.path == START


def everything(cast):
    """One of each thing that the office can have to do."""
    coordinator = cast.coordinator
    for status in (CaseStatus.UNROUTED, CaseStatus.COLLECTED, CaseStatus.ANSWERED):
        cast.reach(status)
    with clock.at(clock.now() - timedelta(days=90)):
        cast.reach(CaseStatus.ASSIGNED, what_happened="Den som är sen.")
    asked, proposed, returned = (cast.reach(CaseStatus.ACCEPTED) for _ in range(3))
    offered = cast.reach(CaseStatus.UNROUTED, ELSEWHERE)
    own_offer = cast.reach(CaseStatus.UNROUTED)
    with transaction():
        asking.ask_reporter(coordinator, asked, "När var det?", seen=asked.version)
        duty = cast.duty(proposed)
        beside.propose(cast.manager_of(duty), proposed, duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
        duty = cast.duty(returned)
        answering.send_back(cast.manager_of(duty), returned, duty, "Inte vår.", seen=duty.version)
        to_us = (cast.outsider, offered, cast.federation(), "Er kommun.", "Vi lämnar över.")
        handing_over.offer(*to_us, seen=offered.version)
        to_them = (coordinator, own_offer, cast.federation(ELSEWHERE), "Deras kommun.", "Vi lämnar över.")
        handing_over.offer(*to_them, seen=own_offer.version)
        job = db.session.query(Job).filter_by(federation_id=cast.federation().id).first()
        job.status = JobStatus.PARKED


def test_the_coordinator_finds_everything_that_waits_and_each_line_leads_there(stage, visitor):
    stage.ask(everything)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    counted = {
        "3 ärenden ligger hos dig": 3,
        "Ett ärende är skickat tillbaka": 1,
        "skriv det gemensamma svaret": 1,
        "Ett besvarat ärende att avsluta": 1,
        "Ett ärende har förslag": 1,
        "Ett uppdrag står stilla": 1,
    }
    for words, count in counted.items():
        found = visitor.get(line_with(page, words)).get_data(as_text=True)
        assert len(shown(found)) == count, words
    for words in ("har fastnat", "vill lämna över ett ärende", "erbjudet till ett annat förbund", "Den som är sen."):
        assert visitor.get(line_with(page, words)).status_code == 200
    assert "Inget svar är försenat." not in page


def test_a_section_shows_five_lines_and_folds_the_rest(stage, visitor):
    stage.ask(everything)
    visitor.sign_in("samordnare")
    first = visitor.get(START).get_data(as_text=True).split("<section")[1]
    before_fold = first.split("<details")[0]
    assert before_fold.count("<li") == 5
    assert "Visa " in first.split("<details")[1]


def test_the_manager_sees_what_waits_how_long_is_left_and_what_became_of_it(stage, new_visitor):
    def play(cast):
        waiting = cast.reach(CaseStatus.ASSIGNED, what_happened="Den nya.")
        begun = cast.reach(CaseStatus.ACCEPTED, what_happened="Den påbörjade.")
        paused = cast.reach(CaseStatus.ACCEPTED, what_happened="Den som vilar.")
        done = cast.reach(CaseStatus.ANSWERED, what_happened="Den färdiga.")
        with transaction():
            duty = cast.duty(begun)
            texts = {"cause": "Halvt", "steps_taken": "", "consequence": "", "follow_up": ""}
            answering.save_draft(cast.manager_of(duty), begun, duty, texts, seen=duty.version)
            asking.ask_reporter(cast.coordinator, paused, "När?", seen=paused.version)
            closing.close(cast.coordinator, done, CloseReason.SOLVED, "Vägen in är känd.", seen=done.version)
        with clock.at(clock.now() - timedelta(days=90)):
            cast.reach(CaseStatus.ASSIGNED, what_happened="Den sena.")
        return waiting.id

    stage.ask(play)
    manager = new_visitor()
    manager.sign_in("chef.af")
    titles = re.findall(r'start-section__title">([^<]*)<', manager.text)
    assert titles == ["Det här behöver dig nu", "Försenat", "Väntar på andra", "Det du har svarat på"]
    first, late, others, done = manager.text.split("<section")[1:]
    assert "Den nya." in first
    assert "dagar kvar" in first
    assert "Utkast påbörjat" in first
    assert "Den sena." in late
    assert "dagar sent" in late
    assert "Den som vilar." in others
    assert "Vägen in är känd." in done


def test_a_manager_with_nothing_to_do_is_told_so_kindly(visitor):
    visitor.sign_in("chef.af")
    assert "Inget väntar på dig" in visitor.text
    assert "Du behöver inte bevaka sidan." in visitor.text


def test_the_director_sees_what_is_late_how_fast_answers_come_and_the_report(stage, visitor):
    stage.ask(everything)
    visitor.sign_in("forbundschef")
    page = visitor.text
    assert visitor.get(line_with(page, "Den som är sen.")).status_code == 200
    assert visitor.get(line_with(page, "Åtgärdsrapporten för")).status_code == 200
    assert any("Hälften av svaren kom inom" in words for words in lines(page))
    assert "vill lämna över" not in page  # the office's decision


def test_the_answer_time_is_the_middle_one(cast):
    home, year = cast.federation().id, clock.local_year()
    assert median_days(home, year) is None
    for days in (2, 10, 40):
        with clock.at(clock.now() - timedelta(days=days)):
            case = cast.reach(CaseStatus.ACCEPTED)
        with transaction():
            cast.answer(case)
    assert median_days(home, year) == 10
    assert median_days(cast.federation(ELSEWHERE).id, year) is None


@pytest.mark.parametrize("part", ["samordnare", "forbundschef", "chef.af"])
def test_p15_counts_and_lines_hold_nothing_of_another_federation(stage, new_visitor, part):
    stage.ask(lambda cast: [cast.reach(status, ELSEWHERE).id for status in CaseStatus])
    with_others = new_visitor()
    with_others.sign_in(part)
    stage_lines = lines(with_others.text)
    assert not any(re.search(r"\d+:11 / ", words) for words in stage_lines)
    assert "arenden/finnveden" not in with_others.text
    for words in ("ligger hos dig", "att avsluta", "svar väntas", "kom inom"):
        assert words not in with_others.text


def test_somebody_with_two_roles_sees_both_parts(cast):
    cast.reach(CaseStatus.ASSIGNED)
    manager, coordinator = cast.person("chef.af"), cast.coordinator
    both = type(coordinator)(
        coordinator.kind,
        coordinator.user_id,
        coordinator.name,
        coordinator.email,
        {cast.federation().id: coordinator.roles[cast.federation().id] | manager.roles[cast.federation().id]},
        manager.unit_ids,
    )
    with cast.app.test_request_context():
        assert [part.title for part in parts_for(both, cast.federation())] == [
            "Förbundets kansli",
            "Som ansvarig chef",
        ]
        assert [part.title for part in parts_for(manager, cast.federation())] == [""]
    assert HOME
