"""The forms a report can be had in. Every one draws the same `Document` and nothing else; stops at bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lexheller.action_reports.document import Document
from lexheller.action_reports.forms_data import as_csv, as_json
from lexheller.action_reports.forms_docx import as_docx, short_block_as_docx
from lexheller.action_reports.forms_pdf import as_pdf
from lexheller.action_reports.forms_xlsx import as_xlsx

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Form:
    """`draw` takes the document and the federation's Word template, which only Word forms read.

    Word forms raise `UnusableTemplateError`.
    """

    name: str
    media_type: str
    extension: str
    draw: Callable[[Document, bytes | None], bytes]


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("pdf", "application/pdf", "pdf", as_pdf),
        Form("docx", _WORD, "docx", as_docx),
        Form("short-docx", _WORD, "docx", short_block_as_docx),
        Form("xlsx", _WORKBOOK, "xlsx", as_xlsx),
        Form("csv", "text/csv; charset=utf-8", "csv", as_csv),
        Form("json", "application/json", "json", as_json),
    )
}
