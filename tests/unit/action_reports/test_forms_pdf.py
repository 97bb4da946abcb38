"""The report as PDF, read back as a screen reader does: by its tags, not by where the ink is."""

from __future__ import annotations

import ctypes
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import page as checker
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import typst

from lexheller.action_reports.document import Chapter, Chart, Paragraph
from lexheller.action_reports.forms_pdf import as_pdf
from lexheller.action_reports.forms_pdf_rows import with_row_headings
from lexheller.action_reports.forms_words import definitions_of, shown, words_for
from tests.unit.action_reports.sample import HASH, HIDDEN_WORDS, MARKUP, chart_of, sample, tables

GLUE = dict.fromkeys(map(ord, " \n\r\t\N{NO-BREAK SPACE}-\N{SOFT HYPHEN}\x02\ufffe"))
"""Where a line was broken is no part of what it says."""


@cache
def drawn(language: str = "sv") -> bytes:
    return as_pdf(sample(language))


class Tagged:
    """The tags of a PDF and the words they hold."""

    def __init__(self, content: bytes) -> None:
        self.file = _opened(content)
        self._words = _words_by_mark(content)
        self._pages = {each.obj.objgen: number for number, each in enumerate(self.file.pages)}

    def elements(self, *kinds: str) -> Iterator[pikepdf.Object]:
        yield from (one for one in self._all(self.file.Root.StructTreeRoot) if not kinds or str(one.S)[1:] in kinds)

    def within(self, element: pikepdf.Object, *kinds: str) -> list[pikepdf.Object]:
        return [one for one in self._all(element) if str(one.S)[1:] in kinds]

    def words(self, element: pikepdf.Object) -> str:
        return "".join(self._said(element)).translate(GLUE)

    def _all(self, element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        for kid in _kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from self._all(kid)

    def _said(self, element: pikepdf.Object) -> Iterator[str]:
        for kid in _kids(element):
            if isinstance(kid, int):
                yield self._words.get((self._pages[element.Pg.objgen], kid), "")
            elif kid.get("/Type") == "/MCR":
                yield self._words.get((self._pages[kid.get("/Pg", element.get("/Pg")).objgen], int(kid.MCID)), "")
            elif "/S" in kid:
                yield from self._said(kid)


def _opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    return _kept_in(element.get("/K", pikepdf.Array()))


def _words_by_mark(content: bytes) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for number, leaf in enumerate(pypdfium2.PdfDocument(content)):
        text = leaf.get_textpage()
        for thing in leaf.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            mark = pdfium.FPDFPageObj_GetMarkedContentID(thing)
            size = pdfium.FPDFTextObj_GetText(thing, text, None, 0)
            room = ctypes.create_string_buffer(size)
            pdfium.FPDFTextObj_GetText(thing, text, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), size)
            said = room.raw.decode("utf-16-le").rstrip("\0")
            found[number, mark] = found.get((number, mark), "") + said
    return found


def scope_of(element: pikepdf.Object) -> str:
    (of_table,) = [one for one in _kept_in(element.A) if one.O == "/Table"]
    return str(of_table.Scope)


def _kept_in(one: pikepdf.Object) -> list[pikepdf.Object]:
    return list(one) if isinstance(one, pikepdf.Array) else [one]


def plain(text: str) -> str:
    return text.translate(GLUE)


@pytest.fixture(scope="module")
def tagged() -> Tagged:
    return Tagged(drawn())


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_a_machine_finds_nothing_against_the_standards(language, profile):
    report = checker.validate_pdf_bytes(drawn(language), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_it_says_its_language_and_title(tagged):
    root = tagged.file.Root
    assert root.Lang == "sv-SE"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(tagged.file.docinfo["/Title"]) == sample().title
    assert Tagged(drawn("en")).file.Root.Lang == "en-GB"


def test_headings_stand_in_order_and_none_is_skipped(tagged):
    found = [(int(str(one.S)[2:]), tagged.words(one)) for one in tagged.elements("H1", "H2", "H3", "H4")]
    levels = [level for level, _ in found]
    assert levels[0] == 1 and set(levels) == {1, 2, 3} and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    words = words_for(sample())
    wanted = [words.contents, *(chapter.heading for chapter in sample().chapters)]
    wanted += [words.short_block, words.signatures]
    assert [text for level, text in found if level == 2] == [plain(text) for text in wanted]


def test_p29_a_screen_reader_meets_the_tables_of_the_document(tagged):
    found = list(tagged.elements("Table"))
    assert len(found) == len(tables(sample())) > 4
    for element, table in zip(found, tables(sample()), strict=True):
        caption, *_ = tagged.within(element, "Caption")
        assert tagged.words(caption).endswith(plain(table.caption))
        headings, *body = tagged.within(element, "TR")
        assert [tagged.words(one) for one in tagged.within(headings, "TH")] == [plain(text) for text in table.columns]
        assert {scope_of(one) for one in tagged.within(headings, "TH")} == {"/Column"}
        rows = [[tagged.words(cell) for cell in tagged.within(row, "TH", "TD")] for row in body]
        assert rows == [[plain(shown(cell)) for cell in row] for row in table.rows]
        assert any(plain(HIDDEN_WORDS) in row for row in rows) == any(
            cell.value is None for r in table.rows for cell in r
        )


def test_the_first_cell_of_each_row_is_its_heading(tagged):
    for element in tagged.elements("Table"):
        _headings, *body = tagged.within(element, "TR")
        for row in body:
            first, *others = tagged.within(row, "TH", "TD")
            assert (first.S, scope_of(first)) == ("/TH", "/Row")
            assert others and {str(one.S) for one in others} == {"/TD"}
            assert not any("/Headers" in kept for one in (first, *others) for kept in _kept_in(one.A))


def test_a_file_that_is_built_in_another_way_stays_as_it_was():
    made = io.BytesIO()
    _opened(drawn()).save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for content in (made.getvalue(), b"", b"%PDF-1.7\nstartxref\n9\n%%EOF"):
        assert with_row_headings(content) == content
    assert with_row_headings(drawn()) == drawn()


def test_a_draft_is_not_to_be_signed():
    draft = Tagged(as_pdf(replace(sample(), to_sign=False)))
    words = words_for(sample())
    assert plain(words.signatures) not in [draft.words(one) for one in draft.elements("H2")]
    assert not {plain(words.signature), plain(words.hash_lead)} & {draft.words(one) for one in draft.elements("P")}


def test_p29_key_figures_are_read_with_name_value_and_definition(tagged):
    said = [tagged.words(one) for one in tagged.elements("P")]
    for figure in sample().chapters[0].blocks[1].figures:
        at = said.index(plain(figure.name))
        assert said[at : at + 3] == [plain(figure.name), plain(figure.value), plain(figure.definition)]


def test_every_picture_has_its_summary_and_its_table_after_it(tagged):
    charts = [block for chapter in sample().chapters for block in chapter.blocks if isinstance(block, Chart)]
    order = list(tagged.elements("Figure", "Table"))
    pictures = [one for one in order if one.S == "/Figure"]
    assert [str(one.Alt) for one in pictures] == [chart.summary for chart in charts]
    for picture, chart in zip(pictures, charts, strict=True):
        after = order[order.index(picture) + 1]
        assert plain(chart.table.caption) in tagged.words(after)


def test_everything_is_read_in_the_order_of_the_document(tagged):
    said = "".join(tagged.words(one) for one in tagged.elements("P", "H1", "H2", "H3", "Table"))
    at = 0
    for chapter in sample().chapters:
        at = said.index(plain(chapter.heading), at)
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                at = said.index(plain(block.text), at)
    for _, definition in definitions_of(sample()):
        assert plain(definition) in said


def test_words_that_look_like_code_are_words(tagged):
    assert any(plain(MARKUP) in tagged.words(one) for one in tagged.elements("P"))


def test_a_long_table_repeats_its_headings_and_the_last_page_is_to_be_signed():
    pages = [leaf.get_textpage().get_text_bounded() for leaf in pypdfium2.PdfDocument(drawn())]
    long = [text for text in pages if "Verksamhet nr" in text]
    assert len(long) > 1 and all("Inkomna" in text.split("Verksamhet nr")[0] for text in long)
    assert HASH in pages[-1] and all(signer in pages[-1] for signer in words_for(sample()).signers)
    assert all(f"{number} ({len(pages)})" in text and HASH[:12] in text for number, text in enumerate(pages, 1))


def test_p29_the_same_document_gives_the_same_bytes_without_the_machines_fonts():
    assert as_pdf(sample()) == drawn()
    file = _opened(drawn())
    dictionaries = [one for one in file.objects if isinstance(one, pikepdf.Dictionary)]
    fonts = {str(one.BaseFont).split("+")[-1] for one in dictionaries if "/BaseFont" in one}
    assert fonts and all(name.startswith(("LibertinusSerif", "DejaVuSansMono")) for name in fonts)


@pytest.mark.parametrize("text", ["Glad \N{GRINNING FACE} 漢字 مرحبا", "Noll \0 klocka \a rad \x0b ut \ud800 \ufffe"])
def test_signs_that_no_font_has_stop_no_report(text):
    made = Tagged(as_pdf(sample(extra=(Paragraph(text),))))
    assert made.file.Root.Lang == "sv-SE"
    assert any("Glad" in tagged or "Noll" in tagged for tagged in map(made.words, made.elements("P")))


def test_an_empty_report_can_be_drawn():
    empty = replace(sample(), chapters=(), facts=(), short_block=(), hash="")
    bare = replace(tables(sample())[0], rows=(), notes=(), definition="")
    for document in (empty, replace(empty, chapters=(Chapter("a", "Tomt", (bare,)),))):
        assert checker.is_pdf_compliant_bytes(as_pdf(document), profile="ua1")


def test_a_chart_that_is_no_picture_is_told():
    chart = Chart("Bild", "Inget", "<svg", tables(sample())[0])
    with pytest.raises(typst.TypstError):
        as_pdf(sample(extra=(chart,)))
    assert as_pdf(sample(extra=(replace(chart, svg=chart_of([3], ["a"])),)))
