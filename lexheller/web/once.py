"""A form that makes something new: what is sent twice, by a double click or by a browser, is made once (P1).

Other words in the same form make another thing: whoever goes back, writes anew and sends loses nothing (P2).

Its verb is given `sent_once` and asks `audit.once`. Forms that take a step on something need none: they say the
version that was seen.
"""

from __future__ import annotations

import json
import uuid

from wtforms import HiddenField

from lexheller.web.forms import Form

APART = {"sent_id", "csrf_token"}


def _new() -> str:
    return str(uuid.uuid4())


class OnceForm(Form):
    sent_id = HiddenField(default=_new)

    @property
    def sent_once(self) -> str:
        """One for what the form says under the id with which it was shown; one of its own for what is no id."""
        try:
            shown = uuid.UUID(self.sent_id.data or "")
        except ValueError:
            return _new()
        said = {name: value for name, value in self.data.items() if name not in APART}
        return str(uuid.uuid5(shown, json.dumps(said, sort_keys=True, default=str)))
