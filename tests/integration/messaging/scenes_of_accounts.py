"""Scenes: the mails to the owner of an account about the account."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pyotp
from scenes import AF, FK, SECRET, Made, Scene, kept
from scenes_of_settings import connected, open_way_in
from sqlalchemy import select

from lexheller.accounts import notices, own_account, resets, second_step, single_sign_on
from lexheller.accounts import service as accounts
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.jobs import Job
from tests.cast.people import PASSWORD, Cast

MARKS = ("Södra Vätterbygden",)
NEW_PASSWORDS = ("en grävling i varje rum", "vägen runt sjön är lång")


def forgotten(cast: Cast) -> Made:
    made = Made(marks=MARKS)
    ask(cast, made)
    return made


def ask(_cast: Cast, _made: Made) -> None:
    """The page's answer, and the job behind it."""
    kept(lambda: resets.ask(AF))
    for job_id in db.session.scalars(select(Job.id).where(Job.name == resets.RESET_JOB)).all():
        jobs.run(job_id)


def ask_anew(cast: Cast, made: Made) -> None:
    made.at = clock.now() + timedelta(hours=1)
    with clock.at(made.at):
        ask(cast, made)


def changed(_cast: Cast) -> Made:
    user = user_by_email(AF)
    kept(lambda: own_account.change_password(actor_for(user), user, PASSWORD, NEW_PASSWORDS[0]))
    return Made(other=resets.token_for(user), marks=MARKS)


def changed_again(_cast: Cast, _made: Made) -> None:
    """The form sent twice: the old password is not right any more."""
    user = user_by_email(AF)
    with suppress(InvalidInput):
        kept(lambda: own_account.change_password(actor_for(user), user, PASSWORD, NEW_PASSWORDS[0]))


def reset_too(_cast: Cast, made: Made) -> None:
    made.at = clock.now() + timedelta(minutes=1)
    with clock.at(made.at), suppress(NotAllowedToSee):
        kept(lambda: resets.reset(made.other, NEW_PASSWORDS[1]))


def taken_off(cast: Cast) -> Made:
    with_codes()
    take_off(cast, Made())
    return Made(marks=MARKS)


def with_codes() -> None:
    user = user_by_email(FK)
    kept(lambda: second_step.begin(actor_for(user), user))
    code = pyotp.TOTP(second_step.secret_to_confirm(user)).at(clock.now())
    kept(lambda: second_step.confirm(actor_for(user), user, code, here=0))


def take_off(cast: Cast, _made: Made) -> None:
    home = cast.federation().id
    kept(lambda: second_step.take_off(cast.coordinator, user_by_email(FK), federation_id=home))


def taken_off_anew(cast: Cast, made: Made) -> None:
    made.at = clock.now() + timedelta(minutes=1)
    with clock.at(made.at):
        with_codes()
        take_off(cast, made)


def joined(cast: Cast) -> Made:
    made = Made(other=connected(cast), marks=MARKS)
    open_way_in(cast, made)
    join(cast, made)
    return made


def join(_cast: Cast, made: Made, subject: str = "frida") -> None:
    user = user_by_email(FK)
    known = Known(subject, "", False, SECRET, (), False)
    kept(lambda: single_sign_on.link_own(actor_for(user), user, made.other, known))


def joined_anew(cast: Cast, made: Made) -> None:
    join(cast, made, "frida.andra")


def role_gone(email: str):
    def lose(cast: Cast, _made: Made) -> None:
        home = cast.federation().id
        accounts.withdraw_role(OPERATOR, user_by_email(email), Role.MANAGER, federation_id=home)

    return lose


def disabled(email: str):
    def lose(cast: Cast, _made: Made) -> None:
        accounts.disable(OPERATOR, user_by_email(email), federation_id=cast.federation().id)

    return lose


def lost(email: str):
    return {"role": role_gone(email), "disabled": disabled(email)}


SCENES = (
    Scene(notices.RESET, (AF,), "Öppna länken och välj ett", forgotten, ask, lost(AF), ask_anew),
    Scene(notices.CHANGED, (AF,), "utloggad överallt", changed, changed_again, lost(AF), reset_too),
    Scene(notices.TAKEN_OFF, (FK,), "lägg till den på nytt", taken_off, take_off, lost(FK), taken_off_anew),
    Scene(notices.JOINED, (FK,), "Här ser du vad ditt konto", joined, join, lost(FK), joined_anew),
)
