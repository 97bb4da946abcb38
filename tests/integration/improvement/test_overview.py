"""The overview: its numbers are the queue's, others than the office see no small ones, nobody elsewhere any."""

import html
import re
from datetime import datetime

from sqlalchemy import event

from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.models import Organisation
from tests.cast.people import ELSEWHERE, HOME

PAGE = f"/laget/{HOME}"
NUMBER = re.compile(r'class="overview__number" href="([^"]+)">(\d+)<')


def organisation(stage, name: str) -> int:
    query = db.select(Organisation.id).where(Organisation.name == name)
    return stage.ask(lambda _cast: db.session.scalars(query).one())


def filed(stage, times: int, reporting: str, concerned: str, *, year: int | None = None) -> None:
    """Now, or in the middle of that year."""
    one, other = organisation(stage, reporting), organisation(stage, concerned)
    with clock.at(datetime(year, 6, 15, 9, tzinfo=clock.SWEDEN) if year else clock.now()):
        for _time in range(times):
            stage.ask(lambda cast: cast.report(reporting_organisation_id=one, concerned_organisation_id=other))


def test_every_number_leads_to_just_its_cases(stage, visitor):
    filed(stage, 3, "Försäkringskassan", "Arbetsförmedlingen")
    filed(stage, 2, "Arbetsförmedlingen", "Försäkringskassan")
    stage.ask(lambda cast: cast.report(ELSEWHERE))
    visitor.sign_in("samordnare")
    visitor.get(PAGE)
    found = [(html.unescape(href), int(number)) for href, number in NUMBER.findall(visitor.text)]
    assert [number for href, number in found if "by=" in href] == [3, 2]
    assert "5 anmälningar" in visitor.text
    for href, number in found:
        visitor.get(href)
        assert visitor.text.count("queue-table__link") == number, href


FK, AF = "Försäkringskassan", "Arbetsförmedlingen"
SHOWN = re.compile(r'<td class="is-numeric">(\d+)</td>')


def test_p15_p30_a_manager_sees_last_year_without_small_numbers_or_links(stage, new_visitor):
    today = clock.today()
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(PAGE)
    assert "För få anmälningar för att visa" in manager.text
    filed(stage, 8, FK, AF, year=today.year - 1)
    filed(stage, 6, AF, FK, year=today.year - 1)
    manager.get(PAGE)
    assert NUMBER.findall(manager.text) == []
    assert SHOWN.findall(manager.text) == ["8", "6"]
    assert f"Siffrorna för {today.year - 1}, hela året. Nya siffror kommer i januari." in manager.text
    filed(stage, 7, FK, AF)
    filed(stage, 7, FK, AF, year=today.year - 2)
    for asked in ("", f"?year={today.year}", f"?year={today.year - 2}"):
        manager.get(PAGE + asked)
        assert SHOWN.findall(manager.text) == ["8", "6"], "the only window, whatever is asked for"
    filed(stage, 1, FK, FK, year=today.year - 1)
    manager.get(PAGE)
    assert SHOWN.findall(manager.text) == [], "the one more is not what is left of a sum"
    assert "Det är 15 anmälningar." in manager.text
    filed(stage, 4, FK, FK, year=today.year - 1)
    manager.get(PAGE)
    assert SHOWN.findall(manager.text) == ["13", "11", "8", "6", "5"], "of each two, and the sums"
    with clock.at(datetime(today.year + 1, 1, 2, 12, tzinfo=clock.SWEDEN)):
        manager.sign_in("chef.af")
        manager.get(PAGE)
        assert SHOWN.findall(manager.text) == ["7"]
    outsider = new_visitor()
    outsider.sign_in("samordnare", ELSEWHERE)
    assert outsider.get(PAGE).status_code == 404


def test_it_costs_the_same_however_many_reports(app, stage, visitor):
    visitor.sign_in("samordnare")

    def cost() -> int:
        count = 0

        def hear(*_args: object) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", hear)
        visitor.get(PAGE)
        event.remove(engine, "before_cursor_execute", hear)
        return count

    filed(stage, 1, "Försäkringskassan", "Arbetsförmedlingen")
    few = cost()
    filed(stage, 5, "Arbetsförmedlingen", "Försäkringskassan")
    assert cost() == few
