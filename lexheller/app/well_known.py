"""Files that programs ask for at fixed addresses: /.well-known/security.txt (RFC 9116) and /robots.txt."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, abort, current_app, url_for
from flask.typing import ResponseReturnValue

from lexheller.core import clock
from lexheller.web.access import public
from lexheller.web.links import BASE_URL
from lexheller.web.locale import LOCALES

blueprint = Blueprint("well_known", __name__)

SECURITY_CONTACT = "LEXHELLER_SECURITY_CONTACT"
GOOD_FOR = timedelta(days=180)
ONE_DAY_SECONDS = 24 * 3600
OPEN = ("/publikt/", "/tillganglighet", "/personuppgifter", "/static/")
"""What anybody may find by searching: all else is kept away. Guarded by a test against the access marks."""


@blueprint.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Does not exist where nobody has said whom to tell."""
    contact = current_app.config[SECURITY_CONTACT]
    if not contact:
        abort(404)
    here = current_app.config[BASE_URL] + url_for("well_known.security")
    return _plain(security_text(contact, here, clock.today()))


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    allowed = [f"Allow: {start}" for start in OPEN]
    return _plain("\n".join(["User-agent: *", *allowed, "Disallow: /", ""]))


def security_text(contact: str, canonical: str, today: date) -> str:
    """`contact` is a `mailto:` or `https:` address. Good for half a year from the day it is asked for."""
    return "\n".join(
        [
            f"Contact: {contact}",
            f"Expires: {today + GOOD_FOR}T00:00:00Z",
            f"Preferred-Languages: {', '.join(LOCALES)}",
            f"Canonical: {canonical}",
            "",
        ]
    )


def _plain(content: str) -> Response:
    answer = Response(content, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = f"public, max-age={ONE_DAY_SECONDS}"
    return answer
