"""What a fault's page shows of meetings: which ones it is on, and which it can be put on."""

from __future__ import annotations

from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.faults.models import Fault
from lexheller.meetings import queries
from lexheller.meetings.panel import open_choices, places_of
from lexheller.meetings.permissions import may_prepare


def values(actor: Actor, fault: Fault) -> dict[str, Any]:
    """What `improvement/_fault_agenda.html` wants as `agenda`; nothing is drawn for who prepares no meetings."""
    places = queries.meetings_of_fault(actor, fault)
    return {
        "may_prepare": may_prepare(actor, fault.federation_id),
        "places": places_of(places),
        "choices": open_choices(actor, fault.federation_id, places),
    }
