"""How the Word report looks: the house's own styles, and those of the federation's template where it has them."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from docx import Document as open_word
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from lexheller.action_reports.document import KeyFigures, Table
from lexheller.action_reports.forms_docx import as_docx
from tests.unit.action_reports.sample import HASH, sample

GREEN, RED, BLUE = RGBColor(0x1F, 0x5A, 0x4D), RGBColor(0x9B, 0x1C, 0x31), RGBColor(0, 0, 0xCC)
OWN_FOOT = "Förbundets egen fot"


@cache
def drawn() -> bytes:
    return as_docx(sample())


def opened(content: bytes) -> Any:
    return open_word(io.BytesIO(content))


def template(*, foot: bool = False, narrow: bool = False, own_styles: bool = False) -> bytes:
    """With other letters and colours than the house's, and without most of the styles that a report needs."""
    word = open_word()
    word.styles["Normal"].font.name = "Garamond"
    word.styles["Heading 1"].font.name, word.styles["Heading 1"].font.color.rgb = "Optima", RED
    for missing in ("Heading 2", "Caption", "Title", "Subtitle", "Footer"):
        word.styles.element.remove(word.styles[missing].element)
    if own_styles:
        word.styles.add_style("Nyckeltal", WD_STYLE_TYPE.PARAGRAPH).font.color.rgb = BLUE
        word.styles.add_style("Annat", WD_STYLE_TYPE.TABLE)
        word.styles.add_style("Rapporttabell", WD_STYLE_TYPE.TABLE)
    if foot:
        word.sections[0].footer.paragraphs[0].text = OWN_FOOT
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(4 if narrow else 2.5)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def everything(word: Any) -> list[Any]:
    """Its paragraphs, those in tables included."""
    cells = [cell for table in word.tables for row in table.rows for cell in row.cells]
    return [*word.paragraphs, *(one for cell in cells for one in cell.paragraphs)]


def table_named(word: Any, caption: str) -> Any:
    return next(one for one in word.tables if one._tbl.find(f".//{qn('w:tblCaption')}").get(qn("w:val")) == caption)


def widths_of(table: Any) -> list[int]:
    return [cell.width for cell in table.rows[0].cells]


def kept(row: Any) -> bool:
    return all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)


def test_without_a_template_it_has_the_looks_of_the_house_on_paper_of_a4():
    word = opened(drawn())
    begins = word.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert begins.get(qn("w:ascii")) == "Arial"
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2"):
        assert word.styles[name].font.color.rgb == GREEN
    assert {table.style.name for table in word.tables} == {"Rapporttabell"}
    borders = {one.tag for one in word.styles["Rapporttabell"].element.find(f".//{qn('w:tblBorders')}")}
    assert borders == {qn("w:bottom"), qn("w:insideH")}
    page = word.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21, 29.7)


@pytest.mark.parametrize("own", [False, True])
def test_all_looks_are_styles_that_the_file_has(own):
    word = opened(as_docx(sample(), template(own_styles=True) if own else None))
    made_by_hand = [
        one.tag for run in word.element.body.iter(qn("w:rPr")) for one in run if one.tag not in {qn("w:rStyle")}
    ]
    assert made_by_hand == []
    ids = {one.get(qn("w:styleId")) for one in word.styles.element.iter(qn("w:style"))}
    assert len(ids) == len(list(word.styles.element.iter(qn("w:style"))))
    ties = ("w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next")
    asked = {
        one.get(qn("w:val"))
        for tie in ties
        for one in (*word.element.iter(qn(tie)), *word.styles.element.iter(qn(tie)))
    }
    assert asked <= ids


def test_no_empty_paragraph_stands_for_a_space():
    document = replace(sample(), to_sign=False, short_block=())
    for word in (opened(drawn()), opened(as_docx(document))):
        empty = [one for one in word.paragraphs if not one.text.strip() and not one._p.findall(f".//{qn('w:drawing')}")]
        assert empty == []


def test_two_tables_are_never_one_and_none_ends_the_file():
    figures = next(block for block in sample().chapters[0].blocks if isinstance(block, KeyFigures))
    bare = Table("m", "Kort", ("A",), (False,), (), "")
    document = replace(sample(extra=(figures, figures, bare)), to_sign=False, short_block=())
    body = [one.tag for one in opened(as_docx(document)).element.body]
    assert (qn("w:tbl"), qn("w:tbl")) not in set(pairwise(body))
    assert body[-2:] == [qn("w:p"), qn("w:sectPr")]


def test_columns_are_as_wide_as_their_words_need_and_tables_fit_the_page():
    word = opened(drawn())
    for table in word.tables:
        assert Cm(7.9) < sum(widths_of(table)) < Cm(16.01)
        assert table._tbl.find(f".//{qn('w:tblLayout')}").get(qn("w:type")) == "fixed"
        grid = [int(one.get(qn("w:w"))) for one in table._tbl.find(qn("w:tblGrid"))]
        assert grid == [round(width / 635) for width in widths_of(table)]
    name, value, definition = widths_of(word.tables[0])
    assert definition > name > value


def test_key_figures_stand_out_and_how_they_are_counted_does_not():
    word = opened(drawn())
    rows = [[cell.paragraphs[0].style.name for cell in row.cells] for row in word.tables[0].rows]
    assert rows[0] == ["Tabellhuvud"] * 3
    assert set(map(tuple, rows[1:])) == {("Tabelltext", "Nyckeltal", "Nyckeltal förklaring")}
    assert word.styles["Nyckeltal"].font.bold
    assert word.styles["Nyckeltal förklaring"].font.size < word.styles["Tabelltext"].font.size


def test_a_small_table_stays_whole_with_its_caption_and_notes_and_a_long_one_may_go_on():
    word = opened(drawn())
    small, long = table_named(word, "Ärenden per part"), table_named(word, "Ärenden per verksamhet")
    assert all(kept(row) for row in small.rows)
    long_rows = [kept(row) for row in long.rows]
    assert long_rows[:2] == [True, True] and long_rows[-2:] == [True, True] and not any(long_rows[4:-4])
    assert not kept(word.tables[0].rows[-1])
    for table in word.tables:
        assert all(row._tr.findall(f".//{qn('w:cantSplit')}") for row in table.rows)
    captions = [one for one in word.paragraphs if one.style.name == "Caption"]
    assert [one.text.split(".")[0] for one in captions] == [f"Tabell {n}" for n in range(1, 6)]
    assert word.styles["Caption"].paragraph_format.keep_with_next


def test_the_contents_lead_to_the_chapters():
    word = opened(drawn())
    links = list(word.element.body.iter(qn("w:hyperlink")))
    places = {one.get(qn("w:name")): one for one in word.element.body.iter(qn("w:bookmarkStart"))}
    said = [["".join(text.text for text in one.iter(qn("w:t")))] for one in links]
    led_to = [[text.text for text in places[one.get(qn("w:anchor"))].getparent().iter(qn("w:t"))] for one in links]
    assert said == led_to and len(said) == len(sample().chapters) + 2


def foot_of(word: Any) -> tuple[list[str], str]:
    foot = word.sections[0].footer
    fields = [one.text.strip() for one in foot._element.iter(qn("w:instrText"))]
    return fields, "\n".join(one.text for one in foot.paragraphs)


def test_every_page_says_whose_it_is_and_which_of_how_many():
    fields, text = foot_of(opened(drawn()))
    assert fields == ["PAGE", "NUMPAGES"]
    assert text == f"{sample().federation} · 2024\tSida 1 av 1\nKontrollsumma {HASH[:12]}"
    assert foot_of(opened(as_docx(sample(), template())))[0] == fields
    assert foot_of(opened(as_docx(sample(), template(foot=True)))) == ([], OWN_FOOT)


def test_what_a_template_lacks_is_taken_over_in_its_own_letters_and_colours():
    word = opened(as_docx(sample(), template()))
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2"):
        assert (word.styles[name].font.name, word.styles[name].font.color.rgb) == ("Optima", RED)
    assert word.styles["Caption"].font.name is None
    assert word.styles["Caption"].base_style.font.name == "Garamond"
    assert str(GREEN) not in word.styles.element.xml
    assert "Arial" not in word.styles.element.xml


@pytest.mark.parametrize("colour", [RGBColor(0xFF, 0xFF, 0xFF), None])
def test_a_colour_that_cannot_be_read_on_white_is_not_taken_over(colour):
    word = open_word(io.BytesIO(template()))
    word.styles["Heading 1"].font.color.rgb = colour
    made = io.BytesIO()
    word.save(made)
    word = opened(as_docx(sample(), made.getvalue()))
    assert [word.styles[name].font.color.rgb for name in ("Title", "Heading 2", "Nyckeltal")] == [None] * 3


def test_styles_of_the_template_count_where_it_has_them():
    word = opened(as_docx(sample(), template(own_styles=True)))
    assert word.styles["Nyckeltal"].font.color.rgb == BLUE
    assert word.tables[0].rows[1].cells[1].paragraphs[0].style.font.color.rgb == BLUE
    assert {table.style.name for table in word.tables} == {"Rapporttabell"}
    assert "Tabellhuvud" in {one.style.name for one in everything(word)}


def test_a_style_of_something_else_by_the_same_name_is_left_alone():
    word = open_word(io.BytesIO(template()))
    word.styles.add_style("Nyckeltal", WD_STYLE_TYPE.CHARACTER).font.color.rgb = BLUE
    word.styles.add_style("Kontrollsumma", WD_STYLE_TYPE.PARAGRAPH)
    word.styles.add_style("Rapporttabell", WD_STYLE_TYPE.PARAGRAPH)
    made = io.BytesIO()
    word.save(made)
    word = opened(as_docx(sample(), made.getvalue()))
    assert word.tables[0].style.name == "Rapporttabell (Lex Heller)"
    assert word.tables[0].rows[1].cells[1].paragraphs[0].style.font.color.rgb == RED
    assert word.styles["Nyckeltal"].font.color.rgb == BLUE


def test_the_checksum_fits_on_one_line_whatever_the_paper():
    for made, room in ((drawn(), Cm(11)), (as_docx(sample(), template(narrow=True)), Cm(8))):
        word = opened(made)
        size = word.styles["Kontrollsumma"].font.size
        assert Pt(4) < size and len(HASH) * 0.6 * size <= room
        signs = [run for one in word.paragraphs for run in one.runs if run.text == HASH]
        assert {run.style.name for run in signs} == {"Kontrollsumma"} and len(signs) == 2


def test_lines_to_sign_on_end_where_the_text_ends():
    for made, width in ((drawn(), Cm(16)), (as_docx(sample(), template(narrow=True)), Cm(13))):
        stops = [one.position for one in opened(made).styles["Underskrift"].paragraph_format.tab_stops]
        assert abs(stops[-1] - width) < Pt(1)


def test_a_chart_keeps_with_its_heading():
    word = opened(drawn())
    names = [one.style.name for one in word.paragraphs]
    pictures = [at for at, one in enumerate(word.paragraphs) if one._p.findall(f".//{qn('w:drawing')}")]
    assert pictures and all(names[at] == "Figur" and names[at - 1] == "Heading 2" for at in pictures)
    assert word.styles["Heading 2"].paragraph_format.keep_with_next
