"""Receipt codes: what a reporter without an account follows a report with. Pure but for the secret handed in.

A code follows from the submission id and the installation's secret, so that a resend shows the same code although only
its hash is stored. Sixty bits in letters that are not mistaken for one another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 12

_TO_OURS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_for(secret: str, federation_id: int, submission_id: str) -> str:
    """Twelve letters and digits, without dashes."""
    digest = hmac.new(secret.encode(), f"receipt:{federation_id}:{submission_id}".encode(), hashlib.sha256)
    return base64.b32encode(digest.digest()).decode()[:LENGTH].translate(_TO_OURS)


def grouped(code: str) -> str:
    """As it is shown: K7QF-3XMP-9TRA."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normal(written: str) -> str | None:
    """The code that somebody typed, in spite of dashes, spaces, small letters and misread signs; None if it is none."""
    plain = "".join(sign for sign in written.upper() if sign.isalnum()).translate(_MISREAD)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def code_hash(code: str) -> str:
    """What is stored. The code is random over sixty bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(f"receipt-code:{code}".encode()).hexdigest()
