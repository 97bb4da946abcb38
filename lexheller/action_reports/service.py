"""Compiling and keeping the yearly report: on demand by the office, and by itself in January for every federation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.models import Compilation
from lexheller.audit.service import record
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_of, federations

COMPILE_JOB = "action_reports.compile_year"
FIRST_YEAR, LAST_YEAR = 2000, 2100


def keep_compilation(actor: Actor, federation: Federation, year: int) -> Compilation:
    """Compile the year and keep the result beside the earlier ones; unchanged figures are not kept twice."""
    data: dict[str, Any] = compiled(federation, year)
    newest = latest(federation.id, year)
    if newest is not None and newest.hash == data["hash"]:
        return newest
    compilation = Compilation(
        federation_id=federation.id, year=year, made_at=clock.now(), hash=data["hash"], figures=data
    )
    db.session.add(compilation)
    db.session.flush()
    record(
        actor,
        "action_report.compiled",
        federation_id=federation.id,
        subject_type="compilation",
        subject_id=compilation.id,
        data={"year": year, "hash": compilation.hash},
    )
    return compilation


def latest(federation_id: int, year: int) -> Compilation | None:
    query = select(Compilation).where(Compilation.federation_id == federation_id, Compilation.year == year)
    return db.session.scalar(query.order_by(Compilation.made_at.desc(), Compilation.id.desc()).limit(1))


def ask_for_last_year() -> int:
    """One job per federation for the year that has ended, each by itself (P33). Asking again adds nothing."""
    year = clock.local_year() - 1
    everyone = federations()
    for federation in everyone:
        jobs.ask_for(
            COMPILE_JOB,
            federation_id=federation.id,
            subject_id=federation.id,
            key=f"compile:{federation.id}:{year}",
        )
    return len(everyone)


def compile_last_year(federation_id: int) -> None:
    """The job: the year before the present one, for one federation."""
    keep_compilation(SYSTEM, federation_of(federation_id), clock.local_year() - 1)
