"""Forms of the action pages. Those on one action carry the version that the person saw (P13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from lexheller.actions import queries as actions
from lexheller.actions.labels import JUDGEMENT, refused
from lexheller.actions.models import LONGEST_WHO, Action, ActionStatus
from lexheller.actions.service import Details, Done
from lexheller.actions.states import Judgement
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Unit
from lexheller.web.forms import Form, long_text, short_text
from lexheller.web.once import OnceForm

LONGEST_TEXT = 2000
LONGEST_ID = 2**31 - 1
MOST_REACHED = 1_000_000
FEDERATION, PERSON = "", "person"
RELOAD = _l("Ladda om sidan och försök igen.")
DAY = _l("Skriv datumet som år-månad-dag, till exempel 2026-03-14.")


def number_in(written: object) -> int:
    """An id or a version from a field; one that nothing has for a tampered value."""
    text = str(written or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if 0 < number <= LONGEST_ID else -1


class ActionPageForm(Form):
    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        self.put_error(problem.field, refused(problem.code))


class SeenForm(ActionPageForm):
    version = HiddenField(validators=[InputRequired(message=RELOAD)])

    @property
    def seen(self) -> int:
        return number_in(self.version.data)


class DetailsForm(ActionPageForm):
    """What is to be done, by whom and by when."""

    type = SelectField(_l("Typ av åtgärd"), coerce=str, validators=[InputRequired(message=_l("Välj en typ."))])
    description = long_text(_l("Vad ska göras?"), required=_l("Beskriv åtgärden med några ord."), longest=LONGEST_TEXT)
    owner = SelectField(_l("Vem gör det?"), coerce=str, validators=[Optional()])
    who = short_text(_l("Namn eller roll"), longest=LONGEST_WHO, names=True)
    due_on = DateField(_l("Klar senast"), validators=[Optional()])

    def offer(self, federation_id: int, action: Action | None = None) -> None:
        """The choices; what the action has already stays possible, also when it is out of use."""
        kinds = {row.id: row.label for row in actions.types(federation_id)}
        if action is not None and action.type is not None:
            kinds.setdefault(action.type.id, action.type.label)
        self.type.choices = [("", _("Välj typ")), *((str(row_id), label) for row_id, label in kinds.items())]
        units = organisations.units(federation_id)
        if action is not None and action.owner_unit is not None and action.owner_unit not in units:
            units = [*units, action.owner_unit]
        self.owner.choices = [
            (FEDERATION, _("Förbundet")),
            *((str(unit.id), f"{unit.name}, {unit.organisation.name}") for unit in units),
            (PERSON, _("Någon annan (skriv vem här nedanför)")),
        ]
        self._units = {str(unit.id): unit for unit in units}
        self._types = {str(row.id): row for row in actions.types(federation_id)}
        if action is not None and action.type is not None:
            self._types.setdefault(str(action.type.id), action.type)

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty field is not looked at by its own checks, so what depends on another is checked here."""
        valid: bool = super().validate(extra_validators)
        if self.owner.data == PERSON and not self.who.data and not self.who.errors:
            self.put_error("who", _("Skriv vem som gör det."))
            return False
        return valid

    @property
    def owner_unit(self) -> Unit | None:
        return self._units.get(self.owner.data)

    @property
    def details(self) -> Details:
        return Details(
            description=self.description.data,
            type=self._types.get(self.type.data),
            owner_unit=self.owner_unit,
            who=self.who.data if self.owner.data == PERSON else None,
            due_on=self.due_on.data,
        )


class ChangeForm(DetailsForm, SeenForm):
    pass


class NewForm(DetailsForm, OnceForm):
    """Planned, or already done; and what it is for. `cases` are diary numbers with commas between."""

    state = RadioField(
        _l("Läge"),
        choices=[
            (ActionStatus.PLANNED.value, _l("Den ska göras")),
            (ActionStatus.DONE.value, _l("Den är redan genomförd")),
        ],
        default=ActionStatus.PLANNED.value,
        validators=[InputRequired(message=_l("Välj något av alternativen."))],
    )
    action_on = DateField(_l("Genomförd den"), validators=[Optional()])
    cases = short_text(_l("Ärenden"), longest=400)
    fault = SelectField(_l("Vilket systemfel"), coerce=str, validators=[Optional()])

    def offer(self, federation_id: int, action: Action | None = None) -> None:
        super().offer(federation_id, action)
        self.fault.choices = fault_choices(federation_id)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.state.data == ActionStatus.DONE and not self.action_on.data and not self.action_on.errors:
            self.put_error("action_on", str(DAY))
            return False
        return valid

    def validate_action_on(self, field: DateField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(refused("not_yet"))

    @property
    def done(self) -> Done | None:
        if self.state.data != ActionStatus.DONE or self.action_on.data is None:
            return None
        return Done(self.action_on.data)

    @property
    def numbers(self) -> list[str]:
        return [number.strip() for number in (self.cases.data or "").split(",") if number.strip()]


class FinishForm(SeenForm):
    action_on = DateField(_l("Dag"), validators=[InputRequired(message=DAY)])
    done_what = long_text(_l("Vad gjordes?"), required=_l("Skriv med några ord vad som gjordes."), longest=LONGEST_TEXT)
    number_reached = short_text(_l("Hur många nådde den?"), longest=7)

    def validate_number_reached(self, field: StringField) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit() and int(field.data) <= MOST_REACHED):
            raise ValidationError(refused("negative"))

    @property
    def done(self) -> Done:
        reached = int(self.number_reached.data) if self.number_reached.data else None
        return Done(self.action_on.data, self.done_what.data, reached)


class CancelForm(SeenForm):
    why = long_text(_l("Varför blir den inte av?"), required=_l("Skriv kort varför."), longest=LONGEST_TEXT)


class ReopenForm(SeenForm):
    why = long_text(_l("Vad var det som inte blev gjort?"), required=_l("Skriv kort varför."), longest=LONGEST_TEXT)
    due_on = DateField(_l("Klar senast"), validators=[Optional()])


class JudgeForm(SeenForm):
    judgement = RadioField(
        _l("Hjälpte åtgärden?"),
        choices=[(judgement.value, JUDGEMENT[judgement]) for judgement in Judgement],
        validators=[InputRequired(message=_l("Välj det svar som stämmer bäst."))],
    )
    why = long_text(_l("Varför tror du det?"), required=_l("Skriv en mening om varför."), longest=LONGEST_TEXT)
    next_on = DateField(_l("Ny dag för uppföljning"), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.judgement.data == Judgement.TOO_EARLY and not self.next_on.data and not self.next_on.errors:
            self.put_error("next_on", _("Välj en dag då det går att bedöma, minst en månad fram."))
            return False
        return valid


class PlanFollowUpForm(SeenForm):
    due_on = DateField(_l("Dag för uppföljning"), validators=[InputRequired(message=DAY)])


class MoveForm(SeenForm):
    due_on = DateField(_l("Ny dag"), validators=[InputRequired(message=DAY)])


class LinkCaseForm(SeenForm):
    number = short_text(
        _l("Ärendets nummer"), required=_l("Skriv ärendets nummer, till exempel 2026:11 / 4."), longest=60
    )


class LinkFaultForm(SeenForm):
    fault = SelectField(
        _l("Vilket systemfel"), coerce=str, validators=[InputRequired(message=_l("Välj ett systemfel."))]
    )


def fault_choices(federation_id: int, without: Sequence[int] = ()) -> list[tuple[str, str]]:
    rows = [fault for fault in actions.faults_to_link(federation_id) if fault.id not in without]
    return [("", _("Inget valt")), *((str(fault.id), f"{fault.number} {fault.title}") for fault in rows)]


def known_details(action: Action) -> dict[str, object]:
    """What the form of an action is filled with at first."""
    owner = str(action.owner_unit_id) if action.owner_unit_id else PERSON if action.who else FEDERATION
    return {
        "version": action.version,
        "type": str(action.type_id or ""),
        "description": action.description,
        "owner": owner,
        "who": action.who or "",
        "due_on": action.due_on,
    }
