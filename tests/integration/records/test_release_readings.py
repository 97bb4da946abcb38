"""Who reads a case through a request for documents is found when somebody asks who has read the case."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.audit.reading_log import Reading
from lexheller.cases.states import CaseStatus
from lexheller.casework import handing_over
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.records import batch, release, release_documents
from lexheller.records.release_states import DocumentKind
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.meetings.days import fault_in
from tests.integration.records.test_release import asked_by, decide_all, everything, rows_of, step, told

RELEASE = f"/utlamnande/{HOME}"
LOG = f"/installningar/{HOME}/lasningar"


def kept(stage) -> list[tuple[str, int, str]]:
    query = select(Reading.thing, Reading.subject_id, Reading.form).order_by(Reading.id)
    return stage.ask(lambda _cast: [tuple(row) for row in db.session.execute(query)])


def test_a_document_that_is_looked_through_is_kept_for_its_case(stage, visitor, new_visitor):
    def ready(cast: Cast) -> tuple[int, str, int]:
        case, request = told(cast), asked_by(cast)
        found = release_documents.of_case(case.federation_id, case.id)
        with transaction():
            rows = release.pick(cast.coordinator, request, found, seen=request.version)
        return case.id, case.number, rows[0].id

    case_id, number, document_id = stage.ask(ready)
    visitor.sign_in("samordnare")
    visitor.client.head(f"{RELEASE}/1/handlingar/{document_id}")
    assert kept(stage) == []
    visitor.get(f"{RELEASE}/1/handlingar/{document_id}")
    assert kept(stage) == [("case", case_id, "page"), ("release", 1, "page")]
    director = new_visitor()
    director.sign_in("forbundschef")
    assert f"Ärende {number}" in director.get(f"{LOG}?number={number}").text


def test_a_fault_that_is_looked_through_is_kept_as_the_fault(stage, visitor):
    def ready(cast: Cast) -> tuple[int, int]:
        fault, request = fault_in(cast), asked_by(cast)
        (row,) = [row for row in everything(cast, request) if row.kind == DocumentKind.FAULT]
        return fault.id, row.id

    fault_id, document_id = stage.ask(ready)
    visitor.sign_in("samordnare")
    visitor.get(f"{RELEASE}/1/handlingar/{document_id}")
    assert kept(stage)[0] == ("fault", fault_id, "page")


def test_each_copy_that_is_fetched_is_kept_for_its_case_and_a_letter_is_of_the_request_alone(stage, visitor):
    def ready(cast: Cast) -> tuple[int, int]:
        case, request = told(cast), asked_by(cast)
        found = release_documents.of_case(case.federation_id, case.id)
        with transaction():
            release.pick(cast.coordinator, request, found, seen=request.version)
        decide_all(cast, request)
        return case.id, step(release.give_out, cast, request)[0].id

    case_id, copy_id = stage.ask(ready)
    visitor.sign_in("samordnare")
    for _time in range(2):
        assert visitor.get(f"{RELEASE}/1/kopior/{copy_id}").mimetype == "application/pdf"
    assert kept(stage) == [("case", case_id, "copy"), ("release", 1, "copy")] * 2
    visitor.get(f"{RELEASE}/1/beslut")
    visitor.post(f"{RELEASE}/1/beslut")
    letter = stage.ask(lambda _cast: db.session.scalar(select(db.func.max(release.ReleaseCopy.id))))
    before = len(kept(stage))
    visitor.get(f"{RELEASE}/1/kopior/{letter}")
    assert kept(stage)[before:] == [("release", 1, "copy")]


def test_a_package_that_is_fetched_is_kept_for_each_case_in_it(stage, visitor):
    def ready(cast: Cast) -> tuple[list[int], int]:
        ids = [told(cast).id, told(cast, closed=False).id]
        request = asked_by(cast)
        everything(cast, request)
        decide_all(cast, request)
        package = step(batch.ask_for_package, cast, request)
        with transaction():
            run_waiting_now()
        assert {row.case_id for row in rows_of(request)} == set(ids)
        return ids, package.id

    ids, package_id = stage.ask(ready)
    visitor.sign_in("samordnare")
    assert visitor.get(f"{RELEASE}/1/paket/{package_id}").mimetype == "application/zip"
    assert kept(stage) == [*(("case", number, "zip") for number in sorted(ids)), ("release", 1, "zip")]


def test_who_read_the_offer_is_found_by_the_case_in_federation_that_took_over(stage, visitor, new_visitor):
    def ready(cast: Cast) -> tuple[str, int]:
        case = cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
        sender = cast.person("samordnare", ELSEWHERE)
        with transaction():
            offer = handing_over.offer(sender, case, cast.federation(), "Skäl.", "Text.", seen=case.version)
        return case.number, offer.id

    number, offer_id = stage.ask(ready)
    visitor.sign_in("samordnare")
    assert visitor.get(f"/overlamningar/{HOME}/{offer_id}").status_code == 200

    def taken(cast: Cast) -> str:
        with transaction():
            offer = handing_over.offer_for(cast.coordinator, cast.federation().id, offer_id)
            return handing_over.take_over(cast.coordinator, offer).number

    number = stage.ask(taken)
    director = new_visitor()
    director.sign_in("forbundschef")
    assert f"Överlämning (id {offer_id})" in director.get(f"{LOG}?number={number}").text
    assert "Ingen läsning passar" in director.get(f"{LOG}?number=1999:1").text
