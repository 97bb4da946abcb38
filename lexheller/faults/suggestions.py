"""Earlier cases and known faults that may be about the same thing as a case, each with what speaks for it.

For those who see every case of the federation; others get none. Words are shown as they were written; cases by the
office's own summary where there is one. What is linked to a fault of the case already, or merged, is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import load_only

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case, Report
from lexheller.cases.search import terms_of
from lexheller.core.db import db
from lexheller.faults import candidates
from lexheller.faults.alike import (
    MOST_CASES,
    MOST_FAULTS,
    Likeness,
    Sketch,
    Weights,
    likeness,
    ranked,
    sketch_of,
    weights_of,
    worth_showing,
)
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.permissions import sees_all
from lexheller.faults.queries import MOST_CHOICES, faults_to_choose
from lexheller.faults.wording import Spoken, beginning_of, spoken

WORDS_SHOWN = 4
COMPARED = (
    Case.report_id,
    Case.number,
    Case.shared_summary,
    Case.reporting_organisation_id,
    Case.concerned_organisation_id,
    Case.theme_id,
    Case.municipality_id,
)


class SuggestionKind(StrEnum):
    CASE = "case"
    FAULT = "fault"


class ReasonCode(StrEnum):
    """SAME_PARTIES: the report goes from the same organisation to the same; SAME_ORGANISATION: to the same."""

    WORDS = "words"
    OTHER_WORDS = "other_words"
    LINKED_CASE = "linked_case"
    SAME_PARTIES = "same_parties"
    SAME_ORGANISATION = "same_organisation"
    SAME_THEME = "same_theme"
    SAME_MUNICIPALITY = "same_municipality"


@dataclass(frozen=True, slots=True)
class Reason:
    """`values`: words as written; for OTHER_WORDS this case's and the other's in turn; for LINKED_CASE its number."""

    code: ReasonCode
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: a fault's title, a case's shared summary or the beginning of its report."""

    kind: SuggestionKind
    id: int
    number: str
    text: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    cases: tuple[Suggestion, ...] = ()
    faults: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compared:
    """The case that looks, and what words weigh in its federation."""

    case: Case
    written: str
    sketch: Sketch
    weights: Weights


def suggestions_for(actor: Actor, case: Case) -> Suggestions:
    """At most five cases and three faults, best first; none for somebody who does not see all of the federation's."""
    if not sees_all(actor, case.federation_id):
        return Suggestions()
    compared, vocabulary = _look(case)
    if not compared.sketch.stems and not compared.sketch.concepts:
        return Suggestions()
    ids = candidates.resembling_ids(case.federation_id, compared.sketch, compared.weights, vocabulary)
    others = _others(case, ids)
    stems = candidates.stems_of_cases([other.id for other in others])
    sketches = candidates.sketches_of(others, stems)
    alike = {other.id: likeness(compared.sketch, sketches[other.id], compared.weights) for other in others}
    links = _faults_of([case.id, *alike])
    own = links.pop(case.id, set())
    free = [other for other in others if not links.get(other.id, set()) & own]
    return Suggestions(_cases(compared, free, alike), _faults(actor, compared, others, alike, links, own))


def _look(case: Case) -> tuple[_Compared, Counter[str]]:
    latest = candidates.stems_of_cases(candidates.latest(case.federation_id))
    weights = weights_of([sketch_of(stems) for stems in latest.values()])
    vocabulary = Counter(stem for stems in latest.values() for stem in stems)
    written = _written(case.report)
    return _Compared(case, written, candidates.sketch_of_case(case, terms_of(written)), weights), vocabulary


def _written(report: Report) -> str:
    texts = (report.what_happened, report.consequence, report.done_at_once, report.proposal)
    return "\n".join(text for text in texts if text)


def _others(case: Case, ids: Sequence[int]) -> list[Case]:
    """Without the case itself and without what is merged: what it was merged into stands for it. The newest first."""
    query = select(Case).where(
        Case.federation_id == case.federation_id,
        Case.id.in_(ids),
        Case.merged_into_id.is_(None),
        Case.held_at.is_(None),
    )
    compared = query.options(load_only(*COMPARED)).order_by(Case.received_at.desc(), Case.id.desc())
    found = db.session.scalars(compared)
    return [other for other in found if other.id not in {case.id, case.merged_into_id}]


def _faults_of(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Ids of the faults that each case shows now, by case id."""
    query = select(FaultCase.case_id, FaultCase.fault_id).where(
        FaultCase.case_id.in_(case_ids), FaultCase.unlinked_at.is_(None)
    )
    found: dict[int, set[int]] = {}
    for case_id, fault_id in db.session.execute(query):
        found.setdefault(case_id, set()).add(fault_id)
    return found


def _cases(compared: _Compared, others: Sequence[Case], alike: dict[int, Likeness]) -> tuple[Suggestion, ...]:
    best = [others[place] for place in ranked((alike[other.id].score for other in others), MOST_CASES)]
    shown = best[: _shown([alike[other.id].score for other in best])]
    reports = _reports(shown)
    return tuple(
        Suggestion(
            SuggestionKind.CASE,
            other.id,
            other.number,
            other.shared_summary or beginning_of(reports[other.report_id].what_happened),
            alike[other.id].score,
            reasons_for(alike[other.id], compared.written, _written(reports[other.report_id])),
        )
        for other in shown
    )


def _reports(cases: Sequence[Case]) -> dict[int, Report]:
    query = select(Report).where(Report.id.in_([case.report_id for case in cases]))
    return {report.id: report for report in db.session.scalars(query)}


def _faults(
    actor: Actor,
    compared: _Compared,
    others: Sequence[Case],
    alike: dict[int, Likeness],
    links: dict[int, set[int]],
    own: set[int],
) -> tuple[Suggestion, ...]:
    """A fault resembles the case as much as its own text does, or the most alike of the cases that show it."""
    faults = [fault for fault in faults_to_choose(actor, compared.case.federation_id) if fault.id not in own]
    by_text = [likeness(compared.sketch, _sketch_of_fault(fault), compared.weights) for fault in faults]
    through = [_through(fault, others, alike, links) for fault in faults]
    scores = [
        max(text.score, alike[case.id].score if case is not None else 0.0)
        for text, case in zip(by_text, through, strict=True)
    ]
    best = ranked(scores, MOST_FAULTS)
    found = []
    for place in best[: _shown([scores[place] for place in best])]:
        fault, case = faults[place], through[place]
        reasons = reasons_for(by_text[place], compared.written, _text_of_fault(fault))
        if case is not None and alike[case.id].score >= by_text[place].score:
            linked = Reason(ReasonCode.LINKED_CASE, (case.number,))
            reasons = (
                linked,
                *reasons_for(alike[case.id], compared.written, _written(_reports([case])[case.report_id])),
            )
        found.append(Suggestion(SuggestionKind.FAULT, fault.id, fault.number, fault.title, scores[place], reasons))
    return tuple(found)


def _through(
    fault: Fault, others: Sequence[Case], alike: dict[int, Likeness], links: dict[int, set[int]]
) -> Case | None:
    """The most alike of the compared cases that show the fault."""
    showing = [other for other in others if fault.id in links.get(other.id, ())]
    return max(showing, key=lambda other: (alike[other.id].score, other.id), default=None)


def _text_of_fault(fault: Fault) -> str:
    texts = (fault.title, fault.what_happens, fault.broken_what, fault.who_is_hit, fault.cause, fault.way_round)
    return "\n".join(texts)


@lru_cache(maxsize=2 * MOST_CHOICES)
def _stems_of_fault(text: str) -> frozenset[str]:
    """What the office has written of a fault seldom changes, so it is remembered; what reporters write is not."""
    return frozenset(terms_of(text))


def _sketch_of_fault(fault: Fault) -> Sketch:
    parties = {fault.let_go_organisation_id, fault.should_catch_organisation_id}
    return sketch_of(
        _stems_of_fault(_text_of_fault(fault)),
        concerned_ids=frozenset(party for party in parties if party is not None),
        theme_id=fault.theme_id,
        municipality_id=fault.municipality_id,
    )


def _shown(scores: Sequence[float]) -> int:
    return worth_showing(scores) if scores else 0


def reasons_for(found: Likeness, written: str, other: str) -> tuple[Reason, ...]:
    """What speaks for it, the words first. `written` and `other` are the texts, for how the words stand there."""
    said: Spoken = spoken(found, written, other, most=WORDS_SHOWN)
    reasons = [
        Reason(ReasonCode.WORDS, said.same) if said.same else None,
        Reason(ReasonCode.OTHER_WORDS, said.other) if said.other else None,
        Reason(ReasonCode.SAME_PARTIES) if found.same_concerned and found.same_reporting else None,
        Reason(ReasonCode.SAME_ORGANISATION) if found.same_concerned and not found.same_reporting else None,
        Reason(ReasonCode.SAME_THEME) if found.same_theme else None,
        Reason(ReasonCode.SAME_MUNICIPALITY) if found.same_municipality else None,
    ]
    return tuple(reason for reason in reasons if reason is not None)
