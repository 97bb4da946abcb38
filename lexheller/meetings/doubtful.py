"""What in a meeting's material looks as if it named a person, item by item (P24). What counts as that, and the asking,
is `web.doubts`.
"""

from __future__ import annotations

from dataclasses import asdict

from lexheller.meetings.models import AgendaItem
from lexheller.meetings.proposing import is_ready, texts_of, title_of
from lexheller.web.doubts import Doubt, doubts_in


def doubts_of(item: AgendaItem) -> list[Doubt]:
    """In what the group is shown of the item: its heading alone before it is ready."""
    return doubts_in(asdict(texts_of(item)) if is_ready(item) else {"title": title_of(item)})
