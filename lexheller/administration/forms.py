"""Forms of the settings pages. Each carries `seen`, the version of what it changes, where two could change it (P13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import AnyOf, DataRequired, Email, InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lexheller.accounts.rights import Role
from lexheller.administration.labels import ROLE, ROLE_MEANS, TEXT_STEP
from lexheller.core.errors import Conflict
from lexheller.organisations.models import ResponsibleManager, TextStep
from lexheller.organisations.service import ManagerDetails
from lexheller.web.forms import Form, NoIdentityNumbers, clean_text, long_text, short_text

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_NOTE = 500
DAY_MISSING = _l("Välj en dag.")


class SensibleDay:
    """A day within our century, so that nothing is counted from the year 1."""

    def __call__(self, form: Form, field: DateField) -> None:
        if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_("Kontrollera året."))


def day_field(label: Any, *, required: bool = True) -> DateField:
    presence = InputRequired(message=DAY_MISSING) if required else Optional()
    return DateField(label, validators=[presence, SensibleDay()])


def email_field(label: Any, *, required: Any = None) -> EmailField:
    presence = DataRequired(message=required) if required else Optional()
    return EmailField(
        label,
        filters=[clean_text],
        validators=[
            presence,
            Length(max=254),
            Email(message=_l("Adressen ser inte hel ut. Skriv den som namn@exempel.se."), allow_smtputf8=False),
            NoIdentityNumbers(),
        ],
    )


def note_field() -> StringField:
    return short_text(_l("Anteckning till historiken"), longest=LONGEST_NOTE)


class SeenForm(Form):
    """`seen` is the newest line of history about the thing when the page was drawn."""

    seen = HiddenField()

    @property
    def version(self) -> int:
        """Raises Conflict for one that no page of ours gave."""
        data = str(self.seen.data or "")
        if not (data.isascii() and data.isdigit() and len(data) < 10):
            raise Conflict("no version was seen")
        return int(data)


class NoteForm(Form):
    note = note_field()


class UnitForm(SeenForm):
    organisation = SelectField(_l("Organisation"), coerce=str, validators=[InputRequired(message=_l("Välj en."))])
    name = short_text(_l("Enhetens namn"), required=_l("Skriv vad enheten heter."), names=True)
    municipality = SelectField(_l("Kommun"), coerce=str, validators=[Optional()])
    note = note_field()


class ManagerForm(SeenForm):
    name = short_text(_l("Namn"), required=_l("Skriv chefens namn."), names=True)
    email = email_field(_l("E-post"), required=_l("Skriv chefens e-postadress. Dit skickas ärendena."))
    superior_name = short_text(_l("Chefens chef"), names=True)
    superior_email = email_field(_l("E-post till chefens chef"))
    valid_from = day_field(_l("Ansvarig från och med"))
    valid_to = day_field(_l("Till och med"), required=False)
    replaces = RadioField(_l("Efterträder någon?"), coerce=str, validators=[Optional()], default="")
    note = note_field()

    def details(self) -> ManagerDetails:
        return ManagerDetails(
            self.name.data, self.email.data, self.superior_name.data or None, self.superior_email.data or None
        )

    def offer(self, managers: Iterable[ResponsibleManager]) -> None:
        """Whom a new manager may come after; one of the answers always stands."""
        self.replaces.flags.required = True
        self.replaces.choices = [
            *((str(row.id), _("Ja, %(name)s, som slutar dagen innan", name=row.name)) for row in managers),
            ("", _("Nej")),
        ]


class LastDayForm(SeenForm):
    last_day = day_field(_l("Sista dag som ansvarig"))
    note = note_field()


class SubstitutionForm(Form):
    absent_email = SelectField(
        _l("Vem är borta?"), coerce=str, validators=[InputRequired(message=_l("Välj vem som är borta."))]
    )
    name = short_text(_l("Ersättarens namn"), required=_l("Skriv ersättarens namn."), names=True)
    email = email_field(_l("Ersättarens e-post"), required=_l("Skriv ersättarens e-postadress."))
    from_on = day_field(_l("Från och med"))
    to_on = day_field(_l("Till och med"))
    note = note_field()


class ThemeForm(SeenForm):
    label = short_text(_l("Temats namn"), required=_l("Skriv vad temat heter."), longest=120)
    note = note_field()


class SplitThemeForm(SeenForm):
    """The parts' names. `parts` has no field: what is said of them together stands on the first."""

    first = short_text(_l("Det första nya temat"), required=_l("Skriv vad temat heter."), longest=120)
    second = short_text(_l("Det andra nya temat"), required=_l("Skriv vad temat heter."), longest=120)
    third = short_text(_l("Ett tredje, om det behövs"), longest=120)
    fourth = short_text(_l("Ett fjärde, om det behövs"), longest=120)
    note = note_field()

    @property
    def labels(self) -> list[str]:
        return [str(field.data or "") for field in (self.first, self.second, self.third, self.fourth)]

    def put_error(self, name: str, message: str) -> None:
        super().put_error("first" if name == "parts" else name, message)


class MergeThemesForm(SeenForm):
    themes = SelectMultipleField(
        _l("Vilka teman ska slås ihop?"),
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    label = short_text(_l("Vad ska det heta?"), required=_l("Skriv vad temat heter."), longest=120)
    note = note_field()


class ClosedDayForm(Form):
    day = day_field(_l("Dag"))
    note = short_text(_l("Anledning"), required=_l("Skriv varför, till exempel ”Klämdag”. Den visas i ärendena."))


class TextForm(SeenForm):
    step = SelectField(
        _l("Var används texten?"),
        coerce=str,
        choices=[(step.value, TEXT_STEP[step]) for step in TextStep],
    )
    theme = SelectField(_l("Bara för ett tema?"), coerce=str, validators=[Optional()])
    title = short_text(_l("Rubrik i listan"), required=_l("Skriv en kort rubrik."), longest=120)
    text = long_text(_l("Text"), required=_l("Skriv texten."), longest=4000)


class InviteForm(Form):
    email = email_field(_l("E-post"), required=_l("Skriv personens e-postadress."))
    role = RadioField(
        _l("Roll"),
        choices=[],
        validators=[
            InputRequired(message=_l("Välj en roll.")),
            AnyOf([role.value for role in Role], message=_l("Välj en roll.")),
        ],
    )

    def offer(self) -> None:
        self.role.choices = [(role.value, f"{label}: {ROLE_MEANS[role]}") for role, label in ROLE.items()]


class RoleForm(Form):
    role = HiddenField(validators=[AnyOf([role.value for role in Role])])


class TakeUpForm(Form):
    kind = HiddenField(validators=[DataRequired(), Length(max=80)])
    problem = HiddenField(validators=[Length(max=120)])


def _number(label: Any, lowest: int, highest: int) -> IntegerField:
    def sensible(_form: Form, field: IntegerField) -> None:
        if field.data is None or not lowest <= field.data <= highest:
            raise ValidationError(
                _("Skriv ett heltal mellan %(lowest)s och %(highest)s.", lowest=lowest, highest=highest)
            )

    return IntegerField(label, validators=[InputRequired(message=_l("Skriv ett tal.")), sensible])


def _optional_number(label: Any) -> IntegerField:
    def sensible(_form: Form, field: IntegerField) -> None:
        if field.data is not None and not 1 <= field.data <= 250:
            raise ValidationError(_("Skriv ett heltal mellan 1 och 250."))

    return IntegerField(label, validators=[Optional(), sensible])


def _clock(label: Any) -> StringField:
    wrong = _l("Skriv klockslaget som timmar och minuter, till exempel 08:00.")
    return StringField(
        label,
        filters=[clean_text],
        validators=[DataRequired(message=wrong), Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", message=wrong)],
    )


class DeadlinesForm(Form):
    """Limits are those of `deadlines.settings`, which checks them again."""

    acknowledge_days = _number(_l("Ta emot eller skicka tillbaka, arbetsdagar"), 1, 100)
    answer_days = _number(_l("Svara, arbetsdagar"), 1, 250)
    extension_days = _number(_l("Längsta förlängning, arbetsdagar"), 0, 100)
    most_extensions = _number(_l("Hur många gånger svarstiden får förlängas"), 0, 10)
    remind_before_days = _number(_l("Påminn så många arbetsdagar innan"), 0, 100)
    escalate_1 = _optional_number(_l("Till chefens chef, arbetsdagar efter"))
    escalate_2 = _optional_number(_l("Till samordnaren, arbetsdagar efter"))
    escalate_3 = _optional_number(_l("Till förbundschefen, arbetsdagar efter"))
    quiet_from = _clock(_l("Tyst från"))
    quiet_to = _clock(_l("Tyst till"))
    digest_at = _clock(_l("Dagens mejl går ut"))
    not_solved_days = _number(_l("”Inte löst” kan anmälas i så många dagar"), 0, 365)
    follow_up_weeks = _number(_l("Fråga om det blev bra efter så många veckor"), 1, 52)
    link_days = _number(_l("En mejlad svarslänk gäller i så många dagar"), 1, 365)


class StillYouForm(Form):
    """The answer that it is somebody else: for which units, and, if they like, who."""

    managers = SelectMultipleField(
        _l("För vilka enheter är det någon annan?"),
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    who_now = short_text(_l("Vem är ansvarig nu?"), longest=200, names=True)
