"""The `lexheller` command as an operator runs it: a real process, its output, and its exit code."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
PROGRAM = Path(sys.executable).parent / "lexheller"
HOME = "sodra-vatterbygden"
KEYS = {
    "federation", "year", "received", "received_previous", "trend", "by_organisation", "by_theme",
    "by_municipality", "by_month", "by_action_type", "cases", "hash",
}  # fmt: skip
NUMBER = "19811228-9874"


@pytest.fixture
def lexheller(sqlite_template, tmp_path):
    """Runs the program on a folder of its own, with the three federations in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "lexheller.sqlite")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEXHELLER")}

    def run(*arguments: str | Path, text: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=120, check=False,
            env={**kept, "LEXHELLER_DATA": str(folder), **environ},
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def imported(lexheller, path: Path, *more: str) -> dict:
    done = lexheller("import", path, "--federation", HOME, "--json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_import_then_compile_gives_the_known_year(lexheller, tmp_path):
    first = imported(lexheller, DATA / "sodra-vatterbygden-2022-2023.xlsx")
    dry = imported(lexheller, DATA / "sodra-vatterbygden-2024.xlsx", "--dry-run")
    second = imported(lexheller, DATA / "sodra-vatterbygden-2024.xlsx")
    again = imported(lexheller, DATA / "sodra-vatterbygden-2024.csv")
    for result in (first, dry, second, again):
        assert set(result) == {"rows", "accepted", "rejected", "duplicates", "in_doubt"}
        kept = result["accepted"] + len(result["rejected"]) + len(result["duplicates"]) + len(result["in_doubt"])
        assert kept == result["rows"]
    assert dry == second
    assert (second["accepted"], again["accepted"], len(again["duplicates"])) == (17, 0, 17)
    done = lexheller("compile", "--federation", HOME, "--year", "2024", "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert set(report) >= KEYS
    assert (report["received"], report["received_previous"], report["trend"]) == (17, 12, "continued_increase")
    assert all(set(line) == {"key", "label", "count"} for line in report["by_organisation"])
    out = tmp_path / "rapport.json"
    written = lexheller("compile", "--federation", HOME, "--year", "2024", "--format", "json", "--out", out)
    assert (written.returncode, written.stdout) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8")) == report
    checked = lexheller("check", "--json")
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["ok"] is True


def test_p28_facts_made_anew_from_the_events_give_the_same_figures(lexheller, tmp_path):
    imported(lexheller, DATA / "sodra-vatterbygden-2024.xlsx")
    wanted = ("compile", "--federation", HOME, "--year", "2024")
    before = json.loads(lexheller(*wanted).stdout)
    with sqlite3.connect(tmp_path / "data" / "lexheller.sqlite") as database:
        for table in ("case_fact", "fault_fact", "action_fact"):
            database.execute(f"DELETE FROM {table}")
    assert json.loads(lexheller(*wanted).stdout)["received"] == 0
    done = lexheller("rebuild-facts")
    assert (done.returncode, f"{HOME}: {before['received']} ärenden, 0 systemfel" in done.stdout) == (0, True)
    assert json.loads(lexheller(*wanted).stdout) == before


def test_p23_rejected_rows_exit_with_zero_and_are_never_quoted(lexheller, tmp_path):
    path = tmp_path / "blad.csv"
    path.write_text(
        "Datum;Vad hände;Berörd organisation\n"
        f"2024-01-02;Hemligheten om {NUMBER};Arbetsförmedlingen\n"
        "Hemligheten;Något;Arbetsförmedlingen\n"
        "2024-01-04;Något annat;Kronofogden\n",
        encoding="utf-8",
    )
    for more in ((), ("--json",), ("--dry-run",)):
        done = lexheller("import", path, "--federation", HOME, *more)
        assert done.returncode == 0
        for part in ("Hemligheten", NUMBER, NUMBER.replace("-", "")):
            assert part not in done.stdout + done.stderr
    result = imported(lexheller, path)
    assert [line["reason"] for line in result["rejected"]] == ["personal_identity_number", "invalid_date"]
    assert all(set(line) >= {"row", "column", "reason"} for line in result["rejected"])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)


def million_rows(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Datum;Vad hände\n")
        file.writelines("2024-01-02;x\n" for _ in range(1_000_000))


WRONG = {
    "bomb.xlsx": bomb,
    "rader.csv": million_rows,
    "bild.xlsx": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(2000)),
    "brev.pdf": lambda path: path.write_bytes(b"%PDF-1.7\n" + os.urandom(2000)),
    "trasig.xlsx": lambda path: path.write_bytes(b"PK\x03\x04" + os.urandom(500)),
    "tom.csv": lambda path: path.write_bytes(b""),
    "utan-rubriker.csv": lambda path: path.write_text("a;b\n1;2\n", encoding="utf-8"),
    "mapp.xlsx": lambda path: path.mkdir(),
    "finns-inte.xlsx": lambda path: None,
}


@pytest.mark.parametrize("name", WRONG)
def test_p22_a_file_that_cannot_be_read_is_told_in_words(lexheller, tmp_path, name):
    path = tmp_path / name
    WRONG[name](path)
    done = lexheller("import", path, "--federation", HOME, "--json")
    assert done.returncode not in {0, -9, -11}
    assert len(done.stderr.strip()) > 10
    assert "error" in json.loads(done.stdout)


def test_p22_an_unknown_federation_names_the_known_ones(lexheller):
    for arguments in (
        ("import", DATA / "sodra-vatterbygden-2024.csv", "--federation", "atlantis"),
        ("compile", "--year", "2024", "--federation", "atlantis"),
    ):
        done = lexheller(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert HOME in done.stderr


def test_p22_a_year_outside_the_calendar_is_refused(lexheller):
    for year in ("1999", "2101", "tjugo", "-1"):
        assert lexheller("compile", "--federation", HOME, "--year", year).returncode == 2


def test_scan_needs_no_database_and_answers_line_by_line(lexheller):
    lines = ["Inget här.", f"Åsa 👍 och {NUMBER} kom.", "Ring 070-123 45 67", ""]
    done = lexheller("scan", text="\n".join(lines) + "\n", LEXHELLER_DATA="/nonexistent/nowhere")
    assert done.returncode == 0
    answers = [json.loads(line)["findings"] for line in io.StringIO(done.stdout)]
    assert len(answers) == len(lines)
    stopped = next(found for found in answers[1] if found["kind"] == "personal_identity_number")
    assert lines[1][stopped["start"] : stopped["end"]] == stopped["text"] == NUMBER
    assert stopped["certainty"] == "stop"
    assert [found["kind"] for found in answers[2]] == ["phone"]
    assert answers[3] == []


def test_wrong_settings_are_named(lexheller):
    done = lexheller("check", LEXHELLER_ENV="production")
    assert done.returncode == 2
    assert "LEXHELLER_DATABASE_URL" in done.stderr


def test_init_twice_changes_nothing(lexheller):
    for _ in range(2):
        done = lexheller("init", "--demo")
        assert done.returncode == 0, done.stderr
    assert json.loads(lexheller("check", "--json").stdout)["reports"] == 0
