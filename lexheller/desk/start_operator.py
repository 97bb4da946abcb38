"""The start page of whoever keeps the program running: whether something is stuck."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.rights import Actor
from lexheller.administration.operation import late_count, parked_count
from lexheller.desk.sections import Line, Section
from lexheller.organisations.models import Federation


def sections(actor: Actor, federation: Federation) -> list[Section]:
    href = url_for("administration.operation", federation=federation.slug)
    parked, late = parked_count(federation.id), late_count(federation.id)
    lines = []
    if parked:
        text = ngettext("En uppgift i systemet har fastnat", "%(num)d uppgifter i systemet har fastnat", parked)
        lines.append(Line(text, href, late=True))
    if late:
        text = ngettext("En uppgift väntar på att göras", "%(num)d uppgifter väntar på att göras", late)
        lines.append(Line(text, href, _("De brukar vara gjorda inom en minut.")))
    return [
        Section(_("Det här behöver dig nu"), lines, empty=_("Inget har fastnat."), first=True),
        Section(
            _("Det här kan du göra"),
            [Line(_("Se vad som väntar och försöka igen"), href, _("Du ser slag och antal, men inga ärenden."))],
        ),
    ]
