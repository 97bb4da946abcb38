"""The office's pages count a year once while nothing happens; what is kept never is another state's or another's."""

from __future__ import annotations

import json
from datetime import date

import pytest
from reporting import FEBRUARY, PATH, SPRING, YEAR, approve, cases_of_the_year, freeze, write
from sqlalchemy import update

from lexheller.action_reports import drafting, kept
from lexheller.action_reports.compiling import compiled, last_day
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.organisations.lists import rename_theme
from lexheller.organisations.models import Organisation
from lexheller.organisations.queries import themes
from tests.cast.people import ELSEWHERE
from tests.integration.desk.looking import queries_of

PAGES = (
    PATH,
    f"{PATH}/by_month/{YEAR}-03",
    f"{PATH}/utkast",
    f"{PATH}/utkast/granska",
    f"{PATH}/utkast/frys",
    f"{PATH}/utkast/skillnader",
    f"{PATH}/utkast.csv",
)


def as_it_is(cast, **values):
    """The kept figures, which are the ones counted anew, to the byte."""
    found = kept.figures(cast.federation(**values), YEAR, last_day(YEAR))
    assert json.dumps(found) == json.dumps(compiled(cast.federation(**values), YEAR))
    return found


def counts_facts(asked: list[str]) -> bool:
    return any("FROM case_fact" in statement for statement in asked)


def test_the_pages_count_once_and_again_when_something_has_happened(stage, app, visitor):
    stage.ask(cases_of_the_year)
    visitor.sign_in("samordnare")
    assert counts_facts(queries_of(app, visitor, PATH))
    assert [path for path in PAGES if counts_facts(queries_of(app, visitor, path))] == []
    with clock.at(SPRING):
        number = stage.case(CaseStatus.ASSIGNED).number
    assert counts_facts(queries_of(app, visitor, PATH))
    assert number in visitor.text
    assert [path for path in PAGES if counts_facts(queries_of(app, visitor, path))] == []
    visitor.get(f"{PATH}/by_month/{YEAR}-03")
    assert number in visitor.text


def test_a_change_by_somebody_else_is_seen_though_this_request_has_read_it_before(cast):
    cases_of_the_year(cast)
    as_it_is(cast)
    theme, shared = themes(cast.federation().id)[0], cast.organisation("Arbetsförmedlingen")
    with transaction():
        rename_theme(cast.coordinator, theme, "Ett annat namn")
    as_it_is(cast)
    assert shared.name == "Arbetsförmedlingen"
    behind = update(Organisation).where(Organisation.id == shared.id).values(name="Jobbmyndigheten")
    db.session.execute(behind.execution_options(synchronize_session=False))  # no verb renames what all share
    assert "Jobbmyndigheten" in {line["label"] for line in as_it_is(cast)["by_organisation"]}


def test_the_cut_off_day_and_the_year_are_kept_apart(cast):
    cases_of_the_year(cast)
    home = cast.federation()
    for year, day in ((YEAR, last_day(YEAR)), (YEAR, date(YEAR + 1, 2, 1)), (YEAR - 1, last_day(YEAR - 1))) * 2:
        found = kept.figures(home, year, day)
        assert (found["year"], found["cut_off"], found["hash"]) == (
            year,
            day.isoformat(),
            compiled(home, year, day)["hash"],
        )


def test_p15_two_federations_never_share_what_is_kept(cast, monkeypatch):
    monkeypatch.setattr(kept, "_state", lambda _federation_id: "as if nothing told them apart")
    cases_of_the_year(cast)
    for _ in range(2):
        assert as_it_is(cast)["received"] == 3
        assert as_it_is(cast, slug=ELSEWHERE)["cases"] == []
        assert kept.years(cast.federation().id) == [YEAR]
        assert kept.years(cast.federation(ELSEWHERE).id) == []


def test_p15_what_happens_in_one_federation_leaves_the_other_as_it_was(cast):
    cases_of_the_year(cast)
    home, other = cast.federation().id, cast.federation(ELSEWHERE).id
    before = kept._state(home), kept._state(other)
    assert before[0] != before[1]
    cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    assert kept._state(home) == before[0]
    assert kept._state(other) != before[1]


def test_whoever_alters_the_figures_alters_their_own(cast):
    cases_of_the_year(cast)
    mine = as_it_is(cast)
    mine["cases"].clear()
    mine["by_month"][0]["label"] = "Fel"
    del mine["hash"]
    assert len(as_it_is(cast)["cases"]) == 3


def test_p29_what_is_stored_approved_and_frozen_is_counted_anew(cast, monkeypatch):
    def kept_figures(*_which):
        pytest.fail("kept figures went into a report")

    cases_of_the_year(cast)
    write(cast)
    as_it_is(cast)
    monkeypatch.setattr(kept, "figures", kept_figures)
    with transaction():
        drafting.compile_draft(cast.coordinator, cast.federation(), YEAR)
    with clock.at(FEBRUARY):
        approve(cast)
        assert len(freeze(cast).data["cases"]) == 3
