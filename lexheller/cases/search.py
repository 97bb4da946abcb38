"""Finding cases by words, in any Swedish form. An index of stems per case; scoping is the caller's query."""

from __future__ import annotations

import re
import unicodedata

import snowballstemmer
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, delete, exists, false, func, literal, select

from lexheller.cases.models import Answer, Case, CaseTerm, Report
from lexheller.core.db import db

LONGEST_TERM = 60
MOST_TERMS = 8
FEW = 400

_NUMBER = re.compile(r"(?:dnr\s*)?(\d{4}:\d{1,4})\s*/\s*(\d{1,6})", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[:/-]\w+)*", re.UNICODE)
_stemmer = snowballstemmer.stemmer("swedish")


def terms_of(text: str) -> list[str]:
    """Word stems in the order written, without repeats: `Handläggarens` and `handläggare` give the same."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    pieces = [piece for word in words for piece in [word, *re.split(r"[:/-]", word)] if piece]
    return list(dict.fromkeys(_stemmer.stemWord(piece)[:LONGEST_TERM] for piece in pieces))


def index(case: Case, report: Report, answers: list[Answer]) -> None:
    """Make the case findable by its number, texts, answers and parties, replacing what stood there."""
    texts = [case.number, report.what_happened, report.consequence, report.done_at_once, report.proposal]
    texts += [report.reporting_unit, report.concerned_unit, case.conclusion, *report.as_given.values()]
    for answer in answers:
        texts += [answer.cause, answer.steps_taken, answer.consequence, answer.follow_up]
    for party in (case.concerned_organisation, case.reporting_organisation):
        texts += [party.name, *party.aliases] if party is not None else []
    terms = terms_of("\n".join(text for text in texts if text))
    db.session.execute(delete(CaseTerm).where(CaseTerm.case_id == case.id))
    if terms:
        rows = [{"case_id": case.id, "term": term, "federation_id": case.federation_id} for term in terms]
        db.session.execute(CaseTerm.__table__.insert(), rows)  # type: ignore[attr-defined]


def matching(query: Select[Case], federation_id: int, words: str) -> Select[Case]:
    """Narrow `query` to the case with that diary number, or to those with all the words.

    The last word may be the beginning of one. The cost does not grow with the number of cases that hold a word: a word
    that few hold leads to them, words that many hold are looked up case by case, in the order of `query`.
    """
    number = _NUMBER.fullmatch(words.strip())
    if number is not None:
        return query.where(Case.number == f"{number[1]} / {number[2]}")
    terms = terms_of(words)[:MOST_TERMS]
    if not terms:
        return query.where(false())
    wanted = [_is(term, beginning=position == len(terms) - 1) for position, term in enumerate(terms)]
    counts = db.session.execute(select(*(_holders(federation_id, term) for term in wanted))).one()
    rarest = min(range(len(wanted)), key=lambda position: counts[position])
    for position, term in enumerate(wanted):
        if position == rarest and counts[position] < FEW:
            holders = select(CaseTerm.case_id).where(CaseTerm.federation_id == federation_id, term)
            query = query.where(Case.id.in_(holders))
        else:
            query = query.where(exists().where(CaseTerm.case_id == Case.id, term))
    return query


def _is(term: str, *, beginning: bool) -> ColumnElement[bool]:
    """The word, or any that begins so: a range of the index."""
    if not beginning:
        return CaseTerm.term == term
    return and_(CaseTerm.term >= term, CaseTerm.term < term + "\U0010ffff")


def _holders(federation_id: int, term: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many places of the index hold the word, counted up to FEW."""
    found = select(literal(1)).select_from(CaseTerm).where(CaseTerm.federation_id == federation_id, term)
    return select(func.count()).select_from(found.limit(FEW).subquery()).scalar_subquery()
