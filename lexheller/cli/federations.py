"""`lexheller federation add`: a new federation, its members and lists, and an invitation to its coordinator."""

from __future__ import annotations

import click

from config import Use
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.actions.models import ActionType
from lexheller.administration import people
from lexheller.cli.application import command_app, fail
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.demo.data import ACTION_TYPES, THEMES
from lexheller.organisations.founding import Member, Place, add_federation
from lexheller.organisations.lists import add_theme
from lexheller.organisations.models import Federation, OrganisationKind
from lexheller.privacy.refusal import IDENTITY_NUMBER

KINDS = {
    "statlig": OrganisationKind.STATE,
    "region": OrganisationKind.REGION,
    "insats": OrganisationKind.ACTIVITY,
}
REFUSED = {
    ("slug", "form"): "Adressen får ha små bokstäver a–z, siffror och bindestreck.",
    ("slug", "taken"): "Det finns redan ett förbund med den adressen.",
    ("name", "missing"): "Förbundet behöver ett namn.",
    ("name", "taken"): "Det finns redan ett förbund med det namnet.",
    ("municipality", "code"): "Kommunkoden ska ha fyra siffror, till exempel Habo:0643.",
    ("municipality", "other_code"): "Kommunen finns redan med ett annat namn eller en annan kod.",
}


@click.group()
def federation() -> None:
    """Förbunden i installationen."""


@federation.command("add")
@click.option("--slug", required=True, help="Förbundets del av adressen, till exempel sodra-vatterbygden.")
@click.option("--name", required=True, help="Namnet i vardagen, till exempel Södra Vätterbygden.")
@click.option(
    "--organisation",
    "organisations",
    multiple=True,
    metavar="NAMN:SLAG",
    help="Medlem eller insats; slag är statlig, region eller insats. Kan anges flera gånger.",
)
@click.option(
    "--municipality",
    "municipalities",
    multiple=True,
    metavar="KOMMUN:KOD[:ORGANISATION]",
    help="Till exempel ”Jönköping:0680:Jönköpings kommun”. Kan anges flera gånger.",
)
@click.option("--coordinator", metavar="E-POST", help="Bjud in den här personen som samordnare.")
def add(
    slug: str, name: str, organisations: tuple[str, ...], municipalities: tuple[str, ...], coordinator: str | None
) -> None:
    """Lägg till ett förbund. Teman och åtgärdstyper börjar med de vanliga; enheter och regler läggs in på sidorna."""
    members = [_member(written) for written in organisations]
    places = [_place(written) for written in municipalities]
    with command_app(Use.SERVICE if coordinator else Use.COMMAND).app_context():
        try:
            with transaction():
                made = add_federation(OPERATOR, slug=slug, name=name, members=members, places=places)
                _usual_lists(made)
                if coordinator:
                    people.invite(OPERATOR, made.id, coordinator, Role.COORDINATOR)
        except InvalidInput as refused:
            if refused.code == IDENTITY_NUMBER:
                fail("Ta bort personnumret. Inget är sparat.")
            fail(REFUSED.get((refused.field, refused.code), f"{refused.field}: {refused.code}"))
    click.echo(f"Förbundet {name} finns nu, med {len(members) + len(places)} medlemmar.")
    if coordinator:
        click.echo(f"{coordinator} får ett mejl när arbetaren är igång.")


def _usual_lists(made: Federation) -> None:
    for label in THEMES:
        add_theme(OPERATOR, made.id, label)
    for position, (key, label) in enumerate(ACTION_TYPES):
        db.session.add(ActionType(federation_id=made.id, key=key, label=label, position=position))
    db.session.flush()


def _member(written: str) -> Member:
    name, _colon, kind = written.rpartition(":")
    if not name.strip() or kind.strip() not in KINDS:
        fail(f"”{written}” går inte att läsa. Skriv till exempel ”Försäkringskassan:statlig”.")
    return Member(name.strip(), KINDS[kind.strip()])


def _place(written: str) -> Place:
    parts = [part.strip() for part in written.split(":")]
    if len(parts) not in {2, 3} or not parts[0]:
        fail(f"”{written}” går inte att läsa. Skriv till exempel ”Habo:0643”.")
    return Place(parts[0], parts[1], parts[2] if len(parts) == 3 else f"{parts[0]} kommun")
