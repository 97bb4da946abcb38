"""On a phone, with and without JavaScript: what may name somebody is asked about once, and no word is lost (P24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visits import PHONE, Visit
from tests.cast.people import HOME

NAMED = "Handläggaren Anna Svensson svarade inte på tre veckor."
TICK = "#looked"
LABEL = "label[for=looked]"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_p24_a_report_in_doubt_waits_for_the_coordinator(arrive: Callable[..., Visit], *, scripts: bool) -> None:
    visit = arrive(PHONE, java_script_enabled=scripts)
    page = visit.go(f"/anmal/{HOME}")
    page.fill("#what_happened", NAMED)
    page.select_option("#concerned_organisation", label="Arbetsförmedlingen")
    visit.press("Skicka anmälan", within=".send")
    assert page.locator("mark").all_inner_texts() == ["Anna Svensson"]
    assert page.input_value("#what_happened") == NAMED
    assert page.locator("#concerned_organisation option:checked").inner_text() == "Arbetsförmedlingen"
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth") if scripts else True
    if scripts:
        assert page.evaluate("() => document.activeElement.className") == "error-summary"
    assert page.locator(TICK).count() == 1
    page.locator(LABEL).click()
    visit.press("Skicka anmälan", within=".notice")
    assert page.url.endswith("/kvitto/ny")
    assert "Samordnaren tittar först på din text" in page.inner_text("main")
    number = (page.text_content(".page-heading__eyebrow") or "").removeprefix("Anmälan ").strip()
    _let_through(arrive, number)


def test_p24_who_changes_the_words_is_not_asked_again(arrive: Callable[..., Visit]) -> None:
    visit = arrive(PHONE)
    page = visit.go(f"/anmal/{HOME}")
    page.fill("#what_happened", NAMED)
    visit.press("Skicka anmälan", within=".send")
    page.fill("#what_happened", NAMED.replace(" Anna Svensson", ""))
    visit.press("Skicka anmälan", within=".send")
    assert page.url.endswith("/kvitto/ny")
    assert "Samordnaren tittar först" not in page.inner_text("main")


def _let_through(arrive: Callable[..., Visit], number: str) -> None:
    """By the coordinator, on a phone too."""
    office = arrive(PHONE)
    office.sign_in("samordnare")
    page = office.go(f"/arenden/{HOME}?only=held")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="Granska texten").click()
    page.wait_for_url("**/granskning")
    assert page.locator("main mark").all_inner_texts() == ["Anna Svensson"]
    page.locator(LABEL).click()
    office.press("Släpp fram")
    assert "Anmälan är framsläppt" in page.inner_text("body")
    assert "Väntar på granskning" not in page.inner_text("main")
