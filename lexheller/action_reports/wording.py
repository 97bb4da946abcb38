"""What readers are told of a report's data, made once: the numbers that may leave the office, and in each language the
chapters and the text block. An approval is of it and an edition is frozen with it, so that nothing of it is made again.

Needs an application context. Stops at plain JSON: what it looks like is each form's own matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from lexheller.action_reports.blocks import LANGUAGES
from lexheller.action_reports.chapters import chapters_of
from lexheller.action_reports.compiling import hash_of
from lexheller.action_reports.document_data import FORMAT, plain
from lexheller.action_reports.publishing import public
from lexheller.action_reports.shelf import shelf

MOST_BYTES = 32 * 2**20
"""In each process. A report's wording is a few hundred kB."""


def worded(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with all that is told of it (`public`: the numbers, `told`: the words), and the `hash` over it all."""
    with force_locale("sv"):
        shown = public(data)
    told = {language: plain(chapters_of(shown, language)) for language in LANGUAGES}
    whole = {**data, "format": FORMAT, "public": shown, "told": told}
    return {**whole, "hash": hash_of(whole)}


def kept_wording(federation_id: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """As `worded`, for pages: what this process made of the very same data is not made again.

    The data's own hash says that it is the same. Sentences and charts are the program's: another version of it is
    another process.
    """
    place, state = shelf("wording", most_bytes=MOST_BYTES), hash_of(dict(data))
    key = federation_id, data["year"]
    content = place.take(key, state)
    if content is None:
        made = worded(data)
        added = {name: made[name] for name in ("format", "public", "told", "hash")}
        content = json.dumps(added, ensure_ascii=False).encode()
        place.put(key, state, content)
    return {**data, **json.loads(content)}
