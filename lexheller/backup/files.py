"""What lies beside the database and cannot be made anew from it: the heads of the event logs, kept from day to day.

Never the secret, nor logs, queue or sent mail. A file that is there already is left as it is: it is the witness.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lexheller.backup.archive import PORTION, Archive, keep_folder
from lexheller.backup.manifest import file_member
from lexheller.backup.problems import Damage, DamagedArchiveError

FOLDER = "heads/"
NAME = re.compile(rf"{FOLDER}([A-Za-z0-9_-][A-Za-z0-9._-]*)")


def kept_files(heads: Path) -> list[str]:
    """Names as they are in a backup, in order. What is named otherwise than we name is not ours."""
    found = sorted(f"{FOLDER}{path.name}" for path in heads.glob("*") if path.is_file() and not path.is_symlink())
    return [name for name in found if NAME.fullmatch(name)]


def path_of(heads: Path, name: str) -> Path:
    """Where a file of a backup belongs. Raises DamagedArchiveError for a name that leads elsewhere."""
    match = NAME.fullmatch(name)
    if match is None:
        raise DamagedArchiveError(Damage.FILE, name)
    return heads / match[1]


def content_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while portion := file.read(PORTION):
            yield portion


def put_back(archive: Archive, heads: Path, names: Iterable[str]) -> None:
    """Write the files that are not there. Doing it again changes nothing."""
    for name in names:
        path = path_of(heads, name)
        if path.exists():
            continue
        heads.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        with archive.read(file_member(name)) as source, part.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            while portion := source.read(PORTION):
                file.write(portion)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        keep_folder(heads)
