"""Where nobody handles cases: those who see them all are told and find what waits; without them it is refused (P4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.accounts.service import disable
from lexheller.administration import notices as settings_notices
from lexheller.cases.dialogue import Handover
from lexheller.cases.states import CaseStatus
from lexheller.casework import asking, handing_over, notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.jobs import Postponed
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.intake import notices as intake_notices
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow
from lexheller.messaging.models import Message
from lexheller.messaging.service import in_words
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import doubt_manager
from tests.cast.people import ELSEWHERE, HOME, Cast

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def gone(cast: Cast, slug: str, *parts: str) -> None:
    """Their accounts are closed, as when somebody has left."""
    with transaction():
        for part in parts:
            disable(OPERATOR, user_by_email(address(part, slug)), federation_id=cast.federation(slug).id)


def told(kind: str) -> list[str]:
    """Who the messages of the kind would reach if they were sent now."""
    found = [in_words(row) for row in db.session.scalars(select(Message).where(Message.kind == kind))]
    return [words[0].email for words in found if words is not None]


def offer(cast: Cast) -> Handover:
    case = cast.reach(CaseStatus.ASSIGNED, what_happened="Hemligt hände.")
    there = cast.federation(ELSEWHERE)
    with transaction():
        return handing_over.offer(cast.coordinator, case, there, "Skäl.", "Till anmälaren.", seen=case.version)


def test_p04_what_the_reporter_says_reaches_the_director(cast):
    unsolved, asked = cast.reach(CaseStatus.ANSWERED), cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        question = asking.ask_reporter(cast.coordinator, asked, "När var det?", seen=asked.version)
    gone(cast, HOME, "samordnare")
    with transaction():
        reporter_steps.say_not_solved(follow(unsolved), "Samma sak igen.")
        reporter_steps.reply(asked, question, "I mars.")
    director = address("forbundschef", HOME)
    assert told(intake_notices.NOT_SOLVED) == [director]
    assert told(intake_notices.QUESTION_REPLIED) == [director]


def test_p04_that_the_manager_is_another_reaches_the_director(cast):
    gone(cast, HOME, "samordnare")
    (manager,) = responsible_managers(cast.unit("Arbetsförmedlingen").id, clock.today())
    with transaction():
        change = doubt_manager(cast.manager_of(cast.reach(CaseStatus.ASSIGNED)), manager)
        settings_notices.tell_office_doubted(manager, change)
    assert told(settings_notices.DOUBTED) == [address("forbundschef", HOME)]


def test_p04_an_offer_reaches_the_director_there_who_reads_it_and_decides_nothing(stage, new_visitor):
    stage.ask(lambda cast: gone(cast, ELSEWHERE, "samordnare"))
    offer_id = stage.ask(lambda cast: offer(cast).id)
    assert stage.ask(lambda _cast: told(notices.HANDOVER_OFFERED)) == [address("forbundschef", ELSEWHERE)]
    director = new_visitor()
    director.sign_in("forbundschef", ELSEWHERE)
    assert "vill lämna över ett ärende till er" in director.get(f"/start/{ELSEWHERE}").get_data(as_text=True)
    path = f"/overlamningar/{ELSEWHERE}/{offer_id}"
    director.get(f"/overlamningar/{ELSEWHERE}")
    assert path in director.text
    director.get(path)
    assert "Hemligt hände." in director.text
    assert "Den som får rollen ser frågan här." in director.text
    assert not re.search(r"/ta-over|/sag-nej", director.text)
    for step in ("ta-over", "sag-nej"):
        director.get("/kvitto")
        assert director.post(f"{path}/{step}", {"decline-reason": "Nej."}).status_code == 404


def test_p04_an_offer_that_nobody_there_could_hear_of_is_refused(cast):
    gone(cast, ELSEWHERE, "samordnare", "forbundschef")
    with pytest.raises(InvalidInput) as refused:
        offer(cast)
    assert (refused.value.field, refused.value.code) == ("to", "nobody_there")
    assert db.session.scalars(select(Handover)).all() == []


def test_p09_nobody_is_asked_again_at_night_and_a_decision_ends_it(cast):
    with clock.at(MONDAY):
        made = offer(cast)
    with clock.at(MONDAY + timedelta(days=8, hours=12)):
        later = handing_over.look_after_offer(made.id)
    assert isinstance(later, Postponed)
    assert later.until > MONDAY + timedelta(days=8, hours=12)
    before = told(notices.HANDOVER_OFFERED)
    with clock.at(later.until), transaction():
        assert isinstance(handing_over.look_after_offer(made.id), Postponed)
        assert told(notices.HANDOVER_OFFERED) == before * 2
        handing_over.decline(cast.outsider, made, "Inte vår kommun.")
    with clock.at(MONDAY + timedelta(days=30)):
        assert handing_over.look_after_offer(made.id) is None
    assert told(notices.HANDOVER_WAITS) == []
