"""The package of an incident: what happened in the period, drafts of what must be told, and nothing that is secret."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from lexheller.check.incident import Period, Scope
from lexheller.check.incident_letters import letters
from lexheller.cli import incident as command
from lexheller.core import clock
from lexheller.demo.data import PASSWORD, address
from tests.cast.people import ELSEWHERE, HOME

SECRET = "Kontoret lovade att återkomma och gjorde det inte på tre månader."
DAY = timedelta(days=1)


@pytest.fixture
def package(app, stage, visitor, new_visitor, tmp_path):
    """Of a day on which somebody guessed, somebody read, and another federation had its own."""
    case = stage.case(what_happened=SECRET, reporter_email="anmalare@habo.example")
    stage.case(slug=ELSEWHERE)
    for person in (address("samordnare", HOME), "ingen@nowhere.example"):
        stranger = new_visitor()
        stranger.get("/logga-in")
        stranger.post("/logga-in", {"email": person, "password": "fel lösenord helt och hållet"})
    visitor.sign_in("samordnare")
    visitor.get(case.path)

    def made(cast):
        period = Period(clock.now() - DAY, clock.now() + DAY)
        scope = Scope({cast.federation().id: HOME}, period)
        command._write(tmp_path / "incident.zip", scope)

    stage.ask(made)
    with zipfile.ZipFile(tmp_path / "incident.zip") as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_it_holds_what_happened_and_every_file_has_its_sum(package):
    known = json.loads(package["oversikt.json"])
    assert known["refused_sign_ins"] == 2
    assert known["broken_logs"] == []
    assert list(known["federations"]) == [HOME]
    home = known["federations"][HOME]
    assert (home["cases"], home["cases_touched"], home["readers"]) == (1, 1, 1)
    assert home["readings"] == {"case": 1}
    events = [json.loads(line) for line in package["handelser.jsonl"].splitlines()]
    assert {"case.received", "case.routed"} & {event["kind"] for event in events}
    refused = table(package["nekade-inloggningar.csv"])
    assert sorted(bool(row["user_id"]) for row in refused) == [False, True]
    assert [row["thing"] for row in table(package["lasningar.csv"])] == ["case"]
    assert len(table(package["inloggningar.csv"])) == 1
    assert table(package["jobb.csv"])
    sums = dict(line.split("  ")[::-1] for line in package["innehall.sha256"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest() for name, content in package.items() if name != "innehall.sha256"
    }


def test_p15_another_federation_is_not_in_it(package, stage):
    other = stage.ask(lambda cast: cast.federation(ELSEWHERE).id)
    for name in ("lasningar.csv", "jobb.csv", "mejl.csv"):
        assert str(other) not in {row["federation_id"] for row in table(package[name])}
    assert ELSEWHERE not in b"".join(package.values()).decode("utf-8-sig")


def test_p23_it_holds_no_text_no_address_and_no_secret(package, app):
    everything = b"".join(package.values()).decode()
    for secret in (SECRET, "@habo.example", "nowhere", PASSWORD, app.config["SECRET_KEY"], "fel lösenord"):
        assert secret not in everything


def test_every_letter_says_what_only_a_person_knows(package):
    drafts = [name for name in package if name[0].isdigit()]
    assert len(drafts) == 4
    for name in drafts:
        text = package[name].decode()
        assert text.count("[FYLL I: ") >= 8
        assert "UTKAST" in text
        assert f"- {HOME}: 1 ärenden" in text


def test_a_broken_log_is_said_aloud():
    start = datetime(2026, 11, 20, tzinfo=UTC)
    known = dict.fromkeys(("program", "schema", "database", "python"), "x")
    known |= {"made_at": start.isoformat(), "refused_sign_ins": 0, "federations": {}, "broken_logs": ["1: rad 7 (gap)"]}
    found = letters(known, Period(start, start + DAY))
    assert all("BRUTEN: 1: rad 7 (gap)" in text for name, text in found.items() if name[0].isdigit())


@pytest.mark.parametrize(
    ("written", "later", "moment"),
    [
        ("2026-11-22", 0, "2026-11-22T00:00:00+01:00"),
        ("2026-11-22", 1, "2026-11-23T00:00:00+01:00"),
        ("2026-07-01T08:30", 1, "2026-07-01T08:30:00+02:00"),
    ],
)
def test_days_and_moments_are_swedish(written, later, moment):
    assert command._moment(written, later).isoformat() == moment


@pytest.mark.parametrize("written", ["", "i går", "2026-13-01", "2026-11-22T99:00", "9999-12-31"])
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(SystemExit):
        command._moment(written, 1)
