"""The one hook that enforces access marks (P17): default deny, and what may not be seen does not exist (404).

And it says for which federations the request works (P15): the one that the address names, once it is known that the
visitor may come in; without one, those where the signed-in person has a role. What a secret code or a mailed link leads
to says so itself, when it is found.
"""

from __future__ import annotations

import re

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lexheller.accounts.own_account import home_or_none
from lexheller.accounts.rights import Right
from lexheller.accounts.second_step import must_enrol
from lexheller.accounts.session import current_actor
from lexheller.core import tenancy
from lexheller.core.errors import SignedOut
from lexheller.organisations.queries import federation_by_slug
from lexheller.web.access import Access, Gate, access_of, public
from lexheller.web.kept_query import address_kept

OWN_ACCOUNT = "accounts"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def install(app: Flask) -> None:
    app.view_functions["static"] = public(app.view_functions["static"])

    @app.before_request
    def enforce() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such address: Flask answers 404 or 405
        mark = access_of(app, request.endpoint)
        if mark is None:
            abort(404)
        _find_federation()
        if mark.gate is Gate.PUBLIC:
            _work_for_address()
            return None
        if not current_user.is_authenticated:
            return _to_sign_in()
        if _must_enrol():
            return _to_enrolment()
        if mark.gate is Gate.RIGHT:
            _check(mark)
            _work_for_address()
        else:
            _work_for_own()
        return None


def _must_enrol() -> bool:
    """Asked for where it is demanded: at the addresses of the federation that demands it, and nowhere else (P15)."""
    federation = g.get("federation")
    if federation is None or current_user.strong or request.blueprint == OWN_ACCOUNT:
        return False
    return must_enrol(current_actor(), current_user.user, federation.id)


def _find_federation() -> None:
    slug = (request.view_args or {}).get("federation")
    if slug is not None:
        g.federation = federation_by_slug(slug) if SLUG.fullmatch(slug) else None
        if g.federation is None:
            abort(404)


def _work_for_address() -> None:
    federation = g.get("federation")
    tenancy.work_for([] if federation is None else [federation.id])


def _work_for_own() -> None:
    """Where the signed-in person has a role; of these the one that the address names, if it does. Whose roles all are
    suspended has an account still, and the federation in whose log it stands.
    """
    federation, own = g.get("federation"), set(current_actor().roles)
    if federation is not None:
        tenancy.work_for(own & {federation.id})
    elif own:
        tenancy.work_for(own)
    else:
        tenancy.work_for_owner(lambda: home_or_none(current_user.user))


def _check(mark: Access) -> None:
    federation = g.get("federation")
    actor = current_actor()
    if federation is None or not any(actor.may(Right(right), federation.id) for right in mark.rights):
        abort(404)


def _to_sign_in() -> ResponseReturnValue:
    """A page waits behind the sign-in, less what may not stand in an address; what was sent is shown again, so that no
    text is lost.
    """
    if request.method not in {"GET", "HEAD"}:
        raise SignedOut(request.path)
    return redirect(url_for("accounts.sign_in", next=address_kept(request.path)))


def _to_enrolment() -> ResponseReturnValue:
    """The federation demands a second step that is yet to be set up; what was sent meanwhile is shown again."""
    if request.method not in {"GET", "HEAD"}:
        raise SignedOut(request.path)
    return redirect(url_for("accounts.second_step_page"))
