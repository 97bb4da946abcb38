"""What waits for somebody in a slice above this floor: the slice says it in lines of its own on the start page.

Registered when the app is put together; desk knows nothing of what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app

from lexheller.accounts.rights import Actor
from lexheller.desk.sections import Line
from lexheller.organisations.models import Federation

TELLERS = "desk-waiting"

Teller = Callable[[Actor, Federation], Sequence[Line]]


def register(app: Flask, teller: Teller) -> None:
    """`teller` gives no lines where nothing waits for that actor."""
    app.extensions.setdefault(TELLERS, []).append(teller)


def lines_from_above(actor: Actor, federation: Federation) -> list[Line]:
    tellers: list[Teller] = current_app.extensions.get(TELLERS, [])
    return [line for teller in tellers for line in teller(actor, federation)]
