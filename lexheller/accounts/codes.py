"""The codes of the second step: those that a phone makes (TOTP, RFC 6238) and those for a lost phone. Pure.

Stops at making and comparing: that a code is taken once is for `second_step`.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
import segno

ISSUER = "Lex Heller"
STEP_SECONDS = 30
STEPS_BESIDE = 1
"""How many time steps a phone's clock may be off, either way."""

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECOVERY_CODES = 10
RECOVERY_LENGTH = 12


def new_secret() -> str:
    """160 bits, as base32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step that the code belongs to, if it is near `at`; None for a wrong one."""
    wanted = "".join(code.split())
    if len(wanted) != 6 or not (wanted.isascii() and wanted.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret, interval=STEP_SECONDS), int(at.timestamp()) // STEP_SECONDS
    steps = range(now - STEPS_BESIDE, now + STEPS_BESIDE + 1)
    matching = [step for step in steps if secrets.compare_digest(totp.at(step * STEP_SECONDS), wanted)]
    return matching[-1] if matching else None


def enrolment_address(secret: str, account: str) -> str:
    """What a phone reads: otpauth://…"""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=ISSUER)


def picture(address: str) -> str:
    """The address as a QR code: SVG to stand in a page, dark on white whatever the page's colours."""
    return segno.make(address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )


def in_groups(text: str) -> str:
    """Four signs at a time, as they are read and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    """Each of 60 bits, no two with the same first sign."""
    firsts = secrets.SystemRandom().sample(SIGNS, RECOVERY_CODES)
    return [first + "".join(secrets.choice(SIGNS) for _ in range(RECOVERY_LENGTH - 1)) for first in firsts]


def as_recovery_code(typed: str) -> str | None:
    """The code as it was made, however it was written; None for what cannot be one."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    return code if len(code) == RECOVERY_LENGTH and set(code) <= set(SIGNS) else None
