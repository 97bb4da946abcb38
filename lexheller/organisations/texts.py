"""How what the register stores is written: e-mail addresses, one form for all."""

from __future__ import annotations


def address(email: str) -> str:
    """An e-mail address as it is stored: without space around it, in lower case."""
    return email.strip().lower()
