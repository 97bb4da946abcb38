"""By keyboard alone, at large text and on narrow screens, with little motion, on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from lexheller.cases.states import CaseStatus
from tests.browser.places import PLACES, Place
from tests.browser.site import Site
from tests.browser.visits import DESK, PHONE, Visit
from tests.cast.people import HOME

NARROW = (320, 640)
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const label = e.labels?.[0] ? getComputedStyle(e.labels[0]).outlineStyle : "none";
  const row = e.closest("tr") ? getComputedStyle(e.closest("tr")).outlineStyle : "none";
  return {name: e.id || e.textContent.trim().slice(0, 40), tag: e.tagName,
          shown: [style.outlineStyle, label, row].some(s => s !== "none") || style.boxShadow !== "none",
          hidden: !e.checkVisibility()};
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll("h1,h2,h3,p,dt,dd,label,button,a,th,td,li")]
  .filter(e => e.checkVisibility() && !e.closest(".sr-only,.skip-link,thead,.signed-in__name"))
  .filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  })
  .map(e => e.tagName + " " + e.textContent.trim().slice(0, 40))"""
BY_NAME = {place.name: place for place in PLACES}
DENSE = ["report form", "receipt", "coordinator's queue", "coordinator's case, answered", "manager's case, assigned"]
DENSE += ["yearly report", "mailbox", "reporter's view, closed"]
DENSE += ["coordinator's case, two-parties", "manager's start", "settings, rules trial"]


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the element with that id or text has focus; every stop on the way is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS)
        assert seen["shown"], f"no visible focus on {seen}"
        assert not seen["hidden"], f"focus on something hidden: {seen}"
        if seen["name"] == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def arrived(arrive: Callable[..., Visit], place: Place, size: tuple[int, int] = DESK, **options: object) -> Visit:
    visit = arrive(size, **options)
    if place.who:
        visit.sign_in(*place.who)
    place.way(visit)
    return visit


def test_a_report_by_keyboard_alone(arrive: Callable[..., Visit]) -> None:
    page = arrive().go(f"/anmal/{HOME}")
    tab_to(page, "what_happened")
    page.keyboard.type("Mötet ställdes in utan besked.")
    tab_to(page, "concerned_organisation")
    page.keyboard.type("Arbets")
    tab_to(page, "Skicka anmälan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/kvitto/ny")


def test_the_skip_link_passes_the_menu(arrive: Callable[..., Visit]) -> None:
    visit = arrive()
    visit.sign_in("samordnare")
    page = visit.go(f"/arenden/{HOME}")
    tab_to(page, "Hoppa till innehållet", most=1)
    assert page.locator(".skip-link").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_case_is_closed_by_keyboard_alone(site: Site, arrive: Callable[..., Visit]) -> None:
    visit = arrive()
    visit.sign_in("samordnare")
    page = visit.go(site.case_path(site.new_case(CaseStatus.ANSWERED)))
    tab_to(page, "Ändra uppgifter om ärendet")
    page.keyboard.press("Space")
    tab_to(page, "classify-theme")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Spara uppgifterna")
    with page.expect_navigation():
        page.keyboard.press("Space")
    tab_to(page, "close-reason-0")
    page.keyboard.press("Space")
    tab_to(page, "close-conclusion")
    page.keyboard.type("Nu är vägen in känd.")
    tab_to(page, "Avsluta")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Ärendet är avslutat" in page.inner_text("main")


@pytest.mark.parametrize(
    "name", ["report form, nothing written", "lookup, wrong code", "sign-in, failed", "manager's case, empty answer"]
)
def test_errors_take_focus_and_lead_to_their_field(name: str, arrive: Callable[..., Visit]) -> None:
    page = arrived(arrive, BY_NAME[name]).page
    page.wait_for_function("() => document.activeElement.className == 'error-summary'")
    link = page.locator(".error-summary a").first
    target = link.get_attribute("href").removeprefix("#")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.locator(f"[id='{target}']")
    assert page.evaluate("() => document.activeElement.id") == target
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert page.locator(f"[id='{described[0]}']").inner_text()
    assert page.title().startswith("Fel:")


@pytest.mark.parametrize("name", DENSE)
def test_a_screen_of_320_pixels_needs_no_sideways_scrolling(name: str, arrive: Callable[..., Visit]) -> None:
    page = arrived(arrive, BY_NAME[name], NARROW).page
    assert (page.evaluate(WIDER), page.evaluate(CUT)) == (0, [])


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_text_at_double_size_is_not_cut(name: str, size: tuple[int, int], arrive: Callable[..., Visit]) -> None:
    """The browser's own setting for text size, not its zoom."""
    visit = arrive(size)
    fonts = {"fontSizes": {"standard": 32, "fixed": 26}}
    visit.context.new_cdp_session(visit.page).send("Page.setFontSizes", fonts)
    if BY_NAME[name].who:
        visit.sign_in(*BY_NAME[name].who)
    BY_NAME[name].way(visit)
    page = visit.page
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    assert (page.evaluate(WIDER), page.evaluate(CUT)) == (0, [])


def test_little_motion_is_respected(arrive: Callable[..., Visit]) -> None:
    page = arrive(reduced_motion="reduce").go("/")
    longest = """() => Math.max(...[...document.querySelectorAll("*")].flatMap(e => {
      const s = getComputedStyle(e);
      return [s.transitionDuration, s.animationDuration].flatMap(d => d.split(",").map(parseFloat));
    }))"""
    assert page.evaluate(longest) <= 0.001


def test_the_yearly_report_on_paper_is_text_and_figures(arrive: Callable[..., Visit]) -> None:
    page = arrived(arrive, BY_NAME["yearly report, year before"]).page
    page.emulate_media(media="print")
    for gone in (".site-nav", ".site-footer", ".year-nav", ".skip-link", ".demo-banner", ".ready-text__copy", "button"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], gone
    for there in ("h1", "#ready-text", ".stat-tiles", ".bar-rows__fill", ".action-list", ".hash"):
        assert page.locator(there).first.is_visible(), there
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595" in paper
