"""What waits because somebody may be named in it (P24): the office looks, and lets it through to those whose it is.

A report that waits is registered and acknowledged, but routed to nobody; later words of a reporter are only hidden.
What must not be read is masked first, elsewhere. Stops at the verbs: who may see what waits is `cases`' matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from lexheller.accounts.rights import Actor
from lexheller.actions.imported import IMPORTED, texts_brought_in, texts_of
from lexheller.cases import door
from lexheller.cases.dialogue import Feedback, FeedbackKind, Question
from lexheller.cases.held import Held, held_words, waits_since
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id, live_duties
from lexheller.cases.states import CaseStatus, Step
from lexheller.casework import notices
from lexheller.casework.sending import ROUTE_JOB
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import Conflict
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import local_moment
from lexheller.deadlines.settings import at_clock

HELD_JOB = "casework.look_after_held"
REPORT = "report"
REMIND_DAYS = 2
"""Working days after which the office is told once more that something waits, and then again and again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. `key` names it within the case; `texts` by the name of their field."""

    key: str
    kind: str
    texts: Mapping[str, str]
    held_at: datetime


def waiting_in(case: Case) -> list[Waiting]:
    """What of the case waits for the office to look: the report first, then what came later."""
    found = [_waiting(row) for row in held_words(case)]
    if case.held_at is None:
        return found
    texts = texts_of(case) if case.report.source == IMPORTED else texts_brought_in(case.report, (), ())
    return [Waiting(REPORT, REPORT, texts, case.held_at), *found]


def let_through(actor: Actor, case: Case, looked_at: Set[str], *, seen: int) -> None:
    """Somebody of the office has looked at all that waits (`looked_at`: its keys): nobody can be recognised in it.

    A report that was received is routed now; the clocks stood still for a reply and go on. Raises Conflict when
    something else waits by now, or nothing.
    """
    door.hold(case)
    words = held_words(case)
    waiting = {one.key for one in waiting_in(case)}
    if not waiting or waiting != looked_at:
        raise Conflict(f"case {case.id}: something else waits to be looked at")
    was_held = case.held_at is not None
    changes = {"held_at": None, "let_through_at": clock.now()} if was_held else {}
    door.take(actor, Step.LET_THROUGH, case, seen=seen, changes=changes, data={"looked_at": sorted(waiting)})
    for row in words:
        row.held_at = None
    db.session.flush()
    if was_held and case.status == CaseStatus.RECEIVED:
        jobs.ask_for(ROUTE_JOB, federation_id=case.federation_id, subject_id=case.id, key=f"route:{case.id}")
    _tell_repliers(case, [row for row in words if isinstance(row, Question)])


def look_after_held(case_id: int) -> jobs.Postponed | None:
    """The job of what waits: the office is told again while it stands, some working days apart."""
    case = case_of_id(case_id)
    since = waits_since(case)
    if since is None:
        return None
    remind_at = _morning(case, clock.day_of(since))
    if clock.now() < remind_at:
        return jobs.Postponed(remind_at)
    today = clock.today()
    notices.tell_office_held(case, today)
    return jobs.Postponed(_morning(case, today))


def _waiting(row: Held) -> Waiting:
    name = type(row).__tablename__
    held_at = row.held_at or clock.now()
    if isinstance(row, Question):
        return Waiting(f"{name}:{row.id}", "reply", {"reply": row.reply or ""}, held_at)
    if isinstance(row, Feedback):
        kind = FeedbackKind(row.kind).value
        return Waiting(f"{name}:{row.id}", kind, {kind: row.text}, held_at)
    return Waiting(f"{name}:{row.id}", name, {name: row.what_happened}, held_at)


def _tell_repliers(case: Case, replied: list[Question]) -> None:
    """As when the reply came in, had nothing in it been in doubt."""
    if not replied or case.status == CaseStatus.CLOSED:
        return
    for duty in live_duties(case.id):
        clocks.resume(duty)
    for question in replied:
        notices.tell_replied(case, question)


def _morning(case: Case, day: date) -> datetime:
    """The hour of the digest, REMIND_DAYS working days later."""
    frame = frame_of(case.federation_id)
    return local_moment(add_working_days(day, REMIND_DAYS, frame.calendar), at_clock(frame.settings.digest_at))
