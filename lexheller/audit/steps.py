"""What every door of a status table does alike: the event of a step that was taken, the log line of a refused one.

For rows with a status and a version. Which steps there are, and who may take them, each slice says itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from lexheller.audit.models import Event
from lexheller.audit.service import Doer, record
from lexheller.core.errors import StepRefused

log = structlog.get_logger(__name__)


class Stepped(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def federation_id(self) -> int: ...

    @property
    def status(self) -> str: ...

    @property
    def version(self) -> int: ...


def recorded(actor: Doer, event: str, subject_type: str, row: Stepped, data: Mapping[str, Any] | None = None) -> Event:
    """The event of a step, with where the row stands after it. `data`: ids and codes, no free text."""
    return record(
        actor,
        event,
        federation_id=row.federation_id,
        subject_type=subject_type,
        subject_id=row.id,
        data={"status": str(row.status), "version": row.version, **(data or {})},
    )


def refused(actor: Doer, step: str, subject_type: str, row: Stepped, why: str) -> StepRefused:
    """To be raised; the refusal is logged (P12)."""
    log.warning(
        "step_refused",
        step=str(step),
        status=row.status,
        federation_id=row.federation_id,
        actor_kind=str(actor.kind),
        actor_user_id=actor.user_id,
        why=why,
        **{f"{subject_type}_id": row.id},
    )
    return StepRefused(str(step), row.status, why)
