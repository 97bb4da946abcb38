"""The program that judges an exported log: it knows the same rule, and names the first broken row (P14)."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_log import FEDERATIONS, ONLY_BY_HEADS, ROWS, TAMPERINGS, chained, heads_of, in_file, whole

from lexheller.audit import verify as program
from lexheller.audit.chain import START, VERSION, event_hash
from lexheller.audit.export import as_line
from lexheller.audit.heads import head_line
from lexheller.audit.verify import CannotRead, Head, hash_of, judge, read_line

HOME = "sodra-vatterbygden"
SOURCE = Path(program.__file__)
PLACES = 100

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
codes = st.text(max_size=40)
numbers = st.integers(min_value=0, max_value=2**63 - 1)
events = st.fixed_dictionaries(
    {
        "federation_id": numbers,
        "sequence": numbers,
        "at": st.datetimes(
            min_value=datetime(1970, 1, 2),
            max_value=datetime(2200, 1, 1),
            timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
        ),
        "kind": codes,
        "subject_type": codes,
        "subject_id": numbers,
        "actor_kind": codes,
        "actor_user_id": st.none() | numbers,
        "data": st.dictionaries(st.text(), json_values, max_size=5),
        "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
    }
)


@given(events)
def test_p14_the_two_statements_of_the_rule_agree(event):
    """Through the file: what the application hashed is what the program finds in the line."""
    moment = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
    line = read_line(as_line({"version": VERSION, **event, "at": moment, "hash": "it does not count"}).encode())
    assert hash_of(line) == event_hash(**event)


def test_both_say_the_same_version_and_beginning():
    assert (program.RULE, program.START) == (VERSION, START)


def wrong(logs, heads=()) -> dict[str, int]:
    """Federation -> the row at which its log is broken."""
    return {log.federation: log.wrong[0] for log in judge(in_file(logs), list(heads)) if log.wrong}


def test_a_whole_log_is_whole_with_and_without_heads():
    logs = whole()
    assert wrong(logs) == {}
    assert wrong(logs, heads_of(logs, 1, 17, ROWS)) == {}
    assert wrong({**logs, "finnveden": []}) == {}, "nothing has happened there yet"


@pytest.mark.parametrize("name", TAMPERINGS)
def test_p14_seven_kinds_of_tampering_in_a_hundred_places_are_all_found_at_the_row(name):
    before = whole()
    heads = heads_of(before, ROWS)
    for place in range(PLACES):
        logs = whole()
        slug, row = TAMPERINGS[name](logs, Random(f"{name} {place}"))
        assert wrong(logs, heads)[slug] == row, place
        if name in ONLY_BY_HEADS:
            assert wrong(logs) == {}, "by nothing in the file"
        else:
            assert wrong(logs)[slug] == row, place


@pytest.mark.parametrize("place", range(0, ROWS, 5))
def test_p14_a_log_that_was_rewritten_from_somewhere_on_is_found_by_its_heads(place):
    before, logs = whole(), whole()
    logs[HOME][place]["data"]["status"] = "closed"
    logs[HOME] = chained(logs[HOME], place)
    assert wrong(logs) == {}
    assert wrong(logs, heads_of(before, 12, ROWS)) == {HOME: 12 if place < 12 else ROWS}


def test_p14_a_log_that_is_gone_and_one_under_another_name_are_found_by_the_heads():
    before, logs = whole(), whole()
    heads = heads_of(before, ROWS)
    del logs["finnveden"]
    assert wrong(logs, heads) == {"finnveden": 1}
    assert [log.federation for log in judge(in_file(logs), heads, HOME)] == [HOME]
    lines = [line.replace(b'"federation": "hoglandet"', b'"federation": "finnveden"') for line in in_file(logs)]
    assert {log.federation for log in judge(lines, heads) if log.wrong} == {"finnveden", "hoglandet"}


def edited(change) -> dict[str, int]:
    """The lines of the file changed by hand."""
    lines = change(in_file(whole()))
    return {log.federation: log.wrong[0] for log in judge(lines, []) if log.wrong}


def in_line(number: int, old: bytes, new: bytes):
    def change(lines):
        assert old in lines[number]
        return [*lines[:number], lines[number].replace(old, new, 1), *lines[number + 1 :]]

    return change


AT_HOME_FIVE = {
    "a field more": in_line(5, b'{"version"', b'{"note": 1, "version"'),
    "a field less": in_line(5, b'"subject_type": "case", ', b""),
    "a field twice, the false one first": in_line(5, b'{"version"', b'{"kind": "case.closed", "version"'),
    "another version": in_line(5, b'"version": 1', b'"version": 2'),
    "not JSON": in_line(5, b"{", b""),
    "no object": lambda lines: [*lines[:5], b"[]\n", *lines[5:]],
    "no number": in_line(5, b'"subject_id": ', b'"subject_id": NaN, "x": '),
    "not UTF-8": in_line(5, "å".encode(), b"\xe5"),
    "half a letter": in_line(5, "å".encode(), b"\\ud800"),
    "too deep": in_line(5, b'"data": {', b'"data": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b", "),
    "an empty line": lambda lines: [*lines[:5], b"\n", *lines[5:]],
    "a moment written in another way": in_line(5, b"+00:00", b"Z"),
}


@pytest.mark.parametrize("how", AT_HOME_FIVE)
def test_p14_a_line_that_is_not_as_it_was_written_is_a_broken_row(how):
    assert edited(AT_HOME_FIVE[how])[HOME] == 5


@pytest.mark.parametrize(
    "change",
    [
        {"note": "en text till"},
        {"version": 2},
        {"federation_id": 2},
        {"sequence": 50},
        {"data": {"x": float("nan")}},
        {"hash": None},
    ],
    ids=str,
)
def test_p14_a_row_that_could_never_have_been_written_is_broken_though_every_hash_fits(change):
    logs = whole()
    rows = logs[HOME]
    rows[4] |= change
    for before, row in zip([None, *rows], rows, strict=False):
        row["previous_hash"] = before["hash"] if before else START
        row["hash"] = hash_of(row)
    if change == {"hash": None}:
        del rows[4]["hash"]
    assert wrong(logs) == {HOME: 5}


def test_p14_a_file_that_ends_too_early_or_holds_a_log_twice_is_broken():
    assert edited(lambda lines: lines[:15]) == {HOME: 15}
    assert edited(lambda lines: [*lines[: ROWS + 1], lines[0][:-40]]) == {HOME: ROWS + 1}, "a write that was cut off"
    assert edited(lambda lines: lines + lines[: ROWS + 1]) == {HOME: 1}
    assert edited(lambda lines: lines[: ROWS + 1] + lines[ROWS + 2 :]) == {HOME: ROWS + 1}, "a first line is gone"


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [],
        lambda lines: lines[1:],
        lambda lines: [b"PK\x03\x04", *lines],
        in_line(0, b'"lexheller_log": 1', b'"lexheller_log": 2'),
        in_line(0, b'"sodra-vatterbygden"', b'"\\u001b[2J"'),
        in_line(0, b'"federation_id": 1', b'"federation_id": true'),
    ],
)
def test_what_is_no_log_is_not_judged(change):
    with pytest.raises(CannotRead):
        edited(change)


@pytest.fixture
def alone(tmp_path):
    """The program copied away from its checkout, run by a Python that finds nothing but its own library."""
    copy = tmp_path / "elsewhere" / "verify.py"
    copy.parent.mkdir()
    copy.write_bytes(SOURCE.read_bytes())

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        command = [sys.executable, "-I", "-S", copy, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=copy.parent)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def test_p14_the_program_runs_alone_and_says_which_row(alone, tmp_path):
    log, heads, logs = tmp_path / "logg.jsonl", tmp_path / "huvuden.jsonl", whole()
    heads.write_text("".join(map(head_line, heads_of(logs, 9, ROWS))), encoding="utf-8")
    log.write_bytes(b"".join(in_file(logs)))
    code, said, _told = alone(log, "--heads", heads)
    assert (code, said.count(f"hel, {ROWS} rader, 2 huvuden stämmer")) == (0, len(FEDERATIONS))
    assert logs[HOME][-1]["hash"] in said
    assert "Utan --heads" in alone(log)[1]
    logs["finnveden"] = chained(logs["finnveden"][:20])
    logs["hoglandet"][6]["kind"] = "case.closed"
    log.write_bytes(b"".join(in_file(logs)))
    code, said, _told = alone(log, "--heads", heads)
    assert code == 1
    assert f"{HOME}: hel" in said
    assert f"finnveden: BRUTEN vid rad 21: raden saknas: 2026-11-02 fanns {ROWS} rader" in said
    assert "hoglandet: BRUTEN vid rad 7: raden är ändrad" in said
    assert alone(log, "--heads", heads, "--federation", HOME)[0] == 0


def test_what_cannot_be_read_ends_with_two(alone, tmp_path):
    log, heads = tmp_path / "logg.jsonl", tmp_path / "huvuden.jsonl"
    log.write_bytes(b"".join(in_file(whole())))
    heads.write_text("{}\n", encoding="utf-8")
    for arguments in (
        (tmp_path / "finns-inte",),
        (tmp_path,),
        (log, "--heads", tmp_path / "finns-inte"),
        (log, "--heads", heads),
        (log, "--federation", "atlantis"),
        (heads,),
        (),
    ):
        code, said, told = alone(*arguments)
        assert (code, said) == (2, ""), arguments
        assert len(told.strip()) > 10


def test_a_line_of_heads_that_is_not_whole_is_told_and_the_others_count(alone, tmp_path):
    log, heads, logs = tmp_path / "logg.jsonl", tmp_path / "huvuden.jsonl", whole()
    first, second, third = (head_line(head) for head in heads_of({HOME: logs[HOME]}, 9, 15, ROWS))
    heads.write_text(f"{first}{second[:60]}\n{third}", encoding="utf-8")
    logs[HOME] = chained(logs[HOME][:20])
    log.write_bytes(b"".join(in_file({HOME: logs[HOME]})))
    code, said, told = alone(log, "--heads", heads)
    assert (code, "BRUTEN vid rad 21" in said) == (1, True)
    assert "rad 2 är inget helt huvud" in told
    log.write_bytes(b"".join(in_file({HOME: whole()[HOME]})))
    code, said, told = alone(log, "--heads", heads)
    assert (code, f"hel, {ROWS} rader, 2 huvuden stämmer" in said) == (2, True)
    assert "rad 2 är inget helt huvud" in told
    assert "1 rad i filen med huvuden går inte att läsa, så allt är inte jämfört." in said
    heads.write_text(f"{first}\n{third}\n", encoding="utf-8")
    assert alone(log, "--heads", heads)[0] == 0, "an empty line is no head, and nothing is gone with it"


@pytest.mark.parametrize("kept", ["another's", "damaged", "of no row"])
def test_p14_a_log_with_no_head_to_compare_with_is_no_success(alone, tmp_path, kept):
    """Whoever cuts a log, mends its first line and takes or damages the head is not told that all is well."""
    log, heads, before = tmp_path / "logg.jsonl", tmp_path / "huvuden.jsonl", whole()
    lines = {slug: head_line(heads_of({slug: before[slug]}, ROWS)[0]) for slug in before}
    none = head_line(Head(HOME, FEDERATIONS[HOME], "2026-11-01", 0, START))
    lines[HOME] = {"another's": "", "damaged": lines[HOME][:-5] + "\n", "of no row": none}[kept]
    heads.write_text("".join(lines.values()), encoding="utf-8")
    cut = {**before, HOME: chained(before[HOME][:20])}
    log.write_bytes(b"".join(in_file(cut)))
    code, said, _told = alone(log, "--heads", heads)
    assert code == 2
    assert f"{HOME}: hel i sig, 20 rader, men inget huvud att jämföra med" in said
    assert f"finnveden: hel, {ROWS} rader, 1 huvud stämmer" in said
    assert alone(log, "--heads", heads, "--federation", "finnveden")[0] == (2 if kept != "another's" else 0)
    log.write_bytes(b"".join(in_file({**cut, HOME: []})))
    assert alone(log, "--heads", heads)[0] == 2, "nor one that is empty"


def test_the_program_imports_the_standard_library_alone_and_is_short():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or "?"] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= sys.stdlib_module_names
    assert len(SOURCE.read_text(encoding="utf-8").splitlines()) < 300


def test_rows_have_the_fields_that_the_program_expects():
    assert set(json.loads(in_file(whole())[1])) == program.ROW
