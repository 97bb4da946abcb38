"""What the first event of a fault says of it, for figures to be made of: its number and the day it was opened.

No free text. Where it stands is said in each event's `status`, the cases that show it in the events that link them.
"""

from __future__ import annotations

from typing import Any

from lexheller.faults.models import Fault


def facts_of(fault: Fault) -> dict[str, Any]:
    """JSON-ready; the day is a Swedish calendar day."""
    return {"number": fault.number, "opened_on": fault.opened_on.isoformat()}
