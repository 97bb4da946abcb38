"""What waits in the diary and the archive, as lines on the start page of those who can do something about it.

Requests for documents that are not closed, and a proposal for disposal that somebody else made. Stops at counting.
"""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from lexheller.accounts.rights import Actor, Right
from lexheller.core.db import db
from lexheller.desk import waiting
from lexheller.desk.sections import Line, short_day
from lexheller.organisations.models import Federation
from lexheller.records.disposal_queries import under_way
from lexheller.records.disposal_rules import DisposalStatus
from lexheller.records.release_models import ReleaseRequest


def install(app: Flask) -> None:
    waiting.register(app, lines)


def lines(actor: Actor, federation: Federation) -> list[Line]:
    """At most one of each kind."""
    return [*_requests(actor, federation), *_proposal(actor, federation)]


def _requests(actor: Actor, federation: Federation) -> list[Line]:
    if not actor.may(Right.KEEP_RECORDS, federation.id):
        return []
    query = select(func.count(), func.min(ReleaseRequest.asked_on))
    query = query.where(ReleaseRequest.federation_id == federation.id, ReleaseRequest.closed_at.is_(None))
    number, since = db.session.execute(query).one()
    if not number:
        return []
    return [
        Line(
            ngettext(
                "En person som har begärt handlingar väntar på svar",
                "%(num)d personer som har begärt handlingar väntar på svar",
                number,
            ),
            url_for("records.releases", federation=federation.slug),
            _("Den äldsta kom in %(day)s. Den som frågar ska få svar så fort det går.", day=short_day(since)),
        )
    ]


def _proposal(actor: Actor, federation: Federation) -> list[Line]:
    """Not for whoever made it: somebody else decides."""
    if not actor.may(Right.PLAN_DISPOSAL, federation.id):
        return []
    disposal = under_way(federation.id)
    if disposal is None or disposal.status != DisposalStatus.PROPOSED:
        return []
    if disposal.proposed_by_user_id == actor.user_id:
        return []
    href = url_for("disposals.show", federation=federation.slug, disposal_id=disposal.id)
    return [Line(_("Ett förslag till gallring väntar på beslut"), href)]
