"""Whom a fault's news can reach: the reporters of the cases that show it, by mail, on the receipt page, or not at all.

Nobody is named. The words proposed for each are in the language in which the reporter wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select

from lexheller.accounts.rights import Actor
from lexheller.cases.dialogue import Handover
from lexheller.cases.models import Case, Duty, Report, ReporterContact
from lexheller.cases.states import LIVE, CaseStatus
from lexheller.casework.asking import can_be_asked
from lexheller.core.db import db
from lexheller.faults.models import Fault, FaultCase, FaultNews
from lexheller.faults.permissions import sees_all
from lexheller.faults.queries import links_of
from lexheller.faults.states import OVER, FaultStatus


class Reach(StrEnum):
    """PAGE: no address was left, so the news is only on the receipt page. THROUGH: hears it with the case that theirs
    was merged into. NOBODY: neither code nor address, as for rows of a spreadsheet.
    """

    MAIL = "mail"
    PAGE = "page"
    THROUGH = "through"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reporter of one case that shows the fault is reached, and whether something was told already."""

    case_id: int
    number: str
    received_at: datetime
    reach: Reach
    told: bool

    @property
    def can_be_told(self) -> bool:
        return self.reach in {Reach.MAIL, Reach.PAGE}


@dataclass(frozen=True, slots=True)
class Listener:
    """A case that shows the fault, how its reporter is reached, and the words to begin with. `told`: the last news."""

    link: FaultCase
    reach: Reach
    text: str
    live_duties: int
    told: FaultNews | None

    @property
    def case(self) -> Case:
        return self.link.case

    @property
    def can_be_told(self) -> bool:
        return self.reach in {Reach.MAIL, Reach.PAGE}

    @property
    def may_close(self) -> bool:
        return self.case.status != CaseStatus.CLOSED


def standings(actor: Actor, fault: Fault) -> list[Standing]:
    """Every case that shows the fault, in the order they came in; none for somebody who does not see all cases.

    Three questions, whatever the number; a case that was handed over from elsewhere may take some more.
    """
    if not sees_all(actor, fault.federation_id):
        return []
    rows = db.session.execute(_told_apart(fault)).all()
    own = _own_reach(rows)
    heard = set(db.session.scalars(select(FaultNews.case_id).where(FaultNews.fault_id == fault.id).distinct()))
    return [
        Standing(row.id, row.number, row.received_at, _reach(row.id, row.merged_into_id, own), row.id in heard)
        for row in rows
    ]


def listeners(actor: Actor, fault: Fault, among: Collection[int] | None = None) -> list[Listener]:
    """The cases whole, or those `among` them, in the same order. Queries do not grow with them."""
    every = standings(actor, fault)
    reach = {one.case_id: one.reach for one in every if among is None or one.case_id in among}
    if not reach:
        return []
    waiting, told = _live_duties(reach), _latest_news(fault, reach)
    return [
        Listener(
            link,
            reach[link.case_id],
            proposed_text(fault, link.case, len(every)),
            waiting.get(link.case_id, 0),
            told.get(link.case_id),
        )
        for link in links_of(fault, reach)
        if link.case_id in reach
    ]


def proposed_text(fault: Fault, case: Case, count: int) -> str:
    """What the office may send as it stands: that others met the same, what was decided or came of it, and thanks."""
    with force_locale(case.report.locale):
        began = (
            _("Det du anmälde har hänt fler. Vi har samlat anmälningarna för att rätta till felet en gång för alla.")
            if count > 1
            else _("Det du anmälde handlar om mer än en enskild händelse. Vi arbetar med felet för sig.")
        )
        return "\n\n".join([began, _what_is_new(fault), _("Tack för att du berättade.")])


def _what_is_new(fault: Fault) -> str:
    if FaultStatus(fault.status) in OVER:
        return str(_("Så här blev det: %(text)s", text=fault.ending or ""))
    if fault.decision:
        return str(_("Det här är beslutat: %(text)s", text=fault.decision))
    return str(_("Vi berättar mer när vi vet hur det går."))


def _told_apart(fault: Fault) -> Select[*tuple[Any, ...]]:
    """What tells how each reporter is reached, and no more of the cases."""
    return (
        select(
            Case.id,
            Case.number,
            Case.received_at,
            Case.merged_into_id,
            Report.receipt_code_hash.is_not(None).label("has_code"),
            (ReporterContact.report_id.is_not(None) & ReporterContact.revoked_at.is_(None)).label("has_address"),
        )
        .join(FaultCase, FaultCase.case_id == Case.id)
        .join(Report, Report.id == Case.report_id)
        .outerjoin(ReporterContact, ReporterContact.report_id == Case.report_id)
        .where(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_(None))
        .order_by(Case.received_at, Case.id)
    )


def _own_reach(rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, Reach]:
    """Without regard to what was merged. The code of a report that was handed over here leads on to its case here."""
    bare = [row.id for row in rows if not row.has_code and not row.has_address]
    handed = select(Case).join(Handover, Handover.new_case_id == Case.id).where(Case.id.in_(bare))
    led_here = {case.id for case in db.session.scalars(handed) if can_be_asked(case)} if bare else set()
    return {
        row.id: Reach.MAIL if row.has_address else Reach.PAGE if row.has_code or row.id in led_here else Reach.NOBODY
        for row in rows
    }


def _reach(case_id: int, merged_into_id: int | None, own: Mapping[int, Reach]) -> Reach:
    """Through the case of the same event where that one can be told itself."""
    through = merged_into_id is not None and own.get(merged_into_id, Reach.NOBODY) is not Reach.NOBODY
    return Reach.THROUGH if through else own[case_id]


def _latest_news(fault: Fault, case_ids: Collection[int]) -> dict[int, FaultNews]:
    query = select(FaultNews).where(FaultNews.fault_id == fault.id, FaultNews.case_id.in_(case_ids))
    return {news.case_id: news for news in db.session.scalars(query.order_by(FaultNews.told_at, FaultNews.id))}


def _live_duties(case_ids: Collection[int]) -> dict[int, int]:
    """How many are still to answer each case."""
    query = select(Duty.case_id, func.count(Duty.id).label("waiting")).where(
        Duty.case_id.in_(case_ids), Duty.status.in_(LIVE)
    )
    return {row.case_id: row.waiting for row in db.session.execute(query.group_by(Duty.case_id))}
