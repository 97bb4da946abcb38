"""The start page of each role: what stands there, where it leads, and that nobody sees another's."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from lexheller.cases.dialogue import ProposalKind, Worked
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, asking, beside, closing, describing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from lexheller.desk.sections import MOST_LINES, Line, Section
from lexheller.desk.start_director import median_days
from lexheller.desk.start_page import parts_for
from lexheller.intake.following import follow
from lexheller.intake.occurrences import count_occurrence
from lexheller.intake.reporter_steps import tell_how_it_went
from lexheller.meetings.agenda import put_on_agenda
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import end_manager
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import START, shown
from tests.integration.meetings.days import meeting_in

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
    assert len(shown(visitor.get(line_with(page, "erbjudet till ett annat förbund")).get_data(as_text=True))) == 1
    for words in ("har fastnat", "vill lämna över ett ärende", "Den som är sen."):
        assert visitor.get(line_with(page, words)).status_code == 200
    assert "Inget svar är försenat." not in page


def test_what_happened_again_is_said_first_where_the_case_was_closed(stage, visitor):
    def play(cast):
        cases = [cast.reach(CaseStatus.CLOSED), cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED)]
        with transaction():
            for case in cases:
                describing.share_summary(cast.coordinator, case, "Telefonen var stängd.", seen=case.version)
        with transaction():
            for case in (cases[0], cases[1], cases[1]):
                count_occurrence(cast.federation(), cast.submission(), case.id)
        with clock.at(clock.now() - timedelta(days=8)), transaction():
            count_occurrence(cast.federation(), cast.submission(), cases[2].id)
        return [case.number for case in cases]

    closed, running, before = stage.ask(play)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    first, _late, new = page.split("<section")[1:4]
    assert f"{closed}: det hände en gång till" in lines(first)
    assert f"{running}: det hände 2 gånger till" in lines(new)
    assert f"{before}: det hände" not in page
    assert visitor.get(line_with(page, f"{closed}: det hände")).status_code == 200
    visitor.sign_in("forbundschef")
    assert f"{closed}: det hände en gång till" in lines(visitor.get(START).get_data(as_text=True))


def test_what_did_not_get_better_leads_to_the_closed_cases(stage, visitor):
    def play(cast):
        with clock.at(clock.now() - timedelta(weeks=9)):
            case = cast.reach(CaseStatus.CLOSED, what_happened="Den som kom tillbaka.")
        with transaction():
            tell_how_it_went(follow(case), Worked.NO, "Samma sak.")

    stage.ask(play)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    found = visitor.get(line_with(page, "skriver att det inte blev helt bra")).get_data(as_text=True)
    assert shown(found) == ["Den som kom tillbaka."]


def test_answers_that_a_unit_without_anybody_is_to_give_are_counted_for_the_office(stage, visitor):
    def play(cast):
        cast.reach(CaseStatus.ASSIGNED)
        (manager,) = responsible_managers(cast.unit("Arbetsförmedlingen").id, clock.today())
        with transaction():
            end_manager(cast.coordinator, manager, last_day=clock.today())

    with clock.at(clock.now() - timedelta(days=1)):
        stage.ask(play)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    assert visitor.get(line_with(page, "Ett ärende väntar hos en enhet utan ansvarig chef")).status_code == 200
    assert "En enhet saknar ansvarig chef" in page


def test_p4_nothing_that_needs_the_office_now_is_folded_away(stage, visitor):
    stage.ask(everything)
    visitor.sign_in("samordnare")
    first = visitor.get(START).get_data(as_text=True).split("<section")[1]
    assert first.count("<li") > MOST_LINES
    assert "<details" not in first


def test_another_section_shows_five_lines_and_folds_the_rest(app):
    with app.test_request_context():
        lines = [Line(f"Rad {number}", "/") for number in range(MOST_LINES + 2)]
        drawn = app.jinja_env.get_template("desk/_section.html").module.start_section
        shown_first, folded = str(drawn(Section("Nytt", lines), MOST_LINES, 2)).split("<details")
    assert shown_first.count("<li") == MOST_LINES
    assert folded.count("<li") == 2
    assert "Visa 2 till" in folded


def test_p4_offers_beyond_the_first_five_are_counted_with_the_way_to_all(stage, visitor):
    def play(cast):
        home = cast.federation()
        for _number in range(MOST_LINES + 2):
            offered = cast.reach(CaseStatus.UNROUTED, ELSEWHERE)
            with transaction():
                handing_over.offer(cast.outsider, offered, home, "Er kommun.", "Vi lämnar över.", seen=offered.version)

    stage.ask(play)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    every = visitor.get(line_with(page, "2 erbjudna ärenden till")).get_data(as_text=True)
    assert every.count(f"/overlamningar/{HOME}/") >= MOST_LINES + 2


def test_p4_meetings_that_nobody_ended_beyond_the_first_five_are_counted_with_the_way_to_all(stage, visitor):
    def play(cast):
        for week in range(1, MOST_LINES + 2):
            meeting = meeting_in(cast, 7 * week)
            with transaction():
                put_on_agenda(cast.coordinator, cast.reach(CaseStatus.ASSIGNED), meeting, "Att ta upp.")

    with clock.at(clock.now() - timedelta(days=60)):
        stage.ask(play)
    visitor.sign_in("samordnare")
    page = visitor.get(START).get_data(as_text=True)
    assert page.count("är inte avslutat – skriv in besluten") == MOST_LINES
    assert visitor.get(line_with(page, "Ett möte till är inte avslutat")).status_code == 200


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
    assert "arbetsdagar kvar" in first
    assert "Utkast påbörjat" in first
    assert "Den sena." in late
    assert "arbetsdagar försenat" in late
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
    assert "Hälften av svaren kom samma dag" in lines(page)
    assert "vill lämna över" not in page  # the office's decision


def test_the_director_with_nothing_to_do_is_told_what_the_section_is_about(visitor):
    visitor.sign_in("forbundschef")
    assert "Inget väntar på dig just nu." in visitor.text.split("<section")[1]


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
