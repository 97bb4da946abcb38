"""Codes from a phone as the second step of signing in: turned on, asked for, turned off, demanded by a federation.

Stops at the codes: the first step is `service.known_by`, and how codes are made is `codes`.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from lexheller.accounts import codes, notices
from lexheller.accounts.models import RecoveryCode, SecondStep, SignInRules, User
from lexheller.accounts.own_account import home_of
from lexheller.accounts.rights import Actor, Right
from lexheller.accounts.sealing import seal, unseal
from lexheller.accounts.service import hash_of, is_password, record_account
from lexheller.accounts.sign_ins import end_all_sign_ins
from lexheller.audit.service import insert_unless_there, record
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput

ENROL_WITHIN = timedelta(minutes=15)


def is_on(user: User) -> bool:
    row = db.session.get(SecondStep, user.id)
    return row is not None and row.confirmed_at is not None


def secret_to_confirm(user: User) -> str | None:
    """The secret that waits for its first code; None when none was begun lately."""
    row = db.session.get(SecondStep, user.id)
    if row is None or row.confirmed_at is not None or clock.now() - row.begun_at > ENROL_WITHIN:
        return None
    return unseal(row.sealed)


def codes_left(user: User) -> int:
    """Recovery codes that have not been used."""
    return len(_unused(user))


def begin(actor: Actor, user: User) -> None:
    """Make a secret for the phone to read; it counts when it was confirmed. One that still waits for that is kept.

    Raises InvalidInput on `code` where codes are asked for already.
    """
    if is_on(user):
        raise InvalidInput("code", "on_already")
    if secret_to_confirm(user) is not None:
        return
    row = db.session.get(SecondStep, user.id) or SecondStep(user_id=user.id)
    row.sealed, row.begun_at, row.confirmed_at, row.last_used = seal(codes.new_secret()), clock.now(), None, 0
    db.session.add(row)
    db.session.flush()
    record_account(actor, "account.second_step_begun", user, home_of(user), {})


def confirm(actor: Actor, user: User, code: str, *, here: int) -> list[str]:
    """The phone has read the secret: from now on its codes are asked for. Other sign-ins than `here` end.

    Answers the recovery codes, which nobody can be shown again. Raises InvalidInput on `code`: `wrong` | `too_late`.
    """
    secret = secret_to_confirm(user)
    if secret is None:
        raise InvalidInput("code", "too_late")
    step = codes.matching_step(secret, code, clock.now())
    if step is None:
        raise InvalidInput("code", "wrong")
    waiting = (SecondStep.user_id == user.id, SecondStep.confirmed_at.is_(None))
    changed = update(SecondStep).where(*waiting).values(confirmed_at=clock.now(), last_used=step)
    if not db.session.execute(changed.returning(SecondStep.user_id)).all():
        raise InvalidInput("code", "too_late")
    made = _make_recovery_codes(user)
    end_all_sign_ins(user, but=here)
    record_account(actor, "account.second_step_on", user, home_of(user), {})
    return made


def new_recovery_codes(actor: Actor, user: User) -> list[str]:
    """Ten others; those that were left are worth nothing any more."""
    if not is_on(user):
        raise InvalidInput("code", "off")
    made = _make_recovery_codes(user)
    record_account(actor, "account.recovery_codes_made", user, home_of(user), {})
    return made


def is_answered(user: User, code: str) -> bool:
    """Whether the code is one of the phone's or a recovery code; it is used up by this, of several at once by one.

    Whoever calls counts the tries.
    """
    return _is_phones(user, code) or _is_recovery_code(user, code)


def turn_off(actor: Actor, user: User, code: str, *, here: int) -> None:
    """By the owner, with a code. Raises InvalidInput on `code`: `wrong`."""
    if not is_on(user) or not is_answered(user, code):
        raise InvalidInput("code", "wrong")
    forget(user)
    end_all_sign_ins(user, but=here)
    record_account(actor, "account.second_step_off", user, home_of(user), {})


def take_off(actor: Actor, user: User, *, federation_id: int) -> None:
    """By a colleague who administers, for somebody who lost phone and codes. The owner is told, and signed out.

    Raises InvalidInput on `code`: `own_codes`; and `codes_elsewhere` where the person's home is a federation that the
    actor does not administer: who gave a role later has no say in it. One that demands codes asks for new ones.
    """
    if actor.user_id == user.id:
        raise InvalidInput("code", "own_codes")
    if actor.user_id is not None and not actor.may(Right.ADMINISTER, home_of(user)):
        raise InvalidInput("code", "codes_elsewhere")
    if not is_on(user):
        return
    forget(user)
    end_all_sign_ins(user)
    record_account(actor, "account.second_step_taken_off", user, federation_id, {})
    key = f"second-step-off:{user.id}:{clock.now():%Y%m%d%H%M%S%f}"
    notices.tell(notices.TAKEN_OFF, user, federation_id, key=key)


def is_demanded_by(federation_id: int) -> bool:
    row = db.session.get(SignInRules, federation_id)
    return row is not None and row.second_step


def demand(actor: Actor, federation_id: int, *, demanded: bool) -> None:
    """Whether everybody who sees all the federation's cases must have codes. The same again changes nothing."""
    if is_demanded_by(federation_id) == demanded:
        return
    insert_unless_there(SignInRules, federation_id=federation_id, second_step=False)
    row = db.session.get_one(SignInRules, federation_id, with_for_update=True, populate_existing=True)
    if row.second_step == demanded:
        return
    row.second_step = demanded
    db.session.flush()
    record(
        actor,
        "federation.second_step_demanded" if demanded else "federation.second_step_left_free",
        federation_id=federation_id,
        subject_type="federation",
        subject_id=federation_id,
        data={},
    )


def is_demanded_of(actor: Actor, federation_id: int | None = None) -> bool:
    """Whether a federation all of whose cases the actor sees demands codes: any, or the one that is named."""
    asked = actor.roles if federation_id is None else (federation_id,)
    sees = [each for each in asked if actor.may(Right.SEE_ALL_CASES, each)]
    if not sees:
        return False
    demanding = select(SignInRules.federation_id).where(
        SignInRules.federation_id.in_(sees), SignInRules.second_step.is_(True)
    )
    with tenancy.looking_up():
        return db.session.scalar(demanding.limit(1)) is not None


def must_enrol(actor: Actor, user: User, federation_id: int | None = None) -> bool:
    """Whether codes are demanded that the user does not have: then no page of the federation that demands them is open.
    Others' pages are: nobody makes demands for them (P15).
    """
    return is_demanded_of(actor, federation_id) and not is_on(user)


def _is_phones(user: User, code: str) -> bool:
    row = db.session.get(SecondStep, user.id, populate_existing=True)
    secret = unseal(row.sealed) if row is not None and row.confirmed_at is not None else None
    step = codes.matching_step(secret, code, clock.now()) if secret is not None else None
    if step is None:
        return False
    unused = (SecondStep.user_id == user.id, SecondStep.last_used < step)
    taken = update(SecondStep).where(*unused).values(last_used=step).returning(SecondStep.user_id)
    return bool(db.session.execute(taken).all())


def _is_recovery_code(user: User, typed: str) -> bool:
    code = codes.as_recovery_code(typed)
    row = next((one for one in _unused(user) if code is not None and one.mark == code[0]), None)
    if code is None or row is None or not is_password(code, row.code_hash):
        return False
    unused = (RecoveryCode.id == row.id, RecoveryCode.used_at.is_(None))
    taken = update(RecoveryCode).where(*unused).values(used_at=clock.now()).returning(RecoveryCode.id)
    return bool(db.session.execute(taken).all())


def _unused(user: User) -> list[RecoveryCode]:
    if not is_on(user):
        return []
    query = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return list(db.session.scalars(query.order_by(RecoveryCode.id)))


def _make_recovery_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = codes.new_recovery_codes()
    db.session.add_all(RecoveryCode(user_id=user.id, mark=code[0], code_hash=hash_of(code)) for code in made)
    db.session.flush()
    return made


def forget(user: User) -> None:
    """Delete the secret and its codes: credentials, and no record of anything. The verbs' events tell of them."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.execute(delete(SecondStep).where(SecondStep.user_id == user.id))
    db.session.expire_all()
