"""A meeting's paper as files: PDF, tagged and with its language set, and DOCX. Both draw the same plain values.

Words are handed over as data, never as markup. Stops at bytes: who may have them is `meetings.reading`.
"""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import typst
from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from lexheller.meetings.paper import Entry, Paper, Part

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "sv-SE"
LONGEST_PROPERTY = 255
"""Word takes no longer title of a file; the heading in it is whole."""
_TEMPLATE = Path(__file__).with_name("paper.typ")


def as_pdf(paper: Paper, *, one_a_page: bool) -> bytes:
    """PDF/UA-1 as far as the compiler checks it: it fails on what a screen reader could not follow."""
    paper = _cleaned(paper)
    values = {
        "title": paper.title,
        "facts": paper.facts,
        "empty": paper.empty,
        "one_a_page": one_a_page,
        "entries": [
            {
                "heading": entry.heading,
                "notes": entry.notes,
                "parts": [{"heading": part.heading, "paragraphs": part.paragraphs} for part in entry.parts],
            }
            for entry in paper.entries
        ],
    }
    made = _compiled(json.dumps(values))
    if not isinstance(made, bytes):
        raise TypeError("a paper is one file")
    return made


def _compiled(values: str) -> object:
    """PDF/UA-1, but for a text with signs that no font has, which the standard forbids: tagged all the same."""
    try:
        return typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs={"paper": values}, pdf_standards=["ua-1"])
    except typst.TypstError:
        return typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs={"paper": values})


def as_docx(paper: Paper, *, one_a_page: bool) -> bytes:
    """With real headings, a title, and Swedish as the language of its text."""
    paper, document = _cleaned(paper), Document()
    document.core_properties.title = paper.title[:LONGEST_PROPERTY]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = LANGUAGE
    _set_language(document)
    document.add_heading(paper.title, level=1)
    for term, value in paper.facts:
        line = document.add_paragraph()
        line.add_run(f"{term}: ").bold = True
        line.add_run(value)
    if not paper.entries:
        document.add_paragraph(paper.empty)
    for entry in paper.entries:
        heading = document.add_heading(entry.heading, level=2)
        heading.paragraph_format.page_break_before = one_a_page
        for note in entry.notes:
            document.add_paragraph().add_run(note).italic = True
        for part in entry.parts:
            document.add_heading(part.heading, level=3)
            for words in part.paragraphs:
                document.add_paragraph(words)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _set_language(document: Document) -> None:  # type: ignore[valid-type]
    """In the style that every other one begins from."""
    properties = document.styles["Normal"].element.get_or_add_rPr()  # type: ignore[attr-defined]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)


def _cleaned(paper: Paper) -> Paper:
    """Without signs that are no text; forms take them out, what was stored before may have them."""
    return Paper(
        _clean(paper.title),
        tuple((_clean(term), _clean(value)) for term, value in paper.facts),
        tuple(
            Entry(
                _clean(entry.heading),
                tuple(_clean(note) for note in entry.notes),
                tuple(Part(_clean(part.heading), _clean(part.text)) for part in entry.parts),
            )
            for entry in paper.entries
        ),
        _clean(paper.empty),
    )


def _clean(words: str) -> str:
    """Line ends and tabs stay; control signs, halves of pairs and what Unicode keeps for no sign at all, as U+FFFF,
    which XML cannot hold, go. Spaces that do not break and signs that join others are text.
    """
    return "".join(sign for sign in words if sign in "\n\t" or _is_text(sign))


def _is_text(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs"} and ord(sign) & 0xFFFE != 0xFFFE
