"""What happens to cases in the stories of the recount beside their straight way, each through its verb."""

from __future__ import annotations

import datetime

from lexheller.cases.models import Case
from lexheller.cases.states import CloseReason
from lexheller.casework import closing, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow, may_object
from lexheller.intake.importing import Import
from lexheller.intake.service import Channel, register_on_behalf
from lexheller.intake.spreadsheet.reading import Sheet
from lexheller.intake.spreadsheet.rows import SheetRow
from lexheller.organisations.models import Municipality, Organisation, Theme
from tests.cast.people import Cast


def told_on_the_phone(cast: Cast, given: dict[str, object]) -> Case:
    """The day before, in Sweden."""
    submission = cast.submission(**given)
    told_on = clock.today() - datetime.timedelta(days=1)
    return register_on_behalf(cast.coordinator, cast.federation(), submission, Channel.PHONE, told_on)


def merge_if_possible(cast: Cast, case: Case) -> bool:
    runs = db.select(Case).where(Case.federation_id == case.federation_id, Case.status != "closed", Case.id < case.id)
    into = db.session.scalars(runs.order_by(Case.id)).first()
    if into is None or case.status in ("received", "closed"):
        return False
    closing.merge(cast.coordinator, case, into, seen=case.version)
    return True


def merge_by_mistake(cast: Cast, case: Case, days: int) -> None:
    """Taken apart so many days later."""
    if merge_if_possible(cast, case):
        with clock.at(clock.now() + datetime.timedelta(days=days)):
            closing.reopen(cast.coordinator, case, seen=case.version)


def withdraw(cast: Cast, case: Case, days: int) -> None:
    """Of two that were asked one answers; so many days later the other need not, and that answer is the case's."""
    _answered, spared = cast.ask_two(case)
    cast.answer(case)
    with clock.at(clock.now() + datetime.timedelta(days=days)):
        sending.withdraw(cast.coordinator, case, spared, seen=spared.version)


def say_not_solved(cast: Cast, case: Case, days: int) -> None:
    """Some days after it was answered, or closed where nobody had it; then it is closed."""
    if case.status == "assigned":
        cast.answer(case)
    else:
        closing.close(cast.coordinator, case, CloseReason.OTHER, "Inget att göra.", seen=case.version)
    with clock.at(clock.now() + datetime.timedelta(days=days)):
        followed = follow(case)
        if may_object(followed.now):
            reporter_steps.say_not_solved(followed, "Det händer fortfarande.")
            closing.close(cast.coordinator, case, CloseReason.SOLVED, "Klart.", seen=case.version)


def import_history(
    cast: Cast,
    came: datetime.date,
    answered: datetime.date | None,
    about: tuple[Organisation | None, Municipality | None, Theme | None],
    action_on: datetime.date,
) -> None:
    """One row of a spreadsheet. An answer dated before its report is a slip that has no length."""
    organisation, municipality, theme = about
    federation, written = cast.federation(), f"Rad {db.session.query(Case).count()}"
    row = SheetRow(
        row=2,
        diary_number=None,
        received_on=came,
        municipality=municipality.name if municipality else None,
        reporting_organisation="Habo kommun",
        reporting_unit=None,
        concerned_organisation=organisation.name if organisation else None,
        concerned_unit=None,
        theme=theme.label if theme else None,
        what_happened=written,
        consequence=None,
        done_at_once=None,
        proposal=None,
        answer="Vi har ändrat rutinen." if answered else None,
        answered_on=answered,
        action_type="Utbildning" if organisation else None,
        action=f"Kurs. {written}",
        action_on=action_on,
        status="Avslutad" if theme else None,
    )
    Import(federation, Sheet([row], [], 1, [], [])).take([row])
