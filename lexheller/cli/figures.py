"""`lexheller compile`: the yearly report's figures from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.service import FIRST_YEAR, LAST_YEAR
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core.transaction import nothing_kept


@click.command("compile")
@click.option("--federation", "slug", required=True, metavar="SLUG", help="Förbundet som rapporten gäller.")
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Kalenderår.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Skriv till en fil.")
def compile_report(slug: str, year: int, form: str, out: Path | None) -> None:
    """Sammanställ årets åtgärdsrapport."""
    with command_app().app_context(), nothing_kept():
        data = compiled(federation_or_fail(slug), year)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
    else:
        try:
            out.write_text(text + "\n", encoding="utf-8")
        except OSError as problem:
            fail(f"Filen {out} går inte att skriva: {problem.strerror}.")
        click.echo(f"Åtgärdsrapporten för {year} ligger i {out}.", err=True)
