"""The trial's figures on real cases, against a set counted by hand; in as many queries whatever the cases."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from lexheller.administration import rules_page
from lexheller.administration.rules_queries import past_cases
from lexheller.administration.rules_trial import Change
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.organisations.models import OrganisationKind
from lexheller.organisations.queries import municipalities, organisations, units
from lexheller.routing import drafts, queries
from lexheller.routing.contents import RuleDraft
from lexheller.routing.service import replace_rules
from tests.cast.people import ELSEWHERE


@contextmanager
def counted():
    asked = []

    def hear(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


@pytest.fixture
def tried(cast):
    """Rules by place in use, a draft that sends one place elsewhere, forgets one and takes in an activity."""
    home = cast.federation().id
    office = next(unit for unit in units(home) if unit.organisation.name == "Arbetsförmedlingen")
    other = next(unit for unit in units(home) if unit.organisation.name == "Habo kommun")
    first, second, third = municipalities(home)[:3]
    activity = next(row for row in organisations(home) if row.kind == OrganisationKind.ACTIVITY)
    member = office.organisation_id
    in_use = [RuleDraft(office.id, member, place.id) for place in (first, second, third)]
    with transaction():
        replace_rules(cast.coordinator, home, in_use)
    cases = {
        "same": cast.reach(CaseStatus.ANSWERED, municipality_id=first.id),
        "other": cast.reach(CaseStatus.ANSWERED, municipality_id=second.id),
        "lost": cast.reach(CaseStatus.ASSIGNED, municipality_id=third.id),
        "found": cast.reach(CaseStatus.UNROUTED, municipality_id=None, reporting_organisation_id=activity.id),
    }
    cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    with transaction():
        draft = drafts.start_draft(cast.coordinator, home)
        rows = queries.rows_of(draft.id)
        drafts.change_rule(cast.coordinator, home, rows[1].id, RuleDraft(other.id, member, second.id), seen=1)
        drafts.remove_rule(cast.coordinator, home, rows[2].id, seen=2)
        drafts.add_rule(cast.coordinator, home, RuleDraft(other.id, activity_id=activity.id), seen=3)
        drafts.add_rule(cast.coordinator, home, RuleDraft(office.id, theme_id=None, municipality_id=third.id), seen=4)
        last = queries.rows_of(draft.id)[-1]
        wanted = RuleDraft(office.id, organisation_id=other.organisation_id)
        drafts.change_rule(cast.coordinator, home, last.id, wanted, seen=5)
    return draft, {name: case.id for name, case in cases.items()}, office.id, other.id


def test_the_figures_are_those_counted_by_hand(cast, tried):
    draft, cases, office, other = tried
    home = cast.federation().id
    shown = rules_page.trial_context(cast.coordinator, home, draft)
    trial = shown["trial"]
    assert trial.total == 4
    assert trial.counts == dict.fromkeys(Change, 1)
    assert [(row.case.id, row.before, row.after, row.case.answered_unit_id) for row in trial.changed] == [
        (cases["found"], None, other, None),
        (cases["lost"], office, None, None),
        (cases["other"], office, other, office),
    ]
    assert [trial.caught[row.id] for row in queries.rows_of(draft.id)] == [1, 1, 1, 0]
    assert (trial.answered, trial.right_before, trial.right_after) == (2, 2, 1)
    assert next((row.case_id, row.before, row.after) for row in shown["changed"]) == (
        cases["found"],
        "Samordnaren",
        shown["lines"][2].unit,
    )
    assert shown["unchanged"] is False
    assert "Arbetsförmedlingen" in shown["uncaught"]


def test_the_trial_asks_as_few_questions_of_many_cases_as_of_few(cast, tried):
    draft, home = tried[0], cast.federation().id
    actor = cast.coordinator

    def asked():
        db.session.expire_all()
        found = drafts.start_draft(actor, home)
        with counted() as statements:
            rules_page.trial_context(actor, home, found)
        return len(statements)

    few = asked()
    for place in municipalities(home):
        for _ in range(2):
            cast.report(municipality_id=place.id)
    assert rules_page.trial_context(actor, home, draft)["trial"].total == 12
    assert asked() == few


def test_only_the_newest_of_the_last_two_years(cast):
    home = cast.federation().id
    with clock.at(clock.now() - timedelta(days=rules_page.TRIED_DAYS + 2)):
        cast.report()
    cases = [cast.report() for _ in range(3)]
    since = clock.today() - timedelta(days=rules_page.TRIED_DAYS)
    found, more = past_cases(cast.coordinator, home, since, most=10)
    assert ([case.id for case in found], more) == ([case.id for case in reversed(cases)], False)
    found, more = past_cases(cast.coordinator, home, since, most=2)
    assert ([case.id for case in found], more) == ([cases[2].id, cases[1].id], True)


def test_p15_nobody_tries_rules_on_the_cases_of_others(cast):
    home = cast.federation().id
    cast.report()
    since = clock.today() - timedelta(days=30)
    assert len(past_cases(cast.director, home, since, most=10)[0]) == 1
    for stranger in (cast.outsider, cast.person("chef.fk"), cast.person("chef.af", ELSEWHERE)):
        assert past_cases(stranger, home, since, most=10) == ([], False)
