"""Tables as CSV files for Swedish spreadsheets, of which no cell starts a formula (P27). Knows no table of ours."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = b"\xef\xbb\xbf"
MEDIA_TYPE = "text/csv; charset=utf-8"


def cell(value: str | int | None) -> str:
    """A whole number as it stands; a text that a spreadsheet would reckon with gets an apostrophe before it."""
    if isinstance(value, int):
        return str(value)
    text = "".join(sign for sign in value or "" if sign in "\t\r\n" or sign >= " ")
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(STARTS_A_FORMULA) else text


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The whole file."""
    return MARK + lines_of([headings, *rows])


def lines_of(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """With semicolons, as Swedish spreadsheets want them; a file begins with MARK."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=";", lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return made.getvalue().encode()


def attached(content: bytes, name: str) -> Response:
    """`name` without an ending; letters, digits and hyphens alone."""
    return Response(
        content, content_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.csv"'}
    )
