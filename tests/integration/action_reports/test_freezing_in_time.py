"""Nothing is frozen before its cut-off day is over in Sweden: on the page, in the verb and on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from reporting import PATH, YEAR, approve, cases_of_the_year, version

from lexheller.action_reports import drafting, editions
from lexheller.cli import freezing
from lexheller.cli.main import group
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from tests.cast.people import HOME, Cast

FREEZE = f"{PATH}/utkast/frys"
DECEMBER = datetime(YEAR, 12, 12, 9, tzinfo=UTC)
LAST_MOMENT = datetime(YEAR, 12, 31, 22, 59, 59, tzinfo=UTC)
NEW_YEAR = datetime(YEAR, 12, 31, 23, 0, tzinfo=UTC)
NOT_YET = "Rapporten kan frysas från och med"


def approved(cast: Cast) -> None:
    cases_of_the_year(cast)
    approve(cast)


def freeze(cast: Cast) -> editions.Edition:
    with transaction():
        return editions.freeze(cast.coordinator, cast.federation(), YEAR)


def test_p29_the_verb_refuses_until_midnight_in_sweden(cast):
    with clock.at(LAST_MOMENT):
        approved(cast)
        with pytest.raises(InvalidInput, match="cut_off: not_ended"):
            freeze(cast)
    assert editions.newest_edition(cast.federation().id, YEAR) is None
    with clock.at(NEW_YEAR):
        assert freeze(cast).number == 1


def test_a_later_cut_off_day_is_waited_for(cast):
    approved(cast)
    with transaction():
        drafting.set_cut_off(cast.coordinator, cast.federation(), YEAR, date(YEAR + 1, 2, 10), seen=version(cast))
    approve(cast)
    with clock.at(datetime(YEAR + 1, 2, 10, 22, tzinfo=UTC)), pytest.raises(InvalidInput, match="not_ended"):
        freeze(cast)
    with clock.at(datetime(YEAR + 1, 2, 11, 9, tzinfo=UTC)):
        assert freeze(cast).cut_off == date(YEAR + 1, 2, 10)


@pytest.mark.parametrize("is_approved", [True, False])
def test_the_page_says_from_which_day_and_offers_no_button(stage, visitor, is_approved):
    with clock.at(DECEMBER):
        stage.ask(approved if is_approved else cases_of_the_year)
        visitor.sign_in("samordnare")
        visitor.get(FREEZE)
        assert f"{NOT_YET} 1 januari {YEAR + 1}" in visitor.text
        assert f'action="{FREEZE}"' not in visitor.text
        visitor.post(FREEZE)
        assert (visitor.last.status_code, "Brytdagen är inte över ännu." in visitor.text) == (422, True)
        for page in (f"{PATH}/utkast", f"{PATH}/utkast/granska"):
            assert f'href="{FREEZE}"' not in visitor.get(page).get_data(as_text=True)
    assert stage.ask(lambda cast: editions.newest_edition(cast.federation().id, YEAR)) is None


def test_the_command_says_from_which_day_and_leaves_no_approval(stage, app, monkeypatch):
    monkeypatch.setattr(freezing, "command_app", lambda *_use: app)
    words = ["freeze", "--federation", HOME, "--year", str(YEAR), "--approve-as", address("forbundschef", HOME)]
    with clock.at(DECEMBER):
        stage.ask(cases_of_the_year)
        refused = CliRunner().invoke(group, words)
    assert (refused.exit_code, f"{NOT_YET} {YEAR + 1}-01-01" in refused.stderr) == (1, True)
    draft = stage.ask(lambda cast: drafting.draft_of(cast.federation().id, YEAR))
    assert draft is None or draft.approved_hash is None
    assert CliRunner().invoke(group, words).exit_code == 0
