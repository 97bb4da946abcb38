"""Every page, on a phone and on a desk, in both languages: WCAG by axe, and what axe does not look at.

A page is the same markup on both screens, and both languages are the same page: so each is fetched twice, on a phone
in Swedish and at a desk in English, judged by axe there, and measured at both widths each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.places import PLACES, Place
from tests.browser.site import Site
from tests.browser.visits import DESK, PHONE, Visit, visit

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS = {"sv": PHONE, "en": DESK}
WIDTHS = {PHONE: DESK, DESK: PHONE}
"""A screen, and the one whose width it is given for a moment."""
Visits = Callable[[Place, str], Visit]
Arrived = dict[tuple[str, str], tuple[str, str]]

RUN_AXE = """async tags => {
  const result = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  const told = node => node.target.join(" ") + " " + node.failureSummary;
  return result.violations.map(v => v.id + ": " + v.nodes.map(told).join(" | "));
}"""
LOOK = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  levels: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => Number(h.tagName[1])),
  unlabelled: [...document.querySelectorAll("input:not([type=hidden]),select,textarea")]
    .filter(field => !field.labels.length).map(field => field.name || field.id),
  doubled: [...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  skip: document.querySelector("body > a")?.getAttribute("href"),
})"""


@pytest.fixture(scope="module")
def visits(browser: Browser, site: Site) -> Iterator[Visits]:
    """A visit per person and language, signed in once. Whoever is nobody comes anew each time."""
    known: dict[tuple[Any, ...], Visit] = {}
    fresh: list[Visit] = []

    def come(place: Place, language: str) -> Visit:
        if place.who is None:
            for old in fresh:
                old.context.close()
            fresh[:] = [visit(browser, site, SCREENS[language], language=language)]
            return fresh[0]
        key = (place.who, language)
        if key not in known:
            known[key] = visit(browser, site, SCREENS[language], language=language)
            known[key].sign_in(*place.who)
        return known[key]

    yield come
    for one in (*known.values(), *fresh):
        one.context.close()


@pytest.fixture(scope="module")
def arrived() -> Arrived:
    """By place and language: the title and the address of the page, once somebody was there."""
    return {}


def looked_at(page: Page, language: str) -> list[str]:
    """What is wrong with the page apart from what axe finds."""
    seen = page.evaluate(LOOK)
    levels = seen["levels"]
    jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
    wrong = {
        f"the page says its language is {seen['lang']}": seen["lang"] != language,
        "the title is not '… – Lex Heller'": not seen["title"].endswith(" – Lex Heller") or len(seen["title"]) < 16,
        f"the headings are {levels}": levels.count(1) != 1 or levels[:1] != [1] or bool(jumps),
        f"fields without label: {seen['unlabelled']}": bool(seen["unlabelled"]),
        f"ids twice: {seen['doubled']}": bool(seen["doubled"]),
        f"{seen['wider']} px wider than the screen": seen["wider"] > 0,
        "no skip link first": seen["skip"] != "#main",
    }
    return [what for what, is_wrong in wrong.items() if is_wrong]


def measured(page: Page, language: str) -> list[str]:
    """What is wrong with it on its own screen, and at the width of the other."""
    own = SCREENS[language]
    wrong = [*looked_at(page, language)]
    for width, height in (WIDTHS[own], own):
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{what} at {width}" for what in looked_at(page, language)]
    return wrong


@pytest.mark.parametrize("language", SCREENS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_accessible(place: Place, language: str, visits: Visits, arrived: Arrived, axe_source: Path) -> None:
    someone = visits(place, language)
    someone.problems.clear()
    place.way(someone)
    page = someone.page
    page.wait_for_load_state("load")
    arrived[place.name, language] = (page.title(), urlsplit(page.url).path)
    wrong = [*measured(page, language), *someone.problems]  # before axe, which styles the page and is stopped
    page.evaluate(axe_source.read_text())
    assert [*wrong, *page.evaluate(RUN_AXE, WCAG)] == []


@pytest.mark.parametrize("language", SCREENS)
def test_titles_tell_pages_apart(language: str, visits: Visits, arrived: Arrived) -> None:
    """Same title only where it is the same page: in another state of its data, or for somebody else."""
    same_page = ("queue", "case", "view", "yearly report", "identity number")
    titles: dict[str, set[str]] = defaultdict(set)
    for place in PLACES:
        if not any(word in place.name for word in same_page) or place.name in {"coordinator's queue", "yearly report"}:
            if (place.name, language) not in arrived:
                someone = visits(place, language)
                place.way(someone)
                arrived[place.name, language] = (someone.page.title(), urlsplit(someone.page.url).path)
            title, path = arrived[place.name, language]
            titles[title].add(path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_axe_itself_finds_what_is_wrong(visits: Visits, axe_source: Path) -> None:
    """A page broken on purpose is not accessible: the tests above can fail."""
    someone = visits(PLACES[0], "sv")
    page = someone.go("/kvitto")
    page.evaluate("() => { document.querySelector('label').remove(); document.documentElement.lang = ''; }")
    page.evaluate("() => { document.querySelector('main').insertAdjacentHTML('beforeend', '<h4>x</h4>'); }")
    page.evaluate(axe_source.read_text())
    found = " ".join(page.evaluate(RUN_AXE, WCAG))
    assert "label" in found
    assert "html-has-lang" in found
    assert len(looked_at(page, "sv")) == 3
