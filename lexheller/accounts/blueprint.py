"""The one blueprint of the account pages. Each `*_views` module adds its own; `views` gathers them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
