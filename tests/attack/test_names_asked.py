"""Whoever writes a name in a field is asked about it before it is stored, in every form there is (P24).

Once through every form that those who attack find, and once through the fields of all forms, so that a new form can
forget it in neither way. What is not asked about stands below, each with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from lexheller.web.forms import Form
from lexheller.web.looking import ASKED_ABOUT
from tests.attack.found_forms import FoundForm, forms_of
from tests.attack.standing import Door, Standing

NAME = "Kerstin Håkansson"
NAMED = f"Jag talade med {NAME} på kontoret."
MOST_STEPS = 4
FOR_NAMES = {
    "name": "of a unit, a manager, a colleague who is asked to help, or a person's own",
    "who": "does what was decided: a role, or somebody of the staff",
    "who_now": "is responsible now: a manager",
    "superior_name": "a manager's manager",
    "place": "where a meeting is",
    "officer_name": "of the data protection officer: public",
    "officer_phone": "of the data protection officer: public",
    "contact_phone": "of the federation: public",
    "contact_address": "of the federation: public",
    "operated_by": "a company",
    "adopted_by": "the board, or who decides for it",
    "asked_by": "who asks for a document, if they said so; read by those who release",
    "answer_to": "where the answer goes, if they said so; read by those who release",
    "words": "to look up and hide: never stored",
    "code": "a code",
    "email": "an address of the staff, or one's own",
    "superior_email": "an address of the staff",
    "reporter_email": "stands apart, and is not asked about by itself",
    "contact_email": "of the federation: public",
    "officer_email": "of the data protection officer: public",
}
TECHNICAL = {"issuer", "client_id", "subject_claim", "mail_claim", "groups_claim", "scopes", "mail_domains"}
TECHNICAL |= {"strong_values", "claims"}
"""What a provider of sign-in calls things."""
ASK_IN_ANOTHER_WAY = {
    "ReportForm": "the verb holds what stays in doubt",
    "RegisterForm": "the verb holds what stays in doubt",
    "OnReceiptForm": "the verbs hold what stays in doubt",
    "ReplyForm": "the verb holds what stays in doubt",
    "NotSolvedForm": "the verb holds what stays in doubt",
    "FollowUpForm": "the verb holds what stays in doubt",
    "DraftForm": "nobody but those who write it read it, and the answer is asked about",
    "casework.publishing_forms.PublishForm": "its preview asks",
    "meetings.forms.TextsForm": "its verb and the sending out ask",
    "action_reports.draft_forms.TextsForm": "its verb and the approval ask",
    "GoalForm": "its verb asks",
    "CommonForm": "the preview of what is told asks",
    "TellingForm": "the preview of what is told asks",
    "records.masking_forms.ChooseForm": "the verb asks about the reason",
    "records.masking_forms.DecideForm": "the verb asks about the reason",
    "records.masking_forms.OpenForm": "the verb asks",
    "records.masking_forms.DestroyForm": "the verb asks",
}


def test_p24_every_field_for_text_is_asked_about_or_there_for_a_name() -> None:
    assert sorted(_unasked()) == []


def test_p24_a_name_is_asked_about_before_it_is_stored_wherever_it_is_written(attacked: Standing) -> None:
    stored, stuck = [], []
    fields = list(_fields(attacked))
    assert len(fields) >= 100
    for door, name in fields:
        kept, asked = _until_stored(attacked, door, name)
        if kept and not asked:
            stored.append(f"{door.name} {name}")
        if asked and not kept:
            stuck.append(f"{door.name} {name}")
        attacked.put_back()
    assert {"stored unasked": stored, "asked, and never stored": stuck} == {
        "stored unasked": [],
        "asked, and never stored": [],
    }


@pytest.fixture
def attacked(place: Standing) -> Iterator[Standing]:
    yield place
    place.put_back()


def _unasked() -> Iterator[str]:
    for form in _forms(Form):
        module = form.__module__.removeprefix("lexheller.")
        if module == form.__module__ or {form.__name__, f"{module}.{form.__name__}"} & set(ASK_IN_ANOTHER_WAY):
            continue
        for name in dir(form):
            field = getattr(form, name)
            if not isinstance(field, UnboundField) or not issubclass(field.field_class, StringField | TextAreaField):
                continue
            kind = field.field_class.__name__
            if issubclass(field.field_class, PasswordField) or kind in {"HiddenField", "CSRFTokenField"}:
                continue
            if not _is_for_names(name) and not (form.asks and kind in ASKED_ABOUT):
                yield f"{module}.{form.__name__}.{name}"


def _forms(kind: type[Form]) -> Iterator[type[Form]]:
    for found in kind.__subclasses__():
        yield found
        yield from _forms(found)


def _fields(place: Standing) -> Iterator[tuple[Door, str]]:
    """Each text field of each form in which what is written was stored, but those that are there for names."""
    for door in place.doors:
        for name in door.form.text_names:
            stored = door.form.method == "post" and place.landed.get((door.rule, name))
            if stored and not _is_for_names(name.rpartition("-")[2]):
                yield door, name


def _is_for_names(name: str) -> bool:
    return name in FOR_NAMES or name in TECHNICAL or name.startswith("groups_")


def _until_stored(place: Standing, door: Door, name: str) -> tuple[bool, bool]:
    """Send it, and on from page to page, saying that one has looked where one is asked: whether the name was stored,
    and whether it was asked about before that.
    """
    path, sent, asked = door.path, _without_tick(door.form.values(door.button, **_filled(door, name))), False
    for _step in range(MOST_STEPS):
        answer = place.clients[door.person].post(path, data=_as_data(sent))
        if place.changed() and _is_stored(place):
            return True, asked
        found = forms_of(answer.text) if answer.mimetype == "text/html" and answer.status_code in {200, 422} else []
        onwards = [form for form in found if form.method == "post" and _holds_it(form)]
        if not onwards:
            break
        form = next((one for one in onwards if _ticks(one)), onwards[0])
        asked = asked or bool(_ticks(form))
        here, path = path, urljoin(path, form.action or "")
        sent = _without_tick(form.values(door.button if path == here else 0))
        sent += [(tick, "y") for tick in _ticks(form) or (["looked"] if asked else [])]
    return False, asked


def _ticks(form: FoundForm) -> list[str]:
    """The boxes by which somebody says to have looked."""
    return [one.name for one in form.controls if one.kind == "checkbox" and one.name.rpartition("-")[2] == "looked"]


def _filled(door: Door, name: str) -> dict[str, str]:
    """Each field with a text of its own, since some forms take no two alike and keep nothing that is as it was."""
    addresses = {control.name for control in door.form.controls if control.kind == "email"}
    names = [one for one in door.form.text_names if one not in addresses]
    return {one: f"Rutin {turn} i texten" for turn, one in enumerate(names)} | {name: NAMED}


def _holds_it(form: FoundForm) -> bool:
    return any(NAME in control.value for control in form.controls)


def _is_stored(place: Standing) -> bool:
    spelt = (NAME, json.dumps(NAME).strip('"'))
    return any(isinstance(value, str) and any(each in value for each in spelt) for *_, value in place.stored())


def _without_tick(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if name.rpartition("-")[2] != "looked"]


def _as_data(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
