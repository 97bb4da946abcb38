"""Frozen editions: what one says, the cases behind each of its figures as they were frozen, and publishing it.

Everything is read from the edition's own data, so that it can be answered when the cases are gone.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import editions, publishing_editions
from lexheller.action_reports.blueprint import EDITION, blueprint
from lexheller.action_reports.difference_words import Told, told
from lexheller.action_reports.differences import differences
from lexheller.action_reports.draft_forms import PublishForm
from lexheller.action_reports.figure_page import chapters, goals, label_in
from lexheller.action_reports.models import Edition
from lexheller.action_reports.permissions import may_write
from lexheller.action_reports.publishing_editions import Near
from lexheller.action_reports.reading import language_here
from lexheller.action_reports.rendering import edition_document
from lexheller.audit.reading_log import Thing
from lexheller.cases.queries import ids_by_number
from lexheller.core.errors import InvalidInput
from lexheller.web.access import requires
from lexheller.web.forms import Form

SIGNED = "+#,##0;−#,##0"


@blueprint.get(EDITION)
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.EDITION, "year", "number")
def edition(federation: str, year: int, number: int) -> ResponseReturnValue:
    one = _edition(year, number)

    def behind(measure: str, key: str) -> str:
        return _to("edition_cases", one, figure=measure, key=key)

    return render_template(
        "action_reports/edition.html",
        year=year,
        edition=one,
        is_whole=editions.verify(one),
        publication=publishing_editions.publication_of(one),
        before=publishing_editions.compared_with(one),
        chapters=chapters(one.data, str(get_locale()), behind, edition_document(one, language_here())),
        goals=goals(one.data),
        may_write=may_write(current_actor(), one.federation_id),
        form=Form(),
    )


@blueprint.get(f"{EDITION}/<figure>/<path:key>")
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.EDITION, "year", "number")
def edition_cases(federation: str, year: int, number: int, figure: str, key: str) -> ResponseReturnValue:
    """The cases that one figure stands for, as they were frozen; those that have been disposed of have no link."""
    one = _edition(year, number)
    label = label_in(one.data, figure, key)
    if label is None:
        abort(404)
    numbers = one.data["cases_behind"][figure][key]
    return render_template(
        "action_reports/edition_cases.html",
        year=year,
        edition=one,
        label=label,
        words=one.data["measures"][figure],
        numbers=numbers,
        received={fact["number"]: fact["received_on"] for fact in one.data["facts"]},
        ids=ids_by_number(one.federation_id, numbers),
    )


@blueprint.get(f"{EDITION}/skillnader")
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.EDITION, "year", "number")
def edition_differences(federation: str, year: int, number: int) -> ResponseReturnValue:
    """Against the edition that others had read when it was frozen, or any earlier one that is chosen (`mot`)."""
    one = _edition(year, number)
    earlier = [
        other for other in editions.editions_of(current_actor(), one.federation_id, year) if other.number < one.number
    ]
    chosen = request.args.get("mot")
    against = publishing_editions.compared_with(one)
    if chosen is not None:
        against = next((other for other in earlier if str(other.number) == chosen), None) or abort(404)
    found = differences(against.data, one.data) if against else []
    return render_template(
        "action_reports/differences.html",
        year=year,
        back=(_("Tillbaka till utgåva %(number)s", number=number), _to("edition", one)),
        title=_("Vad som skiljer utgåva %(number)s, %(year)s", number=number, year=year),
        against=against,
        others=[(other, _to("edition_differences", one, mot=other.number)) for other in earlier if other != against],
        lines=told(found, one.data, str(get_locale())),
        since=[],
        compiled_at=None,
    )


@blueprint.route(f"{EDITION}/publicera", methods=["GET", "POST"])
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.EDITION, "year", "number")
def publish_edition(federation: str, year: int, number: int) -> ResponseReturnValue:
    """What will happen, and doing it."""
    one = _edition(year, number)
    if publishing_editions.publication_of(one) is not None:
        return redirect(_to("edition", one))
    form = PublishForm(data={"version": publishing_editions.latest(one.federation_id)})
    if form.validate_on_submit():
        try:
            publishing_editions.publish(current_actor(), one, seen=form.seen, looked=bool(form.looked.data))
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Utgåva %(number)s är publicerad.", number=number), "success")
            return redirect(_to("edition", one))
    locale = str(get_locale())
    page = render_template(
        "action_reports/publish.html",
        year=year,
        edition=one,
        standing=[other.edition for other in publishing_editions.standing_of(one.federation_id, year)],
        near=[(near.edition, _told_near(near, one, locale)) for near in publishing_editions.near_to(one)],
        form=form,
    )
    return page, 422 if form.errors else 200


@blueprint.post(f"{EDITION}/ta-ner")
@requires(Right.COMPILE_ACTION_REPORT)
def withdraw_edition(federation: str, year: int, number: int) -> ResponseReturnValue:
    one = _edition(year, number)
    if Form().validate_on_submit():
        publishing_editions.withdraw(current_actor(), one)
        flash(_("Utgåva %(number)s visas inte längre öppet.", number=number), "success")
    return redirect(_to("edition", one))


def _told_near(near: Near, one: Edition, locale: str) -> list[tuple[Told, str]]:
    """Each figure with how much it differs."""
    changes = [format_decimal(int(line.new or 0) - int(line.old or 0), format=SIGNED) for line in near.figures]
    return list(zip(told(near.figures, one.data, locale), changes, strict=True))


def _edition(year: int, number: int) -> Edition:
    return editions.edition_for(current_actor(), current_federation().id, year, number)


def _to(page: str, one: Edition, **values: Any) -> str:
    return url_for(
        f"action_reports.{page}", federation=current_federation().slug, year=one.year, number=one.number, **values
    )
