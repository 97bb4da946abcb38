"""Every figure equals a recount from the event log and the bare tables, written here without the statistics (P28)."""

import datetime
import shutil
from collections import Counter
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexheller.action_reports.compiling import compiled
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.app.factory import create_app
from lexheller.cases.states import CloseReason
from lexheller.casework import closing, describing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.intake.occurrences import count_occurrence
from lexheller.organisations.queries import municipalities, organisations, themes
from lexheller.statistics import facts
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.statistics import by_hand, by_hand_lists, case_acts, mending_acts
from tests.integration.statistics.stored import all_columns

MOMENTS = st.one_of(
    st.datetimes(datetime.datetime(2022, 1, 1), datetime.datetime(2025, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(
        [
            datetime.datetime(2022, 12, 31, 22, 59, 59, tzinfo=UTC),
            datetime.datetime(2022, 12, 31, 23, 0, tzinfo=UTC),
            datetime.datetime(2023, 12, 31, 23, 30, tzinfo=UTC),
            datetime.datetime(2024, 2, 29, 12, tzinfo=UTC),
            datetime.datetime(2024, 3, 31, 0, 59, tzinfo=UTC),
            datetime.datetime(2024, 7, 31, 22, 0, tzinfo=UTC),
            datetime.datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
        ]
    ),
)
PICK = st.integers(0, 30)
MERGED, HANDED_OVER, TOLD, OPENED_AGAIN, HAPPENED_AGAIN, SHOWS_FAULT, MENDED = 5, 6, 7, 8, 9, 10, 11
UNMERGED, NOT_SOLVED, WITHDRAWN, IMPORTED, TOLD_OF_FAULT = 12, 13, 14, 15, 16
CLOSED = (4, OPENED_AGAIN)
MENDING = {
    SHOWS_FAULT: mending_acts.show_fault,
    MENDED: mending_acts.mend,
    TOLD_OF_FAULT: mending_acts.tell_of_decision,
}
STORIES = st.lists(
    st.tuples(MOMENTS, PICK, PICK, PICK, st.integers(0, TOLD_OF_FAULT), st.integers(0, 700)), max_size=10
)


def tell(cast: Cast, story: tuple) -> None:
    """One case: filed, classified, and taken as far as its stage says, `days` after it came in.

    The last stages: merged into another that runs, handed over to another federation, and told to the office on the
    phone, which writes it down the next day. Or it shows a fault, perhaps one whose decision the reporters are told of,
    or belongs to an action that there is; or it is not merged after all, not solved, or answered by one of two. Or it
    is imported instead, with an answer that may be dated before the report.
    """
    moment, party, place, theme, stage, days = story
    federation, coordinator = cast.federation(), cast.coordinator
    parties = [None, *organisations(federation.id)]
    places = [None, *municipalities(federation.id)]
    topics = [None, *themes(federation.id)]
    found = parties[party % len(parties)]
    sender = parties[(party + theme) % len(parties)]
    where = places[place % len(places)]
    if stage == IMPORTED:
        with clock.at(moment + datetime.timedelta(days=days)):
            came = by_hand.swedish_day(moment)
            answered = min(clock.today(), came + datetime.timedelta(days=place * 9 - 20)) if party % 3 else None
            acted = came + datetime.timedelta(days=theme * 20)
            case_acts.import_history(cast, came, answered, (found, where, topics[theme % len(topics)]), acted)
        db.session.commit()
        return
    with clock.at(moment):
        given = {
            "concerned_organisation_id": found.id if found else None,
            "municipality_id": where.id if where else None,
            "reporting_organisation_id": sender.id if sender else None,
        }
        case = case_acts.told_on_the_phone(cast, given) if stage == TOLD else cast.report(**given)
        run_waiting_now()
    with clock.at(moment + datetime.timedelta(days=days)):
        describing.classify(coordinator, case, theme=topics[theme % len(topics)], municipality=where,
                            organisation=found, seen=case.version)  # fmt: skip
        if (1 <= stage <= 4 or stage == OPENED_AGAIN) and case.status == "assigned":
            cast.answer(case)
        if 2 <= stage <= 4:
            kinds = types(federation.id)
            describing.record_action(
                coordinator, case, type=kinds[theme % len(kinds)], description=f"Åtgärd {days}",
                status=ActionStatus.DONE if stage != 3 else ActionStatus.PLANNED, action_on=clock.today(),
                seen=case.version,
            )  # fmt: skip
        if stage in CLOSED:
            closing.close(coordinator, case, CloseReason.SOLVED, "Klart.", seen=case.version)
        if stage == MERGED:
            case_acts.merge_if_possible(cast, case)
        if stage == UNMERGED:
            case_acts.merge_by_mistake(cast, case, theme)
        if stage == NOT_SOLVED:
            case_acts.say_not_solved(cast, case, theme)
        if stage == WITHDRAWN:
            case_acts.withdraw(cast, case, theme * 5)
        if stage == HANDED_OVER:
            there = cast.federation(ELSEWHERE)
            offer = handing_over.offer(coordinator, case, there, "Skäl.", "Text.", seen=case.version)
            handing_over.take_over(cast.outsider, offer)
        if stage == HAPPENED_AGAIN:
            describing.share_summary(coordinator, case, "Ingen svarade i telefon.", seen=case.version)
            count_occurrence(cast.federation(), cast.submission(), case.id)
    if stage in MENDING:
        with clock.at(max(moment + datetime.timedelta(days=days), mending_acts.latest())):
            MENDING[stage](cast, case, theme)
    if stage == OPENED_AGAIN:
        with clock.at(moment + datetime.timedelta(days=days + theme * 10)):
            closing.reopen(coordinator, case, seen=case.version)
    db.session.commit()


def received(slug: str, year: int) -> list[str]:
    """The year's cases by the events with which they begin, from when those were written."""
    found = []
    for _about, _id, kind, data, day in by_hand.events(slug):
        if kind in ("case.received", "case.taken_over", "case.imported"):
            came = day - datetime.timedelta(days=1 if "channel" in data else 0)
            if kind == "case.imported":
                came = datetime.date.fromisoformat(data["facts"]["received_on"])
            found += [data["facts"]["number"]] if came.year == year else []
    return sorted(found)


def assert_recounted(cast: Cast, year: int, slug: str = HOME) -> None:
    report = compiled(cast.federation(slug), year)
    cases = received(slug, year)
    assert (report["received"], sorted(report["cases"])) == (len(cases), cases)
    assert report["received_previous"] == len(received(slug, year - 1))
    assert report["per_year"] == by_hand_lists.per_year(slug, year)
    assert {line["key"]: line["per_year"] for line in report["themes_per_year"]} == by_hand_lists.themes_per_year(
        slug, year
    )
    for name, earlier in by_hand_lists.cases_of_earlier_years(slug, year).items():
        behind = report["cases_behind"][name]
        assert (name, {key: sorted(numbers) for key, numbers in behind.items() if numbers}) == (name, earlier)
    for name, expected in by_hand_lists.lists(slug, year).items():
        assert (name, {line["key"]: line["count"] for line in report[name] if line["count"]}) == (name, expected)
        behind = report["cases_behind"][name]
        assert {key: len(numbers) for key, numbers in behind.items() if numbers} == expected
        assert set(behind) == {line["key"] for line in report[name]}
        if name not in ("pairs", "by_activity"):
            assert sorted(number for numbers in behind.values() for number in numbers) == cases
            assert sum(line["count"] for line in report[name]) == report["received"]
    assert compiled(cast.federation(slug), year) == report
    assert_numbers_recounted(report, slug, datetime.date(year, 12, 31))
    spring = datetime.date(year + 1, 3, 31)
    assert_numbers_recounted(compiled(cast.federation(slug), year, spring), slug, spring)


def assert_numbers_recounted(report: dict, slug: str, cut_off: datetime.date) -> None:
    year = report["year"]
    for name, (value, of) in by_hand.numbers(slug, year, cut_off).items():
        assert (name, report["numbers"][name]) == (name, {"value": value, "of": of})
    for name, spread in by_hand.spans(slug, year, cut_off).items():
        assert (name, report["days"][name]) == (name, spread)
    behind = report["cases_behind"]["faults"]
    told = {line["number"]: (line["status"], sorted(behind[line["number"]])) for line in report["faults"]}
    by_log = by_hand.faults(slug, year, cut_off)
    assert told == {number: (status, sorted(cases)) for number, (status, cases) in by_log.items()}
    assert {line["number"]: line["count"] for line in report["faults"]} == {
        number: len(cases) for number, (_status, cases) in by_log.items()
    }
    done = sorted((action["type"], action["date"], action["cases"]) for action in report["actions"])
    by_log_done = by_hand.actions(slug, year, cut_off)
    assert done == by_log_done
    types_done = {line["key"]: line["count"] for line in report["by_action_type"]}
    assert types_done == dict(Counter(kind for kind, *_more in by_log_done))
    judged = {line["key"]: line["count"] for line in report["effects"] if line["count"]}
    assert judged == by_hand.effects(slug, year, cut_off)


def assert_rebuilt(federation_id: int) -> None:
    """The facts that were written one event at a time are those that the whole log gives."""
    written = all_columns(facts.facts_of_federation(federation_id))
    assert all_columns(facts.rebuilt(federation_id)) == written
    assert facts.rebuild(federation_id) == {noun: len(found) for noun, found in written.items()}
    assert all_columns(facts.facts_of_federation(federation_id)) == written


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=STORIES)
def test_p28_any_history_is_counted_as_by_hand(sqlite_template, tmp_path_factory, stories):
    folder = tmp_path_factory.mktemp("recount")
    shutil.copy(sqlite_template, folder / "x.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'x.sqlite'}", folder))
    with app.app_context():
        cast = Cast(app)
        for story in sorted(stories, key=lambda found: found[0]):
            tell(cast, story)
        for year in range(2022, 2028):
            assert_recounted(cast, year)
            assert_recounted(cast, year, ELSEWHERE)
        for slug in (HOME, ELSEWHERE):
            assert_rebuilt(cast.federation(slug).id)
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder)


def test_p28_around_new_year_and_midnight_on_both_databases(cast):
    moments = [
        datetime.datetime(2023, 12, 31, 22, 59, 59, tzinfo=UTC),
        datetime.datetime(2023, 12, 31, 23, 30, tzinfo=UTC),
        datetime.datetime(2024, 6, 30, 21, 59, tzinfo=UTC),
        datetime.datetime(2024, 6, 30, 22, 0, tzinfo=UTC),
        datetime.datetime(2024, 12, 31, 23, 0, tzinfo=UTC),
    ]
    for number, moment in enumerate(moments):
        tell(cast, (moment, number, number, number, 2, 1 if number != 2 else 200))
    for year in (2023, 2024, 2025):
        assert_recounted(cast, year)
    received = {year: compiled(cast.federation(), year)["received"] for year in (2023, 2024, 2025)}
    assert received == {2023: 1, 2024: 3, 2025: 1}
    months = {line["key"]: line["count"] for line in compiled(cast.federation(), 2024)["by_month"]}
    assert (months["2024-01"], months["2024-06"], months["2024-07"]) == (1, 1, 1)


@pytest.mark.parametrize("stage", [MERGED, HANDED_OVER, TOLD])
def test_p28_a_case_that_was_merged_handed_over_or_told_is_lost_nowhere_and_counted_once(cast, stage):
    """On both databases: where it came in, on the day it came in; and where it was taken over, on that day."""
    tell(cast, (datetime.datetime(2023, 12, 20, 9, tzinfo=UTC), 1, 1, 1, 0, 1))
    tell(cast, (datetime.datetime(2024, 1, 1, 9, tzinfo=UTC), 1, 1, 1, stage, 3))
    for year in (2023, 2024):
        for slug in (HOME, ELSEWHERE):
            assert_recounted(cast, year, slug)
    counted_in = {
        slug: [compiled(cast.federation(slug), year)["received"] for year in (2023, 2024)] for slug in (HOME, ELSEWHERE)
    }
    assert counted_in[HOME] == ([2, 0] if stage == TOLD else [1, 1])
    assert counted_in[ELSEWHERE] == ([0, 1] if stage == HANDED_OVER else [0, 0])


def test_p28_every_act_is_recounted_on_both_databases(cast):
    """Each follows a case that it may be merged into, show the same fault as, or be done for too."""
    begun = datetime.datetime(2023, 12, 20, 9, tzinfo=UTC)
    for act in range(TOLD_OF_FAULT + 1):
        moment = begun + datetime.timedelta(days=2 * act)
        tell(cast, (moment, act + 1, act, act + 1, 0, 1))
        tell(cast, (moment, act + 2, act + 1, act + 1, act, 9))
    for year in (2023, 2024):
        assert_recounted(cast, year)
    kinds = {kind for _about, _id, kind, _data, _day in by_hand.events(HOME)}
    assert kinds >= {"case.unmerged", "case.not_solved", "case.withdrawn", "case.imported", "fault.reporters_told"}
    assert_rebuilt(cast.federation().id)


def test_p30_an_answer_dated_before_its_report_is_counted_and_has_no_length(cast):
    nothing, came = (None, None, None), datetime.date(2024, 3, 4)
    with clock.at(datetime.datetime(2024, 5, 2, 9, tzinfo=UTC)), transaction():
        for answered in (datetime.date(2024, 3, 1), datetime.date(2024, 3, 11)):
            case_acts.import_history(cast, came, answered, nothing, came)
    spread = compiled(cast.federation(), 2024)["days"]["answer_days"]
    assert spread == {"count": 2, "lengths": 1, "median": 7.0, "nine_of_ten": 7}
    assert_recounted(cast, 2024)


def test_actions_are_counted_by_their_own_day_and_reports_by_theirs(cast):
    tell(cast, (datetime.datetime(2023, 12, 30, 9, tzinfo=UTC), 1, 1, 1, 2, 5))
    first, second = compiled(cast.federation(), 2023), compiled(cast.federation(), 2024)
    assert (first["received"], first["by_action_type"]) == (1, [])
    assert second["received"] == 0
    assert sum(line["count"] for line in second["by_action_type"]) == 1
    assert second["actions"][0]["date"] == "2024-01-04"
    assert second["actions"][0]["cases"] == first["cases"]


@pytest.mark.parametrize(
    ("per_year", "word"),
    [
        ((2,), "first_year"),
        ((1, 2), "increase"),
        ((1, 2, 3), "continued_increase"),
        ((2, 1), "decrease"),
        ((3, 2, 1), "continued_decrease"),
        ((1, 2, 2), "unchanged"),
        ((2, 1, 2), "increase"),
        ((1, 0, 0), "unchanged"),
    ],
)
def test_the_trend_in_words_over_real_reports(cast, per_year, word):
    for year, count in enumerate(per_year, start=2020):
        for day in range(count):
            with clock.at(datetime.datetime(year, 5, 2 + day, 9, tzinfo=UTC)), transaction():
                cast.report()
    report = compiled(cast.federation(), 2020 + len(per_year) - 1)
    assert report["trend"] == word
    assert all(
        paragraph and "{" not in paragraph for language in ("sv", "en") for paragraph in report["text"][language]
    )


def test_p15_another_federations_reports_are_in_no_figure(cast):
    with clock.at(datetime.datetime(2024, 5, 2, 9, tzinfo=UTC)), transaction():
        cast.report("finnveden")
    report = compiled(cast.federation(), 2024)
    assert (report["received"], report["cases"], report["trend"]) == (0, [], "first_year")
