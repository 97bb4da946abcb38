"""What happened in a period, for those who must tell the authorities: rows and counts, never a text or a secret.

Ids stand for people; who they are is looked up in the system by those who may. Everything is read in one transaction.
Stops at lines of files: the command packs them, and the letters are `check.incident_letters`.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute

from lexheller.accounts.models import RefusedSignIn, RoleAssignment, SignIn
from lexheller.audit.export import COLUMNS, as_line
from lexheller.audit.heads import head_line, present_head
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.audit.reading_log import PAGE, Reading
from lexheller.cases.models import Case, ReporterContact
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.messaging.models import Message
from lexheller.web.csv_file import MARK, lines_of

PORTION = 1000
Columns = Sequence[InstrumentedAttribute[Any]]
SIGN_INS: Columns = (SignIn.id, SignIn.user_id, SignIn.started_at, SignIn.seen_at, SignIn.ended_at, SignIn.expires_at)
REFUSED: Columns = (RefusedSignIn.at, RefusedSignIn.user_id)
READINGS: Columns = (
    *(Reading.federation_id, Reading.at, Reading.reader_kind, Reading.reader_id, Reading.sign_in_id),
    *(Reading.thing, Reading.subject_id, Reading.form),
)
JOBS: Columns = (
    *(Job.federation_id, Job.id, Job.name, Job.subject_id, Job.status, Job.attempts),
    *(Job.requested_at, Job.finished_at, Job.problem),
)
MESSAGES: Columns = (
    *(Message.federation_id, Message.id, Message.kind, Message.subject_id, Message.recipient_type),
    *(Message.recipient_id, Message.status, Message.requested_at, Message.sent_at, Message.attempts),
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (incl.) and before `until`, aware moments."""

    since: datetime
    until: datetime

    def has(self, moment: InstrumentedAttribute[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return moment >= self.since, moment < self.until


@dataclass(frozen=True, slots=True)
class Scope:
    """Federations by id, with their slugs, and the period."""

    federations: Mapping[int, str]
    period: Period

    @property
    def ids(self) -> list[int]:
        return sorted(self.federations)

    def people(self) -> Select[Any]:
        """Ids of those who have, or had, a role there."""
        return select(RoleAssignment.user_id).where(RoleAssignment.federation_id.in_(self.ids))


def overview(scope: Scope) -> dict[str, Any]:
    """Counts for each federation, and what was running."""
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "from": scope.period.since.isoformat(timespec="minutes"),
        "before": scope.period.until.isoformat(timespec="minutes"),
        "program": version("lexheller"),
        "python": platform.python_version(),
        "database": db.engine.dialect.name,
        "schema": db.session.scalar(text("SELECT version_num FROM alembic_version")),
        "refused_sign_ins": _count(select(func.count(RefusedSignIn.id)).where(*scope.period.has(RefusedSignIn.at))),
        "broken_logs": [f"{link.federation_id}: rad {link.sequence} ({link.why})" for link in _broken(scope)],
        "federations": {slug: _federation(scope, number) for number, slug in sorted(scope.federations.items())},
    }


def files(scope: Scope) -> dict[str, Callable[[], Iterable[bytes]]]:
    """Name -> what makes its content, in portions."""
    period, ids = scope.period, scope.ids
    alive = (SignIn.started_at < period.until, SignIn.seen_at >= period.since)
    whose = or_(RefusedSignIn.user_id.is_(None), RefusedSignIn.user_id.in_(scope.people()))
    return {
        "handelser.jsonl": lambda: _events(scope),
        "inloggningar.csv": lambda: _table(SIGN_INS, SignIn.id, SignIn.user_id.in_(scope.people()), *alive),
        "nekade-inloggningar.csv": lambda: _table(REFUSED, RefusedSignIn.id, whose, *period.has(RefusedSignIn.at)),
        "lasningar.csv": lambda: _table(READINGS, Reading.id, Reading.federation_id.in_(ids), *period.has(Reading.at)),
        "jobb.csv": lambda: _table(JOBS, Job.id, Job.federation_id.in_(ids), *period.has(Job.requested_at)),
        "mejl.csv": lambda: _table(
            MESSAGES, Message.id, Message.federation_id.in_(ids), *period.has(Message.requested_at)
        ),
        "huvuden.jsonl": lambda: _heads(scope),
    }


def as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _federation(scope: Scope, number: int) -> dict[str, Any]:
    """`touched`: cases with an event in the period. `addresses`: of reporters, as many as are kept now."""
    events = (Event.federation_id == number, *scope.period.has(Event.at))
    read = (Reading.federation_id == number, *scope.period.has(Reading.at))
    cases = select(func.count(func.distinct(Event.subject_id))).where(*events, Event.subject_type == "case")
    people = select(func.count(func.distinct(RoleAssignment.user_id)))
    return {
        "cases": _count(select(func.count(Case.id)).where(Case.federation_id == number)),
        "cases_touched": _count(cases),
        "accounts": _count(people.where(RoleAssignment.federation_id == number)),
        "addresses": _count(select(func.count()).where(ReporterContact.federation_id == number)),
        "readers": _count(
            select(func.count(func.distinct(Reading.reader_id))).where(*read, Reading.reader_kind == "user")
        ),
        "files_given_out": _count(select(func.count(Reading.id)).where(*read, Reading.form != PAGE)),
        "events": _by(Event.kind, *events),
        "readings": _by(Reading.thing, *read),
        "jobs": _by(Job.status, Job.federation_id == number, *scope.period.has(Job.requested_at)),
    }


def _count(query: Select[Any]) -> int:
    return db.session.scalar(query) or 0


def _by(code: InstrumentedAttribute[str], *where: ColumnElement[bool]) -> dict[str, int]:
    query = select(code, func.count()).where(*where).group_by(code).order_by(code)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _broken(scope: Scope) -> list[Any]:
    return [link for link in broken_links() if link.federation_id in scope.federations]


def _events(scope: Scope) -> Iterator[bytes]:
    query = select(*COLUMNS).where(Event.federation_id.in_(scope.ids), *scope.period.has(Event.at))
    query = query.order_by(Event.federation_id, Event.sequence).execution_options(yield_per=PORTION)
    for row in db.session.execute(query).mappings():
        yield as_line({**row, "at": row["at"].isoformat(timespec="microseconds")}).encode()


def _table(columns: Columns, order: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> Iterator[bytes]:
    """Moments in UTC."""
    yield MARK + lines_of([[column.key for column in columns]])
    query = select(*columns).where(*where).order_by(order).execution_options(yield_per=PORTION)
    for portion in db.session.execute(query).partitions(PORTION):
        yield lines_of([_cell(value) for value in row] for row in portion)


def _cell(value: Any) -> str | int | None:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _heads(scope: Scope) -> Iterator[bytes]:
    for number, slug in sorted(scope.federations.items()):
        head = present_head(number, slug)
        if head is not None:
            yield head_line(head).encode()
