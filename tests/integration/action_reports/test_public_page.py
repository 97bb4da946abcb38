"""The open page: only what is published, of this federation, the same for everybody; nothing else of a case."""

from __future__ import annotations

import html
import re

import pytest
from reporting import YEAR, approve, freeze, frozen, write

from lexheller.action_reports import editions, publishing_editions
from lexheller.action_reports.public_reading import PAGE_SIZE
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import beside, describing
from lexheller.casework.publishing_cases import PublicTexts, publish, withdraw_publication
from lexheller.core.transaction import transaction
from lexheller.organisations.queries import themes
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import queries_of

OPEN = f"/publikt/{HOME}"
EDITION = f"{OPEN}/rapport/{YEAR}"
SECRET = "Sekretessordet"
TEXTS = PublicTexts("Ingen bokade mötet", "Två kontor väntade.", "Kontoren bokar turvis.")


def put_up(cast, case: Case, texts: PublicTexts = TEXTS) -> int:
    with transaction():
        return publish(cast.coordinator, case, texts).id


def published(cast, number: int = 1) -> None:
    with transaction():
        publishing_editions.publish(cast.coordinator, editions.numbered(cast.federation().id, YEAR, number))


def test_an_empty_page_says_so(visitor):
    assert visitor.get(OPEN).status_code == 200
    assert visitor.text.count("Inget är publicerat än.") == 2
    assert "Det här har anmälningarna lett till – " in visitor.text
    assert 'content="noindex"' not in visitor.text


def test_only_published_editions_are_read_in_every_form_and_withdrawn_ones_are_gone_at_once(cast, visitor):
    one = frozen(cast)
    assert visitor.get(f"{EDITION}/1").status_code == 404
    published(cast)
    assert one.diary_number in visitor.get(OPEN).get_data(as_text=True)
    assert visitor.get(f"{EDITION}/1").status_code == 200
    assert one.hash in visitor.text
    for form in ("pdf", "docx", "xlsx", "csv", "json", "html"):
        assert visitor.get(f"{EDITION}/1.{form}").status_code == 200, form
    assert one.data["cases"][0] not in visitor.text
    assert visitor.get(f"/publikt/{ELSEWHERE}/rapport/{YEAR}/1").status_code == 404
    with transaction():
        publishing_editions.withdraw(cast.coordinator, one)
    for path in (f"{EDITION}/1", f"{EDITION}/1.pdf", f"{EDITION}/1.json"):
        assert visitor.get(path).status_code == 404
    assert one.diary_number not in visitor.get(OPEN).get_data(as_text=True)


def test_p30_of_a_year_one_edition_stands_and_the_one_before_it_is_gone(cast, visitor):
    frozen(cast)
    write(cast, "Nytt.")
    approve(cast)
    freeze(cast)
    for number, gone in ((1, 2), (2, 1)):
        published(cast, number)
        page = visitor.get(OPEN).get_data(as_text=True)
        assert (f'/rapport/{YEAR}/{number}"' in page, f"/rapport/{YEAR}/{gone}" in page) == (True, False)
        assert visitor.get(f"{EDITION}/{number}").status_code == 200
        for path in (f"{EDITION}/{gone}", f"{EDITION}/{gone}.pdf", f"{EDITION}/{gone}.json"):
            assert visitor.get(path).status_code == 404


def test_p15_nothing_of_the_case_but_the_published_text_is_shown(cast, visitor):
    texts = {name: f"{SECRET} {name}." for name in ("what_happened", "consequence", "done_at_once", "proposal")}
    case = cast.reach(CaseStatus.CLOSED, **texts)
    with transaction():
        describing.share_summary(cast.coordinator, case, SECRET, seen=case.version)
        beside.write_note(cast.coordinator, case, SECRET)
    published_id = put_up(cast, case)
    for path in (OPEN, f"{OPEN}/arenden/{published_id}"):
        assert visitor.get(path).status_code == 200
        assert TEXTS.heading in visitor.text
        hidden = [SECRET, case.number, case.conclusion, "Rutinen är ändrad.", "Arbetsförmedlingen", "anmalare@"]
        assert [word for word in hidden if word in visitor.text] == []
    assert visitor.get(f"/publikt/{ELSEWHERE}/arenden/{published_id}").status_code == 404
    assert TEXTS.heading not in visitor.get(f"/publikt/{ELSEWHERE}").get_data(as_text=True)
    with transaction():
        withdraw_publication(cast.coordinator, case, SECRET, seen=1)
    assert visitor.get(f"{OPEN}/arenden/{published_id}").status_code == 404
    assert TEXTS.heading not in visitor.get(OPEN).get_data(as_text=True)


def test_the_list_is_narrowed_paged_and_costs_the_same_however_long_it_is(cast, app, visitor):
    case = cast.reach(CaseStatus.ANSWERED)
    theme = themes(case.federation_id)[0]
    with transaction():
        facts = {"municipality": None, "organisation": None, "settled": True}
        describing.classify(cast.coordinator, case, theme=theme, seen=case.version, **facts)
    put_up(cast, case, PublicTexts("Den första", "A.", "B."))
    few = len(queries_of(app, visitor, OPEN))
    for number in range(PAGE_SIZE):
        put_up(cast, cast.reach(CaseStatus.ANSWERED), PublicTexts(f"Nummer {number}.", "A.", "B."))
    assert len(queries_of(app, visitor, OPEN)) == few
    assert "Den första" not in visitor.text
    assert visitor.text.index(f"Nummer {PAGE_SIZE - 1}.") < visitor.text.index("Nummer 0.")
    visitor.get(html.unescape(re.search(r'rel="next"\s+href="([^"]+)"', visitor.text)[1]))
    assert "Den första" in visitor.text
    assert "Nummer 0." not in visitor.text
    visitor.get(f"{OPEN}?theme={theme.id}&year={case.received_on.year}")
    assert "Den första" in visitor.text
    assert "Nummer" not in visitor.text
    assert "Inget passar urvalet." in visitor.get(f"{OPEN}?year=2001").get_data(as_text=True)


def test_p21_the_page_is_the_same_for_whoever_is_signed_in_and_sets_no_cookie(stage, visitor, new_visitor):
    published_id = stage.ask(lambda cast: put_up(cast, cast.reach(CaseStatus.ANSWERED)))
    office = new_visitor()
    office.sign_in("samordnare")
    for path in (OPEN, f"{OPEN}/arenden/{published_id}", f"{OPEN}?lang=en"):
        anybody, signed_in = visitor.get(path), office.get(path)
        assert anybody.data == signed_in.data
        for answer in (anybody, signed_in):
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "public, max-age=60"
            assert "Cookie" in answer.headers["Vary"]
        assert visitor.client.get(path, headers={"If-None-Match": anybody.headers["ETag"]}).status_code == 304
    assert f"{OPEN}/arenden/{published_id}?lang=en" in visitor.text


@pytest.mark.parametrize(
    "query", ["theme=x", "theme=99999999999999999999", "year=-1", "after=abc", "after=WzFd", "after=WzFlMzBd"]
)
def test_p22_a_made_up_query_is_no_error(visitor, query):
    assert visitor.get(f"{OPEN}?{query}").status_code == 200
