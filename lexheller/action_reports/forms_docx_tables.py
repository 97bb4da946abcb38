"""The tables of the Word report: captions that count, columns as wide as their words need, rows that stay whole.

A small table stays on one page with its caption and what stands under it; a long one repeats its header row. Stops at
tables: what they say comes from the document.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.table import CT_Row
from docx.shared import Emu, Length, Mm
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell

from lexheller.action_reports.document import HIDDEN, Cell, KeyFigures, Table
from lexheller.action_reports.forms_docx_paper import Paper, field
from lexheller.action_reports.forms_words import as_table, clean, paragraphs, shares, shown

_LETTER, _NARROWEST = Mm(3), Mm(80)
_MANY_COLUMNS = 6
_LONG = 28
"""A table of more lines may go on over the page."""
_AT_A_GLANCE = 20
"""Letters of a value that is one; a longer one is a sentence."""
_TOGETHER = 2
"""Rows at either end of a long one that stay with what is above and below it."""


def write_table(paper: Paper, table: Table) -> None:
    paper.tables += 1
    caption = paper.say(f"{paper.words.table} ", "Caption")
    field(caption, f"SEQ {paper.words.table} \\* ARABIC", str(paper.tables))
    caption.add_run(f". {clean(table.caption)}")
    under = [line for note in table.notes for line in paragraphs(note)]
    if table.definition:
        under.insert(0, f"{paper.words.definition}: {clean(table.definition)}")
    small = " liten" if len(table.columns) > _MANY_COLUMNS else ""
    looks = [[f"Tabelltext{small}"] * len(table.columns)] * len(table.rows)
    _draw(paper, table, looks, f"Tabellhuvud{small}", followed=bool(under))
    for index, line in enumerate(under, 1):
        paper.say(line, "Tabellnot", with_next=index < len(under))
    paper.below_table = not under


def write_key_figures(paper: Paper, figures: KeyFigures) -> None:
    """In a table: the name, the value so that it is seen, and how it is counted."""
    if figures.figures:
        end_table(paper)
        values = ["Nyckeltal" if len(one.value) <= _AT_A_GLANCE else "Nyckeltal text" for one in figures.figures]
        looks = [("Tabelltext", value, "Nyckeltal förklaring") for value in values]
        _draw(paper, as_table(figures, paper.words), looks, "Tabellhuvud", followed=False)
        paper.below_table = True


def end_table(paper: Paper) -> None:
    """Two tables with nothing between them are one to Word, and a file must not end with a table."""
    body = [element for element in paper.word.element.body if element.tag != qn("w:sectPr")]
    if body and body[-1].tag == qn("w:tbl"):
        paper.say("", "Tabellslut")


def _draw(paper: Paper, table: Table, looks: Sequence[Sequence[str]], heading: str, *, followed: bool) -> None:
    """`looks`: the style of each cell, row by row. `followed`: notes stand under it, which it stays with."""
    widths = _widths(paper, table)
    made: WordTable = paper.word.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    _describe(paper, made, table, widths)
    rows = made._tbl.tr_lst
    for row in rows:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    rows[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    headings = [Cell(text, text) for text in table.columns]
    styles = [[heading] * len(headings), *looks]
    last, small = len(table.rows), _lines(table) <= _LONG
    for number, (row, cells) in enumerate(zip(rows, (headings, *table.rows), strict=True)):
        near_an_end = small or number < _TOGETHER or number >= last - _TOGETHER
        together = near_an_end and (followed or number < last)
        for at, place in enumerate(_places(row, made)):
            place.width = widths[at]
            _fill(paper, place, cells[at], styles[number][at], numeric=table.numeric[at], together=together)


def _lines(table: Table) -> int:
    """About how many, broken texts counted as often as they go on."""
    wide = shares(table)
    rows = [[len(shown(cell)) for cell in row] for row in table.rows]
    return sum(max(-(-long // width) for long, width in zip(row, wide, strict=True)) or 1 for row in rows)


def _widths(paper: Paper, table: Table) -> list[Length]:
    wanted = shares(table)
    whole = min(paper.look.text_width(), max(_NARROWEST, _LETTER * sum(wanted)))
    return [Emu(whole * share // sum(wanted)) for share in wanted]


def _describe(paper: Paper, made: WordTable, table: Table, widths: Sequence[Length]) -> None:
    """Its look, its width and what it is about, for who does not see it."""
    made.style = paper.look.table()  # type: ignore[assignment]
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    properties = made._tbl.tblPr
    for whole in properties.findall(qn("w:tblW")):
        whole.set(qn("w:type"), "dxa")
        whole.set(qn("w:w"), str(sum(Emu(width).twips for width in widths)))
    for tag, text in (("w:tblCaption", table.caption), ("w:tblDescription", table.definition)):
        if text:
            said = OxmlElement(tag)
            said.set(qn("w:val"), clean(text))
            properties.append(said)


def _places(row: CT_Row, table: WordTable) -> list[WordCell]:
    return [WordCell(place, table) for place in row.tc_lst]


def _fill(paper: Paper, place: WordCell, cell: Cell, style: str, *, numeric: bool, together: bool) -> None:
    paragraph = place.paragraphs[0]
    paragraph.style = paper.look.style(style)
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if together:
        paragraph.paragraph_format.keep_with_next = True
    if cell.value is HIDDEN:
        paper.run(paragraph, shown(cell), "Emphasis")
    else:
        paragraph.add_run(shown(cell))
