"""A Word template taken apart: it comes from outside, and nothing that it says of itself is believed.

Every part is unpacked once, in pieces, against one common budget, and walked as XML; document types, and with them
entities, are refused. What is handed on is packed anew, so that no reader further in meets the stranger's archive, and
nothing is kept that stood between its parts. Stops at parts: styles and pages are for `forms_template`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lexheller.action_reports.forms_template_texts import Fuller, PartReader
from lexheller.core.packed import pieces_of

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 40_000_000
LARGEST_XML = 10_000_000
"""Bytes of all parts that are XML together. An honest template has less than a million."""
MOST_PARTS = 3_000

_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_TYPES = "[Content_Types].xml"
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_MUST_BE_XML = (".xml", ".rels")
_ENTRY, _ARCHIVE = b"PK\x01\x02", b"PK\x03\x04"
_BEGAN = (1980, 1, 1, 0, 0, 0)
_LEADS_ELSEWHERE = re.compile(r"^[/\\]|\\|\x00|:|(?:^|/)\.\.(?:/|$)")
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class TemplateFault(StrEnum):
    """Why a template cannot be used."""

    BROKEN = "broken"
    MACROS = "macros"
    TOO_LARGE = "too_large"


class UnusableTemplateError(ValueError):
    """`fault` says why, for whoever put the template there."""

    def __init__(self, fault: TemplateFault) -> None:
        super().__init__(f"the Word template cannot be used: {fault}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Parts:
    """`package` is a Word document; the same template gives the same bytes. `readable`: names of the parts that are
    XML. `texts`: what is written in the template, visible or not, where there are figures enough for a number.
    """

    package: bytes
    readable: frozenset[str]
    texts: Sequence[str]


def take_apart(template: bytes) -> Parts:
    """Raises UnusableTemplateError."""
    if len(template) > LARGEST_FILE or template.count(_ENTRY) > MOST_PARTS:
        raise UnusableTemplateError(TemplateFault.TOO_LARGE)
    try:
        return _Taking().take(template)
    except UnusableTemplateError:
        raise
    except Fuller as problem:
        raise UnusableTemplateError(TemplateFault.TOO_LARGE) from problem
    except Exception as problem:  # whatever a broken file makes the readers of zip and XML say
        raise UnusableTemplateError(TemplateFault.BROKEN) from problem


class _Taking:
    """Of one template, and of the workbooks that lie in it behind its charts."""

    def __init__(self) -> None:
        self._left, self._left_of_xml = LARGEST_UNPACKED, LARGEST_XML
        self._reader = PartReader()

    def take(self, template: bytes) -> Parts:
        made, readable = io.BytesIO(), set[str]()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self._parts(template):
                if name == _TYPES:
                    content = _as_document(content)
                if self._is_read(name, content):
                    readable.add(name)
                elif content.startswith(_ARCHIVE):
                    self._look_into(content)
                package.writestr(_stamped(name), content)
        return Parts(made.getvalue(), frozenset(readable), tuple(self._reader.texts))

    def _look_into(self, content: bytes) -> None:
        for name, part in self._parts(content):
            if not self._is_read(name, part) and part.startswith(_ARCHIVE):
                raise ValueError("an archive in an archive in a template")

    def _parts(self, content: bytes) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check(entries)
            if sum(entry.file_size for entry in entries) > self._left:
                raise UnusableTemplateError(TemplateFault.TOO_LARGE)
            for entry in entries:
                if not entry.is_dir():
                    yield entry.filename, self._unpacked(archive, entry)

    def _unpacked(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        pieces = []
        for piece in pieces_of(archive, entry):
            self._left -= len(piece)
            if self._left < 0:
                raise UnusableTemplateError(TemplateFault.TOO_LARGE)
            pieces.append(piece)
        return b"".join(pieces)

    def _is_read(self, name: str, content: bytes) -> bool:
        """Whether it is XML, with its texts noted either way. Raises ValueError where it should be and is not."""
        self._reader.note(name)
        if self._reader.walk(content, self._left_of_xml):
            self._left_of_xml -= len(content)
            return True
        if name.lower().endswith(_MUST_BE_XML):
            raise ValueError("not XML")
        self._reader.note_bytes(content)
        return False


def _check(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Before anything is unpacked."""
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS:
        raise UnusableTemplateError(TemplateFault.TOO_LARGE)
    if any(name.lower().rsplit("/", 1)[-1] in _MACRO_PARTS for name in names):
        raise UnusableTemplateError(TemplateFault.MACROS)
    if len({name.lower() for name in names}) != len(names) or any(map(_LEADS_ELSEWHERE.search, names)):
        raise ValueError("parts that hide others, or lead elsewhere")
    if any(entry.compress_type not in _WAYS or entry.flag_bits & 0x1 for entry in entries):
        raise ValueError("packed in another way, or locked")


def _as_document(types: bytes) -> bytes:
    """A template's main type is all that tells it from a document."""
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise UnusableTemplateError(TemplateFault.MACROS)
    return types.replace(_TEMPLATE, _MAIN)


def _stamped(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _BEGAN)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
