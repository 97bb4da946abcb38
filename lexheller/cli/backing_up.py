"""`lexheller backup` and `lexheller restore`: what the operator reads, and exit codes. No word of what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import click
from flask_migrate import upgrade
from sqlalchemy.exc import ProgrammingError

from config import Use, load_settings
from lexheller.app.factory import create_app
from lexheller.app.health import newest_migration
from lexheller.backup.manifest import Manifest
from lexheller.backup.problems import Damage, DamagedArchiveError, Refusal, RefusedError
from lexheller.backup.restoring import demand_empty, demand_revision, needs_tables, proved, restore
from lexheller.backup.saving import Saved, save
from lexheller.backup.tables import revision, unknown_tables
from lexheller.cli.application import fail
from lexheller.core.db import reading
from lexheller.core.transaction import nothing_kept

DAMAGED = {
    Damage.NOT_WHOLE: "Filen är skadad, avklippt eller ingen säkerhetskopia.",
    Damage.OTHER_SUM: "Filen är en annan än den som summan hör till.",
    Damage.MANIFEST: "Innehållsförteckningen i säkerhetskopian går inte att använda ({what}).",
    Damage.TABLE: "Tabellen {what} är inte som innehållsförteckningen säger.",
    Damage.FILE: "Filen {what} är inte som innehållsförteckningen säger.",
    Damage.DOES_NOT_FIT: "Raderna i säkerhetskopian ryms inte i databasen ({what}).",
    Damage.NOT_EQUAL: "{what} blev inte lika med säkerhetskopian.",
}
REFUSED = {
    Refusal.FILE_EXISTS: "{file} finns redan och skrivs inte över. Välj ett annat namn.",
    Refusal.IN_USE: "En annan säkerhetskopiering skriver redan till {file}. Vänta tills den är klar.",
    Refusal.BEHIND: (
        "Databasen står på version {found}, programmet på {wanted}. "
        "Kopiera med den version som databasen hör till, eller kör `lexheller init` först."
    ),
    Refusal.FILTERED: (
        "Databasen visar inte alla rader för den här användaren ({tables}). "
        "Kör med en databasanvändare som får se allt (BYPASSRLS)."
    ),
    Refusal.OTHER_REVISION: (
        "Säkerhetskopian är gjord av Lex Heller {version} (databasversion {found}), och det här programmet har "
        "databasversion {wanted}. Installera version {version}, återställ där och uppgradera sedan med "
        "`lexheller init`."
    ),
    Refusal.NEWER_DATABASE: (
        "Databasen är gjord av ett nyare program (databasversion {found}, här {wanted}). Välj en ny, tom databas."
    ),
    Refusal.NOT_EMPTY: (
        "Databasen är inte tom: {count} tabeller har rader, bland annat {tables}. Återställ till en ny, tom databas "
        "(LEXHELLER_DATABASE_URL, eller en ny datamapp i LEXHELLER_DATA)."
    ),
    Refusal.DATABASE: (
        "Databasen svarar inte, eller används av något annat. Stäng webb, arbetare och klocka och försök igen."
    ),
}
UNTOUCHED = "Inget är ändrat."
LONGEST_SHOWN = 500


@click.command("backup")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Filen som säkerhetskopian blir."
)
@click.option("--json", "as_json", is_flag=True, help="Skriv resultatet som JSON.")
def backup(out: Path, as_json: bool) -> None:
    """Säkerhetskopiera allt till en fil, medan systemet är igång."""
    settings = load_settings(use=Use.COMMAND)
    with create_app(settings).app_context(), _told():
        with reading(), nothing_kept():
            left_out = unknown_tables() if revision() else []
        for name in left_out:
            click.echo(f"Ingår inte, hör inte till programmet: {name}", err=True)
        saved = save(
            out.absolute(),
            settings.heads_folder,
            version=version("lexheller"),
            newest=newest_migration() or "",
            tell=_say,
        )
    if as_json:
        click.echo(json.dumps({"file": str(out), "sha256": saved.sha256, **asdict(saved.manifest)}))
    else:
        click.echo(_summary(out, saved))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sha256", metavar="SUMMA", help="Summan som `lexheller backup` skrev: filen ska vara just den.")
@click.option("--verify", "only_verify", is_flag=True, help="Kontrollera bara filen, utan att röra någon databas.")
def restore_file(file: Path, sha256: str | None, only_verify: bool) -> None:
    """Återställ en säkerhetskopia till en tom installation: allt eller inget."""
    with _told(), proved(file, sha256=sha256) as found:
        click.echo(f"Filen är hel. {_contents(found.manifest)}", err=True)
        if only_verify:
            click.echo(f"Säkerhetskopian från {_shown(found.manifest.made_at)} är hel.")
            return
        newest = newest_migration() or ""
        demand_revision(found.manifest, newest)
        settings = load_settings(use=Use.COMMAND)
        if not settings.production:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with create_app(settings).app_context():
            _make_ready(newest)
            broken = restore(found, settings.heads_folder, tell=_say)
    click.echo(
        f"Återställt och lika med säkerhetskopian från {_shown(found.manifest.made_at)}: {_contents(found.manifest)} "
        "Kör `lexheller check` innan du startar."
    )
    for link in broken:
        click.echo(
            f"Händelsekedjan i förbund {link.federation_id} var bruten vid {link.sequence} redan i säkerhetskopian.",
            err=True,
        )


def _make_ready(newest: str) -> None:
    """Make the tables of an installation that has none, or old and empty ones."""
    if not needs_tables(newest):
        return
    with reading(), nothing_kept():
        if revision() is not None:
            demand_empty()
    upgrade()


@contextmanager
def _told() -> Iterator[None]:
    """A problem in words, and the exit code: 1 the archive is no good, 2 not here and now."""
    try:
        yield
    except DamagedArchiveError as problem:
        fail(f"{DAMAGED[problem.damage].format(what=_shown(problem.what))} {UNTOUCHED}", code=1)
    except RefusedError as problem:
        values = {name: _shown(value) for name, value in problem.values.items()}
        fail(f"{REFUSED[problem.refusal].format(**values)} {UNTOUCHED}")
    except ProgrammingError:
        fail(
            "Databasanvändaren får inte läsa eller skriva allt som behövs. Kör som den användare som äger tabellerna, "
            f"samma som för `lexheller init`. {UNTOUCHED}"
        )
    except OSError as problem:
        fail(f"{problem.filename or 'Filen'} går inte att läsa eller skriva: {problem.strerror}. {UNTOUCHED}")


def _shown(text: str) -> str:
    """What an archive says of itself: nothing that a terminal would obey, and not without end."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text)[:LONGEST_SHOWN])


def _say(table: str, rows: int) -> None:
    if rows:
        click.echo(f"{table}: {rows} rader", err=True)


def _contents(manifest: Manifest) -> str:
    return (
        f"{manifest.rows} rader i {len(manifest.tables)} tabeller, {len(manifest.heads)} händelsekedjor, "
        f"{len(manifest.editions)} utgåvor, {len(manifest.files)} filer."
    )


def _summary(out: Path, saved: Saved) -> str:
    return f"{out}: {_contents(saved.manifest)}\nSHA-256 {saved.sha256}"
