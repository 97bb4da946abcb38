"""The material before a meeting: as a page, as PDF and DOCX, and sent out to the group."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.meetings import forms, page, paper, queries, reading, sending_out
from lexheller.meetings.blueprint import MEETING, blueprint
from lexheller.meetings.doubtful import doubts_of
from lexheller.meetings.groups import members_today
from lexheller.meetings.labels import REFUSED, TEXT, group_name, when
from lexheller.meetings.models import Meeting
from lexheller.meetings.paper_files import DOCX, PDF, as_docx, as_pdf
from lexheller.meetings.permissions import may_prepare
from lexheller.meetings.proposing import is_ready, title_of
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE


@blueprint.get(f"{MEETING}/material")
@requires(Right.READ_MATERIAL)
@shows(Thing.MATERIAL, "meeting_id")
def material(federation: str, meeting_id: int) -> ResponseReturnValue:
    """For the group's members as for the office. Before it is sent out, members are told when it comes."""
    actor, meeting = current_actor(), _meeting(meeting_id)
    return render_template(
        "meetings/material.html",
        meeting=meeting,
        when=when(meeting),
        group=group_name(meeting.group),
        paper=_paper(meeting),
        is_out=reading.is_out(actor, meeting),
        prepares=may_prepare(actor, meeting.federation_id),
    )


@blueprint.get(f"{MEETING}/material.pdf")
@requires(Right.READ_MATERIAL)
@shows(Thing.MATERIAL, "meeting_id", form="pdf")
def material_pdf(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    return _file(meeting, as_pdf(_paper_that_is_out(meeting), one_a_page=True), PDF, "pdf")


@blueprint.get(f"{MEETING}/material.docx")
@requires(Right.READ_MATERIAL)
@shows(Thing.MATERIAL, "meeting_id", form="docx")
def material_docx(federation: str, meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id)
    return _file(meeting, as_docx(_paper_that_is_out(meeting), one_a_page=True), DOCX, "docx")


@blueprint.route(f"{MEETING}/skicka-ut", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def send_out(federation: str, meeting_id: int) -> ResponseReturnValue:
    """A page that says who gets the mail, what is not ready and what looks like a person, and the button that sends."""
    actor = current_actor()
    meeting = queries.meeting_for(actor, current_federation().id, meeting_id)
    there = redirect(url_for("meetings.show", federation=federation, meeting_id=meeting.id))
    if not page.is_open(meeting):
        return there
    form = forms.SendForm(obj=meeting)
    if form.validate_on_submit():
        try:
            told = sending_out.send_material(actor, meeting, seen=form.seen, looked=form.looked.data)
        except InvalidInput as problem:
            form.put_error(problem.field, str(REFUSED[problem.code]))
        else:
            flash(_said(told), "success")
            return there
    return _sending_page(meeting, form), 422 if form.errors else 200


def _sending_page(meeting: Meeting, form: forms.SendForm) -> str:
    items = queries.agenda(current_actor(), meeting)
    found = [(item, title_of(item), doubts_of(item)) for item in items]
    values = {
        "when": when(meeting),
        "group": group_name(meeting.group),
        "members": [member.user for member in members_today(meeting.group)],
        "not_ready": [title_of(item) for item in items if not is_ready(item)],
        "count": len(items),
        "doubtful": [(item, title, doubts) for item, title, doubts in found if doubts],
        "looks_like": LOOKS_LIKE,
        "fields": TEXT,
    }
    return render_template("meetings/send_out.html", meeting=meeting, form=form, **values)


def _meeting(meeting_id: int) -> Meeting:
    return reading.meeting_to_read(current_actor(), current_federation().id, meeting_id)


def _paper(meeting: Meeting) -> paper.Paper:
    return paper.material(current_federation(), meeting, reading.items_to_read(current_actor(), meeting))


def _paper_that_is_out(meeting: Meeting) -> paper.Paper:
    """Raises NotAllowedToSee for a member before it has been sent out."""
    if not reading.is_out(current_actor(), meeting):
        raise NotAllowedToSee(f"material of meeting {meeting.id}")
    return _paper(meeting)


def _file(meeting: Meeting, made: bytes, mimetype: str, ending: str) -> Response:
    name = f"material-{meeting.held_on.isoformat()}.{ending}"
    return Response(made, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _said(told: int) -> str:
    if not told:
        return str(_("Materialet är utskickat, men gruppen har inga medlemmar. Lägg till dem på gruppens sida."))
    return str(
        ngettext(
            "Materialet är utskickat. En medlem får ett mejl med en länk.",
            "Materialet är utskickat. %(num)d medlemmar får ett mejl med en länk.",
            told,
        )
    )
