"""`lexheller account codes-off`: for somebody without phone and recovery codes whom no colleague may help."""

from __future__ import annotations

import click

from lexheller.accounts import second_step
from lexheller.accounts.own_account import home_of
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.cli.application import command_app, fail
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.transaction import transaction


@click.group("account")
def account() -> None:
    """Konton: det som bara den som driver programmet får göra."""


@account.command("codes-off")
@click.argument("email")
def codes_off(email: str) -> None:
    """Ta bort tvåstegsinloggningen för EMAIL. Förvissa dig först om vem som frågar."""
    with command_app().app_context():
        user = user_by_email(email)
        if user is None or not second_step.is_on(user):
            fail("Ingen med den adressen har tvåstegsinloggning.")
        try:
            with transaction():
                second_step.take_off(OPERATOR, user, federation_id=home_of(user))
        except NotAllowedToSee:
            fail("Kontot hör inte till något förbund.")
    click.echo("Borttagen. Personen är utloggad och får ett mejl.")
