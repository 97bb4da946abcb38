"""What somebody does with their own account: a new password, and ending sign-ins. The second step: `second_step`."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.accounts import notices
from lexheller.accounts.models import RoleAssignment, SignIn, User
from lexheller.accounts.passwords import refuse_weak_password
from lexheller.accounts.rights import Actor
from lexheller.accounts.service import hash_of, is_password, record_account
from lexheller.accounts.sign_ins import end_all_sign_ins, living_of
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.queries import federation_of


def home_of(user: User) -> int:
    """The federation in whose log stands what somebody does with their account, and in whose name mail about it goes:
    where their oldest role is that counts, else the oldest that is suspended. A role that another federation gives
    later moves nothing. Raises NotAllowedToSee for an account that belongs nowhere.
    """
    found = home_or_none(user)
    if found is None:
        raise NotAllowedToSee("user")
    return found


def home_or_none(user: User) -> int | None:
    """As `home_of`; None for an account that belongs nowhere."""
    return home_behind(user.id)


def home_behind(user_id: int) -> int | None:
    """As `home_or_none`, at the same cost for an id that nobody has."""
    held = select(RoleAssignment.federation_id).where(RoleAssignment.user_id == user_id)
    in_order = held.order_by(RoleAssignment.suspended_at.is_not(None), RoleAssignment.id)
    with tenancy.looking_up():
        return db.session.scalar(in_order.limit(1))


def check_own_password(user: User, password: str) -> None:
    """Raises InvalidInput on `current_password` (`wrong`)."""
    if not is_password(password, user.password_hash):
        raise InvalidInput("current_password", "wrong")


def change_password(actor: Actor, user: User, current: str, new: str) -> None:
    """Every sign-in ends (P19), and the owner is told by mail.

    Raises InvalidInput: `current_password` (`wrong`), and `password` as `refuse_weak_password`.
    """
    db.session.refresh(user, with_for_update={"key_share": True})
    check_own_password(user, current)
    choose_password(actor, user, new, kind="account.password_changed")


def choose_password(actor: Actor, user: User, new: str, *, kind: str) -> None:
    """Store a new password that its owner chose, end every sign-in, leave the event `kind` and a mail."""
    home = home_of(user)
    refuse_weak_password(new, user.name, user.email, federation_of(home).name)
    user.password_hash = hash_of(new)
    end_all_sign_ins(user)
    record_account(actor, kind, user, home, {})
    notices.tell(notices.CHANGED, user, home, key=f"password-changed:{user.id}:{clock.now():%Y%m%d%H%M%S%f}")


def end_sign_in(actor: Actor, user: User, row_id: int) -> None:
    """One of the own. Raises NotAllowedToSee for another's; one that has ended already is left as it is."""
    row = db.session.get(SignIn, row_id)
    if row is None or row.user_id != user.id:
        raise NotAllowedToSee("sign-in")
    if row.id not in {living.id for living in living_of(user)}:
        return
    row.ended_at = clock.now()
    db.session.flush()
    record_account(actor, "account.sign_ins_ended", user, home_of(user), {"count": 1})


def end_other_sign_ins(actor: Actor, user: User, own_row_id: int) -> int:
    """All but the one that asks for it; how many there were."""
    count = end_all_sign_ins(user, but=own_row_id)
    if count:
        record_account(actor, "account.sign_ins_ended", user, home_of(user), {"count": count})
    return count
