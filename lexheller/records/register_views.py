"""The open register: what was registered and when, for anybody. Days, numbers and kinds; no sender, no text.

The same for everybody in a language, so that caches may keep it for a short while. No theme either: counted by year it
would tell the small numbers that a published report hides (P30).
"""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_federation
from lexheller.records import diary_labels, diary_queries
from lexheller.records.diary_views import wanted_here
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender
from lexheller.web.open_answers import asked_language, keep_language, open_page

blueprint = Blueprint("open_register", __name__)
blueprint.url_defaults(keep_language)

READ = Limit("open_files", "120 per minute; 1200 per hour")


@blueprint.get("/publikt/<federation>/diarium")
@public
def show(federation: str) -> ResponseReturnValue:
    READ.check(sender())
    READ.count(sender())
    tenant, wanted = current_federation(), wanted_here()
    return open_page(
        "records/register.html",
        page=diary_queries.open_page(tenant.id, wanted, request.args.get("after")),
        is_later=bool(request.args.get("after")),
        wanted=wanted,
        years=[(str(year), str(year)) for year in diary_queries.years_of(tenant.id)],
        labels=diary_labels,
        lang=asked_language(),
    )
