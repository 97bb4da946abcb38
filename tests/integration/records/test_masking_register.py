"""P25: whatever people write can be masked. A new column of words fails here until somebody has thought of it."""

from __future__ import annotations

from sqlalchemy import JSON, String, Text

from lexheller.core.db import Base
from lexheller.records.masking_register import all_places

LONG = 60
"""A code, a key, a hash or a clock time is shorter, or stands below."""

# What holds no words that somebody might have to hide, and why. Of a table: its columns.
CODES = "made by the program: codes, keys, numbers, hashes, days"
NUMBERS = "drawn by the program, or imported with a number's shape and nobody's name in it: other words go to as_given"
STEMS = "made anew from the texts whenever one is masked"
NAMES = "a name in a list of the office, changed on the list's own page; what it was called stands in the history"
WHOSE = "who works here or writes to us, kept apart, changed or taken away by those who keep the register"
FIRM = "about the service of another firm or authority, as its administrator wrote it"
FROZEN = "an edition never changes (P29): the page of a masking names those in which the words stand"
NOT_PEOPLES_WORDS: dict[str, tuple[str, ...]] = {
    CODES: (
        "action_fact.milestones action_fact.type_key action_follow_up.measure action_type.key",
        "case_fact.milestones case_file.doubts chain_head.hash",
        "deadline_settings.escalate_after_days duty.why",
        "event.data event.hash event.kind event.previous_hash fault_fact.milestones fault_pattern.pattern_key",
        "federation.slug handover.trail heartbeat.name job.key job.name job.problem masking.part masking.place",
        "message.key message.kind municipality.key organisation.key report.fingerprint report.receipt_code_hash",
        "release_copy.maskings release_copy.sha256 release_document.hidden release_document.paragraphs",
        "release_document.text_hash release_package.sha256 report_draft.approved_hash report_draft.compiled_hash",
        "report_edition.hash sealed_original.places sign_in.token_hash theme.key theme_change.from_keys",
        "theme_change.to_keys",
    ),
    NUMBERS: ("case_fact.number case_file.number diary_entry.number disposal_item.number release_document.number",),
    STEMS: ("action_term.term case_term.term report_draft.compiled",),
    NAMES: (
        "action_type.label federation.name meeting_group.name municipality.name organisation.aliases",
        "organisation.name theme.label theme_change.from_labels theme_change.to_labels unit.name",
        "report_settings.word_template_name",
    ),
    WHOSE: (
        "answer_link.email answer_link.name note.author_name report_draft.approved_by report_edition.approved_by",
        "reporter_contact.email responsible_manager.email responsible_manager.name",
        "responsible_manager.superior_email responsible_manager.superior_name substitution.absent_email",
        "substitution.email substitution.name user_account.email user_account.name statement_settings.officer_name",
        "statement_settings.contact_address statement_settings.contact_email statement_settings.contact_phone",
        "statement_settings.officer_email statement_settings.officer_phone",
    ),
    FIRM: (
        "statement_settings.operated_by sign_in_connection.client_id sign_in_connection.groups_claim",
        "sign_in_connection.issuer sign_in_connection.mail_claim sign_in_connection.mail_domains",
        "sign_in_connection.name sign_in_connection.role_groups sign_in_connection.scopes",
        "sign_in_connection.strong_values sign_in_connection.subject_claim",
    ),
    FROZEN: ("report_edition.data",),
    "an adopted plan: which body decided, under which number, on which ground; the decision itself is public": (
        "disposal_plan.adopted_by disposal_plan.decision disposal_rule.ground",
    ),
    "a secret, sealed or as a hash": (
        "external_identity.mark recovery_code.code_hash second_step.sealed sign_in_connection.sealed_secret",
        "user_account.password_hash",
    ),
    "somebody's own search, seen and deleted by them alone": ("saved_filter.name saved_filter.query",),
    "the sealed original itself, which is opened with a reason or destroyed": ("sealed_original.text",),
}


def reviewed(*reasons: str) -> set[str]:
    """The columns that were reviewed, all of them or for these reasons."""
    wanted = reasons or tuple(NOT_PEOPLES_WORDS)
    return {name for reason in wanted for line in NOT_PEOPLES_WORDS[reason] for name in line.split()}


def test_p25_every_column_of_words_is_in_the_register_or_reviewed(context):
    columns = {
        f"{table.name}.{column.name}": column for table in Base.metadata.sorted_tables for column in table.columns
    }
    words = {
        name
        for name, column in columns.items()
        if isinstance(column.type, Text | JSON)
        or (isinstance(column.type, String) and (column.type.length or LONG) >= LONG)
    }
    known = {place.code for place in all_places()}
    assert sorted(words - known - reviewed()) == [], "may people write there? Then put it into masking_register"
    assert sorted(reviewed() - set(columns)) == []
    assert known & reviewed() == set()


def test_p25_every_place_is_one_text_and_says_what_it_is_called(context):
    places = all_places()
    assert len({(place.kind, place.code) for place in places}) == len(places)
    assert all(str(place.label) for place in places)
    assert all("federation_id" in place.model.__table__.c for place in places)
