"""The themes over the years in the report's data: counted from the facts, the breaks of the list beside them."""

from __future__ import annotations

import datetime
from datetime import UTC, date

import pytest
from flask_babel import force_locale

from lexheller.action_reports.breaks import hide_small
from lexheller.action_reports.chapter_pieces import Telling
from lexheller.action_reports.chapter_themes import over_years
from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.document import Chart, Table
from lexheller.action_reports.publishing import public
from lexheller.casework.describing import classify
from lexheller.core import clock
from lexheller.core.transaction import transaction
from lexheller.organisations import lists, regrouping
from lexheller.organisations.models import Theme
from lexheller.organisations.queries import themes
from tests.cast.people import ELSEWHERE

OLD, PART, OTHER = "Boende", "Hyra", "Köp"


def at(year: int, month: int = 5, day: int = 2):
    return clock.at(datetime.datetime(year, month, day, 9, tzinfo=UTC))


def reports(cast, theme: Theme | None, count: int) -> None:
    for _number in range(count):
        case = cast.report()
        if theme is not None:
            with transaction():
                classify(cast.coordinator, case, theme=theme, municipality=None, organisation=None, seen=case.version)


@pytest.fixture
def told(cast) -> list[str]:
    """Six years; the theme of the first ones is split in 2023. The keys of the three themes."""
    me, home = cast.coordinator, cast.federation().id
    # In use before the first report: nothing breaks.
    with at(2018), transaction():
        old = lists.add_theme(me, home, "Bostad")
    with at(2019):
        reports(cast, old, 1)
    with at(2021):
        reports(cast, old, 2)
        reports(cast, None, 1)
    with at(2022), transaction():
        lists.rename_theme(me, old, OLD)
        extra = lists.add_theme(me, home, "Fel knapp")
        lists.retire_theme(me, extra)
    with at(2023, 6, 1), transaction():
        hire, buy = regrouping.split_theme(me, old, [PART, OTHER])
    with at(2023, 7):
        reports(cast, hire, 2)
        reports(cast, buy, 1)
    with at(2024):
        reports(cast, buy, 3)
    with at(2024, 12, 30), transaction():
        lists.retire_theme(me, hire)
    return [one.key for one in (old, hire, buy)]


def test_the_last_five_years_are_counted_and_sum_to_the_years(cast, told):
    old, hire, buy = told
    report = compiled(cast.federation(), 2024)
    numbers = {line["key"]: line["per_year"] for line in report["themes_per_year"]}
    years = ["2020", "2021", "2022", "2023", "2024"]
    assert numbers == {
        buy: dict(zip(years, (0, 0, 0, 1, 3), strict=True)),
        old: dict(zip(years, (0, 2, 0, 0, 0), strict=True)),
        hire: dict(zip(years, (0, 0, 0, 2, 0), strict=True)),
        "unknown": dict(zip(years, (0, 1, 0, 0, 0), strict=True)),
    }
    assert [line["label"] for line in report["themes_per_year"]] == [OTHER, OLD, PART, "Inget tema satt"]
    for year in years:
        assert sum(line[year] for line in numbers.values()) == report["per_year"].get(year, 0)
    this_year = {line["key"]: line["count"] for line in report["by_theme"]}
    assert this_year == {key: line["2024"] for key, line in numbers.items() if line["2024"]}


def test_the_breaks_are_those_of_the_years_up_to_the_cut_off(cast, told):
    old, hire, buy = told
    renamed = {
        "on": "2022-05-02", "kind": "renamed", "from": ["Bostad"], "from_keys": [old], "to": [OLD], "to_keys": [old],
    }  # fmt: skip
    split = {
        "on": "2023-06-01", "kind": "split",
        "from": [OLD], "from_keys": [old], "to": [PART, OTHER], "to_keys": [hire, buy],
    }  # fmt: skip
    retired = {
        "on": "2024-12-30", "kind": "retired", "from": [PART], "from_keys": [hire], "to": [], "to_keys": [],
    }  # fmt: skip
    home = cast.federation()
    assert compiled(home, 2024)["breaks"] == [renamed, split, retired]
    assert compiled(home, 2024, date(2024, 12, 1))["breaks"] == [renamed, split]
    assert compiled(home, 2023, date(2024, 12, 31))["breaks"] == [renamed, split]
    assert compiled(home, 2021)["breaks"] == []
    assert compiled(home, 2028)["breaks"] == [retired]


def test_before_the_first_report_there_is_nothing(cast, told):
    report = compiled(cast.federation(), 2018)
    assert (report["themes_per_year"], report["breaks"]) == ([], [])
    first = compiled(cast.federation(), 2019)
    assert [line["per_year"] for line in first["themes_per_year"]] == [{"2019": 1}]


def test_p15_another_federation_is_in_none_of_it(cast, told):
    elsewhere = cast.federation(ELSEWHERE)
    with at(2023, 9):
        cast.report(ELSEWHERE)
    report = compiled(elsewhere, 2024)
    assert [line["key"] for line in report["themes_per_year"]] == ["unknown"]
    assert report["breaks"] == []
    assert len(themes(elsewhere.id)) > 3


def definition(data: dict, measure: str) -> str:
    return data["measures"][measure]["definition"]["sv"]


def test_p30_what_is_published_marks_the_break_and_hides_what_is_small(cast, told):
    buy = told[-1]
    with at(2023, 8):
        reports(cast, next(one for one in themes(cast.federation().id) if one.key == buy), 5)
    with at(2024, 6):
        reports(cast, next(one for one in themes(cast.federation().id) if one.key == buy), 2)
    data = compiled(cast.federation(), 2024)
    shown = hide_small(data["themes_per_year"], 3)
    assert {line["key"]: list(line["per_year"].values()) for line in shown} == {
        buy: [0, None, 0, None, 5],
    }  # fmt: skip
    open_data = public({**data, "texts": {}, "goals": [], "least": 3})
    told_too = {**open_data, "themes_per_year": data["themes_per_year"], "breaks": data["breaks"]}
    with force_locale("sv"):
        table, *pictures = over_years(Telling(told_too, "sv"))
        assert isinstance(table, Table)
        assert (table.measure, table.definition) == ("themes_per_year", definition(data, "themes_per_year"))
        older = {**told_too, "measures": {"by_theme": data["measures"]["by_theme"]}}
        assert over_years(Telling(older, "sv"))[0].definition == definition(data, "by_theme")
        assert any("delades den 1 juni 2023" in note for note in table.notes)
        assert [picture.title for picture in pictures if isinstance(picture, Chart)] == ["Köp år för år"]
        assert "2023 (delat tema)" in pictures[0].summary
        assert over_years(Telling({**open_data, "themes_per_year": []}, "sv")) == []
