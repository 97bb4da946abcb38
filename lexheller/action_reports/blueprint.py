"""The one blueprint of the yearly report's pages, and their addresses. Each `*_views` module adds its own pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("action_reports", __name__)

ALL = "/atgardsrapport/<federation>"
SETTINGS = f"{ALL}/installningar"
YEAR = f"{ALL}/<int(min=2000, max=2100):year>"
DRAFT = f"{YEAR}/utkast"
GOALS = f"{DRAFT}/ataganden"
GOAL = f"{GOALS}/<int(max=2147483647):goal_id>"
EDITION = f"{YEAR}/utgava/<int(max=2147483647):number>"
