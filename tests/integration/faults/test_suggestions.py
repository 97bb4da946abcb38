"""What a coordinator is shown beside a case: similar cases and faults with reasons; nothing to anybody else (P15)."""

from __future__ import annotations

import html
import re

import pytest

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import closing, describing
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.models import FaultCase
from lexheller.faults.suggestions import ReasonCode, Suggestions, suggestions_for
from lexheller.organisations.queries import municipalities
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.desk.looking import statements
from tests.integration.faults.told import WHY, fault_in

SUMMARY = "Ingen tog emot den som ville skriva in sig."
BOUNCED = "Deltagaren bollas mellan kundtjänst och kontoret. Ingen ringer upp."
SENT_ON = "Hon slussas runt: receptionen säger chatten, chatten säger växel. Tre veckor gick."
TAXI = "Färdtjänst beviljas inte till arbetsträningen, och bussen går en gång om dagen."
OTHERS = (
    "Ingen tolk var bokad till samtalet.",
    "Läkarintyget kom för sent och sjukpenningen drogs in.",
    "God man saknas sedan i våras.",
    "Remissen till psykiatrin kom i retur.",
    "Förskolan stänger innan passet är slut.",
)


def reported(cast, text, slug=HOME, **more):
    by = cast.organisation("Försäkringskassan", slug).id
    return cast.report(slug, what_happened=text, reporting_organisation_id=by, reporter_email=None, **more)


@pytest.fixture
def desk(cast):
    """A federation with a few cases, among them one that says in other words what the returned one says."""
    for text in OTHERS:
        reported(cast, text)
    return reported(cast, SENT_ON), reported(cast, BOUNCED)


def of(found):
    return [suggestion.id for suggestion in found]


def codes(suggestion):
    return {reason.code for reason in suggestion.reasons}


def test_a_case_that_says_it_in_other_words_comes_first_and_why_is_said_in_the_words_written(cast, desk):
    earlier, case = desk
    found = suggestions_for(cast.coordinator, case).cases
    assert of(found)[0] == earlier.id
    assert found[0].number == earlier.number
    assert found[0].text == SENT_ON
    assert codes(found[0]) == {ReasonCode.OTHER_WORDS, ReasonCode.SAME_PARTIES, ReasonCode.SAME_MUNICIPALITY}
    words = next(reason.values for reason in found[0].reasons if reason.code is ReasonCode.OTHER_WORDS)
    assert ("bollas", "slussas") in set(zip(words[::2], words[1::2], strict=True))
    assert case.id not in of(found)
    assert suggestions_for(cast.coordinator, case) == suggestions_for(cast.coordinator, case)


def test_the_offices_own_summary_is_shown_where_there_is_one(cast, desk):
    earlier, case = desk
    with transaction():
        describing.share_summary(cast.coordinator, earlier, SUMMARY, seen=earlier.version)
    assert suggestions_for(cast.coordinator, case).cases[0].text == SUMMARY


def test_what_is_merged_is_left_out(cast, desk):
    earlier, case = desk
    another = reported(cast, SENT_ON)
    assert {earlier.id, another.id} <= set(of(suggestions_for(cast.coordinator, case).cases))
    with transaction():
        run_waiting_now()
        closing.merge(cast.coordinator, another, earlier, seen=another.version)
    assert another.id not in of(suggestions_for(cast.coordinator, case).cases)
    assert earlier.id in of(suggestions_for(cast.coordinator, case).cases)


def test_a_fault_is_found_by_its_cases_and_by_its_own_text_and_not_once_the_case_shows_it(cast, desk):
    earlier, case = desk
    through_case = fault_in(cast)
    by_text = fault_in(cast, title="Bussen räcker inte till arbetsträning", what_happens=TAXI)
    with transaction():
        service.link_case(cast.coordinator, through_case, earlier, WHY)
    found = suggestions_for(cast.coordinator, case).faults
    assert of(found) == [through_case.id]
    assert found[0].text == through_case.title
    assert (ReasonCode.LINKED_CASE, (earlier.number,)) in {(why.code, why.values) for why in found[0].reasons}
    journey = reported(cast, "Ingen buss och ingen färdtjänst, så praktiken fick avbrytas.")
    assert of(suggestions_for(cast.coordinator, journey).faults) == [by_text.id]
    with transaction():
        service.link_case(cast.coordinator, through_case, case, WHY)
    after = suggestions_for(cast.coordinator, case)
    assert through_case.id not in of(after.faults)
    assert earlier.id not in of(after.cases), "they show the same fault already"


def test_p15_nothing_of_another_federation_and_nothing_for_a_manager_or_an_outsider(cast, desk):
    _earlier, case = desk
    elsewhere = reported(cast, BOUNCED, ELSEWHERE)
    fault_in(cast, ELSEWHERE, title=BOUNCED)
    found = suggestions_for(cast.coordinator, case)
    assert elsewhere.id not in of(found.cases)
    assert not found.faults
    assert of(suggestions_for(cast.director, case).cases) == of(found.cases)
    assert suggestions_for(cast.coordinator, elsewhere) == Suggestions()
    assigned = cast.reach(CaseStatus.ASSIGNED, what_happened=BOUNCED)
    for nobody in (cast.manager_of(assigned), cast.outsider):
        assert suggestions_for(nobody, assigned) == Suggestions()


def test_a_case_without_words_has_no_suggestions(cast, desk):
    assert suggestions_for(cast.coordinator, reported(cast, "…")) == Suggestions()


def test_as_many_queries_however_many_cases(app, cast, desk):
    _earlier, case = desk
    actor = cast.coordinator
    with statements(app) as before:
        suggestions_for(actor, case)
    for text in (*OTHERS, SENT_ON, BOUNCED) * 3:
        reported(cast, text, municipality_id=municipalities(cast.federation().id)[1].id)
    db.session.expire_all()
    actor, case = cast.coordinator, db.session.get_one(Case, case.id)
    assert case.report.what_happened == BOUNCED
    with statements(app) as after:
        suggestions_for(actor, case)
    assert len(after) <= len(before)
    assert len(after) <= 10


def test_the_page_shows_them_and_the_button_links_the_case(stage, new_visitor):
    def make(cast):
        earlier = reported(cast, SENT_ON)
        case = cast.reach(CaseStatus.ASSIGNED, what_happened=BOUNCED)
        fault = fault_in(cast)
        with transaction():
            service.link_case(cast.coordinator, fault, earlier, WHY)
        return case.id, earlier.number, fault.id, fault.title

    case_id, number, fault_id, title = stage.ask(make)
    page = f"/arenden/{HOME}/{case_id}"
    desk, boss, manager = new_visitor(), new_visitor(), new_visitor()
    desk.sign_in("samordnare")
    shown = re.sub(r"\s+", " ", html.unescape(desk.get(page).get_data(as_text=True)))
    assert f"Ärende {number}" in shown
    assert title in shown
    assert f"liknar ärende {number}, som visar felet" in shown
    why = re.search(r'name="why" value="(Föreslogs: [^"]*)"', shown)
    assert why is not None
    assert "bollas" not in why[1], "words of a report are not kept elsewhere"
    desk.post(f"/systemfel/{HOME}/koppla", {"case_id": str(case_id), "fault_id": str(fault_id), "why": why[1]})
    linked = db.select(FaultCase.why).where(FaultCase.case_id == case_id, FaultCase.fault_id == fault_id)
    assert stage.ask(lambda _cast: db.session.scalar(linked)) == why[1]
    assert "Föreslogs: " not in desk.get(page).get_data(as_text=True).split('id="systemfel"')[0]
    boss.sign_in("forbundschef")
    assert number in boss.get(page).get_data(as_text=True)
    manager.sign_in("chef.af")
    answer = manager.get(page)
    assert answer.status_code == 200
    assert number not in answer.get_data(as_text=True)
