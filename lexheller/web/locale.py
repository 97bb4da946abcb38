"""The language of a page: what the visitor chose, else what the account says, else Swedish.

A choice is `?lang=` on any address, kept in a cookie. The browser's own list is not asked: many Swedish authorities'
computers are set to English for people who work in Swedish.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, get_locale

from lexheller.privacy.scanner import stops

LOCALES = {"sv": "Svenska", "en": "English"}
DEFAULT = "sv"
COOKIE = "lexheller_lang"
ONE_YEAR_SECONDS = 365 * 24 * 3600
LONGEST_KEPT = 500


def install(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Stockholm"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=chosen)
    app.context_processor(_context)

    @app.after_request
    def remember(response: Response) -> Response:
        """What caches may keep carries no cookie."""
        asked = request.args.get("lang")
        if asked in LOCALES and not response.cache_control.public and asked != request.cookies.get(cookie_name()):
            response.set_cookie(
                cookie_name(),
                asked,
                max_age=ONE_YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        return response


def cookie_name() -> str:
    """Behind https bound to the host, so that no other site under the same domain can set it."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def chosen() -> str:
    """The locale of this request; outside of one, Swedish."""
    if not request:
        return DEFAULT
    for candidate in (request.args.get("lang"), request.cookies.get(cookie_name()), g.get("account_locale")):
        if candidate in LOCALES:
            return str(candidate)
    return DEFAULT


def _context() -> dict[str, Any]:
    current = str(get_locale() or DEFAULT)
    return {"current_locale": current, "language_links": _links(current) if request else []}


def _links(current: str) -> list[dict[str, Any]]:
    """The same address in each language, its filters kept, but for an identity number that somebody typed (P23).

    Made of text alone: no query can upset it (P22).
    """
    asked = request.args.items(multi=True)
    kept = [pair for pair in asked if pair[0] != "lang" and len(pair[1]) <= LONGEST_KEPT and not stops(pair[1])]
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
