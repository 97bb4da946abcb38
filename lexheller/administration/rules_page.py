"""What the pages of the rules show: sentences, remarks, trial figures. Built here, drawn by the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.administration.rules_queries import past_cases
from lexheller.administration.rules_trial import Change, Outcome, Trial, try_rules
from lexheller.core import clock
from lexheller.organisations.models import OrganisationKind
from lexheller.organisations.queries import answerable_unit_ids, organisations
from lexheller.routing.contents import RuleDraft
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.queries import as_rule, rows_of, set_in_use
from lexheller.routing.review import Remark, review, without_catch_all
from lexheller.routing.words import Names, names_for, sentence

TRIED_DAYS = 730
MOST_TRIED = 2000
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it is read: its place, what it fits, where it sends, what is odd about it."""

    id: int
    position: int
    sentence: str
    unit: str
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    case_id: int
    number: str
    received_on: date
    before: str
    after: str
    answered: str


def rules_context(federation_id: int, rule_set: RuleSet | None) -> dict[str, Any]:
    """The rules of a set as sentences in order, with what is odd about them."""
    rows = rows_of(rule_set.id) if rule_set else []
    return _told(federation_id, rows, names_for(rows))


def draft_context(federation_id: int, draft: RuleSet) -> dict[str, Any]:
    return {"draft": draft, "unchanged": _unchanged(federation_id, draft), **rules_context(federation_id, draft)}


def trial_context(actor: Actor, federation_id: int, draft: RuleSet) -> dict[str, Any]:
    """The draft tried on the past two years' reports, at most the newest MOST_TRIED."""
    in_use = set_in_use(federation_id)
    before, after = rows_of(in_use.id) if in_use else [], rows_of(draft.id)
    answerable = answerable_unit_ids(federation_id, clock.today())
    since = clock.today() - timedelta(days=TRIED_DAYS)
    cases, more = past_cases(actor, federation_id, since, most=MOST_TRIED)
    trial = try_rules(
        [as_rule(row) for row in before], [as_rule(row) for row in after], cases, answerable_units=answerable
    )
    shown = trial.changed[:MOST_SHOWN]
    names = names_for(after, _units_in(shown))
    return {
        "draft": draft,
        "unchanged": _same(before, after),
        "trial": trial,
        "tiles": _tiles(trial),
        "since": since,
        "more": more,
        "most": MOST_TRIED,
        "changed": [_changed_row(outcome, names) for outcome in shown],
        **_told(federation_id, after, names),
    }


def _told(federation_id: int, rows: Sequence[RoutingRule], names: Names) -> dict[str, Any]:
    rules = [as_rule(row) for row in rows]
    answerable = answerable_unit_ids(federation_id, clock.today())
    remarks = review(rules, answerable_units=answerable)
    members = {
        member.id: member.name for member in organisations(federation_id) if member.kind != OrganisationKind.ACTIVITY
    }
    return {
        "lines": [_line(row, names, remarks) for row in rows],
        "uncaught": [members[found] for found in without_catch_all(rules, list(members), answerable_units=answerable)],
    }


def _line(row: RoutingRule, names: Names, remarks: Mapping[int, Sequence[Remark]]) -> Line:
    return Line(
        id=row.id,
        position=row.position,
        sentence=sentence(row, names),
        unit=names.units[row.unit_id],
        remarks=[_in_words(remark) for remark in remarks.get(row.id, ())],
    )


def _in_words(remark: Remark) -> str:
    words: dict[str, str] = {
        "nobody_responsible": _("Ingen är ansvarig för enheten just nu. Regeln hoppas över tills någon är det."),
        "duplicate": _("Säger samma sak som regel %(number)s. Ta bort den ena.", number=remark.other),
        "shadowed": _(
            "Kommer aldrig till användning: regel %(number)s tar ärendena först. Flytta upp den här om den ska gälla.",
            number=remark.other,
        ),
    }
    return words[remark.code]


def _tiles(trial: Trial) -> list[tuple[str, int, bool]]:
    """(label, count, whether it asks for a second look)."""
    counts = trial.counts
    return [
        (_("Går till samma som nu"), counts[Change.SAME], False),
        (_("Går till en annan enhet"), counts[Change.OTHER_UNIT], False),
        (_("Får en mottagare, hamnade förut hos samordnaren"), counts[Change.NOW_ROUTED], False),
        (_("Hamnar hos samordnaren, fick förut en mottagare"), counts[Change.TO_COORDINATOR], True),
    ]


def _changed_row(outcome: Outcome, names: Names) -> ChangedRow:
    nobody = _("Samordnaren")
    case = outcome.case
    return ChangedRow(
        case_id=case.id,
        number=case.number,
        received_on=case.received_on,
        before=names.units[outcome.before] if outcome.before else nobody,
        after=names.units[outcome.after] if outcome.after else nobody,
        answered=names.units[case.answered_unit_id] if case.answered_unit_id else "",
    )


def _units_in(outcomes: Sequence[Outcome]) -> set[int]:
    found = {unit for row in outcomes for unit in (row.before, row.after, row.case.answered_unit_id)}
    return {unit for unit in found if unit is not None}


def _unchanged(federation_id: int, draft: RuleSet) -> bool:
    in_use = set_in_use(federation_id)
    return _same(rows_of(in_use.id) if in_use else [], rows_of(draft.id))


def _same(some: Sequence[RoutingRule], others: Sequence[RoutingRule]) -> bool:
    return [RuleDraft.of(row) for row in some] == [RuleDraft.of(row) for row in others]
