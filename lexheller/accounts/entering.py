"""The last step of every way of signing in: a new sign-in in a new session, or the page for the code before it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from lexheller.accounts import known_browser
from lexheller.accounts.half_way import remember_half_way
from lexheller.accounts.models import User
from lexheller.accounts.session import SignedIn
from lexheller.accounts.sign_ins import start as start_sign_in

THROUGH, WAY_OUT = "half_way_through", "provider_way_out"
WayOut = tuple[str, str] | None
"""The provider's name, and where one signs out of it."""


def let_in(
    user: User,
    wanted: str | None,
    *,
    connection_id: int | None = None,
    strong: bool = False,
    way_out: WayOut = None,
) -> ResponseReturnValue:
    """A new session: nothing of the one before is carried over (P19). By password the browser is known from now on."""
    _begin(user, connection_id, strong, way_out)
    answer = make_response(redirect(own_address(wanted) or url_for("desk.start")))
    if connection_id is None:
        known_browser.remember(answer, user)
    return answer


def stay_in(user: User, address: str) -> Response:
    """A new session for whoever has just changed the own password: by the way that they came in, and no better."""
    way_out = session.get(WAY_OUT)
    _begin(user, current_user.connection_id, current_user.strong, (way_out[0], way_out[1]) if way_out else None)
    answer = make_response(redirect(address))
    known_browser.remember(answer, user)
    return answer


def wait_for_code(
    user: User, wanted: str | None, *, connection_id: int | None = None, way_out: WayOut = None
) -> ResponseReturnValue:
    """The first step was right; the code comes on a page of its own."""
    remember_half_way(user)
    if connection_id is not None:
        session[THROUGH] = [connection_id, *(way_out or ())]
    return redirect(url_for("accounts.second_step_of_sign_in", next=own_address(wanted)))


def come_through(user: User, wanted: str | None) -> ResponseReturnValue:
    """After the code: in, by the way that the first step was taken."""
    through = session.get(THROUGH)
    if not isinstance(through, list):
        return let_in(user, wanted)
    connection_id, *rest = through
    return let_in(user, wanted, connection_id=connection_id, way_out=(rest[0], rest[1]) if len(rest) == 2 else None)


def _begin(user: User, connection_id: int | None, strong: bool, way_out: WayOut) -> None:
    token = start_sign_in(user, request.user_agent.string, connection_id=connection_id, strong=strong)
    session.clear()
    login_user(SignedIn(user, token))
    if way_out is not None:
        session[WAY_OUT] = list(way_out)


def own_address(address: str | None) -> str | None:
    """Only a path on this site: never a way out to somebody else's."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and address.isprintable() else None
