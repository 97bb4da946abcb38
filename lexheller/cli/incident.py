"""`lexheller incident`: one package for the notifications of an incident. Reads only."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from lexheller.check.heads import known_logs
from lexheller.check.incident import Period, Scope, as_json, files, overview
from lexheller.check.incident_letters import letters
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core import clock
from lexheller.core.db import one_moment, reading
from lexheller.core.transaction import nothing_kept

STAMP = (1980, 1, 1, 0, 0, 0)
OWNER_ALONE = 0o600
SUMS = "innehall.sha256"


@click.command("incident")
@click.option("--from", "since", required=True, metavar="DAG", help="ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM-DDTHH:MM, svensk tid.")
@click.option("--to", "until", required=True, metavar="DAG", help="Till och med dagen, eller fram till klockslaget.")
@click.option("--federation", "slug", metavar="SLUG", help="Bara det här förbundet, annars alla.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Zipfilen att skriva.")
def incident(since: str, until: str, slug: str | None, out: Path) -> None:
    """Samla underlag och utkast till anmälningar av en incident i en zipfil. Ingen fritext, inga hemligheter."""
    period = Period(_moment(since, 0), _moment(until, 1))
    if period.since >= period.until:
        fail("--from måste vara före --to.")
    with command_app().app_context(), reading(), nothing_kept():
        one_moment()
        scope = Scope(_federations(slug), period)
        try:
            _write(out, scope)
        except OSError as problem:
            fail(f"Filen {out} går inte att skriva: {problem.strerror}.")
    click.echo(f"Underlaget ligger i {out}. Börja med las-mig.md i filen.", err=True)


def _federations(slug: str | None) -> dict[int, str]:
    if slug is None:
        return dict(known_logs())
    return {federation_or_fail(slug).id: slug}


def _moment(written: str, later: int) -> datetime:
    """A day means its beginning, or that of the day after; with a time of day it is that moment."""
    try:
        if "T" not in written:
            return datetime.combine(date.fromisoformat(written) + timedelta(days=later), time.min, clock.SWEDEN)
        found = datetime.fromisoformat(written)
        return found if found.tzinfo is not None else found.replace(tzinfo=clock.SWEDEN)
    except (ValueError, OverflowError):
        fail(f"{written!r} går inte att läsa som tid. Skriv 2026-11-22 eller 2026-11-22T08:30.")


def _write(out: Path, scope: Scope) -> None:
    """The whole file or none of it, to be read by its owner alone."""
    unfinished = out.with_name(f"{out.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as package:
            _pack(package, scope)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def _pack(package: zipfile.ZipFile, scope: Scope) -> None:
    known, sums = overview(scope), {}
    for name, words in letters(known, scope.period).items():
        sums[name] = _add(package, name, [words.encode()])
    sums["oversikt.json"] = _add(package, "oversikt.json", [as_json(known)])
    for name, content in files(scope).items():
        sums[name] = _add(package, name, content())
    _add(package, SUMS, [f"{digest}  {name}\n".encode() for name, digest in sorted(sums.items())])


def _add(package: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> str:
    """Write it in portions; its SHA-256."""
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, OWNER_ALONE << 16
    digest = hashlib.sha256()
    with package.open(entry, "w", force_zip64=True) as file:
        for portion in content:
            file.write(portion)
            digest.update(portion)
    return digest.hexdigest()
