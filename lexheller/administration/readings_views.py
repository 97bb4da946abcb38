"""Who has read or downloaded what: searched by person, case and period, as a page and as a file. Both are kept too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_federation
from lexheller.administration import readings_queries as queries
from lexheller.administration.blueprint import SETTINGS, blueprint
from lexheller.administration.readings_page import lines, people
from lexheller.administration.readings_queries import Wanted
from lexheller.audit.reading_log import Thing
from lexheller.cases.queries import ids_by_number, kept_number
from lexheller.core import clock
from lexheller.web.access import requires
from lexheller.web.csv_file import as_csv, attached

READINGS = f"{SETTINGS}/lasningar"
MOST_IN_A_FILE = 20_000
LONGEST_NUMBER = 60


@blueprint.get(READINGS)
@requires(Right.SEE_READING_LOG)
@shows(Thing.READINGS)
def readings(federation: str) -> ResponseReturnValue:
    federation_id = current_federation().id
    kept, cursor = _kept(request.args), request.args.get("after")
    page = queries.newest(federation_id, _wanted(federation_id, kept), cursor)
    return render_template(
        "administration/readings.html",
        lines=lines(federation_id, page.rows),
        people=[("", _("Alla")), *((str(user_id), name) for user_id, name in people(queries.readers(federation_id)))],
        kept=kept,
        cursor=cursor,
        next_values={**kept, "after": page.next} if page.next else None,
        most=MOST_IN_A_FILE,
    )


@blueprint.get(f"{READINGS}.csv")
@requires(Right.SEE_READING_LOG)
@shows(Thing.READINGS, form="csv")
def readings_file(federation: str) -> Response:
    """Times in Sweden, with their distance from UTC."""
    federation_id = current_federation().id
    rows = queries.newest_of_all(federation_id, _wanted(federation_id, _kept(request.args)), MOST_IN_A_FILE)
    table = [
        (_in_sweden(line.at), line.who, line.what, line.how, line.sign_in_id) for line in lines(federation_id, rows)
    ]
    return attached(as_csv((_("När"), _("Vem"), _("Vad"), _("Hur"), _("Inloggning")), table), "lasningar")


def _kept(args: Mapping[str, str]) -> dict[str, str]:
    """What the search was for, of what can be understood."""
    person, number = args.get("person", ""), args.get("number", "").strip()[:LONGEST_NUMBER]
    found = {
        "person": person if person.isascii() and person.isdigit() and len(person) < 10 else "",
        "number": number if number.isprintable() else "",
        "from": _day(args.get("from")),
        "to": _day(args.get("to")),
    }
    return {name: value for name, value in found.items() if value}


def _day(written: str | None) -> str:
    try:
        found = date.fromisoformat(written or "")
    except ValueError:
        return ""
    return found.isoformat() if 2000 <= found.year <= 2100 else ""


def _wanted(federation_id: int, kept: Mapping[str, str]) -> Wanted:
    case_id = None
    if "number" in kept:
        number = kept_number(kept["number"])
        case_id = ids_by_number(federation_id, [number]).get(number, 0)
    return Wanted(
        int(kept["person"]) if "person" in kept else None,
        case_id,
        _midnight(kept["from"], 0) if "from" in kept else None,
        _midnight(kept["to"], 1) if "to" in kept else None,
    )


def _in_sweden(moment: datetime) -> str:
    return moment.astimezone(clock.SWEDEN).isoformat(sep=" ", timespec="seconds")


def _midnight(day: str, days: int) -> datetime:
    """Where the day, or one that many days later, begins in Sweden."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min, clock.SWEDEN)
