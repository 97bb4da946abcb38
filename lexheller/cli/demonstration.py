"""`lexheller demo`: fill an empty demonstration with two years of cases, and tell its sign-ins."""

from __future__ import annotations

import click

from config import Use, load_settings
from lexheller.accounts.rights import Role
from lexheller.cli.application import command_app, fail
from lexheller.demo.fill import fill
from lexheller.demo.roles import shared_sign_ins
from lexheller.demo.setup import known_sign_ins

ROLE = {
    Role.COORDINATOR: "samordnare",
    Role.MANAGER: "ansvarig chef",
    Role.DIRECTOR: "förbundschef",
    Role.MEMBER: "gruppmedlem",
    Role.REGISTRAR: "registrator",
    Role.ANALYST: "analytiker",
    Role.ADMINISTRATOR: "administratör",
    Role.OPERATOR: "drifttekniker",
    Role.NATIONAL_READER: "nationell läsare",
}


@click.group()
def demo() -> None:
    """Demonstrationens innehåll."""


@demo.command("fill")
def fill_demo() -> None:
    """Fyll en tom databas med två års ärenden. En databas med anmälningar lämnas som den är."""
    if load_settings(use=Use.COMMAND).production:
        fail("En databas i produktion fylls inte med påhittade ärenden.")
    with command_app(Use.SERVICE).app_context():
        for done in fill():
            if done % 10 == 0:
                click.echo(f"{done} ärenden", err=True)


@demo.command("sign-ins")
def sign_ins() -> None:
    """Visa vem man kan logga in som."""
    if load_settings(use=Use.COMMAND).production:
        click.echo("I produktion visas lösenorden bara när `lexheller init --demo` skapar dem.", err=True)
        return
    notes = [*known_sign_ins(), *shared_sign_ins()]
    click.echo(f"Lösenord för alla: {notes[0].password}")
    for note in notes:
        click.echo(f"  {note.email:<44} {ROLE[Role(note.role)]:<17} {note.federation}")
