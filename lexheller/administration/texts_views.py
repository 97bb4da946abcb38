"""The pages of the standard texts: texts to begin with at a step, for any theme or for one."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.forms import TextForm
from lexheller.administration.labels import TEXT_STEP
from lexheller.organisations import lists
from lexheller.organisations.changes import version_of
from lexheller.organisations.lists import TextDraft
from lexheller.organisations.models import StandardText, TextStep
from lexheller.web.access import requires

TEXTS = f"{SETTINGS}/standardtexter"
TEXT = f"{TEXTS}/<{ID}:text_id>"


@blueprint.get(TEXTS)
@requires(Right.ADMINISTER)
def texts(federation: str) -> ResponseReturnValue:
    rows = queries.texts_of(current_federation().id, active=True)
    return render_template(
        "administration/texts.html",
        groups=[(TEXT_STEP[step], step, [row for row in rows if row.step == step]) for step in TextStep],
        retired=queries.texts_of(current_federation().id, active=False),
        step_labels=TEXT_STEP,
    )


@blueprint.get(f"{TEXTS}/ny")
@requires(Right.ADMINISTER)
def new_text(federation: str) -> ResponseReturnValue:
    form = _form()
    asked = request.args.get("steg", "")
    form.step.data = asked if asked in set(TextStep) else TextStep.QUESTION.value
    return _page(form)


@blueprint.post(f"{TEXTS}/ny")
@requires(Right.ADMINISTER)
def add_text(federation: str) -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit() or not went_well(
        form, lambda: lists.add_text(current_actor(), current_federation().id, _draft(form))
    ):
        return _page(form), 422
    return done("texts", _("Standardtexten finns nu att välja."))


@blueprint.get(TEXT)
@requires(Right.ADMINISTER)
def text(federation: str, text_id: int) -> ResponseReturnValue:
    row = _row(text_id)
    form = _form(row)
    form.step.data, form.theme.data = row.step, str(row.theme_id or "")
    form.title.data, form.text.data, form.seen.data = row.title, row.text, str(version_of(row))
    return _page(form, row)


@blueprint.post(TEXT)
@requires(Right.ADMINISTER)
def change_text(federation: str, text_id: int) -> ResponseReturnValue:
    row = _row(text_id)
    form = _form(row)
    if not form.validate_on_submit() or not went_well(
        form, lambda: lists.change_text(current_actor(), row, _draft(form), seen=form.version)
    ):
        return _page(form, row), 422
    return done("texts", _("Ändringen är sparad. Det som redan är skrivet påverkas inte."))


@blueprint.post(f"{TEXT}/ur-bruk")
@requires(Right.ADMINISTER)
def retire_text(federation: str, text_id: int) -> ResponseReturnValue:
    row = _row(text_id)
    if FlaskForm().validate_on_submit():
        lists.retire_text(current_actor(), row)
    return done("texts", _("Standardtexten är ur bruk."))


@blueprint.post(f"{TEXT}/i-bruk")
@requires(Right.ADMINISTER)
def take_back_text(federation: str, text_id: int) -> ResponseReturnValue:
    row = _row(text_id)
    if FlaskForm().validate_on_submit():
        lists.take_back_text(current_actor(), row)
    return done("texts", _("Standardtexten är i bruk igen."))


def _row(text_id: int) -> StandardText:
    return queries.text_of(current_federation().id, text_id)


def _form(row: StandardText | None = None) -> TextForm:
    """A theme that is out of use can stay where it is, and be chosen nowhere else."""
    federation_id = current_federation().id
    offered = queries.themes_of(federation_id, active=True)
    if row is not None and row.theme is not None and row.theme not in offered:
        offered.append(row.theme)
    form = TextForm()
    form.theme.choices = [("", _("Nej, alla teman")), *((str(theme.id), theme.label) for theme in offered)]
    return form


def _draft(form: TextForm) -> TextDraft:
    theme_id = int(form.theme.data) if form.theme.data else None
    return TextDraft(TextStep(form.step.data), form.title.data, form.text.data, theme_id)


def _page(form: TextForm, row: StandardText | None = None) -> str:
    return render_template("administration/text_form.html", form=form, row=row)
