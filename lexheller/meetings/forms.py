"""Forms of the meeting pages. `version` is the meeting as the person saw it, its agenda included (P13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional, ValidationError

from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.meetings.agenda import LONGEST_WHY
from lexheller.meetings.deciding import LONGEST_DECISION, LONGEST_WHO, Settlement
from lexheller.meetings.groups import LONGEST_NAME
from lexheller.meetings.labels import NTH, OUTCOME, REFUSED, TEXT, WEEKDAY
from lexheller.meetings.proposing import LONGEST_TITLE, Texts
from lexheller.meetings.rules import LONGEST_SERIES_DAYS, is_clock_time
from lexheller.meetings.service import Plan
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.meetings.texts import LONGEST
from lexheller.web.forms import Form, long_text, short_text

DAY_FORMAT = _l("Skriv datumet som år-månad-dag, till exempel 2026-03-14.")
WHY = _l("Vad ska gruppen ta ställning till?")
LOOKED = _l("Jag har läst det som är markerat. Det går inte att förstå vem någon är.")
LONGEST_ID = 2147483647


def number_in(written: object) -> int:
    """An id or a version from a hidden field; one that nothing has for a tampered value."""
    text = str(written or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if 0 < number <= LONGEST_ID else -1


class SeenForm(Form):
    version = HiddenField(validators=[InputRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        return number_in(self.version.data)


def _planned_until() -> date:
    """The end of the year, in late autumn of the next one."""
    today = clock.today()
    return date(today.year + (today.month >= 10), 12, 31)


class ClockForm(Form):
    """Hour and place, which a meeting and a whole series are given alike."""

    starts_at = short_text(_l("Klockan"), longest=5)
    place = short_text(_l("Plats"), longest=200, names=True)

    def validate_starts_at(self, field: StringField) -> None:
        if field.data and not is_clock_time(field.data):
            raise ValidationError(str(REFUSED["not_a_time"]))


class MeetingForm(ClockForm):
    held_on = DateField(_l("Datum"), validators=[InputRequired(message=DAY_FORMAT)])
    note = long_text(_l("Anteckning till dem som förbereder mötet"), longest=1000)

    @property
    def plan(self) -> Plan:
        return Plan(self.held_on.data, self.starts_at.data, self.place.data, self.note.data)

    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        self.put_error(problem.field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))


class ChangeForm(MeetingForm, SeenForm):
    pass


class NewMeetingForm(MeetingForm):
    """The group is chosen once: a meeting that is planned keeps it."""

    group = SelectField(_l("Vilka träffas?"), default=str(GroupKind.PREPARATORY), validators=[Optional()])

    @property
    def plan(self) -> Plan:
        return replace(super().plan, group=GroupKind(self.group.data or GroupKind.PREPARATORY))


class PatternForm(Form):
    """Which days a series has. It only asks for a preview, so it is sent as an address, and holds no text (P23)."""

    class Meta(Form.Meta):
        csrf = False

    group = SelectField(_l("Vilka träffas?"), default=str(GroupKind.PREPARATORY), validators=[Optional()])
    nth = SelectField(
        _l("Vilken gång i månaden?"),
        choices=[(str(nth), label) for nth, label in NTH.items()],
        default="3",
        validators=[InputRequired()],
    )
    weekday = SelectField(
        _l("Veckodag"),
        choices=[(str(day), label) for day, label in WEEKDAY.items()],
        default="3",
        validators=[InputRequired()],
    )
    first = DateField(_l("Från och med"), default=clock.today, validators=[InputRequired(message=DAY_FORMAT)])
    last = DateField(_l("Till och med"), default=_planned_until, validators=[InputRequired(message=DAY_FORMAT)])

    @property
    def kind(self) -> GroupKind:
        """The group that is asked for; an address from before there were several means the preparatory group."""
        return GroupKind(self.group.data or GroupKind.PREPARATORY)

    @property
    def is_asked(self) -> bool:
        """Whether somebody pressed the button; before that the form holds its defaults."""
        return bool(self.first.raw_data)

    def validate_last(self, field: DateField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("Sista dagen ligger före den första. Byt plats på dem."))
        if field.data and (field.data - clock.today()).days > LONGEST_SERIES_DAYS:
            raise ValidationError(_("Planera högst tre år framåt."))


class SeriesForm(ClockForm):
    """The days of a preview, those that stay ticked. `offered` are the days that may be chosen."""

    offered: frozenset[str] = frozenset()
    days = SelectMultipleField(
        _l("Möten att planera"), validate_choice=False, validators=[InputRequired(message=_l("Välj minst en dag."))]
    )

    def validate_days(self, field: SelectMultipleField) -> None:
        if not self.offered.issuperset(field.data or ()):
            raise ValidationError(_("Välj bland dagarna i listan."))


class PutForm(Form):
    """From a case's page: which meeting, and what for."""

    meeting_id = SelectField(
        _l("Möte"), coerce=str, validators=[InputRequired(message=_l("Välj ett möte."))], validate_choice=True
    )
    case_id = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])
    why = short_text(WHY, required=_l("Skriv kort vad gruppen ska ta ställning till."), longest=LONGEST_WHY)


class PutFaultForm(Form):
    """From a fault's page: which meeting, and what for."""

    meeting_id = SelectField(
        _l("Möte"), coerce=str, validators=[InputRequired(message=_l("Välj ett möte."))], validate_choice=True
    )
    fault_id = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])
    why = short_text(WHY, required=_l("Skriv kort vad gruppen ska ta ställning till."), longest=LONGEST_WHY)


class SendForm(SeenForm):
    looked = BooleanField(LOOKED)


class TextsForm(SeenForm):
    """The page that the group reads about an item; its verb and its page ask (P24)."""

    asks = False

    title = short_text(TEXT["title"], required=_l("Skriv en rubrik."), longest=LONGEST_TITLE)
    what = long_text(TEXT["what"], longest=LONGEST)
    how_often = long_text(TEXT["how_often"], longest=LONGEST)
    between = long_text(TEXT["between"], longest=LONGEST)
    tried = long_text(TEXT["tried"], longest=LONGEST)
    proposed = long_text(TEXT["proposed"], longest=LONGEST)
    looked = BooleanField(LOOKED)

    @property
    def texts(self) -> Texts:
        return Texts(*(self[name].data or "" for name in Texts.__slots__))


class SettleForm(SeenForm):
    """What the meeting made of one item; each item has its own, with a prefix."""

    outcome = RadioField(
        _l("Vad kom mötet fram till?"),
        choices=[(str(outcome), label) for outcome, label in OUTCOME.items()],
        validators=[InputRequired(message=_l("Välj vad mötet kom fram till."))],
    )
    decision = long_text(_l("Beslutet med mötets ord"), longest=LONGEST_DECISION)
    unit_id = SelectField(_l("Vilken enhet gör det?"), validators=[Optional()])
    who = short_text(_l("Eller någon annan"), longest=LONGEST_WHO, names=True)
    by_on = DateField(_l("Senast"), validators=[Optional()])
    make_action = BooleanField(_l("Gör beslutet till en åtgärd"))
    type_id = SelectField(_l("Typ av åtgärd"), validators=[Optional()])

    def offer(self, units: list[tuple[str, str]], types: list[tuple[str, str]]) -> None:
        self.unit_id.choices = [("", _("Ingen enhet")), *units]
        self.type_id.choices = types

    @property
    def settlement(self) -> Settlement:
        """Raises ValueError for an outcome that is none; `validate` says so before."""
        unit = self.unit_id.data
        return Settlement(
            Outcome(self.outcome.data),
            self.decision.data or "",
            int(unit) if unit else None,
            self.who.data or "",
            self.by_on.data,
        )

    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        field = {"due_on": "by_on", "description": "decision"}.get(problem.field, problem.field)
        self.put_error(field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))


class MemberForm(Form):
    user_id = SelectField(_l("Person"), validators=[InputRequired(message=_l("Välj en person."))])


class GroupNameForm(Form):
    name = short_text(_l("Vad ni kallar gruppen"), longest=LONGEST_NAME, names=True)


class AddForm(Form):
    """From the meeting's page: which case or fault, and what for."""

    number = short_text(
        _l("Ärendets eller systemfelets nummer"), required=_l("Skriv numret, till exempel 2026:11 / 4.")
    )
    why = short_text(WHY, required=_l("Skriv kort vad gruppen ska ta ställning till."), longest=LONGEST_WHY)


class ChooseForm(Form):
    """From the list of what waits for a meeting: the one to put it on."""

    to = HiddenField(validators=[InputRequired(message=_l("Välj ett möte."))])


class DirectionForm(SeenForm):
    direction = HiddenField(validators=[AnyOf(["up", "down"], message=_l("Ladda om sidan och försök igen."))])


def meeting_choices(meetings: list[tuple[int, str]], empty: Any) -> list[tuple[str, Any]]:
    """Select choices after an empty one."""
    return [("", empty), *((str(meeting_id), label) for meeting_id, label in meetings)]
