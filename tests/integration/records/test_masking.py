"""P25, P13, P14: one text masked, sealed or destroyed; who may, what is remembered, and what is refused."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from sqlalchemy import select

from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import Role
from lexheller.accounts.service import create_user, grant_role
from lexheller.action_reports import drafting
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.models import CaseTerm
from lexheller.cases.states import CaseStatus
from lexheller.casework import describing
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.privacy.masking import MARK, MaskDecision, MaskReason, occurrences
from lexheller.records import masking_queries as queries
from lexheller.records.masking import Decision, destroy_sealed, mask, open_sealed
from lexheller.records.masking_models import SealedOriginal
from lexheller.records.masking_places import Kind
from lexheller.records.masking_subjects import subject_for
from tests.cast.people import ELSEWHERE, PASSWORD, Cast
from tests.integration.records.masked import DESTROY, SEAL, columns_with, destroy_word, mask_word

WORD = "flodhästkaféet"
NUMBER = "19121212-1212"
REPORT = f"Rutinen för {WORD} hänvisade till webben. Det fanns {WORD} ingen tid för."


@pytest.fixture
def case(cast: Cast):
    return cast.reach(CaseStatus.ASSIGNED, what_happened=REPORT)


def the_text(cast: Cast, case, code: str = "report.what_happened"):
    subject = subject_for(cast.coordinator, case.federation_id, Kind.CASE, case.id)
    return subject, queries.text_for(cast.coordinator, subject, code, case.report_id)


def test_p25_a_sealed_word_is_gone_from_text_and_search_and_stands_apart(cast, case):
    subject, text = the_text(cast, case)
    version = case.version
    with transaction():
        masking = mask_word(cast.coordinator, subject, text, WORD, SEAL)
    assert case.report.what_happened == f"Rutinen för {MARK} hänvisade till webben. Det fanns {MARK} ingen tid för."
    assert columns_with(WORD) == {"sealed_original.text"}
    terms = set(db.session.scalars(select(CaseTerm.term).where(CaseTerm.case_id == case.id)))
    assert not any("flodh" in term for term in terms)
    assert case.version == version + 1
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.kind, event.subject_type, event.subject_id) == ("text.masked", "case", case.id)
    told = {name: event.data[name] for name in ("field", "passages", "decision", "reason", "masking_id")}
    assert told == {
        "field": "report.what_happened",
        "passages": 2,
        "decision": "seal",
        "reason": "person",
        "masking_id": masking.id,
    }
    assert broken_links() == []
    assert broken_promises() == []


def test_p25_opening_a_seal_takes_a_reason_and_is_remembered(cast, case):
    subject, text = the_text(cast, case)
    masking = mask_word(cast.coordinator, subject, text, WORD, SEAL)
    with pytest.raises(InvalidInput):
        open_sealed(cast.director, masking, "")
    assert WORD in open_sealed(cast.director, masking, "Den det gäller frågar.")
    opening = queries.openings_of(masking)[0]
    assert (opening.opened_by_user_id, opening.reason) == (cast.director.user_id, "Den det gäller frågar.")
    destroy_sealed(cast.director, masking, "Ingen behöver det längre.")
    assert columns_with(WORD) == set()
    assert not masking.sealed
    for gone in (
        lambda: open_sealed(cast.director, masking, "Igen."),
        lambda: destroy_sealed(cast.director, masking, "Igen."),
    ):
        with pytest.raises(Conflict):
            gone()
    kinds = list(db.session.scalars(select(Event.kind).where(Event.subject_type == "masking").order_by(Event.id)))
    assert kinds == ["text.seal_opened", "text.seal_destroyed"]


def test_p25_what_is_destroyed_goes_out_of_earlier_seals_too(cast, case):
    subject, text = the_text(cast, case)
    first = mask_word(cast.coordinator, subject, text, "webben")
    subject, text = the_text(cast, case)
    destroy_word(cast.coordinator, cast.director, subject, text, WORD)
    assert columns_with(WORD) == set()
    sealed = db.session.scalars(select(SealedOriginal.text)).one()
    assert sealed == f"Rutinen för {MARK} hänvisade till webben. Det fanns {MARK} ingen tid för."
    destroy_sealed(cast.director, first, "Inte det heller.")
    assert columns_with("webben") == set()


@pytest.mark.parametrize("words", [WORD, REPORT])
def test_p26_nobody_takes_words_out_of_a_public_document_alone(cast, case, words):
    subject, text = the_text(cast, case)
    with pytest.raises(InvalidInput, match="seal_first"):
        mask_word(cast.coordinator, subject, text, words, DESTROY)
    masking = mask_word(cast.coordinator, subject, text, words)
    with pytest.raises(InvalidInput, match="same_person"):
        destroy_sealed(cast.coordinator, masking, "Jag är ensam.")
    for reason, code in (("", "required"), (f"Det var {words}", "repeats"), ("Född 19121212-1212.", "identity")):
        with pytest.raises(InvalidInput, match=code):
            destroy_sealed(cast.director, masking, reason)
    assert words in db.session.scalars(select(SealedOriginal.text)).one()
    destroy_sealed(cast.director, masking, "Den det gäller har bett om det.")
    assert columns_with(words) == set()
    assert (masking.destroyed_by_user_id, masking.destroyed_why) == (
        cast.director.user_id,
        "Den det gäller har bett om det.",
    )


def test_p26_a_second_address_that_the_sealer_gave_the_role_is_no_second_person(cast, case):
    masking = mask_word(cast.coordinator, *the_text(cast, case), WORD)
    user = create_user(email="samordnare+2@exempel.se", name="Sammi Ny", password=PASSWORD)
    grant_role(cast.coordinator, user, Role.REGISTRAR, federation_id=case.federation_id)
    with pytest.raises(InvalidInput, match="given_by_proposer"):
        destroy_sealed(actor_for(user), masking, "Jag är någon annan.")


def test_p23_an_identity_number_alone_is_destroyed_at_once(cast, case):
    case.report.what_happened = f"{NUMBER} väntade vid {WORD}."  # as it would stand in an old database
    db.session.flush()
    subject, text = the_text(cast, case)
    for hidden, said in ((WORD, SEAL), (f"{NUMBER} väntade", DESTROY), (f"{NUMBER} väntade", SEAL)):
        with pytest.raises(InvalidInput, match="number_first"):
            mask_word(cast.coordinator, subject, text, hidden, said)
    with pytest.raises(InvalidInput, match="personal_identity_number"):
        mask_word(cast.coordinator, subject, text, NUMBER, SEAL)
    mask_word(cast.coordinator, subject, text, NUMBER, DESTROY)
    assert columns_with(NUMBER) == set()
    subject, text = the_text(cast, case)
    mask_word(cast.coordinator, subject, text, WORD)
    assert case.report.what_happened == f"{MARK} väntade vid {MARK}."


def test_p25_every_compiled_draft_is_forgotten_however_short_the_word(cast, case):
    home, year = cast.federation(), clock.local_year()
    drafting.compile_draft(cast.coordinator, home, year)
    draft = drafting.draft_of(home.id, year)
    assert draft is not None
    assert draft.compiled is not None
    subject, text = the_text(cast, case)
    mask(cast.coordinator, subject, text, [(0, 2)], SEAL, seen=text.mark)
    assert (draft.compiled, draft.compiled_hash, draft.compiled_at) == (None, None, None)


def test_p13_a_text_that_has_changed_is_not_masked_and_old_forms_meet_a_conflict(cast, case):
    describing.share_summary(cast.coordinator, case, f"{WORD} i Habo.", seen=case.version)
    subject = subject_for(cast.coordinator, case.federation_id, Kind.CASE, case.id)
    text = queries.text_for(cast.coordinator, subject, "case_file.shared_summary", case.id)
    seen = case.version
    mask_word(cast.coordinator, subject, text, WORD)
    with pytest.raises(Conflict):
        mask_word(cast.coordinator, subject, text, "Habo")
    with pytest.raises(Conflict):
        describing.share_summary(cast.coordinator, case, f"{WORD} i Habo.", seen=seen)
    assert case.shared_summary == f"{MARK} i Habo."


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Decision(MaskDecision.SEAL, MaskReason.OTHER, f"Det var {WORD.upper()}."), "why"),
        (Decision(MaskDecision.SEAL, MaskReason.OTHER, "Född 19121212-1212."), "why"),
        (Decision(MaskDecision.SEAL, MaskReason.OTHER, "x" * 1001), "why"),
    ],
)
def test_p23_the_reason_repeats_neither_the_words_nor_a_number(cast, case, said, field):
    subject, text = the_text(cast, case)
    with pytest.raises(InvalidInput) as refused:
        mask_word(cast.coordinator, subject, text, WORD, said)
    assert refused.value.field == field
    assert WORD in case.report.what_happened


def test_nothing_new_to_hide_and_no_room_for_the_mark_are_refused(cast, case):
    subject, text = the_text(cast, case)
    for places in ([], [(500, 600)], [(5, 5)]):
        with pytest.raises(InvalidInput):
            mask(cast.coordinator, subject, text, places, SEAL, seen=text.mark)
    mask_word(cast.coordinator, subject, text, WORD)
    subject, text = the_text(cast, case)
    with pytest.raises(InvalidInput):
        mask(cast.coordinator, subject, text, occurrences(text.text, MARK), SEAL, seen=text.mark)


def test_p15_p17_only_those_who_may_mask_in_the_federation_find_any_text(cast, case):
    federation_id = case.federation_id
    for actor in (cast.outsider, cast.manager_of(case)):
        with pytest.raises(NotAllowedToSee):
            subject_for(actor, federation_id, Kind.CASE, case.id)
    with pytest.raises(NotAllowedToSee):
        subject_for(cast.outsider, cast.federation(ELSEWHERE).id, Kind.CASE, case.id)
    subject, text = the_text(cast, case)
    masking = mask_word(cast.coordinator, subject, text, WORD, SEAL)
    for actor in (cast.outsider, cast.manager_of(case)):
        for step in (
            lambda actor=actor: mask(actor, subject, text, [(0, 3)], SEAL, seen=text.mark),
            lambda actor=actor: queries.masking_for(actor, federation_id, masking.id),
            lambda actor=actor: open_sealed(actor, masking, "Nyfiken."),
            lambda actor=actor: destroy_sealed(actor, masking, "Nyfiken."),
            lambda actor=actor: queries.texts_of(actor, subject),
        ):
            with pytest.raises(NotAllowedToSee):
                step()


@pytest.mark.parametrize(
    ("masked_as", "stands_as"),
    [
        ("åtta höns på taket", "ÅTTA HÖNS\npå  \u00a0taket"),
        ("caféet på åkern", normalize("NFD", "caféet på åkern")),
        (normalize("NFD", "caféet på åkern"), "CAFÉET PÅ ÅKERN"),
        ("åö ää", "ÅÖ ÄÄ"),
    ],
)
def test_p25_words_are_found_elsewhere_however_they_are_written_and_broken(cast, case, masked_as, stands_as):
    for said in [*["Åtta höns, caféet och åkern."] * 3, f"Där satt {stands_as} i morse."]:
        other = cast.reach(CaseStatus.CLOSED, what_happened=said)
    _subject, text = the_text(cast, case)
    found = queries.elsewhere(cast.coordinator, text, case.federation_id, [masked_as])
    assert {one.place.subject(one.row) for one in found} == {other.id}


def test_p25_many_texts_with_a_piece_of_the_words_hide_none_that_has_them_all(cast, case, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ELSEWHERE", 2)
    other = cast.reach(CaseStatus.CLOSED, what_happened=f"Där fanns {WORD} Berg.")
    for _ in range(3):
        cast.reach(CaseStatus.CLOSED, what_happened=f"Där fanns {WORD} Ek.")
    _subject, text = the_text(cast, case)
    found = queries.elsewhere(cast.coordinator, text, case.federation_id, [f"{WORD} Berg"])
    assert {one.place.subject(one.row) for one in found} == {other.id}


def test_other_texts_with_the_same_words_are_named(cast, case):
    other = cast.reach(CaseStatus.CLOSED, what_happened=f"Där fanns {WORD} också.")
    _subject, text = the_text(cast, case)
    found = queries.elsewhere(cast.coordinator, text, case.federation_id, [WORD])
    assert [(one.place.code, one.place.subject(one.row)) for one in found] == [("report.what_happened", other.id)]
