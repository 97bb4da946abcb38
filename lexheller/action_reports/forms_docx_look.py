"""Which styles the Word report is written in: the house's own, or those of the federation's template.

The template's style counts wherever it has one of that name. What it lacks is taken over from the house, in the
template's own letters and in the colour of its headings. Stops at styles and the page.
"""

from __future__ import annotations

import copy
import re

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.styles import CT_Style
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu, Length, Pt, Twips
from docx.styles import BabelFish
from docx.styles.style import BaseStyle

from lexheller.action_reports.forms_docx_styles import ACCENT, FACTS_BEGIN, TEXT_WIDTH, house_styles

TABLE, CHECKSUM = "Rapporttabell", "Kontrollsumma"
_A4 = Cm(21), Cm(29.7)
_MARGIN, _FOOTER = Cm(2.5), Cm(1.2)
_LEAST_TEXT = Cm(4)
_OF_THE_HEADING = ("Title", "Subtitle", "heading 1", "heading 2", "TOC Heading")
_SIGNS, _SIGN_WIDTH, _LEAST_SIZE = 64, 0.6, 9
"""Of a checksum, the width as a part of the height, the size in half points."""
_HEX, _LEAST_CONTRAST = re.compile("[0-9A-Fa-f]{6}"), 4.5
_BEGINS = ("Normal", "TableNormal")
_LEFTOVERS = ("thumbnail", "stylesWithEffects")


class Look:
    """The styles of one Word file, each found or taken over when it is first asked for."""

    def __init__(self, word: WordDocument, *, of_template: bool) -> None:
        self._word, self._found = word, dict[str, BaseStyle]()
        if not of_template:
            _dress(word)
        heading = self._own("Heading 1")
        self._letters = None if heading is None else heading.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        colour = None if heading is None else heading.element.find(f"{qn('w:rPr')}/{qn('w:color')}")
        self._colour = colour if colour is not None and _is_readable(colour) else None

    def style(self, name: str) -> BaseStyle:
        """The template's, unless what it calls so is a style of something else."""
        if name not in self._found:
            wanted = _house_style(BabelFish.ui2internal(name))
            own = self._own(name)
            if own is None or own.type != _kind_of(wanted):
                taken = self._taken_over(wanted)
                taken.name_val = wanted.name_val if own is None else f"{name} (Lex Heller)"
                self._word.styles.element.append(taken)
                own = self._word.styles[taken.name_val]
            self._found[name] = own
        return self._found[name]

    def _own(self, name: str) -> BaseStyle | None:
        styles = self._word.styles
        if name not in styles:
            return None
        found: BaseStyle = styles[name]
        return found

    def table(self) -> BaseStyle:
        """A style of tables that the federation has made for itself comes before the house's."""
        if TABLE not in self._found and TABLE not in self._word.styles:
            own = [one for one in self._word.styles if one.type == WD_STYLE_TYPE.TABLE and not one.builtin]
            if own:
                self._found[TABLE] = own[0]
        return self.style(TABLE)

    def text_width(self) -> Length:
        page = self._word.sections[-1]
        width = page.page_width or _A4[0]
        left = _MARGIN if page.left_margin is None else page.left_margin
        right = _MARGIN if page.right_margin is None else page.right_margin
        return Emu(max(_LEAST_TEXT, width - left - right))

    def _taken_over(self, house: CT_Style) -> CT_Style:
        """The house's style on what this file begins from, without ties to styles that it may lack."""
        taken = copy.deepcopy(house)
        for tie in taken.findall(qn("w:next")):
            taken.remove(tie)
        taken.basedOn_val = self._basis(house.basedOn_val, _kind_of(house))
        if self._word.styles.element.get_by_id(taken.styleId) is not None:
            taken.styleId = f"{taken.styleId}Rapport"
        self._suit(taken, house.name_val)
        return taken

    def _basis(self, basis: str | None, kind: WD_STYLE_TYPE) -> str | None:
        first = self._word.styles.default(kind)
        if basis is None or first is None or basis in _BEGINS:
            return None if first is None else first.style_id
        return self.style(basis).style_id

    def _suit(self, taken: CT_Style, name: str | None) -> None:
        """In the colour and the letters of the template's headings, and as wide as its text."""
        colour = self._colour
        for written in [one for one in taken.iter(qn("w:color")) if one.get(qn("w:val")) == ACCENT]:
            parent = written.getparent()
            if colour is not None:
                parent.replace(written, copy.deepcopy(colour))
            else:
                parent.remove(written)
        for line in taken.iter():
            if line.get(qn("w:color")) == ACCENT:
                line.set(qn("w:color"), "auto" if colour is None else colour.get(qn("w:val"), "auto"))
        for stop in taken.iter(qn("w:tab")):
            if stop.get(qn("w:pos")) == TEXT_WIDTH:
                stop.set(qn("w:pos"), str(self.text_width().twips))
        if name == CHECKSUM:
            self._shrink(taken)
        if name in _OF_THE_HEADING and self._letters is not None:
            taken.get_or_add_rPr().insert(0, copy.deepcopy(self._letters))

    def _shrink(self, checksum: CT_Style) -> None:
        """So that all of it stands on one line, beside what it is called."""
        room = (self.text_width() - Twips(int(FACTS_BEGIN))) / Pt(1) / (_SIGNS * _SIGN_WIDTH)
        for size in checksum.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), str(max(_LEAST_SIZE, min(int(size.get(qn("w:val"), "0")), int(room * 2)))))


def _is_readable(colour: BaseOxmlElement) -> bool:
    """On white paper, by the rule for contrast on the web. Headings may be white on a ground of their own."""
    written = colour.get(qn("w:val"), "")
    if not _HEX.fullmatch(written):
        return False
    parts = [int(written[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (light + 0.05) >= _LEAST_CONTRAST


def _kind_of(style: CT_Style) -> WD_STYLE_TYPE:
    return WD_STYLE_TYPE.from_xml(style.get(qn("w:type"), "paragraph"))


def _house_style(name: str) -> CT_Style:
    found = house_styles().get_by_name(name)
    if found is None:
        raise LookupError(name)
    return found


def _dress(word: WordDocument) -> None:
    """The empty file as the house wants it: its styles only, paper of A4, words divided at line ends."""
    styles = word.styles.element
    for element in list(styles):
        if element.tag != qn("w:latentStyles"):
            styles.remove(element)
    for element in copy.deepcopy(house_styles()):
        if element.tag == qn("w:docDefaults"):
            styles.insert(0, element)
        else:
            styles.append(element)
    page = word.sections[-1]
    page.page_width, page.page_height = _A4
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    page.footer_distance = _FOOTER
    _settle(word.settings.element)
    _drop_leftovers(word)


def _settle(settings: BaseOxmlElement) -> None:
    divided = OxmlElement("w:autoHyphenation")
    settings.find(qn("w:defaultTabStop")).addnext(divided)
    for said in settings.iter(qn("w:compatSetting")):
        if said.get(qn("w:name")) == "compatibilityMode":
            said.set(qn("w:val"), "15")


def _drop_leftovers(word: WordDocument) -> None:
    """The empty file's library lets a picture of another page and old styles come along."""
    for relations in (word.part.package.rels, word.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _LEFTOVERS:
                del relations[key]
