"""Files to hand out: a document as PDF and as plain text, and the decision on what is not handed out.

A masked copy is drawn from the masked text alone: what is hidden never comes near the file. Stops at bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from lexheller.meetings.paper import Entry, Paper, Part
from lexheller.meetings.paper_files import as_pdf
from lexheller.meetings.proposing import DOCUMENT_LOCALE
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation
from lexheller.privacy.masking import masked
from lexheller.records.release_documents import Document
from lexheller.records.release_labels import DOCUMENT, PARAGRAPH
from lexheller.records.release_states import Decision, DocumentKind, Paragraph, Passages, Piece


def shown(pieces: Sequence[Piece], hidden: Passages) -> tuple[Piece, ...]:
    """The texts as they are handed out."""
    return tuple(Piece(piece.key, piece.heading, _hidden_in(piece, hidden)) for piece in pieces)


def _hidden_in(piece: Piece, hidden: Passages) -> str:
    return masked(piece.text, [(place[0], place[1]) for place in hidden.get(piece.key, ())])


def paper_of(federation: Federation, what: Document, hidden: Passages) -> Paper:
    with force_locale(DOCUMENT_LOCALE):
        facts = [
            (str(_("Förbund")), full_name(federation)),
            (str(_("Diarienummer")), what.number),
            (str(_("Datum")), str(format_date(what.on_day, "d MMMM y"))),
        ]
        if hidden:
            facts.append((str(_("Maskat")), str(_("Delar av texten är hemliga och borttagna. Se beslutet."))))
        parts = tuple(Part(piece.heading, piece.text) for piece in shown(what.pieces, hidden))
        entries = (Entry(str(DOCUMENT[what.kind]), (), parts),) if parts else ()
        return Paper(what.name, tuple(facts), entries, str(_("Handlingen har ingen text.")))


def as_text(paper: Paper) -> bytes:
    """UTF-8 with a byte order mark, as editors in Windows open it."""
    lines = [paper.title, "", *(f"{term}: {value}" for term, value in paper.facts)]
    for entry in paper.entries:
        lines += ["", entry.heading, *entry.notes]
        for part in entry.parts:
            lines += ["", part.heading, part.text]
    if not paper.entries:
        lines += ["", paper.empty]
    return ("\r\n".join("\r\n".join(line.splitlines()) for line in lines) + "\r\n").encode("utf-8-sig")


def pdf_of(paper: Paper) -> bytes:
    return as_pdf(paper, one_a_page=False)


@dataclass(frozen=True, slots=True)
class Ruled:
    """One document that is kept back, wholly or in part, and why."""

    kind: DocumentKind
    number: str
    on_day: date
    decision: Decision
    paragraphs: tuple[Paragraph, ...]
    own_words: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A decision that can be appealed. `decided_by` is who signs it."""

    number: str
    request_number: str
    asked_on: date
    decided_on: date
    decided_by: str
    ruled: tuple[Ruled, ...]
    contact: str


def letter_paper(federation: Federation, letter: Letter) -> Paper:
    """Förvaltningslagen 43 and 44 §§, offentlighets- och sekretesslagen 6 kap. 7 and 8 §§: where, how and how soon."""
    with force_locale(DOCUMENT_LOCALE):
        facts = (
            (str(_("Förbund")), full_name(federation)),
            (str(_("Diarienummer")), letter.number),
            (str(_("Begäran")), letter.request_number),
            (str(_("Beslutsdag")), str(format_date(letter.decided_on, "d MMMM y"))),
            (str(_("Beslutat av")), letter.decided_by),
        )
        decision = Entry(str(_("Beslut")), (), tuple(_ruled(one) for one in letter.ruled))
        title = str(_("Beslut om att inte lämna ut uppgifter"))
        return Paper(title, facts, (decision, _appeal(federation, letter)), "")


def _ruled(one: Ruled) -> Part:
    day = format_date(one.on_day, "d MMMM y")
    heading = f"{DOCUMENT[one.kind]}, {one.number}, {day}"
    if one.decision is Decision.REFUSED:
        said = str(_("Handlingen lämnas inte ut."))
    else:
        said = str(_("Handlingen lämnas ut, men delar av den är maskade."))
    reasons = [str(PARAGRAPH[paragraph]) for paragraph in one.paragraphs]
    lines = [said, str(_("Uppgifterna är hemliga enligt:")), *(f"– {reason}" for reason in reasons)]
    return Part(heading, "\n".join(line for line in (*(lines if reasons else [said]), one.own_words) if line.strip()))


def _appeal(federation: Federation, letter: Letter) -> Entry:
    contact = letter.contact or full_name(federation)
    return Entry(
        str(_("Så överklagar du")),
        (),
        (
            Part(str(_("Vart")), str(_("Du överklagar till kammarrätten, men skickar överklagandet till förbundet."))),
            Part(
                str(_("När")), str(_("Det ska ha kommit in inom tre veckor från den dag då du fick del av beslutet."))
            ),
            Part(
                str(_("Vad du skriver")),
                str(
                    _(
                        "Skriv vilket beslut du överklagar, med diarienummer %(number)s, hur du vill att det ändras "
                        "och varför. Förbundet skickar det vidare till kammarrätten.",
                        number=letter.number,
                    )
                ),
            ),
            Part(str(_("Förbundets adress")), contact),
        ),
    )
