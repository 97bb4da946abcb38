"""`lexheller check`: prove the promises on a live database. Exit code 1 when one is broken."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from lexheller.check.promises import PROMISES, broken_promises, totals
from lexheller.cli.application import command_app
from lexheller.core.db import one_moment, reading
from lexheller.core.transaction import nothing_kept


@click.command("check", help=f"Kontrollera löftena {', '.join(PROMISES)} i databasen. Ändrar ingenting.")
@click.option("--json", "as_json", is_flag=True, help="Skriv resultatet som JSON.")
def check(as_json: bool) -> None:
    with command_app().app_context(), reading(), nothing_kept():
        one_moment()
        findings, looked_at = broken_promises(), totals()
    if as_json:
        click.echo(
            json.dumps(
                {"ok": not findings, "promises": PROMISES, "findings": [asdict(one) for one in findings], **looked_at}
            )
        )
    else:
        click.echo(", ".join(f"{name} {count}" for name, count in looked_at.items()))
        for finding in findings:
            click.echo(f"{finding.promise} förbund {finding.federation_id} {finding.subject}: {finding.why}")
        if not findings:
            click.echo(f"Alla löften hålls: {', '.join(PROMISES)}.")
    sys.exit(1 if findings else 0)
