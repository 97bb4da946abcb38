"""Shows that an exported event log is whole, or names its first broken row. A program of its own.

It imports nothing of Lex Heller and needs Python 3.9 alone, so that it can be read, copied and run where the system
has no say:    python3 -I verify.py LOG [--heads HEADS] [--federation SLUG]

THE FILE. One JSON object a line. A federation's log begins with a first line (`lexheller_log` is the format's version)
that names the federation and says how many rows there are and the hash of the last. Then one line for each event, in
order. Several federations' logs may follow upon each other.

THE RULE.
  1. The rows of a federation are numbered 1, 2, 3 and so on (`sequence`), and each says whose it is (`federation_id`).
  2. `hash` is the SHA-256, in hexadecimal, of all the row's other fields, written as JSON with the keys sorted, no
     spaces, letters as they are, in UTF-8. `version`, the version of this rule, is one of the fields.
  3. `previous_hash` is the `hash` of the row before. The first row's is sixty-four zeros.

WHAT THE RULE CANNOT SHOW. Whoever may write the whole file can leave out the last rows, or compute every hash anew.
That is what heads are for: lines (`lexheller_head`) that said, on a day, how far a log had come and the hash of its
last row. Kept where nobody who runs the system can change them, they must fit the log for ever after.

It ends with 0 when all is whole, 1 when a row is broken, 2 when there is nothing to judge or, with heads, when not
everything could be judged: a log that no head tells of, or a line of heads that cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
RULE = 1
START = "0" * 64
LOG, HEAD = "lexheller_log", "lexheller_head"
FIRST_LINE = {LOG, "federation", "federation_id", "exported_at", "sequence", "hash"}
HEAD_LINE = {HEAD, "federation", "federation_id", "day", "sequence", "hash"}
ROW = {
    *("version", "federation_id", "sequence", "at", "kind", "subject_type", "subject_id"),
    *("actor_kind", "actor_user_id", "data", "previous_hash", "hash"),
}
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HASH = re.compile(r"[0-9a-f]{64}")
LONGEST_LINE = 16_000_000

WHOLE, BROKEN, UNREADABLE = 0, 1, 2


def hash_of(row: dict[str, Any]) -> str:
    """Point 2 of the rule. Raises ValueError for half letters, which UTF-8 cannot write."""
    rest = {name: value for name, value in row.items() if name != "hash"}
    written = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


class CannotRead(Exception):
    """There is nothing to judge; the message says why."""


@dataclass(frozen=True)
class Head:
    """On `day` the federation's log had come to row `sequence`, whose hash was `hash`."""

    federation: str
    federation_id: int
    day: str
    sequence: int
    hash: str


@dataclass
class Log:
    """A federation's log as far as it has been read; `wrong` is the first row that does not hold, and why."""

    federation: str
    federation_id: int
    said: tuple[int, str]
    heads: list[Head]
    sequence: int = 0
    hash: str = START
    wrong: tuple[int, str] | None = None
    by_row: dict[int, list[Head]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for head in self.heads:
            self.by_row.setdefault(head.sequence, []).append(head)

    def take(self, row: dict[str, Any] | None) -> None:
        """The next row; what comes after a broken one is not judged."""
        if self.wrong is not None:
            return
        number = self.sequence + 1
        try:
            why = "raden går inte att läsa" if row is None else self._what_is_wrong(row, number)
        except (ValueError, RecursionError):
            why = "raden går inte att läsa"
        if row is None or why is not None:
            self.wrong = (number, why or "")
        else:
            self.sequence, self.hash = number, row["hash"]

    def _what_is_wrong(self, row: dict[str, Any], number: int) -> str | None:
        if set(row) != ROW or row["version"] != RULE:
            return "raden har inte de fält som en rad ska ha"
        if row["federation_id"] != self.federation_id:
            return "raden hör till ett annat förbund"
        if row["sequence"] != number:
            return "raden saknas; här står en rad med ett annat nummer"
        if row["hash"] != hash_of(row):
            return "raden är ändrad: innehållet stämmer inte med radens hash"
        if row["previous_hash"] != self.hash:
            return "raden följer inte på raden före"
        for head in self.by_row.get(number, ()):
            if head.hash != row["hash"]:
                return f"raden är inte den som stod här {head.day}: loggen är omskriven"
        return None

    def end(self) -> None:
        """No more rows: none may be missing at the end."""
        if self.wrong is not None:
            return
        later = [head for head in self.heads if head.sequence > self.sequence]
        if later:
            last = max(later, key=lambda head: head.sequence)
            self.wrong = (self.sequence + 1, f"raden saknas: {last.day} fanns {last.sequence} rader")
        elif self.said != (self.sequence, self.hash):
            self.wrong = (self.sequence + 1, f"loggen ska enligt sin första rad sluta med rad {self.said[0]}")


def read_line(raw: bytes) -> dict[str, Any] | None:
    """The JSON object of a line; None when it is none, or can be read in two ways."""
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(_word: str) -> None:
    raise ValueError("not JSON")


def judge(lines: Iterable[bytes], heads: list[Head], only: str | None = None) -> list[Log]:
    """Every log of the file (of one federation with `only`), each read to its end. Raises CannotRead."""
    logs: dict[str, Log] = {}
    current: Log | None = None
    for raw in lines:
        line = read_line(raw)
        if line is not None and LOG in line:
            if current is not None:
                current.end()
            current = _begin(line, heads)
            if current.federation in logs:
                current.wrong = (1, "förbundets logg finns två gånger i filen")
                logs[current.federation].wrong = logs[current.federation].wrong or current.wrong
            logs.setdefault(current.federation, current)
        elif current is None:
            raise CannotRead("Filen är ingen exporterad händelselogg.")
        else:
            current.take(line)
    if current is None:
        raise CannotRead("Filen är tom.")
    current.end()
    for head in heads:
        if head.federation not in logs:
            gone = Log(head.federation, head.federation_id, (0, START), [], wrong=(1, "hela loggen saknas i filen"))
            logs[head.federation] = gone
    found = [log for log in logs.values() if only in (None, log.federation)]
    if not found:
        raise CannotRead(f"Filen har ingen logg för {only}.")
    return found


def _begin(line: dict[str, Any], heads: list[Head]) -> Log:
    if line[LOG] != FORMAT:
        raise CannotRead(f"Loggens format är av en annan version än {FORMAT}. Hämta ett nyare program.")
    if set(line) != FIRST_LINE or not _well_formed(line):
        raise CannotRead("Loggens första rad är trasig.")
    federation = line["federation"]
    own = [head for head in heads if head.federation == federation]
    return Log(federation, line["federation_id"], (line["sequence"], line["hash"]), own)


def _well_formed(line: dict[str, Any]) -> bool:
    """What first lines and heads have in common."""
    return (
        all(type(line[name]) is int for name in ("federation_id", "sequence"))
        and all(isinstance(line[name], str) for name in ("federation", "hash"))
        and SLUG.fullmatch(line["federation"]) is not None
        and HASH.fullmatch(line["hash"]) is not None
    )


def read_head(raw: bytes) -> Head | None:
    """The head that a line tells, or None. One of no row tells nothing."""
    line = read_line(raw)
    if line is None or set(line) != HEAD_LINE or line[HEAD] != FORMAT or not _well_formed(line):
        return None
    if line["sequence"] < 1:
        return None
    if not isinstance(line["day"], str) or DAY.fullmatch(line["day"]) is None:
        return None
    return Head(line["federation"], line["federation_id"], line["day"], line["sequence"], line["hash"])


def lines_of(path: str) -> Iterator[bytes]:
    """Never more than one line in memory. Raises CannotRead."""
    try:
        with Path(path).open("rb") as file:
            while raw := file.readline(LONGEST_LINE):
                yield raw
    except OSError as problem:
        raise CannotRead(f"{path} går inte att läsa: {problem.strerror}.") from problem


def _heads_in(path: str, only: str | None) -> tuple[list[Head], int]:
    """The heads, and how many lines were none: whose they were nobody knows."""
    heads, unread = [], 0
    for number, raw in enumerate(lines_of(path), start=1):
        head = read_head(raw)
        if head is None and raw.strip():
            unread += 1
            sys.stderr.write(f"{path}: rad {number} är inget helt huvud och räknas inte.\n")
        elif head is not None and only in (None, head.federation):
            heads.append(head)
    if not heads:
        raise CannotRead(f"{path} har inga huvuden att jämföra med.")
    return heads, unread


def verify(path: str, heads_path: str | None = None, only: str | None = None) -> int:
    """Say what was found, one line for each federation; the exit code."""
    try:
        heads, unread = _heads_in(heads_path, only) if heads_path is not None else ([], 0)
        logs = judge(lines_of(path), heads, only)
    except CannotRead as problem:
        sys.stderr.write(f"{problem}\n")
        return UNREADABLE
    for log in logs:
        sys.stdout.write(f"{log.federation}: {_found(log, bool(heads))}\n")
    if not heads:
        sys.stdout.write("Utan --heads syns inte om slutet är borttaget eller om allt är omskrivet.\n")
    if unread:
        what = _counted(unread, "rad i filen med huvuden går", "rader i filen med huvuden går")
        sys.stdout.write(f"{what} inte att läsa, så allt är inte jämfört.\n")
    if any(log.wrong is not None for log in logs):
        return BROKEN
    return UNREADABLE if unread or (heads and not all(log.heads for log in logs)) else WHOLE


def _found(log: Log, compared: bool) -> str:
    if log.wrong is not None:
        return f"BRUTEN vid rad {log.wrong[0]}: {log.wrong[1]}."
    rows = _counted(log.sequence, "rad", "rader")
    if compared and not log.heads:
        return f"hel i sig, {rows}, men inget huvud att jämföra med. Sista hash {log.hash}"
    heads = f", {_counted(len(log.heads), 'huvud', 'huvuden')} stämmer" if compared else ""
    return f"hel, {rows}{heads}. Sista hash {log.hash}"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def main() -> int:
    """The program by itself."""
    parser = argparse.ArgumentParser(description="Visar att en exporterad händelselogg är hel.")
    parser.add_argument("file", metavar="LOG", help="Filen från lexheller export-log.")
    parser.add_argument("--heads", metavar="HEADS", help="Fil med huvuden som förvarats på annat håll.")
    parser.add_argument("--federation", metavar="SLUG", help="Granska bara det här förbundets logg.")
    given = parser.parse_args()
    return verify(given.file, given.heads, given.federation)


if __name__ == "__main__":
    sys.exit(main())
