"""An application for a command: the database is enough, unless the command sends or makes secrets."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask import Flask

from config import Use, load_settings
from lexheller.app.factory import create_app
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_by_slug, federations
from lexheller.privacy.scanner import mask, stops


def command_app(use: Use = Use.COMMAND) -> Flask:
    """Raises ConfigurationError naming what is missing."""
    return create_app(load_settings(use=use))


def federation_or_fail(slug: str) -> Federation:
    """The federation, or a message with the ones there are, and exit code 2."""
    found = federation_by_slug(slug)
    if found is None:
        known = ", ".join(federation.slug for federation in federations()) or "inga"
        fail(f"Det finns inget förbund som heter {slug!r}. Förbund här: {known}.")
    return found


def fail(message: str, code: int = 2) -> NoReturn:
    """Say it on standard error and leave. A message may quote what was typed, and be kept in a log of jobs (P23)."""
    click.echo(mask(message, stops(message)), err=True)
    sys.exit(code)
