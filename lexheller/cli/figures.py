"""`lexheller compile`: a draft of the yearly report from the command line, or a frozen edition, in any form.

JSON is the whole report data, for those who run the installation; every other form is what may leave the office, JSON
as open data among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from lexheller.accounts.rights import OPERATOR
from lexheller.action_reports import editions, rendering
from lexheller.action_reports.blocks import Language
from lexheller.action_reports.document import Document
from lexheller.action_reports.drafting import compile_draft, report_data
from lexheller.action_reports.forms_template_parts import UnusableTemplateError
from lexheller.action_reports.models import Edition
from lexheller.action_reports.service import FIRST_YEAR, LAST_YEAR
from lexheller.cli.application import command_app, fail, federation_or_fail
from lexheller.core.db import reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.organisations.models import Federation

WHOLE, OPEN = "json", "open-json"
"""The figures as they are, and the form that is JSON elsewhere: what anybody may read."""
NOT_TO_LEAVE = (
    "Det här är hela underlaget, med ärendenummer och små tal: för er som sköter systemet. "
    "Det som får lämna kansliet får du med --format open-json."
)
FORMS = (*rendering.FORMS, OPEN)
AS_TEXT = {"html", "csv", WHOLE, OPEN}


@click.command("compile")
@click.option("--federation", "slug", required=True, metavar="SLUG", help="Förbundet som rapporten gäller.")
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Kalenderår.")
@click.option("--format", "form", type=click.Choice(FORMS), default=WHOLE, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Skriv till en fil.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Rapportens språk.")
@click.option("--edition", "number", type=click.IntRange(1), help="En fryst utgåva i stället för utkastet.")
def compile_report(slug: str, year: int, form: str, out: Path | None, language: Language, number: int | None) -> None:
    """Sammanställ årets åtgärdsrapport."""
    if out is None and form not in AS_TEXT:
        fail("Ange med --out vilken fil rapporten ska skrivas till.")
    with command_app().app_context():
        if number is None:
            _make_draft(slug, year)
        with reading(), nothing_kept(), force_locale(language):
            content, checksum = _content(federation_or_fail(slug), year, number, form, language)
    if out is None:
        click.echo(content.decode("utf-8-sig" if form == "csv" else "utf-8"))
    else:
        _write(out, content + b"\n" if form in {WHOLE, OPEN} else content)
        click.echo(f"Åtgärdsrapporten för {year} ligger i {out}.", err=True)
    if form == WHOLE:
        click.echo(NOT_TO_LEAVE, err=True)
    click.echo(f"hash {checksum}", err=True)


def _make_draft(slug: str, year: int) -> None:
    """Keep the figures as they are now; unchanged ones are no change."""
    with transaction():
        compile_draft(OPERATOR, federation_or_fail(slug), year)


def _content(federation: Federation, year: int, number: int | None, form: str, language: Language) -> tuple[bytes, str]:
    """With the hash that the review page and the edition show."""
    if number is not None:
        edition = _edition_or_fail(federation, year, number)
        if form == WHOLE:
            return _whole({**edition.data, "hash": edition.hash}), edition.hash
        return _drawn(rendering.edition_document(edition, language), form, federation), edition.hash
    data = report_data(federation, year)
    if form == WHOLE:
        return _whole(data), data["hash"]
    what = rendering.draft_document(data, editions.stage_of(federation, year, data), language)
    return _drawn(what, form, federation), data["hash"]


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as problem:
        fail(f"Filen {out} går inte att skriva: {problem.strerror}.")


def _edition_or_fail(federation: Federation, year: int, number: int) -> Edition:
    edition = editions.numbered(federation.id, year, number)
    if edition is None:
        fail(f"Det finns ingen utgåva {number} av {federation.name}s åtgärdsrapport för {year}.")
    return edition


def _whole(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _drawn(what: Document, form: str, federation: Federation) -> bytes:
    try:
        return rendering.drawn(what, "json" if form == OPEN else form, federation)
    except UnusableTemplateError as problem:
        fail(f"Förbundets Wordmall går inte att använda: {problem.fault}.")
