"""Every page that is to be judged: how to get there, and as whom. Stops at arriving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lexheller.cases.states import CaseStatus
from tests.browser.site import Known
from tests.browser.visits import Visit
from tests.cast.people import ELSEWHERE, HOME

Way = Callable[[Visit], object]
YEAR = date.today().year
EMPTY_YEAR = 2011
SEND_REPORT = ".send button"


@dataclass(frozen=True)
class Place:
    """`who` is the person's part and federation; None: nobody is signed in. `way` ends on the page."""

    name: str
    who: tuple[str, str] | None
    way: Way


def _at(path: str) -> Way:
    return lambda visit: visit.go(path)


def _empty_report(visit: Visit) -> None:
    visit.go(f"/anmal/{HOME}")
    _send(visit, SEND_REPORT)


def _report_with_identity_number(visit: Visit) -> None:
    visit.go(f"/anmal/{HOME}").fill("#what_happened", "Personen 19121212-1212 fick vänta i två månader.")
    _send(visit, SEND_REPORT)


def _receipt(visit: Visit) -> None:
    visit.report(email="synintrycket@habo.example")


def _wrong_code(visit: Visit) -> None:
    visit.follow("AAAA-BBBB-CCCC")


def _status(status: CaseStatus) -> Way:
    return lambda visit: visit.follow(visit.site.cases[status].code)


def _failed_sign_in(visit: Visit) -> None:
    visit.go("/logga-in").fill("#email", "ingen@habo.example")
    visit.page.fill("#password", "fel")
    _send(visit, ".sign-in button")


def _a_mail(visit: Visit) -> None:
    visit.go("/demo/mejl").locator(".mail-list a").first.click()


def _case(status: CaseStatus) -> Way:
    return lambda visit: visit.go(visit.site.case_path(visit.site.cases[status]))


def _late_case(visit: Visit) -> None:
    assert visit.site.overdue is not None
    visit.go(visit.site.case_path(visit.site.overdue))


def _empty_answer(visit: Visit) -> None:
    _case(CaseStatus.ACCEPTED)(visit)
    _send(visit, "#svara .action--primary")


def _conflict(visit: Visit) -> None:
    """Somebody else takes the case on while the manager writes."""
    known: Known = visit.site.new_case(CaseStatus.ASSIGNED)
    page = visit.go(visit.site.case_path(known))
    other = visit.context.new_page()
    other.goto(page.url)
    with other.expect_navigation():
        other.locator(".ask button").click()
    other.close()
    page.fill("#answer-steps_taken", "En text som inte får gå förlorad.")
    _send(visit, "#svara .action--primary")


def _behind_a_figure(visit: Visit) -> None:
    visit.go(f"/atgardsrapport/{HOME}/{YEAR}").locator("a.bar-rows__count").first.click()


def _send(visit: Visit, button: str) -> None:
    with visit.page.expect_navigation():
        visit.page.locator(button).click()


QUEUE, REPORT = f"/arenden/{HOME}", f"/atgardsrapport/{HOME}"
COORDINATOR, MANAGER, DIRECTOR = ("samordnare", HOME), ("chef.af", HOME), ("forbundschef", HOME)
DIRECTOR_OF_TWO = ("forbundschef", ELSEWHERE)

PLACES = [
    Place("landing", None, _at("/")),
    Place("report form", None, _at(f"/anmal/{HOME}")),
    Place("report form, nothing written", None, _empty_report),
    Place("report form, identity number", None, _report_with_identity_number),
    Place("receipt", None, _receipt),
    Place("lookup", None, _at("/kvitto")),
    Place("lookup, wrong code", None, _wrong_code),
    *(Place(f"reporter's view, {status}", None, _status(status)) for status in CaseStatus if status != "received"),
    Place("sign-in", None, _at("/logga-in")),
    Place("sign-in, failed", None, _failed_sign_in),
    Place("no such page", None, _at("/finns-inte")),
    Place("mailbox", None, _at("/demo/mejl")),
    Place("mail", None, _a_mail),
    Place("coordinator's queue", COORDINATOR, _at(QUEUE)),
    Place("queue, filtered", COORDINATOR, _at(f"{QUEUE}?status=closed")),
    Place("queue, no hits", COORDINATOR, _at(f"{QUEUE}?q=finnsinte")),
    Place("queue, overdue", COORDINATOR, _at(f"{QUEUE}?overdue=1")),
    Place("queue, search", COORDINATOR, _at(f"{QUEUE}?q=kontoret")),
    *(
        Place(f"coordinator's case, {status}", COORDINATOR, _case(status))
        for status in CaseStatus
        if status != "received"
    ),
    Place("coordinator's case, late", COORDINATOR, _late_case),
    Place("manager's queue", MANAGER, _at(QUEUE)),
    Place("manager's case, assigned", MANAGER, _case(CaseStatus.ASSIGNED)),
    Place("manager's case, accepted", MANAGER, _case(CaseStatus.ACCEPTED)),
    Place("manager's case, answered", MANAGER, _case(CaseStatus.ANSWERED)),
    Place("manager's case, empty answer", MANAGER, _empty_answer),
    Place("manager's case, conflict", MANAGER, _conflict),
    Place("director's queue", DIRECTOR, _at(QUEUE)),
    Place("yearly report", DIRECTOR, _at(f"{REPORT}/{YEAR}")),
    Place("yearly report, year before", DIRECTOR, _at(f"{REPORT}/{YEAR - 1}")),
    Place("yearly report, empty year", DIRECTOR, _at(f"{REPORT}/{EMPTY_YEAR}")),
    Place("cases behind a figure", DIRECTOR, _behind_a_figure),
    Place("choice of federation", DIRECTOR_OF_TWO, _at("/start")),
]
