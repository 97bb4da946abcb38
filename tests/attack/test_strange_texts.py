"""Naughty strings, injections and odd signs in every field, choice, query and part of an address (P22).

No answer is an error of ours, and where something was refused nothing was stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.attack.corpora import strange, strange_for_every_field
from tests.attack.found_forms import BUTTONS
from tests.attack.sizes import Size
from tests.attack.standing import Standing, encoded

OWN = {"csrf_token", "version", "submission_id"}
SPLIT = "stulen"


@pytest.fixture
def attacked(place: Standing) -> Iterator[Standing]:
    yield place
    place.put_back()


def problem(answer: TestResponse) -> str | None:
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if SPLIT in str(answer.headers.getlist("Set-Cookie")):
        return "a header was split"
    if "Traceback" in answer.text[:200] if answer.mimetype == "text/html" else False:
        return "a trace"
    return None


def test_p22_strange_texts_in_every_form(attacked: Standing, size: Size) -> None:
    texts = strange_for_every_field(size.naughty)
    alone = cycle(strange())
    wrong: dict[str, str] = {}
    for door in attacked.doors:
        names = door.form.text_names
        tries = [dict.fromkeys(names, text) for text in texts]
        tries += [{name: next(alone)} for name in names * size.alone]
        before = attacked.rows()
        for texts_sent in tries:
            answers = attacked.send(door, texts_sent)
            found = [said for answer in answers if (said := problem(answer))]
            if attacked.changed() and answers[-1].status_code >= 400 and attacked.rows() != before:
                found.append(f"refused with {answers[-1].status_code}, and stored")
            attacked.put_back()
            if found:
                wrong[f"{door.name} {sorted(texts_sent)}"] = f"{found[0]} for {str(list(texts_sent.values())[:1])[:60]}"
    assert wrong == {}


def test_p22_strange_choices_days_and_hidden_values(attacked: Standing, size: Size) -> None:
    alone = cycle(strange())
    wrong: dict[str, str] = {}
    for door in attacked.doors:
        plain = door.form.values(door.button)
        others = {
            control.name for control in door.form.controls if not control.takes_text and control.kind not in BUTTONS
        }
        for name in sorted(others - {"csrf_token"}):
            text = next(alone)
            sent = [(key, text if key == name else value) for key, value in plain]
            if door.form.method == "get":
                answer = attacked.clients[door.person].get(door.path, query_string=encoded(sent))
            else:
                answer = attacked.post(door, sent)
            attacked.put_back()
            if said := problem(answer):
                wrong[f"{door.name} {name}"] = f"{said} for {text[:60]!r}"
    assert wrong == {}


def test_p22_strange_queries_and_parts_of_addresses(attacked: Standing, size: Size) -> None:
    known = {name for _, path in attacked.pages for name, _ in parse_qsl(urlsplit(path).query)}
    known |= {control.name for door in attacked.doors if door.form.method == "get" for control in door.form.controls}
    alone, before = cycle(strange()), attacked.rows()
    wrong: dict[str, str] = {}
    for person, path in attacked.pages:
        client, plain = attacked.clients[person], urlsplit(path).path
        for _ in range(size.alone):
            text = next(alone)[:2_000]
            tried = {"query": f"{plain}?{encoded([(name, text) for name in sorted(known) if name])}"}
            for part in re.findall(r"/([^/]*\d[^/]*)(?=/|$)", plain):
                changed = quote(text.encode("utf-8", "surrogatepass"), safe="")
                tried[f"part {part}"] = plain.replace(f"/{part}", f"/{changed}", 1)
            for what, address in tried.items():
                said = problem(client.get(address))
                if said:
                    wrong[f"{attacked.rule(path)} {what}"] = f"{said} for {text[:60]!r}"
    assert attacked.rows() == before
    assert wrong == {}
