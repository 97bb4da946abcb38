"""The register's verbs: each leaves one event and one line of history (P14), and refuses what cannot be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lexheller.administration import service as guarded
from lexheller.administration.history import in_words
from lexheller.administration.queries import changes, responsible
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.organisations import lists, service
from lexheller.organisations.changes import What, version_of
from lexheller.organisations.lists import TextDraft
from lexheller.organisations.models import (
    ClosedDay,
    RegisterChange,
    ResponsibleManager,
    TextStep,
    Theme,
    Unit,
)
from lexheller.organisations.queries import closed_days, responsible_managers, standard_texts, themes, units
from lexheller.organisations.service import ManagerDetails
from tests.cast.people import ELSEWHERE

NUMBER = "19121212-1212"
NEW = ManagerDetails("Nina Ny", "Nina.Ny@Habo.example ", "Sture Chef", "sture@habo.example")


def office(cast, name="Försörjningsstöd") -> Unit:
    return next(unit for unit in units(cast.federation().id) if unit.name == name)


def counts() -> tuple[int, int]:
    return (
        db.session.scalar(select(func.count(Event.id))),
        db.session.scalar(select(func.count(RegisterChange.id))),
    )


def newest() -> RegisterChange:
    return db.session.scalars(select(RegisterChange).order_by(RegisterChange.id.desc())).first()


def walk(cast):
    """Every verb once, in an order that works, with what the line is called."""
    me, home, day = cast.coordinator, cast.federation().id, clock.today()
    place = cast.organisation("Habo kommun").municipality_id
    made = {}

    def keep(name, value):
        made[name] = value

    yield (
        What.UNIT_ADDED,
        lambda: keep(
            "unit",
            service.add_unit(me, home, organisation_id=cast.organisation("Habo kommun").id, name="Bostad", note="Ny"),
        ),
    )
    yield What.UNIT_CHANGED, lambda: service.change_unit(me, made["unit"], name="Bostäder", municipality_id=place)
    yield (
        What.MANAGER_APPOINTED,
        lambda: keep("one", service.appoint_manager(me, made["unit"], NEW, valid_from=day - timedelta(days=9))),
    )
    yield (
        What.MANAGER_CHANGED,
        lambda: service.change_manager(
            me,
            made["one"],
            ManagerDetails("Nina Nyh", "nina@habo.example"),
            valid_from=day - timedelta(days=9),
            valid_to=None,
        ),
    )
    yield What.MANAGER_DOUBTED, lambda: service.doubt_manager(me, made["one"], note="Olle tror jag")
    yield What.MANAGER_CONFIRMED, lambda: service.confirm_manager(me, made["one"])
    yield What.MANAGER_ENDED, lambda: service.end_manager(me, made["one"], last_day=day)
    yield What.UNIT_RETIRED, lambda: guarded.retire_unit(me, made["unit"], note="Slogs ihop")
    yield What.UNIT_TAKEN_BACK, lambda: service.take_back_unit(me, made["unit"])
    yield What.THEME_ADDED, lambda: keep("theme", lists.add_theme(me, home, "Bostadsbrist"))
    yield What.THEME_RENAMED, lambda: lists.rename_theme(me, made["theme"], "Boende")
    yield What.THEME_MOVED, lambda: lists.move_theme(me, made["theme"], -1)
    yield What.THEME_RETIRED, lambda: guarded.retire_theme(me, made["theme"])
    yield What.THEME_TAKEN_BACK, lambda: lists.take_back_theme(me, made["theme"])
    yield What.THEME_SPLIT, lambda: keep("parts", guarded.split_theme(me, made["theme"], ["Hyra", "Köp"]))
    yield What.THEME_MERGED, lambda: guarded.merge_themes(me, made["parts"], "Boendet")
    yield What.CLOSED_DAY_ADDED, lambda: keep("closed", lists.add_closed_day(me, home, date(2031, 5, 2), "Klämdag"))
    yield What.CLOSED_DAY_REMOVED, lambda: lists.remove_closed_day(me, made["closed"])
    draft = TextDraft(TextStep.CLOSE, "Kort", "Det är rättat.")
    yield What.TEXT_ADDED, lambda: keep("text", lists.add_text(me, home, draft))
    yield (
        What.TEXT_CHANGED,
        lambda: lists.change_text(me, made["text"], TextDraft(TextStep.CLOSE, "Kort", "Rättat.", themes(home)[0].id)),
    )
    yield What.TEXT_RETIRED, lambda: lists.retire_text(me, made["text"])
    yield What.TEXT_TAKEN_BACK, lambda: lists.take_back_text(me, made["text"])


def test_p14_each_verb_leaves_one_event_and_one_line_of_history(cast):
    for what, verb in walk(cast):
        events, lines = counts()
        with transaction():
            verb()
        assert counts() == (events + 1, lines + 1), what
        line = newest()
        event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert (line.what, event.kind) == (what, f"register.{what}")
        assert event.data["change_id"] == line.id
        assert (event.subject_type, event.subject_id) == (line.subject_type, line.subject_id)
        assert line.actor_user_id == cast.coordinator.user_id
        words = in_words(line.federation_id, [line])[0]
        assert words.title
        assert words.actor == "Maria Ek"
    assert broken_links() == []


def test_events_hold_no_names_addresses_or_notes(cast):
    for _what, verb in walk(cast):
        with transaction():
            verb()
    told = "".join(str(event.data) for event in db.session.scalars(select(Event)))
    for secret in ("Nina", "habo.example", "Slogs", "Olle", "Bost", "Rättat"):
        assert secret not in told


def test_history_says_what_changed_from_what_to_what(cast):
    for _what, verb in walk(cast):
        with transaction():
            verb()
    unit = next(unit for unit in units(cast.federation().id) if unit.name == "Bostäder")
    lines = in_words(unit.federation_id, changes(unit.federation_id, unit_id=unit.id))
    told = {line.title: line for line in lines}
    assert "Namn: från Bostad till Bostäder" in told["Enhetens uppgifter ändrades"].details
    assert "Kommun: från inget till Habo" in told["Enhetens uppgifter ändrades"].details
    assert told["Enheten togs ur bruk"].note == "Slogs ihop"
    appointed = told["Ny ansvarig chef"].details
    assert "Namn: Nina Ny" in appointed
    assert "E-post: nina.ny@habo.example" in appointed
    assert "Till och med: tills vidare" in appointed
    corrected = told["Uppgifter om ansvarig chef ändrades"].details
    assert "E-post: från nina.ny@habo.example till nina@habo.example" in corrected
    assert not any(detail.startswith("Från och med") for detail in corrected)
    assert told["Svar på fråga: det är någon annan nu"].note == "Olle tror jag"


def test_a_successor_ends_the_former_one_the_day_before(cast):
    unit, day = office(cast), clock.today() + timedelta(days=3)
    former = responsible_managers(unit.id, clock.today())[0]
    with transaction():
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=day, replaces=former)
    assert former.valid_to == day - timedelta(days=1)
    assert [row.name for row in responsible_managers(unit.id, day - timedelta(days=1))] == [former.name]
    assert [row.name for row in responsible_managers(unit.id, day)] == ["Nina Ny"]
    people = responsible(unit)
    assert (len(people.now), len(people.coming), people.missing) == (1, 1, [])


def test_a_gap_is_shown(cast):
    unit, today = office(cast), clock.today()
    with transaction():
        service.end_manager(cast.coordinator, responsible_managers(unit.id, today)[0], last_day=today)
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=today + timedelta(days=10))
    gap = responsible(unit).missing[0]
    assert (gap.first, gap.last) == (today + timedelta(days=1), today + timedelta(days=9))


@pytest.mark.parametrize(
    ("field", "code", "attempt"),
    [
        ("valid_to", "before_start", {"valid_to": date(2020, 1, 1)}),
        ("email", "missing", {"details": ManagerDetails("Nina", " ")}),
        ("superior_email", "missing", {"details": ManagerDetails("Nina", "n@x.example", "Sture")}),
        ("superior_email", "same_person", {"details": ManagerDetails("Nina", "n@x.example", "Nina", "N@x.example")}),
        ("name", "personal_identity_number", {"details": ManagerDetails(f"Nina {NUMBER}", "n@x.example")}),
        ("note", "personal_identity_number", {"note": f"Nina, {NUMBER}"}),
    ],
)
def test_p23_what_cannot_be_is_refused_and_changes_nothing(cast, field, code, attempt):
    before = counts()
    values = {"details": NEW, "valid_from": clock.today(), **attempt}
    with pytest.raises(InvalidInput) as refused:
        service.appoint_manager(cast.coordinator, office(cast), values.pop("details"), **values)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert counts() == before


def test_the_same_person_is_not_responsible_twice(cast):
    unit = office(cast)
    with transaction():
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=clock.today())
    with pytest.raises(InvalidInput) as refused:
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=clock.today())
    assert refused.value.code == "already_responsible"


def test_a_successor_from_before_the_former_began_is_refused(cast):
    unit = office(cast)
    former = responsible_managers(unit.id, clock.today())[0]
    with pytest.raises(InvalidInput) as refused:
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=former.valid_from, replaces=former)
    assert refused.value.code == "before_former"
    assert former.valid_to is None


def test_p15_a_manager_of_another_unit_is_not_replaced(cast):
    other = responsible_managers(office(cast, "Psykiatrisk mottagning").id, clock.today())[0]
    with pytest.raises(NotAllowedToSee):
        service.appoint_manager(cast.coordinator, office(cast), NEW, valid_from=clock.today(), replaces=other)


def test_p15_a_unit_cannot_be_put_in_another_federations_organisation_or_place(cast):
    home, away = cast.federation().id, cast.organisation("Gislaveds kommun", ELSEWHERE)
    with pytest.raises(NotAllowedToSee):
        service.add_unit(cast.coordinator, home, organisation_id=away.id, name="Där")
    with pytest.raises(NotAllowedToSee):
        service.change_unit(cast.coordinator, office(cast), name="Där", municipality_id=away.municipality_id)


def test_p13_a_change_on_an_older_version_meets_a_conflict(cast):
    unit = office(cast)
    seen = version_of(unit)
    with transaction():
        service.change_unit(cast.coordinator, unit, name="Stöd", municipality_id=unit.municipality_id, seen=seen)
    with pytest.raises(Conflict):
        service.change_unit(cast.director, unit, name="Annat", municipality_id=None, seen=seen)
    assert unit.name == "Stöd"


def test_two_units_of_one_organisation_and_place_have_different_names(cast):
    unit = office(cast)
    with pytest.raises(InvalidInput) as refused:
        service.add_unit(
            cast.coordinator,
            unit.federation_id,
            organisation_id=unit.organisation_id,
            municipality_id=unit.municipality_id,
            name=" försörjningsSTÖD ",
        )
    assert refused.value.code == "taken"


def test_a_unit_with_open_duties_or_rules_is_not_retired(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    unit = next(unit for unit in units(case.federation_id) if unit.name.startswith("Lokalkontor"))
    with pytest.raises(InvalidInput) as refused:
        guarded.retire_unit(cast.coordinator, unit)
    assert refused.value.code == "has_duties"
    with pytest.raises(InvalidInput) as refused:
        guarded.retire_unit(cast.coordinator, office(cast))
    assert refused.value.code == "has_rules"
    assert unit.active
    assert office(cast).active


def test_a_theme_that_a_rule_asks_about_is_not_retired(cast):
    theme = db.session.scalars(
        select(Theme).where(Theme.label == "Utredningsresurser", Theme.federation_id == cast.federation().id)
    ).one()
    with pytest.raises(InvalidInput) as refused:
        guarded.retire_theme(cast.coordinator, theme)
    assert refused.value.code == "theme_has_rules"


def test_p04_whoever_becomes_responsible_is_told_of_open_duties(cast):
    unit, today = office(cast), clock.today()
    with transaction():
        service.appoint_manager(cast.coordinator, unit, NEW, valid_from=today)
        manager = responsible_managers(unit.id, today)[-1]
        service.end_manager(cast.coordinator, manager, last_day=today + timedelta(days=30))
    jobs = db.session.scalars(select(Job).where(Job.name == service.TELL_RESPONSIBLE_JOB).order_by(Job.id)).all()
    assert [job.subject_id for job in jobs] == [unit.id, unit.id]
    assert jobs[0].due_at <= clock.now()
    assert clock.day_of(jobs[1].due_at) == today + timedelta(days=31)


def test_a_correction_that_changes_nothing_leaves_nothing(cast):
    manager = responsible_managers(office(cast).id, clock.today())[0]
    before = counts()
    details = ManagerDetails(manager.name, manager.email, manager.superior_name, manager.superior_email)
    with transaction():
        service.change_manager(
            cast.coordinator, manager, details, valid_from=manager.valid_from, valid_to=manager.valid_to
        )
        service.end_manager(cast.coordinator, manager, last_day=clock.today())
        service.end_manager(cast.coordinator, manager, last_day=clock.today())
        service.confirm_manager(cast.coordinator, manager)
        service.confirm_manager(cast.coordinator, manager)
    assert counts() == (before[0] + 2, before[1] + 2)


def test_a_closed_day_asks_for_a_recalculation_and_goes_in_once(cast):
    home, day = cast.federation().id, date(2031, 5, 2)
    before = len(closed_days(home))
    with transaction():
        closed = lists.add_closed_day(cast.coordinator, home, day, "Klämdag")
    with pytest.raises(InvalidInput) as refused:
        lists.add_closed_day(cast.coordinator, home, day, "Klämdag igen")
    assert refused.value.code == "taken"
    with transaction():
        lists.remove_closed_day(cast.coordinator, closed)
    assert len(closed_days(home)) == before
    assert len(db.session.scalars(select(Job).where(Job.name == lists.RECALCULATE_JOB)).all()) == 2
    assert db.session.scalar(select(func.count(ClosedDay.id)).where(ClosedDay.federation_id != home)) > 0


def test_the_themes_own_texts_come_before_the_general_ones(cast):
    home = cast.federation().id
    theme, other = themes(home)[:2]
    with transaction():
        lists.add_text(cast.coordinator, home, TextDraft(TextStep.CLOSE, "För temat", "Ett.", theme.id))
        lists.add_text(cast.coordinator, home, TextDraft(TextStep.CLOSE, "För ett annat", "Två.", other.id))
    titles = [text.title for text in standard_texts(home, TextStep.CLOSE, theme.id)]
    assert titles[0] == "För temat"
    assert "För ett annat" not in titles
    assert [text.title for text in standard_texts(home, TextStep.CLOSE)] == titles[1:]


def test_p15_a_text_of_another_federations_theme_is_refused(cast):
    foreign = themes(cast.federation(ELSEWHERE).id)[0]
    with pytest.raises(NotAllowedToSee):
        lists.add_text(cast.coordinator, cast.federation().id, TextDraft(TextStep.CLOSE, "Ny", "Text.", foreign.id))


def test_addresses_are_stored_in_lower_case(cast):
    with transaction():
        manager = service.appoint_manager(cast.coordinator, office(cast), NEW, valid_from=clock.today())
    assert db.session.get_one(ResponsibleManager, manager.id).email == "nina.ny@habo.example"
