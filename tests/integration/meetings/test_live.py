"""The meeting while it is held, as the office walks through it: texts, decisions, its end and extract."""

from __future__ import annotations

import html
import io

from docx import Document

from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.meetings.agenda import put_fault_on_agenda, put_on_agenda
from lexheller.meetings.models import AgendaItem, Meeting
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.meetings.days import fault_in, meeting_in, meeting_now, noon_of

WHY = "Vem tar fram en rutin?"


def prepared(stage) -> tuple[Meeting, list[int], int]:
    """A meeting, its items (a fault, a case), and the fault's id."""

    def make(cast: Cast):
        meeting, fault, case = meeting_in(cast, 40), fault_in(cast), cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            items = [put_fault_on_agenda(cast.coordinator, fault, meeting, WHY)]
            items.append(put_on_agenda(cast.coordinator, case, meeting, WHY))
        db.session.refresh(meeting)
        found = meeting, [item.id for item in items], fault.id
        db.session.expunge(meeting)
        return found

    return stage.ask(make)


def said(visitor) -> str:
    return html.unescape(visitor.text)


def item_of(stage, item_id: int) -> dict[str, object]:
    columns = ("outcome", "decision", "proposed", "action_id", "version")
    return stage.ask(lambda _cast: {name: getattr(db.session.get_one(AgendaItem, item_id), name) for name in columns})


def test_a_text_is_written_and_the_agenda_says_what_is_ready(visitor, stage):
    meeting, (item_id, _other), _fault = prepared(stage)
    visitor.sign_in("samordnare")
    page = f"/moten/{HOME}/{meeting.id}"
    visitor.get(page)
    assert said(visitor).count("Underlaget inte klart") == 2
    assert "0 av 2" in said(visitor)
    visitor.get(f"{page}/arenden/{item_id}/underlag")
    assert "Vårdcentralen skickar vidare" in said(visitor)
    values = {"title": "Ingen tar emot", "what": "Ingen tar emot.", "proposed": "19640823-3234"}
    assert visitor.post(f"{page}/arenden/{item_id}/underlag", values).status_code == 422
    assert "personnummer" in said(visitor)
    assert visitor.post(f"{page}/arenden/{item_id}/underlag", {**values, "proposed": "Ta fram."}).status_code == 200
    assert "Underlaget är klart." in said(visitor)
    assert "1 av 2" in said(visitor)
    visitor.get(f"{page}/arenden/{item_id}/underlag")
    old = visitor.post(f"{page}/arenden/{item_id}/underlag", {**values, "proposed": "Senare ord.", "version": "1"})
    assert old.status_code == 409
    assert "Senare ord." in said(visitor)


def test_a_meeting_is_held_and_ended(visitor, stage):
    meeting, (fault_item, case_item), fault_id = prepared(stage)
    page = f"/moten/{HOME}/{meeting.id}"
    visitor.sign_in("samordnare")
    assert visitor.get(f"{page}/protokoll").request.path == page
    assert visitor.get(f"{page}/avsluta").request.path == page
    assert visitor.get(f"{page}/protokollsutdrag").request.path == page
    with noon_of(meeting):
        visitor.sign_in("samordnare")
        visitor.get(page)
        assert "Öppna protokollet" in said(visitor)
        visitor.get(f"{page}/protokoll")
        settle, prefix = f"{page}/arenden/{fault_item}/beslut", f"punkt{fault_item}"
        assert visitor.post(settle, {"outcome": "decided"}, form=prefix).status_code == 422
        assert "Fyll i fältet." in said(visitor)
        past = {"outcome": "decided", "decision": "Nyss.", "make_action": "y", "by_on": "2020-01-01"}
        assert visitor.post(settle, past, form=prefix).status_code == 422
        assert "Dagen har redan varit." in said(visitor)
        assert item_of(stage, fault_item)["outcome"] is None, "the decision went with the action that was refused"
        values = {"outcome": "decided", "decision": "Ta fram <b>rutin</b>.", "make_action": "y", "who": "Förbundet"}
        visitor.post(settle, values, form=prefix)
        assert "Beslutet är nu en åtgärd. Beslutet står nu på systemfelet." in said(visitor)
        assert "<b>rutin" not in visitor.text
        kept = visitor.post(settle, {**values, "decision": "Gamla ord.", "version": "1"}, form=prefix)
        assert kept.status_code == 409
        assert "Gamla ord." in said(visitor)
        visitor.get(f"{page}/protokoll")
        visitor.post(settle, {**values, "decision": "Ta fram <b>två</b>."}, form=prefix)
        assert "Åtgärden säger nu detsamma. Beslutet har fått samma ord på systemfelet." in said(visitor)
        action_id = item_of(stage, fault_item)["action_id"]
        assert f'href="/atgarder/{HOME}/{action_id}"' in visitor.text
        visitor.get(f"/atgarder/{HOME}/{action_id}")
        visitor.post(f"/atgarder/{HOME}/{action_id}/borja", form="start")
        visitor.get(f"{page}/protokoll")
        visitor.post(settle, values, form=prefix)
        assert "Åtgärd 1 ändrades inte. Någon har börjat med den" in said(visitor)
        visitor.get(f"{page}/avsluta")
        assert "Inget senare möte är planerat. En punkt väntar" in said(visitor)
        visitor.post(f"{page}/avsluta")
        assert "Mötet är avslutat." in said(visitor)
        assert "Ta fram <b>rutin</b>." in said(visitor)
        assert visitor.get(f"{page}/protokoll").request.path == page
        document = Document(io.BytesIO(visitor.get(f"{page}/protokollsutdrag.docx").data))
        assert "Ta fram <b>rutin</b>." in [line.text for line in document.paragraphs]
        visitor.get(f"/moten/{HOME}")
        assert "Väntar på ett möte" in said(visitor)
        visitor.get(f"/systemfel/{HOME}/{fault_id}")
        assert "Ta fram <b>rutin</b>." in said(visitor)
    assert item_of(stage, fault_item)["outcome"] == "decided"
    assert item_of(stage, case_item)["outcome"] == "postponed"


def test_a_meeting_that_is_going_on_is_planned_once(cast):
    """What the browser's tests look at."""
    assert meeting_now(cast) == meeting_now(cast)


def test_p15_strangers_and_managers_find_no_such_pages(visitor, new_visitor, stage):
    meeting, (item_id, _other), fault_id = prepared(stage)
    page = f"/moten/{HOME}/{meeting.id}"
    with noon_of(meeting):
        for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME)):
            person = new_visitor()
            person.sign_in(part, slug)
            for path in ("protokoll", "avsluta", "material", "material.pdf", "material.docx", "skicka-ut",
                         "protokollsutdrag", "protokollsutdrag.docx", f"arenden/{item_id}/underlag"):  # fmt: skip
                assert person.get(f"{page}/{path}").status_code == 404, path
            own = f"/moten/{slug}"
            for path in (f"{page}/avsluta", f"{page}/skicka-ut", f"{page}/arenden/{item_id}/beslut",
                         f"{own}/{meeting.id}/arenden/{item_id}/beslut" if slug == ELSEWHERE else f"{page}/avsluta",
                         f"/moten/{HOME}/systemfel", f"/moten/{HOME}/grupper/styrelse/medlemmar"):  # fmt: skip
                person.get("/kvitto")
                values = {"fault_id": str(fault_id), "version": "1", "why": WHY}
                assert person.post(path, values).status_code == 404, path
    assert item_of(stage, item_id)["version"] == 1


def test_a_fault_is_put_on_from_its_page_or_by_its_number(visitor, stage):
    meeting = stage.ask(lambda cast: meeting_in(cast, 40).id)
    later = stage.ask(lambda cast: meeting_in(cast, 60).id)
    fault_id, number = stage.ask(lambda cast: (lambda fault: (fault.id, fault.number))(fault_in(cast)))
    visitor.sign_in("samordnare")
    visitor.get(f"/moten/{HOME}/{meeting}")
    values = {"fault_id": str(fault_id), "meeting_id": str(meeting), "why": ""}
    assert visitor.post(f"/moten/{HOME}/systemfel", values).status_code == 422
    answer = visitor.post(f"/moten/{HOME}/systemfel", {**values, "why": WHY}, follow=False)
    assert answer.headers["Location"] == f"/systemfel/{HOME}/{fault_id}"
    visitor.get(f"/moten/{HOME}/{later}")
    assert visitor.post(f"/moten/{HOME}/{later}/arenden", {"number": number, "why": WHY}).status_code == 200
    assert f"Systemfel {number} står på dagordningen till mötet" in said(visitor)
