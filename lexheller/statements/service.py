"""The one verb of the statements: writing what they are filled with."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.accounts.rights import Actor, Right
from lexheller.audit.service import insert_unless_there
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.changes import What, hold, write_down
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.statements.models import StatementSettings
from lexheller.statements.queries import details_in, details_of, version_here
from lexheller.statements.rules import Details, checked


def write_statements(
    actor: Actor, federation_id: int, details: Details, *, seen: int, note: str | None = None
) -> Details:
    """The statements tell this from now on. The same again, as it was seen, is no change.

    Raises NotAllowedToSee for who may not administer; InvalidInput by field (codes: `rules.checked`, and P23); Conflict
    when somebody else has written since the version `seen`.
    """
    if not actor.may(Right.ADMINISTER, federation_id):
        raise NotAllowedToSee(f"statements of federation {federation_id}")
    refuse_identity_numbers(**details.texts, note=note)
    wanted = checked(details, clock.today())
    if wanted == details_of(federation_id) and seen == version_here(federation_id):
        return wanted
    row = _held(federation_id, seen)
    before = details_in(row)
    for name, value in wanted.as_values().items():
        setattr(row, name, value)
    row.updated_on = clock.today()
    db.session.flush()
    write_down(actor, What.STATEMENTS_WRITTEN, row, before=before.as_values(), after=wanted.as_values(), note=note)
    return wanted


def _held(federation_id: int, seen: int) -> StatementSettings:
    """Kept from others until the transaction ends; made if there is none."""
    start = Details()
    insert_unless_there(
        StatementSettings, federation_id=federation_id, conformity=start.conformity, tested_by=start.tested_by
    )
    row = db.session.scalars(select(StatementSettings).where(StatementSettings.federation_id == federation_id)).one()
    hold(row, seen)
    return row
