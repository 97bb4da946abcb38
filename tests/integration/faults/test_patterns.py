"""The nightly look for patterns and what the office does with it: once each, and for the office alone."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.accounts.rights import OPERATOR
from lexheller.audit.models import Event
from lexheller.cases.states import CaseStatus
from lexheller.casework import closing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.faults import patterns, service
from lexheller.faults.models import Fault, FaultCase, Pattern
from lexheller.faults.patterns_rules import PatternStatus, Trend
from lexheller.organisations.founding import Member, Place, add_federation
from lexheller.organisations.models import OrganisationKind
from lexheller.organisations.queries import federations, municipalities
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.faults.told import fault_in

ALL = f"/monster/{HOME}"
TITLE, WHY = "Ingen väg in utan e-legitimation", "Samma lucka i alla tre."


def reported(cast, count=3, slug=HOME, *, place=0, about="Arbetsförmedlingen"):
    places = municipalities(cast.federation(slug).id)
    return [
        cast.report(
            slug,
            reporting_organisation_id=cast.organisation("Försäkringskassan", slug).id,
            concerned_organisation_id=cast.organisation(about, slug).id,
            municipality_id=places[place].id,
            reporter_email=None,
        )
        for _number in range(count)
    ]


def look(cast, slug=HOME):
    with transaction():
        return patterns.find_patterns(cast.federation(slug).id)


def proposed(cast, slug=HOME):
    return patterns.open_patterns(cast.person("samordnare", slug), cast.federation(slug).id)


def found_in(cast, slug=HOME):
    reported(cast, slug=slug)
    look(cast, slug)
    return proposed(cast, slug)[0]


def contents():
    rows = db.session.execute(select(Pattern.__table__).order_by(Pattern.id)).all()
    return [tuple(row) for row in rows], db.session.scalars(select(Event.id).order_by(Event.id)).all()


def kinds():
    query = select(Event.kind).where(Event.subject_type == "pattern").order_by(Event.id)
    return list(db.session.scalars(query))


def test_three_of_a_kind_are_proposed_and_looking_again_changes_nothing(cast):
    reported(cast)
    reported(cast, 2, about="Försäkringskassan")
    assert look(cast) == 1
    (pattern,) = proposed(cast)
    place = municipalities(cast.federation().id)[0]
    assert (pattern.municipality_id, pattern.theme_id, pattern.case_count) == (place.id, None, 3)
    assert pattern.trend == Trend.RISING
    before = contents()
    assert look(cast) == 0
    assert patterns.find_all() == 0
    db.session.expire_all()
    assert contents() == before
    assert kinds() == ["pattern.found"]


def test_an_open_one_follows_its_cases_without_an_event_and_waits_unseen_when_it_no_longer_holds(cast):
    pattern = found_in(cast)
    reported(cast, 1)
    assert look(cast) == 0
    assert pattern.case_count == 4
    with clock.at(clock.now() + timedelta(days=270)):
        look(cast)
        assert (pattern.trend, pattern.case_count) == (Trend.RECURRING, 4)
    with clock.at(clock.now() + timedelta(days=500)):
        look(cast)
        assert proposed(cast) == []
    assert pattern.status == PatternStatus.OPEN
    look(cast)
    assert proposed(cast) == [pattern]
    assert kinds() == ["pattern.found"]


def test_merged_cases_count_once_and_handed_over_ones_not(cast):
    first, second, third = reported(cast)
    office = cast.coordinator
    with transaction():
        run_waiting_now()
        closing.merge(office, second, first, seen=second.version)
    assert look(cast) == 0
    (fourth,) = reported(cast, 1)
    with transaction():
        to = cast.federation(ELSEWHERE)
        handover = handing_over.offer(office, third, to, "Hör dit.", "Det hör dit.", seen=third.version)
        handing_over.take_over(cast.outsider, handover)
    assert look(cast) == 0
    reported(cast, 1)
    assert look(cast) == 1
    assert {case.id for case in patterns.cases_of(office, proposed(cast)[0])} >= {first.id, fourth.id}
    assert not {case.id for case in patterns.cases_of(office, proposed(cast)[0])} & {second.id, third.id}


def test_cases_that_an_open_fault_gathers_do_not_count_until_it_is_over_or_they_are_taken_apart(cast):
    office, fault, cases = cast.coordinator, fault_in(cast), reported(cast, 4)
    with transaction():
        links = [service.link_case(office, fault, case, WHY) for case in cases[:2]]
    assert look(cast) == 0, "two of the four are left"
    (fifth,) = reported(cast, 1)
    assert look(cast) == 1
    (pattern,) = proposed(cast)
    assert pattern.case_count == 3
    assert {case.id for case in patterns.cases_of(office, pattern)} == {case.id for case in (*cases[2:], fifth)}
    with transaction():
        service.link_case(office, fault, fifth, WHY)
    look(cast)
    assert proposed(cast) == []
    with transaction():
        service.unlink_case(office, links[0], WHY)
    look(cast)
    assert [row.case_count for row in proposed(cast)] == [3]
    with transaction():
        service.close(office, fault, WHY, seen=fault.version)
    look(cast)
    assert [row.case_count for row in proposed(cast)] == [5]


def test_taken_it_becomes_a_suspected_fault_with_its_cases_and_is_never_proposed_again(cast):
    pattern = found_in(cast)
    cases = {case.id for case in patterns.cases_of(cast.coordinator, pattern)}
    with transaction():
        fault = patterns.take_pattern(cast.coordinator, pattern, TITLE, WHY)
    assert (pattern.status, pattern.fault_id, fault.title) == (PatternStatus.TAKEN, fault.id, TITLE)
    assert fault.let_go_organisation_id == pattern.concerned_organisation_id
    links = db.session.scalars(select(FaultCase).where(FaultCase.fault_id == fault.id)).all()
    assert {link.case_id for link in links} == cases
    assert {link.why for link in links} == {WHY}
    reported(cast, 3)
    assert look(cast) == 0
    assert proposed(cast) == []
    assert kinds() == ["pattern.found", "pattern.taken"]


def test_merged_into_a_known_fault_or_put_aside_it_is_never_proposed_again(cast):
    merged = found_in(cast)
    fault = fault_in(cast)
    with transaction():
        patterns.merge_pattern(cast.coordinator, merged, fault, WHY)
    assert merged.status == PatternStatus.MERGED
    reported(cast, 3, place=1)
    look(cast)
    (aside,) = proposed(cast)
    with transaction():
        patterns.put_aside(cast.coordinator, aside, WHY)
    reported(cast, 2)
    reported(cast, 2, place=1)
    assert look(cast) == 0
    assert proposed(cast) == []
    assert [row.settle_why for row in patterns.settled_patterns(cast.director, cast.federation().id)] == [WHY, WHY]
    assert db.session.scalars(select(FaultCase.fault_id)).all() == [fault.id] * 3
    with pytest.raises(Conflict):
        patterns.put_aside(cast.coordinator, aside, WHY)


def test_p23_a_reason_is_needed_and_holds_no_identity_number(cast):
    pattern = found_in(cast)
    for why, code in (
        ("  ", "required"),
        ("x" * 301, "too_long"),
        ("Gäller 850709-9805.", "personal_identity_number"),
        ("850709" + " " * 12 + "9805", "personal_identity_number"),
    ):
        with pytest.raises(InvalidInput) as refused:
            patterns.put_aside(cast.coordinator, pattern, why)
        assert refused.value.code == code
    assert pattern.status == PatternStatus.OPEN


def test_p15_nobody_but_the_office_and_the_director_sees_a_pattern_and_only_the_office_settles_it(cast):
    pattern, elsewhere = found_in(cast), found_in(cast, ELSEWHERE)
    home = cast.federation().id
    assigned = cast.reach(CaseStatus.ASSIGNED)
    assert patterns.open_patterns(cast.director, home) == [pattern]
    for nobody in (cast.outsider, cast.manager_of(assigned)):
        assert patterns.open_patterns(nobody, home) == []
        assert patterns.settled_patterns(nobody, home) == []
        assert patterns.cases_of(nobody, pattern) == []
        with pytest.raises(NotAllowedToSee):
            patterns.pattern_for(nobody, home, pattern.id)
    with pytest.raises(NotAllowedToSee):
        patterns.pattern_for(cast.coordinator, home, elsewhere.id)
    with pytest.raises(NotAllowedToSee):
        patterns.merge_pattern(cast.coordinator, pattern, fault_in(cast, ELSEWHERE), WHY)
    with clock.at(clock.now() + timedelta(days=500)), pytest.raises(NotAllowedToSee):  # when it has no cases any more
        patterns.merge_pattern(cast.coordinator, pattern, fault_in(cast, ELSEWHERE), WHY)
    for nobody in (cast.director, cast.outsider, cast.manager_of(assigned)):
        with pytest.raises(NotAllowedToSee):
            patterns.put_aside(nobody, pattern, WHY)


def test_p33_sixty_nine_federations_in_one_night_with_one_that_fails(cast, monkeypatch):
    members = [
        Member("Försäkringskassan", OrganisationKind.STATE),
        Member("Arbetsförmedlingen", OrganisationKind.STATE),
    ]
    there = len(federations())
    with transaction():
        for number in range(there, 69):
            place = Place("Habo", "0643", "Habo kommun")
            add_federation(OPERATOR, slug=f"nummer-{number}", name=f"Förbund {number}", members=members, places=[place])
    for slug in ("nummer-10", "nummer-40", "nummer-68"):
        reported(cast, slug=slug)
    failing, find, looked = cast.federation("nummer-40").id, patterns.find_patterns, []

    def some(federation_id):
        looked.append(federation_id)
        new = find(federation_id)
        if federation_id == failing:
            raise RuntimeError("broken")
        return new

    monkeypatch.setattr(patterns, "find_patterns", some)
    assert patterns.find_all() == 2
    assert len(looked) == len(set(looked)) == 69
    query = select(Pattern.federation_id).order_by(Pattern.federation_id)
    right = [cast.federation(slug).id for slug in ("nummer-10", "nummer-68")]
    assert db.session.scalars(query).all() == right
    monkeypatch.undo()
    assert patterns.find_all() == 1
    assert set(db.session.scalars(query)) == {*right, failing}


def said(visitor):
    return re.sub(r"\s+", " ", html.unescape(visitor.text))


def test_the_office_walks_from_an_empty_page_to_a_fault(stage, visitor):
    visitor.sign_in("samordnare")
    visitor.get(ALL)
    assert "Inget nytt mönster" in said(visitor)
    pattern_id, place_id, about = stage.ask(
        lambda cast: (lambda row: (row.id, row.municipality_id, row.concerned_organisation_id))(found_in(cast))
    )
    visitor.get(ALL)
    page = said(visitor)
    assert "Från Försäkringskassan till Arbetsförmedlingen, i " in page
    assert "3 ärenden på 12 månader, ökar" in page
    queue = re.search(rf'href="(/arenden/{HOME}\?[^"]*)"', page)
    assert queue is not None
    assert {f"municipality={place_id}", f"organisation={about}"} <= set(queue[1].split("?")[1].split("&"))
    visitor.get(queue[1])
    assert visitor.text.count("data-row") == 3
    here = f"{ALL}/{pattern_id}"
    visitor.get(here)
    assert visitor.post(f"{here}/systemfel", {"title": "", "why": WHY}, form="take").status_code == 422
    assert WHY in visitor.text
    answer = visitor.post(f"{here}/systemfel", {"title": TITLE, "why": WHY}, form="take")
    assert answer.status_code == 200
    assert TITLE in said(visitor)
    assert stage.ask(lambda _cast: db.session.scalar(select(Fault.title))) == TITLE
    visitor.get(here)
    assert "Blev ett systemfel" in said(visitor)
    assert visitor.post(f"{here}/at-sidan", {"why": WHY}, form="aside").status_code == 409
    assert visitor.post(f"{here}/at-sidan", {"why": ""}, form="aside").status_code == 422


def test_one_is_put_aside_and_one_merged_on_their_pages(stage, visitor):
    first = stage.ask(lambda cast: found_in(cast).id)
    fault_id = stage.ask(lambda cast: fault_in(cast).id)
    visitor.sign_in("samordnare")
    visitor.get(f"{ALL}/{first}")
    visitor.post(f"{ALL}/{first}/kant-fel", {"fault_id": str(fault_id), "why": WHY}, form="merge")
    assert "Ärendena är kopplade till systemfelet." in said(visitor)

    def another(cast):
        reported(cast, place=1)
        look(cast)
        return proposed(cast)[0].id

    second = stage.ask(another)
    visitor.get(f"{ALL}/{second}")
    visitor.post(f"{ALL}/{second}/at-sidan", {"why": WHY}, form="aside")
    page = said(visitor)
    assert "föreslås inte igen" in page
    assert "Tidigare mönster (2)" in page


@pytest.mark.parametrize(("part", "slug"), [("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)])
def test_p15_others_find_no_such_pages(stage, visitor, part, slug):
    pattern_id = stage.ask(lambda cast: found_in(cast).id)
    visitor.sign_in(part, slug)
    for path in ("", f"/{pattern_id}"):
        assert visitor.get(f"{ALL}{path}").status_code == 404
        assert visitor.get(f"/monster/{slug}{path if path else '/' + str(pattern_id)}").status_code == 404
    visitor.get("/kvitto")
    for path in ("systemfel", "kant-fel", "at-sidan"):
        assert visitor.post(f"{ALL}/{pattern_id}/{path}", {"why": WHY}, form="aside").status_code == 404


def test_the_director_reads_and_has_no_buttons(stage, visitor):
    pattern_id = stage.ask(lambda cast: found_in(cast).id)
    visitor.sign_in("forbundschef")
    assert visitor.get(f"{ALL}/{pattern_id}").status_code == 200
    assert "/at-sidan" not in visitor.text
    assert visitor.post(f"{ALL}/{pattern_id}/at-sidan", {"why": WHY}, form="aside").status_code == 404
