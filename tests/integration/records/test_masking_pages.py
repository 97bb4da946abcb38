"""The pages of masking: choose, look up, preview, decide; open or destroy an original; who finds them (P17, P25)."""

from __future__ import annotations

import re

import pytest

from lexheller.accounts.rights import Role
from lexheller.action_reports import drafting
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.privacy.masking import MARK
from tests.cast.people import ELSEWHERE, HOME, PASSWORD, Cast, Visitor
from tests.cast.stage import Stage, Staged
from tests.guard.world import world_of

WORD = "flodhästkaféet"
REPORT = f"Rutinen för {WORD} var okänd. Ring 070-123 45 67."


@pytest.fixture
def case(stage: Stage) -> Staged:
    return stage.case(CaseStatus.RECEIVED, what_happened=REPORT, looked=True)


@pytest.fixture
def office(visitor: Visitor) -> Visitor:
    visitor.sign_in("samordnare")
    return visitor


def texts_path(case: Staged) -> str:
    return f"/maskering/{HOME}/arende/{case.id}"


def path_of_report(stage: Stage, case: Staged) -> str:
    row = stage.ask(lambda _cast: db.session.get_one(Case, case.id).report_id)
    return f"{texts_path(case)}/report.what_happened/{row}"


def ticks(page: str) -> list[tuple[str, bool]]:
    return [(value, bool(ticked)) for value, ticked in re.findall(r'value="(\d+-\d+)"( checked)?', page)]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found.group(1)


def masked(office: Visitor, path: str, decision: str = "seal", **more: str) -> str:
    """Mask the word through the pages; the page of the masking."""
    page = office.get(path).get_data(as_text=True)
    office.post(path, {"words": WORD, "find": "1", "seen": seen(page)})
    place = next(value for value, ticked in ticks(office.text) if ticked)
    kept = {"words": WORD, "listed": WORD, "seen": seen(office.text), "passages": place}
    office.post(path, {**kept, "preview": "1"})
    said = {"reason": "person", "why": "Det går att förstå.", "decision": decision, **more}
    office.post(path, {**kept, **said})
    return office.text


def test_p25_words_are_looked_up_previewed_and_masked(stage, office, case):
    path = path_of_report(stage, case)
    assert f'href="{texts_path(case)}"' in office.get(case.path).get_data(as_text=True)
    assert f'href="{path}"' in office.get(texts_path(case)).get_data(as_text=True)
    page = office.get(path).get_data(as_text=True)
    assert [ticked for _value, ticked in ticks(page)] == [False], "the telephone number is proposed"
    proof = seen(page)
    page = office.post(path, {"words": WORD, "find": "1", "seen": proof}).get_data(as_text=True)
    assert [ticked for _value, ticked in ticks(page)] == [True, False]
    kept = {"words": WORD, "listed": WORD, "seen": proof, "passages": ticks(page)[0][0]}
    page = office.post(path, {**kept, "preview": "1"}).get_data(as_text=True)
    assert f"Rutinen för {MARK} var okänd." in page
    assert WORD in stage.ask(lambda _cast: db.session.get_one(Case, case.id).report.what_happened)
    assert 'name="decision" value="seal"' in page
    assert "annan person" in page, "what is hidden can be destroyed by somebody else, later"
    answer = office.post(path, {**kept, "reason": "person", "decision": "destroy", "sure": "y"})
    assert answer.status_code == 422
    assert "Orden förseglas först" in answer.get_data(as_text=True)
    page = office.post(path, {**kept, "reason": "person", "decision": "seal"}).get_data(as_text=True)
    assert f"Rutinen för {MARK} var okänd." in page
    assert WORD not in page
    page = office.get(case.path).get_data(as_text=True)
    assert "Ord i en text maskades" in page
    assert "Det gick att förstå vem någon är" in page


def test_p25_an_original_is_shown_once_for_a_reason_and_destroyed_by_somebody_else(stage, new_visitor, office, case):
    page = masked(office, path_of_report(stage, case))
    action = re.search(r'action="(/maskering/[^"]+/beslut/\d+)/oppna"', page)
    assert action
    one = action.group(1)
    assert WORD not in page
    assert office.post(f"{one}/oppna", {"reason": ""}, form="open").status_code == 422
    page = office.post(f"{one}/oppna", {"reason": "Den det gäller frågar."}, form="open").get_data(as_text=True)
    assert REPORT in page
    page = office.get(one).get_data(as_text=True)
    assert WORD not in page
    assert "Den det gäller frågar." in page
    assert f"{one}/forstor" not in page, "who sealed it destroys nothing"
    assert stage.ask(lambda cast: cast.director.name) in page
    sure = {"sure": "y", "reason": "Ingen behöver det längre."}
    answer = office.post(f"{one}/forstor", sure, form="destroy")
    assert answer.status_code == 422
    assert "någon annan måste förstöra det" in answer.get_data(as_text=True)
    stage.ask(lambda cast: cast.newcomer("kollegan", Role.COORDINATOR).user_id)
    other = new_visitor()
    other.sign_in("kollegan", password=PASSWORD)
    other.get(one)
    for left_out in sure:
        answer = other.post(f"{one}/forstor", {name: sure[name] for name in sure if name != left_out}, form="destroy")
        assert answer.status_code == 422, left_out
    assert other.post(f"{one}/forstor", {**sure, "reason": "Anna Svensson bad."}, form="destroy").status_code == 422
    page = other.post(f"{one}/forstor", sure, form="destroy").get_data(as_text=True)
    assert "Originalet var förseglat och är nu förstört" in page
    assert "Ingen behöver det längre." in page
    office.get(texts_path(case))
    assert office.post(f"{one}/oppna", {"reason": "Igen."}, form="open").status_code == 409


def test_p24_a_reason_that_names_somebody_is_asked_about(stage, office, case):
    page = masked(office, path_of_report(stage, case), why="Anna Svensson bad om det.")
    assert "Jag har tittat" in page
    page = masked(office, path_of_report(stage, case), why="Anna Svensson bad om det.", looked="y")
    assert "Jag har tittat" not in page.split("<h2")[0]
    assert WORD not in page


def test_p13_a_text_that_was_masked_meanwhile_meets_a_conflict(stage, office, case):
    path = path_of_report(stage, case)
    proof = seen(office.get(path).get_data(as_text=True))
    masked(office, path)
    office.get(path)
    answer = office.post(path, {"passages": "0-7", "seen": proof, "reason": "person", "decision": "seal"})
    assert answer.status_code == 409


def test_p17_nobody_else_finds_the_pages(stage, new_visitor, office, case):
    path = path_of_report(stage, case)
    action = re.search(r'(/maskering/[^"]+/beslut/\d+)/oppna', masked(office, path))
    assert action
    for part, slug in (("chef.af", HOME), ("samordnare", ELSEWHERE)):
        other = new_visitor()
        other.sign_in(part, slug)
        for address in (texts_path(case), path, action.group(1)):
            assert other.client.get(address).status_code == 404, (part, address)
        assert "/maskering/" not in other.get(case.path).get_data(as_text=True)
    for wrong in ("report.no_such", "user_account.password_hash", "sealed_original.text"):
        assert office.client.get(f"{texts_path(case)}/{wrong}/1").status_code == 404
    assert office.client.get(f"/maskering/{HOME}/forbund/999").status_code == 404


def test_texts_of_every_kind_have_a_page(stage, office):
    world = stage.ask(lambda cast: {**world_of(cast), "own": cast.federation().id, "draft": _draft(cast)})
    ids = {"systemfel": "fault_id", "atgard": "action_id", "mote": "meeting_id", "rapport": "draft", "forbund": "own"}
    for kind, name in ids.items():
        page = office.get(f"/maskering/{HOME}/{kind}/{world[name]}")
        assert page.status_code == 200, kind
        first = re.search(rf'href="(/maskering/{HOME}/{kind}/\d+/[^"]+)"', page.get_data(as_text=True))
        assert first, kind
        assert office.client.get(first.group(1).replace("&amp;", "&")).status_code == 200


def _draft(cast: Cast) -> int:
    home, year = cast.federation(), clock.local_year() - 1
    found = drafting.draft_of(home.id, year)
    version = found.version if found else 0
    return drafting.write_texts(cast.coordinator, home, year, {"summary": "Ett år av frågor."}, seen=version).id
