"""A whole case, played by everybody in it: two parties, a question, more time, an escalation to a substitute, a joint
answer, and a reporter who says that it was not solved.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from lexheller.demo.data import address
from tests.browser.site import Site
from tests.browser.visits import DESK, PHONE, Visit
from tests.cast.people import HOME

NUMBER = re.compile(r"\d{4}:\d+ / \d+")
HAPPENED = "Två kontor gav personen olika besked om samma dag, och ingen av dem visste om den andra."
ASKED = "Fick personen beskeden skriftligt?"
REPLIED = "Ja, i två brev med en dags mellanrum."
FIRST_ANSWER = "Vi skickar numera inga besked utan att stämma av."
SECOND_ANSWER = "Vi har en gemensam kalender med det andra kontoret."
WHY_MORE = "Enhetschefen är borta till på måndag."
JOINT = "Kontoren stämmer av alla besked i en gemensam kalender."
CONCLUSION = "Den gemensamma kalendern används sedan i förrgår."
NOT_SOLVED = "Samma sak hände igen i går."
SUBSTITUTE = "ersattare.regionchef@habo.example"
PARTIES = (("Arbetsförmedlingen", "Lokalkontor"), ("Försäkringskassan", "Handläggning sjukpenning"))
SAID = (HAPPENED, ASKED, REPLIED, FIRST_ANSWER, SECOND_ANSWER, WHY_MORE, JOINT, CONCLUSION, NOT_SOLVED)


def link_in(text: str, part: str) -> str:
    return re.search(rf"https?://\S+{part}\S*", text)[0]


def main_of(page: Page) -> str:
    return page.inner_text("main")


def open_fold(page: Page, name: str, *, within: str = "main") -> None:
    """Without JavaScript a fold opens all the same: it is the browser's own."""
    fold = page.locator(within).locator("details", has=page.locator("> summary", has_text=name)).first
    if fold.get_attribute("open") is None:
        fold.locator("> summary").click()


def ask_two_units(coordinator: Visit, number: str) -> None:
    page = coordinator.go(f"/arenden/{HOME}?q={number.replace(' ', '+')}")
    page.get_by_role("link", name=number, exact=True).click()
    open_fold(page, "Skicka till en annan enhet")
    for organisation, unit in PARTIES:
        box = page.locator("#skicka .unit-picker").get_by_label(unit, exact=False).first
        for name in ("Andra enheter", "Alla enheter", organisation):
            if page.locator("#skicka .unit-picker summary", has_text=name).count():
                open_fold(page, name, within="#skicka .unit-picker")
        box.check(force=True)  # its label lies over it
    coordinator.press("Förhandsgranska", within="#skicka")
    seen = main_of(page)
    assert address("chef.af", HOME) in seen
    assert address("chef.fk", HOME) in seen
    assert "anmalare.hela@habo.example" not in seen, "the reporter's address is not shown in a preview"
    coordinator.press("Skicka")


def play(site: Site, arrive: Callable[..., Visit], **options: object) -> None:
    email = "anmalare.hela@habo.example"
    reporter = arrive(PHONE, **options)
    code = reporter.report(HAPPENED, email=email)
    number = NUMBER.search(main_of(reporter.page))[0]
    site.mail(address("chef.af", HOME), number)

    coordinator = arrive(DESK, **options)
    coordinator.sign_in("samordnare")
    ask_two_units(coordinator, number)
    case_address = coordinator.page.url

    # The first party follows the mail on a phone, without an account, and asks the reporter something.
    first = arrive(PHONE, **options)
    first.page.goto(link_in(site.mail(address("chef.af", HOME), number).text, "/svar/"))
    assert HAPPENED in main_of(first.page)
    open_fold(first.page, "Fråga anmälaren")
    first.page.locator("[id^=fraga] textarea").fill(ASKED)
    first.press("Skicka frågan")
    assert email not in first.page.content()

    mail = site.mail(email, "fråga")
    assert ASKED not in mail.text
    reporter.page.goto(link_in(mail.text, "/kvitto/"))
    assert ASKED in main_of(reporter.page)
    reporter.page.locator("form[action$='/svar'] textarea").fill(REPLIED)
    with reporter.page.expect_navigation():
        reporter.page.locator("form[action$='/svar'] button[type=submit]").first.click()

    first.page.reload()
    assert REPLIED in main_of(first.page)
    first.page.locator("[id^=svara] textarea[name$=steps_taken]").fill(FIRST_ANSWER)
    first.press("Skicka svaret")
    assert FIRST_ANSWER not in main_of(reporter.follow(code)), "one party's answer is not the joint one"

    # The other signs in and needs more time.
    second = arrive(DESK, **options)
    second.sign_in("chef.fk")
    second.page.goto(case_address)
    open_fold(second.page, "Behöver du mer tid?")
    second.page.locator("[id^=mer-tid] input[name$=days]").fill("5")
    second.page.locator("[id^=mer-tid] textarea").fill(WHY_MORE)
    second.press("Förläng tiden")

    # Its manager's manager is away: what comes too late goes to the substitute.
    coordinator.go(f"/installningar/{HOME}/ersattare")
    register_substitute(coordinator, site.superior_of(number))
    site.let_time_pass(working_days=45)
    mail = site.mail(SUBSTITUTE, number)
    assert not [text for text in SAID if text in mail.text]

    second.page.goto(case_address)
    second.page.locator("[id^=svara] textarea[name$=steps_taken]").fill(SECOND_ANSWER)
    second.press("Skicka svaret")

    coordinator.page.goto(case_address)
    assert FIRST_ANSWER in main_of(coordinator.page)
    assert SECOND_ANSWER in main_of(coordinator.page)
    coordinator.page.locator("#gemensamt-svar textarea[name$=steps_taken]").fill(JOINT)
    coordinator.press("Skicka svaret till anmälaren")
    read = main_of(reporter.follow(code))
    assert JOINT in read
    assert SECOND_ANSWER not in read

    coordinator.page.goto(case_address)
    coordinator.page.locator("#avsluta input[type=radio]").first.check(force=True)
    coordinator.page.locator("#avsluta textarea").fill(CONCLUSION)
    coordinator.press("Avsluta")
    page = reporter.follow(code)
    assert CONCLUSION in main_of(page)
    open_fold(page, "Blev det inte löst?")
    page.locator("form[action$='/inte-lost'] textarea").fill(NOT_SOLVED)
    with page.expect_navigation():
        page.locator("form[action$='/inte-lost'] button[type=submit]").first.click()

    coordinator.page.goto(case_address)
    assert NOT_SOLVED in main_of(coordinator.page)
    assert "Hos samordnaren" in main_of(coordinator.page)
    mails = [*site.mails("@", number), *site.mails(SUBSTITUTE)]
    told = [text for mail in mails for text in SAID if text in mail.text + mail.subject]
    assert not told, "no mail tells a text (P7)"
    assert not [mail for mail in mails if code.replace("-", "") in mail.text.replace("-", "")]


def register_substitute(coordinator: Visit, superior: str) -> None:
    page = coordinator.page
    page.locator("select[name$=absent_email]").select_option(superior)
    page.locator("input[name$=name]").fill("Eva Vikarie")
    page.locator("input[name$=email]").fill(SUBSTITUTE)
    today = date.today()
    page.locator("input[name$=from_on]").fill(today.isoformat())
    page.locator("input[name$=to_on]").fill((today + timedelta(days=200)).isoformat())
    coordinator.press("Spara")


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_p05_p07_p10_a_whole_case_from_report_to_not_solved(
    site: Site, arrive: Callable[..., Visit], java_script: bool
) -> None:
    play(site, arrive, **({} if java_script else {"java_script_enabled": False}))
