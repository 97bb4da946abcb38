"""What the pages about disposal show, gathered: plan in words, a dry run, a proposal with what it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor, Right
from lexheller.core import clock
from lexheller.organisations.models import Federation
from lexheller.records import disposal_queries as queries
from lexheller.records.disposal_labels import COUNTED_FROM, HINDRANCE, KEPT, KIND, STATUS, WHAT_GOES
from lexheller.records.disposal_models import Disposal, DisposalPlan
from lexheller.records.disposal_rules import (
    DECIDED,
    NIGHTLY,
    After,
    DisposalStatus,
    DocumentKind,
    Hindrance,
    Plan,
    Rule,
    nightly_from,
)
from lexheller.statements.queries import details_of

LINKS: Mapping[DocumentKind, tuple[Right, str, str]] = {
    DocumentKind.CASE: (Right.SEE_ALL_CASES, "casework.show", "case_id"),
    DocumentKind.FAULT: (Right.SEE_ALL_CASES, "improvement.fault", "fault_id"),
    DocumentKind.ACTION: (Right.SEE_ALL_CASES, "improvement.action", "action_id"),
    DocumentKind.MEETING: (Right.PREPARE_MEETINGS, "meetings.show", "meeting_id"),
    DocumentKind.RELEASE: (Right.KEEP_RECORDS, "records.release_show", "request_id"),
}
"""By kind: who may see one, the view that shows it, and what its address calls the id."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a plan says of one kind: how long it is kept and on which ground, both empty where it is kept for good."""

    kind: str
    kept: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A version of the plan in words: every kind that it can speak of."""

    row: DisposalPlan
    writer: str
    rules: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """Some of one kind, by the year that they began in."""

    kind: DocumentKind
    label: str
    years: tuple[tuple[int, tuple[Any, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(some) for _year, some in self.years)


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the list."""

    disposal: Disposal
    label: str
    tone: str
    named: int
    gone: int
    moment: datetime


def overview(actor: Actor, federation: Federation) -> dict[str, Any]:
    rows, counts = queries.disposals(actor, federation.id), queries.counts_of(federation.id)
    plan = queries.plan_in_force(federation.id)
    rules = queries.contents_of(plan).rules if plan is not None else {}
    return {
        "plan": plan_shown(plan) if plan is not None else None,
        "kept": KEPT.values(),
        "differs": address_differs(federation.id),
        "nightly_waits": nightly_waits(plan, rules) if plan is not None else None,
        "due": [
            (KIND[kind], len(queries.due_ids(federation.id, kind, clock.today()))) for kind in DECIDED if kind in rules
        ],
        "under_way": next((row(each, counts) for each in rows if each.ended_at is None), None),
        "over": [row(each, counts) for each in rows if each.ended_at is not None],
    }


def nightly_waits(plan: DisposalPlan, rules: Iterable[DocumentKind]) -> date | None:
    """From which day what goes at night follows the plan, where that day has not come."""
    begins = nightly_from(plan.written_at, plan.wait_days)
    waits = begins > clock.now() and any(kind in NIGHTLY for kind in rules)
    return clock.day_of(begins) if waits else None


def row(disposal: Disposal, counts: dict[int, tuple[int, int]]) -> Row:
    label, tone = STATUS[DisposalStatus(disposal.status)]
    named, gone = counts.get(disposal.id, (0, 0))
    return Row(
        disposal, str(label), tone, named, gone, disposal.ended_at or disposal.decided_at or disposal.proposed_at
    )


def address_differs(federation_id: int) -> tuple[int, int | None] | None:
    """What plan and open statement say of the reporter's address, where they do not say the same."""
    rule = queries.rule_in_force(federation_id, DocumentKind.REPORTER)
    said = details_of(federation_id).reporter_days
    return (rule.kept, said) if rule is not None and rule.kept != said else None


def plan_shown(plan: DisposalPlan) -> PlanShown:
    rules = queries.contents_of(plan).rules
    spoken = tuple(_spoken(kind, rules.get(kind)) for kind in DocumentKind)
    return PlanShown(plan, names_of({plan.written_by_user_id}).get(plan.written_by_user_id, ""), spoken)


def _spoken(kind: DocumentKind, rule: Rule | None) -> Spoken:
    return Spoken(str(KIND[kind]), how_long(kind, rule), rule.ground) if rule is not None else Spoken(str(KIND[kind]))


def how_long(kind: DocumentKind, rule: Rule) -> str:
    if kind not in DECIDED:
        kept = ngettext("%(num)d dag", "%(num)d dagar", rule.kept)
    else:
        kept = ngettext("%(num)d år", "%(num)d år", rule.kept)
    if rule.after is After.YEAR_END:
        return str(_("%(kept)s efter slutet av det år då %(what)s", kept=kept, what=COUNTED_FROM[kind]))
    return str(_("%(kept)s efter att %(what)s", kept=kept, what=COUNTED_FROM[kind]))


def begun_with(federation_id: int) -> dict[str, Any]:
    """What the form for a new version begins with: the plan in force."""
    plan = queries.plan_in_force(federation_id)
    if plan is None:
        return {"version": 0, "reporter_kept": None}
    contents: Plan = queries.contents_of(plan)
    values: dict[str, Any] = {
        "version": plan.version,
        "decision": contents.decision,
        "adopted_on": contents.adopted_on,
        "adopted_by": contents.adopted_by,
        "wait_days": contents.wait_days,
    }
    for kind, rule in contents.rules.items():
        values |= {f"{kind}_kept": rule.kept, f"{kind}_ground": rule.ground, f"{kind}_after": str(rule.after)}
    return values


def asked(federation_id: int) -> dict[str, Any]:
    """What the form asks about each kind, and what is always kept."""
    return {
        "kinds": [(kind, KIND[kind], WHAT_GOES[kind], kind in DECIDED) for kind in DocumentKind],
        "kept": KEPT.values(),
        "said": details_of(federation_id).reporter_days,
    }


def dry_run(actor: Actor, federation: Federation, as_of: date) -> dict[str, Any]:
    found = queries.dry_run(actor, federation.id, as_of)
    return {
        "going": by_kind(found.going),
        "staying": by_kind(found.staying),
        "count": len(found.going),
        "words": HINDRANCE,
        "links": links(actor, federation.id),
        "may_propose": as_of <= clock.today() and bool(found.going) and queries.under_way(federation.id) is None,
        "waits": queries.under_way(federation.id),
    }


def one(actor: Actor, disposal: Disposal) -> dict[str, Any]:
    """Everything the page, the preview and the protocol show of a proposal."""
    items = queries.items_of(disposal)
    people = {disposal.proposed_by_user_id, disposal.decided_by_user_id, disposal.called_off_by_user_id} - {None}
    names = names_of({user_id for user_id in people if user_id is not None})
    label, tone = STATUS[DisposalStatus(disposal.status)]
    return {
        "disposal": disposal,
        "plan": plan_shown(disposal.plan),
        "status": label,
        "tone": tone,
        "kinds": by_kind(items),
        "links": links(actor, disposal.federation_id),
        "items": items,
        "gone": [item for item in items if item.disposed_at is not None],
        "left": [
            (item, KIND[DocumentKind(item.kind)], HINDRANCE[Hindrance(item.left_why)])
            for item in items
            if item.left_why is not None
        ],
        "goes": WHAT_GOES,
        "names": names,
        "may_decide": disposal.status == DisposalStatus.PROPOSED and actor.user_id != disposal.proposed_by_user_id,
        "own": actor.user_id == disposal.proposed_by_user_id,
        "may_call_off": disposal.ended_at is None and not queries.has_begun(disposal),
    }


def links(actor: Actor, federation_id: int) -> dict[DocumentKind, tuple[str, str]]:
    """By kind that they may look at: the view, and what its address calls the id."""
    return {kind: (view, name) for kind, (right, view, name) in LINKS.items() if actor.may(right, federation_id)}


def by_kind(items: Iterable[Any]) -> list[OfKind]:
    """In the order in which they are deleted."""
    known = list(items)
    return [
        OfKind(kind, str(KIND[kind]), _years([item for item in known if item.kind == kind]))
        for kind in DECIDED
        if any(item.kind == kind for item in known)
    ]


def _years(items: list[Any]) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    years = sorted({item.year for item in items})
    return tuple((year, tuple(item for item in items if item.year == year)) for year in years)
