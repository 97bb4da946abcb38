"""What is written in the parts of an office file, whoever was meant to read it: texts, attributes, comments, names.

A paragraph is one text, however many runs it is cut into. The walk is bounded and refuses document types; only what has
figures enough for an identity number is kept. Stops at texts: what is in them is for the scanner to say.
"""

from __future__ import annotations

import re
from xml.parsers import expat

MOST_ELEMENTS = 300_000
MOST_TEXT = 200_000
"""Characters of all texts with figures together."""

_PIECE = 1 << 16
_LARGEST_TOKEN = 1 << 18
"""Bytes of one tag or comment."""
_FEWEST_FIGURES = 7
_PARAGRAPHS = frozenset(("p", "si", "is"))
_BETWEEN = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_DIVIDED = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9]{2})?[0-9]{6}[-+][0-9]{4}(?![0-9A-Za-z])")


class Fuller(ValueError):
    """There is more in it than in any honest file."""


class PartReader:
    """Walks one part after the other, and counts over all of them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._elements = self._characters = 0
        self._paragraphs = 0
        self._text: list[str] = []

    def walk(self, content: bytes, most: int) -> bool:
        """Whether the part is XML from beginning to end, of at most so many bytes; else raises Fuller, and ValueError
        for a document type and what no honest file has.
        """
        self._paragraphs = 0
        self._text = []
        parser = self._parser()
        try:
            for start in range(0, len(content), _PIECE):
                parser.Parse(content[start : start + _PIECE])
                if start > most:
                    raise Fuller("bytes")
                if start - parser.CurrentByteIndex > _LARGEST_TOKEN:
                    raise ValueError("a tag without end")
            parser.Parse(b"", True)
        except expat.ExpatError:
            return False
        return True

    def note(self, text: str) -> None:
        """Keep a text that may hold a number."""
        if sum(map(str.isdigit, text)) < _FEWEST_FIGURES:
            return
        self._characters += len(text)
        if self._characters > MOST_TEXT:
            raise Fuller("text")
        self.texts.append(text)

    def note_bytes(self, content: bytes) -> None:
        """From what is no XML: pictures tell who took them. Only divided numbers, since all else is chance there."""
        for reading in (content, content.translate(None, b"\0")):
            for found in _DIVIDED.findall(reading):
                self.note(found.decode("ascii"))

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text_comes
        parser.CommentHandler = self.note
        parser.ProcessingInstructionHandler = lambda target, data: self.note(f"{target} {data}")
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def _doctype(self, *_: object) -> None:
        raise ValueError("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise Fuller("elements")
        local = name.rpartition(" ")[2]
        if local in _PARAGRAPHS:
            self._end_text()
            self._paragraphs += 1
        elif not self._paragraphs:
            self._end_text()
        elif local in _BETWEEN:
            self._text.append(_BETWEEN[local])
        for attribute, value in attributes.items():
            if not _is_made_by_machine(attribute.rpartition(" ")[2]):
                self.note(value)

    def _end(self, name: str) -> None:
        is_paragraph = name.rpartition(" ")[2] in _PARAGRAPHS
        if is_paragraph or not self._paragraphs:
            self._end_text()
        self._paragraphs -= is_paragraph

    def _text_comes(self, text: str) -> None:
        self._text.append(text)

    def _end_text(self) -> None:
        if self._text:
            self.note("".join(self._text))
            self._text = []


def _is_made_by_machine(attribute: str) -> bool:
    """Ids are drawn by lot, and some of them look like a number of somebody's."""
    return attribute.lower().endswith("id") or attribute.startswith("rsid")
