"""P26: what the overview and an action's page count is the same when the cases are gone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from lexheller.actions import effect
from lexheller.actions.measuring import measure_to_show, sums_for_others
from lexheller.actions.models import Action
from lexheller.actions.queries import follow_ups
from lexheller.actions.states import Judgement
from lexheller.cases.models import Case
from lexheller.casework import describing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.improvement import overview_queries as counts
from lexheller.improvement.overview_rules import Period
from lexheller.organisations.queries import themes
from tests.cast.people import Cast
from tests.integration.actions.acting import done
from tests.integration.records.disposing_of_cases import NOW, adopt, closed, dispose, freeze, on

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))


def of_one_kind(cast: Cast, month: int) -> Case:
    """Closed that month, about the same organisation and theme as the others."""
    case = closed(cast, 2024, month)
    with on(2024, month), transaction():
        describing.classify(
            cast.coordinator,
            case,
            theme=themes(case.federation_id)[0],
            municipality=case.municipality,
            organisation=cast.organisation("Arbetsförmedlingen"),
            seen=case.version,
        )
    return case


def judged(cast: Cast, action: Action) -> None:
    """At both of its days."""
    for follow_up, day in zip(follow_ups([action.id])[action.id], ((2024, 12), (2025, 6)), strict=True):
        with on(*day), transaction():
            effect.judge(cast.coordinator, action, follow_up, Judgement.WORKED, "Det hjälpte.", seen=action.version)


def counted(cast: Cast, action: Action) -> dict[str, object]:
    home, today = cast.federation().id, clock.today()
    return {
        "pairs": counts.between_whom(home, YEAR),
        "themes": counts.by_theme(home, [YEAR]),
        "years": counts.years_with_reports(home),
        "effect": measure_to_show(action, today),
        "for others": sums_for_others(action, today),
    }


@pytest.mark.parametrize("is_judged", [False, True], ids=["yet to be judged", "judged"])
def test_p26_the_overview_and_an_actions_effect_are_equal_before_and_after(cast, is_judged):
    linked, *others = [of_one_kind(cast, month) for month in (3, 3, 4, 4, 5, 7)]
    with on(2024, 6):
        action = done(cast, on=date(2024, 6, 1), cases=(linked,))
    if is_judged:
        judged(cast, action)
    freeze(cast, 2024, 2025)
    newest = closed(cast, 2029)
    with clock.at(NOW):
        adopt(cast)
        before = counted(cast, action)
        assert not counts.has_disposed(cast.federation().id, YEAR)
        dispose(cast)
        stay = {newest.id} if is_judged else {newest.id, linked.id}
        assert set(db.session.scalars(select(Case.id))) == stay
        assert counted(cast, action) == before
        assert counts.has_disposed(cast.federation().id, YEAR)
    assert sum(cell.number for cell in before["pairs"]) == 1 + len(others)
    assert before["years"][-1] == 2024
    assert (before["effect"].before_sum, before["effect"].after_sum) == (5, 1)
