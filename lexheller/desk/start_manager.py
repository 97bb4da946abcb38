"""The responsible manager's start page: what waits for an answer and how long is left, what stands still, and what
became of the answers that were given; besides that the actions and faults that the units have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased, joinedload

from lexheller.accounts.rights import Actor
from lexheller.actions import queries as actions
from lexheller.actions.models import Action
from lexheller.cases.labels import STATUS
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.labels import Left, left_in
from lexheller.desk.indexes import is_live, was_answered
from lexheller.desk.labels import due_words
from lexheller.desk.narrowing import is_late
from lexheller.desk.rules import Only
from lexheller.desk.sections import MOST_LINES, Line, Section, case_href, queue_href, short_day, subject
from lexheller.faults import queries as faults
from lexheller.faults.labels import STATUS as FAULT_STATUS
from lexheller.faults.states import FaultStatus
from lexheller.organisations.models import Federation

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty at one of the own units. `begun`: a draft of the answer is there."""

    duty: Duty
    begun: bool


def sections(actor: Actor, federation: Federation) -> list[Section]:
    """Only what there is: a manager with nothing to do is told so by the page."""
    slug, left = federation.slug, left_in(federation.id)
    found = [
        Section(
            _("Det här behöver dig nu"),
            [_line(slug, waiting, left) for waiting in _waiting(actor, federation.id, ~is_late(Duty), paused=False)],
            queue_href(slug, only=Only.MINE),
            _("Allt som väntar på ditt svar"),
            first=True,
        ),
        Section(
            _("Försenat"),
            [_line(slug, waiting, left) for waiting in _waiting(actor, federation.id, is_late(Duty))],
            queue_href(slug, only=Only.OVERDUE),
            _("Alla försenade"),
        ),
        Section(
            _("Åtgärder som din enhet har"),
            _action_lines(actor, federation),
            url_for("improvement.actions", federation=slug),
            _("Alla åtgärder som din enhet har"),
        ),
        Section(_("Systemfel som din enhet äger"), _fault_lines(actor, federation)),
        Section(
            _("Väntar på andra"),
            [_paused_line(slug, waiting) for waiting in _waiting(actor, federation.id, ~is_late(Duty), paused=True)],
            queue_href(slug, only=Only.PAUSED),
            _("Allt som väntar på anmälaren"),
        ),
        Section(
            _("Det du har svarat på"),
            [_answered_line(slug, duty) for duty in _answered(actor, federation.id)],
            queue_href(slug),
            _("Alla ärenden som din enhet har haft"),
        ),
    ]
    return [section for section in found if section.lines]


def _fault_lines(actor: Actor, federation: Federation) -> list[Line]:
    """All that are open: there is no list of faults for managers to lead on to."""
    return [
        Line(
            f"{fault.number}: {fault.title}",
            url_for("improvement.fault", federation=federation.slug, fault_id=fault.id),
            _("Hände igen %(day)s.", day=short_day(fault.recurred_on)) if fault.recurred_on else "",
            str(FAULT_STATUS[FaultStatus(fault.status)].label),
        )
        for fault in faults.own_open(actor, federation.id, MOST_FAULTS)
    ]


def _action_lines(actor: Actor, federation: Federation) -> list[Line]:
    """What is to be carried out, the earliest first, and before that what is to be judged."""
    to_judge = actions.own_to_judge(actor, federation.id, MOST_LINES)
    to_do = actions.own_to_do(actor, federation.id, MOST_LINES)
    judged = [
        _action_line(federation.slug, action, _("Hjälpte den? Svara med en mening om varför."), _("Effekt att bedöma"))
        for action in to_judge
    ]
    return [*judged, *(_to_do_line(federation.slug, action) for action in to_do)][:MOST_LINES]


def _to_do_line(slug: str, action: Action) -> Line:
    if action.due_on is None:
        return _action_line(slug, action, _("Ingen dag är bestämd."))
    left = due_words(action.due_on, clock.today())
    note = _("Klar senast %(day)s: %(left)s", day=short_day(action.due_on), left=left)
    return _action_line(slug, action, note, late=action.due_on < clock.today())


def _action_line(slug: str, action: Action, note: str, tag: str = "", *, late: bool = False) -> Line:
    href = url_for("improvement.action", federation=slug, action_id=action.id)
    text = _("Åtgärd %(number)d", number=action.number)
    return Line(f"{text}: {subject(action.description)}", href, note, tag, late)


def _waiting(
    actor: Actor, federation_id: int, condition: ColumnElement[bool], *, paused: bool | None = None
) -> list[Waiting]:
    """Live duties of the own units, the earliest due first."""
    draft = aliased(Answer)
    begun = exists().where(draft.duty_id == Duty.id, draft.given_at.is_(None))
    query = _own(select(Duty, begun), actor, federation_id).where(is_live(), condition)
    if paused is not None:
        query = query.where(Duty.paused_on.is_not(None) if paused else Duty.paused_on.is_(None))
    rows = db.session.execute(query.order_by(Duty.due_on, Duty.id).limit(MOST_LINES))
    return [Waiting(duty, bool(has_draft)) for duty, has_draft in rows]


def _answered(actor: Actor, federation_id: int) -> Sequence[Duty]:
    query = _own(select(Duty), actor, federation_id).where(was_answered())
    return db.session.scalars(query.order_by(Duty.ended_at.desc(), Duty.id.desc()).limit(MOST_LINES)).all()


def _own(query: Select, actor: Actor, federation_id: int) -> Select:  # type: ignore[type-arg]
    own = query.where(Duty.federation_id == federation_id, Duty.unit_id.in_(actor.unit_ids))
    return own.options(joinedload(Duty.unit), joinedload(Duty.case).joinedload(Case.report))


def _line(slug: str, waiting: Waiting, left: Left) -> Line:
    duty, tag = waiting.duty, ""
    if waiting.begun:
        tag = _("Utkast påbörjat")
    elif duty.status == DutyStatus.OPEN:
        tag = _("Nytt")
    last_day, words = short_day(duty.due_on), left(duty.due_on)
    note = _("%(unit)s, svara senast %(day)s: %(left)s", unit=duty.unit.name, day=last_day, left=words)
    return Line(_text(duty), case_href(slug, duty.case_id), note, tag, duty.due_on < clock.today())


def _paused_line(slug: str, waiting: Waiting) -> Line:
    duty = waiting.duty
    note = _("Anmälaren tillfrågades %(day)s. Svarstiden står stilla så länge.", day=short_day(duty.paused_on))
    return Line(_text(duty), case_href(slug, duty.case_id), note, _("Utkast påbörjat") if waiting.begun else "")


def _answered_line(slug: str, duty: Duty) -> Line:
    """What became of it: where the case stands, and the conclusion where there is one."""
    case = duty.case
    note = subject(case.conclusion) if case.conclusion else str(STATUS[CaseStatus(case.status)].next)
    return Line(_text(duty), case_href(slug, case.id), note, str(STATUS[CaseStatus(case.status)].label))


def _text(duty: Duty) -> str:
    return f"{duty.case.number}: {subject(duty.case.report.what_happened)}"
