"""The forms of disposal: a plan as it was adopted, a day to try, and the buttons that decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional

from lexheller.core.errors import InvalidInput
from lexheller.records.disposal_labels import AFTER, COUNTED_FROM, KIND, REFUSED
from lexheller.records.disposal_rules import DECIDED, USUAL_WAIT, After, DocumentKind, Plan, Rule
from lexheller.web.forms import Form, short_text

DAY = _l("Skriv datumet som år-månad-dag, till exempel 2026-03-14.")
NUMBER = _l("Skriv ett helt tal, till exempel 5.")
FILL_IN = _l("Fyll i fältet.")
LONGEST_ID = 2147483647


class SeenForm(Form):
    version = HiddenField()

    @property
    def seen(self) -> int:
        """What the page said that it showed; one that nothing has for a tampered value."""
        text = str(self.version.data or "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
        return number if number <= LONGEST_ID else -1

    def refused(self, problem: InvalidInput) -> None:
        self.put_error(problem.field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))


class PlanForm(SeenForm):
    """A kind without a number is kept. The fields of each kind, `case_kept` and so on, are added below."""

    decision = short_text(_l("Beslut"), required=FILL_IN)
    adopted_on = DateField(_l("Beslutad den"), validators=[InputRequired(message=DAY)])
    adopted_by = short_text(_l("Beslutad av"), required=FILL_IN)
    wait_days = IntegerField(
        _l("Dagar mellan beslut och gallring"), default=USUAL_WAIT, validators=[InputRequired(message=NUMBER)]
    )

    @property
    def plan(self) -> Plan:
        rules = {kind: rule for kind in DocumentKind if (rule := self._rule(kind)) is not None}
        return Plan(self.decision.data, self.adopted_on.data, self.adopted_by.data, self.wait_days.data, rules)

    def _rule(self, kind: DocumentKind) -> Rule | None:
        kept: int | None = self[f"{kind}_kept"].data
        if kept is None:
            return None
        after = After(self[f"{kind}_after"].data or After.YEAR_END) if kind in DECIDED else After.CLOSED
        return Rule(kept, after, self[f"{kind}_ground"].data or "")


def _fields_of(kind: DocumentKind) -> Iterator[tuple[str, Any]]:
    what = KIND[kind]
    years = _l("%(kind)s: antal år", kind=what)
    yield (
        f"{kind}_kept",
        IntegerField(years if kind in DECIDED else _l("%(kind)s: antal dagar", kind=what), validators=[Optional()]),
    )
    if kind in DECIDED:
        choices = [(str(after), words) for after, words in AFTER.items()]
        asked = _l("Räknat från när %(what)s", what=COUNTED_FROM[kind])
        yield (
            f"{kind}_after",
            RadioField(asked, choices=choices, default=str(After.YEAR_END), validators=[Optional()]),
        )
    yield f"{kind}_ground", short_text(_l("%(kind)s: grund i beslutet", kind=what), longest=300)


for _kind in DocumentKind:
    for _name, _field in _fields_of(_kind):
        setattr(PlanForm, _name, _field)


class DayForm(Form):
    """Asks for a preview alone, so it is sent as an address."""

    class Meta(Form.Meta):
        csrf = False

    dag = DateField(_l("Som det ser ut den"), validators=[InputRequired(message=DAY)])


class ProposeForm(SeenForm):
    as_of = HiddenField()


class DecideForm(SeenForm):
    sure = BooleanField(
        _l("Jag har läst listan. Det här går inte att ångra när väntetiden är slut."),
        validators=[InputRequired(message=_l("Kryssa i att du har läst listan."))],
    )
