"""Verbs of the register: who stands in for whom, between which days. Each leaves one event and one line of history."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lexheller.audit.service import Doer
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.organisations.changes import What, hold, write_down
from lexheller.organisations.models import Federation, RegisterChange, ResponsibleManager, Substitution
from lexheller.organisations.rules import ONE_DAY, Period, covered_by
from lexheller.organisations.service import tell_responsible
from lexheller.organisations.texts import address
from lexheller.privacy.refusal import refuse_identity_numbers


def add_substitution(
    actor: Doer,
    federation_id: int,
    *,
    absent_email: str,
    name: str,
    email: str,
    from_on: date,
    to_on: date,
    note: str | None = None,
) -> Substitution:
    """Raises InvalidInput: `to_on` `before_start` | `over`; `email` `same_person` | `ring` (they would stand in for
    each other); `from_on` `overlaps` (the absent one has a substitute on one of the days already).
    """
    hold(db.session.get_one(Federation, federation_id))
    refuse_identity_numbers(name=name, email=email, note=note)
    absent_email, email = address(absent_email), address(email)
    if to_on < from_on:
        raise InvalidInput("to_on", "before_start")
    if to_on < clock.today():
        raise InvalidInput("to_on", "over")
    if absent_email == email:
        raise InvalidInput("email", "same_person")
    _refuse_clash(federation_id, absent_email, email, Period(from_on, to_on))
    substitution = Substitution(
        federation_id=federation_id,
        absent_email=absent_email,
        name=" ".join(name.split()),
        email=email,
        from_on=from_on,
        to_on=to_on,
        note=(note or "").strip() or None,
    )
    db.session.add(substitution)
    db.session.flush()
    after = {"absent_email": absent_email, "name": name, "email": email, "from_on": from_on, "to_on": to_on}
    change = write_down(actor, What.SUBSTITUTION_ADDED, substitution, after=after, note=note)
    _tell(change, absent_email, from_on)
    _tell(change, absent_email, to_on + ONE_DAY)
    return substitution


def end_substitution(actor: Doer, substitution: Substitution, *, last_day: date, note: str | None = None) -> None:
    """The absent one is back the day after `last_day`; called off altogether if that is before it begins."""
    hold(substitution)
    refuse_identity_numbers(note=note)
    if not substitution.active or last_day >= substitution.to_on:
        return
    before = {"to_on": substitution.to_on}
    if last_day < substitution.from_on:
        substitution.active = False
    else:
        substitution.to_on = last_day
    db.session.flush()
    after = {
        "absent_email": substitution.absent_email,
        "name": substitution.name,
        "to_on": last_day if substitution.active else None,
    }
    change = write_down(actor, What.SUBSTITUTION_ENDED, substitution, before=before, after=after, note=note)
    back_on = last_day + ONE_DAY if substitution.active else clock.today()
    _tell(change, substitution.absent_email, max(back_on, clock.today()))


def _refuse_clash(federation_id: int, absent_email: str, email: str, period: Period) -> None:
    query = select(Substitution).where(Substitution.federation_id == federation_id, Substitution.active.is_(True))
    same_days = [row for row in db.session.scalars(query) if period.overlaps(Period(row.from_on, row.to_on))]
    if any(row.absent_email == absent_email for row in same_days):
        raise InvalidInput("from_on", "overlaps")
    if email in covered_by(absent_email, same_days):
        raise InvalidInput("email", "ring")


def _tell(change: RegisterChange, absent_email: str, from_day: date) -> None:
    """For the absent one's units, and those of everybody whom the absent one stands in for on that day."""
    running = select(Substitution).where(
        Substitution.federation_id == change.federation_id,
        Substitution.active.is_(True),
        Substitution.from_on <= from_day,
        Substitution.to_on >= from_day,
    )
    answers_for = {absent_email} | covered_by(absent_email, db.session.scalars(running))
    query = select(ResponsibleManager.unit_id).where(
        ResponsibleManager.federation_id == change.federation_id, ResponsibleManager.email.in_(answers_for)
    )
    for unit_id in sorted(set(db.session.scalars(query))):
        tell_responsible(change, unit_id, from_day)
