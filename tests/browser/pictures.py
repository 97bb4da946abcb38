"""The pictures of README and documentation, taken from a running demonstration.

`make run`, and beside it `.venv/bin/python -m tests.browser.pictures [address]`. Writes docs/pictures/*.png.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site
from tests.browser.visits import DESK, PHONE, Visit, visit
from tests.cast.people import HOME
from tests.services.chromium import find_chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
RUNNING = "http://127.0.0.1:8000"
LARGEST_BYTES = 150_000
QUEUE = f"/arenden/{HOME}"


def report_form(someone: Visit) -> None:
    someone.go(f"/anmal/{HOME}")


def queue(someone: Visit) -> None:
    someone.sign_in("samordnare")
    someone.go(QUEUE)


def case_page(someone: Visit) -> None:
    """A case that waits for its answer, as the manager sees it."""
    someone.sign_in("chef.fk")
    someone.go(f"{QUEUE}?status=accepted").locator(".queue-table__link").first.click()
    someone.page.locator(".ask").wait_for()


def start(someone: Visit) -> None:
    someone.sign_in("samordnare")
    someone.go(f"/start/{HOME}")


def case_office(someone: Visit) -> None:
    """Two parties have answered; the joint answer is to be written."""
    someone.sign_in("samordnare")
    someone.go(f"{QUEUE}?status=collected").locator(".queue-table__link").first.click()
    someone.page.locator("#gemensamt-svar").wait_for()


def duty_phone(someone: Visit) -> None:
    someone.sign_in("chef.fk")
    someone.go(f"{QUEUE}?status=accepted").locator(".queue-table__link").first.click()
    someone.page.locator(".ask").wait_for()


def yearly_report(someone: Visit) -> None:
    someone.sign_in("forbundschef")
    page = someone.go(f"/atgardsrapport/{HOME}")
    page.locator(".year-nav__link").nth(-2).click()
    page.locator(".ready-text").wait_for()


PICTURES: dict[str, tuple[tuple[int, int], Callable[[Visit], None]]] = {
    "report-phone": (PHONE, report_form),
    "start": (DESK, start),
    "queue": (DESK, queue),
    "case-office": (DESK, case_office),
    "duty-phone": (PHONE, duty_phone),
    "case": (DESK, case_page),
    "yearly-report": (DESK, yearly_report),
}


def take(browser: Browser, address: str) -> list[Path]:
    """All pictures of the demonstration at `address`. Raises ValueError for one that has grown too large."""
    taken = []
    for name, (size, way) in PICTURES.items():
        someone = visit(browser, Site(Path(), address.rstrip("/"), ""), size)
        way(someone)
        path = FOLDER / f"{name}.png"
        someone.page.screenshot(path=path)
        someone.context.close()
        if path.stat().st_size > LARGEST_BYTES:
            raise ValueError(f"{path.name} is {path.stat().st_size} bytes")
        taken.append(path)
    return taken


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.program), args=chromium.arguments, env={**chromium.environ}
        )
        for path in take(browser, sys.argv[1] if len(sys.argv) > 1 else RUNNING):
            sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
