"""Publishing a case: who may, what is stopped, what is shown first, and that nobody overwrites another's text."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.cases.models import Case
from lexheller.cases.published import PublishedCase
from lexheller.cases.states import CaseStatus
from lexheller.casework import answering, describing
from lexheller.casework.publishing_cases import (
    PublicTexts,
    publication_of,
    publish,
    texts_to_begin_with,
    withdraw_publication,
)
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, StepRefused
from lexheller.core.transaction import transaction
from tests.cast.people import ANSWER, ELSEWHERE, HOME

TEXTS = PublicTexts("Ingen bokade mötet", "Två kontor väntade på varandra.", "Kontoren bokar nu turvis.")
SENT = {"heading": TEXTS.heading, "happened": TEXTS.happened, "led_to": TEXTS.led_to}
NAMED = {**SENT, "happened": "Ring Anna Svensson på 070-123 45 67."}
NUMBER = "19121212-1212"


@pytest.fixture
def coordinator(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare")
    return person


def standing(stage, case_id: int) -> tuple[str, int] | None:
    def look(_cast):
        row = publication_of(db.session.get_one(Case, case_id))
        return (row.heading, row.version) if row else None

    return stage.ask(look)


def rows() -> int:
    return len(list(db.session.scalars(select(PublishedCase))))


def test_the_office_looks_at_what_will_be_shown_publishes_it_and_takes_it_down(stage, coordinator, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    path = f"{case.path}/publicera"
    coordinator.get(case.path)
    assert path in coordinator.text
    coordinator.get(path)
    shown = coordinator.post(path, {**SENT, "preview": "1"})
    assert shown.status_code == 200
    assert all(text in coordinator.text for text in SENT.values())
    assert standing(stage, case.id) is None
    coordinator.post(path, {**SENT, "edit": "1"})
    assert TEXTS.led_to in coordinator.text
    coordinator.post(path, {**SENT, "publish": "1"})
    assert standing(stage, case.id) == (TEXTS.heading, 1)
    address = re.search(rf'href="(/publikt/{HOME}/arenden/\d+)"', coordinator.text)[1]
    assert visitor.get(address).status_code == 200
    coordinator.post(f"{path}/ta-ner", {"reason": ""}, form="withdraw")
    assert coordinator.last.status_code == 422
    coordinator.post(f"{path}/ta-ner", {"reason": "Någon kände igen sig."}, form="withdraw")
    assert standing(stage, case.id) is None
    assert visitor.get(address).status_code == 404


def test_the_form_begins_with_what_others_are_shown_and_the_joint_answer(cast):
    case = cast.reach(CaseStatus.COLLECTED)
    with transaction():
        describing.share_summary(cast.coordinator, case, "Ingen bokade.", seen=case.version)
        joint = {**ANSWER, "consequence": "Den som ringer får en tid."}
        answering.joint_answer(cast.coordinator, case, joint, seen=case.version)
    begun = PublicTexts("", "Ingen bokade.", "Rutinen är ändrad.\n\nDen som ringer får en tid.")
    assert texts_to_begin_with(case) == begun
    with transaction():
        publish(cast.coordinator, case, TEXTS)
    assert texts_to_begin_with(case) == TEXTS


@pytest.mark.parametrize("field", ["heading", "happened", "led_to"])
def test_p23_an_identity_number_is_stopped_in_every_field(stage, coordinator, field):
    case, texts = stage.case(CaseStatus.ANSWERED), {**SENT, field: f"Nummer {NUMBER}."}

    def verb(cast):
        with pytest.raises(InvalidInput, match="personal_identity_number"):
            publish(cast.coordinator, db.session.get_one(Case, case.id), PublicTexts(**texts), looked=True)

    stage.ask(verb)
    for button in ("preview", "publish"):
        coordinator.get(f"{case.path}/publicera")
        assert coordinator.post(f"{case.path}/publicera", {**texts, button: "1"}).status_code == 422
    assert stage.ask(lambda _cast: rows()) == 0


def test_p23_an_identity_number_is_stopped_in_the_reason(cast):
    case = cast.reach(CaseStatus.ANSWERED)
    with transaction():
        publish(cast.coordinator, case, TEXTS)
    with pytest.raises(InvalidInput), transaction():
        withdraw_publication(cast.coordinator, case, NUMBER, seen=1)
    assert publication_of(case).withdrawn_at is None


def test_p24_what_looks_like_a_person_is_marked_and_asked_about_before_anybody_reads_it(stage, coordinator):
    case = stage.case(CaseStatus.CLOSED)
    path = f"{case.path}/publicera"
    coordinator.get(path)
    coordinator.post(path, {**NAMED, "preview": "1"})
    assert "<mark>Anna Svensson</mark>" in coordinator.text
    assert "<mark>070-123 45 67</mark>" in coordinator.text
    assert coordinator.post(path, {**NAMED, "publish": "1"}).status_code == 422
    assert standing(stage, case.id) is None
    coordinator.post(path, {**NAMED, "publish": "1", "looked": "y"})
    assert standing(stage, case.id) == (TEXTS.heading, 1)


def test_p15_only_the_office_of_the_federation_publishes(cast):
    case = cast.reach(CaseStatus.ANSWERED)
    for actor in (cast.director, cast.person("chef.af"), cast.outsider, cast.person("chef.af", ELSEWHERE)):
        with pytest.raises(StepRefused), transaction():
            publish(actor, case, TEXTS)
    with transaction():
        publish(cast.coordinator, case, TEXTS)
    for actor in (cast.director, cast.person("chef.af"), cast.outsider):
        with pytest.raises(StepRefused), transaction():
            withdraw_publication(actor, case, "Skäl.", seen=1)
    assert publication_of(case) is not None


def test_p15_p17_the_page_does_not_exist_for_others(stage, new_visitor):
    case = stage.case(CaseStatus.ANSWERED)
    for part, slug in (("forbundschef", HOME), ("chef.af", HOME), ("samordnare", ELSEWHERE)):
        person = new_visitor()
        person.sign_in(part, slug)
        for path in (f"{case.path}/publicera", f"{case.path}/publicera/ta-ner"):
            person.get("/kvitto")
            assert person.post(path, {**SENT, "publish": "1"}).status_code == 404
        assert person.get(f"{case.path}/publicera").status_code == 404
    assert standing(stage, case.id) is None


def test_p12_a_case_is_published_when_it_is_answered_and_can_be_taken_down_after_that(cast):
    case = cast.reach(CaseStatus.ACCEPTED)
    with pytest.raises(StepRefused), transaction():
        publish(cast.coordinator, case, TEXTS)
    with transaction():
        cast.answer(case)
        publish(cast.coordinator, case, TEXTS)
        cast.ask_two(case)
    with pytest.raises(StepRefused), transaction():
        publish(cast.coordinator, case, TEXTS, seen=1)
    with transaction():
        withdraw_publication(cast.coordinator, case, "Ärendet är öppet igen.", seen=1)
    assert publication_of(case) is None


def test_p13_the_second_of_two_who_publish_is_told_and_keeps_the_text(stage, coordinator):
    case = stage.case(CaseStatus.ANSWERED)
    path = f"{case.path}/publicera"
    coordinator.get(path)
    stage.ask(lambda cast: publish(cast.coordinator, db.session.get_one(Case, case.id), TEXTS))
    answer = coordinator.post(path, {**SENT, "led_to": "Min egen text.", "publish": "1"})
    assert answer.status_code == 409
    assert "Min egen text." in coordinator.text
    assert standing(stage, case.id) == (TEXTS.heading, 1)


def test_p13_what_stands_on_the_page_is_changed_in_the_version_that_was_seen(cast):
    case = cast.reach(CaseStatus.ANSWERED)
    with transaction():
        first = publish(cast.coordinator, case, TEXTS)
    with pytest.raises(Conflict), transaction():
        withdraw_publication(cast.coordinator, case, "Skäl.", seen=7)
    with transaction():
        changed = publish(cast.coordinator, case, PublicTexts("Ny rubrik", "A.", "B."), seen=1)
    assert (changed.id, changed.heading, changed.version) == (first.id, "Ny rubrik", 2)
    with transaction():
        withdraw_publication(cast.coordinator, case, "Skäl.", seen=2)
        again = publish(cast.coordinator, case, TEXTS)
    assert (again.version, rows()) == (1, 2)
