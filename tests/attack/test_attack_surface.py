"""Every form that the application has is found by those who attack, or stands in `not_found`.

A new form, field or page that no link leads to turns this red: let `more_to_find` make what leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from lexheller.web.forms import Form
from tests.attack.not_found import ENDS_NOWHERE, NOT_FOUND_FIELDS, NOT_FOUND_RULES
from tests.attack.standing import Standing

NO_TEXT = {"HiddenField", "SubmitField"}


def _forms(kind: type[Form]) -> Iterator[type[Form]]:
    for found in kind.__subclasses__():
        yield found
        yield from _forms(found)


def text_fields() -> set[str]:
    """The names of all fields for text that some form of the application has."""
    return {
        name
        for form in _forms(Form)
        if form.__module__.startswith("lexheller.")
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
        and issubclass(field.field_class, StringField | TextAreaField)
        and not issubclass(field.field_class, PasswordField)
        and field.field_class.__name__ not in NO_TEXT
    }


def test_every_text_field_of_every_form_is_attacked(place: Standing) -> None:
    attacked = {name.rpartition("-")[2] for door in place.doors for name in door.form.text_names}
    assert text_fields() - attacked <= NOT_FOUND_FIELDS


def test_every_address_that_takes_a_form_is_attacked(place: Standing) -> None:
    taking = {rule.rule for rule in place.app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    found = {door.rule for door in place.doors if door.form.method == "post"}
    assert taking - found <= NOT_FOUND_RULES


def test_what_is_sent_is_stored_so_that_the_attacks_are_in_earnest(place: Standing) -> None:
    """Fields that are sent right and end nowhere would be attacked in vain."""
    assert len({target for found in place.landed.values() for target in found}) >= 55
    assert len([door for door in place.doors if door.stores]) >= 140
    assert {name for name, found in place.landed.items() if not found} <= ENDS_NOWHERE
