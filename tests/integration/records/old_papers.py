"""Old faults, actions, meetings and requests, each text of them with a word that is found again wherever it stands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lexheller.actions import effect
from lexheller.actions import service as actions
from lexheller.actions.models import Action
from lexheller.actions.queries import follow_ups, types
from lexheller.actions.service import Details as What
from lexheller.actions.service import Done
from lexheller.actions.states import Judgement
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.service import Details
from lexheller.meetings.agenda import put_fault_on_agenda, put_on_agenda
from lexheller.meetings.deciding import Settlement, end_meeting, settle
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.states import Outcome
from lexheller.organisations.queries import federation_of
from lexheller.privacy.masking import MaskDecision, MaskReason
from lexheller.records import batch, release, release_documents, release_letters, release_queries
from lexheller.records.masking import Decision as Said
from lexheller.records.masking import mask
from lexheller.records.masking_places import Kind as MaskedKind
from lexheller.records.masking_queries import text_for
from lexheller.records.masking_subjects import subject_for
from lexheller.records.release import Asked
from lexheller.records.release_models import ReleaseRequest
from lexheller.records.release_states import Decision, Paragraph, hash_of
from lexheller.records.release_states import Judgement as Ruling
from tests.cast.people import Cast
from tests.integration.meetings.days import meeting_in, noon_of
from tests.integration.records.disposing_of_cases import on, work

FAULT, ACTION, MEETING, RELEASE = "Felkrämen", "Åtgärdskrämen", "Möteskrämen", "Begäranskrämen"
SEALED = "Sigillkrämen"


def an_old_fault(cast: Cast, case: Case, year: int = 2024) -> tuple[Fault, Action]:
    """Shown by the case, mended by an action that was judged, and closed; all in one year."""
    office, home = cast.coordinator, cast.federation()
    with on(year, 4), transaction():
        fault = faults.suspect(office, home.id, Details(FAULT, what_happens=FAULT), case, f"Samma {FAULT}.")
    with on(year, 5), transaction():
        what = What(ACTION, type=types(home.id)[0])
        done = Done(date(year, 5, 1), ACTION)
        action = actions.record_new(office, home, what, cases=[case], faults=[fault], done=done)
    with on(year, 11), transaction():
        for waiting in follow_ups([action.id])[action.id]:
            effect.judge(office, action, waiting, Judgement.WORKED, ACTION, seen=action.version)
    with on(year, 12), transaction():
        faults.close(office, fault, f"Klart, {FAULT}.", seen=fault.version)
    return fault, action


def an_old_meeting(cast: Cast, case: Case, fault: Fault | None = None, year: int = 2024) -> Meeting:
    """Where the case, and the fault, were decided about; one of its texts was masked, and the original sealed."""
    office = cast.coordinator
    with on(year, 2):
        meeting = meeting_in(cast, 30, place=f"Rum {MEETING}", note=f"{SEALED} {MEETING}")
        with transaction():
            put_on_agenda(office, case, meeting, MEETING)
            if fault is not None:
                put_fault_on_agenda(office, fault, meeting, MEETING)
            subject = subject_for(office, meeting.federation_id, MaskedKind.MEETING, meeting.id)
            text = text_for(office, subject, "meeting.note", meeting.id)
            said = Said(MaskDecision.SEAL, MaskReason.OTHER, f"Ett {MEETING} för mycket.")
            mask(office, subject, text, [(0, len(SEALED))], said, seen=text.mark)
    with noon_of(meeting), transaction():
        query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.id)
        for item in db.session.scalars(query).all():
            settle(office, item, Settlement(Outcome.DECIDED, MEETING), seen=item.version)
        db.session.refresh(meeting)
        end_meeting(office, meeting, seen=meeting.version)
    return meeting


def an_old_request(cast: Cast, case: Case, year: int = 2024) -> ReleaseRequest:
    """For all of the case: given out as a package, a part refused by letter, and closed."""
    with on(year, 9):
        with transaction():
            asked = Asked(RELEASE, clock.today(), by=RELEASE)
            request = release.register(cast.coordinator, cast.federation().id, asked)
            documents = release_documents.of_case(case.federation_id, case.id)
            release.pick(cast.coordinator, request, documents, seen=request.version)
        for place, row in enumerate(release_queries.documents_page(request, None).rows):
            what = release.document_of(row)
            assert what is not None
            refused = Ruling(Decision.REFUSED, (Paragraph.HEALTH,), RELEASE)
            ruling = refused if place == 0 else Ruling(Decision.WHOLE)
            with transaction():
                release.decide(cast.coordinator, request, row, ruling, seen=row.version, text_hash=hash_of(what.pieces))
        for verb in (batch.ask_for_package, release_letters.write_letter, release.close):
            with transaction():
                verb(cast.coordinator, request, seen=request.version)
            work()
            db.session.refresh(request)
    return request


def newer_ones(cast: Cast, year: int = 2029) -> None:
    """One of each kind, so that the old ones are not the newest rows."""
    office, home = cast.coordinator, cast.federation()
    with on(year), transaction():
        faults.suspect(office, home.id, Details("Ett nyare fel"))
        actions.record_new(office, home, What("En ny rutin", type=types(home.id)[0]))
        release.register(office, home.id, Asked("Något nyare", clock.today()))
    with on(year):
        meeting_in(cast, 30)
    assert federation_of(home.id).id == home.id
