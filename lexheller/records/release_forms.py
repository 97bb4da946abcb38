"""Forms of the diary and the release pages. `version` is what the person saw of it (P13)."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.meetings.forms import number_in
from lexheller.records.release_labels import DECISION, DOCUMENT, PARAGRAPH, REFUSED
from lexheller.records.release_states import (
    LONGEST_ADDRESS,
    LONGEST_ASKED,
    LONGEST_NAME,
    LONGEST_WORDS,
    Decision,
    DocumentKind,
    Paragraph,
)
from lexheller.web.forms import Form, long_text, short_text
from lexheller.web.once import OnceForm

DAY_FORMAT = _l("Skriv datumet som år-månad-dag, till exempel 2026-03-14.")


class SeenForm(Form):
    version = HiddenField(validators=[InputRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        return number_in(self.version.data)

    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        words = REFUSED.get(f"{problem.field}.{problem.code}", _l("Kontrollera fältet."))
        self.put_error(problem.field, str(words))


class RequestForm(OnceForm):
    asked_for = long_text(_l("Vad begärs ut?"), required=REFUSED["asked_for.required"], longest=LONGEST_ASKED)
    asked_on = DateField(_l("När kom begäran?"), validators=[InputRequired(message=DAY_FORMAT)])
    asked_by = short_text(_l("Vem frågar, om de har sagt det"), longest=LONGEST_NAME, names=True)
    answer_to = short_text(_l("Vart svaret ska, om de har sagt det"), longest=LONGEST_ADDRESS, names=True)

    def refused(self, problem: InvalidInput) -> None:
        words = REFUSED.get(f"{problem.field}.{problem.code}", _l("Kontrollera fältet."))
        self.put_error(problem.field, str(words))


class PeriodForm(Form):
    """In the address: what a period holds is shown before anything is picked."""

    class Meta(Form.Meta):
        csrf = False

    first = DateField(_l("Från och med"), validators=[InputRequired(message=DAY_FORMAT)])
    last = DateField(_l("Till och med"), validators=[InputRequired(message=DAY_FORMAT)])

    def validate_last(self, field: DateField) -> None:
        if field.data is not None and self.first.data is not None and field.data < self.first.data:
            raise ValidationError(str(_l("Sista dagen måste komma efter den första.")))

    @property
    def days(self) -> tuple[date, date]:
        return self.first.data, self.last.data


class KindsForm(PeriodForm):
    kinds = SelectMultipleField(
        _l("Vilka handlingar?"),
        choices=[(str(kind), label) for kind, label in DOCUMENT.items()],
        validators=[InputRequired(message=REFUSED["documents.required"])],
    )

    @property
    def chosen(self) -> list[DocumentKind]:
        return [DocumentKind(kind) for kind in self.kinds.data or ()]


class JudgementForm(SeenForm):
    """`words`: to be hidden wherever they stand, one a line. Ticks stand in `hide`, made by `release_ticks`."""

    text_hash = HiddenField(validators=[InputRequired(message=_l("Ladda om sidan och försök igen."))])
    words = long_text(_l("Andra ord som ska maskas, ett på varje rad"), longest=LONGEST_WORDS, names=True)
    decision = RadioField(
        _l("Beslut"),
        choices=[(str(decision), label) for decision, label in DECISION.items()],
        validators=[InputRequired(message=_l("Välj vad som ska gälla för handlingen."))],
    )
    paragraphs = SelectMultipleField(
        _l("Bestämmelser som gör uppgifterna hemliga"),
        choices=[(str(paragraph), label) for paragraph, label in PARAGRAPH.items()],
    )
    own_words = long_text(_l("Motivering eller annan bestämmelse"), longest=LONGEST_WORDS)

    @property
    def chosen(self) -> Decision:
        return Decision(self.decision.data)

    @property
    def reasons(self) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(code) for code in self.paragraphs.data or ())


def this_year() -> tuple[date, date]:
    """What a period begins as: this year so far."""
    today = clock.today()
    return date(today.year, 1, 1), today
