"""What can be given out: each kind of document is read from where it stands, by id, by file and by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lexheller.action_reports import editions
from lexheller.action_reports.drafting import report_data
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.transaction import transaction
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.deciding import Settlement, end_meeting, settle
from lexheller.meetings.queries import agenda
from lexheller.meetings.states import Outcome
from lexheller.records.release_documents import Document, Which, documents, of_case
from lexheller.records.release_states import DocumentKind
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.meetings.days import fault_in, meeting_in, noon_of


def found(cast, kind: DocumentKind, which: Which, slug: str = HOME) -> list[Document]:
    return documents(cast.federation(slug).id, kind, which)


def words_of(document: Document) -> str:
    return "\n".join(piece.text for piece in document.pieces)


def test_the_file_of_a_case_has_what_was_said_and_no_notes_or_addresses(cast):
    case = cast.reach(CaseStatus.CLOSED)
    file = of_case(case.federation_id, case.id)
    assert [one.kind for one in file] == [DocumentKind.REPORT, DocumentKind.ANSWER, DocumentKind.CONCLUSION]
    assert {one.number for one in file} == {case.number}
    assert {one.case_id for one in file} == {case.id}
    said = "\n".join(words_of(one) for one in file)
    for words in (case.report.what_happened, "Rutinen var okänd.", "Rutinen är ändrad."):
        assert words in said
    assert "anmalare@habo.example" not in said


def test_a_period_has_both_its_days_and_no_other_federation(cast):
    case, today = cast.reach(CaseStatus.CLOSED), clock.today()
    before, after = today - timedelta(days=1), today + timedelta(days=1)
    for kind in (DocumentKind.REPORT, DocumentKind.ANSWER, DocumentKind.CONCLUSION):
        assert [one.number for one in found(cast, kind, Which(period=(today, today)))] == [case.number], kind
        assert found(cast, kind, Which(period=(before, before))) == []
        assert found(cast, kind, Which(period=(after, after))) == []
        assert found(cast, kind, Which(period=(before, after)), ELSEWHERE) == []
        assert found(cast, kind, Which(ids=[case.id]), ELSEWHERE) == []


def test_faults_and_minutes_are_documents_of_their_own(cast):
    fault = fault_in(cast)
    (document,) = found(cast, DocumentKind.FAULT, Which(ids=[fault.id]))
    assert document.number == fault.number
    assert fault.title in words_of(document)
    case, meeting = cast.reach(CaseStatus.ASSIGNED), meeting_in(cast, 40)
    with transaction():
        put_on_agenda(cast.coordinator, case, meeting, "Är rutinen känd?")
    assert found(cast, DocumentKind.MINUTES, Which(ids=[meeting.id])) == []
    with noon_of(meeting):
        with transaction():
            (item,) = agenda(cast.coordinator, meeting)
            decided = Settlement(Outcome.DECIDED, "Vi skriver en rutin.", None, "Kansliet")
            settle(cast.coordinator, item, decided, seen=item.version)
        with transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
        (minutes,) = found(cast, DocumentKind.MINUTES, Which(period=(meeting.held_on, meeting.held_on)))
    assert "Vi skriver en rutin." in words_of(minutes)
    assert found(cast, DocumentKind.MINUTES, Which(files=[case.id])) == []


def test_an_edition_is_its_chapters_as_text(cast):
    year = clock.local_year() - 1
    with clock.at(datetime(year, 3, 4, 9, tzinfo=UTC)):
        cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        federation = cast.federation()
        editions.approve(cast.director, federation, year, seen_hash=report_data(federation, year)["hash"])
        edition = editions.freeze(cast.coordinator, federation, year)
    today = clock.today()
    (document,) = found(cast, DocumentKind.EDITION, Which(period=(today, today)))
    assert (document.subject_id, document.number) == (edition.id, edition.diary_number)
    assert len(document.pieces) > 2
    assert str(year) in words_of(document)
    assert found(cast, DocumentKind.EDITION, Which(ids=[edition.id]), ELSEWHERE) == []
