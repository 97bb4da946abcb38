"""The overview: its numbers are the queue's, others than the office see no small ones, nobody elsewhere any."""

import html
import re
from datetime import datetime, timedelta

from sqlalchemy import event

from lexheller.action_reports import editions
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.publishing_editions import newest_published, publish, withdraw
from lexheller.action_reports.settings import set_least_shown
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.organisations.models import Organisation
from lexheller.organisations.report_settings import LEAST_SHOWN
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.faults.told import fault_in

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


FK, AF, REGION = "Försäkringskassan", "Arbetsförmedlingen", "Region Jönköpings län"
SHOWN = re.compile(r'<td class="is-numeric">(\d+)</td>')


def published(stage, year: int, *, standing: bool = True) -> None:
    """The year's report approved, frozen and published; or what stands of it taken off the open page."""

    def make(cast) -> None:
        home, seen = cast.federation(), report_data(cast.federation(), year)["hash"]
        with transaction():
            editions.approve(cast.director, home, year, seen_hash=seen)
            edition = editions.freeze(cast.coordinator, home, year)
            publish(cast.coordinator, edition, looked=True)

    def withdraw_it(cast) -> None:
        with transaction():
            withdraw(cast.coordinator, newest_published(cast.federation().id, year))

    stage.ask(make if standing else withdraw_it)


def test_p15_p30_others_see_the_published_pairs_of_last_year_and_nothing_counted_anew(stage, new_visitor):
    last = clock.local_year() - 1
    manager = new_visitor()
    manager.sign_in("chef.af")
    filed(stage, 8, FK, AF, year=last)
    filed(stage, 6, AF, FK, year=last)
    manager.get(PAGE)
    assert SHOWN.findall(manager.text) == []
    assert f"Siffrorna för {last} kommer när åtgärdsrapporten för det året är publicerad." in manager.text
    published(stage, last)
    manager.get(PAGE)
    assert NUMBER.findall(manager.text) == []
    assert SHOWN.findall(manager.text) == ["8", "6", "8", "6", "8", "6"], "the pairs, and the sums of each side apart"
    assert "Tal under 5 visas inte" in manager.text
    assert '<svg class="flow"' in manager.text
    filed(stage, 1, FK, AF, year=last)
    filed(stage, 7, FK, AF)
    for asked in ("", f"?year={last + 1}", f"?year={last - 1}"):
        manager.get(PAGE + asked)
        assert SHOWN.findall(manager.text)[:2] == ["8", "6"], "what came later, and other years, are not counted"
    published(stage, last, standing=False)
    manager.get(PAGE)
    assert SHOWN.findall(manager.text) == []
    outsider = new_visitor()
    outsider.sign_in("samordnare", ELSEWHERE)
    assert outsider.get(PAGE).status_code == 404


def test_p30_the_federations_own_least_number_holds_and_no_picture_contradicts_the_table(stage, new_visitor):
    last = clock.local_year() - 1

    def choose(cast) -> None:
        with transaction():
            set_least_shown(cast.director, cast.federation(), 8, seen=LEAST_SHOWN)

    stage.ask(choose)
    for number, reporting, concerned in ((20, FK, AF), (20, AF, FK), (9, REGION, FK), (7, REGION, AF)):
        filed(stage, number, reporting, concerned, year=last)
    published(stage, last)
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(PAGE)
    assert "Tal under 8 visas inte" in manager.text
    shown = SHOWN.findall(manager.text)
    assert shown
    assert "7" not in shown
    assert '<svg class="flow"' not in manager.text
    assert "Alla" not in re.findall(r"<td>([^<]*)</td>", manager.text), "sums stand apart from their parts"


def test_what_is_merged_is_named_in_the_language_of_the_page(stage, new_visitor):
    last = clock.local_year() - 1
    for number, reporting, concerned in ((8, FK, AF), (3, FK, REGION), (2, AF, FK)):
        filed(stage, number, reporting, concerned, year=last)
    published(stage, last)
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(PAGE)
    assert "Övriga (färre än 5 var)" in manager.text
    manager.get(f"{PAGE}?lang=en")
    manager.get(PAGE)
    assert "Others (fewer than 5 each)" in manager.text
    assert "Övriga" not in manager.text


def test_the_ages_of_faults_lead_to_just_those_faults(stage, visitor):
    for days in (0, 100, 100, 500):
        with clock.at(clock.now() - timedelta(days=days)):
            stage.ask(lambda cast: fault_in(cast))
    visitor.sign_in("samordnare")
    visitor.get(PAGE)
    found = [(html.unescape(href), int(number)) for href, number in NUMBER.findall(visitor.text) if "age=" in href]
    assert [number for _href, number in found] == [1, 2, 1]
    for href, number in found:
        visitor.get(href)
        assert visitor.text.count("queue-table__link") == number, href
    visitor.get(f"/systemfel/{HOME}?age=ancient")
    assert visitor.text.count("queue-table__link") == 4


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
