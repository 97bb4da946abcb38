"""Access marks: every route carries exactly one (P17). Default is deny: an unmarked route answers 404.

A mark says what is needed; `app` holds the one hook that enforces it, since rights live on a floor above this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
MARK = "access_mark"


class Gate(StrEnum):
    """PUBLIC: anybody. SIGNED_IN: any account. RIGHT: one of the rights, in the federation that the address names."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Access:
    gate: Gate
    rights: frozenset[str] = frozenset()


def public(view: View) -> View:
    return _marked(view, Access(Gate.PUBLIC))


def signed_in(view: View) -> View:
    return _marked(view, Access(Gate.SIGNED_IN))


def requires(*rights: str) -> Callable[[View], View]:
    """Any one of the rights, in the federation whose slug is the address's `federation` part."""

    def mark(view: View) -> View:
        return _marked(view, Access(Gate.RIGHT, frozenset(rights)))

    return mark


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The route's mark, or None where somebody forgot it."""
    mark: Access | None = getattr(app.view_functions[endpoint], MARK, None)
    return mark


def _marked(view: View, access: Access) -> View:
    if hasattr(view, MARK):
        raise TypeError(f"{view.__name__} carries two access marks")
    setattr(view, MARK, access)
    return view
