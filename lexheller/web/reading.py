"""Reading what a browser sent. Bytes in another encoding become the replacement sign, which forms refuse in words.

Werkzeug would keep such bytes as percent signs and figures, and the text would be stored as nobody wrote it.
"""

from __future__ import annotations

from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

FORM = "application/x-www-form-urlencoded"

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


class FormReader(FormDataParser):
    """As Werkzeug's, with the same limits; too many fields and too large a body are refused with 413."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Parsed:
        if mimetype != FORM:
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read()
        if self.max_form_memory_size is not None and len(body) > self.max_form_memory_size:
            raise RequestEntityTooLarge
        text = body.decode("utf-8", "replace")
        try:
            fields = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=self.max_form_parts)
        except ValueError:
            raise RequestEntityTooLarge from None
        return stream, MultiDict(fields), MultiDict()


class ReadableRequest(Request):
    form_data_parser_class = FormReader
