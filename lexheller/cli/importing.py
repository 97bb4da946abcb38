"""`lexheller import`: a federation's spreadsheet into its cases. JSON alone on standard output, progress beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lexheller.cases.labels import DOUBT
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core.db import reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.intake.importing import BATCH, NUMBER_TAKEN, Import, ImportResult, read_file
from lexheller.intake.spreadsheet.limits import UnreadableFile
from lexheller.intake.spreadsheet.reading import Sheet

UNREADABLE = {
    "not_found": "Filen finns inte eller går inte att öppna.",
    "not_a_spreadsheet": "Filen är inget kalkylblad. Spara den som XLSX eller som CSV med semikolon.",
    "empty_file": "Filen är tom.",
    "too_large": "Filen är för stor. Dela den i mindre filer.",
    "zip_bomb": "Filen packar upp till mer än vad ett kalkylblad gör. Den har inte lästs.",
    "too_many_rows": "Filen har för många rader. Dela den i mindre filer.",
    "too_many_columns": "Filen har för många kolumner. Ta bort tomma kolumner och försök igen.",
    "encrypted": "Filen är låst med lösenord. Ta bort lösenordet och spara den på nytt.",
    "broken_file": "Filen är skadad. Öppna den i kalkylprogrammet och spara den på nytt.",
    "no_header": "Ingen rad med rubriker hittades. Rubriker som Datum och Vad hände behövs.",
}

REJECTED = {
    "personal_identity_number": "personnummer i texten, ta bort det",
    "invalid_date": "datumet går inte att läsa",
    "missing_date": "datum saknas",
    "future_date": "datumet ligger framåt i tiden",
    "missing_text": "texten om vad som hände saknas",
    "too_long": "texten är för lång",
}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--federation", "slug", required=True, metavar="SLUG", help="Förbundet som raderna hör till.")
@click.option("--dry-run", is_flag=True, help="Visa vad som skulle hända, utan att spara något.")
@click.option("--json", "as_json", is_flag=True, help="Skriv resultatet som JSON.")
def import_sheet(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Läs in anmälningar ur ett kalkylblad (XLSX eller CSV). Inga mejl skickas."""
    app = command_app()
    with app.app_context(), reading(), nothing_kept():
        federation_or_fail(slug)
    try:
        sheet = read_file(file)
    except UnreadableFile as problem:
        if as_json:
            click.echo(json.dumps({"error": problem.code}))
        fail(UNREADABLE.get(problem.code, UNREADABLE["broken_file"]), code=1)
    with app.app_context():
        result = _judged(slug, sheet) if dry_run else _stored(slug, sheet)
    click.echo(json.dumps(asdict(result), ensure_ascii=False) if as_json else _in_words(result, dry_run))


def _judged(slug: str, sheet: Sheet) -> ImportResult:
    with reading(), nothing_kept():
        trial = Import(federation_or_fail(slug), sheet)
        trial.take(sheet.rows, store=False)
    return trial.result


def _stored(slug: str, sheet: Sheet) -> ImportResult:
    """A transaction a portion, so that reports come in meanwhile; one that is broken off is taken up by the next."""
    with transaction():
        work = Import(federation_or_fail(slug), sheet)
        work.reserve_numbers()
    for done, rows in enumerate(work.batches(), start=1):
        with transaction():
            work.take(rows)
        _say(min(done * BATCH, len(sheet.rows)), len(sheet.rows))
    return work.result


def _say(done: int, of: int) -> None:
    click.echo(f"{done} av {of} rader", err=True)


def _in_words(result: ImportResult, dry_run: bool) -> str:
    lines = [
        "Inget är sparat, så här skulle det bli:" if dry_run else "Klart.",
        f"  {result.rows} rader lästa",
        f"  {result.accepted} sparade",
        f"  {len(result.in_doubt)} sparade, men något behöver redas ut av samordnaren",
        f"  {len(result.duplicates)} fanns redan",
        f"  {len(result.rejected)} stoppade",
    ]
    lines += [f"    rad {line['row']}, {line['column']}: {REJECTED[line['reason']]}" for line in result.rejected]
    lines += [
        f"    rad {line['row']}, {line['column']}: numret finns redan på en anmälan med annan text"
        for line in result.duplicates
        if line["reason"] == NUMBER_TAKEN
    ]
    if result.in_doubt:
        lines.append("Att reda ut:")
    lines += [f"    rad {line['row']}, {line['column']}: {DOUBT[line['reason']]}" for line in result.in_doubt]
    return "\n".join(lines)
