"""Sending once, going back, filters in links, and signing in on the way: what hands and habits do to forms."""

from __future__ import annotations

from collections.abc import Callable

from lexheller.cases.states import CaseStatus
from tests.browser.site import Site
from tests.browser.visits import PHONE, TEXT, Visit
from tests.cast.people import HOME

QUEUE = f"/arenden/{HOME}"
ANSWER = "[id^=svara] textarea[name$=steps_taken]"


def found(coordinator: Visit, words: str) -> int:
    return coordinator.go(f"{QUEUE}?q={words}").locator(".queue-table__link").count()


def test_p01_a_double_click_sends_one_report(arrive: Callable[..., Visit]) -> None:
    reporter = arrive(PHONE)
    page = reporter.go(f"/anmal/{HOME}")
    page.fill("#what_happened", f"{TEXT} Dubbelklicket.")
    with page.expect_navigation(url="**/kvitto/ny"):
        page.locator(".send button").dblclick()
    coordinator = arrive()
    coordinator.sign_in("samordnare")
    assert found(coordinator, "dubbelklicket") == 1


def test_p01_a_double_click_without_javascript_sends_one_report(arrive: Callable[..., Visit]) -> None:
    reporter = arrive(PHONE, java_script_enabled=False)
    page = reporter.go(f"/anmal/{HOME}")
    page.fill("#what_happened", f"{TEXT} Skriptlöshet.")
    page.locator(".send button").dblclick()
    page.wait_for_url("**/kvitto/ny")
    coordinator = arrive()
    coordinator.sign_in("samordnare")
    assert found(coordinator, "skriptlöshet") == 1


def test_p01_going_back_after_sending_sends_nothing_again(arrive: Callable[..., Visit]) -> None:
    reporter = arrive(PHONE)
    code = reporter.report(f"{TEXT} Bakåtknappen.")
    reporter.page.go_back()
    assert reporter.page.input_value("#what_happened") == "", "an empty form, ready for another report"
    reporter.page.go_forward()
    assert reporter.page.inner_text("#receipt-code").strip() == code
    reporter.page.reload()
    assert reporter.page.inner_text("#receipt-code").strip() == code
    coordinator = arrive()
    coordinator.sign_in("samordnare")
    assert found(coordinator, "bakåtknappen") == 1


def test_language_switch_keeps_the_filters(arrive: Callable[..., Visit]) -> None:
    coordinator = arrive()
    coordinator.sign_in("samordnare")
    page = coordinator.go(f"{QUEUE}?status=closed&q=kontoret")
    before = page.locator(".queue-table__link").all_inner_texts()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.input_value("#q") == "kontoret"
    assert page.input_value("#filter-status") == "closed"
    assert page.locator(".queue-table__link").all_inner_texts() == before != []
    assert coordinator.go("/kvitto").locator("html").get_attribute("lang") == "en", "the choice is remembered"


def test_the_filter_form_makes_a_link_that_can_be_shared(arrive: Callable[..., Visit]) -> None:
    coordinator = arrive()
    coordinator.sign_in("samordnare")
    page = coordinator.go(QUEUE)
    page.select_option("#filter-status", "answered")
    page.locator("summary", has_text="Fler val").click()
    page.select_option("#filter-organisation", label="Arbetsförmedlingen")
    page.locator(".filter-bar__form button").click()
    page.wait_for_url("**status=answered**")
    rows = page.locator(".queue-table__link").all_inner_texts()
    colleague = arrive()
    colleague.page.goto(page.url)
    colleague.sign_in("forbundschef", go=False)
    assert "status=answered" in colleague.page.url, "signing in leads on to where the link pointed"
    assert colleague.page.locator(".queue-table__link").all_inner_texts() == rows != []


def test_p13_what_a_manager_wrote_is_kept_when_somebody_was_first(site: Site, arrive: Callable[..., Visit]) -> None:
    known = site.new_case(CaseStatus.ACCEPTED)
    manager, coordinator = arrive(), arrive()
    manager.sign_in("chef.af")
    manager.go(site.case_path(known)).locator(ANSWER).fill("Detta får inte försvinna.")
    coordinator.sign_in("samordnare")
    coordinator.go(site.case_path(known))
    coordinator.page.locator("summary", has_text="Avsluta ärendet").click()
    coordinator.page.locator("#avsluta input[type=radio]").first.check(force=True)
    coordinator.page.fill("#close-conclusion", "Det har löst sig.")
    coordinator.press("Avsluta")
    manager.press("Skicka svaret")
    assert "Detta får inte försvinna." in [box.input_value() for box in manager.page.locator("textarea").all()]


def test_a_link_opens_the_way_back_for_a_case_that_is_not_ours(site: Site, arrive: Callable[..., Visit]) -> None:
    manager = arrive(PHONE)
    manager.sign_in("chef.af")
    page = manager.go(site.case_path(site.new_case(CaseStatus.ASSIGNED)))
    page.get_by_role("link", name="Hör det inte till er?").click()
    page.locator("[id^=hor-inte-hit] textarea").fill("Det hör till regionen.")
    manager.press("Skicka tillbaka")
    assert "Skickat tillbaka" in page.inner_text("main")


def test_the_text_block_can_be_copied_with_its_paragraphs(arrive: Callable[..., Visit]) -> None:
    director = arrive(permissions=["clipboard-read", "clipboard-write"])
    director.sign_in("forbundschef")
    page = director.go(f"/atgardsrapport/{HOME}")
    page.locator("[data-copy-from=ready-text]").click()
    page.locator(".ready-text__copy [role=status]:not(:empty)").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    paragraphs = page.locator("#ready-text p").all_inner_texts()
    assert [part for part in copied.split("\n") if part] == paragraphs
