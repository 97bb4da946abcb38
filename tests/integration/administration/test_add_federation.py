"""Making a federation: shared authorities are used again, what cannot be is refused, and its coordinator comes in."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lexheller.accounts.rights import OPERATOR
from lexheller.cli.federations import federation
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.organisations.founding import Member, Place, add_federation
from lexheller.organisations.models import Municipality, Organisation, OrganisationKind
from lexheller.organisations.queries import municipalities, organisations

FK = Member("Försäkringskassan", OrganisationKind.STATE)
HABO = Place("Habo", "0643", "Habo kommun")
LAHOLM = Place("Laholm", "1381", "Laholms kommun")


def add(slug="halland", name="Halland", members=(FK,), places=(LAHOLM,)):
    with transaction():
        return add_federation(OPERATOR, slug=slug, name=name, members=members, places=places)


def test_a_new_federation_uses_the_authorities_that_are_there(cast):
    before = db.session.scalar(select(func.count(Organisation.id)))
    made = add(places=(LAHOLM, HABO))
    assert [row.name for row in organisations(made.id)] == ["Försäkringskassan", "Habo kommun", "Laholms kommun"]
    assert [row.name for row in municipalities(made.id)] == ["Habo", "Laholm"]
    assert db.session.scalar(select(func.count(Organisation.id))) == before + 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"slug": "Halland"}, "form"),
        ({"slug": "finnveden"}, "taken"),
        ({"name": "finnveden "}, "taken"),
        ({"name": " "}, "missing"),
        ({"places": (Place("Laholm", "138", "Laholms kommun"),)}, "code"),
        ({"places": (Place("Habo", "1381", "Habo kommun"),)}, "other_code"),
        ({"places": (Place("Laholm", "0643", "Laholms kommun"),)}, "other_code"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(cast, values, code):
    before = db.session.scalar(select(func.count(Municipality.id)))
    with pytest.raises(InvalidInput) as refused:
        add(**values)
    assert refused.value.code == code
    assert db.session.scalar(select(func.count(Municipality.id))) == before


def test_the_command_says_what_it_did_and_what_is_wrong(sqlite_template, tmp_path, monkeypatch):
    """On the embedded default, as an operator runs it."""
    shutil.copy(sqlite_template, tmp_path / "lexheller.sqlite")
    monkeypatch.delenv("LEXHELLER_DATABASE_URL", raising=False)
    monkeypatch.setenv("LEXHELLER_DATA", str(tmp_path))
    runner = CliRunner()
    wanted = ["add", "--slug", "halland", "--name", "Halland", "--municipality", "Laholm:1381:Laholms kommun"]
    done = runner.invoke(federation, [*wanted, "--organisation", "Försäkringskassan:statlig"])
    assert (done.exit_code, "med 2 medlemmar" in done.output) == (0, True), done.exception
    again = runner.invoke(federation, wanted)
    assert again.exit_code == 2
    assert "redan ett förbund" in again.output
    for wrong in (["--organisation", "FK"], ["--municipality", "Habo"]):
        assert runner.invoke(federation, [*wanted, *wrong]).exit_code == 2
