"""Publishing an edition: one of a year at a time, and nothing that hardly differs from what stood before (P30)."""

from __future__ import annotations

import pytest
from reporting import PATH, SPRING, YEAR, approve, freeze, write

from lexheller.action_reports import editions, publishing_editions
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.models import Edition, EditionPublication
from lexheller.audit.models import Event
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.transaction import transaction
from lexheller.improvement.published_pairs import published_pairs
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.casework.test_conflicts import Take, race

LEAST = 5
PUBLISH = f"{PATH}/utgava/2/publicera"


def reports(cast: Cast, number: int, year: int = YEAR) -> None:
    with clock.at(SPRING.replace(year=year)):
        for _number in range(number):
            cast.reach(CaseStatus.ASSIGNED)


def edition(cast: Cast, number: int = 0) -> Edition:
    """The next edition, after so many more reports of the year."""
    reports(cast, number)
    approve(cast)
    return freeze(cast)


def put_up(cast: Cast, one: Edition, **values: object) -> None:
    with transaction():
        publishing_editions.publish(cast.coordinator, one, **values)


def numbered(cast: Cast, number: int) -> Edition:
    return editions.numbered(cast.federation().id, YEAR, number)


def told() -> list[tuple[str, dict[str, object]]]:
    """What happened to publications, oldest first."""
    kinds = ("action_report.published", "action_report.publication_withdrawn")
    query = db.select(Event.kind, Event.data).where(Event.kind.in_(kinds)).order_by(Event.id)
    return [
        (kind.removeprefix("action_report."), {name: value for name, value in data.items() if name != "year"})
        for kind, data in db.session.execute(query)
    ]


def test_p30_publishing_takes_the_years_other_edition_down_in_the_same_step_with_one_event_each(cast):
    first = edition(cast, LEAST)
    second = edition(cast)
    put_up(cast, first)
    put_up(cast, second)
    put_up(cast, second)
    assert [one.edition for one in publishing_editions.published(first.federation_id)] == [second]
    assert told() == [
        ("published", {"number": 1, "replaces": [], "near_figures": 0}),
        ("publication_withdrawn", {"number": 1, "replaced_by": 2}),
        ("published", {"number": 2, "replaces": [1], "near_figures": 0}),
    ]
    row = db.session.scalars(db.select(EditionPublication).where(EditionPublication.edition_id == first.id)).one()
    assert row.withdrawn_by_user_id == cast.coordinator.user_id


def test_p30_what_differs_by_less_than_the_least_must_be_looked_at(cast):
    put_up(cast, edition(cast, LEAST))
    second = edition(cast, LEAST - 1)
    ((former, figures),) = [(one.edition.number, one.figures) for one in publishing_editions.near_to(second)]
    assert (former, figures[0].measure, figures[0].old, figures[0].new) == (1, "received", LEAST, 2 * LEAST - 1)
    with pytest.raises(InvalidInput, match="near"):
        put_up(cast, second)
    assert publishing_editions.newest_published(second.federation_id, YEAR).number == 1
    put_up(cast, second, looked=True)
    assert told()[-1][1] == {"number": 2, "replaces": [1], "near_figures": len(figures)}


def test_p30_what_differs_by_the_least_or_not_at_all_asks_nothing(cast):
    put_up(cast, edition(cast, LEAST))
    write(cast, "Andra ord.")
    same, more = edition(cast), edition(cast, LEAST)
    assert publishing_editions.near_to(same) == publishing_editions.near_to(more) == []
    put_up(cast, more)


def test_p30_what_stood_there_before_counts_though_it_is_taken_down(cast):
    first = edition(cast, LEAST)
    put_up(cast, first)
    with transaction():
        publishing_editions.withdraw(cast.coordinator, first)
    second = edition(cast, 1)
    with pytest.raises(InvalidInput, match="near"):
        put_up(cast, second)


def test_p30_an_edition_that_never_stood_there_does_not_count(cast):
    edition(cast, LEAST)
    put_up(cast, edition(cast, 1))
    assert told()[-1][1]["near_figures"] == 0


def test_p13_whoever_looked_before_something_else_was_published_must_look_again(cast):
    first, second = edition(cast, LEAST), edition(cast, 1)
    seen = publishing_editions.latest(first.federation_id)
    put_up(cast, first, seen=seen)
    with pytest.raises(Conflict):
        put_up(cast, second, seen=seen, looked=True)
    assert publishing_editions.newest_published(first.federation_id, YEAR).number == 1


def test_p30_of_two_years_published_at_once_the_later_is_compared_with_the_earlier(app, stage):
    """The year before got one report more after it was frozen, which this year's report tells."""

    def two_years(cast: Cast) -> tuple[int, int]:
        reports(cast, LEAST, YEAR - 1)
        before = edition_of(cast, YEAR - 1)
        reports(cast, 1, YEAR - 1)
        reports(cast, LEAST)
        return before.id, edition_of(cast, YEAR).id

    ids = stage.ask(two_years)

    def put(edition_id: int) -> Take:
        return lambda cast: publishing_editions.publish(cast.coordinator, db.session.get_one(Edition, edition_id))

    assert sorted(race(app, [put(edition_id) for edition_id in ids])) == ["near", "won"]


def edition_of(cast: Cast, year: int) -> Edition:
    home = cast.federation()
    with transaction():
        editions.approve(cast.director, home, year, seen_hash=report_data(home, year)["hash"])
        return editions.freeze(cast.coordinator, home, year)


def test_an_edition_is_compared_with_the_one_that_stood_published_when_it_was_frozen(stage, visitor):
    """The second was found wrong at once, and nobody outside has seen it."""

    def three(cast: Cast) -> list[int | None]:
        first = edition(cast, LEAST)
        put_up(cast, first)
        second, third = edition(cast, 1), edition(cast, LEAST)
        put_up(cast, third)
        return [one.number if (one := publishing_editions.compared_with(each)) else None for each in (second, third)]

    assert stage.ask(three) == [1, 1]
    visitor.sign_in("samordnare")
    differences = f"{PATH}/utgava/3/skillnader"
    visitor.get(f"{PATH}/utgava/3")
    assert "Se vad som skiljer från utgåva 1" in visitor.text
    visitor.get(differences)
    assert "Jämfört med utgåva 1 (" in visitor.text
    assert f'href="{differences}?mot=2"' in visitor.text
    visitor.get(f"{differences}?mot=2")
    assert "Jämfört med utgåva 2 (" in visitor.text
    assert f'href="{differences}?mot=1"' in visitor.text
    for none in ("3", "4", "x"):
        assert visitor.get(f"{differences}?mot={none}").status_code == 404


def test_without_a_published_one_an_edition_is_compared_with_the_one_before_it(cast):
    first, second = edition(cast, LEAST), edition(cast, 1)
    assert publishing_editions.compared_with(first) is None
    assert publishing_editions.compared_with(second) == first
    put_up(cast, first)
    with transaction():
        publishing_editions.withdraw(cast.coordinator, first)
    third = edition(cast, 1)
    assert publishing_editions.compared_with(third) == second


def test_p30_the_pairs_for_others_are_those_of_the_edition_that_stands_published(cast):
    """What came in since changes nothing, and of a year without one there is nothing."""
    home = cast.federation().id
    first = edition(cast, LEAST)
    assert published_pairs(home, YEAR) is None
    put_up(cast, first)
    told = published_pairs(home, YEAR)
    public = first.data["public"]
    assert (told.edition, told.least, told.received) == (1, LEAST, LEAST)
    assert [count for *_names, count in told.pairs] == [pair["count"] for pair in public["pairs"] or ()]
    assert told.concerned == tuple((line["label"], line["count"]) for line in public["by_organisation"])
    reports(cast, LEAST)
    assert published_pairs(home, YEAR) == told
    assert published_pairs(home, YEAR - 1) is None


def two_editions(cast: Cast) -> None:
    put_up(cast, edition(cast, LEAST))
    edition(cast, 1)


def test_the_page_says_what_happens_and_demands_that_somebody_has_looked(stage, visitor):
    stage.ask(two_editions)
    visitor.sign_in("samordnare")
    visitor.get(f"{PATH}/utgava/2")
    assert f'href="{PUBLISH}"' in visitor.text
    visitor.get(PUBLISH)
    for words in (
        "Utgåva 1 tas ner samtidigt",
        f"Jämfört med utgåva 1 för {YEAR}",
        "Inkomna anmälningar",
        "+1",
        "Jag har sett skillnaderna",
    ):
        assert words in visitor.text
    visitor.post(PUBLISH, {})
    assert (visitor.last.status_code, "kryssa i rutan om rapporten" in visitor.text) == (422, True)
    assert stage.ask(lambda cast: publishing_editions.publication_of(numbered(cast, 2))) is None
    visitor.post(PUBLISH, {"looked": "y"})
    assert (visitor.last.status_code, "Utgåva 2 är publicerad." in visitor.text) == (200, True)
    assert stage.ask(lambda cast: publishing_editions.publication_of(numbered(cast, 1))) is None
    assert visitor.get(PUBLISH).request.path == f"{PATH}/utgava/2"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999"])
def test_p22_an_answer_to_a_page_that_was_never_shown_publishes_nothing(stage, visitor, version):
    stage.ask(two_editions)
    visitor.sign_in("samordnare")
    visitor.get(PUBLISH)
    visitor.post(PUBLISH, {"version": version, "looked": "y"})
    assert visitor.last.status_code in {409, 422}
    assert stage.ask(lambda cast: publishing_editions.publication_of(numbered(cast, 2))) is None


def test_p15_the_outsider_and_a_manager_do_not_meet_the_page(stage, new_visitor):
    stage.ask(two_editions)
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME)):
        visitor = new_visitor()
        visitor.sign_in(part, slug)
        assert visitor.get(PUBLISH).status_code == 404
        visitor.post(PUBLISH, {"version": "1", "looked": "y"})
        assert visitor.last.status_code == 404
