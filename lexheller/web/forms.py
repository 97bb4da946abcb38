"""The form base: text cleaning, choices, and the stop for identity numbers with a message that says where (P23)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from lexheller.privacy.scanner import stops
from lexheller.web.looking import LookingForm, NameField, NamesField

LONGEST_TEXT = 5000
LARGEST_NUMBER = 10**9
WORDS_SHOWN = 3
UNREADABLE = "\ufffd"
NO_SIGNS = "\ufffe\uffff"
"""Allowed in no XML: a Word file with one of them could never be made."""

_CHOOSE = _l("Välj något av alternativen.")
BUILT_IN: Mapping[str, LazyString] = {
    "This field is required.": _l("Fyll i fältet."),
    "Field must be at least %(min)d character long.": _l("Texten är för kort. Skriv minst %(min)d tecken."),
    "Field cannot be longer than %(max)d character.": _l("Texten är för lång. Högst %(max)d tecken får plats."),
    "Invalid email address.": _l("Adressen ser inte hel ut. Skriv den som namn@exempel.se."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "Invalid value, must be one of: %(values)s.": _CHOOSE,
    "Not a valid date value.": _l("Skriv datumet som år-månad-dag, till exempel 2026-03-14."),
}


def clean_text(text: str | None) -> str | None:
    """Line ends as \\n, no control characters, composed letters, no space around. HTML stays what it is: text."""
    if text is None:
        return None
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return "".join(sign for sign in kept if sign not in NO_SIGNS).strip()


class ReadableText:
    """Refuses text that came in another encoding than the page's: what could not be read must not be stored."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if UNREADABLE in (field.data or ""):
            raise ValidationError(
                _("Några tecken gick inte att läsa. De visas som %(sign)s här: skriv om dem.", sign=UNREADABLE)
            )


class NoIdentityNumbers:
    """Stops personal identity and coordination numbers before anything is stored."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        found = stops(field.data or "")
        if found:
            raise ValidationError(stop_message(field.data, found[0].start))


def stop_message(text: str, start: int) -> str:
    """Where the number stands, told by the words before it; the number itself is never repeated."""
    before = " ".join(text[:start].split()[-WORDS_SHOWN:])
    if before and not stops(before) and not any(sign.isdigit() for sign in before):
        where = _("efter orden ”%(words)s”", words=before)
    else:
        where = _("på rad %(line)s", line=text.count("\n", 0, start) + 1)
    message: str = _(
        "Ta bort personnumret %(where)s. Vi får inte ta emot personnummer eller samordningsnummer. "
        "Resten av texten finns kvar här och är inte sparad.",
        where=where,
    )
    return message


class _OurWords:
    """What WTForms' own checks say, in our words; what can reach nobody keeps its own translation."""

    def gettext(self, message: str) -> str:
        return str(BUILT_IN[message]) if message in BUILT_IN else str(translations.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(BUILT_IN[singular]) if singular in BUILT_IN else str(translations.ngettext(singular, plural, number))


class Form(LookingForm):
    """Every form: CSRF, our own words for every check, the one question about names, and errors from a verb put on the
    field that they concern.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: FlaskForm) -> _OurWords:
            return _OurWords()

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Files are not read here, and one sent in a text's place is no text. Views ask for theirs."""
            found = super().wrap_formdata(form, formdata)
            return request.form if isinstance(found, CombinedMultiDict) else found

    def validate(self, extra_validators: Any = None) -> bool:
        """A lost session is told in words; the form that is shown again can be sent at once."""
        valid: bool = super().validate(extra_validators)
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = [_("Sidan hade varit öppen för länge. Tryck på knappen en gång till, så skickas det.")]
        return valid


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """What is no number, or larger than any of ours, is left to the validators, which say in our words what is wanted.
    WTForms' own `NumberRange` fails on a number of hundreds of digits.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
        if self.data is not None and abs(self.data) > LARGEST_NUMBER:
            self.data = None


def long_text(
    label: Any, *, required: Any = None, longest: int = LONGEST_TEXT, names: bool = False, **kwargs: Any
) -> TextAreaField:
    """A free-text field; `required` is the message when it is empty. `names`: it is there for names or addresses, and
    nobody is asked about them (P24).
    """
    return (NamesField if names else TextAreaField)(label, **_text_rules(required, longest), **kwargs)


def short_text(
    label: Any, *, required: Any = None, longest: int = 200, names: bool = False, **kwargs: Any
) -> StringField:
    return (NameField if names else StringField)(label, **_text_rules(required, longest), **kwargs)


def _text_rules(required: Any, longest: int) -> dict[str, Any]:
    presence = DataRequired(message=required) if required else Optional()
    return {
        "filters": [clean_text],
        "validators": [presence, Length(max=longest), ReadableText(), NoIdentityNumbers()],
    }
