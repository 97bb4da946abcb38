"""The start page of somebody who reads published yearly reports, in one federation or in several."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lexheller.accounts.rights import RIGHTS, Actor, Right
from lexheller.desk.sections import Line, Section
from lexheller.organisations.models import Federation


def only_reads(actor: Actor) -> bool:
    """Whether nothing but published reports is open to the actor, wherever there is a role."""
    held = {right for roles in actor.roles.values() for role in roles for right in RIGHTS[role]}
    return held == {Right.READ_EDITIONS}


def reports_line() -> Line:
    return Line(
        _("Åtgärdsrapporterna"),
        url_for("action_reports.national"),
        _("De som är publicerade, i alla förbund som du får läsa, i en lista."),
    )


def sections(actor: Actor, federation: Federation) -> list[Section]:
    return [
        Section(_("Det här kan du läsa"), [reports_line()], first=True),
        Section(
            _("Det här väntar på dig"),
            [],
            empty=_("Inget väntar på dig. När ett förbund publicerar en ny rapport står den i listan."),
        ),
    ]
