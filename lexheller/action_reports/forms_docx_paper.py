"""One Word report while it is being written: its file, its look and its words, and where on the page the pen is.

Paragraphs in named styles, and fields that Word counts by itself. Stops at single paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.text.run import CT_R
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from lexheller.action_reports.forms_docx_look import Look
from lexheller.action_reports.forms_words import Words, clean, paragraphs


@dataclass(slots=True)
class Paper:
    """`tables` and `chapters` count as they are written. `below_table`: what comes next stands under a table."""

    word: WordDocument
    look: Look
    words: Words
    tables: int = 0
    chapters: int = 0
    below_table: bool = False

    def say(self, text: str = "", style: str | None = None, *, with_next: bool = False) -> WordParagraph:
        """`style` None: the one that the template begins from, as running text has."""
        if style is None and self.below_table:
            style = "Text efter tabell"
        self.below_table = False
        made = self.word.add_paragraph(text, None if style is None else self.look.style(style))  # type: ignore[arg-type]
        if with_next:
            made.paragraph_format.keep_with_next = True
        return made

    def chapter(self, heading: str) -> None:
        """Its place is marked for the contents. The first one begins on a page of its own."""
        self.chapters += 1
        made = self.say(clean(heading), "Heading 1")
        made.paragraph_format.page_break_before = True if self.chapters == 1 else None
        _mark(made, self.chapters)

    def lines(self, text: str) -> None:
        """One paragraph for each line that says something."""
        for line in paragraphs(text):
            self.say(line)

    def run(self, paragraph: WordParagraph, text: str, style: str) -> WordRun:
        return paragraph.add_run(text, self.look.style(style))  # type: ignore[arg-type]


def field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """`shown` stands there until the program that opens the file has counted."""
    open_field(paragraph, instruction)
    paragraph.add_run(shown)
    close_field(paragraph)


def open_field(paragraph: WordParagraph, instruction: str) -> None:
    """What is written from here to `close_field` is what the field shows."""
    _sign(paragraph, "begin")
    _instruction(paragraph, instruction)
    _sign(paragraph, "separate")


def close_field(paragraph: WordParagraph) -> None:
    _sign(paragraph, "end")


def place_of(chapter: int) -> str:
    """The name of the place where the chapter of that number begins, for links to it."""
    return f"_Toc{chapter:06}"


def _mark(heading: WordParagraph, number: int) -> None:
    begins, ends = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    begins.set(qn("w:id"), str(number))
    begins.set(qn("w:name"), place_of(number))
    ends.set(qn("w:id"), str(number))
    for text in heading.runs[:1]:
        text._r.addprevious(begins)
        text._r.addnext(ends)


def link(paragraph: WordParagraph, text: str, place: str) -> None:
    """To a place that is marked in the same file."""
    around = OxmlElement("w:hyperlink")
    around.set(qn("w:anchor"), place)
    around.set(qn("w:history"), "1")
    run = paragraph.add_run(text)
    run._r.addprevious(around)
    around.append(run._r)


def _sign(paragraph: WordParagraph, kind: str) -> None:
    run: CT_R = paragraph.add_run()._r
    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    run.append(sign)


def _instruction(paragraph: WordParagraph, words: str) -> None:
    written = OxmlElement("w:instrText")
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    written.text = f" {words} "
    paragraph.add_run()._r.append(written)
