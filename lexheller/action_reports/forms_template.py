"""The federation's own Word template: emptied of its text, its styles and page kept.

A template comes from outside: what is no Word file, carries macros or is too large is refused with a reason that a
page can put in words. Stops at an empty document.
"""

from __future__ import annotations

import copy
import io

from docx import Document as open_document
from docx.document import Document as WordDocument
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.styles import CT_Style

from lexheller.action_reports.forms_template_parts import Parts, TemplateFault, UnusableTemplateError, take_apart

_OUTSIDE = ("attachedTemplate", "oleObject", "frame", "subDocument")


def empty_document(template: bytes | None) -> WordDocument:
    """With the template's styles, page, headers and footers, and nothing in it. Raises UnusableTemplateError."""
    if template is None:
        return open_document()
    parts = take_apart(template)
    try:
        document = open_document(io.BytesIO(parts.package))
        _demand_read(document, parts)
        _empty(document)
        _cut_off(document)
    except Exception as problem:  # whatever a broken file makes the reader say
        raise UnusableTemplateError(TemplateFault.BROKEN) from problem
    return document


def _demand_read(document: WordDocument, parts: Parts) -> None:
    """The reader takes as XML only what was walked as XML: a part may be called anything."""
    taken = (part for part in document.part.package.iter_parts() if isinstance(part, XmlPart))
    if not all(str(part.partname).lstrip("/") in parts.readable for part in taken):
        raise ValueError("a part that nobody looked through")


def _empty(document: WordDocument) -> None:
    """The last section stays: it is the page. Headers and footers it takes from earlier ones go with it."""
    body = document.element.body
    page = body.get_or_add_sectPr()
    for earlier in reversed(body.findall(f".//{qn('w:sectPr')}")):
        if earlier is not page:
            _inherit(page, earlier)
    for element in list(body):
        if element is not page:
            body.remove(element)


def _inherit(page: CT_Style, earlier: CT_Style) -> None:
    for tag in (qn("w:footerReference"), qn("w:headerReference")):
        has = {reference.get(qn("w:type")) for reference in page.findall(tag)}
        for reference in earlier.findall(tag):
            if reference.get(qn("w:type")) not in has:
                page.insert(0, copy.deepcopy(reference))


def _cut_off(document: WordDocument) -> None:
    """Nothing is fetched from elsewhere when the report is opened."""
    settings = document.settings.element
    for element in settings.findall(qn("w:attachedTemplate")):
        settings.remove(element)
    for part in document.part.package.iter_parts():
        for key, relation in list(part.rels.items()):
            if relation.is_external and relation.reltype.rsplit("/", 1)[-1] in _OUTSIDE:
                del part.rels[key]
