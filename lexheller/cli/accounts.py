"""`lexheller account`: shut an account out of every federation, open it again, and take off a lost second step."""

from __future__ import annotations

import click

from lexheller.accounts import second_step, service
from lexheller.accounts.models import User
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
        with transaction():
            second_step.take_off(OPERATOR, user, federation_id=_home_or_fail(user))
    click.echo("Borttagen. Personen är utloggad och får ett mejl.")


@account.command("shut")
@click.argument("email")
def shut(email: str) -> None:
    """Stäng kontot EMAIL i alla förbund. Rollerna finns kvar och ger ingenting förrän kontot öppnas igen."""
    with command_app().app_context():
        user = user_by_email(email)
        if user is None or not user.active:
            fail("Det finns inget öppet konto med den adressen.")
        with transaction():
            service.disable(OPERATOR, user, federation_id=_home_or_fail(user))
    click.echo("Stängt. Personen är utloggad överallt och är inte ansvarig chef eller ersättare någonstans.")


@account.command("open")
@click.argument("email")
def open_again(email: str) -> None:
    """Öppna kontot EMAIL, som har varit stängt. Förvissa dig först om vem som frågar."""
    with command_app().app_context():
        user = user_by_email(email)
        if user is None or user.active:
            fail("Det finns inget stängt konto med den adressen.")
        with transaction():
            service.enable(OPERATOR, user, federation_id=_home_or_fail(user))
    click.echo(
        "Öppnat. Personen loggar in som förut, med sina roller. Ansvaret för enheter får förbundet lägga in på nytt."
    )


def _home_or_fail(user: User) -> int:
    """The federation in whose log it stands."""
    try:
        return home_of(user)
    except NotAllowedToSee:
        fail("Kontot hör inte till något förbund.")
