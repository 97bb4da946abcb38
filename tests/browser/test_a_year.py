"""A year, lived through in the browser: twelve reports, two faults found through suggestions, a meeting that decides,
three actions, what reporters hear, an effect judged after six months, and a fault that comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lexheller.demo.data import address
from lexheller.faults.patterns import find_all
from tests.browser.test_whole_case import link_in, main_of, open_fold
from tests.browser.visits import DESK, PHONE, Visit, visit
from tests.browser.year import YearSite, year_site
from tests.cast.people import HOME
from tests.services.redis import RedisServer

NUMBER = re.compile(r"\d{4}:\d+ / \d+")
BEGINS = date(2025, 2, 3)
MEETING = date(2025, 4, 10)
DONE_ON = date(2025, 5, 5)
JUDGED = date(2025, 11, 10)
BACK = date(2026, 1, 20)
EMAIL = "anmalare.aret@habo.example"

HANDED_ROUND = (
    "Sjukpenningen tog slut och Försäkringskassan hänvisade till Arbetsförmedlingen, som hänvisade tillbaka.",
    "Personen skickades från Försäkringskassan till Arbetsförmedlingen och tillbaka igen när sjukpenningen tog slut.",
    "När sjukpenningen var slut sa Arbetsförmedlingen att Försäkringskassan fortfarande hade ansvaret, och tvärtom.",
    "Efter sista dagen med sjukpenning hänvisade båda myndigheterna till varandra i fem veckor.",
    "Försäkringskassan avslutade sjukpenningen utan att Arbetsförmedlingen visste något, och ingen tog över.",
    "Ingen tog över när sjukpenningen tog slut. Arbetsförmedlingen hänvisade till Försäkringskassan.",
)
ONLY_DIGITAL = (
    "Inskrivningen går bara att göra på webben, och personen har varken dator eller e-legitimation.",
    "Utan e-legitimation kunde personen inte skriva in sig. På kontoret hänvisade man till webben.",
    "Kontoret sa att inskrivning görs på webben. Personen har ingen dator och fick ingen hjälp.",
    "Personen kan inte logga in utan e-legitimation och blev därför inte inskriven i tid.",
    "Inskrivningen på webben kräver e-legitimation. Hjälp på plats fanns inte.",
    "Webben var enda vägen till inskrivning, och utan dator stod personen utan ersättning.",
)
TITLE = "Ingen tar över när sjukpenningen tar slut"
OTHER_TITLE = "Inskrivning går bara på webben"
DECISION = "Myndigheterna inför ett gemensamt möte senast fyra veckor före sista dagen."
NEWS = "Det blir ett gemensamt möte senast fyra veckor före sista dagen med sjukpenning."
WHY_WORKED = "Inga fler har hamnat mellan stolarna sedan mötena började."


@pytest.fixture
def site(own_redis: RedisServer, sqlite_template: Path, tmp_path: Path) -> Iterator[YearSite]:
    made = year_site(tmp_path, sqlite_template, own_redis.url, BEGINS)
    try:
        made.start()
        yield made
    finally:
        made.stop()


class Year:
    """The people of the year, each in a browser of their own; the coordinator signs in anew after each leap."""

    def __init__(self, browser: Browser, site: YearSite) -> None:
        self.browser, self.site = browser, site
        self.visits: list[Visit] = []
        self.reporter = self.come(PHONE)
        self.office = self.come(DESK)

    def come(self, size: tuple[int, int]) -> Visit:
        self.visits.append(visit(self.browser, self.site, size))
        return self.visits[-1]

    def leap(self, day: date) -> None:
        self.site.go_to(day)
        self.office.context.clear_cookies()
        self.office.sign_in("samordnare")

    def report(self, text: str, email: str = "") -> tuple[str, str]:
        """Number and code."""
        code = self.reporter.report(text, email=email)
        return NUMBER.search(main_of(self.reporter.page))[0], code

    def case(self, number: str) -> None:
        page = self.office.go(f"/arenden/{HOME}?q={number.replace(' ', '+')}")
        page.get_by_role("link", name=number, exact=True).click()
        page.wait_for_load_state()

    def link_suggested(self, number: str, title: str) -> None:
        """What the case's page suggests is taken with one press."""
        self.case(number)
        open_fold(self.office.page, "Liknar det här")
        with self.office.page.expect_navigation():
            self.office.page.locator("#liknar form", has_text=title).locator("button").click()


def test_a_year_from_reports_to_change_and_back(browser: Browser, site: YearSite) -> None:
    year = Year(browser, site)
    fault = reports_become_a_fault(year)
    other = pattern_becomes_a_fault(year)
    a_meeting_decides(year, fault, other)
    reporters_hear(year, fault)
    actions_are_done_and_judged(year, fault, other)
    it_happens_again(year, fault)
    assert [problem for one in year.visits for problem in one.problems] == []


def reports_become_a_fault(year: Year) -> str:
    """The first two are looked at side by side; each later one is linked by its suggestion."""
    year.leap(BEGINS)
    first, _code = year.report(HANDED_ROUND[0], EMAIL)
    second, _code = year.report(HANDED_ROUND[1])
    year.case(second)
    page = year.office.page
    open_fold(page, "Liknar det här")
    assert first in page.inner_text("#liknar"), "the earlier report is suggested, with a reason"
    assert "sjukpenning" in page.inner_text("#liknar").casefold()
    open_fold(page, "Systemfel")
    page.locator("#systemfel").get_by_role("link", name="Skriv in ett nytt systemfel").click()
    page.fill("#title", TITLE)
    page.fill("#why", "Båda hänvisar till varandra.")
    year.office.press("Skriv in systemfelet")
    fault = page.url
    assert second in main_of(page)
    year.link_suggested(first, TITLE)
    for weeks, text in enumerate(HANDED_ROUND[2:], start=1):
        year.leap(BEGINS + timedelta(weeks=weeks))
        number, _code = year.report(text)
        year.link_suggested(number, TITLE)
    page.goto(fault)
    assert "Ärenden som visar felet (6)" in main_of(page)
    return fault


def pattern_becomes_a_fault(year: Year) -> str:
    for days, text in enumerate(ONLY_DIGITAL):
        year.leap(date(2025, 3, 12) + timedelta(days=days))
        year.report(text)
    year.site.do(find_all)
    page = year.office.go(f"/monster/{HOME}")
    page.locator("main a[href*='/monster/']").first.click()
    page.wait_for_load_state()
    assert "6 ärenden på 12 månader" in main_of(page), "those that no open fault gathers yet, whatever the words"
    open_fold(page, "Lägg åt sidan")
    page.locator("form[action$='/at-sidan'] input[type=text]").fill("Vi vet vad det är och skriver in det för sig.")
    with page.expect_navigation():
        page.locator("form[action$='/at-sidan'] button").click()
    year.site.do(find_all)
    read = main_of(year.office.go(f"/monster/{HOME}"))
    assert "Tidigare mönster (1)" in read
    assert "visas de här" in read, "what was put aside is not proposed again"
    page = year.office.go(f"/arenden/{HOME}?q=webben")
    numbers = [text for text in page.locator(".queue-table__link").all_inner_texts() if NUMBER.fullmatch(text)]
    year.case(numbers[0])
    open_fold(page, "Systemfel")
    page.locator("#systemfel").get_by_role("link", name="Skriv in ett nytt systemfel").click()
    page.fill("#title", OTHER_TITLE)
    page.fill("#why", "Samma väg stängd för alla utan e-legitimation.")
    year.office.press("Skriv in systemfelet")
    other = page.url
    for number in numbers[1:3]:
        year.link_suggested(number, OTHER_TITLE)
    return other


def a_meeting_decides(year: Year, fault: str, other: str) -> None:
    page = year.office.go(f"/moten/{HOME}/nytt")
    page.fill("#held_on", MEETING.isoformat())
    with page.expect_navigation():
        page.locator("main form button.action--primary").last.click()
    meeting = page.url.split("?")[0]
    for address_of_fault in (fault, other):
        page.goto(address_of_fault)
        open_fold(page, "Möten")
        page.locator("#moten input[name=why]").fill("Vem ska äga det här?")
        year.office.press("Lägg på dagordningen", within="#moten")
    page.goto(fault)
    assert "Lyft för beslut" in main_of(page)
    year.leap(MEETING)
    page = year.office.go(meeting.removeprefix(year.site.url) + "/protokoll")
    point = page.locator("section", has_text=TITLE).first
    open_form(point)
    point.locator("input[name$=outcome][value=decided]").check(force=True)
    point.locator("textarea[name$=decision]").fill(DECISION)
    point.locator("input[name$=make_action]").check(force=True)
    point.locator("select[name$=type_id]").select_option(index=0)
    with page.expect_navigation():
        point.locator("button[type=submit]").click()
    assert DECISION in main_of(page)
    year.office.go(meeting.removeprefix(year.site.url) + "/avsluta")
    year.office.press("Avsluta mötet", within="main form")
    page.goto(fault)
    assert "Beslutat" in main_of(page)
    assert DECISION in main_of(page)


def open_form(point) -> None:
    fold = point.locator("details.meeting-item")
    if fold.get_attribute("open") is None:
        fold.locator("> summary").click()


def reporters_hear(year: Year, fault: str) -> None:
    page = year.office.page
    page.goto(fault)
    page.get_by_role("link", name="Berätta för dem som anmälde").click()
    page.locator("input[name$=-tell]").first.check(force=True)
    page.locator("textarea[name$=-text]").first.fill(NEWS)
    year.office.press("Se vad som händer")
    assert "Inget har skickats ännu" in main_of(page)
    with page.expect_navigation():
        page.locator("main form .action-row button.action--primary").click()
    mail = year.site.mail(EMAIL, "nytt")
    assert NEWS not in mail.text
    year.reporter.page.goto(link_in(mail.text, "/kvitto/"))
    assert NEWS in main_of(year.reporter.page)


def actions_are_done_and_judged(year: Year, fault: str, other: str) -> None:
    """The meeting's action, and two more; all are carried out, one is judged when its time has come."""
    year.leap(DONE_ON)
    page = year.office.page
    for whose, what in ((fault, "Information till cheferna"), (other, "Samverkanskoppen om e-legitimation")):
        page.goto(whose)
        page.get_by_role("link", name="Ny åtgärd").click()
        page.select_option("#type", index=1)
        page.fill("#description", what)
        year.office.press("Spara åtgärden")
    page.goto(fault)
    links = page.locator("main a[href*='/atgarder/']")
    actions = sorted({link.get_attribute("href").split("?")[0] for link in links.all()} - {f"/atgarder/{HOME}/ny"})
    for action in actions:
        year.office.go(action)
        open_fold(page, "Den är genomförd")
        page.locator("#genomford input[type=date]").fill(DONE_ON.isoformat())
        page.locator("#genomford textarea").fill("Genomfört som planerat.")
        page.locator("#genomford input[inputmode=numeric]").fill("24")
        year.office.press("Spara som genomförd")
    year.leap(JUDGED)
    assert year.site.mails(address("samordnare", HOME), "effekt"), "the follow-up came back by itself"
    year.office.go(actions[0])
    read = main_of(page)
    assert "6 före, 0 efter" in read, read
    open_fold(page, "Bedöm effekten")
    form = page.locator("form[action*='/uppfoljning/']").first
    form.locator("input[type=radio]").first.check(force=True)
    form.locator("textarea").fill(WHY_WORKED)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert WHY_WORKED in main_of(page)


def it_happens_again(year: Year, fault: str) -> None:
    page = year.office.page
    page.goto(fault)
    open_fold(page, "Avsluta systemfelet")
    form = page.locator("form[action$='/steg/close']")
    form.locator("textarea").fill("Mötena hålls och inga fler har anmälts.")
    with page.expect_navigation():
        form.locator("button").click()
    assert "Avslutat" in main_of(page)
    year.leap(BACK)
    number, _code = year.report(HANDED_ROUND[0] + " Det hände igen i januari.")
    year.link_suggested(number, TITLE)
    page.goto(fault)
    assert "Felet har hänt igen" in main_of(page)
    assert year.site.mail(address("samordnare", HOME), "igen")
    read = main_of(year.office.go(f"/laget/{HOME}"))
    assert TITLE not in read
    assert "Den hjälpte" in read
