"""`lexheller freeze`: make an edition of what the director has approved, or approve it in the director's name first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.action_reports import editions
from lexheller.action_reports.doubtful import doubts_of
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.models import Edition
from lexheller.action_reports.service import FIRST_YEAR, LAST_YEAR
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations.models import Federation
from lexheller.web.doubts import LOOKS_LIKE

REFUSED = {
    editions.NOT_APPROVED: (
        "Rapporten är inte godkänd. Förbundschefen godkänner den i tjänsten, eller ange --approve-as med "
        "förbundschefens e-post."
    ),
    editions.NOT_ENDED: "Brytdagen är inte över. Rapporten kan frysas från och med {first}.",
    editions.CHANGED: "Siffrorna eller texten har ändrats sedan rapporten godkändes. Den behöver godkännas igen.",
}


@click.command("freeze")
@click.option("--federation", "slug", required=True, metavar="SLUG", help="Förbundet som rapporten gäller.")
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Kalenderår.")
@click.option(
    "--approve-as", "email", metavar="E-POST", help="Godkänn rapporten som den är nu i den här förbundschefens namn."
)
@click.option("--looked", is_flag=True, help="Det som ser ut att peka ut någon är läst och ska stå kvar.")
def freeze_report(slug: str, year: int, email: str | None, looked: bool) -> None:
    """Frys årets åtgärdsrapport till en utgåva som aldrig ändras."""
    with command_app().app_context(), transaction():
        edition = _frozen(federation_or_fail(slug), year, email, looked=looked)
        number, diary_number, checksum = edition.number, edition.diary_number, edition.hash
    click.echo(f"Utgåva {number} av åtgärdsrapporten för {year} är fryst med diarienummer {diary_number}.")
    click.echo(f"hash {checksum}")


def _frozen(federation: Federation, year: int, email: str | None, *, looked: bool) -> Edition:
    try:
        if email is not None:
            _approve(federation, year, email, looked=looked)
        return editions.freeze(OPERATOR, federation, year)
    except InvalidInput as refused:
        fail(REFUSED[refused.code].format(first=editions.first_day_to_freeze(federation, year)), code=1)


def _approve(federation: Federation, year: int, email: str, *, looked: bool) -> None:
    user = user_by_email(email)
    data = report_data(federation, year)
    try:
        if user is None:
            raise NotAllowedToSee("no such user")
        editions.approve(actor_for(user), federation, year, seen_hash=data["hash"], looked=looked, by_command=True)
    except NotAllowedToSee:
        fail(f"{email} är inte förbundschef i {federation.name} och kan inte godkänna rapporten.")
    except InvalidInput as refused:
        if refused.field != "looked":
            raise
        fail(_to_look_at(data), code=1)


def _to_look_at(data: Mapping[str, Any]) -> str:
    """What looks as if it named a person, a line each."""
    places = [f"- {LOOKS_LIKE[one.kind]}: {one.before}»{one.found}«{one.after}" for one in doubts_of(data)]
    return "\n".join(
        [
            "Det här står i rapporten och kan peka ut någon:",
            *places,
            "Ändra systemfelet eller åtgärden i tjänsten, eller ange --looked om det är läst och ska stå kvar.",
        ]
    )
