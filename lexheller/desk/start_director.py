"""The director's start page: what is late or was escalated, how fast answers come, the next meeting, the report."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, Right
from lexheller.cases.models import Case, Duty
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.labels import Left, left_in
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.schedule import ESCALATIONS
from lexheller.desk.counting import attention
from lexheller.desk.indexes import is_live
from lexheller.desk.narrowing import is_late
from lexheller.desk.queries import first_rows
from lexheller.desk.rules import Only, QueueFilter
from lexheller.desk.sections import (
    MOST_LINES,
    Line,
    Section,
    case_href,
    overdue_section,
    queue_href,
    short_day,
    subject,
)
from lexheller.desk.start_office import (
    action_lines,
    happened_again,
    meeting_lines,
    new_section,
    offer_lines,
    others_section,
)
from lexheller.desk.waiting import lines_from_above
from lexheller.organisations.models import Federation

SAMPLE = 500


def sections(actor: Actor, federation: Federation) -> list[Section]:
    """The director's four sections and the answer times."""
    slug, left = federation.slug, left_in(federation.id)
    back, again = happened_again(federation)
    return [
        Section(
            _("Det här behöver dig nu"),
            [
                *_escalated(federation, left),
                *offer_lines(actor, federation),
                *lines_from_above(actor, federation),
                *action_lines(actor, federation),
                *meeting_lines(actor, federation),
            ],
            queue_href(slug, only=Only.OVERDUE),
            _("Alla försenade"),
            empty=_("Inget väntar på dig just nu."),
            first=True,
        ),
        overdue_section(slug, first_rows(actor, federation.id, QueueFilter(only=Only.OVERDUE), MOST_LINES), left),
        new_section(actor, federation, [*back, *again], left),
        others_section(attention(actor, federation.id), slug),
        Section(_("Året hittills"), [*_answer_times(federation), *_report(actor, federation)]),
    ]


def _escalated(federation: Federation, left: Left) -> list[Line]:
    """Answers that are so late that somebody above the responsible manager was told."""
    fired = exists().where(DueStep.duty_id == Duty.id, DueStep.step.in_(ESCALATIONS), DueStep.fired_at.is_not(None))
    query = (
        select(Duty)
        .where(Duty.federation_id == federation.id, is_live(), is_late(Duty), fired)
        .order_by(Duty.due_on, Duty.id)
        .options(joinedload(Duty.unit), joinedload(Duty.case).joinedload(Case.report))
    )
    return [
        Line(
            f"{duty.case.number}: {subject(duty.case.report.what_happened)}",
            case_href(federation.slug, duty.case_id),
            _(
                "%(unit)s, senast %(day)s: %(left)s",
                unit=duty.unit.name,
                day=short_day(duty.due_on),
                left=left(duty.due_on),
            ),
            _("Eskalerat"),
            late=True,
        )
        for duty in db.session.scalars(query.limit(MOST_LINES))
    ]


def _answer_times(federation: Federation) -> list[Line]:
    """The median, which one very late answer does not move, of this year beside last year."""
    year = clock.local_year()
    this, last = median_days(federation.id, year), median_days(federation.id, year - 1)
    if this is None:
        return []
    text = (
        ngettext("Hälften av svaren kom inom %(num)d dag", "Hälften av svaren kom inom %(num)d dagar", this)
        if this
        else _("Hälften av svaren kom samma dag")
    )
    before = _last_year(last) if last is not None else ""
    note = _("Räknat i kalenderdagar från anmälan till svar.")
    return [Line(text, queue_href(federation.slug, status="answered"), f"{before} {note}".strip())]


def _last_year(days: int) -> str:
    if not days:
        return str(_("Förra året: samma dag."))
    return str(ngettext("Förra året: %(num)d dag.", "Förra året: %(num)d dagar.", days))


def median_days(federation_id: int, year: int) -> int | None:
    """Calendar days from report to answer in the middle of the year's last SAMPLE answers; None without any."""
    query = (
        select(Case.received_on, Case.answered_on)
        .where(Case.federation_id == federation_id, Case.answered_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Case.answered_on.desc(), Case.received_on.desc())
        .limit(SAMPLE)
    )
    rows = db.session.execute(query)
    days = [max(answered_on - received_on, timedelta(0)).days for received_on, answered_on in rows if answered_on]
    return round(median(days)) if days else None


def _report(actor: Actor, federation: Federation) -> list[Line]:
    if not actor.may(Right.SEE_ACTION_REPORT, federation.id):
        return []
    year = clock.local_year()
    return [
        Line(
            _("Åtgärdsrapporten för %(year)d", year=year),
            url_for("action_reports.show", federation=federation.slug, year=year),
            _("Så ser den ut med det som har hänt hittills."),
        )
    ]
