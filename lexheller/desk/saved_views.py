"""The viewer's saved filters: kept, renamed, taken away. Somebody else's do not exist."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.session import current_actor, current_federation
from lexheller.core.errors import InvalidInput
from lexheller.desk import saved as filters_saved
from lexheller.desk.blueprint import QUEUE, SEES_CASES, blueprint
from lexheller.desk.filters import kept_in, query_of
from lexheller.desk.models import SavedFilter
from lexheller.desk.sections import queue_href
from lexheller.web.access import requires
from lexheller.web.forms import Form, short_text

SAVED = f"{QUEUE}/filter"
ONE = f"{SAVED}/<int(max=2147483647):filter_id>"


class NameForm(Form):
    name = short_text(_l("Namn på filtret"), required=_l("Ge filtret ett namn."), longest=filters_saved.LONGEST_NAME)


@blueprint.get(SAVED)
@requires(*SEES_CASES)
def saved_filters(federation: str) -> ResponseReturnValue:
    return _page()


@blueprint.post(SAVED)
@requires(*SEES_CASES)
def save_filter(federation: str) -> ResponseReturnValue:
    """Keep what the queue was narrowed to; `query` is its address after the question mark."""
    kept = kept_in(request.form.get("query", ""))
    form = NameForm()
    if not kept:
        flash(_("Välj något i filtret först. Sedan kan du spara det."), "warning")
        return redirect(url_for("desk.index", federation=federation))
    if not form.validate_on_submit():
        return _page(form, kept), 422
    try:
        filters_saved.save(current_actor(), current_federation().id, form.name.data, kept)
    except InvalidInput as problem:
        form.put_error("name", _refused(problem))
        return _page(form, kept), 422
    flash(_("Filtret är sparat. Du hittar det ovanför listan."), "success")
    return redirect(queue_href(federation, **kept))


@blueprint.post(f"{ONE}/namn")
@requires(*SEES_CASES)
def rename_filter(federation: str, filter_id: int) -> ResponseReturnValue:
    saved, form = _saved(filter_id), NameForm(prefix=str(filter_id))
    if form.validate_on_submit():
        try:
            filters_saved.rename(current_actor(), saved, form.name.data)
        except InvalidInput as problem:
            form.put_error("name", _refused(problem))
        else:
            flash(_("Filtret har fått ett nytt namn."), "success")
            return redirect(url_for("desk.saved_filters", federation=federation))
    return _page(renaming={filter_id: form}), 422


@blueprint.post(f"{ONE}/ta-bort")
@requires(*SEES_CASES)
def forget_filter(federation: str, filter_id: int) -> ResponseReturnValue:
    filters_saved.forget(_saved(filter_id))
    flash(_("Filtret är borttaget. Ärendena är kvar."), "success")
    return redirect(url_for("desk.saved_filters", federation=federation))


def _saved(filter_id: int) -> SavedFilter:
    return filters_saved.saved_filter_for(current_actor(), current_federation().id, filter_id)


def _page(
    form: NameForm | None = None, kept: dict[str, str] | None = None, renaming: dict[int, NameForm] | None = None
) -> str:
    rows = filters_saved.saved_by(current_actor(), current_federation().id)
    again = renaming or {}
    forms = {row.id: again.get(row.id) or NameForm(formdata=None, prefix=str(row.id), obj=row) for row in rows}
    return render_template(
        "desk/saved_filters.html",
        rows=[(row, kept_in(row.query), forms[row.id]) for row in rows],
        form=form,
        query=query_of(kept) if kept else "",
        failed=form or next(iter(again.values()), None),
    )


def _refused(problem: InvalidInput) -> str:
    said: dict[str, str] = {
        "taken": _("Du har redan ett filter som heter så."),
        "too_many": _("Du har redan %(num)d filter. Ta bort något först.", num=filters_saved.MOST_SAVED),
    }
    return said.get(problem.code, str(_("Skriv ett kort namn.")))
