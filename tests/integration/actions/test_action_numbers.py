"""P15: each federation counts its own actions, without gaps, and nobody reads from a number what others have."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from acting import TEXT, planned

from lexheller.actions import service
from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.numbering import next_number
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from tests.cast.people import ELSEWHERE, HOME


def test_p15_each_federation_counts_from_one_and_a_refused_action_takes_no_number(cast):
    planned(cast, slug=ELSEWHERE)
    planned(cast, slug=ELSEWHERE)
    assert planned(cast).number == 1
    with pytest.raises(InvalidInput), transaction():
        service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.PLANNED,
            action_on=None,
        )
        raise InvalidInput("description", "required")
    assert planned(cast).number == 2
    assert planned(cast, slug=ELSEWHERE).number == 3


def test_p15_the_pages_and_the_mail_say_the_number_and_never_the_id(stage, visitor):
    """Another federation has more actions: an id would give that away."""
    numbers = stage.ask(some_elsewhere_and_two_here)
    assert [number for _id, number in numbers] == [1, 2]
    visitor.sign_in("samordnare")
    for action_id, number in numbers:
        assert action_id > 2
        visitor.get(f"/atgarder/{HOME}/{action_id}")
        assert f"Åtgärd {number} –" in visitor.text
        assert f"Åtgärd {action_id}" not in visitor.text
    visitor.get(f"/atgarder/{HOME}")
    assert "Åtgärd 1<" in visitor.text
    assert "Åtgärd 2<" in visitor.text
    assert not any(f"Åtgärd {action_id}<" in visitor.text for action_id, _number in numbers)


def some_elsewhere_and_two_here(cast) -> list[tuple[int, int]]:
    for _time in range(3):
        planned(cast, slug=ELSEWHERE)
    return [(action.id, action.number) for action in (planned(cast), planned(cast))]


def test_numbers_have_no_gap_when_several_are_drawn_at_once(app, stage):
    home, away = stage.ask(lambda cast: (cast.federation().id, cast.federation(ELSEWHERE).id))
    gate, drawn = threading.Barrier(4), []

    def draw() -> None:
        with app.app_context():
            gate.wait(30)
            for turn in range(6):
                with transaction():
                    federation_id = (home, away)[turn % 2]
                    drawn.append((federation_id, next_number(federation_id)))

    threads = [threading.Thread(target=draw) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(drawn) == sorted((federation_id, n) for federation_id in (home, away) for n in range(1, 13))


def test_an_imported_action_has_a_number_too(cast):
    planned(cast)
    with transaction():
        action = service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.DONE,
            action_on=date(2024, 3, 14),
        )
    assert action.number == 2
    assert list(db.session.scalars(db.select(Action.number).order_by(Action.id))) == [1, 2]
