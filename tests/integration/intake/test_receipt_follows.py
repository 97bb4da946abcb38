"""What the receipt page shows: several parties, a joint answer, why it was closed, another case, another federation."""

from datetime import timedelta

import pytest
from itsdangerous import base64_decode

from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id, contact_of
from lexheller.cases.reporter_link import living_contact, revoke
from lexheller.cases.states import CHOSEN_REASONS, CaseStatus, CloseReason
from lexheller.casework import answering, closing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from tests.cast.people import ANSWER, ELSEWHERE
from tests.cast.traces import counts
from tests.integration.intake.following import (
    ADDRESS,
    ask,
    code_of,
    events,
    fields_of,
    link_of,
    open_by_code,
    open_by_link,
    send,
    words,
)

TO_REPORTER = "Värnamo hör till Finnveden, så de kan göra mer."


def merge(stage, case, into):
    stage.ask(
        lambda cast: closing.merge(
            cast.coordinator, case_of_id(case.id), case_of_id(into.id), seen=case_of_id(case.id).version
        )
    )


def hand_over(stage, case, slug=ELSEWHERE):
    """The id of the case that it became there."""

    def offered(cast):
        row = case_of_id(case.id)
        return handing_over.offer(
            cast.person("samordnare", case.slug), row, cast.federation(slug), "Fel förbund.", TO_REPORTER,
            seen=row.version,
        ).id  # fmt: skip

    handover_id = stage.ask(offered)

    def taken(cast):
        actor = cast.person("samordnare", slug)
        offer = handing_over.offer_for(actor, cast.federation(slug).id, handover_id)
        return handing_over.take_over(actor, offer).id

    new_id = stage.ask(taken)
    stage.work()
    return new_id


def test_with_several_parties_the_answers_are_shown_when_the_joint_one_is_given(app, stage, visitor):
    case = stage.case(CaseStatus.COLLECTED)
    open_by_link(app, visitor, case.id)
    assert "Alla svar har kommit Här är ärendet nu" in words(visitor)
    assert ANSWER["steps_taken"] not in visitor.text
    joint = {**ANSWER, "steps_taken": "Båda enheterna har en gemensam rutin nu."}
    stage.ask(
        lambda cast: answering.joint_answer(
            cast.coordinator, case_of_id(case.id), joint, seen=case_of_id(case.id).version
        )
    )
    visitor.get(ADDRESS)
    assert "Svar från samordnaren, från flera enheter" in words(visitor)
    assert "Båda enheterna har en gemensam rutin nu." in visitor.text
    assert ANSWER["steps_taken"] not in visitor.text


def test_one_party_has_no_step_of_collecting(app, stage, visitor):
    open_by_link(app, visitor, stage.case(CaseStatus.ANSWERED).id)
    assert "Alla svar har kommit" not in words(visitor)


@pytest.mark.parametrize("reason", CHOSEN_REASONS)
def test_a_closed_case_says_why_in_words(app, stage, visitor, reason):
    case = stage.case(CaseStatus.ASSIGNED)
    stage.ask(
        lambda cast: closing.close(
            cast.coordinator, case_of_id(case.id), reason, "Så blev det.", seen=case_of_id(case.id).version
        )
    )
    open_by_link(app, visitor, case.id)
    assert "Så blev det." in visitor.text
    assert f">{reason.value}<" not in visitor.text
    title = words(visitor).split("Samordnarens slutsats")[1].split("Så blev det.")[0].strip()
    assert len(title) > 5
    assert "Besvarad" not in words(visitor)


def test_a_merged_report_shows_what_came_of_the_other_case_and_never_its_report(app, stage, visitor):
    own = stage.case(CaseStatus.ASSIGNED, what_happened="Min egen berättelse.")
    other = stage.case(CaseStatus.ASSIGNED, what_happened="Någon annans berättelse.")
    ask(stage, other, "Fråga till den andra anmälaren?")
    merge(stage, own, other)
    open_by_code(app, visitor, own.id)
    assert f"Din anmälan hör ihop med ärende {other.number}" in words(visitor)
    assert "Min egen berättelse." in visitor.text
    assert "Någon annans" not in visitor.text
    assert "Fråga till den andra anmälaren?" not in visitor.text
    assert "Samma händelse som ett annat ärende" not in visitor.text
    stage.ask(lambda cast: cast.answer(case_of_id(other.id)))
    visitor.get(ADDRESS)
    assert ANSWER["steps_taken"] in visitor.text
    assert "Någon annans" not in visitor.text


def test_a_question_to_the_other_reporter_is_not_answered_by_this_one(app, stage, visitor):
    own, other = stage.case(), stage.case()
    ask(stage, own)
    open_by_link(app, visitor, own.id)
    page = visitor.last
    merge(stage, own, other)
    ask(stage, other, "Bara till den andra?")
    before = counts(app)
    visitor.last = page
    send(visitor, "reply", text="Ett svar på fel fråga.")
    assert visitor.last.status_code == 422
    assert "Det du skrev är inte sparat" in words(visitor)
    assert "Ett svar på fel fråga." in visitor.text
    assert counts(app) == before


def test_p01_a_report_that_was_handed_over_is_followed_with_the_same_code_and_link(app, stage, visitor, new_visitor):
    own = stage.case(CaseStatus.ASSIGNED, what_happened="Vi står mitt emellan.")
    new_id = hand_over(stage, own)
    new = stage.look(new_id, ELSEWHERE)
    for opened in (open_by_code(app, visitor, own.id), open_by_link(app, new_visitor(), own.id)):
        said = words(opened)
        assert "Samordningsförbundet Finnveden har tagit över din anmälan" in said
        assert new.number in said
        assert TO_REPORTER in said
        assert "Hos ansvarig chef" in said
        assert "Vi står mitt emellan." in said
    stage.ask(lambda cast: cast.answer(case_of_id(new_id)))
    visitor.get(ADDRESS)
    assert ANSWER["steps_taken"] in visitor.text


def test_a_question_of_the_new_federation_is_answered_with_the_old_code(app, stage, visitor):
    own = stage.case(CaseStatus.ASSIGNED)
    new = stage.look(hand_over(stage, own), ELSEWHERE)
    ask(stage, new, "Gällde det Värnamo?")
    open_by_code(app, visitor, own.id)
    assert "Gällde det Värnamo?" in visitor.text
    send(visitor, "reply", text="Ja, i Värnamo.")
    assert "Ditt svar är skickat" in words(visitor)
    assert "Ja, i Värnamo." in visitor.text


def test_handed_over_twice_is_followed_to_the_end(app, stage, visitor):
    own = stage.case(CaseStatus.ASSIGNED)
    second = stage.look(hand_over(stage, own), ELSEWHERE)
    third = stage.look(hand_over(stage, second, "hoglandet"), "hoglandet")
    open_by_code(app, visitor, own.id)
    assert second.number in words(visitor)
    assert third.number in words(visitor)
    assert "Samordningsförbundet Höglandet" in words(visitor)


def test_an_offer_that_waits_shows_nothing_of_it(app, stage, visitor):
    own = stage.case(CaseStatus.ASSIGNED)
    stage.ask(
        lambda cast: handing_over.offer(
            cast.coordinator, case_of_id(own.id), cast.federation(ELSEWHERE), "Fel förbund.", TO_REPORTER,
            seen=case_of_id(own.id).version,
        )
    )  # fmt: skip
    open_by_code(app, visitor, own.id)
    assert "Finnveden" not in words(visitor)
    assert TO_REPORTER not in visitor.text


def test_p07_what_a_link_has_opened_is_closed_with_the_link(app, stage, visitor, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Bara för den som har länken.")
    by_code = open_by_code(app, new_visitor(), case.id)
    open_by_link(app, visitor, case.id)
    assert "Bara för den som har länken." in visitor.text
    assert visitor.last.request.path == ADDRESS, "the token leaves the address bar"
    stage.ask(lambda _cast: revoke(contact_of(db.session.get_one(Case, case.id).report_id)))
    visitor.get(ADDRESS)
    assert "Bara för den som har länken." not in visitor.text
    by_code.get(ADDRESS)
    assert "Bara för den som har länken." in by_code.text


def test_the_next_person_at_the_screen_finds_nothing_after_half_an_hour(app, stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Inte för nästa person.")
    link = link_of(app, case.id)
    now = clock.now()
    with clock.at(now):
        visitor.get(link)
    with clock.at(now + timedelta(minutes=29)):
        assert "Inte för nästa person." in visitor.get(ADDRESS).get_data(as_text=True)
    with clock.at(now + timedelta(minutes=31)):
        assert "Inte för nästa person." not in visitor.get(ADDRESS).get_data(as_text=True)


def test_p07_the_cookie_holds_neither_code_nor_text(app, stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Får inte stå i kakan.")
    open_by_code(app, visitor, case.id)
    inside = repr(base64_decode(visitor.client.get_cookie("lexheller").value.split(".")[0]))
    assert code_of(app, case.id) not in inside
    assert "kakan" not in inside


def test_the_page_is_safe_for_markup_in_every_text(app, stage, visitor):
    evil = "<script>alert(1)</script>"
    case = stage.case(CaseStatus.ASSIGNED, what_happened=evil)
    ask(stage, case, evil)
    open_by_link(app, visitor, case.id)
    send(visitor, "reply", text=evil)
    stage.ask(lambda cast: cast.answer(case_of_id(case.id), cause=evil))
    stage.ask(
        lambda cast: closing.close(
            cast.coordinator, case_of_id(case.id), CloseReason.OTHER, evil, seen=case_of_id(case.id).version
        )
    )
    visitor.get(ADDRESS)
    assert visitor.text.count("&lt;script&gt;") == 5
    assert evil not in visitor.text


def test_p06_p07_a_reporter_stops_the_mails_and_the_link_dies_wherever_the_report_went_on(app, stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    there = hand_over(stage, case)
    link = link_of(app, case.id)
    open_by_link(app, visitor, case.id)
    assert "Vill du inte ha fler mejl?" in words(visitor)
    fields = fields_of(visitor, "stop_mail")
    send(visitor, "stop_mail")
    assert "Du får inga fler mejl" in words(visitor)
    assert visitor.last.request.path == "/kvitto", "who came by the link comes no further with it"
    assert visitor.get(link).status_code == 404
    assert visitor.client.post(f"{ADDRESS}/sluta-mejla", data=fields).status_code == 422
    assert len(events(stage, "case.reporter_link_closed")) == 2

    def still_mailed(_cast):
        return [living_contact(case_of_id(each)) for each in (case.id, there)]

    assert stage.ask(still_mailed) == [None, None]
    open_by_code(app, visitor, case.id)
    assert visitor.last.status_code == 200
    assert "Vill du inte ha fler mejl?" not in words(visitor)
