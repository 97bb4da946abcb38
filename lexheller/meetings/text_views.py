"""The page on which the office writes what the group reads about one item: parse, one verb, answer."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.meetings import forms, queries, texts
from lexheller.meetings.blueprint import ITEM, blueprint
from lexheller.meetings.labels import REFUSED, TEXT, when
from lexheller.meetings.paper import reference
from lexheller.meetings.proposing import says_enough, texts_of
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE, doubts_in


@blueprint.route(f"{ITEM}/underlag", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
@shows(Thing.MEETING, "meeting_id")
def describe(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    """Filled in with what is known, until somebody has written it."""
    actor = current_actor()
    meeting = queries.meeting_for(actor, current_federation().id, meeting_id)
    item = queries.item_for(actor, meeting, item_id)
    there = url_for("meetings.show", federation=federation, meeting_id=meeting.id)
    if meeting.ended_at is not None or item.meeting_id != meeting.id or item.removed_at is not None:
        return redirect(there)
    form = forms.TextsForm(data={**asdict(texts_of(item)), "version": item.version})
    if form.validate_on_submit():
        try:
            texts.describe_item(actor, item, form.texts, seen=form.seen, looked=form.looked.data)
        except InvalidInput as problem:
            form.put_error(problem.field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))
        else:
            flash(_said(says_enough(form.texts.what, form.texts.proposed)), "success")
            return redirect(there)
    values = {"meeting": meeting, "item": item, "form": form, "when": when(meeting), "reference": reference(item)}
    values |= {"doubts": doubts_in(asdict(form.texts)), "looks_like": LOOKS_LIKE, "fields": TEXT}
    return render_template("meetings/describe.html", **values), 422 if form.errors else 200


def _said(ready: bool) -> str:
    if ready:
        return str(_("Underlaget är klart."))
    return str(_("Underlaget är sparat. Det är klart när det säger vad som händer och har ett förslag till beslut."))
