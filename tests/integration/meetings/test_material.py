"""What the group reads: proposed from the fault or the shared summary alone, and the same in page, PDF and DOCX."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
import typst
from docx import Document
from flask_babel import force_locale

from lexheller.actions.queries import types
from lexheller.actions.service import Details, Done, record_new
from lexheller.cases.states import CaseStatus
from lexheller.casework.describing import share_summary
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.transaction import transaction
from lexheller.faults.models import Fault
from lexheller.faults.service import link_case
from lexheller.meetings.agenda import put_fault_on_agenda, put_on_agenda
from lexheller.meetings.fault_panel import values as panel
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.paper import Entry, Paper, Part, material
from lexheller.meetings.paper_files import as_docx, as_pdf
from lexheller.meetings.proposing import Count, Texts, is_ready, often_sentence, texts_of
from lexheller.meetings.reading import items_to_read
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.texts import describe_item
from tests.cast.people import HOME, Cast
from tests.integration.meetings.days import events, fault_in, meeting_in

WHY = "Vem tar fram en rutin?"
RAW = "Rapportens egna ord om kollegan."
NASTY = "#let x = 2 *fet* _kursiv_ <b>html</b> = Rubrik [länk](x) \\ $x^2$ @ref {{ 7*7 }} åäö"


def on_agenda(cast: Cast) -> tuple[Meeting, AgendaItem, AgendaItem]:
    """A fault that two cases show, and a case of its own."""
    meeting, fault = meeting_in(cast, 40), fault_in(cast)
    cases = [cast.reach(CaseStatus.ASSIGNED, what_happened=RAW) for _ in range(3)]
    with transaction():
        for case in cases[:2]:
            link_case(cast.coordinator, fault, case, "Samma fel.")
        items = (
            put_fault_on_agenda(cast.coordinator, fault, meeting, WHY),
            put_on_agenda(cast.coordinator, cases[2], meeting, WHY),
        )
    return meeting, *items


def test_an_item_is_proposed_from_the_fault_and_never_from_a_report(cast):
    _meeting, of_fault, of_case = on_agenda(cast)
    texts = texts_of(of_fault)
    assert (texts.title, texts.what) == (of_fault.fault.title, of_fault.fault.what_happens)
    assert texts.how_often.startswith("2 anmälningar sedan ")
    assert texts.between == "Försäkringskassan och Arbetsförmedlingen"
    assert texts.proposed == ""
    assert not is_ready(of_fault)
    assert RAW not in "".join(map(str, (texts, texts_of(of_case))))
    assert texts_of(of_case).what == ""
    assert texts_of(of_case).how_often.startswith("En anmälan, från ")


def test_a_case_brings_what_the_office_has_written_to_be_shared(cast):
    _meeting, _fault, item = on_agenda(cast)
    with transaction():
        share_summary(cast.coordinator, item.case, "Två parter skickar mellan sig.", seen=item.case.version)
    assert texts_of(item).what == "Två parter skickar mellan sig."


def test_what_has_been_tried_is_what_was_carried_out_for_the_case_or_the_fault(cast):
    _meeting, item, _case = on_agenda(cast)
    kind, today = types(item.federation_id)[0], clock.today()
    with transaction():
        for words, done in (("Cheferna informerades.", Done(today)), ("Ska göras.", None)):
            details = Details(words, kind)
            record_new(cast.coordinator, cast.federation(), details, faults=[item.fault], done=done)
    assert texts_of(item).tried.startswith(f"{kind.label} (")
    assert texts_of(item).tried.endswith("): Cheferna informerades.")


def test_how_often_is_counted_and_said_in_a_sentence(context):
    since = date(2026, 3, 9)
    with context.test_request_context(), force_locale("sv"):
        assert often_sentence(Count(0, 0, None)) == "Ingen anmälan är kopplad ännu."
        assert often_sentence(Count(1, 0, since)) == "En anmälan, från mars 2026."
        assert often_sentence(Count(4, 1, since)) == (
            "4 anmälningar sedan mars 2026. Dessutom har en till berättat att det hände hos dem."
        )


def test_a_faults_page_is_told_where_it_stands_and_where_it_can_go(app, stage):
    def drawn(cast: Cast, part: str) -> str:
        _meeting, item, _case = on_agenda(cast) if part == "samordnare" else (None, None, None)
        fault = item.fault if item is not None else db.session.scalars(db.select(Fault)).first()
        if item is not None:
            meeting_in(cast, 60)
        with app.test_request_context(), force_locale("sv"):
            values = {"agenda": panel(cast.person(part), fault), "fault": fault, "federation": fault.federation}
            return html.unescape(app.jinja_env.get_template("improvement/_fault_agenda.html").render(**values))

    shown = stage.ask(lambda cast: drawn(cast, "samordnare"))
    assert WHY in shown
    assert shown.count("<option") == 1
    assert f'action="/moten/{HOME}/systemfel"' in shown
    assert stage.ask(lambda cast: drawn(cast, "chef.af")).strip() == ""


def test_p14_p23_what_the_office_writes_holds_from_then_on(cast):
    meeting, item, _case = on_agenda(cast)
    texts = replace(texts_of(item), proposed="Ta fram en rutin.")
    for _ in range(2):
        with transaction():
            describe_item(cast.coordinator, item, texts, seen=item.version)
    (event,) = events("meeting.item_described")
    assert event.data["fields"] == ["between", "how_often", "proposed", "title", "what"]
    assert is_ready(item)
    with pytest.raises(Conflict):
        describe_item(cast.director, item, replace(texts, what="Annat."), seen=item.version - 1)
    for name, words, code in (
        ("title", " ", "empty"),
        ("title", "x" * 161, "too_long"),
        ("what", "x" * 3001, "too_long"),
        ("tried", "19640823-3234", "personal_identity_number"),
    ):
        with pytest.raises(InvalidInput) as refused:
            describe_item(cast.coordinator, item, replace(texts, **{name: words}), seen=item.version)
        assert (refused.value.field, refused.value.code) == (name, code)
    assert meeting.version > 1


def words_of(paper: Paper) -> list[str]:
    """Everything a paper says, in order."""
    said = [paper.title, *(f"{term}: {value}" for term, value in paper.facts)]
    for entry in paper.entries:
        said += [entry.heading, *entry.notes]
        for part in entry.parts:
            said += [part.heading, *part.paragraphs]
    return said


def words_of_docx(made: bytes) -> list[str]:
    return [line.text for line in Document(io.BytesIO(made)).paragraphs]


def words_of_page(page: str) -> list[str]:
    """The paper's article, without its markup."""
    article = page.split('<article class="meeting-paper"')[1].split("</article>")[0]
    lines = re.findall(r"<(?:dt|dd|h2|h3|p)\b[^>]*>(.*?)</", article, re.DOTALL)
    return [html.unescape(line).strip() for line in lines]


def test_page_pdf_and_docx_say_the_same_and_read_no_markup(visitor, stage, monkeypatch):
    sent: list[dict[str, object]] = []
    compiled = typst.compile

    def watched(source: bytes, **values: object) -> object:
        sent.append(json.loads(values["sys_inputs"]["paper"]))
        return compiled(source, **values)

    def write(cast: Cast) -> tuple[int, Paper]:
        meeting, item, _case = on_agenda(cast)
        with transaction():
            texts = Texts(NASTY, f"{NASTY}\nRad två.", "Ofta.", "FK och AF", "", f"Besluta: {NASTY}")
            describe_item(cast.coordinator, item, texts, seen=item.version)
        return meeting.id, material(cast.federation(), meeting, items_to_read(cast.coordinator, meeting))

    meeting_id, paper = stage.ask(write)
    wanted = words_of(paper)
    assert any("Rad två." in line for line in wanted)
    assert "Underlaget är inte klart." in wanted
    visitor.sign_in("samordnare")
    address = f"/moten/{HOME}/{meeting_id}/material"
    page = visitor.get(address).get_data(as_text=True)
    facts = [side for term, value in paper.facts for side in (term, value)]
    assert words_of_page(page) == facts + wanted[1 + len(paper.facts) :]
    docx = visitor.get(f"{address}.docx")
    assert docx.headers["Content-Disposition"].startswith("attachment")
    assert words_of_docx(docx.data) == wanted
    monkeypatch.setattr(typst, "compile", watched)
    pdf = visitor.get(f"{address}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert (sent[0]["title"], len(sent[0]["entries"])) == (paper.title, len(paper.entries))
    assert [entry["parts"] for entry in sent[0]["entries"]] == [
        [{"heading": part.heading, "paragraphs": part.paragraphs} for part in entry.parts] for entry in paper.entries
    ]


def test_the_pdf_is_tagged_swedish_and_titled():
    paper = Paper("Material", (("Förbund", "X"),), (Entry("1. Ett", ("Not",), (Part("Vad", "Ord"),)),), "Tomt")
    made = as_pdf(paper, one_a_page=True)
    assert made.startswith(b"%PDF-1.7")
    for mark in (b"/MarkInfo", b"/Lang(sv-SE)", b"/StructTreeRoot", b"pdfuaid:part", b"/DisplayDocTitle true"):
        assert mark in made, mark
    assert as_pdf(replace(paper, entries=()), one_a_page=True).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("signs", "kept", "is_ua"),
    [
        ("😀 👩\u200d👧", "😀 👩\u200d👧", False),
        ("𒀀 ሀለ 漢字", "𒀀 ሀለ 漢字", False),
        ("\uffff\ufffe\U0010ffff", "", True),
        ("\x00\x01\x0b\x0c\x1f\x7f\x85", "", True),
        ("\ud800", "", True),
        ("\u00a0\u00ad\u202e\ufffd", "\u00a0\u00ad\u202e\ufffd", True),
    ],
    ids=["emoji", "rare scripts", "no signs", "controls", "half a pair", "odd but text"],
)
def test_p22_whatever_signs_a_text_holds_both_files_come_out(signs, kept, is_ua):
    words = f"a{signs}b"
    part = Part(words, f"{words}\n{words}")
    paper = Paper(words, ((words, words),), (Entry(words, (words,), (part,)),), words)
    made = as_pdf(paper, one_a_page=True)
    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made
    assert (b"pdfuaid:part" in made) is is_ua
    assert as_pdf(replace(paper, entries=()), one_a_page=False).startswith(b"%PDF")
    assert set(words_of_docx(as_docx(paper, one_a_page=True))) == {f"a{kept}b", f"a{kept}b: a{kept}b"}
    assert words_of_docx(as_docx(replace(paper, entries=()), one_a_page=False))[-1] == f"a{kept}b"


def test_the_docx_has_headings_and_a_language():
    paper = Paper("Material", (), (Entry("1. Ett", (), (Part("Vad", "Ord\x07\n\nMer"),)),), "Tomt")
    document = Document(io.BytesIO(as_docx(paper, one_a_page=False)))
    assert [(line.style.name, line.text) for line in document.paragraphs] == [
        ("Heading 1", "Material"), ("Heading 2", "1. Ett"), ("Heading 3", "Vad"), ("Normal", "Ord"), ("Normal", "Mer")
    ]  # fmt: skip
    assert document.core_properties.title == "Material"
    assert 'w:lang w:val="sv-SE"' in document.styles.element.xml


NAMED = "Anna Svensson ringde 070-123 45 67 och bor på Storgatan 12."


def test_p24_what_looks_like_a_person_is_looked_at_before_it_is_stored_and_before_it_is_sent(cast):
    meeting, item, _case = on_agenda(cast)
    texts = replace(texts_of(item), tried=NAMED, proposed="Ta fram en rutin.")
    with pytest.raises(InvalidInput) as refused:
        describe_item(cast.coordinator, item, texts, seen=item.version)
    assert (refused.value.field, refused.value.code) == ("looked", "doubtful")
    assert NAMED not in str(refused.value)
    assert item.described_at is None
    with transaction():
        describe_item(cast.coordinator, item, texts, seen=item.version, looked=True)
        describe_item(cast.coordinator, item, replace(texts, proposed="Ja."), seen=item.version)
    with pytest.raises(InvalidInput) as refused:
        send_material(cast.coordinator, meeting, seen=meeting.version)
    assert (refused.value.field, refused.value.code) == ("looked", "doubtful")
    assert meeting.material_sent_at is None
    assert events("meeting.material_sent") == []
    with transaction():
        send_material(cast.coordinator, meeting, seen=meeting.version, looked=True)
        describe_item(cast.coordinator, item, replace(texts, tried="Inget."), seen=item.version)
        send_material(cast.coordinator, meeting, seen=meeting.version)
    with pytest.raises(InvalidInput):
        describe_item(cast.coordinator, item, texts, seen=item.version)


def test_p24_the_pages_mark_it_and_ask(visitor, stage):
    meeting_id, item_id = stage.ask(lambda cast: (lambda made: (made[0].id, made[1].id))(on_agenda(cast)))
    visitor.sign_in("samordnare")
    page = f"/moten/{HOME}/{meeting_id}"
    text_page, sending = f"{page}/arenden/{item_id}/underlag", f"{page}/skicka-ut"
    visitor.get(text_page)
    assert 'name="looked"' not in visitor.text
    values = {"title": "Fel", "what": f"<b>{NAMED}", "proposed": "Ja."}
    assert visitor.post(text_page, values).status_code == 422
    assert visitor.text.count("<mark>") == 3
    assert "<mark>Anna Svensson</mark> ringde" in visitor.text
    assert "<b>Anna" not in visitor.text
    assert "Det här ser ut som ett telefonnummer" in visitor.text
    assert 'href="#what"' in visitor.text
    assert visitor.post(text_page, {**values, "looked": "y"}).status_code == 200
    visitor.get(sending)
    assert visitor.text.count("<mark>") == 3
    assert f'href="{text_page}#what"' in visitor.text
    assert visitor.post(sending).status_code == 422
    assert "Läs det som är markerat och kryssa i rutan" in visitor.text
    assert 'href="#looked"' in visitor.text
    assert visitor.post(sending, {"looked": "y"}).status_code == 200
    assert "Materialet är utskickat" in visitor.text
