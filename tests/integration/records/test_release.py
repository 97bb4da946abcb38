"""Giving out documents: registered, tried, masked for good, refused in writing, and kept as handed out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from hashlib import sha256

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.casework import quarantine
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.records import batch, disposal_requests, release, release_documents, release_letters, release_queries
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_rules import EntryKind
from lexheller.records.release import Asked
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleaseRequest
from lexheller.records.release_states import Decision, DocumentKind, Judgement, PackageStatus, Paragraph, hash_of
from lexheller.records.release_ticks import passages, places_of_words
from tests.cast.people import ELSEWHERE, HOME, Cast

NAME = "Anna Karlsson"
WORD = "Kungsängsliljan"
STORY = f"{NAME} från {WORD} hänvisades till webben. Ring 070-123 45 67."
RELEASES = f"/utlamnande/{HOME}"


def asked_by(cast: Cast, slug: str = HOME, **more: str) -> ReleaseRequest:
    with transaction():
        asked = Asked("Alla anmälningar från i år", clock.today(), **more)
        return release.register(cast.person("samordnare", slug), cast.federation(slug).id, asked)


def told(cast: Cast, *, closed: bool = True) -> Case:
    """A case whose report names somebody, which the office has looked at and let through."""
    case = cast.report(what_happened=STORY, looked=True)
    with transaction():
        run_waiting_now()
    if case.held_at is not None:
        with transaction():
            keys = {found.key for found in quarantine.waiting_in(case)}
            quarantine.let_through(cast.coordinator, case, keys, seen=case.version)
        with transaction():
            run_waiting_now()
    for walk in (cast.accept, cast.answer, cast.close) if closed else ():
        with transaction():
            walk(case)
            run_waiting_now()
    return case


def with_story(cast: Cast) -> ReleaseRequest:
    """A request for the whole file of one case, whose report names somebody."""
    case, request = told(cast), asked_by(cast)
    with transaction():
        chosen = release_documents.of_case(case.federation_id, case.id)
        release.pick(cast.coordinator, request, chosen, seen=request.version)
    return request


def rows_of(request: ReleaseRequest) -> list[ReleaseDocument]:
    return release_queries.documents_page(request, None).rows


def decide(cast: Cast, row: ReleaseDocument, judgement: Judgement) -> None:
    what = release.document_of(row)
    assert what is not None
    with transaction():
        text_hash = hash_of(what.pieces)
        release.decide(cast.coordinator, row.request, row, judgement, seen=row.version, text_hash=text_hash)


def masking(row: ReleaseDocument, *words: str) -> Judgement:
    what = release.document_of(row)
    assert what is not None
    hidden = passages(places_of_words("\n".join(words), what.pieces), what.pieces)
    return Judgement(Decision.MASKED, (Paragraph.SOCIAL_SERVICES,), "Skada kan uppstå.", hidden)


def decide_all(cast: Cast, request: ReleaseRequest) -> None:
    """The report masked, the answer refused, the rest whole."""
    for row in rows_of(request):
        if row.kind == DocumentKind.REPORT:
            decide(cast, row, masking(row, NAME, WORD, "070-123 45 67"))
        elif row.kind == DocumentKind.ANSWER:
            decide(cast, row, Judgement(Decision.REFUSED, (Paragraph.HEALTH,)))
        else:
            decide(cast, row, Judgement(Decision.WHOLE))


def step(verb: Callable[..., object], cast: Cast, request: ReleaseRequest) -> object:
    with transaction():
        return verb(cast.coordinator, request, seen=request.version)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def every_byte(pdf: bytes) -> bytes:
    """The file as it is, and every stream of it unpacked."""
    found = [pdf]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for thing in opened.objects:
            found.append(thing.unparse(resolved=True))
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes())
    return b"\n".join(found)


def spellings(word: str) -> list[bytes]:
    return [word.encode(form) for form in ("utf-8", "latin-1", "utf-16-be", "utf-16-le")]


def test_a_request_gets_a_number_and_nobody_has_to_say_who_they_are(cast):
    request = asked_by(cast)
    assert (request.asked_by, request.answer_to) == (None, None)
    entry = db.session.scalars(select(DiaryEntry).where(DiaryEntry.kind == EntryKind.RELEASE_REQUEST)).one()
    assert (entry.number, entry.subject_id) == (request.number, request.id)
    assert "anmälningar" not in str(vars(entry))


@pytest.mark.parametrize("field", ["by", "answer_to"])
def test_p23_an_identity_number_is_stopped(cast, field):
    with pytest.raises(InvalidInput):
        asked_by(cast, **{field: "19640823-3234"})


def test_p25_the_masked_copy_holds_nothing_of_what_is_hidden(cast):
    request = with_story(cast)
    decide_all(cast, request)
    step(release.give_out, cast, request)
    report = next(row for row in rows_of(request) if row.kind == DocumentKind.REPORT)
    pdf, text = (copy.content for copy in release_queries.copies_of(report))
    said = text_of(pdf)
    assert "hänvisades till webben" in " ".join(said.split())
    raw = every_byte(pdf) + text
    for word in ("Karlsson", WORD, "123 45 67", "Kungs"):
        assert word not in said
        assert not any(spelling in raw for spelling in spellings(word)), word
    assert "[maskat]" in text.decode("utf-8-sig")
    assert "hänvisades" in text.decode("utf-8-sig")
    whole = next(row for row in rows_of(request) if row.decision == Decision.WHOLE)
    assert len(release_queries.copies_of(whole)) == 2
    refused = next(row for row in rows_of(request) if row.decision == Decision.REFUSED)
    assert release_queries.copies_of(refused) == []
    stored = " ".join(str(row.hidden) for row in rows_of(request))
    events = " ".join(str(event.data) for event in db.session.scalars(select(Event)))
    assert "Karlsson" not in stored + events


def test_each_copy_is_kept_to_the_byte_and_its_hash_stands_in_the_event(cast):
    request = with_story(cast)
    decide_all(cast, request)
    step(release.give_out, cast, request)
    copies = list(db.session.scalars(select(ReleaseCopy)))
    event = db.session.scalars(select(Event).where(Event.kind == "release.given_out")).one()
    assert {one["sha256"] for one in event.data["copies"]} == {copy.sha256 for copy in copies}
    for copy in copies:
        assert copy.sha256 == sha256(copy.content).hexdigest()
    given = next(row for row in rows_of(request) if row.decision == Decision.WHOLE)
    with pytest.raises(InvalidInput, match="given_out"):
        decide(cast, given, Judgement(Decision.REFUSED, (Paragraph.HEALTH,)))


def test_the_letter_names_paragraph_and_court_and_has_a_number(cast):
    request = with_story(cast)
    decide_all(cast, request)
    letter = step(release_letters.write_letter, cast, request)
    said = " ".join(text_of(letter.content).split())
    for words in ("21 kap. 1 §", "26 kap. 1 §", "kammarrätten", "tre veckor", letter.number, request.number):
        assert words in said, words
    assert "Karlsson" not in said
    entry = db.session.scalars(select(DiaryEntry).where(DiaryEntry.kind == EntryKind.RELEASE_DECISION)).one()
    assert (entry.number, entry.direction) == (letter.number, "out")
    with pytest.raises(InvalidInput, match="nothing_secret"):
        step(release_letters.write_letter, cast, request)


def test_a_request_is_closed_when_all_is_done_and_no_sooner(cast):
    request = with_story(cast)
    for code, onwards in (
        ("undecided", lambda: decide_all(cast, request)),
        ("not_given_out", lambda: step(release.give_out, cast, request)),
        ("not_told", lambda: step(release_letters.write_letter, cast, request)),
    ):
        with pytest.raises(InvalidInput, match=code):
            step(release.close, cast, request)
        onwards()
    assert disposal_requests.cases_waited_for(request.federation_id)
    step(release.close, cast, request)
    assert disposal_requests.cases_waited_for(request.federation_id) == set()
    with pytest.raises(InvalidInput, match="closed"):
        step(release.close, cast, request)
    assert broken_promises() == []


def test_p13_a_decision_is_about_the_text_and_the_row_that_were_seen(cast):
    request = with_story(cast)
    row = rows_of(request)[0]
    with pytest.raises(InvalidInput, match="changed"), transaction():
        release.decide(cast.coordinator, request, row, Judgement(Decision.WHOLE), seen=row.version, text_hash="another")
    decide(cast, row, Judgement(Decision.WHOLE))
    what = release.document_of(row)
    with pytest.raises(Conflict), transaction():
        release.decide(
            cast.director, request, row, Judgement(Decision.WHOLE), seen=row.version - 1, text_hash=hash_of(what.pieces)
        )
    with pytest.raises(Conflict), transaction():
        release.close(cast.coordinator, request, seen=request.version - 1)


def test_p15_only_those_who_keep_the_records_of_this_federation(cast):
    request = with_story(cast)
    home, row = request.federation_id, rows_of(request)[0]
    for actor in (cast.outsider, cast.person("chef.af")):
        for verb in (
            lambda actor=actor: release.register(actor, home, Asked("Allt", clock.today())),
            lambda actor=actor: release.give_out(actor, request, seen=request.version),
            lambda actor=actor: release_letters.write_letter(actor, request, seen=request.version),
            lambda actor=actor: release.close(actor, request, seen=request.version),
            lambda actor=actor: batch.ask_for_package(actor, request, seen=request.version),
            lambda actor=actor: release_queries.request_for(actor, home, request.id),
            lambda actor=actor: release_queries.document_for(actor, request, row.id),
            lambda actor=actor: batch.of_period(actor, home, clock.today(), clock.today(), [DocumentKind.REPORT]),
        ):
            with pytest.raises(NotAllowedToSee):
                verb()
    with pytest.raises(NotAllowedToSee):
        release_queries.request_for(cast.outsider, cast.federation(ELSEWHERE).id, request.id)


def everything(cast: Cast, request: ReleaseRequest) -> list[ReleaseDocument]:
    today = clock.today()
    with transaction():
        return batch.pick_period(cast.coordinator, request, today, today, list(DocumentKind), seen=request.version)


def test_everything_from_a_period_becomes_one_file_that_can_be_made_again(cast, monkeypatch):
    monkeypatch.setattr(release, "MOST_COUNTED_AT_ONCE", 1)
    monkeypatch.setattr(batch, "PORTION", 2)
    monkeypatch.setattr(batch, "COUNTED", 2)
    told(cast)
    told(cast, closed=False)
    request = asked_by(cast)
    picked = everything(cast, request)
    assert {row.kind for row in picked} >= {DocumentKind.REPORT, DocumentKind.ANSWER, DocumentKind.CONCLUSION}
    assert all(row.doubts is None for row in picked)
    with transaction():
        run_waiting_now()
    db.session.expire_all()
    assert [row.doubts for row in rows_of(request) if row.kind == DocumentKind.REPORT] == [2, 2]
    with pytest.raises(InvalidInput, match="undecided"):
        step(batch.ask_for_package, cast, request)
    decide_all(cast, request)
    package = step(batch.ask_for_package, cast, request)
    with transaction():
        run_waiting_now()
    db.session.expire_all()
    assert (package.status, package.done) == (PackageStatus.READY, package.total)
    with zipfile.ZipFile(io.BytesIO(package.content)) as file:
        names = file.namelist()
        listed = file.read("forteckning.csv").decode("utf-8-sig")
    assert len([name for name in names if name.startswith("pdf/")]) == package.total
    assert "Karlsson" not in listed
    assert "26 kap. 1 §" in listed
    assert sha256(batch.file_of(request)).hexdigest() == package.sha256
    with clock.at(clock.now() + batch.timedelta(days=batch.PACKAGE_DAYS + 2)), transaction():
        run_waiting_now()
    db.session.expire_all()
    assert (package.status, package.content) == (PackageStatus.DELETED, None)
    again = step(batch.ask_for_package, cast, request)
    with transaction():
        run_waiting_now()
    db.session.expire_all()
    assert again.sha256 == package.sha256
    assert broken_promises() == []


def test_the_pages_lead_from_the_question_to_the_copy(stage, new_visitor, visitor):
    case_id, number = stage.ask(lambda cast: (lambda case: (case.id, case.number))(told(cast)))
    visitor.sign_in("samordnare")
    assert "Ingen har begärt något än" in visitor.get(RELEASES).text
    visitor.get(f"{RELEASES}/ny")
    today = stage.ask(lambda _cast: clock.today().isoformat())
    page = visitor.post(f"{RELEASES}/ny", {"asked_for": "Ett ärende", "asked_on": today})
    assert page.status_code == 200
    here = f"{RELEASES}/1"
    offered = visitor.get(f"{here}/handlingar?nummer={number}")
    assert "Anmälan" in offered.text
    assert visitor.post(f"{here}/handlingar?nummer={number}", {"handling": f"report:{case_id}"}).status_code == 200
    checking = visitor.get(f"{here}/nasta")
    assert f"<mark>{NAME}</mark>" in checking.text
    text_hash = checking.text.split('name="text_hash"')[1].split('value="')[1].split('"')[0]
    sent = {
        "text_hash": text_hash,
        "words": WORD,
        "decision": "masked",
        "paragraphs": "26:1",
        "hide": "what_happened:0:13",
    }
    preview = visitor.post(f"{here}/handlingar/1", {**sent, "step": "visa"})
    assert "[maskat] från [maskat] hänvisades" in preview.text
    assert "Beslutet är sparat" in visitor.post(f"{here}/handlingar/1", {**sent, "step": "spara"}).text
    visitor.get(f"{here}/lamna-ut")
    assert "Kopiorna är gjorda" in visitor.post(f"{here}/lamna-ut").text
    visitor.get(f"{here}/beslut")
    assert "fått ett diarienummer" in visitor.post(f"{here}/beslut").text
    copy = visitor.get(f"{here}/kopior/1")
    assert copy.mimetype == "application/pdf"
    assert "Karlsson" not in text_of(copy.data)
    fold = visitor.get(here).text.split("Avsluta begäran</h2>")[1].split("</details>")[0]
    assert f'action="{here}/avsluta"' in fold, "what cannot be undone is not one slip of the hand away"
    assert "Begäran är avslutad" in visitor.post(f"{here}/avsluta").text
    for part, slug in (("chef.af", HOME), ("samordnare", ELSEWHERE)):
        stranger = new_visitor()
        stranger.sign_in(part, slug)
        for path in (
            RELEASES,
            here,
            f"{here}/handlingar",
            f"{here}/handlingar/1",
            f"{here}/kopior/1",
            f"{here}/period",
        ):
            assert stranger.get(path).status_code == 404, path
