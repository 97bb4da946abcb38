"""What an item's texts are before the office has written them: from the fault's own fields, or from a case's shared
summary, and counted sentences. Never a word of a report. Always in Swedish: they are part of a Swedish document.

Stops at proposing: storing what the office makes of it is `meetings.texts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from lexheller.actions.models import Action, ActionCase, ActionFault, ActionStatus
from lexheller.cases.dialogue import Occurrence
from lexheller.cases.models import Case
from lexheller.core.db import db
from lexheller.faults.models import Fault, FaultCase
from lexheller.meetings.models import AgendaItem
from lexheller.organisations.models import Organisation

DOCUMENT_LOCALE = "sv"
LONGEST_TITLE = 160
MOST_TRIED = 10


@dataclass(frozen=True, slots=True)
class Texts:
    """What the group reads about an item."""

    title: str
    what: str
    how_often: str
    between: str
    tried: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many reports, how many people counted themselves in, and when the first report came."""

    reports: int
    occurrences: int
    since: date | None


def texts_of(item: AgendaItem) -> Texts:
    """As the office wrote them; before that, as they are proposed."""
    if item.described_at is not None:
        return Texts(item.title, item.what, item.how_often, item.between, item.tried, item.proposed)
    return proposed_texts(item)


def title_of(item: AgendaItem) -> str:
    """What lists call it, without asking for the rest; for an ended meeting what it was called then."""
    if item.title:
        return item.title
    with force_locale(DOCUMENT_LOCALE):
        if item.fault is not None:
            return item.fault.title[:LONGEST_TITLE]
        return _case_title(item.case) if item.case is not None else ""


def is_ready(item: AgendaItem) -> bool:
    """Whether the group can take it up: the office has written what happens, and what they are to decide."""
    return item.described_at is not None and says_enough(item.what, item.proposed)


def says_enough(what: str, proposed: str) -> bool:
    return bool(what.strip() and proposed.strip())


def proposed_texts(item: AgendaItem) -> Texts:
    """For a case only what the office has written to be shared; a decision is never proposed by us."""
    with force_locale(DOCUMENT_LOCALE):
        if item.fault is not None:
            fault = item.fault
            case_ids = _cases_of(fault)
            return Texts(
                title_of(item),
                fault.what_happens,
                often_sentence(_count(case_ids)),
                _parties(fault.let_go, fault.should_catch),
                _tried(case_ids, fault.id),
                "",
            )
        case = item.case
        if case is None:
            return Texts("", "", "", "", "", "")
        return Texts(
            title_of(item),
            case.shared_summary or "",
            often_sentence(_count([case.id])),
            _parties(case.reporting_organisation, case.concerned_organisation),
            _tried([case.id]),
            "",
        )


def often_sentence(count: Count) -> str:
    """`4 anmälningar sedan mars 2026. Dessutom har 2 till sagt att det hände hos dem.`"""
    if not count.reports or count.since is None:
        return str(_("Ingen anmälan är kopplad ännu."))
    month = format_date(count.since, "MMMM y")
    said = ngettext("En anmälan, från %(month)s.", "%(num)d anmälningar sedan %(month)s.", count.reports, month=month)
    if not count.occurrences:
        return str(said)
    more = ngettext(
        "Dessutom har en till berättat att det hände hos dem.",
        "Dessutom har %(num)d till berättat att det hände hos dem.",
        count.occurrences,
    )
    return f"{said} {more}"


def _case_title(case: Case) -> str:
    name = case.theme.label if case.theme else str(_("Ett ärende"))
    whom = case.concerned_organisation.name if case.concerned_organisation else ""
    return (f"{name}: {whom}" if whom else name)[:LONGEST_TITLE]


def _parties(first: Organisation | None, second: Organisation | None) -> str:
    names = list(dict.fromkeys(one.name for one in (first, second) if one is not None))
    if len(names) < 2:
        return "".join(names)
    return str(_("%(one)s och %(other)s", one=names[0], other=names[1]))


def _cases_of(fault: Fault) -> list[int]:
    query = select(FaultCase.case_id).where(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_(None))
    return list(db.session.scalars(query.order_by(FaultCase.case_id)))


def _count(case_ids: Iterable[int]) -> Count:
    ids = set(case_ids)
    reports, since = db.session.execute(
        select(func.count(Case.id), func.min(Case.received_on)).where(Case.id.in_(ids))
    ).one()
    counted = select(func.count(Occurrence.id)).where(Occurrence.case_id.in_(ids))
    return Count(reports, db.session.scalar(counted) or 0, since)


def _tried(case_ids: Iterable[int], fault_id: int | None = None) -> str:
    """One line for each action that was carried out because of the cases or the fault, the earliest first."""
    of_cases = select(ActionCase.action_id).where(ActionCase.case_id.in_(set(case_ids)))
    of_fault = select(ActionFault.action_id).where(ActionFault.fault_id == fault_id)
    query = (
        select(Action)
        .where(Action.status == ActionStatus.DONE, or_(Action.id.in_(of_cases), Action.id.in_(of_fault)))
        .options(joinedload(Action.type))
        .order_by(Action.action_on, Action.id)
        .limit(MOST_TRIED)
    )
    return "\n".join(_tried_line(action) for action in db.session.scalars(query))


def _tried_line(action: Action) -> str:
    name = action.type.label if action.type else str(_("Åtgärd"))
    when = f" ({format_date(action.action_on, 'MMMM y')})" if action.action_on else ""
    words = action.done_what or action.description
    return f"{name}{when}: {words}" if words else f"{name}{when}"
