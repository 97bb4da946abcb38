"""`lexheller export-log`, `verify` and `heads`: the event log proved outside the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import click

from lexheller.audit.export import log_lines
from lexheller.audit.heads import head_line, present_head
from lexheller.audit.verify import verify as verify_file
from lexheller.check.heads import known_logs
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core.db import one_moment, reading
from lexheller.core.transaction import nothing_kept

BUFFER = 1 << 20


@click.command("export-log")
@click.option("--federation", "slug", metavar="SLUG", help="Bara det här förbundets logg, annars alla.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Filen att skriva.")
def export_log(slug: str | None, out: Path) -> None:
    """Skriv händelseloggen till en fil, en rad för varje händelse. Ingen fritext finns i den."""
    with command_app().app_context(), reading(), nothing_kept():
        one_moment()
        logs = [log_lines(federation_id, name) for federation_id, name in _wanted(slug)]
        try:
            _write(out, chain.from_iterable(logs))
        except OSError as problem:
            fail(f"Filen {out} går inte att skriva: {problem.strerror}.")
    click.echo(f"Loggen ligger i {out}. Granska den med `lexheller verify`.", err=True)


@click.command("verify")
@click.argument("file", metavar="FILE")
@click.option("--heads", metavar="HEADFILE", help="Fil med huvuden som förvarats på annat håll.")
@click.option("--federation", "slug", metavar="SLUG", help="Granska bara det här förbundets logg.")
def verify(file: str, heads: str | None, slug: str | None) -> None:
    """Visa att en exporterad logg är hel, eller vilken rad som är bruten. Behöver ingen databas."""
    sys.exit(verify_file(file, heads, slug))


@click.command("heads")
@click.option("--federation", "slug", metavar="SLUG", help="Bara det här förbundet, annars alla.")
def heads(slug: str | None) -> None:
    """Skriv hur långt varje förbunds logg har kommit just nu: rad och hash, en rad JSON för varje förbund."""
    with command_app().app_context(), reading(), nothing_kept():
        one_moment()
        found = [present_head(federation_id, name) for federation_id, name in _wanted(slug)]
    for head in found:
        if head is not None:
            click.echo(head_line(head), nl=False)


def _wanted(slug: str | None) -> list[tuple[int, str]]:
    """Ids and slugs."""
    found = known_logs()
    if slug is None:
        return found
    return [one for one in found if one[1] == slug] or [(federation_or_fail(slug).id, slug)]


def _write(out: Path, lines: Iterable[str]) -> None:
    """The whole file or none of it, to be read by its owner alone."""
    unfinished = out.with_name(f"{out.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n", buffering=BUFFER) as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
