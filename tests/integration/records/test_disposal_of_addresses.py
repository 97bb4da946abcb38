"""The reporter's address is deleted so many days after the case was closed, and nothing else of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import report_id_of, token_for
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import closing, notices
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.intake.service import receipt_code
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.records import disposal_addresses
from lexheller.records.disposal_addresses import DISPOSED, dispose_of_addresses
from lexheller.statements.queries import details_of, version_here
from lexheller.statements.service import write_statements
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.records.disposing_of_cases import WAIT, a_plan, adopt, on, words_left

DAYS = 60
ADDRESS = "anmalare@habo.example"


def say(cast: Cast, days: int | None, slug: str = HOME) -> None:
    home = cast.federation(slug).id
    with transaction():
        told = replace(details_of(home), reporter_days=days)
        write_statements(cast.person("samordnare", slug), home, told, seen=version_here(home))


def plan_it(cast: Cast, slug: str = HOME) -> None:
    say(cast, DAYS, slug)
    adopt(cast, a_plan(days=DAYS), slug)


def disposed() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == DISPOSED).order_by(Event.id)))


@pytest.fixture
def old(cast) -> Case:
    """Closed on the fifth of March 2026."""
    with on(2026):
        return cast.reach(CaseStatus.CLOSED)


def test_p26_the_address_goes_on_the_day_and_the_links_with_it(cast, old):
    with on(2026, 3, 6):
        plan_it(cast)
        notices.tell_reporter(old, "closed", once="again")
        db.session.commit()
        token = token_for(contact_of(old.report_id))
        assert report_id_of(token) == old.report_id
    with on(2026, 5, 3):  # the fifty-ninth day
        assert dispose_of_addresses() == 0
    with on(2026, 5, 4):
        assert dispose_of_addresses() == 1
        assert dispose_of_addresses() == 0, "once"
        db.session.expire_all()
        assert contact_of(old.report_id) is None
        assert report_id_of(token) is None
        told = select(Message.status).where(Message.recipient_type == RecipientType.REPORTER)
        assert MessageStatus.WAITING not in set(db.session.scalars(told))
        assert [(event.subject_id, event.subject_type, event.actor_kind) for event in disposed()] == [
            (old.id, "case_aside", "system")
        ]
        assert words_left([ADDRESS]) == []
        assert broken_promises() == []


def test_the_case_page_says_that_it_went_and_the_code_still_opens_the_receipt(stage, new_visitor):
    def went(cast: Cast) -> tuple[str, str, str]:
        with on(2026):
            case = cast.reach(CaseStatus.CLOSED)
        with on(2026, 6):
            plan_it(cast)
        with on(2026, 7):
            assert dispose_of_addresses() == 1
        return receipt_code(case.federation_id, case.report.submission_id), case.number, str(case.id)

    code, number, case_id = stage.ask(went)
    reader, office = new_visitor(), new_visitor()
    reader.get("/kvitto")
    assert number in reader.post("/kvitto", {"code": code}).get_data(as_text=True)
    office.sign_in("samordnare")
    page = office.get(f"/arenden/{HOME}/{case_id}").get_data(as_text=True)
    assert "Adressen är borttagen enligt gallringsplanen" in page
    assert "Anmälarens adress togs bort enligt gallringsplanen" in page, "and the history"


def test_p26_without_a_plan_or_while_it_says_something_else_than_the_open_page_the_address_stays(cast, old):
    with on(2028):
        say(cast, DAYS)
        assert dispose_of_addresses() == 0, "no plan"
        adopt(cast)
        assert dispose_of_addresses() == 0, "the plan says nothing of addresses"
        adopt(cast, a_plan(days=DAYS))
        assert dispose_of_addresses() == 0, "its waiting time is not over"
    with on(2028, 3, 5 + WAIT):
        say(cast, DAYS + 1)
        assert dispose_of_addresses() == 0, "it says another number"
        say(cast, DAYS)
        assert dispose_of_addresses() == 1


def test_p26_opened_again_the_time_begins_anew_and_what_went_on_elsewhere_waits_for_that(cast, old):
    with on(2026, 3, 20), transaction():
        plan_it(cast)
        closing.reopen(cast.coordinator, old, seen=old.version)
    with on(2026, 4, 20):
        other = cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            merged = cast.reach(CaseStatus.ASSIGNED)
            closing.merge(cast.coordinator, merged, other, seen=merged.version)
    with on(2026, 8, 20):
        assert dispose_of_addresses() == 0, "one is open, the other's goes on in one that is"
        with transaction():
            closing.close(cast.coordinator, other, CloseReason.SOLVED, "Klart.", seen=other.version)
            closing.close(cast.coordinator, old, CloseReason.SOLVED, "Klart.", seen=old.version)
        assert dispose_of_addresses() == 0
    with on(2026, 10, 18):
        assert dispose_of_addresses() == 0
    with on(2026, 10, 19):
        assert dispose_of_addresses() == 3


def test_p33_one_federation_that_fails_does_not_stop_the_others(cast, old, monkeypatch):
    with on(2026):
        cast.reach(CaseStatus.CLOSED, ELSEWHERE)
        plan_it(cast)
        plan_it(cast, ELSEWHERE)
    home, real = cast.federation().id, disposal_addresses._dispose

    def failing(case: Case) -> None:
        if case.federation_id == home:
            raise RuntimeError("broken")
        real(case)

    monkeypatch.setattr(disposal_addresses, "_dispose", failing)
    with clock.at(clock.now() + timedelta(days=4000)):
        assert dispose_of_addresses() == 1
        left = db.session.scalars(select(ReporterContact.federation_id)).all()
        assert left == [home]
        monkeypatch.undo()
        assert dispose_of_addresses() == 1


def test_p15_a_plan_in_one_federation_touches_no_address_of_another(cast, old):
    with on(2026):
        cast.reach(CaseStatus.CLOSED, ELSEWHERE)
    with on(2030):
        plan_it(cast, ELSEWHERE)
    with on(2031):
        assert dispose_of_addresses() == 1
        assert db.session.scalars(select(ReporterContact.federation_id)).all() == [old.federation_id]
