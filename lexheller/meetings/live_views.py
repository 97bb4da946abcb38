"""The meeting while it is held and afterwards: decisions item by item, ending it, the extract of its minutes."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.actions.models import ActionType
from lexheller.actions.queries import types
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.meetings import deciding, forms, live_page, paper, queries
from lexheller.meetings.becoming_actions import OnFault
from lexheller.meetings.blueprint import ITEM, MEETING, blueprint
from lexheller.meetings.deciding import Ended, Settled
from lexheller.meetings.labels import when
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.paper_files import DOCX, as_docx
from lexheller.web.access import requires


@blueprint.get(f"{MEETING}/protokoll")
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def live(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    return live_page.show(current_actor(), meeting) if deciding.may_settle(meeting) else _to(meeting)


@blueprint.post(f"{ITEM}/beslut")
@requires(Right.PREPARE_MEETINGS)
def settle(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    """One item at a time; what others write about other items is theirs."""
    actor, meeting = current_actor(), _meeting(meeting_id)
    item = queries.item_for(actor, meeting, item_id)
    if item.meeting_id != meeting.id:
        raise Conflict(f"agenda item {item.id} was moved")
    form = live_page.form_for(item, live_page.choices_in(meeting.federation_id))
    if form.validate_on_submit():
        try:
            settled = deciding.settle(actor, item, form.settlement, seen=form.seen, make_action=_action_type(form))
        except InvalidInput as problem:
            form.refused(problem)
        else:
            _say_settled(settled, item)
            return redirect(_live(meeting, f"punkt-{item.id}"))
    return live_page.show(actor, meeting, form), 422


@blueprint.route(f"{MEETING}/avsluta", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def end(federation: str, meeting_id: int) -> ResponseReturnValue:
    """A page that says what will happen, and the button that does it."""
    actor, meeting = current_actor(), _meeting(meeting_id)
    if meeting.ended_at is not None or not deciding.may_settle(meeting):
        return _to(meeting)
    form = forms.SeenForm(obj=meeting)
    if form.validate_on_submit():
        flash(_said_of_ended(deciding.end_meeting(actor, meeting, seen=form.seen)), "success")
        return redirect(url_for("meetings.minutes", federation=federation, meeting_id=meeting.id))
    return live_page.end(actor, meeting, form), 422 if form.errors else 200


@blueprint.get(f"{MEETING}/protokollsutdrag")
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MINUTES, "meeting_id")
def minutes(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    if meeting.ended_at is None:
        return _to(meeting)
    return render_template("meetings/minutes.html", meeting=meeting, when=when(meeting), paper=_minutes(meeting))


@blueprint.get(f"{MEETING}/protokollsutdrag.docx")
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MINUTES, "meeting_id", form="docx")
def minutes_docx(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    if meeting.ended_at is None:
        return _to(meeting)
    name = f"protokollsutdrag-{meeting.held_on.isoformat()}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_docx(_minutes(meeting), one_a_page=False), mimetype=DOCX, headers=headers)


def _minutes(meeting: Meeting) -> paper.Paper:
    items = queries.agenda(current_actor(), meeting)
    return paper.minutes(current_federation(), meeting, items, live_page.gone_on(items))


def _action_type(form: forms.SettleForm) -> ActionType | None:
    """The type that was chosen, where the box is ticked; the first of the list for a choice that is none."""
    if not form.make_action.data:
        return None
    known = types(current_federation().id)
    chosen = next((one for one in known if str(one.id) == form.type_id.data), None)
    if chosen is None and not known:
        raise InvalidInput("type_id", "none_there")
    return chosen or known[0]


def _say_settled(settled: Settled, item: AgendaItem) -> None:
    said = [_("Det är sparat.")]
    if settled.action_made:
        said.append(_("Beslutet är nu en åtgärd."))
    if settled.action_follows:
        said.append(_("Åtgärden säger nu detsamma."))
    if settled.fault is OnFault.DECIDED:
        said.append(_("Beslutet står nu på systemfelet."))
    if settled.fault is OnFault.REWORDED:
        said.append(_("Beslutet har fått samma ord på systemfelet."))
    flash(" ".join(said), "success")
    if settled.action_follows is False and item.action is not None:
        flash(
            _(
                "Åtgärd %(number)d ändrades inte. Någon har börjat med den eller ändrat den, eller så är det bara "
                "samordnaren som får ändra den. Öppna den från punkten och se efter vad som ska gälla.",
                number=item.action.number,
            ),
            "warning",
        )
    if settled.fault is OnFault.STANDS:
        flash(
            _(
                "Systemfelet ändrades inte. Antingen går det inte att besluta om det som det står nu, eller så har det "
                "fått ett annat beslut sedan dess. Se efter på dess sida."
            ),
            "warning",
        )


def _said_of_ended(ended: Ended) -> str:
    if not ended.moved:
        return str(_("Mötet är avslutat. Allt togs upp."))
    if ended.target is None:
        return str(_("Mötet är avslutat. Det som inte togs upp väntar i listan tills du har planerat ett nytt möte."))
    day = when(ended.target)
    return str(
        ngettext(
            "Mötet är avslutat. En punkt står nu på dagordningen till mötet %(day)s.",
            "Mötet är avslutat. %(num)d punkter står nu på dagordningen till mötet %(day)s.",
            ended.moved,
            day=day,
        )
    )


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(current_actor(), current_federation().id, meeting_id)


def _live(meeting: Meeting, anchor: str) -> str:
    slug = current_federation().slug
    return url_for("meetings.live", federation=slug, meeting_id=meeting.id, _anchor=anchor)


def _to(meeting: Meeting) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", federation=current_federation().slug, meeting_id=meeting.id))
