"""Why a case came to a unit is stored with the duty and stays true when the rules change (P3, P4)."""

from __future__ import annotations

from sqlalchemy import func, select

from lexheller.audit.queries import history
from lexheller.cases.models import Duty
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CaseStatus
from lexheller.casework import sending
from lexheller.casework.explain import why_here, why_nobody
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message
from lexheller.organisations.models import OrganisationKind, ResponsibleManager
from lexheller.organisations.queries import municipalities, organisations, units
from lexheller.routing.contents import RuleDraft
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.service import replace_rules
from tests.cast.people import HOME


def only_duty(case_id):
    (duty,) = live_duties(case_id)
    return duty


def test_p03_the_duty_says_by_which_rule_and_version_and_facts_it_came(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    duty = only_duty(case.id)
    rule = db.session.get_one(RoutingRule, duty.why["rule_id"])
    assert duty.why == {
        "rule_id": rule.id,
        "version": 1,
        "matched": ["organisation", "municipality"],
        "fallback": False,
    }
    assert (rule.organisation_id, rule.municipality_id) == (case.concerned_organisation_id, case.municipality_id)
    assert rule.unit_id == duty.unit_id
    routed = [event for event in history(case.federation_id, "case", case.id) if event.kind == "case.routed"]
    assert [event.data["why"] for event in routed] == [duty.why]


def test_p03_a_second_best_rule_is_called_a_fallback(cast):
    home = cast.federation()
    unit = units(home.id)[0]
    first = municipalities(home.id)[0]
    organisation = cast.organisation("Arbetsförmedlingen")
    with transaction():
        replace_rules(cast.coordinator, home.id, [RuleDraft(unit.id, organisation.id)])
    case = cast.reach(CaseStatus.ASSIGNED, municipality_id=first.id)
    duty = only_duty(case.id)
    assert duty.why["fallback"] is True
    assert duty.why["version"] == 2
    assert duty.why["matched"] == ["organisation"]
    assert len(why_here(case, duty)) == 2


def test_p03_new_rules_leave_the_old_duties_reasons_as_they_were(cast):
    old = cast.reach(CaseStatus.ASSIGNED)
    duty = only_duty(old.id)
    before, said = dict(duty.why), why_here(old, duty)
    home = old.federation_id
    other = next(unit for unit in units(home) if unit.id != duty.unit_id)
    with transaction():
        replace_rules(cast.coordinator, home, [RuleDraft(other.id)])
    new = cast.reach(CaseStatus.ASSIGNED)
    assert only_duty(new.id).why["version"] == 2
    assert only_duty(new.id).unit_id == other.id
    db.session.expire_all()
    assert only_duty(old.id).why == before
    assert why_here(old, only_duty(old.id)) == said
    assert db.session.scalar(select(func.count(RuleSet.id)).where(RuleSet.federation_id == home)) == 2


def test_p04_nobody_fits_the_case_is_unrouted_says_why_and_the_office_is_told(cast):
    case = cast.reach(CaseStatus.UNROUTED)
    assert (
        why_nobody(history(case.federation_id, "case", case.id))
        == "Anmälaren visste inte vilken organisation det gäller."
    )
    told = db.session.scalars(select(Message).where(Message.kind == "casework.case_unrouted")).all()
    assert [message.recipient_id for message in told] == [cast.coordinator.user_id]
    assert db.session.scalars(select(Duty)).all() == []


def test_p04_a_unit_that_nobody_answers_for_gets_nothing(cast):
    with transaction():
        for row in db.session.scalars(select(ResponsibleManager)):
            row.valid_to = clock.today().replace(year=2021)
    case = cast.report()
    with transaction():
        sending.route(case.id)
    assert case.status == CaseStatus.UNROUTED
    assert (
        why_nobody(history(case.federation_id, "case", case.id))
        == "En regel passade, men ingen är ansvarig chef för enheten just nu."
    )


def test_p04_a_federation_without_rules_leaves_all_to_the_coordinator(cast):
    home = cast.federation(HOME).id
    with transaction():
        replace_rules(cast.coordinator, home, [])
    case = cast.report()
    with transaction():
        sending.route(case.id)
    assert case.status == CaseStatus.UNROUTED
    assert why_nobody(history(case.federation_id, "case", case.id)) == "Ingen regel passade uppgifterna i anmälan."


def test_p03_a_rule_about_the_activity_that_a_report_comes_from_is_used_and_told(cast):
    home = cast.federation().id
    unit = units(home)[0]
    activity = next(row for row in organisations(home) if row.kind == OrganisationKind.ACTIVITY)
    with transaction():
        replace_rules(cast.coordinator, home, [RuleDraft(unit.id, activity_id=activity.id)])
    case = cast.reach(CaseStatus.ASSIGNED, reporting_organisation_id=activity.id)
    duty = only_duty(case.id)
    assert (duty.unit_id, duty.why["matched"]) == (unit.id, ["activity"])
    assert f"ärenden från insatsen {activity.name}" in why_here(case, duty)[0]


def test_p03_routing_twice_changes_nothing_the_second_time(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    version = case.version
    with transaction():
        sending.route(case.id)
        sending.route(999_999)
    assert case.version == version
    assert db.session.scalar(select(func.count(Duty.id))) == 1
