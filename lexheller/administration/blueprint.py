"""The one blueprint of the settings pages. Each `*_views` module adds its own; `views` gathers them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__)

SETTINGS = "/installningar/<federation>"
ID = "int(max=2147483647)"
