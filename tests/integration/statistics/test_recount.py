"""Every figure equals a recount from the event log and the bare tables, written here without the statistics (P28)."""

import datetime
import shutil
from collections import Counter
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from lexheller.action_reports.compiling import compiled
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.app.factory import create_app
from lexheller.casework import service as casework
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.organisations.queries import municipalities, organisations, themes
from tests.cast.databases import settings_for
from tests.cast.people import ANSWER, HOME, Cast

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
STORIES = st.lists(st.tuples(MOMENTS, PICK, PICK, PICK, st.integers(0, 4), st.integers(0, 700)), max_size=10)


def tell(cast: Cast, story: tuple) -> None:
    """One case: filed, classified, and taken as far as its stage says, `days` after it came in."""
    moment, party, place, theme, stage, days = story
    federation, coordinator = cast.federation(), cast.coordinator
    parties = [None, *organisations(federation.id)]
    places = [None, *municipalities(federation.id)]
    topics = [None, *themes(federation.id)]
    found = parties[party % len(parties)]
    where = places[place % len(places)]
    with clock.at(moment):
        case = cast.report(
            concerned_organisation_id=found.id if found else None, municipality_id=where.id if where else None
        )
        run_waiting_now()
    with clock.at(moment + datetime.timedelta(days=days)):
        casework.classify(coordinator, case, theme=topics[theme % len(topics)], municipality=where, organisation=found,
                          seen=case.version)  # fmt: skip
        if stage >= 1 and case.status == "assigned":
            casework.answer(cast.manager_of(case), case, dict(ANSWER), seen=case.version)
        if stage >= 2:
            kinds = types(federation.id)
            casework.record_action(
                coordinator, case, type=kinds[theme % len(kinds)], description=f"Åtgärd {days}",
                status=ActionStatus.DONE if stage != 3 else ActionStatus.PLANNED, action_on=clock.today(),
                seen=case.version,
            )  # fmt: skip
        if stage == 4:
            casework.close(coordinator, case, "Klart.", seen=case.version)
    db.session.commit()


def recount(slug: str, year: int) -> dict[str, object]:
    """By hand, from the events (when it came in and was answered) and the names in the tables."""
    rows = db.session.execute(
        text(
            """SELECT e.at AS at, c.number AS number, o.key AS organisation, m.key AS municipality, t.key AS theme,
                      c.id AS id
               FROM event e JOIN case_file c ON e.subject_type = 'case' AND e.subject_id = c.id
               JOIN federation f ON f.id = c.federation_id
               LEFT JOIN organisation o ON o.id = c.concerned_organisation_id
               LEFT JOIN municipality m ON m.id = c.municipality_id
               LEFT JOIN theme t ON t.id = c.theme_id
               WHERE e.kind = 'case.received' AND f.slug = :slug"""
        ),
        {"slug": slug},
    ).mappings()
    received = [(swedish_day(row["at"]), row) for row in rows]
    this_year = [(day, row) for day, row in received if day.year == year]
    actions = db.session.execute(
        text(
            """SELECT a.action_on AS day, k.key AS kind FROM action a JOIN action_type k ON k.id = a.type_id
               JOIN federation f ON f.id = a.federation_id WHERE f.slug = :slug AND a.status = 'done'"""
        ),
        {"slug": slug},
    ).mappings()
    return {
        "received": len(this_year),
        "received_previous": sum(day.year == year - 1 for day, _row in received),
        "by_organisation": counted(row["organisation"] for _day, row in this_year),
        "by_theme": counted(row["theme"] for _day, row in this_year),
        "by_municipality": counted(row["municipality"] for _day, row in this_year),
        "by_month": {
            f"{year}-{month:02d}": sum(day.month == month for day, _row in this_year) for month in range(1, 13)
        },
        "by_action_type": counted(row["kind"] for row in actions if str(row["day"])[:4] == str(year)),
        "cases": sorted(row["number"] for _day, row in this_year),
    }


def swedish_day(at: object) -> datetime.date:
    moment = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SWEDEN).date()


def counted(keys) -> dict[str, int]:
    return dict(Counter(key or "unknown" for key in keys))


def assert_recounted(cast: Cast, year: int) -> None:
    report = compiled(cast.federation(), year)
    expected = recount(HOME, year)
    for name in ("by_organisation", "by_theme", "by_municipality", "by_month", "by_action_type"):
        assert {line["key"]: line["count"] for line in report[name]} == expected[name], name
        behind = report["cases_behind"][name]
        assert set(behind) == {line["key"] for line in report[name]}
        if name != "by_action_type":
            assert {key: len(numbers) for key, numbers in behind.items()} == expected[name]
            assert sorted(number for numbers in behind.values() for number in numbers) == expected["cases"]
            assert sum(line["count"] for line in report[name]) == report["received"]
    assert (report["received"], report["received_previous"]) == (expected["received"], expected["received_previous"])
    assert sorted(report["cases"]) == expected["cases"]
    assert compiled(cast.federation(), year) == report


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
