"""The coordinator's start page: what the office has to do, what is late, what is new, and what others are to do.

What has to be done is told by kind, the most urgent first, since ten cases of one kind are one piece of work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor
from lexheller.actions import queries as actions
from lexheller.cases.dialogue import Occurrence, Question
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework.handing_over import offered_to
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.labels import Left, left_in
from lexheller.desk.counting import Attention, attention, waiting_at
from lexheller.desk.queries import first_rows
from lexheller.desk.rules import COUNT_LIMIT, Only, QueueFilter, capped
from lexheller.desk.sections import (
    MOST_LINES,
    Line,
    Section,
    case_href,
    case_line,
    overdue_section,
    queue_href,
    short_day,
)
from lexheller.desk.waiting import lines_from_above
from lexheller.meetings.labels import days_left, group_name, when
from lexheller.meetings.queries import item_counts, next_meeting, not_ended
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import answerable_unit_ids, units

NEW_DAYS = 7
MATERIAL_SHOWN_DAYS = 21


def sections(actor: Actor, federation: Federation) -> list[Section]:
    """The office's four sections."""
    counts, left = attention(actor, federation.id), left_in(federation.id)
    late = first_rows(actor, federation.id, QueueFilter(only=Only.OVERDUE), MOST_LINES)
    back, again = happened_again(federation)
    return [
        Section(
            _("Det här behöver dig nu"),
            [
                *_stuck(counts, federation.slug),
                *offer_lines(actor, federation),
                *back,
                *_to_do(counts, federation.slug),
                *action_lines(actor, federation),
                *meeting_lines(actor, federation),
                *lines_from_above(actor, federation),
                *_units_without_anybody(federation),
            ],
            queue_href(federation.slug, only=Only.RUNNING),
            _("Alla pågående ärenden"),
            empty=_("Inget väntar på dig just nu. Bra jobbat!"),
            first=True,
        ),
        overdue_section(federation.slug, late, left),
        new_section(actor, federation, [*_replies(federation), *again], left),
        others_section(counts, federation.slug),
    ]


def new_section(actor: Actor, federation: Federation, before: list[Line], left: Left) -> Section:
    """What came in during the last days."""
    since = clock.today() - timedelta(days=NEW_DAYS)
    rows = first_rows(actor, federation.id, QueueFilter(received_from=since), MOST_LINES)
    return Section(
        _("Nytt"),
        [*before, *(case_line(federation.slug, row, left) for row in rows)][:MOST_LINES],
        queue_href(federation.slug, **{"from": since.isoformat()}),
        _("Allt som har kommit in den senaste veckan"),
        empty=_("Inget nytt den senaste veckan."),
    )


def others_section(counts: Attention, slug: str) -> Section:
    """How much lies with others, and in time."""
    lines = [
        _counted(
            counts.with_units,
            lambda n: ngettext(
                "Ett svar väntas från en enhet", "%(number)s svar väntas från enheter", n, number=capped(n)
            ),
            queue_href(slug, sort="due"),
        ),
        _counted(
            counts.paused,
            lambda n: ngettext(
                "Ett uppdrag står stilla medan anmälaren tillfrågas",
                "%(number)s uppdrag står stilla medan anmälaren tillfrågas",
                n,
                number=capped(n),
            ),
            queue_href(slug, only=Only.PAUSED),
        ),
        _counted(
            counts.offered_out,
            lambda n: ngettext(
                "Ett ärende är erbjudet till ett annat förbund",
                "%(number)s ärenden är erbjudna till andra förbund",
                n,
                number=capped(n),
            ),
            queue_href(slug, only=Only.OFFERED),
        ),
    ]
    return Section(
        _("Väntar på andra"), [line for line in lines if line is not None], empty=_("Ingen annan har något att göra.")
    )


def meeting_lines(actor: Actor, federation: Federation) -> list[Line]:
    """Meetings that nobody has ended, and the next one when its material is due soon."""
    return [*_not_ended(actor, federation), *_material_due(actor, federation)]


def _not_ended(actor: Actor, federation: Federation) -> list[Line]:
    """What stands on them goes nowhere until somebody writes down what was decided."""
    left_open = not_ended(actor, federation.id)
    lines = [
        Line(
            _("Mötet har varit men är inte avslutat – skriv in besluten eller flytta punkterna"),
            url_for("meetings.show", federation=federation.slug, meeting_id=meeting.id),
            note=_("%(group)s, möte %(when)s.", group=group_name(meeting.group), when=when(meeting)),
            late=True,
        )
        for meeting in left_open[:MOST_LINES]
    ]
    others = _counted(
        max(0, len(left_open) - MOST_LINES),
        lambda n: ngettext("Ett möte till är inte avslutat", "%(num)d möten till är inte avslutade", n),
        url_for("meetings.index", federation=federation.slug),
        late=True,
    )
    return [*lines, others] if others else lines


def _material_due(actor: Actor, federation: Federation) -> list[Line]:
    meeting, today = next_meeting(actor, federation.id), clock.today()
    if meeting is None or meeting.material_sent_at is not None:
        return []
    if not today <= meeting.material_due_on <= today + timedelta(days=MATERIAL_SHOWN_DAYS):
        return []
    left = days_left(meeting.material_due_on, today)
    on_it = item_counts([meeting]).get(meeting.id, 0)
    return [
        Line(
            _("Underlaget till mötet ska vara klart %(left)s", left=left),
            url_for("meetings.show", federation=federation.slug, meeting_id=meeting.id),
            note=_("%(group)s, möte %(when)s.", group=group_name(meeting.group), when=when(meeting))
            + " "
            + ngettext("En punkt på dagordningen.", "%(num)d punkter på dagordningen.", on_it),
        )
    ]


def action_lines(actor: Actor, federation: Federation) -> list[Line]:
    """Actions that were not done in time, and those whose effect is to be judged by now; counted in one query."""
    late, to_judge = actions.counted(
        actions.late_ones(actor, federation.id), actions.to_judge(actor, federation.id), most=COUNT_LIMIT
    )
    lines = [
        _counted(
            late,
            lambda n: ngettext("En åtgärd är försenad", "%(number)s åtgärder är försenade", n, number=capped(n)),
            url_for("improvement.actions", federation=federation.slug, only="late"),
            late=True,
        ),
        _counted(
            to_judge,
            lambda n: ngettext(
                "Effekt att bedöma: hjälpte åtgärden?",
                "Effekt att bedöma av %(number)s åtgärder",
                n,
                number=capped(n),
            ),
            url_for("improvement.actions", federation=federation.slug, only="to_judge"),
        ),
    ]
    return [line for line in lines if line is not None]


def _stuck(counts: Attention, slug: str) -> list[Line]:
    line = _counted(
        counts.parked,
        lambda n: ngettext(
            "En uppgift i systemet har fastnat", "%(number)s uppgifter i systemet har fastnat", n, number=capped(n)
        ),
        queue_href(slug) + "#fastnat",
        late=True,
    )
    return [line] if line is not None else []


def offer_lines(actor: Actor, federation: Federation) -> list[Line]:
    """Cases that other federations offer, for whoever may read them: each is a decision of its own."""
    offers = offered_to(actor, federation.id)
    lines = [
        Line(
            _("%(federation)s vill lämna över ett ärende till er", federation=offer.federation.name),
            url_for("handovers.show", federation=federation.slug, handover_id=offer.id),
            note=_("Erbjudet %(day)s", day=short_day(offer.offered_at)),
        )
        for offer in offers[:MOST_LINES]
    ]
    others = _counted(
        max(0, len(offers) - MOST_LINES),
        lambda n: ngettext("Ett erbjudet ärende till", "%(num)d erbjudna ärenden till", n),
        url_for("handovers.index", federation=federation.slug),
    )
    return [*lines, others] if others else lines


def _to_do(counts: Attention, slug: str) -> list[Line]:
    lines = [
        _counted(
            counts.held,
            lambda n: ngettext(
                "En text väntar på granskning", "%(number)s ärenden väntar på granskning", n, number=capped(n)
            ),
            queue_href(slug, only=Only.HELD),
            _("Någon kanske kan kännas igen. Ingen annan ser texten förrän du har tittat."),
        ),
        _counted(
            counts.not_solved,
            lambda n: ngettext(
                "En anmälare skriver att det inte är löst",
                "%(number)s anmälare skriver att det inte är löst",
                n,
                number=capped(n),
            ),
            queue_href(slug, only=Only.NOT_SOLVED),
        ),
        _counted(
            counts.not_better,
            lambda n: ngettext(
                "En anmälare skriver att det inte blev helt bra",
                "%(number)s anmälare skriver att det inte blev helt bra",
                n,
                number=capped(n),
            ),
            queue_href(slug, only=Only.NOT_BETTER),
            _("Ärendena är avslutade. Läs svaret, och öppna ärendet igen om felet är kvar."),
        ),
        _counted(
            counts.returned,
            lambda n: ngettext(
                "Ett ärende är skickat tillbaka av en enhet",
                "%(number)s ärenden är skickade tillbaka av en enhet",
                n,
                number=capped(n),
            ),
            queue_href(slug, only=Only.RETURNED),
        ),
        _counted(
            counts.unrouted,
            lambda n: ngettext("Ett ärende ligger hos dig", "%(number)s ärenden ligger hos dig", n, number=capped(n)),
            queue_href(slug, status=CaseStatus.UNROUTED),
            _("Ingen enhet svarar än. Skicka vidare eller avsluta."),
        ),
        _counted(
            counts.collected,
            lambda n: ngettext(
                "Alla har svarat i ett ärende: skriv det gemensamma svaret",
                "Alla har svarat i %(number)s ärenden: skriv de gemensamma svaren",
                n,
                number=capped(n),
            ),
            queue_href(slug, status=CaseStatus.COLLECTED),
        ),
        _counted(
            counts.answered,
            lambda n: ngettext(
                "Ett besvarat ärende att avsluta", "%(number)s besvarade ärenden att avsluta", n, number=capped(n)
            ),
            queue_href(slug, status=CaseStatus.ANSWERED),
        ),
        _counted(
            counts.proposals,
            lambda n: ngettext(
                "Ett ärende har förslag från en chef", "%(number)s förslag från chefer", n, number=capped(n)
            ),
            queue_href(slug, only=Only.PROPOSALS),
        ),
        _counted(
            counts.in_doubt,
            lambda n: ngettext(
                "Ett infört ärende har frågetecken", "%(number)s införda ärenden har frågetecken", n, number=capped(n)
            ),
            queue_href(slug, only=Only.IN_DOUBT),
        ),
    ]
    return [line for line in lines if line is not None]


def _replies(federation: Federation) -> list[Line]:
    """Reporters' replies to the office's own questions of the last days."""
    since = clock.now() - timedelta(days=NEW_DAYS)
    query = (
        select(Question, Case)
        .join(Case, Case.id == Question.case_id)
        .where(
            Question.federation_id == federation.id,
            Question.replied_at > since,
            Question.duty_id.is_(None),
            Case.status != CaseStatus.CLOSED,
        )
        .order_by(Question.replied_at.desc(), Question.id.desc())
        .options(joinedload(Case.report))
        .limit(2)
    )
    return [
        Line(
            _("%(number)s: anmälaren har svarat på er fråga", number=case.number),
            case_href(federation.slug, case.id),
            note=_("Svaret kom %(day)s", day=short_day(question.replied_at)),
        )
        for question, case in db.session.execute(query)
    ]


def happened_again(federation: Federation) -> tuple[list[Line], list[Line]]:
    """What others wrote of the last days that happened to them too: of closed cases, and of those that run."""
    since = clock.today() - timedelta(days=NEW_DAYS)
    latest = (
        select(Occurrence.case_id, func.count().label("times"), func.max(Occurrence.received_on).label("last"))
        .where(Occurrence.federation_id == federation.id, Occurrence.received_on >= since, Occurrence.held_at.is_(None))
        .group_by(Occurrence.case_id)
        .order_by(func.max(Occurrence.received_at).desc())
        .limit(MOST_LINES)
        .subquery()
    )
    found = select(Case, latest.c.times, latest.c.last).join(latest, latest.c.case_id == Case.id)
    closed: list[Line] = []
    running: list[Line] = []
    for case, times, last in db.session.execute(found.order_by(latest.c.last.desc(), Case.id.desc())):
        kind = closed if case.status == CaseStatus.CLOSED else running
        kind.append(_again(federation.slug, case, times, last))
    return closed, running


def _again(slug: str, case: Case, times: int, last: date) -> Line:
    text = ngettext(
        "%(number)s: det hände en gång till", "%(number)s: det hände %(num)d gånger till", times, number=case.number
    )
    note = _("Senast %(day)s. Läs under Hände också.", day=short_day(last))
    if case.status == CaseStatus.CLOSED:
        note += " " + _("Ärendet är avslutat. Är felet tillbaka kan du öppna det igen.")
    return Line(text, case_href(slug, case.id), note=note)


def _units_without_anybody(federation: Federation) -> list[Line]:
    """Those where answers are waited for come first, with the way to them."""
    answerable = answerable_unit_ids(federation.id, clock.today())
    missing = [unit for unit in units(federation.id) if unit.id not in answerable]
    lines = [
        _counted(
            waiting_at({unit.id for unit in missing}),
            lambda n: ngettext(
                "Ett ärende väntar hos en enhet utan ansvarig chef",
                "%(number)s ärenden väntar hos enheter utan ansvarig chef",
                n,
                number=capped(n),
            ),
            url_for("administration.index", federation=federation.slug),
            _("Ingen där får påminnelserna. Skriv in vem som är ansvarig, eller skicka ärendet till en annan enhet."),
            late=True,
        ),
        _counted(
            len(missing),
            lambda n: ngettext("En enhet saknar ansvarig chef", "%(num)d enheter saknar ansvarig chef", n),
            url_for("administration.index", federation=federation.slug),
            ", ".join(unit.name for unit in missing[:3]) + (" …" if len(missing) > 3 else ""),
        ),
    ]
    return [line for line in lines if line is not None]


def _counted(count: int, words: Callable[[int], str], href: str, note: str = "", *, late: bool = False) -> Line | None:
    return Line(str(words(count)), href, note=note, late=late) if count else None
