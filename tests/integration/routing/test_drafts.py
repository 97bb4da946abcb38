"""The rules' draft: each verb, one event each, what is refused, and that what is published never changes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import OPERATOR, REPORTER
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations.models import OrganisationKind
from lexheller.organisations.queries import municipalities, organisations, themes, units
from lexheller.routing import drafts, queries
from lexheller.routing.contents import RuleDraft
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.rules import Facts
from lexheller.routing.service import replace_rules, suggest_unit
from lexheller.routing.states import RuleSetStatus
from tests.cast.people import ELSEWHERE, Cast


def newest_event():
    return db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


def event_count():
    return db.session.scalar(select(func.count(Event.id)))


def said(rule_set_id):
    return [RuleDraft.of(row) for row in queries.rows_of(rule_set_id)]


@pytest.fixture
def home(cast):
    return cast.federation().id


@pytest.fixture
def small(cast, home):
    """Three rules in use, and a draft of them."""
    first, second, third = units(home)[:3]
    wanted = [
        RuleDraft(first.id, first.organisation_id),
        RuleDraft(second.id, second.organisation_id),
        RuleDraft(third.id),
    ]
    with transaction():
        replace_rules(cast.coordinator, home, wanted)
        return drafts.start_draft(cast.coordinator, home)


def test_a_draft_is_a_copy_of_the_rules_in_use_and_asked_for_again_it_is_the_same(cast, home):
    with transaction():
        draft = drafts.start_draft(cast.coordinator, home)
    in_use = queries.set_in_use(home)
    assert (draft.status, draft.version, draft.based_on_id) == (RuleSetStatus.DRAFT, None, in_use.id)
    assert said(draft.id) == said(in_use.id)
    assert newest_event().kind == "routing.draft_started"
    before = event_count()
    with transaction():
        assert drafts.start_draft(cast.director, home).id == draft.id
    assert event_count() == before


def test_p14_each_change_leaves_one_event_that_holds_ids_alone(cast, home, small):
    unit, member = units(home)[4], organisations(home)[0]
    actor, seen = cast.coordinator, small.revision
    wanted = RuleDraft(unit.id, member.id, theme_id=themes(home)[0].id)
    kinds = []
    before = event_count()
    with transaction():
        row = drafts.add_rule(actor, home, wanted, seen=seen)
        kinds.append(newest_event().kind)
        assert newest_event().data == {
            "revision": seen + 1,
            "rule_id": row.id,
            "position": 4,
            **wanted.ids(),
        }
        drafts.change_rule(actor, home, row.id, RuleDraft(unit.id), seen=seen + 1)
        kinds.append(newest_event().kind)
        drafts.move_rule(actor, home, row.id, 1, seen=seen + 2)
        kinds.append(newest_event().kind)
        assert {"from": 4, "to": 1}.items() <= newest_event().data.items()
        drafts.remove_rule(actor, home, row.id, seen=seen + 3)
        kinds.append(newest_event().kind)
        drafts.publish_draft(actor, home, "Ny arbetsordning i Habo.", seen=seen + 4)
        kinds.append(newest_event().kind)
        assert newest_event().data == {"revision": seen + 5, "version": 3, "replaced": 2, "rules": 3}
    assert kinds == [f"routing.{kind}" for kind in ("rule_added", "rule_changed", "rule_moved", "rule_removed")] + [
        "routing.rules_published"
    ]
    assert event_count() == before + 5
    assert broken_links() == []


def test_published_rules_are_never_altered_and_the_new_ones_are_used_from_now_on(cast, home, small):
    old = queries.set_in_use(home)
    before = said(old.id)
    unit = units(home)[5]
    row = queries.rows_of(small.id)[0]
    facts = Facts(row.organisation_id, None, None)
    with transaction():
        drafts.change_rule(cast.coordinator, home, row.id, RuleDraft(unit.id, row.organisation_id), seen=1)
    assert suggest_unit(home, facts).unit_id != unit.id
    with transaction():
        published = drafts.publish_draft(cast.coordinator, home, "Flytt.", seen=2)
    assert (old.status, published.status, published.version) == (RuleSetStatus.PAST, RuleSetStatus.IN_USE, 3)
    assert (published.published_by_user_id, published.note) == (cast.coordinator.user_id, "Flytt.")
    assert published.published_at <= clock.now()
    assert said(old.id) == before
    suggestion = suggest_unit(home, facts)
    assert (suggestion.unit_id, suggestion.why["version"]) == (unit.id, 3)
    assert queries.draft_of(home) is None
    for verb in (
        lambda: drafts.remove_rule(cast.coordinator, home, row.id, seen=published.revision),
        lambda: drafts.publish_draft(cast.coordinator, home, "", seen=published.revision),
    ):
        with pytest.raises(Conflict):
            verb()


@pytest.mark.parametrize(
    ("from_place", "to", "order"),
    [(1, 3, "bca"), (3, 1, "cab"), (2, 1, "bac"), (2, 3, "acb"), (1, 99, "bca"), (3, -5, "cab"), (2, 2, "abc")],
)
def test_a_rule_moves_to_any_place_and_the_others_close_up(cast, home, small, from_place, to, order):
    rows = queries.rows_of(small.id)
    letters = dict(zip([row.id for row in rows], "abc", strict=True))
    before = event_count()
    with transaction():
        drafts.move_rule(cast.coordinator, home, rows[from_place - 1].id, to, seen=1)
    db.session.expire_all()
    after = queries.rows_of(small.id)
    assert "".join(letters[row.id] for row in after) == order
    assert [row.position for row in after] == [1, 2, 3]
    assert event_count() == before + (order != "abc")


def test_removing_closes_the_gap(cast, home, small):
    rows = queries.rows_of(small.id)
    with transaction():
        drafts.remove_rule(cast.coordinator, home, rows[0].id, seen=1)
    assert [row.position for row in queries.rows_of(small.id)] == [1, 2]
    assert db.session.get(RoutingRule, rows[1].id) is not None


def test_a_discarded_draft_is_gone_and_the_rules_in_use_stay(cast, home, small):
    before = said(queries.set_in_use(home).id)
    with transaction():
        drafts.discard_draft(cast.coordinator, home, seen=1)
    assert newest_event().kind == "routing.draft_discarded"
    assert queries.draft_of(home) is None
    assert said(queries.set_in_use(home).id) == before
    assert db.session.scalar(select(func.count()).where(RoutingRule.rule_set_id == small.id)) == 0


def test_a_draft_can_begin_with_an_earlier_version_unless_there_is_one_already(cast, home, small):
    with pytest.raises(Conflict):
        drafts.start_draft(cast.coordinator, home, version=1)
    with transaction():
        drafts.discard_draft(cast.coordinator, home, seen=1)
        draft = drafts.start_draft(cast.coordinator, home, version=1)
    assert said(draft.id) == said(queries.set_by_version(home, 1).id)
    with transaction():
        drafts.discard_draft(cast.coordinator, home, seen=1)
    with pytest.raises(NotAllowedToSee):
        drafts.start_draft(cast.coordinator, home, version=99)


def test_p13_of_two_changes_on_the_same_draft_one_wins(cast, home, small):
    rows = queries.rows_of(small.id)
    wanted = RuleDraft(rows[0].unit_id)
    with transaction():
        drafts.add_rule(cast.coordinator, home, wanted, seen=1)
    before = event_count()
    for verb in (
        lambda: drafts.add_rule(cast.director, home, wanted, seen=1),
        lambda: drafts.change_rule(cast.director, home, rows[0].id, wanted, seen=1),
        lambda: drafts.move_rule(cast.director, home, rows[0].id, 2, seen=1),
        lambda: drafts.remove_rule(cast.director, home, rows[0].id, seen=1),
        lambda: drafts.discard_draft(cast.director, home, seen=1),
        lambda: drafts.publish_draft(cast.director, home, "", seen=1),
        lambda: drafts.publish_draft(cast.director, home, "", seen=-1),
    ):
        with pytest.raises(Conflict):
            verb()
    db.session.rollback()
    assert event_count() == before
    assert len(queries.rows_of(small.id)) == 4


def _at_once(app, count, work):
    gate = threading.Barrier(count)
    results = []

    def take():
        with app.app_context():
            actor, federation_id = Cast(app).coordinator, Cast(app).federation().id
            db.session.rollback()
            gate.wait()
            try:
                with transaction():
                    results.append(work(actor, federation_id))
            except Conflict:
                results.append("conflict")

    threads = [threading.Thread(target=take) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_p13_six_who_change_at_once_make_one_change(app, stage):
    def begin(cast):
        drafts.start_draft(cast.coordinator, cast.federation().id)
        return units(cast.federation().id)[0].id

    unit_id = stage.ask(begin)

    def add(actor, federation_id):
        return drafts.add_rule(actor, federation_id, RuleDraft(unit_id), seen=1).position

    results = _at_once(app, 6, add)
    assert sorted(map(str, results)) == sorted(["26", *["conflict"] * 5])
    assert stage.ask(lambda _cast: broken_links()) == []


def test_p13_six_who_begin_at_once_have_the_same_draft(app, stage):
    results = _at_once(app, 6, lambda actor, federation_id: drafts.start_draft(actor, federation_id).id)
    assert len(set(results)) == 1
    assert "conflict" not in results
    assert stage.ask(lambda cast: len(queries.rows_of(results[0]))) == 25


def test_p15_whoever_may_not_administer_finds_no_rules_to_change(cast, home, small):
    row_id, unit_id = queries.rows_of(small.id)[0].id, units(home)[0].id
    before = event_count()
    strangers = [cast.outsider, cast.person("chef.af"), cast.person("chef.af", ELSEWHERE), REPORTER, OPERATOR]
    for actor in strangers:
        for verb in (
            lambda actor: drafts.start_draft(actor, home),
            lambda actor: drafts.add_rule(actor, home, RuleDraft(unit_id), seen=1),
            lambda actor: drafts.change_rule(actor, home, row_id, RuleDraft(unit_id), seen=1),
            lambda actor: drafts.move_rule(actor, home, row_id, 2, seen=1),
            lambda actor: drafts.remove_rule(actor, home, row_id, seen=1),
            lambda actor: drafts.discard_draft(actor, home, seen=1),
            lambda actor: drafts.publish_draft(actor, home, "", seen=1),
        ):
            with pytest.raises(NotAllowedToSee):
                verb(actor)
    assert event_count() == before


def test_p15_a_rule_of_another_federation_is_no_rule_here(cast, home, small):
    elsewhere = cast.federation(ELSEWHERE).id
    with transaction():
        other = drafts.start_draft(cast.outsider, elsewhere)
    theirs = queries.rows_of(other.id)[0].id
    published = queries.rows_of(queries.set_in_use(home).id)[0].id
    for rule_id in (theirs, published, 999_999):
        with pytest.raises(NotAllowedToSee):
            drafts.remove_rule(cast.coordinator, home, rule_id, seen=1)


def test_p15_every_part_of_a_rule_belongs_to_the_federation(cast, home, small):
    elsewhere = cast.federation(ELSEWHERE).id
    unit = units(home)[0].id
    theirs = {row.id for row in organisations(elsewhere)} - {row.id for row in organisations(home)}
    place = next(row.id for row in municipalities(elsewhere) if row not in municipalities(home))
    no_activity = next(row.id for row in organisations(home) if row.kind != OrganisationKind.ACTIVITY)
    wrong = {
        "unit": RuleDraft(units(elsewhere)[0].id),
        "organisation": RuleDraft(unit, organisation_id=min(theirs)),
        "municipality": RuleDraft(unit, municipality_id=place),
        "theme": RuleDraft(unit, theme_id=themes(elsewhere)[0].id),
        "concerned_unit": RuleDraft(unit, concerned_unit_id=units(elsewhere)[0].id),
        "activity": RuleDraft(unit, activity_id=no_activity),
    }
    row = queries.rows_of(small.id)[0]
    for field, wanted in wrong.items():
        for verb in (
            lambda wanted: drafts.add_rule(cast.coordinator, home, wanted, seen=1),
            lambda wanted: drafts.change_rule(cast.coordinator, home, row.id, wanted, seen=1),
            lambda wanted: replace_rules(cast.coordinator, home, [wanted]),
        ):
            with pytest.raises(InvalidInput) as refused:
                verb(wanted)
            assert refused.value.field == field
    assert small.revision == 1


def test_a_rule_may_keep_what_is_retired_but_send_nowhere_new_that_is(cast, home, small):
    row = queries.rows_of(small.id)[0]
    retired = row.unit_id
    with transaction():
        unit = next(unit for unit in units(home) if unit.id == retired)
        unit.active = False
    kept = RuleDraft(retired, municipality_id=municipalities(home)[0].id)
    with transaction():
        drafts.change_rule(cast.coordinator, home, row.id, kept, seen=1)
    with pytest.raises(InvalidInput):
        drafts.add_rule(cast.coordinator, home, kept, seen=2)


def test_p23_a_note_with_an_identity_number_is_stopped(cast, home, small):
    with pytest.raises(InvalidInput) as refused:
        drafts.publish_draft(cast.coordinator, home, "Gäller 19850709-9805.", seen=1)
    assert refused.value.field == "note"
    assert queries.draft_of(home).id == small.id


def test_a_set_put_in_use_at_once_leaves_the_draft_alone(cast, home, small):
    with transaction():
        replaced = replace_rules(cast.coordinator, home, [RuleDraft(units(home)[0].id)])
    assert (replaced.version, queries.set_in_use(home).id, queries.draft_of(home).id) == (3, replaced.id, small.id)
    assert [row.status for row in queries.published_sets(home)] == ["in_use", "past", "past"]
    with transaction():
        assert drafts.publish_draft(cast.coordinator, home, "", seen=1).version == 4


@pytest.mark.parametrize("status", [RuleSetStatus.DRAFT, RuleSetStatus.IN_USE])
def test_the_database_itself_knows_one_draft_and_one_set_in_use(cast, home, small, status):
    published = {} if status is RuleSetStatus.DRAFT else {"version": 77, "published_at": clock.now()}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(RuleSet(federation_id=home, status=status, made_at=clock.now(), **published))
        db.session.flush()
    with db.session.begin_nested():
        elsewhere = cast.federation(ELSEWHERE).id
        if status is RuleSetStatus.DRAFT:
            db.session.add(RuleSet(federation_id=elsewhere, status=status, made_at=clock.now()))
        db.session.flush()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft", "version": 9},
        {"status": "draft", "published_at": clock.now()},
        {"status": "past", "published_at": clock.now()},
        {"status": "past", "version": 9},
        {"status": "shelved", "version": 9, "published_at": clock.now()},
    ],
)
def test_the_database_refuses_a_set_that_is_neither_draft_nor_published(cast, home, values):
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(RuleSet(federation_id=home, made_at=clock.now(), **values))
        db.session.flush()
