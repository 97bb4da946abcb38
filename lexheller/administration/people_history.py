"""Who gave, took away and shut off roles, in words: the events about accounts of one federation. Newest first.

Stops at what a role is changed by: passwords and codes are their owner's own matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import people_in
from lexheller.accounts.rights import ActorKind, Role
from lexheller.administration.labels import ROLE
from lexheller.audit.models import Event
from lexheller.core.db import db

MOST = 30
TOLD: Mapping[str, LazyString] = {
    "account.role_granted": _l("fick rollen"),
    "account.role_withdrawn": _l("har inte längre rollen"),
    "account.suspended": _l("stängdes av"),
    "account.resumed": _l("släpptes in igen"),
    "account.disabled": _l("fick sitt konto stängt"),
    "account.enabled": _l("fick sitt konto öppnat igen"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is such as `Maria Ek: fick rollen Registrator`; `by` is who did it."""

    at: datetime
    text: str
    by: str


def lines(federation_id: int) -> list[Line]:
    """Somebody who has yet to choose a password is told by address, and never more than that (P20)."""
    query = (
        select(Event)
        .where(Event.federation_id == federation_id, Event.subject_type == "user", Event.kind.in_(TOLD))
        .order_by(Event.sequence.desc())
        .limit(MOST)
    )
    events = list(db.session.scalars(query))
    doers = {event.actor_user_id for event in events if event.actor_user_id is not None}
    names = _names(federation_id, doers | {event.subject_id for event in events})
    return [Line(event.at, _text(event, names), _by(event, names)) for event in events]


def _names(federation_id: int, user_ids: set[int]) -> dict[int, str]:
    joined = {person.user.id for person in people_in(federation_id) if person.joined}
    users = db.session.scalars(select(User).where(User.id.in_(user_ids)))
    return {user.id: user.name if user.id in joined and user.name else user.email for user in users}


def _text(event: Event, names: Mapping[int, str]) -> str:
    who = names.get(event.subject_id) or str(_("Tidigare användare"))
    role = event.data.get("role")
    return f"{who}: {TOLD[event.kind]}" + (f" {ROLE[Role(role)]}" if role in set(Role) else "")


def _by(event: Event, names: Mapping[int, str]) -> str:
    if event.actor_kind == ActorKind.USER:
        return names.get(event.actor_user_id or 0) or str(_("Tidigare användare"))
    return str(_("Driften") if event.actor_kind == ActorKind.OPERATOR else _("Systemet"))
