"""P25: what was handed out before a masking is not handed out again with the words in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.faults.service import Details
from lexheller.privacy.masking import MARK
from lexheller.records import batch, masking_copies, release, release_documents, release_letters, release_queries
from lexheller.records import masking_queries as queries
from lexheller.records.masking import destroy_sealed
from lexheller.records.masking_models import Masking
from lexheller.records.masking_places import Kind
from lexheller.records.masking_subjects import Subject, subject_for
from lexheller.records.release_documents import Which
from lexheller.records.release_models import ReleaseCopy, ReleaseDocument, ReleasePackage, ReleaseRequest
from lexheller.records.release_states import Decision, DocumentKind, Judgement, PackageStatus, Paragraph
from tests.cast.people import HOME, Cast
from tests.integration.records.masked import DESTROY, SEAL, columns_with, mask_word
from tests.integration.records.test_release import (
    NAME,
    WORD,
    asked_by,
    decide,
    masking,
    rows_of,
    spellings,
    step,
    text_of,
    told,
    with_story,
)

NUMBER = "19121212-1212"


@dataclass
class Given:
    """A request of which the report is handed out, and a package made."""

    request: ReleaseRequest
    report: ReleaseDocument
    package: ReleasePackage


def handed_out(cast: Cast, *, hide: bool = False) -> Given:
    request = with_story(cast)
    report = next(row for row in rows_of(request) if row.kind == DocumentKind.REPORT)
    for row in rows_of(request):
        if row.id != report.id:
            decide(cast, row, Judgement(Decision.LEFT_OUT))
    decide(cast, report, masking(report, NAME, WORD) if hide else Judgement(Decision.WHOLE))
    step(release.give_out, cast, request)
    return Given(request, report, packed(cast, request))


def packed(cast: Cast, request: ReleaseRequest) -> ReleasePackage:
    package = step(batch.ask_for_package, cast, request)
    with transaction():
        run_waiting_now()
    db.session.expire_all()
    assert isinstance(package, ReleasePackage)
    assert package.status == PackageStatus.READY
    return package


def text_here(cast: Cast, case: Case) -> tuple[Subject, queries.StoredText]:
    subject = subject_for(cast.coordinator, case.federation_id, Kind.CASE, case.id)
    return subject, queries.text_for(cast.coordinator, subject, "report.what_happened", case.report_id)


def case_of(given: Given) -> Case:
    return db.session.get_one(Case, given.report.case_id)


def seal(cast: Cast, given: Given, word: str = WORD) -> Masking:
    with transaction():
        return mask_word(cast.coordinator, *text_here(cast, case_of(given)), word)


def copies(given: Given) -> list[ReleaseCopy]:
    query = select(ReleaseCopy).where(ReleaseCopy.document_id == given.report.id).order_by(ReleaseCopy.id)
    return list(db.session.scalars(query.options(undefer(ReleaseCopy.content))))


def holds(content: bytes, word: str = WORD) -> bool:
    """In any file of it, also as a page of a PDF reads."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return any(holds(file.read(name), word) for name in file.namelist())
    if content.startswith(b"%PDF"):
        return word in text_of(content)
    return any(spelling in content for spelling in spellings(word))


def test_p25_a_copy_and_a_package_made_before_a_masking_are_not_given_out_after_it(cast):
    given = handed_out(cast)
    before = [(copy.id, copy.sha256, copy.size, copy.made_at, copy.made_by_user_id) for copy in copies(given)]
    assert all(holds(copy.content or b"") for copy in copies(given))
    assert holds(given.package.content or b"")
    masking = seal(cast, given)
    assert all(copy.masked_at and copy.maskings == [masking.id] for copy in copies(given))
    assert (given.package.status, given.package.content) == (PackageStatus.DELETED, None)
    assert not holds(batch.file_of(given.request))
    event = db.session.scalars(select(Event).where(Event.kind == "text.masked")).one()
    assert event.data["copies"] == [copy_id for copy_id, *_rest in before]
    assert event.data["packages"] == [given.package.id]

    assert release_queries.progress_of(given.request).undecided == 1
    for early in (batch.ask_for_package, release.close):
        with pytest.raises(InvalidInput, match="undecided"):
            step(early, cast, given.request)
    assert release_queries.next_undecided(given.request) == given.report
    decide(cast, given.report, Judgement(Decision.WHOLE))
    step(release.give_out, cast, given.request)
    new = [copy for copy in copies(given) if copy.masked_at is None]
    assert len(new) == 2
    assert not any(holds(copy.content or b"") for copy in new)
    assert MARK in (new[1].content or b"").decode("utf-8-sig")
    again = packed(cast, given.request)
    assert not holds(again.content or b"")
    kept = masking_copies.put_away(masking, read=True)
    assert [WORD in one.text for one in kept] == [True], "who opens the seal reads what was handed out"

    with transaction():
        destroy_sealed(cast.director, masking, "Ingen behöver det.")
    old = [copy for copy in copies(given) if copy.masked_at is not None]
    assert [(copy.id, copy.sha256, copy.size, copy.made_at, copy.made_by_user_id) for copy in old] == before
    assert [copy.content for copy in old] == [None, None]
    assert columns_with(WORD) == set()
    step(release.close, cast, given.request)
    assert broken_links() == []
    assert broken_promises() == []


@pytest.mark.parametrize(("word", "stays"), [(NAME, True), (f"från {WORD} hänvisades", False)])
def test_p25_a_copy_that_hid_the_words_anyway_stays_and_one_that_hid_a_part_does_not(cast, word, stays):
    given = handed_out(cast, hide=True)
    seal(cast, given, word)
    assert [copy.masked_at is None for copy in copies(given)] == [stays, stays]
    assert (given.package.content is not None) == stays


def test_p25_a_copy_of_a_text_that_was_rewritten_since_goes_with_the_words_in_its_file(cast):
    office, home = cast.coordinator, cast.federation()
    said = Details("Ingen tar över.", what_happens=f"Alla går till {WORD}.")
    fault = faults.suspect(office, home.id, said, cast.reach(CaseStatus.CLOSED), f"Det var {WORD}.")
    request = asked_by(cast)
    with transaction():
        found = release_documents.documents(home.id, DocumentKind.FAULT, Which(ids=[fault.id]))
        (row,) = release.pick(office, request, found, seen=request.version)
    decide(cast, row, Judgement(Decision.WHOLE))
    step(release.give_out, cast, request)
    with transaction():
        faults.describe(office, fault, Details("Ingen tar över.", what_happens="Alla går hem."), seen=fault.version)
    subject = subject_for(office, home.id, Kind.FAULT, fault.id)
    text = next(one for one in queries.texts_of(office, subject) if one.place.code == "fault_case.why")
    with transaction():
        mask_word(office, subject, text, WORD)
    assert all(copy.masked_at is not None for copy in release_queries.copies_of(row))


def test_p25_two_seals_over_one_copy_and_each_that_is_destroyed_takes_it(cast):
    given = handed_out(cast)
    first, second = seal(cast, given), seal(cast, given, NAME)
    with transaction():
        destroy_sealed(cast.director, second, "Ingen behöver det.")
    assert [copy.content for copy in copies(given)] == [None, None]
    assert columns_with("Karlsson") == set()
    assert masking_copies.put_away(first, read=True)[0].text == ""


def test_p23_a_number_that_is_destroyed_at_once_goes_out_of_the_copies_too(cast):
    given = handed_out(cast)
    report = case_of(given).report
    report.what_happened = f"{NUMBER} väntade."  # as it would stand in an old database
    for copy in copies(given):
        copy.content = f"{NUMBER} väntade.".encode()
    db.session.commit()
    with transaction():
        mask_word(cast.coordinator, *text_here(cast, case_of(given)), NUMBER, DESTROY)
    assert columns_with(NUMBER) == set()


def test_p25_other_copies_with_the_same_words_are_named_and_go_with_their_own_text(cast):
    given = handed_out(cast)
    other = told(cast)
    with transaction():
        mask_word(cast.coordinator, *text_here(cast, other), WORD)
    assert all(copy.masked_at is None for copy in copies(given))
    named = masking_copies.standing(given.request.federation_id, [WORD])
    assert [one.name for one in named] == [f"Anmälan, {given.report.number}, i begäran {given.request.number}"]
    seal(cast, given)
    assert masking_copies.standing(given.request.federation_id, [WORD]) == []


def test_p25_a_written_decision_with_the_words_in_its_reason_is_put_away(cast):
    request = with_story(cast)
    reasoned = Judgement(Decision.REFUSED, (Paragraph.HEALTH,), f"Det gäller {WORD}.")
    row, *others = rows_of(request)
    decide(cast, row, reasoned)
    letter = step(release_letters.write_letter, cast, request)
    assert isinstance(letter, ReleaseCopy)
    for other in others:
        decide(cast, other, Judgement(Decision.REFUSED, (Paragraph.HEALTH,)))
    about_others = step(release_letters.write_letter, cast, request)
    subject = subject_for(cast.coordinator, request.federation_id, Kind.FEDERATION, request.federation_id)
    text = queries.text_for(cast.coordinator, subject, "release_document.own_words", row.id)
    with transaction():
        masking = mask_word(cast.coordinator, subject, text, WORD)
    assert letter.maskings == [masking.id]
    assert about_others.masked_at is None


def test_p25_what_is_made_while_a_text_is_masked_is_made_again(cast):
    given = handed_out(cast)
    newest = release_queries.last_masking(given.request.federation_id)
    seal(cast, given)
    with pytest.raises(Conflict):
        release.keep_from_masking(given.request, newest)


def test_p25_the_pages_say_that_a_new_copy_has_to_be_made(stage, visitor):
    def made(cast: Cast) -> tuple[int, int, int, int]:
        given = handed_out(cast)
        return given.request.id, copies(given)[0].id, given.package.id, given.report.id

    request_id, copy_id, package_id, document_id = stage.ask(made)
    here = f"/utlamnande/{HOME}/{request_id}"
    visitor.sign_in("samordnare")
    assert visitor.get(f"{here}/kopior/{copy_id}").mimetype == "application/pdf"

    def masked(cast: Cast) -> int:
        row = db.session.get_one(ReleaseDocument, document_id)
        return mask_word(cast.coordinator, *text_here(cast, db.session.get_one(Case, row.case_id)), WORD, SEAL).id

    masking_id = stage.ask(masked)
    page = visitor.get(f"{here}/kopior/{copy_id}")
    assert page.mimetype == "text/html"
    assert "Texten har maskerats sedan kopian gjordes" in page.text
    assert f"{here}/kopior/{copy_id}" not in page.text
    assert visitor.get(f"{here}/paket/{package_id}").mimetype == "text/html"
    assert "gör en ny kopia" in visitor.get(f"{here}/handlingar/{document_id}").text
    one = f"/maskering/{HOME}/beslut/{masking_id}"
    page = visitor.get(one)
    assert "Kopior som lämnades ut före maskeringen" in page.text
    assert WORD not in page.text
    assert WORD in visitor.post(f"{one}/oppna", {"reason": "Den det gäller frågar."}, form="open").text


def test_p25_words_in_copies_of_other_texts_are_named_before_and_after(stage, visitor):
    def made(cast: Cast) -> tuple[int, int, str]:
        given = handed_out(cast)
        other = told(cast)
        return other.id, other.report_id, given.request.number

    case_id, report_id, number = stage.ask(made)
    path = f"/maskering/{HOME}/arende/{case_id}/report.what_happened/{report_id}"
    visitor.sign_in("samordnare")
    page = visitor.get(path).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    start = stage.ask(lambda _cast: db.session.get_one(Case, case_id).report.what_happened.index(WORD))
    kept = {"words": WORD, "listed": WORD, "seen": seen, "passages": f"{start}-{start + len(WORD)}"}
    page = visitor.post(path, {**kept, "preview": "1"}).text
    assert "Orden står i kopior som har lämnats ut" in page
    assert number in page
    page = visitor.post(path, {**kept, "reason": "person", "decision": "seal"}).text
    assert "Orden står kvar i kopior som har lämnats ut" in page
