"""How the Word report looks when the federation has no template of its own: named Word styles, written as Word does.

Each is a style that the federation may have under the same name in its own template, which then counts. Stops at the
styles; which paragraph has which is said where it is written.
"""

from __future__ import annotations

from functools import cache

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.styles import CT_Styles

ACCENT = "1F5A4D"
TEXT_WIDTH = "9071"
"""Twentieths of a point, on paper of A4 with 2,5 cm on each side."""

FACTS_BEGIN = "2835"
"""Where the values on the first page stand beside their names, in twentieths of a point as well."""

_SOFT, _HAIR, _INK = "4C5B56", "C3D0C8", "1D2926"
_SERIFLESS = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
_EVEN = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:eastAsia="Courier New" w:cs="Courier New"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def _space(before: int, after: int, line: int = 264) -> str:
    """Points before and after; `line` in 240ths of a line."""
    return f'<w:spacing w:before="{before * 20}" w:after="{after * 20}" w:line="{line}" w:lineRule="auto"/>'


def _line(side: str, eighths: int, colour: str, away: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{away}" w:color="{colour}"/>'


def _style(name: str, paragraph: str = "", run: str = "", *, based_on: str = "Normal", kind: str = "paragraph") -> str:
    """`paragraph` and `run`: what Word calls pPr and rPr. A name in small letters is one of Word's own."""
    named = "".join(sign for sign in name.title() if sign.isascii() and sign.isalnum())
    own = "" if name[0].islower() or name in ("Title", "Subtitle", "TOC Heading", "Emphasis") else ' w:customStyle="1"'
    base = f'<w:basedOn w:val="{based_on}"/>' if kind == "paragraph" else ""
    following = '<w:next w:val="Normal"/>' if kind == "paragraph" else ""
    return (
        f'<w:style w:type="{kind}"{own} w:styleId="{named}"><w:name w:val="{name}"/>'
        f'{base}{following}<w:uiPriority w:val="9"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


_HEADING = "<w:keepNext/><w:keepLines/><w:suppressAutoHyphens/>"
_TABS = f'<w:tabs><w:tab w:val="left" w:pos="{FACTS_BEGIN}"/>{{}}</w:tabs>'.format
_TO_THE_EDGE = f'<w:tab w:val="right" w:leader="{{}}" w:pos="{TEXT_WIDTH}"/>'.format

_BEGINS = (
    f'<w:docDefaults><w:rPrDefault><w:rPr>{_SERIFLESS}{_colour(_INK)}{_size(21)}<w:lang w:val="sv-SE"'
    ' w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    f"<w:pPr><w:widowControl/>{_space(0, 7, 288)}</w:pPr></w:style>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name'
    ' w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority'
    ' w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:uiPriority'
    ' w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
)

_TABLE = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="Rapporttabell"><w:name w:val="Rapporttabell"/>'
    '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="9"/><w:qFormat/><w:tblPr><w:tblBorders>'
    + _line("bottom", 4, _HAIR)
    + _line("insideH", 4, _HAIR)
    + '</w:tblBorders><w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/>{_colour(ACCENT)}</w:rPr><w:tcPr><w:tcBorders>'
    + _line("bottom", 8, ACCENT)
    + '</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
)

_BOLD, _GREEN, _GREY = "<w:b/><w:bCs/>", _colour(ACCENT), _colour(_SOFT)
_STYLES = (
    _style(
        "Title",
        f"<w:keepNext/><w:keepLines/><w:pBdr>{_line('bottom', 12, ACCENT, 8)}</w:pBdr><w:suppressAutoHyphens/>"
        f"{_space(4, 20, 240)}",
        _BOLD + _GREEN + _size(52),
    ),
    _style("Subtitle", f"<w:keepNext/>{_space(30, 0)}", _BOLD + _GREEN + _size(24)),
    _style("heading 1", f'{_HEADING}{_space(26, 7, 252)}<w:outlineLvl w:val="0"/>', _BOLD + _GREEN + _size(32)),
    _style("heading 2", f'{_HEADING}{_space(24, 6, 252)}<w:outlineLvl w:val="1"/>', _BOLD + _GREEN + _size(24)),
    _style("TOC Heading", f"{_HEADING}{_space(40, 8)}", _BOLD + _GREEN + _size(32)),
    _style("toc 1", _space(0, 5)),
    _style("caption", f"{_HEADING}{_space(14, 4)}", _BOLD + _size(20)),
    _style(
        "footer",
        f"<w:pBdr>{_line('top', 4, _HAIR, 6)}</w:pBdr><w:tabs>{_TO_THE_EDGE('none')}</w:tabs>{_space(0, 0, 252)}",
        _GREY + _size(17),
    ),
    _style("Rapportuppgift", f'{_TABS("")}{_space(0, 3)}<w:ind w:left="{FACTS_BEGIN}" w:hanging="{FACTS_BEGIN}"/>'),
    _style("Figur", _space(2, 4, 240)),
    _style("Tabelltext", _space(0, 0, 252), _size(19)),
    _style("Tabelltext liten", run=_size(16), based_on="Tabelltext"),
    _style("Tabellhuvud", "<w:keepNext/><w:suppressAutoHyphens/>", _BOLD, based_on="Tabelltext"),
    _style("Tabellhuvud liten", run=_size(16), based_on="Tabellhuvud"),
    _style("Tabellnot", f"<w:keepLines/>{_space(4, 12, 252)}<w:contextualSpacing/>", _GREY + _size(17)),
    _style("Text efter tabell", _space(15, 7, 288)),
    _style("Nyckeltal", "<w:suppressAutoHyphens/>", _BOLD + _GREEN + _size(22), based_on="Tabelltext"),
    _style("Nyckeltal text", run=_size(19), based_on="Nyckeltal"),
    _style("Nyckeltal förklaring", run=_GREY + _size(17), based_on="Tabelltext"),
    _style("Underskrift", f"<w:keepNext/>{_TABS(_TO_THE_EDGE('underscore'))}{_space(20, 8)}"),
    _style("Tabellslut", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>', _size(2)),
    _style("Emphasis", run="<w:i/><w:iCs/>", kind="character"),
    _style("Uppgiftsnamn", run=_GREY, kind="character"),
    _style("Kontrollsumma", run=_EVEN + _size(15), kind="character"),
    _TABLE,
)


@cache
def house_styles() -> CT_Styles:
    """Not to be changed by who gets it: copies are taken."""
    written = f"<w:styles {nsdecls('w')}>{_BEGINS}{''.join(_STYLES)}</w:styles>"
    styles: CT_Styles = parse_xml(written)
    return styles
