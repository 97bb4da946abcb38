"""The case page's part about the open page: whether the case stands there, and whether it may."""

from __future__ import annotations

from typing import Any

from lexheller.accounts.rights import Actor, Right
from lexheller.cases.models import Case
from lexheller.cases.permissions import steps_for
from lexheller.cases.states import Step
from lexheller.casework.publishing_cases import publication_of


def values(actor: Actor, case: Case) -> dict[str, Any]:
    """The values that `casework/_publish.html` wants; `handles` may take it down whatever the status."""
    return {
        "published": publication_of(case),
        "may_publish": Step.PUBLISH in steps_for(actor, case),
        "handles": actor.may(Right.HANDLE_CASES, case.federation_id),
    }
