"""The pages of proposed patterns: parse, one verb, answer. For the office and the director; nobody else sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.casework.fault_panel import choices
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.faults import patterns
from lexheller.faults.models import Pattern
from lexheller.faults.patterns_rules import PatternStatus, begins
from lexheller.faults.permissions import may_handle
from lexheller.faults.queries import fault_for
from lexheller.faults.service import LONGEST_TITLE
from lexheller.improvement import pattern_labels as labels
from lexheller.improvement.blueprint import blueprint
from lexheller.improvement.fault_forms import FaultPageForm, number_in
from lexheller.improvement.pattern_forms import (
    MERGE,
    PUT_ASIDE,
    TAKE,
    MergePatternForm,
    PutPatternAsideForm,
    TakePatternForm,
)
from lexheller.web.access import requires

ALL = "/monster/<federation>"
UNKNOWN = 0
"""The queue's word for those without one."""
PATTERN = f"{ALL}/<int(max=2147483647):pattern_id>"


@blueprint.get(ALL)
@requires(Right.SEE_ALL_CASES)
def patterns_found(federation: str) -> ResponseReturnValue:
    actor, tenant = current_actor(), current_federation()
    return render_template(
        "improvement/patterns.html",
        proposed=patterns.open_patterns(actor, tenant.id),
        settled=patterns.settled_patterns(actor, tenant.id),
        may_handle=may_handle(actor, tenant.id),
        words=labels,
        queue_of=_queue_of,
    )


@blueprint.get(PATTERN)
@requires(Right.SEE_ALL_CASES)
@shows(Thing.PATTERN, "pattern_id")
def pattern(federation: str, pattern_id: int) -> ResponseReturnValue:
    return _page(_pattern(pattern_id), {})


@blueprint.post(f"{PATTERN}/systemfel")
@requires(Right.HANDLE_CASES)
def take_pattern(federation: str, pattern_id: int) -> ResponseReturnValue:
    """A suspected fault begins; on to its page, where it can be described."""
    row, form = _pattern(pattern_id), TakePatternForm(prefix=TAKE)

    def verb() -> None:
        patterns.take_pattern(current_actor(), row, form.title.data, form.why.data)

    answer = _taken(row, TAKE, form, verb)
    if answer is not None:
        return answer
    flash(_("Systemfelet är inskrivet och ärendena är kopplade till det."), "success")
    return redirect(url_for("improvement.fault", federation=federation, fault_id=row.fault_id))


@blueprint.post(f"{PATTERN}/kant-fel")
@requires(Right.HANDLE_CASES)
def merge_pattern(federation: str, pattern_id: int) -> ResponseReturnValue:
    actor, tenant, row = current_actor(), current_federation(), _pattern(pattern_id)
    form = _offered(MergePatternForm(prefix=MERGE))

    def verb() -> None:
        fault = fault_for(actor, tenant.id, number_in(form.fault_id.data))
        patterns.merge_pattern(actor, row, fault, form.why.data)

    answer = _taken(row, MERGE, form, verb)
    if answer is not None:
        return answer
    flash(_("Ärendena är kopplade till systemfelet."), "success")
    return redirect(url_for("improvement.fault", federation=federation, fault_id=row.fault_id))


@blueprint.post(f"{PATTERN}/at-sidan")
@requires(Right.HANDLE_CASES)
def put_pattern_aside(federation: str, pattern_id: int) -> ResponseReturnValue:
    row, form = _pattern(pattern_id), PutPatternAsideForm(prefix=PUT_ASIDE)
    answer = _taken(row, PUT_ASIDE, form, lambda: patterns.put_aside(current_actor(), row, form.why.data))
    if answer is not None:
        return answer
    flash(_("Mönstret är lagt åt sidan och föreslås inte igen. Ärendena är som förut."), "success")
    return redirect(url_for("improvement.patterns_found", federation=federation))


def _taken(row: Pattern, name: str, form: FaultPageForm, verb: Callable[[], None]) -> ResponseReturnValue | None:
    """None when it is done, else the page again with what was written."""
    if form.validate_on_submit():
        try:
            with all_or_nothing():
                verb()
        except InvalidInput as problem:
            form.refused(problem)
        else:
            return None
    return _page(row, {name: form}), 422


def _page(row: Pattern, sent: Mapping[str, FaultPageForm]) -> str:
    actor = current_actor()
    handles = may_handle(actor, row.federation_id) and row.status == PatternStatus.OPEN
    fresh: dict[str, FaultPageForm] = {}
    if handles:
        title = labels.sentence(row)[:LONGEST_TITLE]
        fresh = {
            TAKE: TakePatternForm(formdata=None, prefix=TAKE, data={"title": title}),
            MERGE: _offered(MergePatternForm(formdata=None, prefix=MERGE)),
            PUT_ASIDE: PutPatternAsideForm(formdata=None, prefix=PUT_ASIDE),
        }
    return render_template(
        "improvement/pattern.html",
        pattern=row,
        cases=patterns.cases_of(actor, row),
        forms={**fresh, **sent} if handles else {},
        failed=next(iter(sent.values()), None),
        status=PatternStatus(row.status),
        words=labels,
        queue_url=_queue_of(row),
    )


def _offered(form: MergePatternForm) -> MergePatternForm:
    form.offer(choices(current_actor(), current_federation().id, set()), str(_("Välj systemfel")))
    return form


def _queue_of(row: Pattern) -> str:
    """The pattern's cases in the queue, with those that were merged or handed over since."""
    chosen = {
        "organisation": row.concerned_organisation_id,
        "by": row.reporting_organisation_id if row.reporting_organisation_id is not None else UNKNOWN,
        "theme": row.theme_id,
        "municipality": row.municipality_id,
        "from": begins(clock.today()).isoformat(),
    }
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    return url_for("desk.index", federation=current_federation().slug, **kept)


def _pattern(pattern_id: int) -> Pattern:
    return patterns.pattern_for(current_actor(), current_federation().id, pattern_id)
