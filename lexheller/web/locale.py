"""The language of a page: what the visitor chose, else what the account says, else Swedish.

A choice is `?lang=` on any address, kept in a cookie. The browser's own list is not asked: many Swedish authorities'
computers are set to English for people who work in Swedish.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, get_locale

LOCALES = {"sv": "Svenska", "en": "English"}
DEFAULT = "sv"
COOKIE = "lexheller_lang"
ONE_YEAR_SECONDS = 365 * 24 * 3600


def install(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Stockholm"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=chosen)
    app.context_processor(_context)

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in LOCALES and asked != request.cookies.get(COOKIE):
            response.set_cookie(
                COOKIE,
                asked,
                max_age=ONE_YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        return response


def chosen() -> str:
    """The locale of this request; outside of one, Swedish."""
    if not request:
        return DEFAULT
    for candidate in (request.args.get("lang"), request.cookies.get(COOKIE), g.get("account_locale")):
        if candidate in LOCALES:
            return str(candidate)
    return DEFAULT


def _context() -> dict[str, Any]:
    current = str(get_locale() or DEFAULT)
    return {"current_locale": current, "language_links": _links(current) if request else []}


def _links(current: str) -> list[dict[str, Any]]:
    """The same address in each language, its filters kept. Made of text alone: no query can upset it (P22)."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    path = "/" + quote((request.script_root + _shown_at(request.path)).lstrip("/"))
    return [
        {
            "code": code,
            "label": label,
            "href": f"{path}?{urlencode([*kept, ('lang', code)])}",
            "current": code == current,
        }
        for code, label in LOCALES.items()
    ]


def _shown_at(path: str) -> str:
    """Where the page can be looked at: a form that was sent to an address of its own belongs to the page above it."""
    adapter = current_app.url_map.bind("")
    while request.method not in {"GET", "HEAD"} and path != "/" and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0] or "/"
    return path
