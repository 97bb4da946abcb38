"""The analyst's start page: where the figures are. Numbers alone: no text, no case, nothing that waits."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.desk.sections import Line, Section
from lexheller.desk.start_reader import reports_line
from lexheller.organisations.models import Federation


def sections(actor: Actor, federation: Federation) -> list[Section]:
    slug = federation.slug
    return [
        Section(
            _("Det här kan du se"),
            [
                Line(
                    _("Läget i förbundet"),
                    url_for("improvement.overview", federation=slug),
                    _("Mellan vilka anmälningarna låg under det senaste hela året."),
                ),
                Line(
                    _("Årens siffror"),
                    url_for("action_reports.figures_only_index", federation=slug),
                    _("Det som åtgärdsrapporten räknar, år för år. Små tal visas inte."),
                ),
                reports_line(),
            ],
            first=True,
        ),
        Section(
            _("Det här väntar på dig"),
            [],
            empty=_("Inget väntar på dig. Du ser siffror, men inga texter och inga enskilda ärenden."),
        ),
    ]
