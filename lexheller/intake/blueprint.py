"""Where the reporter's pages, and the office's page for reports that came another way, hang: `app` registers it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("intake", __name__)
