"""What in a report looks as if it named a person, of the words that came with the figures (P24): they were written for
the office, and an edition of them can never be changed. Chapters and goals are asked about where they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexheller.web.doubts import Doubt, doubts_in


def doubts_of(data: Mapping[str, Any]) -> list[Doubt]:
    """In the faults' titles and in what was done, of `drafting.report_data`; each text once."""
    words = [*(fault["title"] for fault in data["faults"]), *(action["text"] for action in data["actions"])]
    return doubts_in({text: text for text in words if text})
