"""`lexheller compile` and `lexheller freeze` as an operator runs them: forms, exit codes, words, and what is kept."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner, Result
from reporting import PATH, YEAR, approve, cases_of_the_year, hash_now, write
from test_doubtful_words import named

from lexheller.action_reports import editions
from lexheller.action_reports.compiling import hash_of
from lexheller.action_reports.drafting import draft_of
from lexheller.audit.models import Event
from lexheller.cli import figures, freezing
from lexheller.cli.main import group
from lexheller.core.db import db
from lexheller.demo.data import address
from tests.cast.people import HOME

DIRECTOR = address("forbundschef", HOME)
STARTS = {
    "html": b"<!DOCTYPE html>",
    "pdf": b"%PDF-",
    "docx": b"PK",
    "short-docx": b"PK",
    "xlsx": b"PK",
    "csv": b"\xef\xbb\xbf",
}


@pytest.fixture
def command(app, monkeypatch):
    """The commands against the test's own database."""
    for module in (figures, freezing):
        monkeypatch.setattr(module, "command_app", lambda *_use: app)

    def run(name: str, *arguments: object, year: int = YEAR, federation: str = HOME) -> Result:
        words = [name, "--federation", federation, "--year", str(year), *map(str, arguments)]
        return CliRunner().invoke(group, words)

    return run


def kept(_cast) -> list[tuple[int, str, str]]:
    rows = db.session.scalars(db.select(editions.Edition).order_by(editions.Edition.number))
    return [(row.number, row.hash, row.approved_by) for row in rows]


def test_p29_compiled_twice_the_hash_is_the_same_and_every_form_is_a_file(stage, command, tmp_path):
    stage.ask(cases_of_the_year)
    stage.ask(write)
    first, second = command("compile"), command("compile", "--format", "json")
    assert first.exit_code == 0, first.stderr
    assert first.stdout == second.stdout
    data = json.loads(first.stdout)
    assert data["hash"] == hash_of(data) == stage.ask(hash_now)
    assert f"hash {data['hash']}" in second.stderr and "ärendenummer" in second.stderr
    assert data["received"] == 3
    for form, start in STARTS.items():
        for language in ("sv", "en"):
            out = tmp_path / f"rapport-{language}.{form}"
            done = command("compile", "--format", form, "--out", out, "--language", language)
            assert done.exit_code == 0, done.stderr
            assert out.read_bytes().lstrip().startswith(start)
            assert f"hash {data['hash']}" in done.stderr
    assert zipfile.is_zipfile(tmp_path / "rapport-sv.xlsx")
    assert command("compile", "--format", "pdf").exit_code == 2


def test_p30_open_data_from_the_command_line_is_what_may_leave_the_office(stage, command, visitor, tmp_path):
    stage.ask(cases_of_the_year)
    number = json.loads(command("compile").stdout)["cases"][0]
    out = tmp_path / "rapport.json"
    opened = command("compile", "--format", "open-json", "--out", out)
    assert (opened.exit_code, "ärendenummer" in opened.stderr) == (0, False), opened.stderr
    visitor.sign_in("forbundschef")
    assert out.read_bytes() == visitor.get(f"{PATH}/utkast.json").data + b"\n"
    assert number not in out.read_text(encoding="utf-8")


def test_compiling_makes_the_draft_once_while_nothing_changes(stage, command):
    stage.ask(cases_of_the_year)
    for _ in range(2):
        assert command("compile").exit_code == 0
    assert stage.ask(lambda cast: draft_of(cast.federation().id, YEAR).compiled["received"]) == 3
    kind = "action_report.compiled"
    assert len(stage.ask(lambda _cast: db.session.scalars(db.select(Event.id).where(Event.kind == kind)).all())) == 1


def test_freezing_needs_an_approval_or_a_director_to_approve_as(stage, command, tmp_path):
    stage.ask(cases_of_the_year)
    refused = command("freeze")
    assert (refused.exit_code, "inte godkänd" in refused.stderr) == (1, True)
    for email in (address("samordnare", HOME), address("forbundschef", "hoglandet"), "ingen@habo.example"):
        done = command("freeze", "--approve-as", email)
        assert (done.exit_code, "inte förbundschef" in done.stderr) == (2, True), done.stderr
    assert stage.ask(kept) == []
    frozen = command("freeze", "--approve-as", DIRECTOR)
    assert frozen.exit_code == 0, frozen.stderr
    (number, checksum, name), *more = stage.ask(kept)
    assert (number, more) == (1, [])
    assert checksum in frozen.stdout
    assert name == stage.ask(lambda cast: cast.director.name)
    said = stage.ask(
        lambda _cast: db.session.scalars(db.select(Event.data).where(Event.kind == "action_report.approved")).one()
    )
    assert said["by_command"] is True
    opened = command("compile", "--edition", 1)
    assert json.loads(opened.stdout)["hash"] == checksum
    assert command("compile", "--edition", 2).exit_code == 2
    out = tmp_path / "utgava.html"
    assert command("compile", "--edition", 1, "--format", "html", "--out", out).exit_code == 0
    assert checksum in out.read_text(encoding="utf-8")


def test_p24_what_looks_like_a_person_is_printed_and_must_be_looked_at(stage, command):
    stage.ask(named)
    refused = command("freeze", "--approve-as", DIRECTOR)
    assert refused.exit_code == 1
    for word in ("»Anna Lindqvist«", "»070-123 45 67«", "--looked"):
        assert word in refused.stderr
    assert stage.ask(kept) == []
    assert command("freeze", "--approve-as", DIRECTOR, "--looked").exit_code == 0
    assert len(stage.ask(kept)) == 1


def test_what_changed_after_the_approval_stops_the_command(stage, command):
    stage.ask(cases_of_the_year)
    stage.ask(approve)
    stage.ask(write)
    refused = command("freeze")
    assert (refused.exit_code, "har ändrats sedan rapporten godkändes" in refused.stderr) == (1, True)
    assert stage.ask(kept) == []
    stage.ask(approve)
    first, second = command("freeze"), command("freeze")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [number for number, *_rest in stage.ask(kept)] == [1, 2]
    assert len({checksum for _number, checksum, _name in stage.ask(kept)}) == 1


def test_an_unknown_federation_names_the_known_ones(command):
    for name in ("compile", "freeze"):
        done = command(name, federation="atlantis")
        assert (done.exit_code, HOME in done.stderr) == (2, True)
