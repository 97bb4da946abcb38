"""The office's screens for what reports lead to: system faults, actions and their effect. Verbs stand further down."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("improvement", __name__)
