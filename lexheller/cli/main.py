"""The command group, and what the commands share: settings that fail by name, an application, an exit code."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from config import ConfigurationError
from lexheller.cli.checking import check
from lexheller.cli.database import init
from lexheller.cli.demonstration import demo
from lexheller.cli.figures import compile_report
from lexheller.cli.importing import import_sheet
from lexheller.cli.measuring import measure_scan
from lexheller.cli.scanning import scan
from lexheller.embedded.run import run as run_everything


@click.group()
def group() -> None:
    """Lex Heller: avvikelser mellan myndigheter, från anmälan till årlig åtgärdsrapport."""


@group.command("run")
def run() -> None:
    """Starta allt på den här datorn: webb, arbetare, klocka och kö."""
    sys.exit(run_everything())


for command in (init, demo, import_sheet, compile_report, scan, measure_scan, check):
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
