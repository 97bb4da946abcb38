"""`lexheller init`: make or migrate the database, and with --demo the demonstration federations."""

from __future__ import annotations

import click
from flask_migrate import upgrade

from config import Use, load_settings
from lexheller.app.factory import create_app
from lexheller.cli.application import fail
from lexheller.core.transaction import transaction
from lexheller.demo.setup import NotADemonstration, make_federations


@click.command("init")
@click.option("--demo", "with_demo", is_flag=True, help="Lägg också upp tre demonstrationsförbund, utan anmälningar.")
def init(with_demo: bool) -> None:
    """Skapa databasen, eller uppdatera den till programmets version."""
    settings = load_settings(use=Use.COMMAND)
    if not settings.production:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with create_app(settings).app_context():
        upgrade()
        if not with_demo:
            return
        try:
            with transaction():
                notes = make_federations(production=settings.production)
        except NotADemonstration:
            fail("Databasen har andra förbund. Demonstrationen läggs bara upp i en egen databas.")
        if settings.production:
            for note in notes:
                click.echo(f"{note.federation}\t{note.role}\t{note.email}\t{note.password}")
