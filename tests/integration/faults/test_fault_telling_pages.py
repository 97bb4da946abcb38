"""Telling many reporters through the pages: some at a time, one text for all, and a look at what may point at somebody.

Posts are put together from what the page itself holds, as a browser without JavaScript would.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import telling
from lexheller.casework.telling import Telling
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.models import FaultNews
from lexheller.improvement.fault_telling_page import PAGE_SIZE
from lexheller.intake.service import submit
from tests.cast.people import HOME
from tests.integration.faults.told import WHY, fault_in, with_cases

MANY = PAGE_SIZE + 5
NAMED = "Ring Anna Svensson på 070-123 45 67."
NEWS = "Nu finns ett gemensamt möte."


def shown_by_many(cast) -> int:
    """A confirmed fault that MANY cases show, the last of them in English."""
    fault, home = fault_in(cast), cast.federation()
    with transaction():
        cases = [submit(home, cast.submission()) for _number in range(MANY - 1)]
        cases.append(submit(home, cast.submission(locale="en")))
        for case in cases:
            service.link_case(cast.coordinator, fault, case, WHY)
        service.confirm(cast.coordinator, fault, seen=fault.version)
    return fault.id


def said(visitor) -> str:
    return re.sub(r"\s+", " ", html.unescape(visitor.text))


def filled_in(visitor, **changes: str) -> dict[str, str]:
    """What the form in the page holds, as it stands."""
    form = re.search(
        r'<form[^>]*method="post"[^>]*action="[^"]*/beratta(?:/skicka)?".*?</form>', visitor.text, re.DOTALL
    )
    assert form is not None
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        at = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if at.get("type") != "checkbox" or " checked" in tag:
            found[at["name"]] = html.unescape(at.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = html.unescape(text).strip()
    return {**found, **changes}


def news() -> dict[str, int]:
    query = select(FaultNews.text, func.count(FaultNews.id)).group_by(FaultNews.text)
    return {row[0]: row[1] for row in db.session.execute(query)}


def test_many_are_told_some_at_a_time_and_the_words_go_on_with_them(visitor, stage):
    path = f"/systemfel/{HOME}/{stage.ask(shown_by_many)}/beratta"
    visitor.sign_in("samordnare")
    visitor.get(path)
    assert f"0 av {MANY} har fått veta." in said(visitor)
    assert 'name="en-text"' not in visitor.text
    values = filled_in(visitor, **{"sv-text": NEWS})
    ticked = sorted(name for name in values if name.endswith("-tell"))
    assert len(ticked) == PAGE_SIZE
    assert not any(name.endswith("-close") for name in values)
    assert len(urlencode(values)) < 6000, "the common text is sent once, however many they are"
    left_out, own = ticked[0], ticked[1].replace("-tell", "-text")
    del values[left_out]
    assert visitor.post(path, {**values, own: "Bara till dig."}).status_code == 200
    assert f"Anmälarna i {PAGE_SIZE - 2} ärenden läser" in said(visitor)
    kept = filled_in(visitor)
    assert [name for name, text in kept.items() if name.endswith("-text") and text] == ["sv-text", own]
    visitor.post(path, {**kept, "edit": "1"})
    assert filled_in(visitor)[own] == "Bara till dig."
    assert len([name for name in filled_in(visitor) if name.endswith("-tell")]) == PAGE_SIZE - 1
    assert visitor.post(f"{path}/skicka", kept).status_code == 200
    assert f"Anmälarna i {PAGE_SIZE - 1} ärenden får veta." in said(visitor)
    assert f"{PAGE_SIZE - 1} av {MANY} har fått veta." in said(visitor)
    assert stage.ask(lambda _cast: news()) == {NEWS: PAGE_SIZE - 2, "Bara till dig.": 1}
    visitor.post(path, filled_in(visitor))
    following = filled_in(visitor)
    assert len([name for name in following if name.endswith("-tell")]) == MANY - PAGE_SIZE
    assert following["sv-text"] == NEWS
    assert following["en-text"], "words are proposed for each language on the page"
    assert left_out not in following
    visitor.post(path, following)
    visitor.post(f"{path}/skicka", filled_in(visitor))
    assert "Fortsätt med nästa" not in said(visitor)
    counts = stage.ask(lambda _cast: news())
    assert (counts[NEWS], counts[following["en-text"]]) == (MANY - 3, 1)
    assert stage.ask(lambda _cast: set(db.session.scalars(select(Case.status)))) == {CaseStatus.RECEIVED}
    visitor.get(path)
    assert [name for name in filled_in(visitor) if name.endswith("-tell")] == [left_out]


@pytest.mark.parametrize("cursor", ["x", "WyIyMDI2Iiwx", "WyIyMDI2LTAxLTAxIiwgMV0"])
def test_p22_a_made_up_place_begins_from_the_beginning(visitor, stage, cursor):
    fault_id = stage.ask(lambda cast: with_cases(cast, 1)[0].id)
    visitor.sign_in("samordnare")
    assert visitor.get(f"/systemfel/{HOME}/{fault_id}/beratta?after={cursor}").status_code == 200
    assert len([name for name in filled_in(visitor) if name.endswith("-tell")]) == 1


def test_p24_what_looks_like_a_person_is_shown_and_has_to_be_confirmed(visitor, stage):
    fault_id, case_id = stage.ask(lambda cast: (lambda made: (made[0].id, made[1][0].id))(with_cases(cast, 1)))
    path = f"/systemfel/{HOME}/{fault_id}/beratta"
    visitor.sign_in("samordnare")
    visitor.get(path)
    values = filled_in(visitor)
    visitor.post(path, values)
    assert "Kan texten peka ut någon?" not in said(visitor)
    assert "looked" not in filled_in(visitor)
    for where in ("sv-text", f"case{case_id}-text"):
        assert visitor.post(path, {**values, where: NAMED}).status_code == 200
        assert "Det här ser ut som ett namn" in said(visitor)
        assert re.findall(r"<mark>([^<]*)</mark>", visitor.text) == ["Anna Svensson", "070-123 45 67"]
    kept = filled_in(visitor)
    assert visitor.post(f"{path}/skicka", kept).status_code == 422
    assert "Läs det som är markerat" in said(visitor)
    assert stage.ask(lambda _cast: news()) == {}
    assert visitor.post(f"{path}/skicka", {**filled_in(visitor), "looked": "y"}).status_code == 200
    assert stage.ask(lambda _cast: news()) == {NAMED: 1}


def test_p24_the_verb_itself_tells_nobody_in_doubt(cast):
    fault, (case,) = with_cases(cast, 1)
    with pytest.raises(InvalidInput) as refused:
        telling.tell(cast.coordinator, fault, [Telling(case.id, NAMED)], seen=fault.version)
    assert (refused.value.field, news()) == ("looked", {})
