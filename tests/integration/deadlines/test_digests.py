"""P5–P7, P9, P10: one mail per recipient and sweep, to who may hear of it when it is sent, with no case text."""

from __future__ import annotations

import re
from datetime import date

import pytest
from clockwork import OPENED, Clockwork, at

from lexheller.audit.queries import history
from lexheller.cases.answer_link import link_of, links_of, revoke
from lexheller.cases.models import Duty
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.deadlines.sweep import remind_now
from lexheller.demo.data import address
from lexheller.messaging.models import MessageStatus, RecipientType
from lexheller.organisations.lists import add_closed_day
from lexheller.organisations.service import end_manager
from lexheller.organisations.substitutes import add_substitution
from tests.cast.people import HOME

SECRET = "Kontoret hänvisade till webben"
REMIND, OVERDUE = "2026-03-25 08:00", "2026-03-31 08:00"
ESCALATED = ("2026-04-08 08:00", "2026-04-15 08:00", "2026-04-22 08:00")


def substitute(works: Clockwork, absent: str, email: str, name: str = "Vera Vik") -> None:
    with at(OPENED), transaction():
        add_substitution(
            works.cast.coordinator,
            works.federation_id,
            absent_email=absent,
            name=name,
            email=email,
            from_on=date(2026, 3, 1),
            to_on=date(2027, 3, 1),
        )


def to(works: Clockwork) -> list[str]:
    return [re.sub(r".*<|>", "", mail["To"]) for mail in works.post.mails]


def manager_address(works: Clockwork, duty: Duty) -> str:
    return works.managers(duty)[0].email


def test_p05_one_mail_per_recipient_and_sweep_tells_all_their_cases(works: Clockwork) -> None:
    duties = [works.duty() for _ in range(3)]
    assert works.tick(OVERDUE) == 9
    (mail,) = works.post.mails
    text = mail.get_content()
    assert all(works.case(duty).number in text for duty in duties)
    assert text.count("/svar/") == 3, "each case once, though three steps fired for it"
    assert "3 ärenden" in mail["Subject"]
    (message,) = works.messages()
    assert (message.status, message.attempts) == (MessageStatus.SENT, 1)


def test_p05_two_managers_get_one_mail_each(works: Clockwork) -> None:
    first, second = works.duty(), works.duty(organisation="Försäkringskassan")
    works.tick(REMIND)
    assert sorted(to(works)) == sorted([manager_address(works, first), manager_address(works, second)])


def test_p07_a_managers_mail_says_number_unit_date_and_has_a_link_of_its_own(works: Clockwork) -> None:
    duty = works.duty()
    works.accept(duty, "2026-03-04 10:00")
    works.tick(REMIND)
    (mail,) = works.post.mails
    text = mail.get_content()
    assert works.case(duty).number in text and works.case(duty).number in mail["Subject"]
    assert duty.unit.name in text
    assert "30 mars" in text
    assert SECRET not in text
    token = re.search(r"/svar/(\S+)", text)
    assert token is not None
    with at(REMIND):
        link = link_of(token[1])
    assert link is not None and (link.duty_id, link.email) == (duty.id, manager_address(works, duty))


def test_a_manager_is_offered_more_days_only_while_the_page_gives_them(works: Clockwork) -> None:
    duty = works.duty()
    works.tick(REMIND)
    assert "Be om fler dagar på samma sida" in works.post.texts()[-1]
    works.tick(OVERDUE)
    assert "Be om fler dagar" not in works.post.texts()[-1], "it is late"
    assert "Hör av dig till samordnaren" in works.post.texts()[-1]
    works.extend(duty, 10, "2026-04-01 10:00")
    works.tick("2026-04-10 08:00")
    assert "Be om fler dagar" not in works.post.texts()[-1], "it has been extended already"


def test_p10_each_escalation_goes_one_rung_up_and_stops_at_the_top(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    works.tick(OVERDUE)
    seen = []
    for moment in (*ESCALATED, "2026-12-01 10:00"):
        works.post.mails.clear()
        works.tick(moment)
        seen.append(to(works))
    assert seen == [["sara.sund@af.example"], [address("samordnare", HOME)], [address("forbundschef", HOME)], []]
    rungs = [event.data["rung"] for event in works.events(duty) if event.kind == "duty.escalated"]
    assert rungs == ["superior", "coordinator", "director"]


def test_p10_without_a_superior_the_coordinator_is_next_and_above_the_director_is_nobody(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty, None, None)
    works.tick(ESCALATED[2])
    rungs = [event.data["rung"] for event in works.events(duty) if event.kind == "duty.escalated"]
    assert rungs == ["coordinator", "director", None]


def test_p10_an_extension_does_not_begin_from_below_again(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    works.tick(ESCALATED[0])
    works.extend(duty, 20, "2026-04-09 10:00")
    works.tick("2026-12-01 10:00")
    rungs = [event.data["rung"] for event in works.events(duty) if event.kind == "duty.escalated"]
    assert rungs == ["superior", "coordinator", "director", None]


def test_p10_substitutes_stand_in_for_the_manager_the_superior_and_the_coordinator(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    substitute(works, manager_address(works, duty), "vikarie@af.example")
    substitute(works, "sara.sund@af.example", "tf.chef@af.example", "Tove Falk")
    substitute(works, address("samordnare", HOME), address("forbundschef", HOME), "Direktör")
    works.send("2026-03-02 10:00")  # what the substitute hears at once
    works.post.mails.clear()
    works.tick(OVERDUE)
    assert to(works) == ["vikarie@af.example"]
    works.post.mails.clear()
    works.tick(ESCALATED[0])
    assert to(works) == ["tf.chef@af.example"]
    works.post.mails.clear()
    works.tick(ESCALATED[1])
    assert to(works) == [address("forbundschef", HOME)]
    works.post.mails.clear()
    works.tick(ESCALATED[2])
    assert to(works) == [], "the director has been told"


def test_p10_who_left_is_skipped_and_the_office_is_reminded_instead(works: Clockwork) -> None:
    duty = works.duty()
    for manager in works.managers(duty):
        with at("2026-03-10 10:00"), transaction():
            end_manager(works.cast.coordinator, manager, last_day=date(2026, 3, 10))
    works.send("2026-03-11 10:00")
    assert to(works) == [address("samordnare", HOME)], "told that nobody answers there any more"
    works.post.mails.clear()
    works.tick(REMIND)
    assert to(works) == [address("samordnare", HOME)]
    assert {event.data["rung"] for event in works.events(duty)} == {"coordinator"}
    assert f"/arenden/{HOME}/{duty.case_id}" in works.post.texts()[0]


def test_p07_a_superior_hears_number_unit_and_days_and_gets_no_way_in(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    works.tick(OVERDUE)
    works.post.mails.clear()
    works.tick(ESCALATED[0])
    (mail,) = works.post.mails
    text = mail.get_content()
    assert works.case(duty).number in text and duty.unit.name in text
    assert "5 arbetsdagar" in text
    assert SECRET not in text
    assert re.findall(r"https?://\S+", text) == [re.search(r"https?://\S+/logga-in", text)[0]]


def test_p06_between_firing_and_sending_what_no_longer_matters_is_left_out(works: Clockwork) -> None:
    answered, waiting = works.duty(), works.duty()
    works.fire(REMIND)
    works.answer(answered, "2026-03-25 08:01")
    works.post.mails.clear()
    works.send("2026-03-25 08:02")
    text = next(mail.get_content() for mail in works.post.mails if "/svar/" in mail.get_content())
    assert works.case(waiting).number in text
    assert works.case(answered).number not in text


@pytest.mark.parametrize("change", ["answered", "paused", "extended", "revoked", "left"])
def test_p06_a_digest_with_nothing_left_is_cancelled(works: Clockwork, change: str) -> None:
    duty = works.duty()
    works.fire(REMIND)
    later = "2026-03-25 08:01"
    match change:
        case "answered":
            works.answer(duty, later)
        case "paused":
            works.ask(duty, later)
        case "extended":
            works.extend(duty, 5, later)
        case "revoked":
            with at(later), transaction():
                for link in links_of(duty.id):
                    revoke(link)
        case _:
            with at("2026-03-24 10:00"), transaction():
                end_manager(works.cast.coordinator, works.managers(duty)[0], last_day=date(2026, 3, 24))
    works.send("2026-03-25 08:02")
    assert works.messages()[0].status == MessageStatus.CANCELLED


def test_p06_a_coordinator_whose_role_is_gone_hears_nothing(works: Clockwork) -> None:
    works.duty()
    works.fire(ESCALATED[1])
    with transaction():
        works.cast.coordinator_leaves()
    works.send("2026-04-15 08:01")
    assert address("samordnare", HOME) not in to(works)
    statuses = {row.recipient_type: row.status for row in works.messages()}
    assert statuses[RecipientType.USER] == MessageStatus.CANCELLED


def test_p06_recipients_belong_to_the_federation(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    works.tick(ESCALATED[2])
    types = {row.recipient_type for row in works.messages()}
    assert types == {RecipientType.LINK, RecipientType.SUPERIOR, RecipientType.USER}
    assert not any(email.endswith("finnveden.example") for email in to(works))
    assert {row.federation_id for row in works.messages()} == {works.federation_id}


def test_p09_a_digest_that_meets_the_night_waits_until_the_next_working_morning(works: Clockwork) -> None:
    duty = works.duty("2026-03-06 16:00")
    works.fire("2026-04-02 17:59")  # Maundy Thursday, and the mail is not sent before closing
    assert works.send("2026-04-02 18:00") == []
    assert works.send("2026-04-06 10:00") == []
    assert works.send("2026-04-07 06:59") == []
    assert works.messages()[0].status == MessageStatus.WAITING
    assert len(works.send("2026-04-07 07:00")) == 1
    assert works.case(duty).number in works.post.texts()[0]


def test_p09_a_day_that_is_closed_meanwhile_is_waited_out_too(works: Clockwork) -> None:
    works.duty()
    works.fire("2026-03-25 17:59")
    with at("2026-03-25 18:30"), transaction():
        add_closed_day(works.cast.coordinator, works.federation_id, date(2026, 3, 26), "Studiedag")
    assert works.send("2026-03-26 10:00") == []
    assert len(works.send("2026-03-27 07:00")) == 1


def test_the_offices_reminder_goes_to_the_manager_once_a_day(works: Clockwork) -> None:
    duty = works.duty()
    with at("2026-03-04 10:00"), transaction():
        remind_now(works.cast.coordinator, duty)
    (event,) = works.events(duty)
    assert (event.kind, event.data["step"]) == ("duty.reminded", "by_hand")
    assert event.actor_user_id == works.cast.coordinator.user_id
    works.send("2026-03-04 10:01")
    assert to(works) == [manager_address(works, duty)]
    assert SECRET not in works.post.texts()[0]
    with at("2026-03-04 16:00"), pytest.raises(InvalidInput) as refused:
        remind_now(works.cast.coordinator, duty)
    assert (refused.value.field, refused.value.code) == ("remind", "already_today")
    with at("2026-03-05 00:01"), transaction():
        remind_now(works.cast.coordinator, duty)
    assert len(works.events(duty)) == 2
    works.send("2026-03-05 00:02")
    assert len(works.post.mails) == 1, "not at night"


def test_the_offices_reminder_is_refused_when_it_makes_no_sense(works: Clockwork) -> None:
    duty, codes = works.duty(), []
    works.ask(duty, "2026-03-04 10:00")
    with at("2026-03-04 11:00"), pytest.raises(InvalidInput) as refused:
        remind_now(works.cast.coordinator, duty)
    codes.append(refused.value.code)
    works.no_longer_ask(duty, "2026-03-04 12:00")
    with at("2026-03-10 10:00"), transaction():
        end_manager(works.cast.coordinator, works.managers(duty)[0], last_day=date(2026, 3, 9))
    with at("2026-03-10 11:00"), pytest.raises(InvalidInput) as refused:
        remind_now(works.cast.coordinator, duty)
    codes.append(refused.value.code)
    other = works.duty(organisation="Försäkringskassan")
    works.answer(other, "2026-03-04 10:00")
    with at("2026-03-10 11:00"), pytest.raises(InvalidInput) as refused:
        remind_now(works.cast.coordinator, other)
    codes.append(refused.value.code)
    assert codes == ["paused", "nobody_responsible", "not_open"]


def test_p15_nobody_but_the_office_reminds(works: Clockwork) -> None:
    duty = works.duty()
    for actor in (works.cast.outsider, works.cast.director, works.cast.manager_of(duty)):
        with at("2026-03-04 10:00"), pytest.raises(NotAllowedToSee):
            remind_now(actor, duty)
    assert works.events(duty) == []


def test_p14_events_carry_codes_and_ids_alone(works: Clockwork) -> None:
    duty = works.duty()
    works.give_superior(duty)
    works.tick("2026-12-01 10:00")
    for event in history(works.federation_id, "duty", duty.id):
        assert set(event.data) == {"case_id", "step", "clock_round", "rung"}
