"""Part of every form: its writer is asked once when a text in it looks as if it named a person (P24).

Change it, or say `I have looked`. So a new form asks without anybody thinking of it; what is not to be asked about says
so itself: a field that is there for a name (`NameField`, `NamesField`), and a form whose verb or page asks, or that
keeps what nobody else reads (`asks`). Stops at asking: what becomes of texts that stay in doubt is the verb's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

from flask import Flask, current_app, get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, Field, StringField, TextAreaField

from lexheller.web.doubts import Doubt, doubts_in

KNOWN_NAMES = "known_names"
ASKED_ABOUT = {"TextAreaField", "StringField"}


def install(app: Flask, known_names: Callable[[], Collection[str]]) -> None:
    """`known_names`: of authorities, units and places where the visitor is; they point out nobody."""
    app.extensions[KNOWN_NAMES] = known_names


class NameField(StringField):  # type: ignore[misc]
    """Made for a name, an address or a code: what it is asked for is nothing to ask about."""


class NamesField(TextAreaField):  # type: ignore[misc]
    """The same, in several lines."""


class LookingForm(FlaskForm):  # type: ignore[misc]
    """`asked` is what the writer is asked about, in the order of the fields; set when the form comes back.

    The question stands first in the form, with its hidden fields; a form that does not ask by itself (`asks`) has it
    where its page wants it.
    """

    asks: ClassVar[bool] = True
    looked = BooleanField(_l("Jag har tittat: det är ingen som kan kännas igen"))
    asked: Sequence[Doubt] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Nothing is asked before all else is right."""
        return bool(super().validate(extra_validators)) and not (self.asks and self._is_asked())

    def hidden_tag(self, *fields: Any) -> Markup:
        """What every form begins with: its hidden fields, and the question when there is one."""
        hidden: Markup = super().hidden_tag(*fields)
        if not (self.asks and self.asked):
            return hidden
        question: Markup = get_template_attribute("components/looking.html", "looking")(self)
        return hidden + question

    @property
    def written(self) -> dict[str, str]:
        """Free texts by the short name of their field."""
        return {field.short_name: field.data for field in self if _is_free_text(field) and field.data}

    @property
    def has_looked(self) -> bool:
        return bool(self.looked.data)

    def ask_about(self, doubts: Sequence[Doubt]) -> None:
        self.asked = doubts
        self.put_error("looked", _("Ändra det som är markerat, eller kryssa i att du har tittat. Texten finns kvar."))

    def put_error(self, name: str, message: str) -> None:
        """Say at a field what a verb could not take."""
        field = self._fields.get(name)
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]

    def _is_asked(self) -> bool:
        if self.has_looked or not doubts_in(self.written):
            return False
        found = doubts_in(self.written, current_app.extensions[KNOWN_NAMES]())
        if found:
            self.ask_about(found)
        return bool(found)


def _is_free_text(field: Field) -> bool:
    return field.type in ASKED_ABOUT
