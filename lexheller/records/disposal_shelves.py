"""Where every table of the product belongs in the eyes of a plan: a kind that a rule can speak of, or always kept.

So that whoever adopts a plan sees that nothing is forgotten: a test walks all tables, and a new one fails it until
somebody has said here what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lexheller.records.disposal_rules import DocumentKind


class Kept(StrEnum):
    """What no rule can speak of. MASKINGS go with the text that was masked."""

    MASKINGS = "maskings"
    EDITIONS = "editions"
    DRAFTS = "drafts"
    DIARY = "diary"
    EVENTS = "events"
    FACTS = "facts"
    PATTERNS = "patterns"
    DISPOSALS = "disposals"
    REGISTER = "register"
    PEOPLE = "people"
    MESSAGES = "messages"


SHELVES: Mapping[DocumentKind | Kept, str] = {
    DocumentKind.CASE: (
        "report case_file case_term contact_opening duty due_step answer answer_link question proposal note feedback "
        "handover occurrence published_case digest digest_line"
    ),
    DocumentKind.REPORTER: "reporter_contact",
    DocumentKind.FAULT: "fault fault_case fault_news",
    DocumentKind.ACTION: "action action_case action_fault action_term action_follow_up action_due_step",
    DocumentKind.MEETING: "meeting agenda_item",
    DocumentKind.RELEASE: "release_request release_document release_copy release_package",
    DocumentKind.READING: "reading",
    DocumentKind.SIGN_IN: "sign_in refused_sign_in",
    Kept.MASKINGS: "masking sealed_original seal_opening",
    Kept.EDITIONS: "report_edition report_publication",
    Kept.DRAFTS: "report_draft report_goal report_settings",
    Kept.DIARY: "diary_entry diary_series",
    Kept.EVENTS: "event chain_head",
    Kept.FACTS: "case_fact fault_fact action_fact",
    Kept.PATTERNS: "fault_pattern",
    Kept.DISPOSALS: "disposal_plan disposal_rule disposal disposal_item",
    Kept.REGISTER: (
        "federation municipality organisation membership unit responsible_manager substitution closed_day rule_set "
        "routing_rule deadline_settings theme theme_change action_type action_series meeting_group "
        "meeting_group_member standard_text statement_settings register_change"
    ),
    Kept.PEOPLE: (
        "user_account role_assignment second_step recovery_code external_identity sign_in_connection sign_in_rules "
        "saved_filter"
    ),
    Kept.MESSAGES: "message job heartbeat",
}
"""Tables by shelf. What hangs on a row of another kind goes with that too (`disposal_register`)."""
