"""Identity numbers planted beside the forms' text fields: in spreadsheets and templates, in what commands are told, in
hidden fields, addresses and headers, and in what an identity provider says. Afterwards none is anywhere (P23).

Looked in: every column of every table, and inside the files that stand there; the log, what the commands say, the
doorbells, the keys of rate limits, the mail folder, temporary files, cookies, and where visitors were sent on to.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from docx import Document as open_word
from docx.oxml.parser import OxmlElement
from limits.storage import MemoryStorage
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from lexheller.accounts.single_sign_on_rules import HowToRead, read
from lexheller.cli.main import group
from lexheller.core import doorbell
from lexheller.demo.data import PASSWORD, address
from lexheller.intake.spreadsheet.header_words import CANONICAL
from lexheller.web.limits import STORAGE
from tests.attack.corpora import identity_numbers, spelt
from tests.attack.found_forms import BUTTONS, Control, forms_of
from tests.attack.sizes import Size
from tests.attack.standing import Door, Standing
from tests.attack.test_planted_numbers import BETWEEN, where_shown
from tests.cast.databases import SECRET
from tests.cast.people import HOME

NUMBER = re.compile(r"(?=(\d{10}))")
TEMPLATE = f"/atgardsrapport/{HOME}/installningar/wordmall"
COLUMNS = (*CANONICAL.values(), "Anteckning", "")
CLEAN = {"Datum": "2024-03-04", "Vad hände": "Två intyg begärdes.", "Kommun": "Habo"}
HEADERS = ("User-Agent", "Referer", "X-Request-Id", "X-Forwarded-For", "X-Real-IP", "Accept-Language", "From", "Origin")
ARGUMENTS = (
    "q",
    "nummer",
    "number",
    "after",
    "from",
    "first",
    "status",
    "ar",
    "year",
    "next",
    "grupp",
    "fault",
    "case",
)
TOKENS = ("/svar/{}", "/nytt-losenord/{}", "/arenden/{}", "/publikt/{}", "/kvitto/{}", "/{}")


def numbers_in(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).replace("\\u200b", "").replace("\\u2013", "")
    return set(NUMBER.findall(BETWEEN.sub("", plain)))


def texts_of(content: bytes) -> Iterator[str]:
    """As text, and where it is an archive, what stands in it and what its parts are called."""
    yield content.decode("utf-8", "replace")
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for entry in file.infolist():
                yield entry.filename
                yield from texts_of(file.read(entry))


class Watched:
    """An installation, and all that leaves it while it is attacked beside its rows and files."""

    def __init__(self, place: Standing, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.said: list[str] = []
        self._printed = printed
        monkeypatch.setitem(place.app.extensions, doorbell.EXTENSION, self)
        monkeypatch.setitem(place.app.extensions, STORAGE, Noted(self.said))
        printed()

    def ring(self, name: str, job_id: int) -> None:
        self.said.append(f"{name} {job_id!r}")

    def left(self, numbers: Iterable[str]) -> set[str]:
        """Where any of the numbers is, by table and column or file. The log is read to its end."""
        sought, found = set(numbers), set()
        for table, column, value in self.place.stored():
            texts = texts_of(value) if isinstance(value, bytes) else [str(value)]
            if any(numbers_in(text) & sought for text in texts):
                found.add(f"{table}.{column}")
        for path in self.place.folder.rglob("*"):
            if path.is_file() and ".sqlite" not in path.name:
                texts = [path.name, *texts_of(path.read_bytes())]
                found |= {f"file {path.name}" for text in texts if numbers_in(text) & sought}
        if any(numbers_in(text) & sought for text in (*self.said, self._printed())):
            found.add("said")
        return found


class Noted(MemoryStorage):
    """Where every attempt is the first, and every key is told."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self._told.append(key)
        return 0


@pytest.fixture
def watched(place: Standing, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    yield Watched(place, printed, monkeypatch)
    place.put_back()


@pytest.fixture
def command(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs one on the installation: its exit code, and what it said."""
    monkeypatch.setenv("LEXHELLER_DATA", str(watched.place.folder))
    monkeypatch.setenv("LEXHELLER_SECRET_KEY", SECRET)
    monkeypatch.delenv("LEXHELLER_DATABASE_URL", raising=False)

    def run(*words: str | Path) -> tuple[int, str]:
        done = CliRunner().invoke(group, [*map(str, words)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        watched.said.append(done.output)
        return done.exit_code, done.output

    return run


# Spreadsheets


def cell_with(number: str, turn: int, column: str) -> str | int:
    """As people put it in a cell: in a sentence, by itself, as a figure, in a formula, or for a diary number."""
    written = spelt(number, turn)
    if column == "Dnr" and turn % 2:
        return f"Dnr {written}"
    return (f"Vi talade om {written} i tisdags.", written, int(number), f'="{written}"')[turn // 8 % 4]


def planted_rows(numbers: list[str]) -> Iterator[list[str | int]]:
    """A row for each number, in one column after the other; every tenth row has none."""
    for turn, (number, column) in enumerate(zip(numbers, cycle(COLUMNS), strict=False)):
        if turn % 10 == 0:
            yield [CLEAN.get(name, "") if name != "Vad hände" else f"Intyg {turn} begärdes." for name in COLUMNS]
        cell = cell_with(number, turn + turn // len(COLUMNS), column)
        yield [cell if name == column else CLEAN.get(name, "") for name in COLUMNS]


def as_csv(path: Path, numbers: list[str]) -> Path:
    lines = [";".join(COLUMNS), *(";".join(map(str, row)) for row in planted_rows(numbers))]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    return path


def as_workbook(path: Path, numbers: list[str]) -> Path:
    """Numbers in the cells, and one in every other place where a workbook holds words."""
    *others, last = numbers[-12:]
    (title, header, sheet_name, hidden, author, keywords, comment, custom, defined, below, link) = others
    book = Workbook()
    sheet = book.active
    sheet.title = f"Blad {spelt(sheet_name, 0)}"
    sheet.append([f"Lista för {spelt(title, 0)}"])
    sheet.append([*COLUMNS[:-1], f"Om {spelt(header, 0)}"])
    for row in planted_rows(numbers[:-12]):
        sheet.append(row)
    sheet.append([*COLUMNS[:-1], f"Notering {spelt(below, 0)}"])
    sheet["A3"].comment = Comment(f"Det här är {spelt(comment, 0)}", spelt(last, 0))
    sheet["B3"].hyperlink = f"https://habo.example/{link}"
    other = book.create_sheet("Dold")
    other.sheet_state = "hidden"
    other.append(["Datum", "Vad hände", spelt(hidden, 0)])
    book.properties.creator, book.properties.keywords = spelt(author, 0), spelt(keywords, 0)
    book.custom_doc_props.append(StringProperty(name="Person", value=spelt(custom, 0)))
    book.defined_names["Person"] = DefinedName("Person", attr_text=f'"{spelt(defined, 0)}"')
    book.save(path)
    return path


@pytest.mark.parametrize("make", [as_csv, as_workbook])
def test_p23_the_import_keeps_none_of_what_it_stops(
    watched: Watched, command, tmp_path: Path, size: Size, make: Callable[[Path, list[str]], Path]
) -> None:
    numbers = identity_numbers(size.numbers)
    path = make(tmp_path / f"Anmälningar {spelt(numbers[0], 0)}.xlsx", numbers)
    in_cells = len(numbers) - (12 if make is as_workbook else 0)
    words = ("import", path, "--federation", HOME)
    for more in (["--dry-run"], ["--json"], []):
        code, said = command(*words, *more)
        assert code == 0, said
        assert watched.left(numbers) == set()
    assert re.search(rf"\b{in_cells} stoppade", said), said[-2_000:]
    assert said.count("personnummer i texten, ta bort det") == in_cells
    assert watched.place.changed()


def test_p23_a_file_that_is_refused_whole_does_not_say_what_was_in_it(watched: Watched, command, tmp_path) -> None:
    number = identity_numbers(1)[0]
    path = tmp_path / f"{spelt(number, 0)}.csv"
    for content in (f"a;b\n{number};{spelt(number, 0)}", f"Datum;{number}", "", f'Datum;Kommun;Dnr\n"{number}'):
        path.write_text(content, encoding="utf-8")
        assert command("import", path, "--federation", HOME)[0] == 1
    path.unlink()
    assert command("import", path, "--federation", HOME)[0] == 1
    assert watched.left([number]) == set()


# Other commands


def test_p23_what_commands_are_told_is_neither_kept_nor_said_again(watched: Watched, command, tmp_path) -> None:
    out, numbers, used = tmp_path / "out", iter(identity_numbers(40)), []

    def one() -> str:
        used.append(next(numbers))
        return f"{used[-1][:6]}-{used[-1][6:]}"

    new = ("federation", "add", "--slug", "halland", "--name", "Halland")
    for words in (
        ("federation", "add", "--slug", one(), "--name", "Halland"),
        ("federation", "add", "--slug", "halland", "--name", f"Halland {one()}"),
        (*new, "--organisation", f"Enheten {one()}:insats"),
        (*new, "--organisation", f"Enheten {one()}"),
        (*new, "--municipality", f"Laholm {one()}:1381"),
        (*new, "--municipality", f"Laholm:1381:Laholms kommun {one()}"),
        (*new, "--municipality", f"Laholm {one()}"),
        (*new, "--coordinator", f"{one()}@habo.example"),
        ("account", "codes-off", f"{one()}@habo.example"),
        ("account", "shut", f"{one()}@habo.example"),
        ("account", "open", f"{one()}@habo.example"),
        ("freeze", "--federation", HOME, "--year", "2024", "--approve-as", f"{one()}@habo.example"),
        ("compile", "--federation", one(), "--year", "2024"),
        ("import", "finns-inte.csv", "--federation", one()),
        ("export-log", "--federation", one(), "--out", out),
        ("export-log", "--out", out / one() / "x"),
        ("heads", "--federation", one()),
        ("incident", "--from", one(), "--to", "2026-01-01", "--out", out),
        ("incident", "--from", "2026-01-01", "--to", "2026-01-02", "--federation", one(), "--out", out),
        ("backup", "--out", out / one() / "kopia.tar"),
        ("restore", f"{one()}.tar"),
    ):
        code, said = command(*words)
        assert code in {1, 2}, (words, said)
        assert watched.left(used) == set(), words
    assert not watched.place.changed()


# The Word template


def word(change: Callable[[object], object] = lambda _: None) -> bytes:
    document, made = open_word(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "Förbundets brevhuvud"
    change(document)
    document.save(made)
    return made.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(made, "w") as new:
        for known in old.namelist():
            new.writestr(known, old.read(known))
        new.writestr(name, content)
    return made.getvalue()


def runs(document, *texts: str) -> None:
    line = document.add_paragraph()
    for text in texts:
        line.add_run(text)


def unbroken(document, number: str) -> None:
    """As Word writes the dash at which no line ends: a sign of its own."""
    run = document.add_paragraph().add_run(number[:6])
    run._r.append(OxmlElement("w:noBreakHyphen"))
    run.add_text(number[6:])


def inner_workbook(number: str) -> bytes:
    book, made = Workbook(), io.BytesIO()
    book.active["A1"] = spelt(number, 0)
    book.save(made)
    return made.getvalue()


INSIDE: dict[str, Callable[[str], bytes]] = {
    "body": lambda n: word(lambda d: d.add_paragraph(f"Det gäller {spelt(n, 0)}.")),
    "full width": lambda n: word(lambda d: d.add_paragraph(spelt(n, 6))),
    "table": lambda n: word(lambda d: setattr(d.add_table(1, 1).cell(0, 0), "text", spelt(n, 1))),
    "runs": lambda n: word(lambda d: runs(d, n[:4], n[4:6], "-", n[6:8], n[8:])),
    "unbroken": lambda n: word(lambda d: unbroken(d, n)),
    "header": lambda n: word(lambda d: setattr(d.sections[0].header.paragraphs[0], "text", spelt(n, 3))),
    "footer": lambda n: word(lambda d: setattr(d.sections[0].footer.paragraphs[0], "text", spelt(n, 4))),
    "first page": lambda n: word(lambda d: setattr(d.sections[0].first_page_header.paragraphs[0], "text", spelt(n, 0))),
    "title": lambda n: word(lambda d: setattr(d.core_properties, "title", spelt(n, 0))),
    "author": lambda n: word(lambda d: setattr(d.core_properties, "author", spelt(n, 0))),
    "keywords": lambda n: word(lambda d: setattr(d.core_properties, "keywords", spelt(n, 2))),
    "comment": lambda n: word(lambda d: d.add_comment(d.add_paragraph("Obs").runs, spelt(n, 0), author="AB")),
    "commenter": lambda n: word(lambda d: d.add_comment(d.add_paragraph("Obs").runs, "Obs", author=spelt(n, 0))),
    "style": lambda n: word(lambda d: setattr(d.styles["Normal"], "name", f"Stil {spelt(n, 0)}")),
    "own properties": lambda n: with_part("docProps/custom.xml", f"<p><v>{spelt(n, 0)}</v></p>"),
    "alternative text": lambda n: with_part("word/header9.xml", f'<h><docPr id="1" descr="{spelt(n, 0)}"/></h>'),
    "a link": lambda n: with_part("word/_rels/x.rels", f'<R><r Target="mailto:{n[:6]}-{n[6:]}@habo.example"/></R>'),
    "a remark in XML": lambda n: with_part("word/x.xml", f"<x><!-- {spelt(n, 0)} --></x>"),
    "the name of a part": lambda n: with_part(f"word/{n[:6]}-{n[6:]}.bin", b"x"),
    "a workbook in it": lambda n: with_part("word/embeddings/x.xlsx", inner_workbook(n)),
    "a picture's own words": lambda n: with_part("word/media/x.png", b"\x89PNG tEXtAuthor\0" + spelt(n, 0).encode()),
    "something old": lambda n: with_part("word/embeddings/x.bin", b"\xd0\xcf" + spelt(n, 0).encode("utf-16-le")),
}
BETWEEN_PARTS: dict[str, Callable[[str], bytes]] = {
    "before the archive": lambda n: f"{spelt(n, 0)}\n".encode() + word(),
    "the archive's remark": lambda n: remarked(n),
}


def remarked(number: str) -> bytes:
    made = io.BytesIO(word())
    with zipfile.ZipFile(made, "a") as file:
        file.comment = spelt(number, 0).encode("utf-8")
    return made.getvalue()


def upload(place: Standing, content: bytes, name: str) -> tuple[int, str]:
    """As the page's form sends it now."""
    door = next(found for found in place.doors if found.path == TEMPLATE and found.form.method == "post")
    client = place.clients[door.person]
    form = next(found for found in forms_of(client.get(door.page).text) if found.action == door.form.action)
    field = next(control.name for control in form.controls if control.kind == "file")
    sent: dict[str, object] = {**dict(form.values()), field: (io.BytesIO(content), name)}
    answer = client.post(door.path, data=sent, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, answer.text


def test_p23_a_template_with_a_number_inside_is_refused_wherever_it_stands(watched: Watched) -> None:
    numbers, before = identity_numbers(len(INSIDE)), watched.place.rows()
    for number, (name, make) in zip(numbers, INSIDE.items(), strict=True):
        status, page = upload(watched.place, make(number), "mall.docx")
        assert (status, "Det står ett personnummer i filen" in page) == (422, True), name
        assert not numbers_in(page) & {number}, name
    assert watched.place.rows() == before
    assert watched.left(numbers) == set()


def test_p23_of_a_template_nothing_is_kept_but_its_parts(watched: Watched) -> None:
    numbers = identity_numbers(len(BETWEEN_PARTS) + 1)
    for number, (name, make) in zip(numbers, BETWEEN_PARTS.items(), strict=False):
        assert upload(watched.place, make(number), "mall.docx")[0] == 200, name
        assert watched.left([number]) == set(), name
    assert upload(watched.place, word(), f"Mall {spelt(numbers[-1], 0)}.docx")[0] == 422
    assert watched.left(numbers) == set()


# What no field shows


def hidden_controls(place: Standing) -> list[tuple[Door, Control]]:
    """Everything that a form sends and nobody types in."""
    return [
        (door, control)
        for door in place.doors
        if door.form.method == "post"
        for control in door.form.controls
        if control.name and control.name != "csrf_token" and control.kind not in {*BUTTONS, "file"}
        if not control.takes_text
    ]


def test_p23_what_is_put_in_hidden_fields_and_choices_is_kept_nowhere(watched: Watched, size: Size) -> None:
    """With a field that no form has, and once in the address, beside it."""
    place, targets = watched.place, hidden_controls(watched.place)
    many = min(size.numbers // 4, 2 * len(targets))
    chosen = list(islice(cycle(targets[:: max(1, len(targets) // many)]), many))
    numbers, problems = identity_numbers(len(chosen)), dict[str, set[str]]()
    for turn, (number, (door, control)) in enumerate(zip(numbers, chosen, strict=True)):
        written = f"q={spelt(number, turn)}" if "=" in control.value else spelt(number, turn)
        sent = [(name, value) for name, value in door.form.values(door.button) if name != control.name]
        answer = place.post(door, [*sent, (control.name, written), ("okänt", written)])
        found = {*where_shown(place, door, [answer], number)} | ({"ours"} if answer.status_code >= 500 else set())
        if place.changed():
            found |= watched.left([number])
        if found:
            problems.setdefault(f"{door.name} {control.name}", set()).update(found)
        place.put_back()
    assert problems == {}
    assert watched.left(numbers) == set()


def test_p23_addresses_and_headers_are_written_down_nowhere(watched: Watched, size: Size) -> None:
    place = watched.place
    pages = place.pages if size.numbers >= len(place.pages) else place.pages[:: max(1, len(place.pages) // 60)]
    numbers = identity_numbers(len(pages) + len(TOKENS))
    for turn, (number, (person, path)) in enumerate(zip(numbers, pages, strict=False)):
        written = spelt(number, turn)
        told = {name: written.encode("utf-8").decode("latin-1") for name in HEADERS}
        asked = urlencode(dict.fromkeys(ARGUMENTS, written))
        answer = place.clients[person].get(f"{path}{'&' if '?' in path else '?'}{asked}", headers=told)
        assert answer.status_code < 500, path
        assert not any(numbers_in(str(cookie.value)) & {number} for cookie in place.clients[person]._cookies.values())
    for number, path in zip(numbers[len(pages) :], TOKENS, strict=True):
        for person in ("anybody", "office"):
            assert place.clients[person].get(path.format(f"{number[:6]}-{number[6:]}")).status_code < 500
    assert watched.left(numbers) == set()


def test_p23_the_list_of_sign_ins_does_not_keep_what_a_browser_calls_itself(watched: Watched) -> None:
    known, wrong = identity_numbers(2)
    place = watched.place
    for number, email, status in ((known, address("samordnare", HOME), 302), (wrong, f"{wrong}@habo.example", None)):
        client = place.app.test_client()
        token = forms_of(client.get("/logga-in").text)[0].values()
        sent = {**dict(token), "email": email, "password": PASSWORD if status else wrong, "next": f"/{number}"}
        headers = {"User-Agent": f"Mozilla {number} Firefox/1", "X-Forwarded-For": number, "Referer": f"/?{number}"}
        answer = client.post("/logga-in", data=sent, headers=headers)
        assert status is None or answer.status_code == status
        assert not any(numbers_in(str(cookie.value)) & {number} for cookie in client._cookies.values())
    assert place.changed()
    assert watched.left([known, wrong]) == set()


def test_p23_the_forms_that_were_found_hold_the_chapters_and_goals_of_the_yearly_report(place: Standing) -> None:
    """What is planted in text fields is planted there, too."""
    reached = {(door.rule.rpartition("/utkast")[2], name) for door in place.doors for name in door.form.text_names}
    assert {("", "text-summary"), ("/ataganden", "text"), ("/ataganden", "comment")} <= reached


def test_p23_of_what_a_provider_says_no_number_becomes_a_name_or_an_address(size: Size) -> None:
    """The subject may be one: it is stored as a mark that only the installation can make."""
    how = HowToRead("sub", "email", "groups", ("habo.example",), (), {})
    for turn, number in enumerate(identity_numbers(size.numbers)):
        claims = {"sub": "x", "email": f"{number[:6]}-{number[6:]}@habo.example", "name": f"Åsa {spelt(number, turn)}"}
        known = read({**claims, "groups": [number]}, how)
        assert (known.mail, numbers_in(known.name)) == ("", set())
        assert read({"sub": "x", "email": f"{number}@habo.example"}, how).mail == ""
