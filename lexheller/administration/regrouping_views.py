"""The pages where a theme is split, or several are merged: first what would happen, then a button that does it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries, service
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import blueprint
from lexheller.administration.forms import MergeThemesForm, SplitThemeForm
from lexheller.administration.theme_use import uses_of
from lexheller.administration.themes_views import THEME, THEMES
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.models import Theme
from lexheller.organisations.regrouping import checked_merger, checked_parts, list_version
from lexheller.web.access import requires


@blueprint.get(f"{THEME}/dela")
@requires(Right.ADMINISTER)
def split_theme(federation: str, theme_id: int) -> ResponseReturnValue:
    row = _in_use(theme_id)
    return _split_page(row, SplitThemeForm(seen=str(list_version(row.federation_id))))


@blueprint.post(f"{THEME}/dela")
@requires(Right.ADMINISTER)
def split_theme_now(federation: str, theme_id: int) -> ResponseReturnValue:
    """Shows what would happen; does it when that has been seen."""
    row, form = queries.theme_of(current_federation().id, theme_id), SplitThemeForm()
    if not form.validate_on_submit() or not went_well(form, lambda: checked_parts(row, form.labels, form.note.data)):
        return _split_page(row, form), 422
    if "confirmed" not in request.form:
        return _split_page(row, form, preview=checked_parts(row, form.labels, form.note.data))
    if not went_well(
        form,
        lambda: service.split_theme(current_actor(), row, form.labels, note=form.note.data, seen=form.version),
    ):
        return _split_page(row, form), 422
    return done("themes", _("Temat är delat. Nya ärenden får de nya temana; de som har det gamla behåller det."))


@blueprint.get(f"{THEMES}/sla-ihop")
@requires(Right.ADMINISTER)
def merge_themes(federation: str) -> ResponseReturnValue:
    return _merge_page(_merge_form(seen=str(list_version(current_federation().id))))


@blueprint.post(f"{THEMES}/sla-ihop")
@requires(Right.ADMINISTER)
def merge_themes_now(federation: str) -> ResponseReturnValue:
    """Shows what would happen; does it when that has been seen."""
    form = _merge_form()
    valid = form.validate_on_submit()
    rows = _chosen(form)
    if not valid or not went_well(form, lambda: checked_merger(rows, form.label.data, form.note.data)):
        return _merge_page(form), 422
    if "confirmed" not in request.form:
        return _merge_page(form, rows)
    if not went_well(
        form,
        lambda: service.merge_themes(current_actor(), rows, form.label.data, note=form.note.data, seen=form.version),
    ):
        return _merge_page(form), 422
    return done(
        "themes", _("Temana är ihopslagna. Nya ärenden får %(label)s; äldre behåller sitt tema.", label=form.label.data)
    )


def _in_use(theme_id: int) -> Theme:
    row = queries.theme_of(current_federation().id, theme_id)
    if not row.active:
        raise NotAllowedToSee("theme")
    return row


def _merge_form(**values: str) -> MergeThemesForm:
    form = MergeThemesForm(**values)
    rows = queries.themes_of(current_federation().id, active=True)
    form.themes.choices = [(str(row.id), row.label) for row in rows]
    return form


def _chosen(form: MergeThemesForm) -> list[Theme]:
    """In the order of the list."""
    wanted = set(form.themes.data or ())
    return [row for row in queries.themes_of(current_federation().id, active=True) if str(row.id) in wanted]


def _split_page(row: Theme, form: SplitThemeForm, preview: list[str] | None = None) -> str:
    return render_template(
        "administration/theme_split.html",
        theme=row,
        form=form,
        ruled=row.id in queries.ruled_theme_ids(row.federation_id),
        uses=uses_of(row.federation_id, [row]),
        preview=preview,
    )


def _merge_page(form: MergeThemesForm, rows: list[Theme] | None = None) -> str:
    """With `rows`, what would happen to them."""
    kept, label = None, ""
    if rows:
        label, kept = checked_merger(rows, form.label.data, form.note.data)
    gone = [row for row in rows or () if row is not kept]
    return render_template(
        "administration/themes_merge.html",
        form=form,
        label=label,
        kept=kept,
        ruled=[row.label for row in gone if row.id in queries.ruled_theme_ids(row.federation_id)],
        uses=uses_of(current_federation().id, gone),
        preview=bool(rows),
    )
