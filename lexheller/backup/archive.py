"""The one file of a backup: a tar that appears whole or not at all, and is found out if a single byte of it changes.

The last member holds the SHA-256 of everything before it and is written in one way only, so the whole file is proved
before the first member is looked at. Every header must be the one that we would write: a tar with links, holes or
lengths that lie is none of ours, whatever its sum. Any tar program can unpack it. Stops at bytes: what they mean is for
`manifest` and `rows`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lexheller.backup.problems import Damage, DamagedArchiveError, Refusal, RefusedError

UNFINISHED = ".lexheller-part"
SUM = "SHA256"
BLOCK, PORTION = 512, 1 << 20
LONGEST_NAME = 99
MOST_MEMBERS = 50_000
"""Tables, and a file for each day."""


@dataclass(frozen=True, slots=True)
class Member:
    """What was written under a name: hex SHA-256 of the bytes, and how many lines and bytes."""

    sha256: str
    lines: int
    size: int


class ArchiveWriter:
    """A tar under way. Members are streamed: their size is filled in afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = ""
        """Of the whole file, once it is finished: what `sha256sum` says."""

    def add(self, name: str, portions: Iterable[bytes]) -> Member:
        """Write one member. A portion of a table is whole lines."""
        begins = self._file.tell()
        self._file.write(bytes(BLOCK))
        digest, lines, size = hashlib.sha256(), 0, 0
        for portion in portions:
            self._file.write(portion)
            digest.update(portion)
            lines += portion.count(b"\n")
            size += len(portion)
        self._file.write(_padding(size))
        ends = self._file.tell()
        self._file.seek(begins)
        self._file.write(_header(name, size))
        self._file.seek(ends)
        return Member(digest.hexdigest(), lines, size)

    def finish(self) -> None:
        """Read back what was written, put its sum last, and have the disk keep it."""
        size = self._file.tell()
        digest = _digest(self._file, size)
        tail = _tail(digest.hexdigest())
        self._file.seek(size)
        self._file.write(tail)
        digest.update(tail)
        self.sha256 = digest.hexdigest()
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """`path` is there when the block has ended well, readable by its owner alone; else nothing is.

    It is written beside its place, under a name that begins with a dot. What a killed backup left in the folder goes.
    Raises RefusedError where the file exists or another backup writes it, OSError.
    """
    _clear_left_behind(path.parent)
    if path.exists():
        raise RefusedError(Refusal.FILE_EXISTS, file=str(path))
    part = path.with_name(f".{path.name}{UNFINISHED}")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        _hold(file, path)
        try:
            os.fchmod(descriptor, 0o600)
            file.truncate(0)
            writer = ArchiveWriter(file)
            yield writer
            writer.finish()
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    keep_folder(path.parent)


def keep_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hold(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RefusedError(Refusal.IN_USE, file=str(path)) from None


def _clear_left_behind(folder: Path) -> None:
    """Unfinished archives that no process holds any more."""
    for left in folder.glob(f".*{UNFINISHED}"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


class Archive:
    """A whole archive, open for reading."""

    def __init__(self, tar: tarfile.TarFile, sha256: str) -> None:
        self._tar = tar
        self.sha256 = sha256

    def has(self, name: str) -> bool:
        return name in self._tar.getnames()

    def read(self, name: str) -> IO[bytes]:
        """The member's bytes. Raises DamagedArchiveError where there is no such file in it."""
        try:
            found = self._tar.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise DamagedArchiveError(Damage.MANIFEST, name)
        return found

    def measured(self, name: str) -> Member:
        """What stands under a name, read through."""
        file = self.read(name)
        digest, lines, size = hashlib.sha256(), 0, 0
        while portion := file.read(PORTION):
            digest.update(portion)
            lines += portion.count(b"\n")
            size += len(portion)
        return Member(digest.hexdigest(), lines, size)


@contextmanager
def whole_archive(path: Path) -> Iterator[Archive]:
    """Open an archive whose every byte is as it was written. Raises DamagedArchiveError, OSError."""
    with path.open("rb") as file:
        sha256 = _proved(file)
        file.seek(0)
        with tarfile.open(fileobj=file, mode="r:") as tar:
            yield Archive(tar, sha256)


def _proved(file: IO[bytes]) -> str:
    length = len(_tail("0" * 64))
    size = os.fstat(file.fileno()).st_size - length
    if size < 0:
        raise DamagedArchiveError(Damage.NOT_WHOLE)
    digest = _digest(file, size)
    tail = _tail(digest.hexdigest())
    if file.read(length) != tail:
        raise DamagedArchiveError(Damage.NOT_WHOLE)
    digest.update(tail)
    _demand_ours(file, size)
    return digest.hexdigest()


def _demand_ours(file: IO[bytes], end: int) -> None:
    """Members stand one after the other up to `end`, each under a name of its own."""
    at, names = 0, set[str]()
    while at < end:
        file.seek(at)
        name, size = _read_header(file.read(BLOCK))
        at += BLOCK + size + -size % BLOCK
        if name in names or len(names) >= MOST_MEMBERS or at > end:
            raise DamagedArchiveError(Damage.NOT_WHOLE)
        names.add(name)


def _read_header(block: bytes) -> tuple[str, int]:
    """Name and size of a member. Raises DamagedArchiveError for a header that we would not have written so."""
    try:
        info = tarfile.TarInfo.frombuf(block, tarfile.ENCODING, "surrogateescape")
        is_ours = info.size >= 0 and block == _header(info.name, info.size)
    except (tarfile.TarError, ValueError):
        is_ours = False
    if not is_ours:
        raise DamagedArchiveError(Damage.NOT_WHOLE)
    return info.name, info.size


def _digest(file: IO[bytes], size: int) -> hashlib._Hash:
    """Of the file's first `size` bytes; leaves the file standing there."""
    file.seek(0)
    digest = hashlib.sha256()
    while size > 0:
        portion = file.read(min(PORTION, size))
        if not portion:
            raise DamagedArchiveError(Damage.NOT_WHOLE)
        digest.update(portion)
        size -= len(portion)
    return digest


def _tail(digest: str) -> bytes:
    content = f"{digest}\n".encode()
    return _header(SUM, len(content)) + content + _padding(len(content)) + bytes(2 * BLOCK)


def _header(name: str, size: int) -> bytes:
    if len(name.encode()) > LONGEST_NAME:
        raise ValueError(f"too long a name for an archive: {name}")
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)
