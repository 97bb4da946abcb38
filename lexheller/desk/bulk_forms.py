"""What a step on many cases asks for, once for all of them. The marked cases are read beside the form."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from lexheller.accounts.rights import Actor
from lexheller.core import clock
from lexheller.desk.bulk import BulkStep, Order
from lexheller.meetings.agenda import LONGEST_WHY
from lexheller.meetings.panel import choices as meeting_choices
from lexheller.meetings.queries import meeting_for
from lexheller.organisations import queries as organisations
from lexheller.web.forms import Form, short_text


class BulkForm(Form):
    """A step that asks for nothing."""

    def offer(self, actor: Actor, federation_id: int) -> None:
        """Fill the choices."""

    def order(self, actor: Actor, federation_id: int) -> Order:
        """What was asked for; to be called on a form that is valid."""
        return Order(BulkStep.REMIND)


class AssignForm(BulkForm):
    unit = SelectField(_l("Enhet som ska svara"), coerce=str, validators=[InputRequired(message=_l("Välj en enhet."))])

    def offer(self, actor: Actor, federation_id: int) -> None:
        answerable = organisations.answerable_unit_ids(federation_id, clock.today())
        grouped: dict[str, list[tuple[str, str]]] = {}
        for unit in (found for found in organisations.units(federation_id) if found.id in answerable):
            grouped.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
        self.unit.choices = {"": [("", _("Välj enhet"))], **grouped}

    def order(self, actor: Actor, federation_id: int) -> Order:
        return Order(BulkStep.ASSIGN, unit=organisations.unit_in(federation_id, int(self.unit.data)))


class ThemeForm(BulkForm):
    theme = SelectField(_l("Tema"), coerce=str, validators=[InputRequired(message=_l("Välj ett tema."))])

    def offer(self, actor: Actor, federation_id: int) -> None:
        rows = [(str(row.id), row.label) for row in organisations.themes(federation_id)]
        self.theme.choices = [("", _("Välj tema")), *rows]

    def order(self, actor: Actor, federation_id: int) -> Order:
        chosen = (row for row in organisations.themes(federation_id) if str(row.id) == self.theme.data)
        return Order(BulkStep.CLASSIFY, theme=next(chosen, None))


class AgendaForm(BulkForm):
    meeting = SelectField(_l("Möte"), coerce=str, validators=[InputRequired(message=_l("Välj ett möte."))])
    why = short_text(
        _l("Vad ska gruppen ta ställning till?"),
        required=_l("Skriv kort vad gruppen ska ta ställning till."),
        longest=LONGEST_WHY,
    )

    def offer(self, actor: Actor, federation_id: int) -> None:
        rows = [(str(meeting_id), when) for meeting_id, when in meeting_choices(actor, federation_id)]
        self.meeting.choices = [("", _("Välj möte")), *rows]

    def order(self, actor: Actor, federation_id: int) -> Order:
        meeting = meeting_for(actor, federation_id, int(self.meeting.data))
        return Order(BulkStep.AGENDA, meeting=meeting, why=self.why.data)


FORM_OF: Mapping[BulkStep, type[BulkForm]] = {
    BulkStep.ASSIGN: AssignForm,
    BulkStep.CLASSIFY: ThemeForm,
    BulkStep.REMIND: BulkForm,
    BulkStep.AGENDA: AgendaForm,
}
ASKS = frozenset(FORM_OF) - {BulkStep.REMIND}
