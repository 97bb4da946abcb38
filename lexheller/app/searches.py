"""A search that holds an identity number leaves the address at once, and whoever searched is told why (P23).

It has been sent by then: it stands in the browser's history and in what the proxy keeps, and nowhere after that.
"""

from __future__ import annotations

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.privacy.scanner import stops
from lexheller.web.access import Gate, access_of
from lexheller.web.kept_query import address_kept

FIELDS = ("q", "nummer", "number")
"""In which people search for words. Others are ids, days, and codes of other hosts, which only look like a number."""


def install(app: Flask) -> None:
    """After the guard: who may not come in is not told anything."""

    @app.before_request
    def leave_out() -> ResponseReturnValue | None:
        if request.endpoint is None or request.method not in {"GET", "HEAD"}:
            return None
        if not any(stops(words) for name in FIELDS for words in request.args.getlist(name)):
            return None
        mark = access_of(app, request.endpoint)
        if mark is not None and mark.gate is not Gate.PUBLIC:  # open pages set no cookie
            flash(
                _(
                    "Sökningen är borttagen, för den såg ut att innehålla ett personnummer. Sök på något annat, "
                    "till exempel ärendets nummer."
                ),
                "info",
            )
        return redirect(address_kept(url_for(request.endpoint, **(request.view_args or {}))))
