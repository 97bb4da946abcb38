"""The one blueprint of the pages about disposal, and their addresses."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("disposals", __name__)

ID = "int(max=2147483647)"
ALL = "/gallring/<federation>"
PLAN = f"{ALL}/plan"
DRY_RUN = f"{ALL}/prova"
ONE = f"{ALL}/<{ID}:disposal_id>"
