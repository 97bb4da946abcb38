"""One person at one screen: a browser context with its page, and the few things everybody does there.

Collects what must never happen on any page: console errors, broken content policy, requests to other hosts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from lexheller.demo.data import PASSWORD, address
from tests.browser.site import Site
from tests.cast.people import HOME

PHONE, DESK = (390, 844), (1280, 900)
TEXT = "Kontoret hänvisade till webben och webben hänvisade till kontoret."


@dataclass
class Visit:
    """`problems` is what the browser complained about so far."""

    site: Site
    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, part: str, slug: str = HOME, *, go: bool = True) -> None:
        """Fill in the sign-in form; `go` False when it is already shown."""
        if go:
            self.go("/logga-in")
        self.page.fill("#email", address(part, slug))
        self.page.fill("#password", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator(".sign-in button").click()

    def report(self, text: str = TEXT, *, about: str | None = "Arbetsförmedlingen", email: str = "") -> str:
        """File a report on the form and return the receipt code."""
        page = self.go(f"/anmal/{HOME}")
        page.fill("#what_happened", text)
        if about:
            page.select_option("#concerned_organisation", label=about)
            page.select_option("#municipality", label="Habo")
        page.fill("#reporter_email", email)
        with page.expect_navigation(url="**/kvitto/ny"):
            page.locator(".send button").click()
        return page.inner_text("#receipt-code").strip()

    def follow(self, code: str) -> Page:
        """Look a report up by its receipt code."""
        page = self.go("/kvitto")
        page.fill("#code", code)
        with page.expect_navigation():
            page.locator(".code-form button").click()
        return page

    def press(self, name: str, *, within: str = "body") -> None:
        """Press a button that sends its form, and wait for the answer."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def watch(self) -> None:
        """Begin to collect problems."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser notes every answer of 400 and above; those pages are asked for on purpose.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(self.site.url).netloc, ""}:
            self.problems.append(f"request to another host: {request.url}")


def visit(
    browser: Browser, site: Site, size: tuple[int, int] = DESK, *, language: str | None = None, **options: object
) -> Visit:
    """A person with a fresh browser. `language` None is a first visit: Swedish."""
    width, height = size
    phone = {"has_touch": True, "is_mobile": True} if size == PHONE else {}
    context = browser.new_context(viewport={"width": width, "height": height}, **{**phone, **options})
    if language is not None:
        context.add_cookies([{"name": "lexheller_lang", "value": language, "url": site.url}])
    made = Visit(site, context, context.new_page())
    made.watch()
    return made
