"""Which mails the settings cause: rows in the outbox, written with the change. Their words: `messages`."""

from __future__ import annotations

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.queries import users_with
from lexheller.accounts.rights import Actor, Right
from lexheller.audit.queries import history
from lexheller.core import clock
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_each, ask_for
from lexheller.organisations.models import RegisterChange, ResponsibleManager
from lexheller.organisations.rules import half_year

INVITED = "administration.invited"
STILL_YOU = "administration.still_you"
DOUBTED = "administration.manager_doubted"
ROLE_GIVEN = "administration.role_given"
RECIPIENTS_CHANGED = "administration.recipients_changed"
CONNECTION_CHANGED = "administration.connection_changed"


def invite(user: User, assignment: RoleAssignment) -> None:
    """The mail that follows a role; its words depend on whether a password is yet to be chosen."""
    _invitation(user, assignment.federation_id, f"invited:{assignment.id}")


def tell_role_given(actor: Actor, federation_id: int, user_id: int) -> None:
    """Somebody was let to see cases, by the newest event about them: the director hears of it, else whoever handles
    cases; who gave it does not, nor who got it.
    """
    given = history(federation_id, "user", user_id)[-1]
    _tell_keepers(ROLE_GIVEN, f"role-given:{given.id}", federation_id, by=actor, got=user_id)


def tell_connection_changed(actor: Actor, change: RegisterChange) -> None:
    """A way in through a provider was turned on, or lets others in than before: the same ones hear of it."""
    key = f"connection-changed:{change.id}"
    _tell_keepers(CONNECTION_CHANGED, key, change.federation_id, by=actor, subject_id=change.subject_id)


def tell_recipients_changed(actor: Actor, change: RegisterChange) -> None:
    """Somebody who sees no cases changed to whom they are mailed: the same ones hear of it."""
    key = f"recipients-changed:{change.id}"
    _tell_keepers(RECIPIENTS_CHANGED, key, change.federation_id, by=actor)


def _tell_keepers(
    kind: str, key: str, federation_id: int, *, by: Actor, got: int | None = None, subject_id: int | None = None
) -> None:
    """`got`: who got what it is about, and is no keeper for that. The subject is the federation, or the one named."""
    rungs = (users_with(right, federation_id) for right in (Right.APPROVE_ACTION_REPORT, Right.HANDLE_CASES))
    keepers = next((found for rung in rungs if (found := [user for user in rung if user.id != got])), [])
    ask_each(
        kind,
        [user.id for user in keepers if user.id != by.user_id],
        key=key,
        federation_id=federation_id,
        subject_id=subject_id or federation_id,
    )


def invite_again(user: User, federation_id: int) -> None:
    """A fresh link; at most one mail an hour."""
    hour = clock.now().strftime("%Y%m%d%H")
    _invitation(user, federation_id, f"invited-again:{federation_id}:{user.id}:{hour}")


def ask_still_you(manager: ResponsibleManager) -> None:
    """The half-yearly question; once per manager and half-year."""
    ask_for(
        STILL_YOU,
        key=f"still-you:{manager.id}:{half_year(clock.today())}",
        federation_id=manager.federation_id,
        subject_id=manager.id,
        recipient_type=RecipientType.RESPONSIBLE_MANAGER,
        recipient_id=manager.id,
    )


def tell_office_doubted(manager: ResponsibleManager, change: RegisterChange) -> None:
    """The office; where there is none, whoever else can write down who it is instead (P4)."""
    home = manager.federation_id
    ask_each(
        DOUBTED,
        [user.id for user in users_with(Right.HANDLE_CASES, home) or users_with(Right.ADMINISTER, home)],
        key=f"doubted:{change.id}",
        federation_id=manager.federation_id,
        subject_id=manager.id,
    )


def _invitation(user: User, federation_id: int, key: str) -> None:
    ask_for(
        INVITED,
        key=key,
        federation_id=federation_id,
        subject_id=federation_id,
        recipient_type=RecipientType.USER,
        recipient_id=user.id,
    )
