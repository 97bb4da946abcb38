"""What this browser has shown or sent, in its own signed cookie: which submission, and when. No code, no text.

For half an hour: the next person at the screen must not find it. What a mailed link opened is closed with the link.
"""

from __future__ import annotations

from flask import session

from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_submission, contact_of
from lexheller.core import clock, tenancy

NEW_RECEIPT, FOLLOWED, COUNTED, REGISTERED = "new_receipt", "followed_report", "counted", "registered"
REMEMBERED_SECONDS = 30 * 60


def remember(what: str, federation_id: int, submission_id: str, *, link_version: int | None = None) -> None:
    """`link_version` is set when a mailed link of that version was the key."""
    session[what] = [federation_id, submission_id, int(clock.now().timestamp()), link_version]


def forget(what: str) -> None:
    session.pop(what, None)


def remembered(what: str) -> tuple[int, str] | None:
    """Federation and submission id of what was shown last, if it is not too long ago."""
    values = session.get(what)
    if not isinstance(values, list) or len(values) < 3:
        return None
    federation_id, submission_id, at = values[:3]
    if clock.now().timestamp() - at > REMEMBERED_SECONDS:
        return None
    return federation_id, submission_id


def remembered_case(what: str) -> Case | None:
    found = remembered(what)
    if found is None:
        return None
    tenancy.work_for_owner(lambda: found[0])
    case = case_of_submission(*found)
    return case if case is not None and _key_still_fits(what, case) else None


def _key_still_fits(what: str, case: Case) -> bool:
    version = session[what][3] if len(session[what]) > 3 else None
    if version is None:
        return True
    contact = contact_of(case.report_id)
    return contact is not None and contact.revoked_at is None and contact.link_version == version
