"""A draft or an edition in one of its forms: what it tells, with what stands around it, drawn.

The one place where the parts meet: every form of a report, on screen, in a file or from the command line, is of the
same document. Its words and numbers are those that its data holds, for an edition the frozen ones; nothing is worded
here. Stops at bytes: who may have them is for those who call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from lexheller.action_reports.blocks import Language
from lexheller.action_reports.chapters import EditionMeta, framed
from lexheller.action_reports.document import Document
from lexheller.action_reports.document_data import document_of
from lexheller.action_reports.editions import Stage
from lexheller.action_reports.forms import FORMS as FILES
from lexheller.action_reports.forms import Form
from lexheller.action_reports.forms_html import as_html
from lexheller.action_reports.models import Edition
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.models import Federation
from lexheller.organisations.report_settings import ReportSettings

FORMS: Mapping[str, Form] = {"html": Form("html", "text/html; charset=utf-8", "html", as_html), **FILES}
WORD = "docx"
PACKAGE = Path(__file__).parents[1]
PROGRAM = (PACKAGE, PACKAGE.parent / "templates")
DRAWN_BY = {".py", ".typ", ".html", ".css", ".mo"}


def edition_document(edition: Edition, language: Language) -> Document:
    meta = EditionMeta(
        number=edition.number,
        diary_number=edition.diary_number,
        approved_by=edition.approved_by,
        approved_on=clock.day_of(edition.approved_at),
        frozen_on=clock.day_of(edition.frozen_at),
        hash=edition.hash,
    )
    return framed(document_of(edition.data["told"][language]), meta, edition.cut_off)


def draft_document(data: Mapping[str, Any], stage: Stage, language: Language) -> Document:
    """`data` is the draft's `report_data`. An approval is named while it is of what the report says now."""
    approved = stage.draft if stage.approval_holds else None
    meta = EditionMeta(
        number=None,
        diary_number=None,
        approved_by=approved.approved_by if approved else None,
        approved_on=clock.day_of(approved.approved_at) if approved and approved.approved_at else None,
        frozen_on=None,
        hash=stage.hash,
    )
    return framed(document_of(data["told"][language]), meta, date.fromisoformat(data["cut_off"]))


def drawn(what: Document, form: str, federation: Federation) -> bytes:
    """Raises KeyError for a form that is none, UnusableTemplateError for Word with a template that cannot be used."""
    return FORMS[form].draw(what, template_for(form, federation))


def template_for(form: str, federation: Federation) -> bytes | None:
    """The federation's Word template, for the forms that read it."""
    settings = db.session.get(ReportSettings, federation.id) if FORMS[form].extension == WORD else None
    return settings.word_template if settings else None


def edition_mark(edition: Edition, form: str, language: Language, template: bytes | None) -> str:
    """The same for two files of an edition that are the same, known before any is drawn; without the edition's data."""
    made_of = (edition.id, edition.hash, form, language, sha256(template or b"").hexdigest(), _program_mark())
    return sha256(repr(made_of).encode()).hexdigest()


def file_name(year: int, federation: Federation, form: str, number: int | None) -> str:
    """In ASCII, with the name of the form where two have the same extension."""
    part = f"utgava-{number}" if number is not None else "utkast"
    block = "-textblock" if form == "short-docx" else ""
    return f"atgardsrapport-{federation.slug}-{year}-{part}{block}.{FORMS[form].extension}"


@cache
def _program_mark() -> str:
    """Another version of the program draws other files."""
    mark = sha256()
    for folder in PROGRAM:
        for file in sorted(file for file in folder.rglob("*") if file.suffix in DRAWN_BY):
            mark.update(file.read_bytes())
    return mark.hexdigest()
