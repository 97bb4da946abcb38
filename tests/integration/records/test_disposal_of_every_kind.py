"""P26: faults, actions, meetings and requests go the same road as cases: by two persons, whole, no figure changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from old_papers import (
    ACTION,
    FAULT,
    MEETING,
    RELEASE,
    SEALED,
    an_old_fault,
    an_old_meeting,
    an_old_request,
    newer_ones,
)
from sqlalchemy import func, select, update

from lexheller.accounts.rights import Role
from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.disposal_years import counted
from lexheller.actions import service as actions
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.models import Case
from lexheller.casework import closing
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.faults import service as faults
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.deciding import Settlement, end_meeting, settle
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.states import Outcome
from lexheller.records import disposal_carrying_out, release, release_documents
from lexheller.records import disposal_queries as queries
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.disposal_models import DisposalItem
from lexheller.records.disposal_rules import DECIDED, DocumentKind, Hindrance, Plan
from lexheller.records.disposal_shelves import SHELVES
from lexheller.records.release import Asked
from lexheller.statistics.models import ActionFact, FaultFact
from tests.cast.people import HOME, PASSWORD
from tests.integration.meetings.days import meeting_in, noon_of
from tests.integration.records.disposing_of_cases import (
    NOW,
    WAIT,
    a_plan,
    adopt,
    closed,
    decide,
    dispose,
    freeze,
    on,
    propose,
    words_left,
    work,
)

YEARS = (2024, 2025)


def figures(cast) -> list[dict]:
    return [counted(compiled(cast.federation(), year)) for year in YEARS]


def lines(cast) -> dict[tuple[str, int], tuple[Hindrance, ...]]:
    """What the dry run says: of each that is due, what holds it back."""
    found = queries.dry_run(cast.director, cast.federation().id, clock.today())
    return {(line.kind, line.subject_id): line.why for line in (*found.going, *found.staying)}


def rows(shelf: DocumentKind) -> dict[str, int]:
    return {
        name: db.session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0
        for name in SHELVES[shelf].split()
    }


@pytest.fixture
def grown(cast):
    """In 2024 a case, its fault, its action, its meeting and a request; newer ones of each; frozen; it is 2030."""
    case = closed(cast, 2024)
    fault, action = an_old_fault(cast, case)
    meeting = an_old_meeting(cast, case, year=2025)
    request = an_old_request(cast, case)
    freeze(cast, *YEARS)
    newer_ones(cast)
    closed(cast, 2029)
    with clock.at(NOW):
        yield case, fault, action, meeting, request


def test_every_table_stands_on_one_shelf_so_that_nothing_is_forgotten(context):
    placed = [name for names in SHELVES.values() for name in names.split()]
    assert sorted(placed) == sorted(table.name for table in Base.metadata.sorted_tables)
    assert {kind for kind in SHELVES if isinstance(kind, DocumentKind)} == set(DocumentKind)


def test_p26_one_proposal_of_every_kind_goes_whole_in_order_and_no_figure_changes(cast, grown):
    case, fault, action, meeting, request = grown
    adopt(cast, a_plan(kinds=DECIDED[1:]))
    named = [(DocumentKind.CASE, case.id), (DocumentKind.FAULT, fault.id), (DocumentKind.ACTION, action.id)]
    named += [(DocumentKind.MEETING, meeting.id), (DocumentKind.RELEASE, request.id)]
    before, entries = figures(cast), db.session.scalar(select(func.count(DiaryEntry.id)))
    words = [FAULT, ACTION, MEETING, RELEASE, SEALED]
    assert {word for _table, word in words_left(words)} == set(words)
    assert lines(cast) == dict.fromkeys(named, ())
    disposal = dispose(cast)
    assert [(stone.kind, stone.subject_id) for stone in queries.items_of(disposal)] == named
    assert all(stone.disposed_at is not None for stone in queries.items_of(disposal))
    assert {table for table, _word in words_left(words)} <= {"report_edition", "report_draft"}
    assert figures(cast) == before
    assert db.session.get(FaultFact, named[1][1]) is not None
    assert db.session.get(ActionFact, named[2][1]) is not None
    assert db.session.scalar(select(func.count(DiaryEntry.id))) == entries
    assert rows(DocumentKind.RELEASE) == {**dict.fromkeys(rows(DocumentKind.RELEASE), 0), "release_request": 1}
    assert rows(DocumentKind.MEETING) == {"meeting": 1, "agenda_item": 0}
    assert broken_promises() == []
    assert list(broken_links()) == []


def test_p26_what_still_belongs_to_something_stays_and_says_why(cast, grown):
    case, fault, action, meeting, request = grown
    adopt(cast, a_plan(50, kinds=()))
    assert lines(cast) == {}, "no rule, no end"
    whole = a_plan(kinds=DECIDED[1:])
    adopt(cast, replace(whole, rules={kind: whole.rules[kind] for kind in DECIDED[1:]}))
    found = lines(cast)
    assert found[DocumentKind.FAULT, fault.id] == (Hindrance.LINKED,), "its case is kept"
    assert found[DocumentKind.ACTION, action.id] == (Hindrance.LINKED,)
    assert found[DocumentKind.MEETING, meeting.id] == ()
    adopt(cast, a_plan(kinds=DECIDED[1:]))
    with nothing_kept():
        faults.reopen(cast.coordinator, fault, seen=fault.version)
        found = lines(cast)
        assert found[DocumentKind.CASE, case.id] == (Hindrance.FAULT,)
        assert (DocumentKind.FAULT, fault.id) not in found
        assert found[DocumentKind.ACTION, action.id] == (Hindrance.LINKED,)
    with nothing_kept():
        closing.reopen(cast.coordinator, case, seen=case.version)
        found = lines(cast)
        assert found[DocumentKind.MEETING, meeting.id] == (Hindrance.UNSETTLED,)
        assert found[DocumentKind.FAULT, fault.id] == (Hindrance.LINKED,)
    with nothing_kept():
        actions.reopen(cast.coordinator, action, "Inte klar.", due_on=None, seen=action.version)
        found = lines(cast)
        assert found[DocumentKind.FAULT, fault.id] == (Hindrance.ACTION, Hindrance.LINKED)
    with nothing_kept():
        asked = release.register(cast.coordinator, case.federation_id, Asked("Allt", clock.today()))
        minutes = release_documents.DocumentKind.MINUTES
        wanted = [
            release_documents.document(case.federation_id, kind, subject_id)
            for kind, subject_id in ((release_documents.DocumentKind.FAULT, fault.id), (minutes, meeting.id))
        ]
        release.pick(cast.coordinator, asked, wanted, seen=asked.version)
        found = lines(cast)
        assert Hindrance.RELEASE in found[DocumentKind.FAULT, fault.id]
        assert found[DocumentKind.MEETING, meeting.id] == (Hindrance.RELEASE,)
    with nothing_kept():
        db.session.execute(update(FaultFact).where(FaultFact.fault_id == fault.id).values(number="en annan"))
        assert Hindrance.FACTS in lines(cast)[DocumentKind.FAULT, fault.id]
        assert Hindrance.LINKED in lines(cast)[DocumentKind.ACTION, action.id], "what it was against stays"
    assert lines(cast)[DocumentKind.RELEASE, request.id] == ()


def test_p26_a_case_that_came_to_stay_after_the_decision_keeps_its_fault_and_its_action(cast, grown):
    case, fault, action, meeting, _request = grown
    adopt(cast, a_plan(kinds=DECIDED[1:]))
    disposal = propose(cast)
    decide(cast, disposal)
    with transaction():
        closing.reopen(cast.coordinator, case, seen=case.version)
    with clock.at(NOW + timedelta(days=WAIT)):
        work()
    left = {item.kind: item.left_why for item in queries.items_of(disposal)}
    assert left == {
        DocumentKind.CASE: Hindrance.NOT_DUE,
        DocumentKind.FAULT: Hindrance.LINKED,
        DocumentKind.ACTION: Hindrance.LINKED,
        DocumentKind.MEETING: Hindrance.UNSETTLED,
        DocumentKind.RELEASE: None,
    }
    assert {word for _table, word in words_left([FAULT, ACTION, MEETING, RELEASE])} == {FAULT, ACTION, MEETING}
    assert broken_promises() == []
    assert (fault.number, str(action.number), meeting.held_on.isoformat()) == tuple(
        item.number for item in queries.items_of(disposal)[1:4]
    )


def test_p26_the_check_finds_a_meeting_and_a_fault_that_nobody_decided_to_delete(cast, grown):
    _case, fault, _action, meeting, request = grown
    wanted = {f"fault {fault.id}", f"meeting {meeting.id}", f"release {request.id}"}
    adopt(cast, a_plan(kinds=DECIDED[1:]))
    dispose(cast)
    with nothing_kept():
        db.session.execute(update(DisposalItem).values(disposed_at=None))
        found = {one.subject for one in broken_promises() if one.promise == "P26"}
        assert wanted <= found


def test_p26_where_something_was_postponed_goes_before_where_it_went_on(cast, monkeypatch):
    case = closed(cast, 2024)
    with on(2025):
        first, second = meeting_in(cast, 20), meeting_in(cast, 50)
        with transaction():
            put_on_agenda(cast.coordinator, case, first, MEETING)
    for meeting in (first, second):
        db.session.refresh(meeting)
        with noon_of(meeting), transaction():
            if meeting is second:
                item = db.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == second.id)).one()
                settle(cast.coordinator, item, Settlement(Outcome.DECIDED, MEETING), seen=item.version)
            end_meeting(cast.coordinator, meeting, seen=meeting.version)
    newer_ones(cast)
    minutes = release_documents.DocumentKind.MINUTES
    with clock.at(NOW):
        adopt(cast, plan_of_meetings())
        with nothing_kept():
            asked = release.register(cast.coordinator, case.federation_id, Asked("Allt", clock.today()))
            wanted = release_documents.document(case.federation_id, minutes, first.id)
            release.pick(cast.coordinator, asked, [wanted], seen=asked.version)
            assert lines(cast) == {
                (DocumentKind.MEETING, first.id): (Hindrance.RELEASE,),
                (DocumentKind.MEETING, second.id): (Hindrance.LINKED,),
            }
        monkeypatch.setattr(disposal_carrying_out, "PORTION", 1)
        ids = [first.id, second.id]
        dispose(cast)
    portions = select(Event.data).where(Event.kind == "disposal.portion_deleted").order_by(Event.id)
    assert [data["ids"] for data in db.session.scalars(portions)] == [[one] for one in ids]
    assert rows(DocumentKind.MEETING) == {"meeting": 1, "agenda_item": 0}
    assert broken_promises() == []


def plan_of_meetings() -> Plan:
    """Which says nothing of cases."""
    plan = a_plan(kinds=[DocumentKind.MEETING])
    return replace(plan, rules={DocumentKind.MEETING: plan.rules[DocumentKind.MEETING]})


def test_the_pages_name_each_kind_and_what_is_left_reads_on(stage, new_visitor):
    def make(cast) -> tuple[str, int, int]:
        cast.newcomer("registratorn", Role.REGISTRAR)
        case = closed(cast, 2024)
        fault, _action = an_old_fault(cast, case)
        request = an_old_request(cast, case)
        open_case = closed(cast, 2029)
        meeting = an_old_meeting(cast, case, year=2025)
        freeze(cast, *YEARS)
        newer_ones(cast)
        with clock.at(NOW):
            adopt(cast, a_plan(kinds=DECIDED[1:]))
        entry = db.session.scalars(select(DiaryEntry.id).where(DiaryEntry.subject_id == request.id)).all()
        assert (meeting.id, open_case.id) > (0, 0)
        return fault.number, entry[-1], meeting.id

    number, entry_id, meeting_id = stage.ask(make)
    with clock.at(NOW):
        one = stage.ask(lambda cast: f"/gallring/{HOME}/{propose(cast).id}")
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(f"/gallring/{HOME}/prova")
        for words in ("Systemfel", number, "Åtgärder", "Möten med dagordning", f"/moten/{HOME}/{meeting_id}"):
            assert words in office.text
        registrar = new_visitor()
        registrar.sign_in("registratorn", password=PASSWORD)
        registrar.get(one)
        assert number in registrar.text
        assert f"/moten/{HOME}/{meeting_id}" not in registrar.text, "who cannot see meetings gets no link to one"
        office.get(f"{one}/beslut")
        office.post(f"{one}/beslut", {"sure": "y"})
    with clock.at(NOW + timedelta(days=WAIT)):
        stage.work()
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(f"{one}/protokoll")
        assert number in office.text
        assert "borttaget" in office.text
        for page in (f"/systemfel/{HOME}", f"/atgarder/{HOME}", f"/moten/{HOME}", f"/monster/{HOME}"):
            assert office.get(page).status_code == 200, page
        office.get(f"/diarium/{HOME}/{entry_id}")
        assert "Öppna begäran" not in office.text
        assert stage.ask(lambda _cast: db.session.scalar(select(func.count(Case.id)))) == 1
