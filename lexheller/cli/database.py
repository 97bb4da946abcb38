"""`lexheller init`: make or migrate the database, and with --demo the demonstration federations."""

from __future__ import annotations

import click
import structlog
from flask_migrate import upgrade

from config import Settings, Use, load_settings
from lexheller.app.factory import create_app
from lexheller.cli.application import fail
from lexheller.cli.granting import grant
from lexheller.core.transaction import transaction
from lexheller.demo.roles import make_shared_people
from lexheller.demo.setup import NotADemonstration, make_federations
from lexheller.organisations.queries import federations
from lexheller.records import diary
from lexheller.statistics.facts import note_missing

log = structlog.get_logger(__name__)


@click.command("init")
@click.option("--demo", "with_demo", is_flag=True, help="Lägg också upp tre demonstrationsförbund, utan anmälningar.")
@click.option(
    "--grant-to", metavar="ROLL", help="PostgreSQL: ge programmets databasroll rätt till tabellerna, inte mer."
)
def init(with_demo: bool, grant_to: str | None) -> None:
    """Skapa databasen, eller uppdatera den till programmets version."""
    settings = load_settings(use=Use.COMMAND)
    if grant_to is not None and settings.database_url.startswith("sqlite"):
        fail("SQLite har inga roller. Ta bort --grant-to.")
    if not settings.production:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with create_app(settings).app_context():
        upgrade()
        if grant_to is not None:
            with transaction():
                grant(grant_to)
        missed = _note_missing()
        if with_demo:
            _demonstrate(settings)
    if missed:
        fail(
            f"Underlaget till siffrorna gick inte att skriva för {', '.join(missed)}. Se loggen. "
            "Det andra är klart: rätta felet och kör lexheller init igen.",
            code=1,
        )


def _note_missing() -> list[str]:
    """Write the facts that an older version did not. Each federation by itself; those that failed, by their slugs."""
    missed = []
    for federation_id, slug in [(federation.id, federation.slug) for federation in federations()]:
        try:
            with transaction():
                note_missing(federation_id)
                diary.note_missing(federation_id)
        except Exception:
            log.exception("facts_not_noted", federation_id=federation_id)
            missed.append(slug)
    return missed


def _demonstrate(settings: Settings) -> None:
    try:
        with transaction():
            notes = make_federations(production=settings.production)
            notes += make_shared_people(production=settings.production)
    except NotADemonstration:
        fail("Databasen har andra förbund. Demonstrationen läggs bara upp i en egen databas.")
    if settings.production:
        for note in notes:
            click.echo(f"{note.federation}\t{note.role}\t{note.email}\t{note.password}")
