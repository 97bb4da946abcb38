"""`lexheller rebuild-facts`: make the facts that figures are counted from anew, from the event log alone."""

from __future__ import annotations

import click

from lexheller.cli.application import command_app
from lexheller.core.transaction import transaction
from lexheller.organisations.queries import federations
from lexheller.statistics.facts import note_missing, rebuild


@click.command("rebuild-facts")
def rebuild_facts() -> None:
    """Räkna om underlaget till siffrorna från händelseloggen. Kan köras när som helst och ändrar inget annat."""
    with command_app().app_context():
        for federation_id, slug in [(federation.id, federation.slug) for federation in federations()]:
            with transaction():
                note_missing(federation_id)
                count = rebuild(federation_id)
            click.echo(f"{slug}: {count['case']} ärenden, {count['fault']} systemfel, {count['action']} åtgärder")
