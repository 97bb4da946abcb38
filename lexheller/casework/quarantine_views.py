"""The page on which the office looks at what may name somebody, marked in its text, and lets it through (P24)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.audit.reading_log import Thing
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import quarantine
from lexheller.casework.blueprint import CASE, blueprint
from lexheller.casework.quarantine import Waiting
from lexheller.casework.quarantine_forms import LetThroughForm
from lexheller.casework.stepping import asked_case, done
from lexheller.core.transaction import all_or_nothing
from lexheller.organisations.known_names import known_names
from lexheller.web.access import requires
from lexheller.web.doubts import pieces

KIND: Mapping[str, LazyString] = {
    quarantine.REPORT: _l("Anmälan"),
    "reply": _l("Anmälarens svar på en fråga"),
    "not_solved": _l("Anmälaren skriver att det inte är löst"),
    "follow_up": _l("Anmälaren berättar hur det gick"),
    "occurrence": _l("Någon annan skriver att det hände dem också"),
}
FIELD: Mapping[str, LazyString] = {
    "what_happened": _l("Vad hände?"),
    "consequence": _l("Vad ledde det till?"),
    "done_at_once": _l("Vad gjordes direkt?"),
    "proposal": _l("Förslag till förbättring"),
    "answer": _l("Svar"),
    "action": _l("Åtgärd"),
}


@blueprint.get(f"{CASE}/granskning")
@requires(Right.HANDLE_CASES)
@shows(Thing.CASE, "case_id")
def look_at_held(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    waiting = quarantine.waiting_in(case)
    keys = " ".join(one.key for one in waiting)
    return _page(case, waiting, LetThroughForm(formdata=None, data={"version": case.version, "waiting": keys}))


@blueprint.post(f"{CASE}/granskning")
@requires(Right.HANDLE_CASES)
def let_through(federation: str, case_id: int) -> ResponseReturnValue:
    case = asked_case(case_id)
    form = LetThroughForm()
    if not form.validate_on_submit():
        return _page(case, quarantine.waiting_in(case), form), 422
    goes_on = case.held_at is not None and case.status == CaseStatus.RECEIVED
    with all_or_nothing():
        quarantine.let_through(current_actor(), case, form.keys, seen=form.seen)
    if goes_on:
        return done(case, _("Anmälan är framsläppt. Nu går den vidare till den som kan svara."))
    return done(case, _("Texten är framsläppt. Nu kan de som arbetar med ärendet läsa den."))


def _page(case: Case, waiting: list[Waiting], form: LetThroughForm) -> str:
    known = known_names(case.federation_id) if waiting else frozenset()
    return render_template(
        "casework/quarantine.html",
        case=case,
        form=form,
        waiting=[(one, {name: pieces(text, known) for name, text in one.texts.items()}) for one in waiting],
        kinds=KIND,
        fields=FIELD,
    )
