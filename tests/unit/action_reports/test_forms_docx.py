"""The report as a Word file: the document's words and numbers, in the federation's own template."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from docx import Document as open_word
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from lexheller.action_reports import forms_template_parts
from lexheller.action_reports.document import Chart, KeyFigures, Paragraph
from lexheller.action_reports.forms_docx import as_docx, short_block_as_docx
from lexheller.action_reports.forms_template_parts import TemplateFault, UnusableTemplateError
from lexheller.action_reports.forms_words import shown, words_for
from lexheller.action_reports.forms_xlsx import as_xlsx
from tests.unit.action_reports.sample import HASH, MARKUP, sample, tables

PURPLE = RGBColor(0x5B, 0x2A, 0x86)
ELSEWHERE = "http://elsewhere.example/mall.dotm"


@cache
def drawn(language: str = "sv") -> bytes:
    return as_docx(sample(language), None)


def opened(content: bytes) -> Any:
    return open_word(io.BytesIO(content))


def saved(word: Any) -> bytes:
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


@cache
def template() -> bytes:
    """With looks, a header in its first section, text to fill in, and an own style of tables; without some styles."""
    word = open_word()
    word.styles["Heading 1"].font.color.rgb = PURPLE
    word.styles["Normal"].font.name = "Garamond"
    word.styles["Normal"].font.size = Pt(12)
    word.styles.add_style("Förbundets tabell", WD_STYLE_TYPE.TABLE)
    for missing in ("Heading 2", "Caption", "Subtitle"):
        word.styles.element.remove(word.styles[missing].element)
    word.sections[0].header.paragraphs[0].text = "Förbundets brevhuvud"
    word.add_paragraph("Skriv din text här")
    word.add_section()
    word.add_paragraph("Och mer här")
    return saved(word)


def changed(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name, part)
    return made.getvalue()


def with_type(content: bytes, kind: bytes) -> bytes:
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return changed(content, lambda name, part: part.replace(main, kind) if name == "[Content_Types].xml" else part)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p29_its_tables_are_those_of_the_document(language):
    document = sample(language)
    found = opened(drawn(language)).tables
    figures = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, KeyFigures)]
    assert len(found) == len(figures) + len(tables(document))
    assert [[cell.text for cell in row.cells] for row in found[0].rows[1:]] == [
        [one.name, one.value, one.definition] for one in figures[0].figures
    ]
    for made, table in zip(found[1:], tables(document), strict=True):
        rows = [tuple(cell.text for cell in row.cells) for row in made.rows]
        assert rows == [table.columns, *(tuple(shown(cell) for cell in row) for row in table.rows)]


def test_each_table_has_one_header_row_that_is_marked_and_repeats():
    for table in opened(drawn()).tables:
        marked = [bool(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows]
        assert marked == [True, *[False] * (len(marked) - 1)]


def test_headings_are_headings_and_texts_stand_as_written():
    word = opened(drawn())
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert headings[: len(sample().chapters)] == [chapter.heading for chapter in sample().chapters]
    assert headings[-1] == "Underskrifter"
    levels = [(int(one.style.name[-1]), one.text) for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert all(text.strip() for _level, text in levels)
    assert levels[0][0] == 1
    assert all(after <= before + 1 for (before, _), (after, _) in itertools.pairwise(levels))
    assert [one.text for one in word.paragraphs if one.style.name == "Title"] == [sample().title]
    assert any(MARKUP in one.text for one in word.paragraphs)


def test_a_draft_has_no_lines_to_sign_on():
    words = words_for(sample())
    said = [one.text for one in opened(as_docx(replace(sample(), to_sign=False))).paragraphs]
    assert not {words.signatures, *words.signers, f"{words.signature}:\t\t", words.hash_lead} & set(said)


def test_charts_are_pictures_with_their_summary_as_alternative_text():
    charts = [block for chapter in sample().chapters for block in chapter.blocks if isinstance(block, Chart)]
    pictures = opened(drawn()).inline_shapes
    assert [one._inline.docPr.get("descr") for one in pictures] == [chart.summary for chart in charts]
    assert all(Pt(200) < one.width < Pt(600) for one in pictures)


@pytest.mark.parametrize(("language", "locale"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_it_says_its_language_and_title(language, locale):
    word = opened(drawn(language))
    said = (*word.styles.element.iter(qn("w:lang")), *word.settings.element.iter(qn("w:themeFontLang")))
    assert {one.get(qn("w:val")) for one in said} == {locale}
    assert not list(word.element.body.iter(qn("w:lang")))
    properties = word.core_properties
    assert (properties.title, properties.language, properties.identifier) == (sample().title, locale, HASH)
    assert (properties.author, properties.last_modified_by, properties.comments) == (sample().federation, "", "")


def test_p29_the_same_document_gives_the_same_bytes():
    assert as_docx(sample(), None) == drawn()
    own = template()
    assert as_docx(sample(), own) == as_docx(sample(), own)
    for content in (drawn(), short_block_as_docx(sample())):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("as_template", [False, True])
def test_the_federations_styles_and_letterhead_are_kept_and_its_text_is_not(as_template):
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    own = with_type(template(), kind) if as_template else template()
    word = opened(as_docx(sample(), own))
    assert word.styles["Heading 1"].font.color.rgb == PURPLE
    assert (word.styles["Normal"].font.name, word.styles["Normal"].font.size) == ("Garamond", Pt(12))
    assert {table.style.name for table in word.tables} == {"Förbundets tabell"}
    assert {"Heading 1", "Heading 2", "Caption"} <= {one.style.name for one in word.paragraphs}
    assert len(word.sections) == 1
    assert word.sections[0].header.paragraphs[0].text == "Förbundets brevhuvud"
    assert "här" not in [one.text.split()[-1] for one in word.paragraphs[:3]]
    assert all("Skriv din text" not in one.text and "Och mer" not in one.text for one in word.paragraphs)


def test_the_short_block_stands_alone_in_the_template():
    word = opened(short_block_as_docx(sample(), template()))
    assert [one.text for one in word.paragraphs] == list(sample().short_block)
    assert word.tables == [] and word.styles["Normal"].font.name == "Garamond"
    assert word.sections[0].header.paragraphs[0].text == "Förbundets brevhuvud"


def test_signs_that_xml_cannot_hold_are_left_out():
    word = opened(as_docx(sample(extra=(Paragraph("Noll \0, klocka \a, \ud800 och \N{GRINNING FACE} kvar \ufffe."),))))
    assert any(one.text == "Noll , klocka ,  och \N{GRINNING FACE} kvar ." for one in word.paragraphs)


def test_a_template_that_is_fetched_from_elsewhere_is_not():
    word = open_word()
    word.part._settings_part.relate_to(
        ELSEWHERE, f"{RELATIONSHIP_TYPE.OFFICE_DOCUMENT[:68]}attachedTemplate", is_external=True
    )
    own = saved(word)
    assert ELSEWHERE.encode() in b"".join(parts(own))
    assert ELSEWHERE.encode() not in b"".join(parts(as_docx(sample(), own)))


def parts(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name) for name in file.namelist()]


MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
UNUSABLE: dict[str, tuple[Callable[[], bytes], TemplateFault]] = {
    "empty": (lambda: b"", TemplateFault.BROKEN),
    "no zip": (lambda: b"{\\rtf1 hej}", TemplateFault.BROKEN),
    "cut off": (lambda: template()[:-3000], TemplateFault.BROKEN),
    "a workbook": (lambda: as_xlsx(sample()), TemplateFault.BROKEN),
    "no types": (lambda: _zip("a.txt"), TemplateFault.BROKEN),
    "no document": (
        lambda: changed(template(), lambda n, p: b"" if n == "word/document.xml" else p),
        TemplateFault.BROKEN,
    ),
    "no styles": (
        lambda: changed(template(), lambda n, p: b"<w:styles" if n == "word/styles.xml" else p),
        TemplateFault.BROKEN,
    ),
    "flipped": (lambda: _flipped(template()), TemplateFault.BROKEN),
    "docm": (lambda: with_type(template(), MACROS), TemplateFault.MACROS),
    "dotm": (lambda: with_type(template(), MACROS.replace(b"document.m", b"template.m")), TemplateFault.MACROS),
    "hidden": (lambda: changed(template(), lambda _, p: p, **{"word/vbaProject.bin": b"x"}), TemplateFault.MACROS),
    "many parts": (lambda: _zip(*map(str, range(forms_template_parts.MOST_PARTS + 1))), TemplateFault.TOO_LARGE),
}


def _zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, b"")
    return made.getvalue()


def _flipped(content: bytes) -> bytes:
    """One byte of the packed styles is another."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        at = file.getinfo("word/styles.xml").header_offset + 200
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_template_that_cannot_be_used_says_why(name):
    make, fault = UNUSABLE[name]
    for draw in (as_docx, short_block_as_docx):
        with pytest.raises(UnusableTemplateError) as told:
            draw(sample(), make())
        assert told.value.fault is fault
        assert re.search(r"cannot be used", str(told.value))


def test_a_template_too_large_is_refused_before_it_is_read(monkeypatch):
    for limit in ("LARGEST_FILE", "LARGEST_UNPACKED"):
        monkeypatch.setattr(forms_template_parts, limit, 1000)
        with pytest.raises(UnusableTemplateError) as told:
            as_docx(sample(), template())
        assert told.value.fault is TemplateFault.TOO_LARGE
        monkeypatch.undo()


def test_an_empty_report_can_be_drawn():
    empty = replace(sample(), chapters=(), facts=(), short_block=())
    assert [one.text for one in opened(as_docx(empty)).paragraphs][:2] == [empty.federation, empty.title]
    assert opened(short_block_as_docx(empty)).paragraphs == []
