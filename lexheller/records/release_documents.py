"""The documents that can be given out, read from where they stand: what each says, text by text.

Not among them: internal notes and drafts, which are no public documents, and the reporter's address, which stands apart
and is tried by itself. Whoever calls has tried the right. Documents are Swedish, whoever reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.cases.dialogue import Feedback, Handover, Occurrence, Question
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import numbers_of
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.faults.models import Fault, FaultNews
from lexheller.meetings.labels import group_name
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.paper import who_does
from lexheller.meetings.proposing import DOCUMENT_LOCALE, title_of
from lexheller.meetings.queries import whole_item
from lexheller.organisations.models import Unit
from lexheller.records.release_labels import DOCUMENT
from lexheller.records.release_states import DocumentKind, Piece

SOURCES = "lexheller_release_sources"
Row = Any


@dataclass(frozen=True, slots=True)
class Document:
    """`number` is that of the file it belongs to, or words where it has none. `name` says which document it is.

    `case_id`: of the case whose file it lies in.
    """

    kind: DocumentKind
    subject_id: int
    number: str
    on_day: date
    pieces: tuple[Piece, ...]
    case_id: int | None = None

    @property
    def is_held(self) -> bool:
        """Nobody of the office has looked at all of it yet. It is a public document all the same: whoever releases it
        reads it, and is told so.
        """
        return any(piece.held for piece in self.pieces)

    @property
    def name(self) -> str:
        with force_locale(DOCUMENT_LOCALE):
            return f"{DOCUMENT[self.kind]}, {self.number}"


@dataclass(frozen=True, slots=True)
class Which:
    """Those with these ids, of these cases or faults, or of a period, both days included; None asks for no such."""

    ids: Sequence[int] | None = None
    files: Sequence[int] | None = None
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents of a kind stand. `file`: the column of the case or fault they belong to. `at`: day or moment.

    `made` turns rows into documents, all at once, so that nothing is asked for row by row.
    """

    model: Any
    at: Any
    file: Any
    made: Callable[[Sequence[Row]], Iterable[Document]]
    only: tuple[ColumnElement[bool], ...] = ()
    options: Sequence[ExecutableOption] = ()
    is_moment: bool = True


Elsewhere = Callable[[int, Which], Iterable[Document]]


def offer(app: Flask, kind: DocumentKind, found: Elsewhere) -> None:
    """Documents that stand on a floor above this one: `found(federation_id, which)` reads them."""
    app.extensions.setdefault(SOURCES, {})[kind] = found


def documents(federation_id: int, kind: DocumentKind, which: Which) -> list[Document]:
    """Of one kind, in order of their ids."""
    elsewhere: Mapping[DocumentKind, Elsewhere] = current_app.extensions.get(SOURCES, {})
    with force_locale(DOCUMENT_LOCALE):
        if kind in elsewhere:
            return list(elsewhere[kind](federation_id, which))
        source = _sources().get(kind)
        if source is None or (which.files is not None and source.file is None):
            return []
        query = select(source.model).where(source.model.federation_id == federation_id, *source.only)
        query = query.where(*_narrowed(source, which)).options(*source.options).order_by(source.model.id)
        return list(source.made(db.session.scalars(query).all()))


def document(federation_id: int, kind: DocumentKind, subject_id: int) -> Document | None:
    """None when it is not there any more, or another federation's."""
    return next(iter(documents(federation_id, kind, Which(ids=[subject_id]))), None)


def of_case(federation_id: int, case_id: int) -> list[Document]:
    """All documents in the file of a case, in the order in which they came to be."""
    kinds = (kind for kind, source in _sources().items() if kind not in {DocumentKind.FAULT, DocumentKind.MINUTES})
    found = [one for kind in kinds for one in documents(federation_id, kind, Which(files=[case_id]))]
    return sorted(found, key=lambda one: (one.on_day, list(DocumentKind).index(one.kind), one.subject_id))


def _narrowed(source: Source, which: Which) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.ids is not None:
        found.append(source.model.id.in_(which.ids))
    if which.files is not None:
        found.append(source.file.in_(which.files))
    if which.period is not None:
        first, last = which.period
        if source.is_moment:
            found += [source.at >= _midnight(first), source.at < _midnight(last + timedelta(days=1))]
        else:
            found += [source.at >= first, source.at <= last]
    return found


def _midnight(day: date) -> datetime:
    """In Sweden, as the moment it is."""
    return datetime.combine(day, time(), tzinfo=SWEDEN).astimezone(UTC)


def _sources() -> Mapping[DocumentKind, Source]:
    return {
        DocumentKind.REPORT: Source(
            Case, Case.received_on, Case.id, _reports, options=(joinedload(Case.report),), is_moment=False
        ),
        DocumentKind.OCCURRENCE: Source(
            Occurrence, Occurrence.received_on, Occurrence.case_id, _occurrences, is_moment=False
        ),
        DocumentKind.QUESTION: Source(Question, Question.asked_at, Question.case_id, _questions),
        DocumentKind.ANSWER: Source(
            Answer,
            Answer.given_at,
            Answer.case_id,
            _answers,
            only=(Answer.given_at.is_not(None),),
            options=(joinedload(Answer.duty).joinedload(Duty.unit).joinedload(Unit.organisation),),
        ),
        DocumentKind.FEEDBACK: Source(Feedback, Feedback.given_at, Feedback.case_id, _feedback),
        DocumentKind.CONCLUSION: Source(
            Case, Case.closed_on, Case.id, _conclusions, only=(Case.conclusion.is_not(None),), is_moment=False
        ),
        DocumentKind.HANDOVER: Source(Handover, Handover.offered_at, Handover.case_id, _handovers),
        DocumentKind.FAULT: Source(Fault, Fault.opened_on, Fault.id, _faults, is_moment=False),
        DocumentKind.FAULT_NEWS: Source(FaultNews, FaultNews.told_at, FaultNews.case_id, _news),
        DocumentKind.MINUTES: Source(
            Meeting,
            Meeting.held_on,
            None,
            _minutes,
            only=(Meeting.ended_at.is_not(None), Meeting.cancelled_at.is_(None)),
            options=(joinedload(Meeting.group),),
            is_moment=False,
        ),
    }


def _pieces(*texts: tuple[str, str, str | None], held: bool = False) -> tuple[Piece, ...]:
    """Those that say something."""
    return tuple(Piece(key, heading, text, held) for key, heading, text in texts if text and text.strip())


def _reports(rows: Sequence[Case]) -> Iterable[Document]:
    for case in rows:
        report = case.report
        given = "\n".join(f"{name}: {words}" for name, words in sorted(report.as_given.items()))
        pieces = _pieces(
            ("what_happened", _("Vad som hände"), report.what_happened),
            ("consequence", _("Vad det ledde till"), report.consequence),
            ("done_at_once", _("Vad som gjordes direkt"), report.done_at_once),
            ("proposal", _("Förslag"), report.proposal),
            ("reporting_unit", _("Anmälarens enhet"), report.reporting_unit),
            ("concerned_unit", _("Enhet som anmälan gäller"), report.concerned_unit),
            ("as_given", _("Som det stod i registret det kom från"), given),
            held=case.held_at is not None,
        )
        yield Document(DocumentKind.REPORT, case.id, case.number, case.received_on, pieces, case.id)


def _occurrences(rows: Sequence[Occurrence]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        pieces = _pieces(("what_happened", _("Vad som hände"), row.what_happened), held=row.held_at is not None)
        yield Document(DocumentKind.OCCURRENCE, row.id, numbers[row.case_id], row.received_on, pieces, row.case_id)


def _questions(rows: Sequence[Question]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        asked = _pieces(("text", _("Frågan"), row.text))
        pieces = asked + _pieces(("reply", _("Anmälarens svar"), row.reply), held=row.held_at is not None)
        yield Document(
            DocumentKind.QUESTION, row.id, numbers[row.case_id], clock.day_of(row.asked_at), pieces, row.case_id
        )


def _answers(rows: Sequence[Answer]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        unit = f"{row.duty.unit.organisation.name}, {row.duty.unit.name}" if row.duty is not None else None
        pieces = _pieces(
            ("unit", _("Från"), unit),
            ("cause", _("Orsak"), row.cause),
            ("steps_taken", _("Vad som är gjort eller planerat"), row.steps_taken),
            ("consequence", _("Vad det betyder"), row.consequence),
            ("follow_up", _("Så följs det upp"), row.follow_up),
        )
        day = clock.day_of(row.given_at) if row.given_at is not None else clock.today()
        yield Document(DocumentKind.ANSWER, row.id, numbers[row.case_id], day, pieces, row.case_id)


def _feedback(rows: Sequence[Feedback]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        pieces = _pieces(("text", _("Anmälarens ord"), row.text), held=row.held_at is not None)
        yield Document(
            DocumentKind.FEEDBACK, row.id, numbers[row.case_id], clock.day_of(row.given_at), pieces, row.case_id
        )


def _conclusions(rows: Sequence[Case]) -> Iterable[Document]:
    for case in rows:
        pieces = _pieces(("conclusion", _("Vad ärendet ledde till"), case.conclusion))
        day = case.closed_on or case.received_on
        yield Document(DocumentKind.CONCLUSION, case.id, case.number, day, pieces, case.id)


def _handovers(rows: Sequence[Handover]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        pieces = _pieces(
            ("reason", _("Skäl"), row.reason),
            ("text_to_reporter", _("Besked till anmälaren"), row.text_to_reporter),
            ("decision_reason", _("Det andra förbundets svar"), row.decision_reason),
        )
        yield Document(
            DocumentKind.HANDOVER, row.id, numbers[row.case_id], clock.day_of(row.offered_at), pieces, row.case_id
        )


def _faults(rows: Sequence[Fault]) -> Iterable[Document]:
    for fault in rows:
        pieces = _pieces(
            ("title", _("Rubrik"), fault.title),
            ("what_happens", _("Vad som händer"), fault.what_happens),
            ("broken_what", _("Vad som brister"), fault.broken_what),
            ("who_is_hit", _("Vem som drabbas"), fault.who_is_hit),
            ("cause", _("Orsak"), fault.cause),
            ("way_round", _("Så löser man det i dag"), fault.way_round),
            ("decision", _("Beslut"), fault.decision),
            ("former_decisions", _("Tidigare beslut"), fault.former_decisions),
            ("ending", _("Så slutade det"), fault.ending),
        )
        yield Document(DocumentKind.FAULT, fault.id, fault.number, fault.opened_on, pieces)


def _news(rows: Sequence[FaultNews]) -> Iterable[Document]:
    numbers = numbers_of({row.case_id for row in rows})
    for row in rows:
        pieces = _pieces(("text", _("Besked till anmälaren"), row.text))
        yield Document(
            DocumentKind.FAULT_NEWS, row.id, numbers[row.case_id], clock.day_of(row.told_at), pieces, row.case_id
        )


def _minutes(rows: Sequence[Meeting]) -> Iterable[Document]:
    items: dict[int, list[AgendaItem]] = {row.id: [] for row in rows}
    query = select(AgendaItem).where(AgendaItem.meeting_id.in_(items), AgendaItem.removed_at.is_(None))
    for item in db.session.scalars(query.options(*whole_item()).order_by(AgendaItem.position, AgendaItem.id)):
        items[item.meeting_id].append(item)
    for row in rows:
        texts = [part for number, item in enumerate(items[row.id], start=1) for part in _item(number, item)]
        number = f"{group_name(row.group)} {row.held_on.isoformat()}"
        pieces = _pieces(("place", _("Plats"), row.place), *texts)
        yield Document(DocumentKind.MINUTES, row.id, number, row.held_on, pieces)


def _item(number: int, item: AgendaItem) -> Iterable[tuple[str, str, str | None]]:
    yield f"item-{item.id}-title", _("Punkt %(number)s", number=number), title_of(item)
    yield f"item-{item.id}-decision", _("Beslut på punkt %(number)s", number=number), item.decision
    yield f"item-{item.id}-who", _("Vem på punkt %(number)s", number=number), who_does(item)
