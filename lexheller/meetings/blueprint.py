"""The one blueprint of the meeting pages, and their addresses. Each `*_views` module adds its own pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("meetings", __name__)

ID = "int(max=2147483647)"
ALL = "/moten/<federation>"
MEETING = f"{ALL}/<{ID}:meeting_id>"
ITEM = f"{MEETING}/arenden/<{ID}:item_id>"
GROUP = f"{ALL}/grupper/<any(beredningsgrupp, styrelse, styrgrupp):group>"
