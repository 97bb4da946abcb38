"""What becomes of every row that has to do with something that is deleted: one place, column by column.

A guard test walks all tables: a new one that points at something here and is not named below fails it. Deleting refuses
to begin while there is such a column: nothing is left behind unseen, and nothing goes that nobody has thought of.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lexheller.records.disposal_rules import DocumentKind

CASES, REPORTS = "case_file", "report"
ROOTS: Mapping[DocumentKind, str] = {
    DocumentKind.CASE: CASES,
    DocumentKind.FAULT: "fault",
    DocumentKind.ACTION: "action",
    DocumentKind.MEETING: "meeting",
    DocumentKind.RELEASE: "release_request",
}
"""By kind that is deleted by decision: the table whose row it is; a case's report goes with it."""


class Fate(StrEnum):
    """GOES: the row is deleted with what it points at. LETS_GO: it stays, and points at nothing. STAYS: see why."""

    GOES = "goes"
    LETS_GO = "lets_go"
    STAYS = "stays"


POINTERS: Mapping[str, Fate] = {
    "action_case.action_id": Fate.GOES,
    "action_case.case_id": Fate.GOES,
    "action_due_step.action_id": Fate.GOES,
    "action_due_step.follow_up_id": Fate.GOES,
    "action_fault.action_id": Fate.GOES,
    "action_fault.fault_id": Fate.GOES,
    "action_follow_up.action_id": Fate.GOES,
    "action_term.action_id": Fate.GOES,
    "agenda_item.action_id": Fate.LETS_GO,
    "agenda_item.case_id": Fate.GOES,
    "agenda_item.continues_id": Fate.LETS_GO,
    "agenda_item.fault_id": Fate.GOES,
    "agenda_item.meeting_id": Fate.GOES,
    "agenda_item.moved_from_id": Fate.LETS_GO,
    "answer.case_id": Fate.GOES,
    "answer.duty_id": Fate.GOES,
    "answer_link.duty_id": Fate.GOES,
    "case_file.merged_into_id": Fate.LETS_GO,
    "case_file.report_id": Fate.GOES,
    "case_term.case_id": Fate.GOES,
    "contact_opening.case_id": Fate.GOES,
    "digest_line.due_step_id": Fate.GOES,
    "digest_line.duty_id": Fate.GOES,
    "due_step.duty_id": Fate.GOES,
    "duty.case_id": Fate.GOES,
    "fault_case.case_id": Fate.GOES,
    "fault_case.fault_id": Fate.GOES,
    "fault_news.case_id": Fate.GOES,
    "fault_news.fault_id": Fate.GOES,
    "fault_pattern.fault_id": Fate.LETS_GO,
    "feedback.case_id": Fate.GOES,
    "handover.case_id": Fate.GOES,
    "handover.new_case_id": Fate.STAYS,
    "masking.case_id": Fate.GOES,
    "note.case_id": Fate.GOES,
    "occurrence.case_id": Fate.GOES,
    "proposal.case_id": Fate.GOES,
    "proposal.duty_id": Fate.GOES,
    "published_case.case_id": Fate.GOES,
    "question.case_id": Fate.GOES,
    "question.duty_id": Fate.GOES,
    "release_copy.document_id": Fate.GOES,
    "release_copy.request_id": Fate.GOES,
    "release_document.request_id": Fate.GOES,
    "release_package.request_id": Fate.GOES,
    "reporter_contact.report_id": Fate.GOES,
    "seal_opening.masking_id": Fate.GOES,
    "sealed_original.masking_id": Fate.GOES,
}
"""Foreign keys to a row that goes. `handover.new_case_id` is another federation's row: while it is there the case that
came from it stays (`Hindrance.HANDED_HERE`).
"""

WITHOUT_KEY: Mapping[str, Fate] = {
    "case_fact.case_id": Fate.STAYS,
    "case_fact.merged_into_id": Fate.STAYS,
    "diary_entry.subject_id": Fate.STAYS,
    "disposal_item.subject_id": Fate.STAYS,
    "event.subject_id": Fate.STAYS,
    "job.subject_id": Fate.GOES,
    "masking.subject_id": Fate.GOES,
    "message.subject_id": Fate.GOES,
    "reading.subject_id": Fate.STAYS,
    "register_change.subject_id": Fate.STAYS,
    "release_document.case_id": Fate.STAYS,
    "release_document.subject_id": Fate.STAYS,
}
"""Columns that name a row without a key of the database. What stays holds no free text: the facts that figures are made
of, the tombstones, the diary, the logs of events and of readings, the register's history. Messages and jobs go by what
they are about, maskings by which row's text was masked. What was given out on request is a document of that request, a
kind of its own: it stays with its copies until the request goes.
"""

JOBS: Mapping[str, str | None] = {
    "accounts.tell_how_to_reset": None,
    "action_reports.refresh_draft": None,
    "administration.ask_confirmation": None,
    "casework.ask_how_it_went": CASES,
    "casework.look_after_held": CASES,
    "casework.look_after_offer": "handover",
    "casework.look_after_question": "question",
    "casework.route_case": CASES,
    "casework.tell_responsible": None,
    "check.mail_head": None,
    "deadlines.recalculate": None,
    "deadlines.recalculate_portion": "duty",
    "meetings.remind_of_material": "meeting",
    "messaging.send_message": "message",
    "records.carry_out_disposal": None,
    "records.count_doubts": "release_request",
    "records.delete_package": "release_package",
    "records.make_package": "release_package",
}
"""By job: the table that its subject is a row of, where that can be a row that goes."""
