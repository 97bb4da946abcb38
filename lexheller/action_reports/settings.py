"""What a federation has chosen for its yearly report: the smallest number shown, and its own Word template.

Each is changed against what was seen (P13) and leaves one event. Frozen editions keep the number that they were frozen
with; a template is only a look, for every Word file that is drawn from now on.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.action_reports.document import Document
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.editions import stage_of
from lexheller.action_reports.forms_docx import as_docx
from lexheller.action_reports.forms_template_parts import TemplateFault, UnusableTemplateError, take_apart
from lexheller.action_reports.permissions import demand_choosing
from lexheller.action_reports.rendering import draft_document
from lexheller.audit.service import insert_unless_there, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.organisations.models import Federation
from lexheller.organisations.report_settings import LEAST_SHOWN, LOWEST_LEAST_SHOWN, ReportSettings
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.privacy.scanner import stops
from lexheller.statistics.cohort import received_per_year

HIGHEST_LEAST_SHOWN = 20
LARGEST_TEMPLATE = 5_000_000
"""Bytes. A template holds a letterhead and styles, not a report."""
LONGEST_NAME = 200
NAMELESS = "mall.docx"
NUMBER_INSIDE = "identity_number_inside"
_FOLDERS = re.compile(r"[\\/]")


@dataclass(frozen=True, slots=True)
class Choices:
    """As they are now. `template_mark` tells one template from another, and from none; it is no secret."""

    least_shown: int
    template_name: str | None
    template_mark: str


def choices_of(federation_id: int) -> Choices:
    settings = db.session.get(ReportSettings, federation_id)
    if settings is None:
        return Choices(LEAST_SHOWN, None, _mark(None))
    return Choices(settings.least_shown, settings.word_template_name, _mark(settings.word_template))


def trial_year(federation_id: int) -> int:
    """The newest with reports: a template is tried on it."""
    return max(received_per_year(federation_id), default=clock.local_year())


def set_least_shown(actor: Actor, federation: Federation, least: int, *, seen: int) -> None:
    """From 3 to 20. Drafts follow at once, so that an approval of what they said falls. The same is no change.

    Raises InvalidInput on `least_shown` (`number_out_of_range`), Conflict when it is not `seen` any longer.
    """
    demand_choosing(actor, federation.id)
    if not LOWEST_LEAST_SHOWN <= least <= HIGHEST_LEAST_SHOWN:
        raise InvalidInput("least_shown", "number_out_of_range")
    settings = _held(federation.id)
    before = settings.least_shown
    if before != seen:
        raise Conflict(f"report settings {federation.id}: least {seen} seen, {before} now")
    if before == least:
        return
    settings.least_shown = least
    _changed(actor, settings, "action_report.least_shown_set", {"from": before, "to": least})


def set_template(actor: Actor, federation: Federation, content: bytes, name: str, *, seen: str) -> None:
    """Take a Word template into use, once a report has been drawn with it. The same file again is no change.

    `name` is only ever shown; what is kept is the template's parts, packed anew. Raises InvalidInput on `file`
    (`broken`, `macros`, `too_large`, or P23 in its name or inside it), Conflict when the template is not the one with
    the mark `seen`.
    """
    demand_choosing(actor, federation.id)
    shown = _shown_name(name)
    refuse_identity_numbers(file=shown)
    package = _tried(federation, content)
    settings = _held_template(federation.id, seen)
    if settings.word_template == package:
        return
    settings.word_template, settings.word_template_name = package, shown
    _changed(
        actor, settings, "action_report.template_set", {"bytes": len(package), "sha256": sha256(package).hexdigest()}
    )


def remove_template(actor: Actor, federation: Federation, *, seen: str) -> None:
    """Back to the built-in look. Without a template nothing changes. Raises Conflict as `set_template`."""
    demand_choosing(actor, federation.id)
    settings = _held_template(federation.id, seen)
    if settings.word_template is None:
        return
    before = sha256(settings.word_template).hexdigest()
    settings.word_template = settings.word_template_name = None
    _changed(actor, settings, "action_report.template_removed", {"sha256": before})


def _tried(federation: Federation, content: bytes) -> bytes:
    """What is to be kept of the file. It holds no identity number, also where only its maker would look (P23)."""
    if len(content) > LARGEST_TEMPLATE:
        raise InvalidInput("file", str(TemplateFault.TOO_LARGE))
    try:
        parts = take_apart(content)
    except UnusableTemplateError as problem:
        raise InvalidInput("file", str(problem.fault)) from problem
    if any(map(stops, parts.texts)):
        raise InvalidInput("file", NUMBER_INSIDE)
    drawn_on = _trial(federation)
    try:
        as_docx(drawn_on, parts.package)
    except UnusableTemplateError as problem:
        raise InvalidInput("file", str(problem.fault)) from problem
    except Exception as problem:  # opens, and then something in it stops the drawing: as broken as one that does not
        raise InvalidInput("file", str(TemplateFault.BROKEN)) from problem
    return parts.package


def _trial(federation: Federation) -> Document:
    year = trial_year(federation.id)
    data = report_data(federation, year)
    return draft_document(data, stage_of(federation, year, data), "sv")


def _shown_name(name: str) -> str:
    """Without folders, and without signs that nobody sees or that turn the writing round."""
    last = unicodedata.normalize("NFC", _FOLDERS.split(name)[-1])
    kept = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    return kept.strip()[:LONGEST_NAME] or NAMELESS


def _mark(template: bytes | None) -> str:
    return sha256(template or b"").hexdigest()[:16]


def _held(federation_id: int) -> ReportSettings:
    """Kept from others until the transaction ends; made if there is none."""
    insert_unless_there(ReportSettings, federation_id=federation_id, least_shown=LEAST_SHOWN)
    query = select(ReportSettings).where(ReportSettings.federation_id == federation_id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _held_template(federation_id: int, seen: str) -> ReportSettings:
    settings = _held(federation_id)
    if _mark(settings.word_template) != seen:
        raise Conflict(f"report settings {federation_id}: another template than the one seen")
    return settings


def _changed(actor: Actor, settings: ReportSettings, kind: str, data: dict[str, Any]) -> None:
    db.session.flush()
    record(
        actor,
        kind,
        federation_id=settings.federation_id,
        subject_type="report_settings",
        subject_id=settings.federation_id,
        data=data,
    )
