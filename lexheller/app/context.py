"""What every template is given: viewer, federation, menu, and a few formats. No query beyond what the request has."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date, format_datetime, format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor
from lexheller.organisations.labels import full_name


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
        "demo_mode": current_app.config["DEMO_MODE"],
        "federation": federation,
        "viewer": viewer,
        "nav_items": _menu(federation) if viewer is not None and federation is not None else [],
    }


def _viewer() -> Any:
    """Who is signed in; nobody where the database cannot be asked, so that its error page can be drawn (P32)."""
    try:
        return current_user.user if request and current_user.is_authenticated else None
    except SQLAlchemyError:
        return None


def _menu(federation: Any) -> list[dict[str, Any]]:
    actor = current_actor()
    section = (request.endpoint or "").partition(".")[0]
    items = []
    if actor.may(Right.SEE_ALL_CASES, federation.id) or actor.may(Right.SEE_OWN_UNITS_CASES, federation.id):
        items.append(("casework", _("Ärenden"), url_for("casework.index", federation=federation.slug)))
    if actor.may(Right.SEE_ACTION_REPORT, federation.id):
        items.append(
            ("action_reports", _("Åtgärdsrapport"), url_for("action_reports.index", federation=federation.slug))
        )
    items.append(("intake", _("Anmäl"), url_for("intake.report", federation=federation.slug)))
    return [{"label": label, "href": href, "current": name == section} for name, label, href in items]


def _day(value: date | datetime | None) -> str:
    return format_date(value, "d MMMM y") if value else ""


def _short_day(value: date | None) -> str:
    return format_date(value, "d MMM y") if value else ""


def _moment(value: datetime | None) -> str:
    """Swedish time."""
    return format_datetime(value, "d MMMM y HH:mm") if value else ""
