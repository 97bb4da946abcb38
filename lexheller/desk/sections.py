"""What a start page is made of: lines under a heading, with a link to the rest. Values only; each role has a module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.deadlines.labels import Left
from lexheller.desk.queries import QueueRow
from lexheller.desk.rules import Only

MOST_LINES = 5
LONGEST_SUBJECT = 110


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is the link. `tag` is a word or two that says why it stands here, `note` what is good to know."""

    text: str
    href: str
    note: str = ""
    tag: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """`empty` is said when there are no lines; a section without lines and without words is not drawn. `first`: it is
    shown with every line, and the others with MOST_LINES and the rest folded.
    """

    title: str
    lines: Sequence[Line]
    more_href: str = ""
    more_label: str = ""
    empty: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One role's sections; `title` is set when somebody has several roles."""

    sections: Sequence[Section]
    title: str = ""


def queue_href(slug: str, **values: Any) -> str:
    return url_for("desk.index", federation=slug, **values)


def case_href(slug: str, case_id: int) -> str:
    return url_for("casework.show", federation=slug, case_id=case_id)


def short_day(day: object) -> str:
    return str(format_date(day, "d MMM y"))


def subject(words: str) -> str:
    """The beginning of what a report says, cut at a word."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[:LONGEST_SUBJECT].rsplit(' ', 1)[0]} …"


def case_line(slug: str, row: QueueRow, left: Left) -> Line:
    """A case with whom it lies with and until when."""
    note = _("Kom in %(day)s", day=short_day(row.case.received_on))
    if row.duty is not None:
        note = _(
            "%(unit)s, senast %(day)s: %(left)s",
            unit=row.duty.unit.name,
            day=short_day(row.duty.due_on),
            left=left(row.duty.due_on),
        )
    text = f"{row.case.number}: {subject(row.case.report.what_happened)}"
    return Line(text, case_href(slug, row.case.id), note=note, late=row.overdue)


def overdue_section(slug: str, rows: Sequence[QueueRow], left: Left) -> Section:
    return Section(
        _("Försenat"),
        [case_line(slug, row, left) for row in rows],
        queue_href(slug, only=Only.OVERDUE),
        _("Alla försenade"),
        empty=_("Inget svar är försenat."),
    )
