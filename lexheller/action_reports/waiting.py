"""What last year's report waits for, as a line on the start page of those who write it, with the next step.

Until it is frozen; and from January to March, when the board signs it, until it stands on the open page as it is now.
Counts no figures: whether an approval still holds is told by the page that the line leads to.
"""

from __future__ import annotations

from datetime import date

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import exists, select

from lexheller.accounts.rights import Actor
from lexheller.action_reports.drafting import LAST_CUT_OFF_MONTH, cut_off_of, draft_of
from lexheller.action_reports.editions import newest_edition
from lexheller.action_reports.models import Edition, ReportDraft
from lexheller.action_reports.permissions import may_approve, may_write
from lexheller.action_reports.publishing_editions import publication_of
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.desk import waiting
from lexheller.desk.sections import Line, short_day
from lexheller.organisations.models import Federation


def install(app: Flask) -> None:
    waiting.register(app, lines)


def lines(actor: Actor, federation: Federation) -> list[Line]:
    """At most one; none for a year without reports."""
    year = clock.local_year() - 1
    if not may_write(actor, federation.id) or not _had_reports(federation.id, year):
        return []
    draft, edition = draft_of(federation.id, year), newest_edition(federation.id, year)
    if edition is None:
        return [_before_freezing(actor, federation, year, draft)]
    if clock.today().month > LAST_CUT_OFF_MONTH:
        return []
    found = _after_freezing(federation, edition, draft)
    return [found] if found is not None else []


def _before_freezing(actor: Actor, federation: Federation, year: int, draft: ReportDraft | None) -> Line:
    if draft is not None and draft.approved_hash is not None:
        return Line(
            _("Åtgärdsrapporten för %(year)d är godkänd men inte fryst", year=year),
            url_for("action_reports.freeze", federation=federation.slug, year=year),
            _("Frys den, så att siffrorna står fast och den får ett diarienummer."),
        )
    note = _("Läs den och skriv det du vill ha med. Förbundschefen godkänner den.")
    if may_approve(actor, federation.id):
        note = _("Läs den, skriv dina egna ord och godkänn den.")
    counted_until = cut_off_of(draft, year)
    if clock.today() <= counted_until:
        note = _("Den räknas till och med %(day)s. Du kan skriva i den redan nu.", day=short_day(counted_until))
    return Line(
        _("Åtgärdsrapporten för %(year)d är ett utkast och inte godkänd än", year=year),
        url_for("action_reports.draft", federation=federation.slug, year=year),
        note,
    )


def _after_freezing(federation: Federation, edition: Edition, draft: ReportDraft | None) -> Line | None:
    slug, year = federation.slug, edition.year
    words = {"year": year, "number": edition.number}
    if draft is not None and draft.is_open:
        return Line(
            _("Åtgärdsrapporten för %(year)d har ändrats sedan utgåva %(number)d frystes", **words),
            url_for("action_reports.draft", federation=slug, year=year),
            _("Ska ändringen gälla, så godkänn och frys en ny utgåva."),
        )
    if publication_of(edition) is None:
        return Line(
            _("Åtgärdsrapporten för %(year)d, utgåva %(number)d, är fryst men inte publicerad", **words),
            url_for("action_reports.edition", federation=slug, year=year, number=edition.number),
            _("Publicera den när styrelsen har skrivit under."),
        )
    return None


def _had_reports(federation_id: int, year: int) -> bool:
    of_the_year = Case.received_on.between(date(year, 1, 1), date(year, 12, 31))
    found = db.session.scalar(select(exists().where(Case.federation_id == federation_id, of_the_year)))
    return bool(found)
