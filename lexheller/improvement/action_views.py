"""The library of actions, a new action, and one action's page: parse, one verb, answer. Steps have their own views."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Actor, Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.actions import labels, library, queries, service
from lexheller.actions.library import LibraryFilter, OnlyActions
from lexheller.actions.models import Action
from lexheller.actions.recipients import owners
from lexheller.actions.states import LIVE, ActionStatus, Judgement
from lexheller.audit.reading_log import Thing
from lexheller.cases.models import Case
from lexheller.cases.queries import case_by_number, case_for
from lexheller.core import clock
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import all_or_nothing
from lexheller.faults.models import Fault
from lexheller.improvement import action_forms as forms
from lexheller.improvement import action_page
from lexheller.improvement.action_panel import Tried, tried
from lexheller.improvement.blueprint import blueprint
from lexheller.organisations.queries import themes
from lexheller.privacy.scanner import stops
from lexheller.web.access import requires

ID = "int(max=2147483647)"
ALL = "/atgarder/<federation>"
ACTION = f"{ALL}/<{ID}:action_id>"
READS = (Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES)
LONGEST_SEARCH = 200

Code = TypeVar("Code", bound=StrEnum)


@blueprint.get(ALL)
@requires(*READS)
def actions(federation: str) -> ResponseReturnValue:
    actor, tenant = current_actor(), current_federation()
    wanted, cursor = _filter(request.args), request.args.get("after")
    page = library.page(actor, tenant.id, wanted, cursor)
    kept = {name: value for name, value in _as_values(wanted).items() if value}
    return render_template(
        "improvement/actions.html",
        page=page,
        cursor=cursor,
        wanted=wanted,
        kept=kept,
        next_values={**kept, "after": page.next} if page.next else None,
        types=[("", _("Alla typer")), *((str(row.id), row.label) for row in queries.types(tenant.id))],
        themes=[("", _("Alla teman")), *((str(row.id), row.label) for row in themes(tenant.id))],
        rows=_rows(page.rows),
        may_record=actor.may(Right.HANDLE_CASES, tenant.id),
        labels=labels,
    )


@blueprint.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Right.HANDLE_CASES)
def new_action(federation: str) -> ResponseReturnValue:
    """Alone, or for a fault or a case: the address names it."""
    actor, tenant = current_actor(), current_federation()
    fault = _asked_fault(tenant.id)
    case = _asked_case(actor, tenant.id)
    known = {"fault": str(fault.id) if fault is not None else "", "cases": case.number if case is not None else ""}
    form = forms.NewForm(data=known)
    form.offer(tenant.id)
    if form.validate_on_submit():
        try:
            with all_or_nothing():
                made = _made(actor, form)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Åtgärden är sparad. Den har nummer %(number)d.", number=made.number), "success")
            say_if_nobody_heard(made)
            return to_action(made)
    answer = render_template("improvement/action_new.html", form=form, fault=fault, case=case)
    return answer, 422 if form.errors else 200


@blueprint.get(ACTION)
@requires(*READS)
@shows(Thing.ACTION, "action_id")
def action(federation: str, action_id: int) -> ResponseReturnValue:
    return action_page.render(current_actor(), asked_action(action_id))


def _rows(found: list[Action]) -> list[Tried]:
    """What was done and what it did; what it was done about is of the library's page."""
    follow_ups = queries.follow_ups(row.id for row in found)
    return [tried(row, follow_ups.get(row.id, [])) for row in found]


def asked_action(action_id: int) -> Action:
    return queries.action_for(current_actor(), current_federation().id, action_id)


def to_action(row: Action) -> ResponseReturnValue:
    return redirect(url_for("improvement.action", federation=current_federation().slug, action_id=row.id))


def say_if_nobody_heard(row: Action) -> None:
    """To whoever gave an action to a unit without anybody who can open it: that no mail went there."""
    if row.status in LIVE and row.owner_unit_id is not None and not owners(row, clock.today()):
        flash(
            _("Ingen på enheten har ett konto, så ingen fick mejl. Berätta för dem själv: kansliet får påminnelserna."),
            "warning",
        )


def fault_by_id(federation_id: int, chosen: str | None) -> Fault:
    """Raises NotAllowedToSee."""
    fault = queries.fault_in(federation_id, forms.number_in(chosen))
    if fault is None:
        raise NotAllowedToSee("fault")
    return fault


def _made(actor: Actor, form: forms.NewForm) -> Action:
    tenant = current_federation()
    try:
        cases = [case_by_number(actor, tenant.id, number) for number in form.numbers]
    except InvalidInput as problem:
        raise InvalidInput("cases", problem.code) from None
    faults = [fault_by_id(tenant.id, form.fault.data)] if form.fault.data else []
    return service.record_new(
        actor, tenant, form.details, cases=cases, faults=faults, done=form.done, sent_id=form.sent_once
    )


def _asked_fault(federation_id: int) -> Fault | None:
    wanted = request.args.get("fault")
    return fault_by_id(federation_id, wanted) if wanted else None


def _asked_case(actor: Actor, federation_id: int) -> Case | None:
    wanted = request.args.get("case")
    return case_for(actor, federation_id, forms.number_in(wanted)) if wanted else None


def _filter(args: Mapping[str, str]) -> LibraryFilter:
    """What the address asks for; what it cannot mean is left out."""
    return LibraryFilter(
        words=_words(args.get("q", "")),
        status=_code(ActionStatus, args.get("status")),
        type_id=_id(args.get("type")),
        theme_id=_id(args.get("theme")),
        judgement=_code(Judgement, args.get("judgement")),
        only=_code(OnlyActions, args.get("only")),
    )


def _as_values(wanted: LibraryFilter) -> dict[str, str]:
    return {
        "q": wanted.words,
        "status": str(wanted.status or ""),
        "type": str(wanted.type_id or ""),
        "theme": str(wanted.theme_id or ""),
        "judgement": str(wanted.judgement or ""),
        "only": str(wanted.only or ""),
    }


def _words(written: str) -> str:
    """An identity number is no search word: it must not stand in the pages' addresses (P23)."""
    words = written.replace("\x00", "")[:LONGEST_SEARCH].strip()
    return "" if stops(words) else words


def _code(codes: type[Code], written: str | None) -> Code | None:
    return next((code for code in codes if code.value == written), None)


def _id(written: str | None) -> int | None:
    number = forms.number_in(written)
    return number if number > 0 else None
