"""The one blueprint of the desk. Each `*_views` module adds its own; `views` gathers them."""

from __future__ import annotations

from flask import Blueprint

from lexheller.accounts.rights import Right
from lexheller.desk import indexes as indexes
from lexheller.desk import models as models

blueprint = Blueprint("desk", __name__)

QUEUE = "/arenden/<federation>"
SEES_CASES = (Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES)
