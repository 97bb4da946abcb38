"""A case that belongs to another federation: offered, taken over with consent, declined, called off. And its mails."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.accounts.service import disable
from lexheller.audit.queries import broken_links, history
from lexheller.cases.dialogue import Handover
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import asking, closing, handing_over, notices
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message, MessageStatus
from lexheller.messaging.service import in_words
from lexheller.organisations.queries import municipalities, organisations
from tests.cast.people import ELSEWHERE, HOME

SECRETS = ("Hemligt hände", "Hemligt skäl", "Hemlig text till anmälaren", "Hemligt nej", "anmalare@habo.example")


def offered(cast, status: CaseStatus = CaseStatus.ASSIGNED) -> Handover:
    case = cast.reach(status, what_happened="Hemligt hände.")
    with transaction():
        return handing_over.offer(
            cast.coordinator,
            case,
            cast.federation(ELSEWHERE),
            "Hemligt skäl.",
            "Hemlig text till anmälaren.",
            seen=case.version,
        )


def messages(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def test_taking_over_makes_a_case_there_and_closes_the_one_here(cast):
    offer = offered(cast)
    old = offer.case
    with transaction():
        new = handing_over.take_over(cast.outsider, offer)
    with transaction():
        run_waiting_now()
    assert (old.status, old.close_reason) == (CaseStatus.CLOSED, CloseReason.HANDED_OVER)
    assert old.conclusion == "Hemlig text till anmälaren."
    assert new.federation_id == cast.federation(ELSEWHERE).id
    assert new.status in {CaseStatus.ASSIGNED, CaseStatus.UNROUTED}
    assert new.report.what_happened == "Hemligt hände."
    assert handing_over.came_by(new).id == offer.id
    assert next(event.kind for event in history(new.federation_id, "case", new.id)) == "case.taken_over"
    assert broken_links() == []
    with pytest.raises(NotAllowedToSee):
        handing_over.offer_for(cast.outsider, new.federation_id, offer.id)
    with pytest.raises(InvalidInput):
        closing.reopen(cast.coordinator, old, seen=old.version)


def test_it_is_seen_and_kept_between_whom_it_happened(stage, visitor):
    def offer(cast):
        home, there = cast.federation(), cast.federation(ELSEWHERE)
        known = {row.id for row in organisations(there.id)}
        stranger = next(row for row in organisations(home.id) if row.id not in known)
        places = {row.id for row in municipalities(there.id)}
        place = next(row for row in municipalities(home.id) if row.id not in places)
        where = {"reporting_organisation_id": stranger.id, "municipality_id": place.id}
        case = cast.reach(CaseStatus.UNROUTED, **where)
        made = handing_over.offer(cast.coordinator, case, there, "Skäl.", "Text.", seen=case.version)
        return made.id, stranger.name, place.name

    offer_id, stranger, place = stage.ask(offer)
    visitor.sign_in("samordnare", ELSEWHERE)
    visitor.get(f"/overlamningar/{ELSEWHERE}/{offer_id}")
    assert stranger in visitor.text and place in visitor.text
    visitor.post(f"/overlamningar/{ELSEWHERE}/{offer_id}/ta-over", {}, form="take_over")
    assert "Ärendet är ert" in visitor.text
    assert stranger in visitor.text and place in visitor.text

    def known_there(_cast):
        new = db.session.get_one(Case, db.session.get_one(Handover, offer_id).new_case_id)
        return new.reporting_organisation_id, new.municipality_id

    assert stage.ask(known_there) == (None, None)


def test_a_question_that_waits_is_taken_back_when_the_case_leaves(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        asking.ask_reporter(cast.coordinator, case, "Vilket kontor?", seen=case.version)
        offer = handing_over.offer(
            cast.coordinator, case, cast.federation(ELSEWHERE), "Skäl.", "Text.", seen=case.version
        )
    with transaction():
        handing_over.take_over(cast.outsider, offer)
    assert asking.open_question(case.id) is None


@pytest.mark.parametrize("how", ["close", "merge"])
def test_an_offer_lapses_when_the_case_ends_here(cast, how):
    other = cast.reach(CaseStatus.ASSIGNED)
    offer = offered(cast)
    case = offer.case
    with transaction():
        if how == "close":
            closing.close(cast.coordinator, case, CloseReason.SOLVED, "Löst här.", seen=case.version)
        else:
            closing.merge(cast.coordinator, case, other, seen=case.version)
    assert handing_over.offered_to(cast.outsider, offer.to_federation_id) == []
    with transaction():
        run_waiting_now()
    assert {message.status for message in messages(notices.HANDOVER_OFFERED)} == {MessageStatus.CANCELLED}


def test_p05_each_step_tells_each_recipient_once(cast):
    offer = offered(cast)
    offices = len(messages(notices.HANDOVER_OFFERED))
    assert offices == 1
    with transaction():
        notices.tell_other_office(offer)
        handing_over.decline(cast.outsider, offer, "Hemligt nej.")
    assert len(messages(notices.HANDOVER_OFFERED)) == offices
    assert len(messages(notices.HANDOVER_DECLINED)) == 1
    with transaction(), pytest.raises(InvalidInput):
        handing_over.decline(cast.outsider, offer, "En gång till.")
    assert len(messages(notices.HANDOVER_DECLINED)) == 1


def test_p06_the_offer_is_told_to_those_who_may_see_it_when_it_is_sent(cast):
    offer = offered(cast)
    (message,) = messages(notices.HANDOVER_OFFERED)
    assert in_words(message)[0].email == cast.outsider.email
    with transaction():
        user = user_by_email(cast.outsider.email)
        disable(OPERATOR, user, federation_id=offer.to_federation_id)
    assert in_words(message) is None
    with transaction():
        db.session.get_one(User, user.id)
        handing_over.call_off(cast.coordinator, offer.case, offer, seen=offer.case.version)
    assert in_words(message) is None


def test_p06_a_decided_offer_is_told_to_nobody(cast):
    offer = offered(cast)
    with transaction():
        handing_over.call_off(cast.coordinator, offer.case, offer, seen=offer.case.version)
        run_waiting_now()
    assert [message.status for message in messages(notices.HANDOVER_OFFERED)] == [MessageStatus.CANCELLED]


@pytest.mark.parametrize("decision", ["take over", "decline"])
def test_p07_the_mails_carry_no_word_of_the_case(cast, decision):
    offer = offered(cast)
    with transaction():
        if decision == "decline":
            handing_over.decline(cast.outsider, offer, "Hemligt nej.")
        else:
            handing_over.take_over(cast.outsider, offer)
    kinds = {
        "decline": [notices.HANDOVER_DECLINED],
        "take over": [notices.REPORTER_NEWS["handed_over"]],
    }
    found = [message for kind in kinds[decision] for message in messages(kind)]
    assert found
    for message in found:
        _address, subject, body = in_words(message)
        for secret in SECRETS:
            assert secret not in subject + body
        assert "http" in body


def test_p07_the_offer_names_no_number_and_no_word_of_the_case(cast):
    offer = offered(cast)
    (message,) = messages(notices.HANDOVER_OFFERED)
    _address, subject, body = in_words(message)
    assert offer.case.number not in subject + body
    assert f"/overlamningar/{ELSEWHERE}/{offer.id}" in body
    for secret in SECRETS:
        assert secret not in subject + body


# Through the pages.


@pytest.fixture
def there(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare", ELSEWHERE)
    return person


@pytest.fixture
def here(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare")
    return person


def page_of_offer(stage) -> tuple[int, str, int, str]:
    def make(cast):
        offer = offered(cast)
        return offer.id, offer.case.number, offer.case_id

    found, number, case_id = stage.ask(make)
    return found, f"/overlamningar/{ELSEWHERE}/{found}", case_id, number


def test_p15_the_receiving_office_sees_the_offer_and_nothing_else(stage, there):
    _offer_id, path, case_id, number = page_of_offer(stage)
    there.get(f"/overlamningar/{ELSEWHERE}")
    assert "Hemligt hände." in there.text
    assert there.get(path).status_code == 200
    for said in ("Hemligt hände.", "Hemligt skäl.", "Samordningsförbundet Södra Vätterbygden", "Anmälan kom in"):
        assert said in there.text
    assert "Arbetsförmedlingen" in there.text, "what the report is about"
    asked = stage.ask(lambda cast: cast.unit("Arbetsförmedlingen").name)
    staff = stage.ask(lambda cast: [cast.coordinator.name, cast.person("chef.af").name])
    for hidden in (number, "anmalare@habo.example", asked, *staff):
        assert hidden not in there.text
    assert there.get(f"/arenden/{HOME}/{case_id}").status_code == 404
    assert there.get(f"/arenden/{ELSEWHERE}/{case_id}").status_code == 404


def test_p15_nobody_else_sees_the_offer(stage, new_visitor):
    _offer_id, path, _case_id, _number = page_of_offer(stage)
    others = [("samordnare", HOME), ("forbundschef", ELSEWHERE), ("chef.af", ELSEWHERE), ("samordnare", "hoglandet")]
    for part, slug in others:
        person = new_visitor()
        person.sign_in(part, slug)
        own = path.replace(ELSEWHERE, slug)
        for address in {path, own}:
            assert person.get(address).status_code == 404, (part, slug, address)
            for step in ("ta-over", "sag-nej"):
                person.get("/kvitto")
                assert person.post(f"{address}/{step}", {"decline-reason": "Nej."}).status_code == 404
    assert stage.ask(lambda _cast: db.session.scalars(select(Handover.decision)).all()) == [None]


def test_the_case_is_taken_over_through_the_page(stage, there, here):
    _offer_id, path, case_id, _number = page_of_offer(stage)
    there.get(path)
    there.post(f"{path}/ta-over", {}, form="take_over")
    assert "Ärendet är ert" in there.text
    assert "Ärendet kom från Samordningsförbundet Södra Vätterbygden" in there.text
    here.get(f"/arenden/{HOME}/{case_id}")
    assert "Överlämnat till ett annat förbund" in here.text
    assert f'action="/arenden/{HOME}/{case_id}/oppna-igen"' not in here.text
    assert there.get(path).status_code == 404


def test_saying_no_needs_a_reason_which_the_office_here_reads(stage, there, here):
    _offer_id, path, case_id, _number = page_of_offer(stage)
    there.get(path)
    assert there.post(f"{path}/sag-nej", {"reason": " "}, form="decline").status_code == 422
    assert there.post(f"{path}/sag-nej", {"reason": "Gäller 19811228-9874."}, form="decline").status_code == 422
    there.post(f"{path}/sag-nej", {"reason": "Det är <b>er</b> kommun."}, form="decline")
    assert "Ni har sagt nej" in there.text
    here.get(f"/arenden/{HOME}/{case_id}")
    assert "Det är &lt;b&gt;er&lt;/b&gt; kommun." in here.text
    assert "Det andra förbundet sa nej" in here.text


def test_p24_a_name_in_the_reason_for_saying_no_is_asked_about_once(stage, there):
    _offer_id, path, _case_id, _number = page_of_offer(stage)
    there.get(path)
    reason = {"reason": "Jag talade med Kerstin Håkansson på kontoret."}
    assert there.post(f"{path}/sag-nej", reason, form="decline").status_code == 422
    assert "<mark>Kerstin Håkansson</mark>" in there.text
    assert stage.ask(lambda _cast: db.session.scalars(select(Handover.decision)).all()) == [None]
    there.post(f"{path}/sag-nej", {**reason, "looked": "y"}, form="decline")
    assert "Ni har sagt nej" in there.text


def test_the_offer_is_made_and_called_off_through_the_page(stage, here, there):
    case = stage.case(CaseStatus.ASSIGNED)
    elsewhere = stage.ask(lambda cast: cast.federation(ELSEWHERE).id)
    here.get(case.path)
    fields = {"to": str(elsewhere), "reason": "Kommunen hör dit.", "text_to_reporter": "Vi har frågat Finnveden."}
    shown = here.post(f"{case.path}/overlamna", {**_named("offer_handover", fields, here), "preview": "1"})
    assert shown.status_code == 200
    assert "Samordnaren i Samordningsförbundet Finnveden" in here.text
    assert "Vi har frågat Finnveden." in here.text
    assert stage.look(case.id) == case
    here.get(case.path)
    here.post(f"{case.path}/overlamna", fields, form="offer_handover")
    assert "Ärendet är erbjudet Samordningsförbundet Finnveden" in here.text
    here.post(f"{case.path}/overlamna/ta-tillbaka", {}, form="call_off_handover")
    assert "Erbjudandet är tillbakataget" in here.text
    there.get(f"/overlamningar/{ELSEWHERE}")
    assert "Inget väntar på ert svar" in there.text
    assert stage.ask(lambda _cast: db.session.get_one(Case, case.id).status) == CaseStatus.ASSIGNED


def _named(form: str, fields: dict[str, str], person) -> dict[str, str]:
    version = re.search(rf'name="{form}-version"[^>]*value="(\d+)"', person.text)[1]
    return {f"{form}-version": version, **{f"{form}-{name}": value for name, value in fields.items()}}
