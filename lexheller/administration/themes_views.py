"""The page of the themes: rename, reorder, retire, add."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries, service
from lexheller.administration.answers import back_to, done, refused, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.forms import ThemeForm
from lexheller.administration.history import in_words
from lexheller.organisations import lists
from lexheller.organisations.changes import version_of
from lexheller.organisations.models import Theme
from lexheller.web.access import requires

THEMES = f"{SETTINGS}/teman"
THEME = f"{THEMES}/<{ID}:theme_id>"
DIRECTIONS = {"up": -1, "down": 1}


@blueprint.get(THEMES)
@requires(Right.ADMINISTER)
def themes(federation: str) -> ResponseReturnValue:
    return _page(ThemeForm(prefix="new"))


@blueprint.post(THEMES)
@requires(Right.ADMINISTER)
def add_theme(federation: str) -> ResponseReturnValue:
    form = ThemeForm(prefix="new")
    if not form.validate_on_submit() or not went_well(
        form,
        lambda: lists.add_theme(current_actor(), current_federation().id, form.label.data, note=form.note.data),
    ):
        return _page(form), 422
    return done("themes", _("Temat finns nu sist i listan."))


@blueprint.get(THEME)
@requires(Right.ADMINISTER)
def theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row = _theme(theme_id)
    return _one(row, ThemeForm(label=row.label, seen=str(version_of(row))))


@blueprint.post(THEME)
@requires(Right.ADMINISTER)
def rename_theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row, form = _theme(theme_id), ThemeForm()
    if not form.validate_on_submit() or not went_well(
        form,
        lambda: lists.rename_theme(current_actor(), row, form.label.data, note=form.note.data, seen=form.version),
    ):
        return _one(row, form), 422
    return done("themes", _("Temat heter nu %(label)s.", label=row.label))


@blueprint.post(f"{THEME}/flytta")
@requires(Right.ADMINISTER)
def move_theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row = _theme(theme_id)
    steps = DIRECTIONS.get(request.form.get("direction", ""))
    if FlaskForm().validate_on_submit() and steps is not None:
        lists.move_theme(current_actor(), row, steps)
    return back_to("themes")


@blueprint.post(f"{THEME}/ur-bruk")
@requires(Right.ADMINISTER)
def retire_theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row = _theme(theme_id)
    if not FlaskForm().validate_on_submit() or refused(lambda: service.retire_theme(current_actor(), row)):
        return back_to("theme", theme_id=row.id)
    return done("themes", _("Temat är ur bruk. Ärenden som har det behåller det."))


@blueprint.post(f"{THEME}/i-bruk")
@requires(Right.ADMINISTER)
def take_back_theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row = _theme(theme_id)
    if FlaskForm().validate_on_submit():
        lists.take_back_theme(current_actor(), row)
    return done("themes", _("Temat är i bruk igen."))


def _theme(theme_id: int) -> Theme:
    return queries.theme_of(current_federation().id, theme_id)


def _page(form: ThemeForm) -> str:
    federation_id = current_federation().id
    return render_template(
        "administration/themes.html",
        form=form,
        themes=queries.themes_of(federation_id, active=True),
        retired=queries.themes_of(federation_id, active=False),
        history=in_words(federation_id, queries.changes(federation_id, subject_types=["theme"])),
    )


def _one(row: Theme, form: ThemeForm) -> str:
    ruled = row.id in queries.ruled_theme_ids(row.federation_id)
    return render_template("administration/theme.html", theme=row, form=form, ruled=ruled)
