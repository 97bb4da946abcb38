"""The report as a Word file in the federation's own template, and its block for the annual report alone.

Real headings, header rows marked as such, charts as pictures with their summary as alternative text. Stops at bytes.
The same document and template give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Emu, Inches, Length

from lexheller.action_reports.document import Block, Chart, Document, KeyFigures, Paragraph
from lexheller.action_reports.forms_docx_frame import write_first_page, write_foot, write_signatures
from lexheller.action_reports.forms_docx_look import Look
from lexheller.action_reports.forms_docx_paper import Paper
from lexheller.action_reports.forms_docx_tables import end_table, write_key_figures, write_table
from lexheller.action_reports.forms_pictures import DOTS_PER_INCH, as_png
from lexheller.action_reports.forms_template import empty_document
from lexheller.action_reports.forms_words import clean, words_for

_ZIP_BEGAN = (1980, 1, 1, 0, 0, 0)
_HIGHEST, _LARGER = Cm(13), 1.15


def as_docx(document: Document, template: bytes | None = None) -> bytes:
    """Raises `UnusableTemplateError`."""
    paper = _begun(document, template)
    headings = [chapter.heading for chapter in document.chapters]
    headings += [paper.words.short_block] if document.short_block else []
    headings += [paper.words.signatures] if document.to_sign else []
    write_first_page(paper, document, headings)
    write_foot(paper, document)
    for chapter in document.chapters:
        paper.chapter(chapter.heading)
        for block in chapter.blocks:
            _write(paper, block)
    if document.short_block:
        paper.chapter(paper.words.short_block)
        for text in document.short_block:
            paper.lines(text)
    if document.to_sign:
        paper.chapter(paper.words.signatures)
        write_signatures(paper, document)
    end_table(paper)
    return _saved(paper.word)


def short_block_as_docx(document: Document, template: bytes | None = None) -> bytes:
    """Only the paragraphs for the annual report, ready to paste. Raises `UnusableTemplateError`."""
    paper = _begun(document, template)
    for text in document.short_block:
        paper.lines(text)
    return _saved(paper.word)


def _begun(document: Document, template: bytes | None) -> Paper:
    word, words = empty_document(template), words_for(document)
    paper = Paper(word, Look(word, of_template=template is not None), words)
    properties = word.core_properties
    properties.title, properties.author = clean(document.title)[:255], clean(document.federation)[:255]
    properties.subject = properties.keywords = properties.comments = properties.category = ""
    properties.last_modified_by, properties.revision = "", 1
    properties.language = words.locale
    properties.identifier = clean(document.hash)[:255]
    properties.created = properties.modified = datetime(document.year, 12, 31, tzinfo=UTC)
    _set_language(word, words.locale)
    return paper


def _set_language(word: WordDocument, locale: str) -> None:
    """In the style that the others begin from, and wherever the template's styles or settings say otherwise."""
    begins = word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    if begins is not None:
        properties = begins.element.get_or_add_rPr()
        if properties.find(qn("w:lang")) is None:
            properties.append(OxmlElement("w:lang"))
    of_styles = word.styles.element.iter(qn("w:lang"))
    for language in (*of_styles, *word.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:val"), locale)


def _write(paper: Paper, block: Block) -> None:
    if isinstance(block, Paragraph):
        paper.lines(block.text)
    elif isinstance(block, KeyFigures):
        write_key_figures(paper, block)
    elif isinstance(block, Chart):
        _write_chart(paper, block)
    else:
        write_table(paper, block)


def _write_chart(paper: Paper, chart: Chart) -> None:
    paper.say(clean(chart.title), "Heading 2", with_next=True)
    place = paper.say("", "Figur")
    png = as_png(chart.svg)
    picture = place.add_run().add_picture(io.BytesIO(png), width=_printed_width(png, paper.look.text_width()))
    named = picture._inline.docPr
    named.set("name", clean(chart.title))
    named.set("descr", clean(chart.summary))
    write_table(paper, chart.table)


def _printed_width(png: bytes, widest: Length) -> Length:
    """Somewhat larger than on a screen, within the page."""
    dots = Image.from_blob(png)
    natural = Inches(dots.px_width / DOTS_PER_INCH)
    return Emu(min(widest, int(natural * _LARGER), _HIGHEST * dots.px_width // dots.px_height))


def _saved(word: WordDocument) -> bytes:
    """The parts are packed anew: their library writes the time of day on each."""
    packed, made = io.BytesIO(), io.BytesIO()
    word.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _ZIP_BEGAN)
            part.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(part, source.read(name))
    return made.getvalue()
