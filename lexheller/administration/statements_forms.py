"""The form of the open statements. Limits are those of `statements.rules`, which checks them again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from lexheller.administration.forms import SeenForm, day_field, email_field, note_field
from lexheller.statements.labels import ASSESSOR, CONFORMITY
from lexheller.statements.rules import MOST_REPORTER_DAYS, Assessor, Conformity, Details
from lexheller.web.forms import WholeNumberField, long_text, short_text

LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_SHORTCOMINGS = 300, 80, 4000


class StatementsForm(SeenForm):
    contact_email = email_field(_l("E-post"))
    contact_phone = short_text(_l("Telefon"), longest=LONGEST_PHONE, names=True)
    contact_address = long_text(_l("Postadress"), longest=LONGEST_ADDRESS, names=True)
    conformity = RadioField(
        _l("Hur väl följer sidorna lagen?"),
        choices=[(degree.value, word) for degree, word in CONFORMITY.items()],
        validators=[InputRequired(message=_l("Välj ett av svaren."))],
    )
    shortcomings = long_text(_l("Vad är det som inte är tillgängligt, och varför?"), longest=LONGEST_SHORTCOMINGS)
    tested_on = day_field(_l("Senast prövad"), required=False)
    tested_by = RadioField(
        _l("Vem prövade?"),
        choices=[(by.value, word) for by, word in ASSESSOR.items()],
        validators=[InputRequired(message=_l("Välj ett av svaren."))],
    )
    officer_name = short_text(_l("Dataskyddsombud"), names=True)
    officer_email = email_field(_l("E-post till dataskyddsombudet"))
    officer_phone = short_text(_l("Telefon till dataskyddsombudet"), longest=LONGEST_PHONE, names=True)
    operated_by = short_text(_l("Vem driver tjänsten åt er?"), names=True)
    reporter_days = WholeNumberField(
        _l("Så många dagar sparas anmälarens adress efter att ärendet är avslutat"),
        validators=[
            Optional(),
            NumberRange(min=1, max=MOST_REPORTER_DAYS, message=_l("Skriv ett tal mellan 1 och 3650.")),
        ],
    )
    note = note_field()

    @property
    def details(self) -> Details:
        """Of a form that was found right; what was left empty is None."""
        values: dict[str, Any] = {name: self[name].data or None for name in Details().as_values()}
        values |= {"conformity": Conformity(self.conformity.data), "tested_by": Assessor(self.tested_by.data)}
        return Details(**values)
