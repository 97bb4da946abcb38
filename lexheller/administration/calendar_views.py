"""The calendar page: Sweden's days off and the federation's own, with what a change does to deadlines that run."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.calendar import days_off, moves
from lexheller.administration.forms import ClosedDayForm, NoteForm
from lexheller.administration.history import in_words
from lexheller.core import clock
from lexheller.deadlines.queries import settings_of
from lexheller.organisations import lists
from lexheller.web.access import requires

CALENDAR = f"{SETTINGS}/kalender"
YEARS_AROUND = 2


@blueprint.get(CALENDAR)
@requires(Right.ADMINISTER)
def calendar(federation: str) -> ResponseReturnValue:
    federation_id = current_federation().id
    this_year = clock.local_year()
    years = range(this_year - YEARS_AROUND, this_year + YEARS_AROUND + 1)
    asked = request.args.get("ar", "")
    year = int(asked) if asked in {str(each) for each in years} else this_year
    chosen = queries.closed_days_from(federation_id, date(year, 1, 1), date(year, 12, 31))
    return render_template(
        "administration/calendar.html",
        year=year,
        years=years,
        days=days_off(year, chosen),
        weekday=_weekday,
        history=in_words(federation_id, queries.changes(federation_id, subject_types=["closed_day"])),
    )


@blueprint.get(f"{CALENDAR}/ny")
@requires(Right.ADMINISTER)
def new_closed_day(federation: str) -> ResponseReturnValue:
    return render_template("administration/closed_day_form.html", form=ClosedDayForm(), effect=None)


@blueprint.post(f"{CALENDAR}/ny")
@requires(Right.ADMINISTER)
def add_closed_day(federation: str) -> ResponseReturnValue:
    """Shows what would move first; the button on that page is what closes the day."""
    form = ClosedDayForm()
    federation_id = current_federation().id
    if not form.validate_on_submit():
        return render_template("administration/closed_day_form.html", form=form, effect=None), 422
    if "confirm" not in request.form:
        effect = moves(federation_id, settings_of(federation_id), close=form.day.data)
        return render_template("administration/closed_day_form.html", form=form, effect=effect)
    if not went_well(form, lambda: lists.add_closed_day(current_actor(), federation_id, form.day.data, form.note.data)):
        return render_template("administration/closed_day_form.html", form=form, effect=None), 422
    return done("calendar", _("Dagen är stängd. Svarstiderna räknas om nu."), ar=form.day.data.year)


@blueprint.get(f"{CALENDAR}/<{ID}:closed_day_id>")
@requires(Right.ADMINISTER)
def closed_day(federation: str, closed_day_id: int) -> ResponseReturnValue:
    return _removal(closed_day_id, NoteForm())


@blueprint.post(f"{CALENDAR}/<{ID}:closed_day_id>")
@requires(Right.ADMINISTER)
def remove_closed_day(federation: str, closed_day_id: int) -> ResponseReturnValue:
    row = queries.closed_day_of(current_federation().id, closed_day_id)
    form = NoteForm()
    year = row.day.year
    if not form.validate_on_submit() or not went_well(
        form, lambda: lists.remove_closed_day(current_actor(), row, note=form.note.data)
    ):
        return _removal(closed_day_id, form), 422
    return done("calendar", _("Dagen är en vanlig dag igen. Svarstiderna räknas om nu."), ar=year)


def _weekday(day: date) -> str:
    return str(format_date(day, "EEEE d MMMM"))


def _removal(closed_day_id: int, form: NoteForm) -> str:
    federation_id = current_federation().id
    row = queries.closed_day_of(federation_id, closed_day_id)
    effect = moves(federation_id, settings_of(federation_id), open_=row.day)
    return render_template("administration/closed_day.html", closed=row, form=form, effect=effect)
