"""What the statements of a federation are filled with."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from sqlalchemy import select

from lexheller.core.db import db
from lexheller.organisations.changes import newest_about
from lexheller.statements.models import StatementSettings
from lexheller.statements.rules import Assessor, Conformity, Details

SUBJECT = "statement_settings"


def row_of(federation_id: int) -> StatementSettings | None:
    return db.session.scalar(select(StatementSettings).where(StatementSettings.federation_id == federation_id))


def details_of(federation_id: int) -> Details:
    """As they are now; what nobody has written stands as in `Details`."""
    return details_in(row_of(federation_id))


def details_in(row: StatementSettings | None) -> Details:
    if row is None:
        return Details()
    values = {field.name: getattr(row, field.name) for field in fields(Details)}
    return Details(**{**values, "conformity": Conformity(row.conformity), "tested_by": Assessor(row.tested_by)})


def updated_on(federation_id: int) -> date | None:
    """The day of the last change; None where nothing has been written."""
    row = row_of(federation_id)
    return row.updated_on if row is not None else None


def version_here(federation_id: int) -> int:
    """What a form says that it has seen: the newest line of history, 0 before the first."""
    return newest_about(federation_id, SUBJECT)
