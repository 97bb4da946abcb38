"""How far a federation's log has come, and the file in which that is kept from day to day, one line a day.

The form of a line stands in `audit.verify`, which compares an exported log with them. Stops at one federation: whose
heads are kept, when, and who is mailed, is said above.
"""

from __future__ import annotations

import errno
import fcntl
import os
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from lexheller.audit.export import as_line
from lexheller.audit.models import ChainHead, Event
from lexheller.audit.verify import FORMAT, HEAD, Head, read_head
from lexheller.core import clock
from lexheller.core.db import db

SUFFIX = ".jsonl"
PORTION = 500
TAIL = 4096
"""Bytes at the end of the file within which its last line stands."""


def present_head(federation_id: int, slug: str) -> Head | None:
    """Where the log stands now, by today's day in Sweden; None before the first event."""
    row = db.session.get(ChainHead, federation_id)
    if row is None or row.sequence == 0:
        return None
    return Head(slug, federation_id, clock.today().isoformat(), row.sequence, row.hash)


def event_of(head: Head) -> int | None:
    """The id of the event that the head names; None when the log no longer has that event."""
    query = select(Event.id).where(Event.federation_id == head.federation_id, Event.sequence == head.sequence)
    return db.session.scalar(query.where(Event.hash == head.hash))


def not_in_log(folder: Path, slug: str, federation_id: int) -> list[Head]:
    """Of all the heads that were kept, those whose event the log no longer has; the oldest first. A line that is not
    whole tells nothing.
    """
    heads = kept(folder, slug)
    return [
        head
        for start in range(0, len(heads), PORTION)
        for head in _missing(heads[start : start + PORTION], federation_id)
    ]


def _missing(heads: list[Head], federation_id: int) -> list[Head]:
    query = select(Event.sequence, Event.hash).where(
        Event.federation_id == federation_id, Event.sequence.in_({head.sequence for head in heads})
    )
    there = {(federation_id, sequence, digest) for sequence, digest in db.session.execute(query)}
    return [head for head in heads if (head.federation_id, head.sequence, head.hash) not in there]


def head_line(head: Head) -> str:
    return as_line({HEAD: FORMAT, **asdict(head)})


def kept(folder: Path, slug: str) -> list[Head]:
    """Every head of the file, the oldest first; none without a file, and none for a line that is not whole."""
    try:
        lines = _file_of(folder, slug).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [head for line in lines if (head := read_head(line)) is not None]


def keep(folder: Path, head: Head) -> Head:
    """Add the day's line unless it is there; the one that stands. Two at once make one line. Raises OSError.

    Lines are only ever added, so that the file may be one to which nothing else can be done.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _file_of(folder, head.federation).open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file)
        if last is not None and last.day == head.day:
            return last
        line = _start_of_line(file) + head_line(head).encode()
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, "the line was not written whole")
        os.fsync(file.fileno())
    return head


def _file_of(folder: Path, slug: str) -> Path:
    return folder / f"{slug}{SUFFIX}"


def _last(file: BinaryIO) -> Head | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    lines = file.read(TAIL).splitlines()
    return read_head(lines[-1]) if lines else None


def _start_of_line(file: BinaryIO) -> bytes:
    """Nothing, or the end of a line that a full disk or a power cut left unfinished."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"
