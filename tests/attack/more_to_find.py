"""What the demonstration does not leave behind and some page has a form for; by the verbs. Stops at making it."""

from __future__ import annotations

from lexheller.accounts import single_sign_on_settings
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import handing_over
from lexheller.casework.beside import propose
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults import service as faults
from lexheller.faults.patterns import find_patterns
from lexheller.faults.service import Details
from lexheller.privacy.masking import MaskDecision, MaskReason
from lexheller.records import masking, release
from lexheller.records.masking_places import Kind
from lexheller.records.masking_queries import text_for
from lexheller.records.masking_subjects import subject_for
from lexheller.records.release_documents import of_case
from lexheller.records.release_states import Decision, Judgement, Paragraph, hash_of
from lexheller.routing import drafts
from tests.cast.people import ELSEWHERE, Cast

NOT_TURNED_ON = single_sign_on_settings.Draft(
    organisation_id=None,
    name="Jobbkontot",
    issuer="http://127.0.0.1:9",
    client_id="lex-heller",
    secret="en-hemlighet",
    scopes="openid",
    subject_claim="sub",
    mail_claim="email",
    groups_claim="groups",
    mail_domains=(),
    strong_values=(),
    role_groups={},
)


def more_to_find(cast: Cast) -> None:
    """A proposal, an offered case, a fault with an owner, a pattern, a draft of rules, a way in that is not open, two
    requests for documents, and a masked text.
    """
    home, office = cast.federation(), cast.coordinator
    case = cast.reach(CaseStatus.ASSIGNED)
    duty = cast.duty(case)
    propose(cast.manager_of(duty), case, duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
    theirs = cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    handing_over.offer(cast.outsider, theirs, home, "Er kommun.", "Vi frågar.", seen=theirs.version)
    fault = faults.suspect(office, home.id, Details("Ingen tar över."), case, "Samma lucka.")
    faults.set_owner(office, fault, duty.unit, seen=fault.version)
    reporting = cast.organisation("Försäkringskassan").id
    for _number in range(3):
        cast.report(reporting_organisation_id=reporting)
    find_patterns(home.id)
    drafts.start_draft(office, home.id)
    single_sign_on_settings.add_connection(office, home.id, NOT_TURNED_ON)
    for decided in (True, False):
        _asked_for(cast, cast.reach(CaseStatus.CLOSED), decided=decided)
    subject = subject_for(office, home.id, Kind.CASE, case.id)
    text = text_for(office, subject, "report.what_happened", case.report_id)
    hidden = masking.Decision(MaskDecision.SEAL, MaskReason.OTHER)
    masking.mask(office, subject, text, [(0, 4)], hidden, seen=text.mark)
    db.session.flush()


def _asked_for(cast: Cast, case: Case, *, decided: bool) -> None:
    """Documents of a case that somebody asks for: the first kept back, the rest to be handed out or not tried yet."""
    office = cast.coordinator
    asked = release.register(office, case.federation_id, release.Asked("Ett ärende", clock.today()))
    rows = release.pick(office, asked, of_case(case.federation_id, case.id), seen=asked.version)
    refused = Judgement(Decision.REFUSED, (Paragraph.HEALTH,))
    for row, judgement in zip(rows, (refused, *[Judgement(Decision.WHOLE)] * len(rows)), strict=False):
        what = release.document_of(row)
        if decided and what is not None:
            text_hash = hash_of(what.pieces)
            release.decide(office, asked, row, judgement, seen=row.version, text_hash=text_hash)
