"""Message kinds, registered from above: who gets it, may they still, which words. This floor calls them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from lexheller.core.db import Model
from lexheller.messaging.models import Message

REGISTRY = "lexheller_message_kinds"


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str
    locale: str = "sv"


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text template with its values. Never free text of a case (P7)."""

    subject: str
    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """`address` answers None when the recipient may no longer see the matter (P6): the message is cancelled.

    `subject` is the table whose row `Message.subject_id` names, of the message's own federation.
    `not_before` answers a later moment to wait until (P9), None to go now; without it a kind goes at any hour.
    """

    name: str
    address: Callable[[Message], Address | None]
    words: Callable[[Message], Words]
    subject: type[Model] = field(kw_only=True)
    not_before: Callable[[Message], datetime | None] | None = None


def register(app: Flask, kind: Kind) -> None:
    app.extensions.setdefault(REGISTRY, {})[kind.name] = kind


def kind_of(name: str) -> Kind:
    found: Kind = current_app.extensions[REGISTRY][name]
    return found


def kind_names(app: Flask) -> list[str]:
    return sorted(app.extensions.get(REGISTRY, {}))
