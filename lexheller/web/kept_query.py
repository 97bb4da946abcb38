"""What of an address may stand in another one: no part of its query that holds an identity number (P23)."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from lexheller.privacy.scanner import stops


def address_kept(path: str) -> str:
    """The path with this request's query, less what holds an identity number; as it was sent where nothing does."""
    asked = list(request.args.items(multi=True))
    kept = [pair for pair in asked if not any(map(stops, pair))]
    query = request.query_string.decode("ascii", "replace") if kept == asked else urlencode(kept)
    return f"{path}?{query}" if query else path
