"""Words that came with the figures are looked at before an edition stands for ever with them (P24)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from reporting import PATH, YEAR, cases_of_the_year, hash_now

from lexheller.action_reports import editions
from lexheller.action_reports.drafting import draft_of
from lexheller.actions import service as actions
from lexheller.actions.queries import types
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from tests.cast.people import Cast

TITLE, DESCRIPTION = "Anna Lindqvist svarar inte", "Bad cheferna ringa 070-123 45 67"


def named(cast: Cast) -> None:
    """A fault and an action of the year, whose words name somebody."""
    cases_of_the_year(cast)
    answered = db.session.scalars(db.select(Case).where(Case.status == CaseStatus.ANSWERED)).first()
    home = cast.federation()
    with clock.at(datetime(YEAR, 5, 2, 9, tzinfo=UTC)), transaction():
        faults.suspect(cast.coordinator, home.id, faults.Details(TITLE), answered, "Samma.")
        details = actions.Details(DESCRIPTION, type=types(home.id)[0])
        actions.record_new(cast.coordinator, home, details, cases=[answered], done=actions.Done(date(YEAR, 5, 1)))


def approved(cast: Cast) -> bool:
    draft = draft_of(cast.federation().id, YEAR)
    return draft is not None and draft.approved_hash is not None


def test_p24_titles_and_descriptions_are_looked_at_before_the_report_is_approved(cast):
    named(cast)
    for looked in (False, True):
        try:
            with transaction():
                editions.approve(cast.director, cast.federation(), YEAR, seen_hash=hash_now(cast), looked=looked)
        except InvalidInput as problem:
            assert (problem.field, problem.code, looked) == ("looked", "doubtful", False)
        assert approved(cast) is looked


@pytest.mark.parametrize("ticked", [False, True])
def test_p24_the_page_shows_what_looks_like_a_person_and_asks(stage, visitor, ticked):
    stage.ask(named)
    visitor.sign_in("forbundschef")
    visitor.get(f"{PATH}/utkast/granska")
    for word in ("Anna Lindqvist", "070-123 45 67"):
        assert f"<mark>{word}</mark>" in visitor.text
    visitor.post(f"{PATH}/utkast/granska", {"hash": stage.ask(hash_now), **({"looked": "y"} if ticked else {})})
    assert (visitor.last.status_code, "kryssa i rutan" in visitor.text) == ((200, False) if ticked else (422, True))
    assert stage.ask(approved) is ticked


def test_a_report_without_doubtful_words_is_approved_without_a_tick(stage, visitor):
    stage.ask(cases_of_the_year)
    visitor.sign_in("forbundschef")
    visitor.get(f"{PATH}/utkast/granska")
    assert 'name="looked"' not in visitor.text
    visitor.post(f"{PATH}/utkast/granska", {"hash": stage.ask(hash_now)})
    assert stage.ask(approved)
