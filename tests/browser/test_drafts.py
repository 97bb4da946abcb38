"""What a reporter has written survives a lost connection and a closed tab, and stays in the browser (P24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page

from tests.browser.visits import PHONE, TEXT, Visit
from tests.cast.people import HOME

FORM = f"/anmal/{HOME}"
EMAIL = "utkast@habo.example"
KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('lexheller-draft:')).length"


def write(page: Page) -> None:
    """Write, and wait until the draft is kept."""
    page.fill("#what_happened", TEXT)
    page.select_option("#municipality", label="Habo")
    page.fill("#reporter_email", EMAIL)
    page.wait_for_function(f"() => Object.values(localStorage).some(value => value.includes('{EMAIL}'))")


def reopened(visit: Visit) -> Page:
    """The form in a new tab, the old one closed."""
    old, visit.page = visit.page, visit.context.new_page()
    visit.watch()
    old.close()
    return visit.go(FORM)


def test_p24_a_closed_tab_loses_nothing(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    write(visit.go(FORM))
    page = reopened(visit)
    assert page.input_value("#what_happened") == TEXT
    assert page.input_value("#reporter_email") == EMAIL
    assert page.locator("#municipality option:checked").inner_text() == "Habo"
    assert page.locator("[data-draft-found]").is_visible()


def test_p24_away_and_back_loses_nothing(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    write(visit.go(FORM))
    visit.go("/kvitto").go_back()
    assert visit.page.input_value("#what_happened") == TEXT


def test_p24_start_over_forgets_the_draft(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    write(visit.go(FORM))
    page = reopened(visit)
    page.get_by_role("button", name="Börja om").click()
    assert page.input_value("#what_happened") == ""
    assert page.evaluate(KEPT) == 0
    assert page.evaluate("() => document.activeElement.id") == "what_happened"
    assert reopened(visit).input_value("#what_happened") == ""


def test_p24_the_draft_is_gone_after_the_receipt(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    write(visit.go(FORM))
    visit.press("Skicka anmälan")
    assert visit.page.url.endswith("/kvitto/ny")
    assert visit.page.evaluate(KEPT) == 0
    assert reopened(visit).input_value("#what_happened") == ""


def test_p24_the_draft_is_gone_after_a_day(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    visit.page.clock.install()
    write(visit.go(FORM))
    visit.page.clock.set_fixed_time(datetime.now() + timedelta(hours=23))
    assert visit.go(FORM).input_value("#what_happened") == TEXT
    visit.page.clock.set_fixed_time(datetime.now() + timedelta(hours=25))
    assert visit.go(FORM).input_value("#what_happened") == ""
    assert visit.page.evaluate(KEPT) == 0


def test_p24_the_draft_never_leaves_the_browser(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    page = visit.go(FORM)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data} {request.all_headers()}"))
    write(page)
    visit.go(FORM)
    visit.go("/kvitto")
    assert asked
    assert not [request for request in asked if EMAIL in request or "kontoret" in request]
    kept = page.evaluate("() => JSON.stringify(localStorage)")
    assert "csrf" not in kept


def test_p24_another_federation_has_another_draft(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    write(visit.go(FORM))
    assert visit.go("/anmal/finnveden").input_value("#what_happened") == ""
    assert visit.go(FORM).input_value("#what_happened") == TEXT


def test_p24_without_connection_the_text_stays_and_goes_later(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    page = visit.go(FORM)
    write(page)
    visit.context.set_offline(True)
    page.get_by_role("button", name="Skicka anmälan").click()
    told = page.locator("[data-draft-offline]")
    told.wait_for(state="visible")
    assert page.evaluate("() => document.activeElement.matches('[data-draft-offline]')")
    assert page.input_value("#what_happened") == TEXT
    visit.context.set_offline(False)
    page.locator("[data-draft-online]").wait_for(state="visible")
    visit.press("Skicka anmälan")
    assert page.url.endswith("/kvitto/ny")


def test_p23_a_text_sent_back_is_newer_than_the_draft(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    page = visit.go(FORM)
    write(page)
    page.fill("#what_happened", f"{TEXT} Personen 19121212-1212.")
    visit.press("Skicka anmälan")
    assert page.input_value("#what_happened").endswith("19121212-1212.")
    assert page.evaluate("() => document.activeElement.className") == "error-summary"
    page.fill("#what_happened", TEXT)
    visit.press("Skicka anmälan")
    assert page.url.endswith("/kvitto/ny")
