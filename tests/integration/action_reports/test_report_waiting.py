"""Last year's report on the start page: what it waits for, for whom, until when, and where the line leads."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from reporting import FEBRUARY, PATH, YEAR, approve, cases_of_the_year, freeze, frozen, version, write

from lexheller.action_reports import drafting
from lexheller.action_reports.publishing_editions import publish
from lexheller.action_reports.waiting import lines
from lexheller.core import clock
from lexheller.core.transaction import transaction
from tests.cast.people import ELSEWHERE

AUTUMN = datetime(YEAR + 1, 10, 6, 9, tzinfo=UTC)


def said(cast, actor, moment=FEBRUARY):
    """Words, next step and address of what waits."""
    with cast.app.test_request_context(), clock.at(moment):
        return [(line.text, line.note, line.href) for line in lines(actor, cast.federation())]


def test_each_step_is_told_until_the_report_stands_on_the_open_page(cast):
    director = cast.director
    assert said(cast, director) == []
    cases_of_the_year(cast)
    ((words, note, href),) = said(cast, director)
    assert (str(YEAR) in words, "utkast" in words, href) == (True, True, f"{PATH}/utkast")
    assert note == "Läs den, skriv dina egna ord och godkänn den."
    assert "Förbundschefen godkänner" in said(cast, cast.coordinator)[0][1]
    assert said(cast, director, AUTUMN) == said(cast, director)

    approve(cast)
    assert [href for _words, _note, href in said(cast, director)] == [f"{PATH}/utkast/frys"]
    edition = freeze(cast)
    assert [(href, "inte publicerad" in words) for words, _note, href in said(cast, director)] == [
        (f"{PATH}/utgava/{edition.number}", True)
    ]
    assert said(cast, director, AUTUMN) == []
    with transaction():
        publish(director, edition)
    assert said(cast, director) == []

    write(cast, "Ett ord till.")
    ((words, _note, href),) = said(cast, director)
    assert (f"utgåva {edition.number}" in words, href) == (True, f"{PATH}/utkast")
    assert said(cast, director, AUTUMN) == []


def test_a_later_cut_off_day_is_told(cast):
    cases_of_the_year(cast)
    with transaction():
        drafting.set_cut_off(cast.director, cast.federation(), YEAR, date(YEAR + 1, 2, 10), seen=version(cast))
    assert "10 feb. 2025" in said(cast, cast.director)[0][1]


def test_p15_nobody_else_is_told(cast):
    frozen(cast)
    with cast.app.test_request_context(), clock.at(FEBRUARY):
        assert lines(cast.director, cast.federation(ELSEWHERE)) == []
        for actor in (cast.outsider, cast.person("chef.af")):
            assert lines(actor, cast.federation()) == []


@pytest.mark.parametrize("part", ["samordnare", "forbundschef"])
def test_the_start_page_leads_there(stage, visitor, part):
    stage.ask(cases_of_the_year)
    with clock.at(FEBRUARY):
        visitor.sign_in(part)
        assert f'href="{PATH}/utkast"' in visitor.text
        assert visitor.get(f"{PATH}/utkast").status_code == 200
