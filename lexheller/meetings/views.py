"""The pages of planning meetings: parse, one verb, answer. Other subjects have view modules of their own."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.meetings import forms, group_views, live_views, material_views, page, queries, service, text_views
from lexheller.meetings.blueprint import ALL, MEETING
from lexheller.meetings.blueprint import blueprint as blueprint
from lexheller.meetings.labels import kind_of_slug, when
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.web.access import requires

PAGES = (group_views, live_views, material_views, text_views)


@blueprint.get(ALL)
@requires(Right.PREPARE_MEETINGS)
def index(federation: str) -> ResponseReturnValue:
    """Every group's meetings, or with `grupp` those of one."""
    return page.index(current_actor(), current_federation(), kind_of_slug(request.args.get("grupp", "")))


@blueprint.route(f"{ALL}/nytt", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
def new(federation: str) -> ResponseReturnValue:
    form = forms.NewMeetingForm()
    form.group.choices = page.group_choices(current_federation())
    if form.validate_on_submit():
        try:
            meeting = service.plan_meeting(current_actor(), current_federation(), form.plan)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Mötet är planerat. Nu kan du lägga ärenden på dagordningen."), "success")
            return _to(meeting)
    return render_template("meetings/new.html", form=form), 422 if form.errors else 200


@blueprint.get(f"{ALL}/serie")
@requires(Right.PREPARE_MEETINGS)
def series(federation: str) -> ResponseReturnValue:
    pattern = page.pattern_form(current_federation(), request.args)
    return page.series(current_federation(), pattern, forms.SeriesForm(formdata=None))


@blueprint.post(f"{ALL}/serie")
@requires(Right.PREPARE_MEETINGS)
def make_series(federation: str) -> ResponseReturnValue:
    """The days that stayed ticked; the address holds the pattern, to be shown again if something is wrong."""
    tenant = current_federation()
    pattern, chosen = page.pattern_form(tenant, request.args), forms.SeriesForm()
    chosen.offered = frozenset(day.value for day in page.preview(tenant, pattern) or [])
    if chosen.validate():
        days = [date.fromisoformat(day) for day in chosen.days.data]
        clock_and_place = {"starts_at": chosen.starts_at.data, "place": chosen.place.data}
        made = service.plan_series(current_actor(), tenant, days, group=pattern.kind, **clock_and_place)
        flash(_said_of_series(len(made)), "success")
        return redirect(url_for("meetings.index", federation=federation))
    return page.series(tenant, pattern, chosen), 422


@blueprint.get(MEETING)
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def show(federation: str, meeting_id: int) -> ResponseReturnValue:
    return page.show(current_actor(), _meeting(meeting_id))


@blueprint.route(f"{MEETING}/andra", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def change(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    if request.method == "GET" and not page.is_open(meeting):
        return _to(meeting)
    form = forms.ChangeForm(obj=meeting)
    if form.validate_on_submit():
        try:
            service.move_meeting(current_actor(), meeting, form.plan, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Mötet är ändrat. Dagordningen är kvar som den var."), "success")
            return _to(meeting)
    return render_template("meetings/change.html", meeting=meeting, form=form), 422 if form.errors else 200


@blueprint.route(f"{MEETING}/stall-in", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def cancel(federation: str, meeting_id: int) -> ResponseReturnValue:
    """A page that says what will happen, and the button that does it."""
    actor, meeting = current_actor(), _meeting(meeting_id)
    if request.method == "GET" and not page.is_open(meeting):
        return _to(meeting)
    form = forms.SeenForm(obj=meeting)
    if form.validate_on_submit():
        target = service.cancel_meeting(actor, meeting, seen=form.seen)
        flash(_said_of_cancelled(target, queries.agenda(actor, meeting)), "success")
        return _to(meeting)
    values = {"numbers": page.numbers_on(queries.agenda(actor, meeting)), "following": queries.following(meeting)}
    answer = render_template("meetings/cancel.html", meeting=meeting, when=when(meeting), form=form, **values)
    return answer, 422 if form.errors else 200


def _said_of_series(made: int) -> str:
    if not made:
        return str(_("De mötena fanns redan. Inget är ändrat."))
    return str(ngettext("Ett möte är planerat.", "%(num)d möten är planerade.", made))


def _said_of_cancelled(target: Meeting | None, left: list[AgendaItem]) -> str:
    if target is not None:
        return str(_("Mötet är inställt. Punkterna står nu på dagordningen till mötet %(when)s.", when=when(target)))
    if left:
        return str(_("Mötet är inställt. Punkterna väntar tills du har planerat ett nytt möte."))
    return str(_("Mötet är inställt."))


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(current_actor(), current_federation().id, meeting_id)


def _to(meeting: Meeting) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", federation=current_federation().slug, meeting_id=meeting.id))
