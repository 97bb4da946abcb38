"""The command group, and what the commands share: settings that fail by name, an application, an exit code."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from config import ConfigurationError
from lexheller.cli.accounts import account
from lexheller.cli.backing_up import backup, restore_file
from lexheller.cli.checking import check
from lexheller.cli.database import init
from lexheller.cli.demonstration import demo
from lexheller.cli.federations import federation
from lexheller.cli.figures import compile_report
from lexheller.cli.freezing import freeze_report
from lexheller.cli.importing import import_sheet
from lexheller.cli.incident import incident
from lexheller.cli.measuring import measure_scan
from lexheller.cli.proving import export_log, heads, verify
from lexheller.cli.rebuilding import rebuild_facts
from lexheller.cli.scanning import scan
from lexheller.cli.suggesting import measure_suggestions
from lexheller.core import tenancy
from lexheller.embedded.run import run as run_everything


@click.group()
@click.pass_context
def group(command: click.Context) -> None:
    """Lex Heller: avvikelser mellan myndigheter, från anmälan till årlig åtgärdsrapport."""
    command.with_resource(tenancy.everybody())  # whoever runs commands on the machine works for every federation


@group.command("run")
def run() -> None:
    """Starta allt på den här datorn: webb, arbetare, klocka och kö."""
    sys.exit(run_everything())


COMMANDS = (
    init,
    demo,
    federation,
    account,
    import_sheet,
    compile_report,
    freeze_report,
    scan,
    measure_scan,
    measure_suggestions,
    check,
    backup,
    restore_file,
    export_log,
    verify,
    heads,
    incident,
    rebuild_facts,
)

for command in COMMANDS:
    group.add_command(command)


def main() -> None:
    """Console entry. Wrong settings and a database that is not there are told on standard error, with exit code 2."""
    try:
        group()
    except ConfigurationError as problem:
        click.echo(str(problem), err=True)
    except (OperationalError, ProgrammingError):  # their messages quote statements and values
        click.echo("Databasen går inte att nå, eller är inte skapad. Kör `lexheller init` och försök igen.", err=True)
    except SQLAlchemyError as problem:
        click.echo(f"Databasen tog inte emot ändringen ({type(problem).__name__}). Försök igen.", err=True)
    sys.exit(2)
