"""The diary: an entry for every number, in the same transaction; older ones made up for; its pages and the open one."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import delete, select

from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.audit.service import next_diary_number
from lexheller.cases.states import CaseStatus
from lexheller.casework import describing
from lexheller.check.diary import no_number_is_missing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.faults.service import Details, suspect
from lexheller.organisations.queries import themes
from lexheller.records import diary, diary_queries
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_queries import Wanted
from lexheller.records.diary_rules import Correspondent, Direction, EntryKind
from tests.cast.people import ELSEWHERE, HOME

DIARY, OPEN = f"/diarium/{HOME}", f"/publikt/{HOME}/diarium"


def entries(cast, slug: str = HOME) -> list[DiaryEntry]:
    query = select(DiaryEntry).where(DiaryEntry.federation_id == cast.federation(slug).id)
    return list(db.session.scalars(query.order_by(DiaryEntry.id)))


def a_fault(cast):
    with transaction():
        return suspect(cast.coordinator, cast.federation().id, Details("Ingen tar över", what_happens="De väntar."))


def test_p14_every_number_has_an_entry_that_names_no_person(cast):
    case, fault = cast.reach(CaseStatus.ASSIGNED), a_fault(cast)
    report, made = entries(cast)
    assert (report.number, report.registered_on, report.kind) == (case.number, case.received_on, EntryKind.REPORT)
    assert (report.direction, report.correspondent) == (Direction.IN, Correspondent.REPORTER)
    assert (made.number, made.direction, made.kind) == (fault.number, Direction.MADE, EntryKind.FAULT)
    stored = " ".join(str(vars(entry)) for entry in entries(cast))
    assert "anmalare@" not in stored
    assert "hänvisade" not in stored
    assert list(no_number_is_missing()) == []
    assert entries(cast, ELSEWHERE) == []


def with_theme(cast):
    """A case whose reporter works at Försäkringskassan, and the theme that the office gave it."""
    case = cast.reach(CaseStatus.ASSIGNED, reporting_organisation_id=cast.organisation("Försäkringskassan").id)
    theme, place, concerned = themes(case.federation_id)[0], case.municipality, case.concerned_organisation
    with transaction():
        describing.classify(
            cast.coordinator, case, theme=theme, municipality=place, organisation=concerned, seen=case.version
        )
    return case, theme


def test_the_entry_follows_what_the_case_is_about(cast):
    _case, theme = with_theme(cast)
    db.session.expire_all()
    (entry,) = entries(cast)
    assert entry.theme_id == theme.id
    assert entry.organisation is not None
    assert entry.organisation.name == "Försäkringskassan"


def test_p14_a_number_that_was_drawn_and_has_no_entry_is_found(cast):
    cast.reach(CaseStatus.ASSIGNED)
    home = cast.federation()
    with transaction():
        next_diary_number(home.id, clock.local_year(), file_number=home.diary_file_number)
    (finding,) = no_number_is_missing()
    assert (finding.promise, finding.federation_id) == ("P14", home.id)


def test_what_is_older_than_the_diary_is_entered_once_with_one_event(cast):
    case, _fault = cast.reach(CaseStatus.ASSIGNED), a_fault(cast)
    home = cast.federation().id
    before = [(entry.number, entry.kind, entry.registered_on, entry.subject_id) for entry in entries(cast)]
    with transaction():
        db.session.execute(delete(DiaryEntry))
    with transaction():
        assert diary.note_missing(home) == len(before)
    with transaction():
        assert diary.note_missing(home) == 0
    after = [(entry.number, entry.kind, entry.registered_on, entry.subject_id) for entry in entries(cast)]
    assert after == before
    noted = list(db.session.scalars(select(Event).where(Event.kind == diary.NOTED)))
    assert [event.data for event in noted] == [{"count": len(before)}]
    assert broken_links() == []
    assert case.number in {number for number, *_rest in after}


def test_p15_the_diary_is_read_with_the_right_alone(cast):
    cast.reach(CaseStatus.ASSIGNED)
    home, entry = cast.federation().id, entries(cast)[0]
    for actor in (cast.outsider, cast.person("chef.af")):
        with pytest.raises(NotAllowedToSee):
            diary_queries.entries_page(actor, home, Wanted(), None)
        with pytest.raises(NotAllowedToSee):
            diary_queries.entry_for(actor, home, entry.id)
    with pytest.raises(NotAllowedToSee):
        diary_queries.entry_for(cast.outsider, cast.federation(ELSEWHERE).id, entry.id)


def test_the_pages_show_list_entry_and_file(stage, visitor):
    case = stage.case(CaseStatus.CLOSED)
    assert case.number not in visitor.get(DIARY).text, "nobody is signed in"
    visitor.sign_in("samordnare")
    page = visitor.get(DIARY)
    assert page.status_code == 200
    assert case.number in page.text
    assert case.number not in visitor.get(f"{DIARY}?ar=1999").text
    assert case.number in visitor.get(f"{DIARY}?nummer=Dnr+{case.number}&sort=report").text
    entry_id = stage.ask(lambda cast: entries(cast)[0].id)
    entry = visitor.get(f"{DIARY}/{entry_id}").text
    for word in ("Svar", "Avslut", "Anmälan"):
        assert word in entry
    assert "hänvisade" not in entry


def test_p27_the_extract_is_text_that_a_swedish_spreadsheet_opens(stage, visitor):
    case = stage.case()
    visitor.sign_in("samordnare")
    year = case.number[:4]
    answer = visitor.get(f"{DIARY}/utdrag.csv?first={year}-01-01&last={year}-12-31")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (heading, row) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert heading[0] == "Datum"
    assert row[1] == case.number
    assert case.number in visitor.get(f"{DIARY}/utdrag").text
    assert visitor.get(f"{DIARY}/utdrag?first=x&last=y").status_code == 422


def test_p30_the_open_register_tells_day_and_number_and_neither_sender_nor_theme(stage, new_visitor):
    def described(cast):
        case, theme = with_theme(cast)
        return case.number, theme.label

    number, theme = stage.ask(described)
    anybody = new_visitor()
    page = anybody.get(OPEN)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert number in page.text
    for secret in (theme, "Försäkringskassan", "hänvisade", "Anmälare vid"):
        assert secret not in page.text, secret
    assert theme not in anybody.get(f"{OPEN}?sort=report").text
    assert number not in anybody.get(f"/publikt/{ELSEWHERE}/diarium").text
