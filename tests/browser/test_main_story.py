"""From a phone to the yearly report, through web server, worker and mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from lexheller.demo.data import address
from tests.browser.site import Site
from tests.browser.visits import PHONE, TEXT, Visit
from tests.cast.people import HOME

STEPS_TAKEN = "Alla handläggare har fått en genomgång av vägen in utan e-legitimation."
CONCLUSION = "Vägen in är nu känd på båda kontoren."
REPORTER = "anmalare@habo.example"


def received_this_year(director: Visit) -> int:
    """The first figure of the yearly report."""
    page = director.go(f"/atgardsrapport/{HOME}/{date.today().year}")
    return int(page.locator(".stat-tile__number").first.inner_text())


def link_in(mail_text: str) -> str:
    return re.search(r"https?://\S+", mail_text)[0]


def tell_the_story(site: Site, arrive: Callable[..., Visit], **options: object) -> None:
    director = arrive(**options)
    director.sign_in("forbundschef")
    before = received_this_year(director)

    reporter = arrive(PHONE, **options)
    code = reporter.report(email=REPORTER)
    number = re.search(r"\d{4}:\d+ / \d+", reporter.page.inner_text("main"))[0]
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code)

    mail = site.mail(address("chef.af", HOME), number)
    manager = arrive(PHONE, **options)
    manager.page.goto(link_in(mail.text))
    assert number in manager.page.inner_text("h1"), "the link leads to the case of the mail, without an account"
    assert TEXT in manager.page.inner_text("main")
    manager.page.locator("[id^=svara] textarea[name$=steps_taken]").fill(STEPS_TAKEN)
    manager.press("Skicka svaret")
    assert "Svaret är skickat" in manager.page.inner_text("main")

    page = reporter.follow(code)
    assert STEPS_TAKEN in page.inner_text("main")
    told = site.mail(REPORTER, number)
    assert code.replace("-", "") not in told.text.replace("-", ""), "mails never carry the code"

    coordinator = arrive(**options)
    coordinator.sign_in("samordnare")
    coordinator.go(f"/arenden/{HOME}").get_by_role("link", name=number, exact=True).click()
    coordinator.page.locator("#avsluta input[type=radio]").first.check(force=True)
    coordinator.page.fill("#close-conclusion", CONCLUSION)
    coordinator.press("Avsluta")
    assert CONCLUSION in reporter.follow(code).inner_text("main")
    assert received_this_year(director) == before + 1
    assert number in director.page.inner_text("main")


def test_a_report_from_a_phone_is_answered_closed_and_counted_once(site: Site, arrive: Callable[..., Visit]) -> None:
    tell_the_story(site, arrive)


def test_the_whole_story_works_without_javascript(site: Site, arrive: Callable[..., Visit]) -> None:
    tell_the_story(site, arrive, java_script_enabled=False)


def test_the_mail_to_the_reporter_opens_the_answer_without_the_code(site: Site, arrive: Callable[..., Visit]) -> None:
    reporter = arrive(PHONE)
    reporter.report(email="lank@habo.example")
    number = re.search(r"\d{4}:\d+ / \d+", reporter.page.inner_text("main"))[0]
    mail = site.mail("lank@habo.example", number)
    elsewhere = arrive(PHONE)
    elsewhere.page.goto(link_in(mail.text))
    assert number in elsewhere.page.inner_text("main")
