"""Files that burst, lie or lead astray, at every door that takes one: the Word template, the import and the restore.

Each is refused in Swedish, in little memory, and leaves nothing behind; the template in use stays. What single readers
make of more kinds of them stands in the unit tests of the spreadsheet and of the Word report.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document as open_word
from sqlalchemy import Column, Integer, LargeBinary, String

from lexheller.backup import archive
from lexheller.backup.restoring import DOES_NOT_FIT
from lexheller.backup.rows import values
from lexheller.cli.main import group
from tests.attack.found_forms import forms_of
from tests.attack.standing import Standing
from tests.cast.databases import SECRET
from tests.cast.people import HOME

MEGABYTE = 1_000_000
LITTLE = 150 * MEGABYTE
STATUS, MARKS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
TEMPLATE = f"/atgardsrapport/{HOME}/installningar/wordmall"
OLD_NAME = "den-gamla.docx"
BROKEN, TOO_LARGE, MACROS = "går inte att använda som Wordmall", "för stor för en mall", "har makron"
ENTRY = b"PK\x01\x02"
TYPES, HEADER, BODY = "[Content_Types].xml", "word/header1.xml", "word/document.xml"
IMAGE = "word/media/image1.png"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
FETCHED = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"


@contextmanager
def little_memory() -> Iterator[None]:
    """The process grows by little, also in what other languages than Python allocate; Linux keeps the highest mark."""
    MARKS.write_text("5")
    before = memory("VmRSS")
    yield
    assert memory("VmHWM") - before < LITTLE


def memory(kind: str) -> int:
    told = re.search(rf"{kind}:\s+(\d+) kB", STATUS.read_text())
    assert told is not None
    return int(told[1]) * 1024


@pytest.fixture
def attacked(place: Standing) -> Iterator[Standing]:
    yield place
    place.put_back()


def left_in(folder: Path) -> list[str]:
    """What lies there, but for the database and what SQLite keeps beside it."""
    return sorted(str(path) for path in folder.rglob("*") if ".sqlite" not in path.name)


# The Word template


def word() -> bytes:
    document, made = open_word(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "Förbundets brevhuvud"
    document.save(made)
    return made.getvalue()


def remade(
    change: Callable[[str, bytes], bytes] = lambda _, part: part, how: int = zipfile.ZIP_DEFLATED, **more: bytes
):
    """The template with parts changed, and more of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(made, "w", how) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name, part)
    return made.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return remade(**{name: content})


def inside(name: str, before: str = "", within: str = "", after: str = "") -> bytes:
    """Something in front of the root of a part, just within it, or at its end."""

    def change(called: str, part: bytes) -> bytes:
        if called != name:
            return part
        text = part.decode("utf-8")
        head, mark, rest = text.partition("?>")
        tag, end, content = rest.partition(">")
        begins, closing, ends = f"{tag}{end}{within}{content}".rpartition("</")
        return f"{head}{mark}{before}{begins}{after}{closing}{ends}".encode()

    return remade(change)


def in_another_encoding() -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != HEADER:
            return part
        text = part.decode("utf-8").partition("?>")[2]
        return f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}{text}'.encode("utf-16")

    return remade(change)


def header_called_a_picture(encoding: str) -> bytes:
    """The content types alone say what a part is; the name says picture, and expat does not know the encoding."""

    def change(name: str, part: bytes) -> bytes:
        if name == TYPES:
            wanted = f'<Override PartName="/{HEADER}" ContentType="{HEADER_TYPE}"/>'.encode()
            assert wanted in part
            return part.replace(b"/" + HEADER.encode(), b"/word/header1.png")
        if name == "word/_rels/document.xml.rels":
            return part.replace(b"header1.xml", b"header1.png")
        return part

    with zipfile.ZipFile(io.BytesIO(word())) as file:
        text = file.read(HEADER).decode("utf-8").partition("?>")[2]
    hidden = f'<?xml version="1.0" encoding="{encoding}"?>{LAUGHS}{text}'.encode(encoding)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(remade(change))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("header1.xml", "header1.png"), hidden if name == HEADER else old.read(name))
    return made.getvalue()


def lying(content: bytes, name: str, claimed: int, *, right_sum_of: bytes | None = None) -> bytes:
    """The directory claims another size of a part; with the check sum of what lies within that size."""
    data, at = bytearray(content), 0
    while (at := data.index(ENTRY, at)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name.encode():
            struct.pack_into("<I", data, at + 24, claimed)
            if right_sum_of is not None:
                struct.pack_into("<I", data, at + 16, zlib.crc32(right_sum_of[:claimed]))
            return bytes(data)
        at += 4
    raise LookupError(name)


def hidden_behind_a_claim(name: str) -> bytes:
    """300 MB that claim to be ten bytes, whose sum is right."""
    hidden = b"<x>" + b" " * 300 * MEGABYTE
    whole = remade(lambda called, part: hidden if called == name else part, **({} if name == TYPES else {name: hidden}))
    return lying(whole, name, 10, right_sum_of=hidden)


def twice() -> bytes:
    made = io.BytesIO(word())
    with zipfile.ZipFile(made, "a") as file, pytest.warns(UserWarning):
        file.writestr(BODY, b"<x/>")
    return made.getvalue()


def zipped(content: bytes, times: int) -> bytes:
    for _ in range(times):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("inner.zip", content)
        content = made.getvalue()
    return content


def locked() -> bytes:
    data = bytearray(word())
    for signature, offset in ((b"PK\x03\x04", 6), (ENTRY, 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


DEEP = "<w:p>" * 50_000 + "</w:p>" * 50_000
TEMPLATES: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros in a picture": (lambda: with_part(IMAGE, bytes(90 * MEGABYTE)), TOO_LARGE),
    "zeros in many pictures": (
        lambda: remade(**{f"word/media/i{n}.png": bytes(MEGABYTE) for n in range(60)}),
        TOO_LARGE,
    ),
    "spaces in a part of XML": (lambda: with_part("word/x.xml", b"<x>" + b" " * 30 * MEGABYTE + b"</x>"), TOO_LARGE),
    "more than claimed in a picture": (lambda: hidden_behind_a_claim(IMAGE), BROKEN),
    "more than claimed in the types": (lambda: hidden_behind_a_claim(TYPES), BROKEN),
    "less than claimed": (lambda: lying(word(), BODY, 3_000 * MEGABYTE), TOO_LARGE),
    "thousands of parts": (lambda: remade(**{f"word/x{n}.bin": b"" for n in range(3_100)}), TOO_LARGE),
    "a directory without end": (lambda: word() + ENTRY * 90_000, TOO_LARGE),
    "laughs in the header": (lambda: inside(HEADER, LAUGHS, after="<w:p><w:r><w:t>&c;</w:t></w:r></w:p>"), BROKEN),
    "laughs in the body": (lambda: inside(BODY, LAUGHS), BROKEN),
    "laughs in UTF-16": (in_another_encoding, BROKEN),
    "laughs in what is called a picture": (lambda: header_called_a_picture("utf-8"), BROKEN),
    "laughs that one reader alone can read": (lambda: header_called_a_picture("utf-32"), BROKEN),
    "a file of this machine": (lambda: inside(HEADER, FETCHED, after="<w:p><w:r><w:t>&a;</w:t></w:r></w:p>"), BROKEN),
    "a document type from elsewhere": (lambda: inside(HEADER, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">'), BROKEN),
    "quadratic": (
        lambda: inside(HEADER, f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>', after=f"<w:t>{'&a;' * 50_000}</w:t>"),
        BROKEN,
    ),
    "an entity that nobody declared": (lambda: inside(HEADER, after="<w:t>&a;</w:t>"), BROKEN),
    "nested deeply": (lambda: inside(HEADER, after=DEEP), BROKEN),
    "a million elements": (lambda: inside(HEADER, after="<w:p/>" * MEGABYTE), TOO_LARGE),
    "a tag without end": (lambda: inside(HEADER, after=f'<w:p a="{"x" * 5 * MEGABYTE}"/>'), BROKEN),
    "a comment without end": (lambda: inside(HEADER, after=f"<!--{'x' * 5 * MEGABYTE}-->"), BROKEN),
    "figures without end": (lambda: inside(HEADER, after=f"<w:t>{'1 ' * 500_000}</w:t>"), TOO_LARGE),
    "up and out": (lambda: with_part("word/../../../../tmp/evil.xml", b"<x/>"), BROKEN),
    "from the root": (lambda: with_part("/tmp/evil.xml", b"<x/>"), BROKEN),
    "from another drive": (lambda: with_part("C:\\evil.xml", b"<x/>"), BROKEN),
    "a part that is not what it is called": (lambda: with_part("word/x.xml", b"<x>"), BROKEN),
    "the body twice": (twice, BROKEN),
    "the body twice in other letters": (lambda: with_part("Word/Document.xml", b"<x/>"), BROKEN),
    "zips in zips": (lambda: with_part("word/embeddings/a.xlsx", zipped(b"x", 3)), BROKEN),
    "zeros in a workbook in it": (
        lambda: with_part("word/embeddings/a.xlsx", zipped(bytes(90 * MEGABYTE), 1)),
        TOO_LARGE,
    ),
    "packed in another way": (lambda: remade(how=zipfile.ZIP_LZMA), BROKEN),
    "locked": (locked, BROKEN),
    "macros in other letters": (lambda: with_part("word/VBAPROJECT.bin", b"x"), MACROS),
}


@pytest.fixture
def send(attacked: Standing) -> Callable[[bytes, str], tuple[int, str]]:
    """A file to the page of the template, as a browser does: the status, and the page that answers."""
    door = next(found for found in attacked.doors if found.path == TEMPLATE and found.form.method == "post")
    field = next(control.name for control in door.form.controls if control.kind == "file")
    client, now = attacked.clients[door.person], [door.form]

    def sent(content: bytes, name: str) -> tuple[int, str]:
        values: dict[str, object] = {**dict(now[0].values()), field: (io.BytesIO(content), name)}
        answer = client.post(door.path, data=values, content_type="multipart/form-data", follow_redirects=True)
        now[0] = next(found for found in forms_of(answer.text) if found.action == door.form.action)
        return answer.status_code, answer.text

    return sent


def test_p22_a_template_that_bursts_or_lies_is_refused_and_the_old_one_stays(attacked: Standing, send) -> None:
    assert send(word(), OLD_NAME)[0] == 200
    rows, there = attacked.rows(), left_in(attacked.folder)
    for name, (make, words) in TEMPLATES.items():
        content = make()
        assert len(content) < 4 * MEGABYTE, f"{name}: refused by its size alone"
        with little_memory():
            status, text = send(content, "ny.docx")
        assert (status, words in text, OLD_NAME in text) == (422, True, True), name
        assert attacked.rows() == rows, name
        assert left_in(attacked.folder) == there, name
    assert not Path(tempfile.gettempdir(), "evil.xml").exists()


def test_a_picture_that_claims_to_be_endless_is_never_opened(attacked: Standing, send) -> None:
    """It is passed on as it is: whoever prints the report opens it, not the server."""
    size = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + size
    endless = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with little_memory():
        status, text = send(with_part(IMAGE, endless), "bild.docx")
    assert (status, "bild.docx" in text) == (200, True)


# The import


def run(place: Standing, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> Result:
    """The command, on the installation that is attacked."""
    monkeypatch.setenv("LEXHELLER_DATA", str(place.folder))
    monkeypatch.setenv("LEXHELLER_SECRET_KEY", SECRET)
    monkeypatch.delenv("LEXHELLER_DATABASE_URL", raising=False)
    done = CliRunner().invoke(group, [*map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LINE = '<row r="{}"><c t="inlineStr"><is><t>{}</t></is></c><c t="inlineStr"><is><t>{}</t></is></c></row>'
HEADING, FILLED = LINE.format(1, "Datum", "Vad hände"), LINE.format(2, "2024-01-17", "Mötet ställdes in.")


def workbook(rows: str = HEADING + FILLED, *, before: str = "", sheets: int = 1, **more: str | bytes) -> bytes:
    numbers = range(1, sheets + 1)
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>' + "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(f'<sheet name="Blad{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    sheet = f'<?xml version="1.0"?>{before}<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    parts: dict[str, str | bytes] = {
        TYPES: f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": sheet for n in numbers},
        **more,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def sheet_behind_a_claim() -> bytes:
    """The list of parts, 300 MB of it, that claims to be as short as it was; the library reads it in one go."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as file:
        honest = file.read("xl/workbook.xml")
    hidden = honest + b" " * 300 * MEGABYTE
    return lying(workbook(**{"xl/workbook.xml": hidden}), "xl/workbook.xml", len(honest), right_sum_of=hidden)


BOMB, DAMAGED, LARGE = "packar upp till mer än", "Filen är skadad", "Filen är för stor"
MANY_ROWS, MANY_COLUMNS = "för många rader", "för många kolumner"
SHEETS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros in a picture": (lambda: workbook(**{"xl/media/a.png": bytes(110 * MEGABYTE)}), BOMB),
    "more than claimed": (sheet_behind_a_claim, DAMAGED),
    "laughs": (lambda: workbook(before=LAUGHS), DAMAGED),
    "a file of this machine": (lambda: workbook(before=FETCHED), DAMAGED),
    "nested deeply": (lambda: workbook(HEADING + "<x>" * 50_000 + "</x>" * 50_000), DAMAGED),
    "a million rows": (lambda: workbook(HEADING + "<row><c><v>1</v></c></row>" * 200_000), MANY_ROWS),
    "a wide row": (lambda: workbook(HEADING + f"<row>{'<c><v>1</v></c>' * 16_000}</row>"), MANY_COLUMNS),
    "a huge cell": (lambda: workbook(HEADING + LINE.format(2, "2024-01-17", "x" * 2 * MEGABYTE)), LARGE),
    "hundreds of sheets": (lambda: workbook(sheets=150), LARGE),
    "thousands of parts": (lambda: workbook(**{f"x{n}": "" for n in range(2_100)}), BOMB),
    "more rows than there are": (lambda: b"Datum;Vad h\xc3\xa4nde\n" + b"2024-01-02;x\n" * 500_000, MANY_ROWS),
    "one line": (lambda: b"a;" * 5 * MEGABYTE, DAMAGED),
    "a quote that stays open": (lambda: b'Datum;Kommun;Dnr\n"' + b"a\n" * 2 * MEGABYTE, DAMAGED),
    "a wide line": (lambda: b"Datum;Kommun;Dnr\n" + b";" * 300 + b"x\n", MANY_COLUMNS),
    "a file too large": (lambda: b"Datum;Kommun;Dnr\n" + b"x" * 20 * MEGABYTE, LARGE),
}


def test_p22_a_spreadsheet_that_bursts_or_lies_is_refused_and_nothing_is_stored(
    attacked: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = left_in(attacked.folder)
    for name, (make, words) in SHEETS.items():
        path = tmp_path / "blad.xlsx"
        path.write_bytes(make())
        with little_memory():
            done = run(attacked, monkeypatch, "import", path, "--federation", HOME)
        assert (done.exit_code, words in done.stderr, done.stdout) == (1, True, ""), (name, done.output)
        assert not attacked.changed(), name
        assert left_in(attacked.folder) == there, name


def test_names_that_lead_out_of_a_workbook_lead_nowhere(
    attacked: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is unpacked to a folder, so the rows come in and nothing else does."""
    path, there = tmp_path / "blad.xlsx", left_in(attacked.folder)
    path.write_bytes(workbook(**{"../../../../evil.xml": "<x/>", "/evil.xml": "<x/>"}))
    done = run(attacked, monkeypatch, "import", path, "--federation", HOME)
    assert (done.exit_code, "1 sparade" in done.stdout) == (0, True), done.output
    assert left_in(attacked.folder) == there
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["blad.xlsx"]


# The restore


def tar(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    """Members as they are told, whatever they claim, and the sum that makes the archive whole."""
    made = b"".join(
        info.tobuf(form, tarfile.ENCODING, "surrogateescape") + content + bytes(-len(content) % 512)
        for info, content in members
    )
    return made + archive._tail(hashlib.sha256(made).hexdigest())


def member(name: str, content: bytes = b"", **told: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    for key, value in told.items():
        setattr(info, key, value)
    return info, content


def sparse() -> bytes:
    """A hole of a terabyte, in the old GNU way: how much is stored, and how large it is when read."""
    info, _ = member("manifest.json", type=tarfile.GNUTYPE_SPARSE)
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386 : 386 + 12], header[386 + 12 : 386 + 24] = b"%011o\0" % 0, b"%011o\0" % 0
    header[483 : 483 + 12] = b"\x80" + (10**12).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    made = bytes(header)
    return made + archive._tail(hashlib.sha256(made).hexdigest())


MANIFEST = "manifest.json"
NOT_OURS, NO_MANIFEST = "Filen är skadad, avklippt eller ingen säkerhetskopia", "Innehållsförteckningen"
TRAVERSAL = (
    b'{"format": 1, "product": "lexheller", "version": "1", "revision": "1", "database": "sqlite", "made_at": "1", '
    b'"tables": {}, "heads": [], "editions": [], "files": {"\\u001b]0;x": "0", "../../../evil": "0"}}'
)
BACKUPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip": (word, NOT_OURS),
    "a link to itself": (lambda: tar(member(MANIFEST, type=tarfile.SYMTYPE, linkname=MANIFEST)), NOT_OURS),
    "a link out": (lambda: tar(member(MANIFEST, type=tarfile.SYMTYPE, linkname="/etc/passwd")), NOT_OURS),
    "a hard link": (lambda: tar(member(MANIFEST, type=tarfile.LNKTYPE, linkname="/etc/passwd")), NOT_OURS),
    "a pipe": (lambda: tar(member(MANIFEST, type=tarfile.FIFOTYPE)), NOT_OURS),
    "a terabyte of holes": (sparse, NOT_OURS),
    "a member larger than the file": (lambda: tar(member(MANIFEST, b"{}", size=10**12)), NOT_OURS),
    "a size below nothing": (lambda: tar(member(MANIFEST, b"{}", size=-1024)), NOT_OURS),
    "headers in another way": (lambda: tar(member("å" * 200, b"x" * 512), form=tarfile.PAX_FORMAT), NOT_OURS),
    "the manifest twice": (lambda: tar(member(MANIFEST, b"{}"), member(MANIFEST, b"{}")), NOT_OURS),
    "more members than there are days": (lambda: tar(*(member(f"x{n}") for n in range(1_001))), NOT_OURS),
    "no manifest": (lambda: tar(member("x", b"x")), NO_MANIFEST),
    "a manifest without end": (lambda: tar(member(MANIFEST, b" " * 40 * MEGABYTE)), NO_MANIFEST),
    "a manifest nested deeply": (lambda: tar(member(MANIFEST, b"[" * MEGABYTE)), NO_MANIFEST),
    "names that lead out": (lambda: tar(member(MANIFEST, TRAVERSAL)), NO_MANIFEST),
}


def test_p34_an_archive_that_bursts_or_lies_restores_nothing(
    attacked: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1_000)
    path, there = tmp_path / "kopia.tar", left_in(attacked.folder)
    for name, (make, words) in BACKUPS.items():
        path.write_bytes(make())
        with little_memory():
            done = run(attacked, monkeypatch, "restore", path)
        assert (done.exit_code, words in done.stderr, done.stdout) == (1, True, ""), (name, done.output)
        assert "Inget är ändrat." in done.stderr and "\x1b" not in done.output, name
        assert not attacked.changed(), name
        assert left_in(attacked.folder) == there, name
        assert sorted(found.name for found in tmp_path.rglob("*")) == ["kopia.tar"]


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"{}", b"null", b"[1]", b'[1, "a", "b", "c"]', b"[" * 500_000, b'[[1], "a", "YQ=="]', b"[1, {}, null]"),
        *(b'[1, "a", "***"]', b'[1, "a", 7]', b"[" + b"9" * 5_000 + b', "a", null]', b'["\xff", "a", null]'),
    ],
)
def test_p34_a_row_that_is_none_is_told_from_one(line: bytes) -> None:
    """All of these restore nothing, in words; which of them the database would choke on is not found out there."""
    read = values([Column("id", Integer), Column("name", String), Column("content", LargeBinary)])
    with pytest.raises(DOES_NOT_FIT):
        read(line)
