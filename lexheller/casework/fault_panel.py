"""What a case's page shows of faults: which ones the case shows, and which it can be linked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.cases.labels import StatusLabel
from lexheller.cases.models import Case
from lexheller.faults import queries
from lexheller.faults.labels import STATUS
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.permissions import may_handle
from lexheller.faults.states import OVER, FaultStatus


@dataclass(frozen=True, slots=True)
class Shown:
    """One fault that the case shows, and who said so."""

    link: FaultCase
    status: StatusLabel
    linked_by: str


def values(actor: Actor, case: Case) -> dict[str, Any]:
    """The values that `casework/_faults.html` wants; for somebody who sees the whole case."""
    links = queries.links_of_case(actor, case)
    may_link = may_handle(actor, case.federation_id)
    return {
        "case_faults": _shown(links),
        "may_link_faults": may_link,
        "fault_choices": choices(actor, case.federation_id, {link.fault_id for link in links}) if may_link else [],
    }


def choices(actor: Actor, federation_id: int, without: set[int]) -> list[tuple[int, str]]:
    """Ids and names of the faults that a case can be linked to, the open ones first."""
    found = queries.faults_to_choose(actor, federation_id)
    return [(fault.id, _named(fault)) for fault in found if fault.id not in without]


def _named(fault: Fault) -> str:
    status = STATUS[FaultStatus(fault.status)].label
    name = f"{fault.number} {fault.title}"
    return str(_("%(name)s (%(status)s)", name=name, status=status)) if fault.status in OVER else name


def _shown(links: Sequence[FaultCase]) -> list[Shown]:
    names = names_of({link.linked_by_user_id for link in links if link.linked_by_user_id is not None})
    return [
        Shown(
            link,
            STATUS[FaultStatus(link.fault.status)],
            names.get(link.linked_by_user_id or 0, str(_("Tidigare användare"))),
        )
        for link in links
    ]
