"""The pages of the rules: read, changed in a draft, tried, put in use; kept from others; and two people at once."""

from __future__ import annotations

import html
import re

import pytest

from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import municipalities, units
from lexheller.routing import drafts, queries
from lexheller.routing.contents import RuleDraft
from lexheller.routing.service import replace_rules
from tests.cast.people import ELSEWHERE, HOME

RULES = f"/installningar/{HOME}/regler"
DRAFT = f"{RULES}/utkast"
SENTENCE = re.compile(r'class="rule-list__says">\s*<span>(.*?)</span>.*?<strong>(.*?)</strong>', re.S)
RULE_ID = re.compile(r'id="regel-(\d+)"')


def shown(person) -> list[tuple[str, str]]:
    return [(html.unescape(says), html.unescape(to)) for says, to in SENTENCE.findall(person.text)]


@pytest.fixture
def small(stage):
    """Three rules in use; the ids of the units that they send to, by name."""

    def make(cast):
        home = cast.federation().id
        names = ("Arbetsförmedlingen", "Försäkringskassan", "Habo kommun")
        chosen = [next(unit for unit in units(home) if unit.organisation.name == name) for name in names]
        replace_rules(cast.coordinator, home, [RuleDraft(unit.id, unit.organisation_id) for unit in chosen])
        return {unit.organisation.name: (unit.id, unit.organisation_id, unit.name) for unit in chosen}

    return stage.ask(make)


@pytest.fixture
def coordinator(visitor, small):
    visitor.sign_in("samordnare")
    return visitor


def test_the_rules_in_use_are_read_as_sentences_in_order(coordinator, small):
    assert coordinator.get(RULES).status_code == 200
    assert shown(coordinator) == [
        (f"Ärenden som gäller {name}", f"{unit}, {name}") for name, (_id, _member, unit) in small.items()
    ]
    assert "version 2" in coordinator.text
    assert "Maria Ek" in coordinator.text
    assert f'href="{RULES}/version/1"' in coordinator.text


def test_a_draft_is_changed_tried_and_put_in_use(coordinator, small, stage):
    case = stage.case(CaseStatus.ASSIGNED)
    unit_id, member_id, _name = small["Försäkringskassan"]
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    assert "Utkast till nya regler" in coordinator.text
    ids = RULE_ID.findall(coordinator.text)
    coordinator.post(f"{DRAFT}/regel/{ids[0]}/flytta", {"position": "2"})
    assert RULE_ID.findall(coordinator.text) == [ids[1], ids[0], ids[2]]
    coordinator.post(f"{DRAFT}/regel/{ids[2]}/ta-bort")
    assert RULE_ID.findall(coordinator.text) == [ids[1], ids[0]]
    added = {"unit": str(unit_id), "organisation": str(member_id), "municipality": _first_place(stage)}
    coordinator.post(f"{DRAFT}/regel", added, form="rule")
    new_id = RULE_ID.findall(coordinator.text)[2]
    assert "Kommer aldrig till användning: regel 1" in coordinator.text
    coordinator.get(f"{DRAFT}/regel/{ids[0]}")
    assert "Ändra regel 2" in coordinator.text
    employment = str(small["Arbetsförmedlingen"][1])
    coordinator.post(f"{DRAFT}/regel/{ids[0]}", {"unit": str(unit_id), "organisation": employment}, form="rule")
    coordinator.get(f"{DRAFT}/regel/{new_id}")
    coordinator.post(f"{DRAFT}/regel/{new_id}/flytta", {"position": "1"})
    assert RULE_ID.findall(coordinator.text) == [new_id, ids[1], ids[0]]
    coordinator.get(f"{DRAFT}/prova")
    assert f'href="{case.path}"' in coordinator.text
    assert case.number in coordinator.text
    assert "Tar ingen av anmälningarna" in coordinator.text
    coordinator.get(f"{DRAFT}/borja-anvanda")
    assert case.number in coordinator.text
    answer = coordinator.post(f"{DRAFT}/borja-anvanda", {"note": "Försäkringskassan tar över."})
    assert answer.status_code == 200
    assert "Används nu: version 3" in coordinator.text
    assert "Försäkringskassan tar över." in coordinator.text
    said = [says for says, _to in shown(coordinator)]
    assert said[1:] == ["Ärenden som gäller Försäkringskassan", "Ärenden som gäller Arbetsförmedlingen"]
    assert coordinator.get(case.path).status_code == 200
    assert "Regel 1 i version 2" in html.unescape(coordinator.text)
    coordinator.get(f"{RULES}/version/2")
    assert [says for says, _to in shown(coordinator)] == [f"Ärenden som gäller {name}" for name in small]
    assert "Utgå från den här" in coordinator.text


def _first_place(stage) -> str:
    return str(stage.ask(lambda cast: municipalities(cast.federation().id)[0].id))


def test_an_earlier_version_is_where_a_new_draft_begins(coordinator, stage):
    coordinator.get(f"{RULES}/version/1")
    sentences = shown(coordinator)
    coordinator.post(DRAFT, {"origin": "1"})
    assert "Utgår från version 1" in coordinator.text
    assert shown(coordinator) == sentences
    coordinator.get(f"{RULES}/version/1")
    assert "Det finns redan ett utkast" in coordinator.text
    assert 'name="origin"' not in coordinator.text
    coordinator.get(DRAFT)
    coordinator.post(f"{DRAFT}/kasta")
    assert "Utkastet är kastat" in coordinator.text
    for origin in ("99", "två", "-1"):
        coordinator.get(RULES)
        assert coordinator.post(DRAFT, {"origin": origin}).status_code == 404
    assert stage.ask(lambda cast: queries.draft_of(cast.federation().id)) is None


def test_without_a_draft_its_pages_lead_back_to_the_rules(coordinator):
    for path in (DRAFT, f"{DRAFT}/prova", f"{DRAFT}/borja-anvanda", f"{DRAFT}/regel/1"):
        answer = coordinator.client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, RULES)
    assert coordinator.get(f"{RULES}/version/99").status_code == 404


def test_a_draft_like_the_rules_in_use_is_not_offered_for_use(coordinator):
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    assert "Inget är ändrat än" in coordinator.text
    assert f"{DRAFT}/borja-anvanda" not in coordinator.text
    coordinator.get(f"{DRAFT}/borja-anvanda")
    assert "Utkastet är likadant" in coordinator.text
    assert "<textarea" not in coordinator.text


def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(coordinator, small):
    member = small["Försäkringskassan"][1]
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    for unit in ("", "999999", "x"):
        coordinator.get(DRAFT)
        answer = coordinator.post(f"{DRAFT}/regel", {"unit": unit, "organisation": str(member)}, form="rule")
        assert answer.status_code == 422
        assert "error-summary" in coordinator.text
        assert re.search(rf'<option selected value="{member}">', coordinator.text)
    first = RULE_ID.findall(coordinator.text)[0]
    coordinator.get(f"{DRAFT}/regel/{first}")
    assert coordinator.post(f"{DRAFT}/regel/{first}", {"unit": ""}, form="rule").status_code == 422
    assert coordinator.get(f"{DRAFT}/regel/999999").status_code == 404


def test_p23_a_note_with_an_identity_number_comes_back(coordinator):
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    first = RULE_ID.findall(coordinator.text)[0]
    coordinator.post(f"{DRAFT}/regel/{first}/ta-bort")
    coordinator.get(f"{DRAFT}/borja-anvanda")
    answer = coordinator.post(f"{DRAFT}/borja-anvanda", {"note": "Gäller 19850709-9805."})
    assert answer.status_code == 422
    assert "Ta bort personnumret" in html.unescape(coordinator.text)


def test_p13_the_slower_of_two_sees_the_draft_as_it_is_and_keeps_what_was_chosen(coordinator, small, new_visitor):
    unit, member, _name = small["Habo kommun"]
    director = new_visitor()
    director.sign_in("forbundschef")
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    first, second, third = RULE_ID.findall(coordinator.text)
    director.get(DRAFT)
    director.post(f"{DRAFT}/regel/{first}/ta-bort")
    added = {"unit": str(unit), "organisation": str(member)}
    lost = coordinator.post(f"{DRAFT}/regel", added, form="rule")
    assert lost.status_code == 409
    assert "Någon annan hann före" in coordinator.text
    assert RULE_ID.findall(coordinator.text) == [second, third]
    assert f'<option selected value="{unit}">' in coordinator.text
    again = coordinator.post(f"{DRAFT}/regel", added, form="rule")
    assert again.status_code == 200
    assert len(RULE_ID.findall(coordinator.text)) == 3
    director.get(DRAFT)
    for path, data in (
        (f"{DRAFT}/regel/{first}/ta-bort", {"version": "1"}),
        (f"{DRAFT}/regel/{first}/flytta", {"version": "1", "position": "1"}),
        (f"{DRAFT}/regel/{second}/flytta", {"version": "två", "position": "2"}),
        (f"{DRAFT}/kasta", {"version": "1"}),
    ):
        assert director.post(path, data).status_code == 409, path
    director.get(f"{DRAFT}/regel/{second}")
    stale = director.post(f"{DRAFT}/regel/{second}", {**added, "version": "1"}, form="rule")
    assert stale.status_code == 409
    assert "Ändra regel 1" in director.text
    assert f'<option selected value="{unit}">' in director.text


def test_p13_what_was_previewed_is_what_is_put_in_use(coordinator, new_visitor):
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    first, second, _third = RULE_ID.findall(coordinator.text)
    coordinator.post(f"{DRAFT}/regel/{first}/ta-bort")
    coordinator.get(f"{DRAFT}/borja-anvanda")
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(DRAFT)
    director.post(f"{DRAFT}/regel/{second}/ta-bort")
    lost = coordinator.post(f"{DRAFT}/borja-anvanda", {"note": "Ny arbetsordning."})
    assert lost.status_code == 409
    assert ">Ny arbetsordning.</textarea>" in coordinator.text.replace("\r\n", "").replace("\n", "")
    assert coordinator.post(f"{DRAFT}/borja-anvanda", {"note": "Ny arbetsordning."}).status_code == 200
    gone = director.post(f"{DRAFT}/kasta")
    assert gone.status_code == 409
    assert "Utkastet finns inte längre" in director.text


def test_p04_a_unit_that_nobody_answers_for_and_a_member_without_a_rule_are_told(coordinator, small, stage):
    def leave(cast):
        home = cast.federation().id
        unit_id = small["Arbetsförmedlingen"][0]
        for row in db.session.query(ResponsibleManager).filter_by(federation_id=home, unit_id=unit_id):
            row.valid_to = clock.today().replace(year=2021)

    stage.ask(leave)
    coordinator.get(RULES)
    assert "Ingen är ansvarig för enheten just nu" in coordinator.text
    notice = coordinator.text.split("saknar en regel som tar")[1].split("</div>")[0]
    assert "Arbetsförmedlingen" in notice
    assert "Region Jönköpings län" in notice
    assert "Försäkringskassan" not in notice
    assert "Enter" not in notice


def test_a_retired_condition_stays_a_choice_of_its_own_rule(coordinator, small, stage):
    def retire(cast):
        home = cast.federation().id
        unit = next(unit for unit in units(home) if unit.id not in {row[0] for row in small.values()})
        draft = drafts.start_draft(cast.coordinator, home)
        wanted = RuleDraft(small["Habo kommun"][0], concerned_unit_id=unit.id)
        row = drafts.add_rule(cast.coordinator, home, wanted, seen=draft.revision)
        unit.active = False
        return row.id, unit.id

    rule_id, unit_id = stage.ask(retire)
    coordinator.get(f"{DRAFT}/regel/{rule_id}")
    assert f'<option selected value="{unit_id}">' in coordinator.text
    assert "(används inte längre)" in coordinator.text
    kept = {"unit": str(small["Habo kommun"][0]), "concerned_unit": str(unit_id)}
    assert coordinator.post(f"{DRAFT}/regel/{rule_id}", kept, form="rule").status_code == 200
    assert "(används inte längre)" not in coordinator.text


@pytest.mark.parametrize(
    ("part", "slug"),
    [("chef.af", HOME), ("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE), ("forbundschef", ELSEWHERE)],
)
def test_p15_the_rules_of_others_do_not_exist(stage, small, new_visitor, part, slug):
    rule_id, before = stage.ask(lambda cast: _begun(cast))
    person = new_visitor()
    person.sign_in(part, slug)
    rule = f"{DRAFT}/regel/{rule_id}"
    for path in (RULES, f"{RULES}/version/1", DRAFT, rule, f"{DRAFT}/prova", f"{DRAFT}/borja-anvanda"):
        assert person.client.get(path).status_code == 404, path
    actions = (DRAFT, f"{DRAFT}/regel", rule, f"{rule}/flytta", f"{rule}/ta-bort", f"{DRAFT}/kasta")
    for path in (*actions, f"{DRAFT}/borja-anvanda"):
        person.get("/kvitto")
        answer = person.post(path, {"version": "1", "position": "2", "note": "Mitt."}, follow=False)
        assert answer.status_code == 404, path
    assert stage.ask(lambda cast: _state(cast)) == before


def test_p15_a_rule_of_another_federation_or_of_a_published_set_has_no_page_here(coordinator, stage):
    theirs = stage.ask(lambda cast: _begun(cast, ELSEWHERE))[0]
    published = stage.ask(lambda cast: queries.rows_of(queries.set_in_use(cast.federation().id).id)[0].id)
    coordinator.get(RULES)
    coordinator.post(DRAFT)
    for rule_id in (theirs, published):
        assert coordinator.get(f"{DRAFT}/regel/{rule_id}").status_code == 404
        coordinator.get(DRAFT)
        assert coordinator.post(f"{DRAFT}/regel/{rule_id}/ta-bort").status_code == 404


def _begun(cast, slug=HOME):
    actor = cast.person("samordnare", slug)
    draft = drafts.start_draft(actor, cast.federation(slug).id)
    return queries.rows_of(draft.id)[0].id, _state(cast)


def _state(cast):
    draft = queries.draft_of(cast.federation().id)
    return draft and (draft.id, draft.revision, [row.id for row in queries.rows_of(draft.id)])
