"""The registrar's start page: what waits in the diary and the archive, what came in, and what there is to read."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.deadlines.labels import left_in
from lexheller.desk.rules import Only
from lexheller.desk.sections import Line, Section, queue_href
from lexheller.desk.start_office import new_section
from lexheller.desk.waiting import lines_from_above
from lexheller.organisations.models import Federation


def sections(actor: Actor, federation: Federation) -> list[Section]:
    """Whoever keeps the records reads every case and changes none."""
    slug = federation.slug
    return [
        Section(
            _("Det här väntar på dig"),
            lines_from_above(actor, federation),
            empty=_("Inget väntar på dig just nu."),
            first=True,
        ),
        new_section(actor, federation, [], left_in(federation.id)),
        Section(
            _("Det här kan du göra"),
            [
                Line(
                    _("Lämna ut handlingar"),
                    url_for("records.releases", federation=slug),
                    _("Registrera det som någon begär att få läsa, pröva det och lämna ut det."),
                ),
                Line(
                    _("Se diariet"),
                    url_for("records.diary_index", federation=slug),
                    _("Allt som har fått ett diarienummer, och utdrag för en period."),
                ),
                Line(
                    _("Gallra"),
                    url_for("disposals.index", federation=slug),
                    _("Föreslå vad som ska tas bort enligt planen, eller besluta om det som en annan har föreslagit."),
                ),
                Line(
                    _("Läsa alla ärenden"),
                    queue_href(slug, only=Only.RUNNING),
                    _("Du ser allt som står i dem. Det är samordnaren som sköter dem."),
                ),
                Line(_("Läsa systemfelen"), url_for("improvement.faults", federation=slug)),
            ],
        ),
    ]
