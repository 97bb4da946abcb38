"""The analyst's figures are published ones without text and case; the national reader's list holds no more either."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import grant_role
from lexheller.action_reports import drafting, editions, publishing_editions
from lexheller.action_reports.document import Cell, Chapter, Chart, Document, KeyFigure, KeyFigures, Paragraph, Table
from lexheller.action_reports.figures_only import figures_only
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.demo.data import address
from tests.cast.people import ELSEWHERE, HOME

YEAR = clock.local_year() - 1
WRITTEN = "Orden som kansliet skrev."
REPORT = "Kontoret hänvisade till webben"
BACK = re.compile(r'back-link__link" href="([^"]*)"')


def frozen(cast, slug=HOME, *, published=True):
    """Last year's report, with the office's own words in it."""
    home, office = cast.federation(slug), cast.person("samordnare", slug)
    with clock.at(datetime(YEAR, 3, 4, 9, tzinfo=UTC)):
        for _number in range(6):
            cast.reach(CaseStatus.ASSIGNED, slug)
    drafting.write_texts(office, home, YEAR, {"summary": WRITTEN}, seen=0)
    seen = drafting.report_data(home, YEAR)["hash"]
    editions.approve(cast.person("forbundschef", slug), home, YEAR, seen_hash=seen)
    edition = editions.freeze(office, home, YEAR)
    if published:
        publishing_editions.publish(office, edition)
    return edition.diary_number


@pytest.fixture
def analyst(stage, visitor):
    stage.ask(lambda cast: cast.newcomer("analytiker", Role.ANALYST))
    visitor.sign_in("analytiker")
    return visitor


def test_the_years_figures_hold_no_text_and_lead_to_no_case(stage, analyst):
    stage.ask(frozen)
    page = analyst.get(f"/siffror/{HOME}")
    assert page.status_code == 200
    assert analyst.last.request.path == f"/siffror/{HOME}/{YEAR}"
    assert "Arbetsförmedlingen" in analyst.text
    for hidden in (WRITTEN, REPORT, "/arenden/", "/systemfel/", "/atgardsrapport/"):
        assert hidden not in analyst.text
    for closed in (f"/atgardsrapport/{HOME}/{YEAR}", f"/atgardsrapport/{HOME}/{YEAR}/received/all", f"/arenden/{HOME}"):
        assert analyst.get(closed).status_code == 404


def test_p30_figures_that_nobody_has_published_are_not_told_and_published_ones_stand_still(stage, analyst):
    """Looked at from day to day, a draft would tell of the single case that changed it."""
    stage.ask(lambda cast: frozen(cast, published=False))
    for path in (f"/siffror/{HOME}", f"/siffror/{HOME}/{YEAR}"):
        assert analyst.get(path).status_code == 200
        assert f"Inga siffror för {YEAR}" in analyst.text
        assert "Arbetsförmedlingen" not in analyst.text
    stage.ask(put_up)
    analyst.get(f"/siffror/{HOME}/{YEAR}")
    before = analyst.text
    assert "Arbetsförmedlingen" in before
    with clock.at(datetime(YEAR, 5, 6, 9, tzinfo=UTC)):
        stage.ask(lambda cast: [cast.reach(CaseStatus.ANSWERED) for _number in range(6)])
    analyst.get(f"/siffror/{HOME}/{YEAR}")
    assert figures_in(analyst.text) == figures_in(before)


def put_up(cast) -> None:
    one = editions.numbered(cast.federation().id, YEAR, 1)
    publishing_editions.publish(cast.person("samordnare"), one)


def figures_in(page: str) -> str:
    return page.partition("report__chapters")[2].partition("</main>")[0]


def test_a_year_that_goes_on_is_not_told_and_another_federation_is_not_there(analyst):
    assert analyst.get(f"/siffror/{HOME}/{YEAR + 1}").status_code == 404
    assert analyst.get(f"/siffror/{ELSEWHERE}/{YEAR}").status_code == 404
    assert analyst.get(f"/laget/{ELSEWHERE}").status_code == 404


def test_the_overview_shows_the_analyst_what_may_be_shown_to_others(stage, analyst):
    stage.ask(frozen)
    assert analyst.get(f"/laget/{HOME}").status_code == 200
    assert "så som de står i den publicerade åtgärdsrapporten" in analyst.text
    assert "/arenden/" not in analyst.text


def test_the_list_holds_published_editions_of_the_federations_that_gave_the_role(stage, visitor):
    shown = stage.ask(frozen)
    not_published = stage.ask(lambda cast: frozen(cast, ELSEWHERE, published=False))
    other = stage.ask(lambda cast: frozen(cast, "hoglandet"))
    stage.ask(lambda cast: cast.newcomer("lasare", Role.NATIONAL_READER, HOME, ELSEWHERE))
    visitor.sign_in("lasare")
    visitor.get("/nationellt")
    assert visitor.text.count('<th role="rowheader"') == 1, (shown, not_published, other)
    assert f"/publikt/{HOME}/rapport/{YEAR}/1" in visitor.text
    assert visitor.get(f"/publikt/{HOME}/rapport/{YEAR}/1").status_code == 200


def test_whoever_reads_reports_comes_back_to_the_list_in_every_language(stage, visitor):
    stage.ask(frozen)
    stage.ask(lambda cast: cast.newcomer("lasare", Role.NATIONAL_READER, HOME))
    visitor.sign_in("lasare")
    visitor.get("/nationellt")
    assert BACK.findall(visitor.text) == [], "the list is the reader's start page"
    (href,) = re.findall(rf'href="(/publikt/{HOME}/rapport/[^"]*)"', visitor.text)
    visitor.get(html.unescape(href))
    assert BACK.findall(visitor.text) == ["/nationellt"]
    (english,) = (found for found in re.findall(r'href="([^"]*lang=en[^"]*)"', visitor.text) if "/rapport/" in found)
    visitor.get(html.unescape(english))
    assert BACK.findall(visitor.text) == ["/nationellt"]
    visitor.get(f"/publikt/{HOME}/rapport/{YEAR}/1")
    assert BACK.findall(visitor.text) == [f"/publikt/{HOME}"]


def test_whoever_has_a_start_page_of_their_own_comes_back_to_it(stage, visitor):
    stage.ask(frozen)

    def two(cast):
        cast.newcomer("flera", Role.ANALYST)
        user = user_by_email(address("flera", HOME))
        grant_role(OPERATOR, user, Role.NATIONAL_READER, federation_id=cast.federation().id)

    stage.ask(two)
    visitor.sign_in("flera")
    visitor.get("/nationellt")
    assert BACK.findall(visitor.text) == ["/start"]


def test_only_numbers_are_left_of_a_report():
    table = Table("by_theme", "Teman", ("Tema", "Antal"), (False, True), ((Cell("Rutiner", "Rutiner"),),), "")
    faults = Table("faults", "Systemfel", ("Fel", "Antal"), (False, True), (), "")
    words = Table("by_action_type", "Åtgärder", ("Slag", "Åtgärd"), (False, False), (), "")
    number = KeyFigures((KeyFigure("received", "Inkomna", "17", ""),))
    chapters = (
        Chapter("summary", "Sammanfattning", (Paragraph("Ord", written=True), Paragraph("Fler ord"))),
        Chapter("themes", "Teman", (number, Paragraph("Ord"), table, Chart("T", "s", "<svg/>", table))),
        Chapter("faults", "Systemfel", (faults, words, Chart("F", "s", "<svg/>", faults))),
    )
    left = figures_only(Document("sv", "Rapport", "F", YEAR, (("Diarienummer", "1"),), chapters, ("Ord",), "abc"))
    assert [chapter.key for chapter in left.chapters] == ["themes"]
    assert left.chapters[0].blocks == (number, table, Chart("T", "s", "<svg/>", table))
    assert left.short_block == left.facts == ()
