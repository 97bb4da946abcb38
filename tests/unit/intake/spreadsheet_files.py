"""Builds the spreadsheets the tests read: ordinary ones with openpyxl, hostile ones part by part."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from lexheller.intake.spreadsheet.limits import DEFAULT_LIMITS, Limits
from lexheller.intake.spreadsheet.reading import Sheet, read_sheet

TODAY = date(2025, 1, 15)
IDENTITY = "19850709-9805"
HEADER = ["Dnr", "Datum", "Kommun", "Berörd organisation", "Vad hände"]
ROW = ["2024:11 / 1", "2024-01-17", "Habo", "Försäkringskassan", "Mötet ställdes in."]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def stops(text: str) -> bool:
    """A crude stand-in for the scanner: ten or twelve digits that begin like a date."""
    return any(
        1 <= int(month) <= 12 and (1 <= int(day) <= 31 or 61 <= int(day) <= 91)
        for month, day in re.findall(r"(?<!\d)(?:19|20)?\d\d(\d\d)(\d\d)[-+ ]?\d{4}(?!\d)", text)
    )


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    return read_sheet(path, today=TODAY, contains_stop=stops, limits=limits)


def workbook(path: Path, *sheets: Iterable[Sequence[Any]]) -> Path:
    """An XLSX with one sheet for each argument."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def csv_file(path: Path, rows: Iterable[Sequence[str]], separator: str = ";", encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    return path


def row_xml(number: int, values: Sequence[str]) -> str:
    cells = (
        f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for column, value in enumerate(values)
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def sheet_xml(rows: str, before: str = "", after: str = "", doctype: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet xmlns="{_MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parts(sheet: str | bytes, **others: str | bytes) -> dict[str, str | bytes]:
    """The least set of parts that a workbook needs; `strings` and `styles` replace those parts."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": others.get("styles", styles_xml(1)),
        "xl/sharedStrings.xml": others.get("strings", f'<sst xmlns="{_MAIN}"/>'),
        "xl/worksheets/sheet1.xml": sheet,
    }


def strings_xml(strings: str, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}<sst xmlns="{_MAIN}">{strings}</sst>'


def styles_xml(count: int) -> str:
    xfs = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * count
    return f'<styleSheet xmlns="{_MAIN}"><cellXfs>{xfs}</cellXfs></styleSheet>'


def archive(content: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for name, data in content.items():
            target.writestr(name, data)
    return out.getvalue()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
