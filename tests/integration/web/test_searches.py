"""P23: what was typed in a search and holds an identity number stands in no address that we make."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from lexheller.cases.states import CaseStatus
from tests.cast.people import HOME

NUMBER = "19811218-9876"
SPELT = (NUMBER, "811218 9876", "om 8112189876 ringer")
WHY = "Sökningen är borttagen"
BEHIND = (f"/arenden/{HOME}?q=", f"/atgarder/{HOME}?q=", f"/installningar/{HOME}/lasningar?number=")


@pytest.mark.parametrize("written", SPELT)
@pytest.mark.parametrize("address", BEHIND)
def test_p23_the_search_is_taken_out_of_the_address_and_the_page_says_why(visitor, address, written):
    visitor.sign_in("forbundschef")
    answer = visitor.client.get(f"{address}{quote(written)}&status=closed&sort=oldest")
    assert answer.status_code == 302
    assert answer.location == f"{address.partition('?')[0]}?status=closed&sort=oldest", "the rest of it is kept"
    page = visitor.get(answer.location)
    assert WHY in page.text
    assert "9876" not in page.text
    assert WHY not in visitor.get(answer.location).text


def test_p23_an_open_page_leaves_it_out_too_and_sets_no_cookie(visitor):
    answer = visitor.client.get(f"/publikt/{HOME}/diarium?nummer={NUMBER}")
    assert (answer.status_code, answer.location) == (302, f"/publikt/{HOME}/diarium")
    assert "Set-Cookie" not in answer.headers


def test_a_number_of_a_case_and_what_only_looks_like_a_number_are_searched_for(stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    visitor.sign_in("samordnare")
    assert case.number in visitor.get(f"/arenden/{HOME}?q={quote(case.number)}").text
    for words in ("1234567890", "2024-03-04", "070-123 45 67"):
        assert visitor.client.get(f"/arenden/{HOME}?q={quote(words)}").status_code == 200


@pytest.mark.parametrize("name", ["q", "nummer", "whatever"])
def test_p23_the_way_to_the_sign_in_carries_none_of_it(visitor, name):
    answer = visitor.client.get(f"/arenden/{HOME}?{name}={NUMBER}&status=closed")
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query)["next"] == [f"/arenden/{HOME}?status=closed"]
    assert "9876" not in visitor.get(answer.location).text


def test_the_way_to_the_sign_in_carries_the_rest_as_it_was_sent(visitor):
    answer = visitor.client.get(f"/arenden/{HOME}?q=b%C3%A5t+i+hamn&status=closed")
    assert parse_qs(urlsplit(answer.location).query)["next"] == [f"/arenden/{HOME}?q=b%C3%A5t+i+hamn&status=closed"]
