"""The one hook that enforces access marks (P17): default deny, and what may not be seen does not exist (404)."""

from __future__ import annotations

import re

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.core.errors import SignedOut
from lexheller.organisations.queries import federation_by_slug
from lexheller.web.access import Access, Gate, access_of, public

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
            return None
        if not current_user.is_authenticated:
            return _to_sign_in()
        if mark.gate is Gate.RIGHT:
            _check(mark)
        return None


def _find_federation() -> None:
    slug = (request.view_args or {}).get("federation")
    if slug is not None:
        g.federation = federation_by_slug(slug) if SLUG.fullmatch(slug) else None
        if g.federation is None:
            abort(404)


def _check(mark: Access) -> None:
    federation = g.get("federation")
    actor = current_actor()
    if federation is None or not any(actor.may(Right(right), federation.id) for right in mark.rights):
        abort(404)


def _to_sign_in() -> ResponseReturnValue:
    """A page waits behind the sign-in; what was sent is shown again, so that no text is lost."""
    if request.method not in {"GET", "HEAD"}:
        raise SignedOut(request.path)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
