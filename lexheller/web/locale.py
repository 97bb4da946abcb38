"""The language of a page: what the visitor chose, else what the account says, else Swedish.

A choice is `?lang=` on any address, kept in a cookie. The browser's own list is not asked: many Swedish authorities'
computers are set to English for people who work in Swedish.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request, url_for
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
    """The same page in each language, its filters kept. After a form was sent, the page that shows it."""
    links = []
    for code, label in LOCALES.items():
        if request.endpoint is None:
            href = f"?lang={code}"
        else:
            values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
            href = url_for(request.endpoint, **{**values, "lang": code})
        links.append({"code": code, "label": label, "href": href, "current": code == current})
    return links
