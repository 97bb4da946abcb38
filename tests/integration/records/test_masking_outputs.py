"""P25: nobody is shown a masked word again: on pages, in search, in files, in the log's export, in a backup."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
from werkzeug.test import TestResponse

from lexheller.action_reports import drafting, editions, goal_rows, publishing_editions
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.states import Fulfilment
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.audit.export import log_lines
from lexheller.backup.archive import whole_archive
from lexheller.backup.manifest import NAME, member_of
from lexheller.backup.manifest import read as manifest_of
from lexheller.cases.states import CaseStatus
from lexheller.casework import asking, describing, publishing_cases
from lexheller.casework.beside import write_note
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.meetings import plan_demo_meetings
from lexheller.faults import service as faults
from lexheller.intake.codes import grouped
from lexheller.intake.service import receipt_code
from lexheller.meetings.agenda import put_fault_on_agenda
from lexheller.meetings.proposing import Texts
from lexheller.meetings.texts import describe_item
from tests.cast.people import HOME, Cast, Visitor
from tests.integration.backup.backing import saved
from tests.integration.records.masked import columns_with, destroy_word, texts_with

WORD = "flodhästkaféet"
SAID = f"Rutinen för {WORD} var okänd."
LINK = re.compile(r'href="(/[^"#]+)')
NO_PAGES = ("/logga-ut", "/static", "/demo", "/kvitto", "/mitt-konto", "/maskering", "/gallring", "/personuppgifter")
MOST_PAGES = 140


def written(cast: Cast) -> str:
    """The word wherever the office, a manager or a reporter can read it; the receipt code of one who reported."""
    office, home, year = cast.coordinator, cast.federation(), clock.local_year()
    case = cast.reach(CaseStatus.ACCEPTED, what_happened=SAID, proposal=SAID)
    with transaction():
        question = asking.ask_reporter(office, case, SAID, seen=case.version)
        asking.withdraw_question(office, case, question, seen=case.version)
        write_note(office, case, SAID)
    with transaction():
        cast.answer(case, steps_taken=SAID)
    with transaction():
        describing.share_summary(office, case, SAID, seen=case.version)
        action = describing.record_action(
            office,
            case,
            type=types(home.id)[0],
            description=SAID,
            status=ActionStatus.DONE,
            action_on=clock.today(),
            seen=case.version,
        )
        fault = faults.suspect(office, home.id, faults.Details(SAID[:-1], what_happens=SAID), case, SAID)
        publishing_cases.publish(office, case, publishing_cases.PublicTexts(WORD, SAID, SAID), looked=True)
        assert action.id
    with transaction():
        meeting = plan_demo_meetings(home, office)[0]
        item = put_fault_on_agenda(office, fault, meeting, SAID)
        describe_item(office, item, Texts(*[SAID] * 6), seen=item.version, looked=True)
        goal_rows.add_goal(office, home, year, Goal(SAID, Fulfilment.MET, SAID), seen=0)
        drafting.write_texts(office, home, year, {"summary": SAID}, seen=_seen(home.id, year))
        drafting.compile_draft(office, home, year)
    return grouped(receipt_code(home.id, case.report.submission_id))


def _seen(federation_id: int, year: int) -> int:
    draft = drafting.draft_of(federation_id, year)
    assert draft is not None
    return draft.version


def masked_everywhere(cast: Cast) -> int:
    """How many texts."""
    office, home = cast.coordinator, cast.federation()
    found = list(texts_with(office, home.id, WORD))
    for subject, text in found:
        with transaction():
            destroy_word(office, cast.director, subject, text, WORD)
    return len(found)


def readable(answer: TestResponse) -> str:
    """The words of a page or a file."""
    content = answer.get_data()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    if content.startswith(b"%PDF"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return content.decode("utf-8", "replace").replace("\\u00e4", "ä").replace("\\u00e9", "é")


def pages_with_word(visitor: Visitor, begin: Iterable[str]) -> dict[str, bool]:
    """Addresses found by following links, and whether the word stands there."""
    waiting, found = list(begin), {}
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found or path.startswith(NO_PAGES):
            continue
        answer = visitor.client.get(path)
        if answer.status_code != 200:
            found[path] = False
            continue
        text = readable(answer)
        found[path] = WORD in text
        if answer.mimetype == "text/html":
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(text) if HOME in link]
    return found


def test_p25_a_masked_word_is_on_no_page_and_in_no_file(stage, new_visitor, tmp_path):
    code, year = stage.ask(written), clock.local_year()
    draft = f"/atgardsrapport/{HOME}/{year}"
    files = [f"{draft}/utkast.{form}" for form in ("pdf", "docx", "short-docx", "xlsx", "csv", "json")]
    starts = {
        "samordnare": [f"/arenden/{HOME}", f"/systemfel/{HOME}", f"/moten/{HOME}", draft, f"{draft}/utkast", *files],
        "chef.af": [f"/start/{HOME}", f"/arenden/{HOME}"],
    }
    visitors, seen = {part: new_visitor() for part in starts}, {}
    for part, visitor in visitors.items():
        visitor.sign_in(part)
        seen[part] = [path for path, there in pages_with_word(visitor, starts[part]).items() if there]
    reporter = visitors["reporter"] = new_visitor()
    reporter.get("/kvitto")
    reporter.post("/kvitto", {"code": code})
    seen["reporter"] = ["/kvitto/anmalan", f"/publikt/{HOME}"]
    assert WORD in reporter.get("/kvitto/anmalan").get_data(as_text=True)
    ends = {path.rpartition(".")[2] for path in seen["samordnare"]}
    assert {"pdf", "docx", "xlsx", "json", "csv"} <= ends
    rooms = {path.split("/")[1] for path in seen["samordnare"]}
    assert {"arenden", "systemfel", "atgarder", "moten", "atgardsrapport", "publikt"} <= rooms
    assert seen["chef.af"]
    found = visitors["samordnare"].get(f"/arenden/{HOME}?q={WORD}")
    cases = set(re.findall(rf"/arenden/{HOME}/\d+", found.get_data(as_text=True)))
    assert cases
    assert stage.ask(masked_everywhere) > 15
    for part, paths in seen.items():
        for path in paths:
            answer = visitors[part].client.get(path)
            assert WORD not in readable(answer), (part, path)
    found = visitors["samordnare"].get(f"/arenden/{HOME}?q={WORD}")
    assert cases.isdisjoint(re.findall(rf"/arenden/{HOME}/\d+", found.get_data(as_text=True)))
    stage.ask(lambda cast: _nowhere_else(cast, tmp_path))


def _nowhere_else(cast: Cast, folder: Path) -> None:
    """Not in the database, the log's export, a new edition or a backup."""
    home, year = cast.federation(), clock.local_year()
    assert columns_with(WORD) == set()
    with clock.at(clock.now().replace(year=year + 1, month=2, day=20)), transaction():
        data = drafting.report_data(home, year)
        editions.approve(cast.director, home, year, seen_hash=str(data["hash"]))
        edition = editions.freeze(cast.coordinator, home, year)
        publishing_editions.publish(cast.coordinator, edition)
        assert WORD not in str(edition.data)
    assert WORD not in "".join(log_lines(home.id, home.slug))
    db.session.rollback()
    saved(folder / "after.lexheller")
    with whole_archive(folder / "after.lexheller") as archive:
        for table in manifest_of(archive.read(NAME).read()).tables:
            content = archive.read(member_of(table)).read()
            assert WORD not in content.decode("utf-8", "replace").replace("\\u00e4", "ä").replace("\\u00e9", "é"), table
