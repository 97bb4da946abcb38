"""Answers for anybody: the same whoever is signed in, kept by caches for a while, nothing remembered of who reads.

Stops at the answer: which pages are open, and what stands on them, is said where they are.
"""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from lexheller.web.locale import LOCALES

FRESH_SECONDS = 60


class WithoutCookies(Response):
    """Nothing is remembered of who reads; a chosen language goes along in the addresses instead."""

    def set_cookie(self, *_args: Any, **_kwargs: Any) -> None:
        """Not here."""


def asked_language() -> str | None:
    """The one that the address itself asks for."""
    asked = request.args.get("lang") if request else None
    return asked if asked in LOCALES else None


def keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """For a blueprint's `url_defaults`: links between its pages keep the language that the address asks for."""
    asked = asked_language()
    if asked is not None:
        values.setdefault("lang", asked)


def open_page(template: str, **values: Any) -> Response:
    """Drawn for nobody in particular: no name, no menu, no token."""
    return kept_a_while(WithoutCookies(render_template(template, viewer=None, nav_items=[], **values)))


def kept_a_while(answer: Response) -> Response:
    """`Vary`, since the language may come from a cookie that other pages have set."""
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    answer.vary.add("Cookie")
    answer.add_etag()
    answer.make_conditional(request)
    return answer
