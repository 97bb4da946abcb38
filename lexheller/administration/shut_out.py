"""Whoever is shut out answers for no unit any more, as manager, substitute, superior or helper: what waits is told to
those who do, or to the office (P4), and no link that was mailed to them works (P19).

As with the groups that meet, letting somebody in again brings none of it back: that is for the office to say.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.rights import Actor
from lexheller.cases.answer_link import links_to, revoke
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations import service as register
from lexheller.organisations import substitutes
from lexheller.organisations.queries import managers_with, substitutions_by


def end_responsibility(actor: Actor, user: User, federation_id: int) -> None:
    """Called when a role ends (`accounts.service`). Only losing a role is not being shut out: a responsible manager
    needs no account, and goes on answering by the links in the mails.
    """
    if not _is_shut_out(user, federation_id):
        return
    today = clock.today()
    yesterday = today - timedelta(days=1)
    for link in links_to(user.email, federation_id):
        revoke(link)
    for substitution in substitutions_by(user.email, federation_id, today):
        substitutes.end_substitution(actor, substitution, last_day=yesterday)
    for manager in managers_with(user.email, federation_id, today):
        if manager.email == user.email:
            register.end_manager(actor, manager, last_day=max(yesterday, manager.valid_from))
        else:
            register.take_out_superior(actor, manager)


def _is_shut_out(user: User, federation_id: int) -> bool:
    """The account is disabled, or every role that there is has been suspended."""
    if not user.active:
        return True
    held = select(RoleAssignment.suspended_at).filter_by(user_id=user.id, federation_id=federation_id)
    suspended = list(db.session.scalars(held))
    return bool(suspended) and all(moment is not None for moment in suspended)
