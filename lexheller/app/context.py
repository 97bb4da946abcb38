"""What every template is given: viewer, federation, menu, and a few formats. No query beyond what the request has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString, format_date, format_datetime, format_decimal
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.casework.asking import LONGEST_DAYS
from lexheller.desk.start_page import HAS_A_START
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federations


def install(app: Flask) -> None:
    app.context_processor(_context)
    app.add_template_filter(_day, "format_day")
    app.add_template_filter(_short_day, "format_short_day")
    app.add_template_filter(_moment, "format_moment")
    app.add_template_filter(format_decimal, "format_number")
    app.add_template_filter(full_name)


def _context() -> dict[str, Any]:
    federation = g.get("federation")
    viewer = _viewer()
    return {
        "longest_question_days": LONGEST_DAYS,
        "demo_mode": current_app.config["DEMO_MODE"],
        "federation": federation,
        "viewer": viewer,
        "nav_items": _menu(federation) if viewer is not None and federation is not None else [],
        "other_federations": _elsewhere(federation) if viewer is not None else [],
        "sees_all_cases": viewer is not None and federation is not None and _sees_all(federation),
    }


def _sees_all(federation: Federation) -> bool:
    return current_actor().may(Right.SEE_ALL_CASES, federation.id)


def _viewer() -> Any:
    """Who is signed in; nobody where the database cannot be asked, so that its error page can be drawn (P32)."""
    try:
        return current_user.user if request and current_user.is_authenticated else None
    except SQLAlchemyError:
        return None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """`rights`: any one of them is needed, none for everybody; with one of `unless` the matter stands elsewhere."""

    section: str
    label: LazyString
    endpoint: str
    rights: frozenset[Right] = frozenset()
    unless: frozenset[Right] = frozenset()


SEES = frozenset({Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES})
SEES_ALL, OFFICE = frozenset({Right.SEE_ALL_CASES}), frozenset({Right.PREPARE_MEETINGS})
MENU = (
    MenuItem("start", _l("Start"), "desk.start_page", HAS_A_START),
    MenuItem("casework", _l("Ärenden"), "desk.index", SEES),
    MenuItem("systemfel", _l("Systemfel"), "improvement.faults", SEES_ALL),
    MenuItem("atgarder", _l("Åtgärder"), "improvement.actions", SEES_ALL),
    MenuItem("laget", _l("Läget"), "improvement.overview", frozenset({Right.SEE_FIGURES}), SEES),
    MenuItem("siffror", _l("Siffror"), "action_reports.figures_only_index", frozenset({Right.SEE_FIGURES}), OFFICE),
    MenuItem("meetings", _l("Möten"), "meetings.index", OFFICE),
    MenuItem("action_reports", _l("Åtgärdsrapport"), "action_reports.index", frozenset({Right.SEE_ACTION_REPORT})),
    MenuItem("disposals", _l("Gallring"), "disposals.index", frozenset({Right.PLAN_DISPOSAL})),
    MenuItem("diary", _l("Diarium"), "records.diary_index", frozenset({Right.KEEP_RECORDS})),
    MenuItem("administration", _l("Inställningar"), "administration.index", frozenset({Right.ADMINISTER})),
    MenuItem(
        "drift", _l("Drift"), "administration.operation", frozenset({Right.OPERATE}), frozenset({Right.HANDLE_CASES})
    ),
    MenuItem("intake", _l("Anmäl"), "intake.report"),
)
BY_ADDRESS = {"laget", "siffror", "drift", "systemfel", "atgarder", "monster"}
"""Pages of several subjects under one blueprint: the address tells them apart."""


def _menu(federation: Federation) -> list[dict[str, Any]]:
    """What the viewer may open in the federation, and nothing else."""
    actor, here = current_actor(), _section()
    return [
        {
            "label": item.label,
            "href": url_for(item.endpoint, federation=federation.slug),
            "current": item.section == here,
        }
        for item in MENU
        if not item.rights or any(actor.may(right, federation.id) for right in item.rights)
        if not any(actor.may(right, federation.id) for right in item.unless)
    ]


def _section() -> str:
    """The menu item that the page belongs to."""
    if request.endpoint == "desk.start_page":
        return "start"
    first = request.path.split("/")[1]
    if first in BY_ADDRESS:
        return {"monster": "systemfel"}.get(first, first)
    section = (request.endpoint or "").partition(".")[0]
    return {"rules": "administration", "desk": "casework", "records": "diary"}.get(section, section)


def _elsewhere(federation: Federation | None) -> list[Federation]:
    """The other federations in which the viewer has a role, to change to; asked for only where there are several."""
    actor = current_actor()
    if len(actor.roles) < 2:
        return []
    here = federation.id if federation is not None else None
    return [one for one in federations() if one.id in actor.roles and one.id != here]


def _day(value: date | datetime | None) -> str:
    return format_date(value, "d MMMM y") if value else ""


def _short_day(value: date | None) -> str:
    return format_date(value, "d MMM y") if value else ""


def _moment(value: datetime | None) -> str:
    """Swedish time."""
    return format_datetime(value, "d MMMM y HH:mm") if value else ""
