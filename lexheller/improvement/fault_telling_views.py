"""Telling the reporters about a fault in two steps: choose and write, look at what will happen, send.

Some cases at a time; the words for all go on to the next of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.casework import telling
from lexheller.casework.telling import Outcome, Told
from lexheller.core.errors import InvalidInput, StepRefused
from lexheller.faults import queries
from lexheller.faults.models import Fault
from lexheller.faults.permissions import steps_for
from lexheller.faults.states import FaultStep
from lexheller.improvement import fault_telling_page as page
from lexheller.improvement.blueprint import blueprint
from lexheller.improvement.fault_forms import REFUSED
from lexheller.improvement.fault_views import FAULT
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE, doubts_in

TELL = f"{FAULT}/beratta"


@blueprint.get(TELL)
@requires(Right.HANDLE_CASES)
@shows(Thing.FAULT, "fault_id")
def choose_reporters(federation: str, fault_id: int) -> ResponseReturnValue:
    row = _fault(fault_id)
    return page.choose(row, page.fresh(current_actor(), row, request.args.get("after")))


@blueprint.post(TELL)
@requires(Right.HANDLE_CASES)
def preview_telling(federation: str, fault_id: int) -> ResponseReturnValue:
    """What would happen; from there `edit` leads back with everything that was written. `go_on`: the next cases, with
    the same words for all.
    """
    row = _fault(fault_id)
    if "go_on" in request.form:
        return page.choose(row, page.fresh(current_actor(), row, request.form.get("after"), carried=True))
    sheet = page.sent(current_actor(), row)
    if not sheet.valid():
        return page.choose(row, sheet), 422
    if "edit" in request.form:
        return page.choose(row, sheet)
    return _preview(row, sheet)


@blueprint.post(f"{TELL}/skicka")
@requires(Right.HANDLE_CASES)
def tell_reporters(federation: str, fault_id: int) -> ResponseReturnValue:
    """Each case by itself; sent twice, the second time tells nobody again."""
    row = _fault(fault_id)
    sheet = page.sent(current_actor(), row)
    if not sheet.valid():
        return page.choose(row, sheet), 422
    looked = bool(sheet.form.looked.data)
    try:
        results = telling.tell(current_actor(), row, sheet.choices(), seen=sheet.form.seen, looked=looked)
    except InvalidInput as problem:
        if problem.field != "looked":
            raise
        sheet.form.put_error("looked", _("Läs det som är markerat och kryssa i rutan, eller ta bort det ur texten."))
        return _preview(row, sheet), 422
    done = [result for result in results if result.outcome in {Outcome.DONE, Outcome.ALREADY}]
    places = page.places_of(current_actor(), row, sheet.form.after.data)
    return render_template(
        "improvement/fault_told.html", fault=row, sheet=sheet, places=places, done=done, left=_left(results)
    )


def _preview(row: Fault, sheet: page.Sheet) -> str:
    """Each text once, with what in it looks like personal data and the cases whose reporters would read it."""
    results = telling.try_out(current_actor(), row, sheet.choices(), seen=sheet.form.seen)
    will: dict[str, list[Told]] = {}
    for result in results:
        if result.outcome is Outcome.DONE:
            will.setdefault(result.text, []).append(result)
    return render_template(
        "improvement/fault_tell_preview.html",
        fault=row,
        form=sheet.form,
        sheet=sheet,
        will=will,
        doubtful={text: found for text in will if (found := doubts_in({"text": text}))},
        looks_like=LOOKS_LIKE,
        left=_left(results),
    )


def _left(results: Sequence[Told]) -> list[tuple[Told, str]]:
    """Cases that are left as they are, each with the reason."""
    return [(result, _reason(result)) for result in results if result.outcome in {Outcome.CONFLICT, Outcome.REFUSED}]


def _reason(result: Told) -> str:
    if result.outcome is Outcome.CONFLICT:
        said = _("Någon annan har ändrat ärendet under tiden, så anmälaren har inte fått veta något. Börja om.")
        return str(said)
    return str(REFUSED.get(result.code, _("Ärendet går inte att avsluta i det läge som det har nu.")))


def _fault(fault_id: int) -> Fault:
    """One whose reporters may be told now. Raises StepRefused."""
    row = queries.fault_for(current_actor(), current_federation().id, fault_id)
    if FaultStep.TELL_REPORTERS not in steps_for(current_actor(), row):
        raise StepRefused(str(FaultStep.TELL_REPORTERS), row.status, "not now")
    return row
