"""Forms of the draft's and editions' pages. `version` is what the person saw (P13), 0 where there was none."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField
from wtforms.validators import AnyOf, InputRequired

from lexheller.action_reports.drafting import LONGEST_TEXT, latest_cut_off
from lexheller.action_reports.goal_rows import LONGEST_COMMENT, LONGEST_GOAL, Goal
from lexheller.action_reports.labels import FULFILMENT, REFUSED
from lexheller.action_reports.outline import HEADING
from lexheller.action_reports.states import Fulfilment
from lexheller.core.errors import InvalidInput
from lexheller.web.forms import Form, long_text, short_text

RELOAD = _l("Ladda om sidan och försök igen.")
LOOKED = _l("Jag har läst det som är markerat. Det går inte att förstå vem någon är.")
HIGHEST = 2**31 - 1


class SeenForm(Form):
    version = HiddenField(validators=[InputRequired(message=RELOAD)])

    @property
    def seen(self) -> int:
        """What nothing has for a tampered value."""
        written = str(self.version.data or "")
        fits = written.isascii() and written.isdigit() and len(written) <= 10 and int(written) <= HIGHEST
        return int(written) if fits else -1

    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        self.put_error(problem.field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))


class TextsForm(SeenForm):
    """A text for each chapter, named by its key; whichever button is pressed, all are sent. The verb asks (P24)."""

    asks = False
    looked = BooleanField(LOOKED)

    @property
    def texts(self) -> dict[str, str]:
        """What was sent; a chapter that was not in what was sent stays as it is."""
        return {key: self[key].data or "" for key in HEADING if self[key].raw_data}


for _key, _heading in HEADING.items():
    setattr(TextsForm, _key, long_text(_l("Din text till ”%(chapter)s”", chapter=_heading), longest=LONGEST_TEXT))


class CutOffForm(SeenForm):
    cut_off = DateField(
        _l("Räkna med det som har hänt till och med"),
        validators=[InputRequired(message=_l("Skriv datumet som år-månad-dag, till exempel 2026-03-14."))],
    )

    def limits(self, year: int) -> dict[str, date]:
        return {"first": date(year, 12, 31), "last": latest_cut_off(year)}


class GoalForm(SeenForm):
    """The verb asks (P24)."""

    asks = False
    text = short_text(_l("Åtagande"), required=_l("Skriv vad förbundet åtog sig."), longest=LONGEST_GOAL)
    fulfilment = RadioField(
        _l("Måluppfyllelse"),
        choices=[(str(one), label) for one, label in FULFILMENT.items()],
        validators=[InputRequired(message=_l("Välj hur det gick."))],
    )
    comment = long_text(_l("Kommentar"), longest=LONGEST_COMMENT)
    looked = BooleanField(LOOKED)

    @property
    def goal(self) -> Goal:
        """Raises ValueError for a fulfilment that is none; `validate` says so before."""
        return Goal(self.text.data or "", Fulfilment(self.fulfilment.data), self.comment.data or "")

    @property
    def words(self) -> dict[str, Any]:
        return {"text": self.text.data or "", "comment": self.comment.data or ""}


class DirectionForm(SeenForm):
    direction = HiddenField(validators=[AnyOf(["up", "down"], message=RELOAD)])


class PublishForm(SeenForm):
    """`version` is the latest publication that the person saw; `looked` stands there when something differs little."""

    looked = BooleanField(_l("Jag har sett skillnaderna. De pekar inte ut någon, och utgåvan ska publiceras."))


class ApproveForm(Form):
    """`hash` is of the report that the director has read; `looked` stands there when a word of it looks like a name."""

    hash = HiddenField(validators=[InputRequired(message=RELOAD)])
    looked = BooleanField(LOOKED)
