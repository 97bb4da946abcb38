"""The one blueprint of the case page. Each `*_views` module adds its steps; `views` gathers them."""

from __future__ import annotations

from flask import Blueprint

from lexheller.accounts.rights import Right

blueprint = Blueprint("casework", __name__)

ID = "int(max=2147483647)"
CASE = f"/arenden/<federation>/<{ID}:case_id>"
SEES_CASES = (Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES)
