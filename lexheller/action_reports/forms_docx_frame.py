"""What stands around the chapters of the Word report: the first page, the foot of every page, the lines to sign on.

Stops where the chapters begin.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from lexheller.action_reports.document import Document
from lexheller.action_reports.forms_docx_look import CHECKSUM
from lexheller.action_reports.forms_docx_paper import Paper, close_field, field, link, open_field, place_of
from lexheller.action_reports.forms_words import clean

_SHORT_HASH = 12
_BELOW_THE_LINES = Pt(30)
_CONTENTS = 'TOC \\o "1-1" \\n \\h \\z'
"""Headings without the numbers of their pages, which only the program that opens the file could tell."""


def write_first_page(paper: Paper, document: Document, headings: Sequence[str]) -> None:
    """`headings`: of the chapters, in the order they will be written."""
    paper.say(clean(document.federation), "Subtitle")
    paper.say(clean(document.title), "Title")
    for term, value in document.facts:
        _fact(paper, clean(term), clean(value), is_hash=value == document.hash)
    if not headings:
        return
    paper.say(paper.words.contents, "TOC Heading")
    for number, heading in enumerate(headings, 1):
        line = paper.say("", "toc 1")
        if number == 1:
            open_field(line, _CONTENTS)
        link(line, clean(heading), place_of(number))
        if number == len(headings):
            close_field(line)


def write_foot(paper: Paper, document: Document) -> None:
    """Only where the template has no foot of its own."""
    foot = paper.word.sections[-1].footer
    if not foot.is_linked_to_previous:
        return
    foot.is_linked_to_previous = False
    line = foot.paragraphs[0]
    style = paper.look.style("Footer")
    line.style = style
    width = paper.look.text_width()
    for stop in [one for one in style.paragraph_format.tab_stops if one.position < width]:  # type: ignore[attr-defined]
        line.paragraph_format.tab_stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    line.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"{clean(document.federation)} · {document.year}\t{paper.words.page} ")
    field(line, "PAGE", "1")
    line.add_run(f" {paper.words.of} ")
    field(line, "NUMPAGES", "1")
    if document.hash:
        line.add_run().add_break()
        line.add_run(f"{paper.words.hash} {clean(document.hash)[:_SHORT_HASH]}")


def write_signatures(paper: Paper, document: Document) -> None:
    """Beside what is signed: the hash. All of it stays on one page."""
    for signer in paper.words.signers:
        paper.say(signer, "Heading 2")
        for under in (paper.words.place_and_day, paper.words.signature, paper.words.name_in_print):
            paper.say(f"{under}:\t\t", "Underskrift", with_next=True)
    checked = _fact(paper, paper.words.hash, clean(document.hash), is_hash=True).paragraph_format
    checked.space_before, checked.keep_with_next = _BELOW_THE_LINES, True
    paper.say(paper.words.hash_lead, "Tabellnot")


def _fact(paper: Paper, term: str, value: str, *, is_hash: bool) -> WordParagraph:
    line = paper.say("", "Rapportuppgift")
    paper.run(line, term, "Uppgiftsnamn")
    line.add_run("\t")
    if is_hash:
        paper.run(line, value, CHECKSUM)
    else:
        line.add_run(value)
    return line
