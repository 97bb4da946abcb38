"""Every role lands on a page that says what it can do and what waits, and its menu holds what it may open alone."""

from __future__ import annotations

import html
import re

import pytest

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.demo.data import PASSWORD, address
from tests.cast.people import ELSEWHERE, HOME
from tests.guard.world import world_of
from tests.integration.desk.looking import START

MENU = re.compile(r'site-nav__link"\s+href="([^"]*)"')
LINKS = re.compile(r'href="(/[^"]*)"')
MOST_PAGES = 60
TOLD = "Kontoret hänvisade till webben"
ROLES = {
    Role.REGISTRAR: (
        "Läsa alla ärenden",
        {"start", "arenden", "systemfel", "atgarder", "anmal"},
    ),
    Role.ANALYST: ("Årens siffror", {"start", "laget", "siffror", "anmal"}),
    Role.ADMINISTRATOR: ("Bjuda in personer och ta bort roller", {"start", "installningar", "anmal"}),
    Role.OPERATOR: ("Se vad som väntar och försöka igen", {"start", "drift", "anmal"}),
    Role.NATIONAL_READER: ("Åtgärdsrapporterna", {"start", "anmal"}),
}


def sign_in_as(stage, visitor, role: Role, *slugs: str) -> None:
    stage.ask(lambda cast: cast.newcomer(str(role), role, *slugs))
    visitor.sign_in(str(role))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lands_on_its_own_page_and_every_link_there_opens(stage, visitor, role):
    stage.case(CaseStatus.ASSIGNED)
    sign_in_as(stage, visitor, role)
    page = visitor.get(START)
    words, menu = ROLES[role]
    assert page.status_code == 200
    assert words in html.unescape(visitor.text)
    assert {href.split("/")[1] for href in MENU.findall(visitor.text)} >= menu
    assert (TOLD in visitor.text) == (role is Role.REGISTRAR)
    assert "Läget i förbundet: mellan" not in visitor.text
    main = visitor.text.split("<main")[1].split("</main>")[0]
    for href in {*MENU.findall(visitor.text), *LINKS.findall(main)}:
        assert visitor.get(html.unescape(href)).status_code == 200, href


def test_a_registrar_reads_a_case_and_finds_no_step_to_take(stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    sign_in_as(stage, visitor, Role.REGISTRAR)
    visitor.get(case.path)
    assert TOLD in visitor.text
    main = visitor.text.split("<main")[1].split("</main>")[0]
    assert {action for action in re.findall(r'<form[^>]*action="([^"]*)"', main) if "mask" not in action} == set()


def test_no_page_leads_whoever_reads_it_to_one_that_is_closed_to_them(stage, new_visitor):
    """From page to page, wherever links lead, in a federation that has one of everything."""
    stage.ask(world_of)
    for role in ROLES:
        person = new_visitor()
        sign_in_as(stage, person, role)
        seen, to_see = set(), [START]
        while to_see and len(seen) < MOST_PAGES:
            path = to_see.pop(0)
            seen.add(path)
            answer = person.client.get(path, follow_redirects=True)
            assert answer.status_code == 200, (role, path)
            if answer.mimetype == "text/html":
                main = answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]
                found = (html.unescape(href).partition("#")[0] for href in LINKS.findall(main))
                to_see += [href for href in dict.fromkeys(found) if href not in {*seen, *to_see}]
        assert len(seen) > 1


def test_a_registrar_judges_no_effect(stage, visitor):
    made = stage.ask(world_of)
    sign_in_as(stage, visitor, Role.REGISTRAR)
    page = visitor.get(f"/atgarder/{HOME}/{made['action_id']}")
    assert page.status_code == 200
    assert "/bedom" not in visitor.text


def test_an_administrator_changes_rules_and_units_without_seeing_a_case(stage, visitor):
    case = stage.case(CaseStatus.CLOSED)
    unit = stage.ask(lambda cast: cast.unit("Arbetsförmedlingen").id)
    sign_in_as(stage, visitor, Role.ADMINISTRATOR)
    page = visitor.get(f"/installningar/{HOME}/enheter/{unit}")
    assert page.status_code == 200
    assert case.number not in visitor.text
    visitor.get(f"/installningar/{HOME}/regler")
    visitor.post(f"/installningar/{HOME}/regler/utkast")
    visitor.get(f"/installningar/{HOME}/regler/utkast/prova")
    assert "Be samordnaren prova utkastet" in visitor.text
    assert case.number not in visitor.text
    assert visitor.get(case.path).status_code == 404


def test_several_roles_in_one_federation_stand_under_each_other(stage, visitor):
    def two(cast):
        cast.newcomer("flera", Role.ANALYST)
        grant_role(OPERATOR, user_by_email(address("flera", HOME)), Role.OPERATOR, federation_id=cast.federation().id)

    stage.ask(two)
    visitor.sign_in("flera")
    visitor.get(START)
    assert "Som analytiker" in visitor.text
    assert "Som drifttekniker" in visitor.text


def test_whoever_works_in_several_federations_changes_openly_and_finds_nothing_of_the_other(stage, visitor):
    here = stage.case(CaseStatus.ASSIGNED, what_happened="Det hände i söder.")
    there = stage.case(CaseStatus.ASSIGNED, ELSEWHERE, what_happened="Det hände i väster.")
    sign_in_as(stage, visitor, Role.REGISTRAR, HOME, ELSEWHERE)
    visitor.get("/start")
    assert "Vilket förbund vill du arbeta i?" in visitor.text
    for slug, other, own, foreign in ((HOME, ELSEWHERE, here, there), (ELSEWHERE, HOME, there, here)):
        visitor.get(f"/arenden/{slug}")
        assert "Byt förbund" in visitor.text
        assert f'href="/start/{other}"' in visitor.text
        assert own.path in visitor.text
        assert foreign.path not in visitor.text
        assert visitor.get(f"/arenden/{slug}/{foreign.id}").status_code == 404


def test_with_one_federation_there_is_nothing_to_change_to(visitor):
    visitor.sign_in("samordnare")
    visitor.get(START)
    assert "Byt förbund" not in visitor.text


def test_an_operator_is_told_of_what_is_stuck(stage, visitor):
    def park(cast):
        job = db.session.query(Job).filter_by(federation_id=cast.federation().id).first()
        job.status = JobStatus.PARKED

    stage.case(CaseStatus.ASSIGNED)
    stage.ask(park)
    sign_in_as(stage, visitor, Role.OPERATOR)
    visitor.get(START)
    assert "En uppgift i systemet har fastnat" in visitor.text


def test_a_national_reader_lands_on_one_list_for_all_federations(stage, visitor):
    sign_in_as(stage, visitor, Role.NATIONAL_READER, HOME, ELSEWHERE)
    visitor.get("/start")
    assert visitor.last.request.path == "/nationellt"
    assert "Södra Vätterbygden" in visitor.text
    assert "Finnveden" in visitor.text
    assert "Höglandet" not in visitor.text


def test_an_account_without_a_role_has_no_list_to_read(stage, visitor):
    stage.ask(lambda _cast: create_user(email=address("ingen", HOME), name="Ingen", password=PASSWORD))
    visitor.sign_in("ingen")
    assert visitor.get("/nationellt").status_code == 404
