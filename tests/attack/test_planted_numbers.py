"""Identity numbers planted in every field of every form and in the names of files: afterwards none is anywhere (P23).

Looked in: every column of every table (what waits in queues is rows, too), the log, doorbells, the mail folder,
temporary files, the visitors' cookies and the addresses they were sent on to.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from itsdangerous import base64_decode
from itsdangerous.exc import BadData
from werkzeug.test import TestResponse

from tests.attack.corpora import identity_numbers, spelt
from tests.attack.sizes import Size
from tests.attack.standing import Door, Standing

BETWEEN = re.compile(r"[\s\u200b\-.\u2010-\u2015\u2212]+")


def holds(text: str, number: str) -> bool:
    """Whether the ten digits stand in the text, however they are written."""
    return number in BETWEEN.sub("", unicodedata.normalize("NFKC", text).replace("\\u200b", "").replace("\\u2013", ""))


def fields(place: Standing) -> list[tuple[Door, str]]:
    """Each text field of each form that stores something, one after the other."""
    return [(door, name) for door in place.doors if door.form.method == "post" for name in door.form.text_names]


def planted(door: Door, name: str, number: str, turn: int) -> str:
    kinds = {control.kind for control in door.form.controls if control.name == name}
    if "email" in kinds:
        return f"{number}@habo.example"
    return f"Vi ringde om {spelt(number, turn)} i tisdags."


def where_left(place: Standing, number: str) -> Iterator[str]:
    for table, column, value in place.stored():
        if holds(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value), number):
            yield f"{table}.{column}"


def where_shown(place: Standing, door: Door, answers: list[TestResponse], number: str) -> Iterator[str]:
    if any(holds(answer.headers.get("Location", ""), number) for answer in answers):
        yield "address"
    for cookie in place.clients[door.person]._cookies.values():
        if holds(f"{cookie.value} {_opened(cookie.value)}", number):
            yield f"cookie {cookie.key}"


def _opened(value: str) -> str:
    try:
        return base64_decode(value.lstrip(".").split(".")[0]).decode("utf-8", "replace")
    except BadData:
        return ""


@pytest.fixture
def attacked(place: Standing) -> Iterator[Standing]:
    yield place
    place.put_back()


def test_p23_no_planted_number_is_found_anywhere(attacked: Standing, size: Size, printed: Callable[[], str]) -> None:
    printed()
    targets = fields(attacked)
    numbers = identity_numbers(max(size.numbers, len(targets)))
    left: dict[str, set[str]] = {}
    said: list[str] = []
    for turn, (number, (door, name)) in enumerate(zip(numbers, cycle(targets), strict=False)):
        answers = attacked.send(door, {name: planted(door, name, number, turn)})
        problems = [*where_shown(attacked, door, answers, number)]
        if attacked.changed():
            problems += where_left(attacked, number)
        if any(answer.status_code >= 500 for answer in answers):
            problems.append("an error of ours")
        if problems:
            left.setdefault(f"{door.name} {name}", set()).update(problems)
        attacked.put_back()
        if turn % 100 == 0:
            said.append(printed())
    assert left == {}
    written = "".join([*said, printed()])
    for path in sorted(attacked.folder.rglob("*")):
        if path.is_file() and path.suffix not in {".sqlite", ".sqlite-wal", ".sqlite-shm"}:
            written += f"{path.name}\n{path.read_text('utf-8', errors='replace')}"
    runs = set(re.findall(r"(?=(\d{10}))", BETWEEN.sub("", unicodedata.normalize("NFKC", written))))
    assert runs & set(numbers) == set()


def test_p23_no_file_is_called_by_a_number(attacked: Standing, printed: Callable[[], str]) -> None:
    number = identity_numbers(1)[0]
    uploads = [door for door in attacked.doors if any(control.kind == "file" for control in door.form.controls)]
    assert uploads
    for door in uploads:
        named = next(control.name for control in door.form.controls if control.kind == "file")
        sent: dict[str, object] = dict(door.form.values())
        sent[named] = (io.BytesIO(b"PK\x03\x04 not a document"), f"{spelt(number, 0)}.docx")
        answer = attacked.clients[door.person].post(door.path, data=sent, content_type="multipart/form-data")
        assert answer.status_code < 500
        assert [*where_left(attacked, number), *where_shown(attacked, door, [answer], number)] == []
        attacked.put_back()
    assert not holds(printed(), number)
