"""Reading what a provider says of somebody: who they are there, their address, their groups, how they signed in. Pure.

Identity is the subject, never the address. Stops at reading: which account that is, `single_sign_on` finds out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lexheller.accounts.rights import Role
from lexheller.privacy.scanner import stops

LONGEST_SUBJECT, LONGEST_MAIL, LONGEST_NAME = 255, 254, 200
MOST_GROUPS = 2000
ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")


class UnreadableClaims(Exception):
    """What the provider said names nobody. `code` is for the log and the settings page."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class HowToRead:
    """Which claim is what, and which groups give which role."""

    subject_claim: str
    mail_claim: str
    groups_claim: str
    mail_domains: tuple[str, ...]
    strong_values: tuple[str, ...]
    role_groups: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom a provider vouches for. `mail` is empty where nothing says that it is theirs; `trusted`: in a
    domain that the provider is believed about. `strong`: the provider asked for a second step.
    """

    subject: str
    mail: str
    trusted: bool
    name: str
    roles: tuple[Role, ...]
    strong: bool


def read(claims: Mapping[str, Any], how: HowToRead) -> Known:
    """Raises UnreadableClaims: `subject` when it is missing, `groups` when they are told somewhere else or as what no
    list is: then nobody knows them, and they must not be taken for none.
    """
    subject = claims.get(how.subject_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise UnreadableClaims("subject")
    mail, trusted = _mail(claims, how)
    return Known(subject, mail, trusted, _name(claims), _roles(_groups(claims, how), how), _strong(claims, how))


def _mail(claims: Mapping[str, Any], how: HowToRead) -> tuple[str, bool]:
    """The address, and whether it is believed. What the provider itself calls unverified is nobody's."""
    told, verified = claims.get(how.mail_claim), claims.get("email_verified")
    mail = told.strip().lower() if isinstance(told, str) else ""
    if len(mail) > LONGEST_MAIL or not ADDRESS.fullmatch(mail) or stops(mail):
        return "", False
    said_yes, said_nothing = verified in (True, "true"), verified is None
    trusted = mail.rpartition("@")[2] in how.mail_domains and (said_yes or said_nothing)
    return (mail, trusted) if said_yes or trusted else ("", False)


def _name(claims: Mapping[str, Any]) -> str:
    told = claims.get("name")
    name = " ".join(told.split()) if isinstance(told, str) and told.isprintable() else ""
    return "" if len(name) > LONGEST_NAME or stops(name) else name


def _groups(claims: Mapping[str, Any], how: HowToRead) -> frozenset[str]:
    if not how.groups_claim:
        return frozenset()
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, Mapping) and how.groups_claim in elsewhere:
        raise UnreadableClaims("groups")
    told = claims.get(how.groups_claim, [])
    groups = [told] if isinstance(told, str) else told
    if not isinstance(groups, list) or len(groups) > MOST_GROUPS:
        raise UnreadableClaims("groups")
    return frozenset(group for group in groups if isinstance(group, str))


def _roles(groups: frozenset[str], how: HowToRead) -> tuple[Role, ...]:
    return tuple(role for role in Role if groups.intersection(how.role_groups.get(role.value, ())))


def _strong(claims: Mapping[str, Any], how: HowToRead) -> bool:
    amr, acr = claims.get("amr"), claims.get("acr")
    told = {value for value in (*(amr if isinstance(amr, list) else [amr]), acr) if isinstance(value, str)}
    return bool(told.intersection(how.strong_values))
