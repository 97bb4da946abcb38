"""Whole addresses for mails, made without a request."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app

BASE_URL = "LEXHELLER_BASE_URL"


def absolute_url(endpoint: str, **values: str | int) -> str:
    """The address of a page on the installation's base URL."""
    parts = urlsplit(current_app.config[BASE_URL])
    adapter = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)
