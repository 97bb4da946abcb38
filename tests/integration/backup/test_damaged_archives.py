"""An archive is whole or refused: every changed byte, every cut, everything added; and it appears whole or not."""

from __future__ import annotations

import fcntl
import os
import random
import tarfile
from pathlib import Path

import pytest

from lexheller.backup.archive import UNFINISHED, new_archive, whole_archive
from lexheller.backup.problems import Damage, DamagedArchiveError, Refusal, RefusedError
from lexheller.backup.restoring import proved

SEED = 20261122
CONTENTS = {
    "tables/event.jsonl": b"[1]\n[2]\n",
    "manifest.json": b"{}\n",
    "empty": b"",
    "files/heads/a.jsonl": b"x" * 700,
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    with new_archive(path) as writer:
        for name, content in CONTENTS.items():
            assert writer.add(name, [content[:3], content[3:]]).size == len(content)
    return path


def is_refused(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    try:
        with proved(path):
            return False
    except DamagedArchiveError as problem:
        return problem.damage is Damage.NOT_WHOLE


def test_any_tar_program_can_unpack_it_and_its_owner_alone_may_read_it(archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        assert {name: tar.extractfile(name).read() for name in CONTENTS} == CONTENTS
        assert tar.getnames() == [*CONTENTS, "SHA256"]
    with whole_archive(archive) as found:
        for name, content in CONTENTS.items():
            assert found.read(name).read() == content


def test_p34_a_changed_byte_is_found_wherever_it_is(archive):
    """Contents, headers, padding and the end of the file alike."""
    whole, chance = archive.read_bytes(), random.Random(SEED)
    for place in {0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(400))}:
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        assert is_refused(archive, bytes(changed)), place


def test_p34_every_cut_and_every_addition_is_found(archive):
    whole, chance = archive.read_bytes(), random.Random(SEED)
    for length in [0, 1, 511, 512, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(100))]:
        assert is_refused(archive, whole[:length]), length
    for _ in range(50):
        place = chance.randrange(len(whole))
        assert is_refused(archive, whole[:place] + chance.randbytes(chance.randint(1, 2000)) + whole[place:])
    for more in (b"\0", bytes(512), whole, os.urandom(100)):
        assert is_refused(archive, whole + more)
    assert is_refused(archive, os.urandom(10_000))


def test_the_sum_that_was_noted_tells_a_forged_archive_from_the_one_that_was_made(archive, tmp_path):
    with whole_archive(archive) as found:
        noted = found.sha256
    archive.unlink()
    with new_archive(archive) as writer:
        writer.add("manifest.json", [b"[]\n"])
    with pytest.raises(DamagedArchiveError, match="other_sum"), proved(archive, sha256=noted):
        pass


def test_a_backup_that_fails_leaves_nothing_and_an_older_one_is_not_written_over(archive, tmp_path):
    before = archive.read_bytes()
    with pytest.raises(RefusedError, match=Refusal.FILE_EXISTS), new_archive(archive):
        pass
    assert archive.read_bytes() == before
    with pytest.raises(ZeroDivisionError), new_archive(tmp_path / "new.tar") as writer:
        writer.add("half", [b"half"])
        raise ZeroDivisionError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar"]


def test_what_a_killed_backup_left_goes_with_the_next_and_what_another_writes_stays(tmp_path):
    left, held = (tmp_path / f".{name}.tar{UNFINISHED}" for name in ("left", "held"))
    left.write_bytes(b"half")
    with held.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RefusedError, match=Refusal.IN_USE), new_archive(tmp_path / "held.tar"):
            pass
        assert not left.exists()
        assert held.exists()
    with new_archive(tmp_path / "held.tar"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["held.tar"]
