"""Which earlier cases are worth comparing with a case: few, newest first, at a cost that does not grow with them.

The index of cases leads to those that hold the case's most telling words, or other words for what it names. Scoped to
one federation throughout (P15). Stops at ids and sketches: how much they resemble the case is `alike`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from lexheller.cases.models import Case, CaseTerm
from lexheller.core.db import db
from lexheller.faults.alike import Sketch, Weights, sketch_of
from lexheller.faults.concepts import concepts

LATEST = 200  # cases that tell how common a word is
PLACES = 40  # words that are looked up
OWN_WORDS = 12
PER_WORD = 20  # cases taken up for one word, the newest
MOST = 200
NO_WORD = ""


def latest(federation_id: int) -> list[int]:
    """The federation's newest cases, by id."""
    query = select(Case.id).where(Case.federation_id == federation_id)
    return list(db.session.scalars(query.order_by(Case.received_at.desc(), Case.id.desc()).limit(LATEST)))


def stems_of_cases(case_ids: Collection[int]) -> dict[int, list[str]]:
    """All stems by case id, in one query; cases without any are missing. The ids are of the caller's federation."""
    if not case_ids:
        return {}
    stems = func.aggregate_strings(CaseTerm.term, " ")
    query = select(CaseTerm.case_id, stems).where(CaseTerm.case_id.in_(case_ids))
    return {case_id: found.split(" ") for case_id, found in db.session.execute(query.group_by(CaseTerm.case_id))}


def resembling_ids(federation_id: int, sketch: Sketch, weights: Weights, vocabulary: Counter[str]) -> list[int]:
    """Ids of cases that hold its words or say the same in others; at most MOST, those found by most words first.

    `vocabulary` counts the stems of the latest cases.
    """
    words = list(wanted_words(sketch, weights, vocabulary))[:PLACES]
    words += [NO_WORD] * (PLACES - len(words))
    values = {"federation_id": federation_id, **{f"term_{place}": word for place, word in enumerate(words)}}
    hits: Counter[int] = Counter(db.session.scalars(_LOOKUP, values).all())
    best = sorted(hits, key=lambda case_id: (-hits[case_id], -case_id))
    return best[:MOST]


def wanted_words(sketch: Sketch, weights: Weights, vocabulary: Counter[str]) -> Iterable[str]:
    """The case's own most telling stems, then in turn, for each thing it names, other words that are used for it."""
    own = sorted(sketch.stems, key=lambda stem: (-weights.of_stem(stem), stem))[:OWN_WORDS]
    by_concept: dict[str, list[str]] = {
        name: [] for name in sorted(sketch.concepts, key=lambda name: (-weights.of_concept(name), name))
    }
    known = concepts()
    for stem, _count in sorted(vocabulary.items(), key=lambda pair: (-pair[1], pair[0])):
        for name in known.named_by(stem):
            if name in by_concept:
                by_concept[name].append(stem)
    found = dict.fromkeys(own)
    for turn in range(PLACES):
        for stems in by_concept.values():
            if turn < len(stems):
                found.setdefault(stems[turn])
    return found


def sketches_of(cases: Iterable[Case], stems: dict[int, list[str]]) -> dict[int, Sketch]:
    return {case.id: sketch_of_case(case, stems.get(case.id, [])) for case in cases}


def sketch_of_case(case: Case, stems: Iterable[str]) -> Sketch:
    concerned = case.concerned_organisation_id
    return sketch_of(
        frozenset(stems),
        reporting_id=case.reporting_organisation_id,
        concerned_ids=frozenset() if concerned is None else frozenset({concerned}),
        theme_id=case.theme_id,
        municipality_id=case.municipality_id,
    )


def _newest_with(place: int) -> Select[int]:
    """Each word leads to its newest cases by a range of the index."""
    term = bindparam(f"term_{place}", type_=CaseTerm.term.type)
    found = (
        select(CaseTerm.case_id)
        .where(CaseTerm.federation_id == bindparam("federation_id"), CaseTerm.term == term)
        .order_by(CaseTerm.case_id.desc())
        .limit(literal(PER_WORD))
    )
    return select(found.subquery().c.case_id)


_LOOKUP: CompoundSelect[int] = union_all(*(_newest_with(place) for place in range(PLACES)))
