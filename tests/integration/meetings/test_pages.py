"""The meeting pages as a coordinator walks them, in Swedish and without JavaScript; others find no such pages (P15)."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest
from flask_babel import force_locale

from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.deciding import end_meeting
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.panel import case_panel
from lexheller.meetings.service import cancel_meeting
from lexheller.meetings.states import GroupKind
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.meetings.days import meeting_in, noon_of, working_day

ALL = f"/moten/{HOME}"
WHY = "Är det här ett <b>återkommande</b> fel?"


@pytest.fixture
def desk(visitor):
    visitor.sign_in("samordnare")
    return visitor


def day_in(stage, days_ahead: int) -> date:
    return stage.ask(lambda cast: working_day(cast, days_ahead))


def planned(stage, days_ahead: int = 40, slug: str = HOME) -> int:
    return stage.ask(lambda cast: meeting_in(cast, days_ahead, slug).id)


def with_case(stage, meeting_id: int) -> tuple[int, str, int]:
    """A case on the meeting: its id, number and agenda item."""

    def put(cast):
        case = cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            item = put_on_agenda(cast.coordinator, case, db.session.get_one(Meeting, meeting_id), WHY)
        return case.id, case.number, item.id

    return stage.ask(put)


def standing(stage, meeting_id: int) -> list[int]:
    query = db.select(AgendaItem.case_id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
    return stage.ask(lambda _cast: list(db.session.scalars(query.order_by(AgendaItem.position))))


def events(stage) -> list[str]:
    query = db.select(Event.kind).where(Event.kind.startswith("meeting.")).order_by(Event.id)
    return stage.ask(lambda _cast: list(db.session.scalars(query)))


def said(visitor) -> str:
    return html.unescape(visitor.text)


def test_an_empty_list_says_what_to_do_and_the_menu_leads_there(desk):
    desk.get(f"/arenden/{HOME}")
    assert f'href="{ALL}"' in desk.text
    assert desk.get(ALL).status_code == 200
    assert "Inga möten är planerade" in said(desk)
    assert f'href="{ALL}/serie"' in desk.text
    assert 'aria-current="page">Möten' in desk.text


def test_a_meeting_is_planned_and_shows_when_material_is_due(desk, stage):
    desk.get(f"{ALL}/nytt")
    day = day_in(stage, 40)
    answer = desk.post(f"{ALL}/nytt", {"held_on": day.isoformat(), "starts_at": "13:00", "place": "Kansliet"})
    assert answer.status_code == 200
    assert "Mötet är planerat." in said(desk)
    assert "kl. 13:00" in said(desk)
    assert "Inget står på dagordningen än." in said(desk)
    due_on = stage.ask(lambda _cast: db.session.scalars(db.select(Meeting.material_due_on)).one())
    left = (due_on - clock.today()).days
    assert f"om {left} dagar" in said(desk)
    assert "Mötet planerades" in said(desk)


def test_the_same_meeting_sent_twice_is_one(desk, stage):
    values = {"held_on": day_in(stage, 40).isoformat()}
    for status in (200, 422):
        desk.get(f"{ALL}/nytt")
        assert desk.post(f"{ALL}/nytt", values).status_code == status
    assert "Det finns redan ett möte den dagen." in said(desk)
    assert f'value="{values["held_on"]}"' in desk.text
    assert events(stage) == ["meeting.planned"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Skriv datumet som år-månad-dag"),
        ({"held_on": "nästa vecka"}, "Skriv datumet som år-månad-dag"),
        ({"held_on": "0001-01-01"}, "Dagen har redan varit."),
        ({"held_on": "9999-12-31"}, "mer än fem år bort"),
        ({"held_on": "2999-01-01", "starts_at": "halv tre"}, "Texten är för lång."),
        ({"held_on": "2999-01-01", "starts_at": "25:10"}, "Skriv klockslaget som timmar:minuter"),
        ({"held_on": "2999-01-01", "place": "19640823-3234"}, "personnummer"),
    ],
)
def test_p22_what_cannot_be_taken_is_said_at_its_field(desk, stage, values, words):
    desk.get(f"{ALL}/nytt")
    assert desk.post(f"{ALL}/nytt", values).status_code == 422
    assert words in said(desk)
    assert events(stage) == []


def test_a_year_is_looked_at_before_it_is_planned(desk, stage):
    first = clock.today() + timedelta(days=20)
    address = f"{ALL}/serie?nth=3&weekday=3&first={first}&last={first + timedelta(days=200)}"
    assert "Visa datumen" in desk.get(f"{ALL}/serie").get_data(as_text=True)
    assert 'type="checkbox"' not in desk.text
    desk.get(address)
    days = [piece.split('"')[0] for piece in desk.text.split('id="day-')[1:]]
    assert len(days) >= 5
    assert desk.text.count(" checked") == len(days)
    assert events(stage) == []
    chosen = {"days": [days[0], *days[2:]], "starts_at": "09:00"}
    assert desk.post(address, chosen).status_code == 200
    assert f"{len(days) - 1} möten är planerade." in said(desk)
    assert len(events(stage)) == len(days) - 1
    desk.get(address)
    assert "Här finns redan ett möte." in said(desk)
    desk.post(address, chosen)
    assert "De mötena fanns redan." in said(desk)
    assert len(events(stage)) == len(days) - 1


def test_days_that_were_not_in_the_preview_are_refused(desk, stage):
    first = clock.today() + timedelta(days=20)
    address = f"{ALL}/serie?nth=3&weekday=3&first={first}&last={first + timedelta(days=100)}"
    for days, words in (([], "Välj minst en dag."), (["2027-01-01", "igår"], "Välj bland dagarna i listan.")):
        desk.get(address)
        assert desk.post(address, {"days": days}).status_code == 422
        assert words in said(desk)
    assert events(stage) == []


@pytest.mark.parametrize(
    "query",
    [
        "first=x&last=y&nth=3&weekday=3",
        "first=2026-01-01&last=9999-12-31&nth=3&weekday=3",
        "first=9999-12-01&last=9999-12-31&nth=-1&weekday=3",
        "first=2026-05-01&last=2026-01-01&nth=3&weekday=3",
        "first=2026-01-01&last=2026-02-01&nth=9&weekday=9",
        "first=&last=&nth=&weekday=",
        "first=2020-01-01&last=2020-12-31&nth=1&weekday=0",
    ],
)
def test_p22_an_odd_pattern_is_no_error(desk, query):
    assert desk.get(f"{ALL}/serie?{query}").status_code == 200
    assert 'type="checkbox"' not in desk.text


def test_a_case_is_put_on_from_its_page_and_one_comes_back_to_it(desk, stage):
    meeting_id, case = planned(stage), stage.case(CaseStatus.ASSIGNED)
    desk.get(f"{ALL}/{meeting_id}")
    values = {"case_id": str(case.id), "meeting_id": str(meeting_id), "why": WHY}
    for _ in range(2):
        answer = desk.post(f"{ALL}/arenden", values, follow=False)
        assert answer.status_code == 302
        assert answer.headers["Location"] == case.path
        desk.get(f"{ALL}/{meeting_id}")
    assert standing(stage, meeting_id) == [case.id]
    assert events(stage) == ["meeting.planned", "meeting.case_put"]
    assert WHY in said(desk)
    assert "<b>återkommande" not in desk.text
    assert f'href="{case.path}"' in desk.text


def test_what_is_missing_is_asked_for_with_the_text_kept(desk, stage):
    meeting_id, case = planned(stage), stage.case(CaseStatus.ASSIGNED)
    desk.get(ALL)
    values = {"case_id": str(case.id), "meeting_id": str(meeting_id), "why": ""}
    assert desk.post(f"{ALL}/arenden", values).status_code == 422
    assert "Skriv kort vad gruppen ska ta ställning till." in said(desk)
    assert desk.post(f"{ALL}/arenden", {**values, "meeting_id": "", "why": WHY}).status_code == 422
    assert "Välj ett möte." in said(desk)
    assert WHY in said(desk)
    assert desk.post(f"{ALL}/arenden", {**values, "meeting_id": "999", "why": WHY}).status_code == 422
    assert desk.post(f"{ALL}/arenden", {**values, "case_id": "999999", "why": WHY}).status_code == 404
    assert standing(stage, meeting_id) == []


def test_a_case_is_put_on_by_its_number(desk, stage):
    meeting_id, case = planned(stage), stage.case(CaseStatus.ASSIGNED)
    theirs = stage.case(CaseStatus.ASSIGNED, ELSEWHERE, what_happened="Någon annans.")
    desk.get(f"{ALL}/{meeting_id}")
    assert desk.post(f"{ALL}/{meeting_id}/arenden", {"number": "2020:11 / 99", "why": WHY}).status_code == 422
    assert "Inget ärende eller systemfel har det numret." in said(desk)
    assert WHY in said(desk)
    assert desk.post(f"{ALL}/{meeting_id}/arenden", {"number": case.number, "why": WHY}).status_code == 200
    assert standing(stage, meeting_id) == [case.id]
    assert theirs.id not in standing(stage, meeting_id)


def test_the_buttons_of_an_agenda(desk, stage):
    meeting_id = planned(stage)
    first, second = with_case(stage, meeting_id), with_case(stage, meeting_id)
    page = f"{ALL}/{meeting_id}"
    desk.get(page)
    up = f"{page}/arenden/{second[2]}/flytta"
    assert desk.post(up, {"version": version(desk), "direction": "up"}).status_code == 200
    assert standing(stage, meeting_id) == [second[0], first[0]]
    assert desk.post(up, {"version": "1", "direction": "up"}).status_code == 409
    desk.get(page)
    assert desk.post(up, {"version": version(desk), "direction": "sidelänges"}).status_code == 409
    desk.get(page)
    assert "Till nästa möte" not in said(desk)
    desk.post(f"{page}/arenden/{second[2]}/nasta-mote")
    assert "Det finns inget senare möte att flytta till." in said(desk)
    later = planned(stage, 60)
    desk.get(page)
    assert "Till nästa möte" in said(desk)
    desk.post(f"{page}/arenden/{second[2]}/nasta-mote")
    assert standing(stage, later) == [second[0]]
    assert "Flyttade till ett annat möte" in said(desk)
    assert "Flyttad från" in html.unescape(desk.get(f"{ALL}/{later}").get_data(as_text=True))
    desk.get(page)
    desk.post(f"{page}/arenden/{first[2]}/ta-bort")
    assert f"Ärende {first[1]} är borta från dagordningen." in said(desk)
    assert standing(stage, meeting_id) == []


def version(visitor) -> str:
    return visitor.text.split('name="version" value="')[1].split('"')[0]


def test_a_meeting_is_moved_with_its_agenda(desk, stage):
    meeting_id = planned(stage)
    case_id, number, _item = with_case(stage, meeting_id)
    page, day = f"{ALL}/{meeting_id}", day_in(stage, 60)
    desk.get(f"{page}/andra")
    assert desk.post(f"{page}/andra", {"held_on": day.isoformat(), "place": "Rådhuset"}).status_code == 200
    assert "Mötet är ändrat." in said(desk)
    assert "Mötet flyttades till en annan dag" in said(desk)
    assert number in said(desk)
    assert standing(stage, meeting_id) == [case_id]


def test_p13_a_change_on_an_old_page_is_a_conflict_with_the_text_kept(desk, stage, new_visitor):
    meeting_id, other = planned(stage), new_visitor()
    other.sign_in("forbundschef")
    page, day = f"{ALL}/{meeting_id}", day_in(stage, 60).isoformat()
    desk.get(f"{page}/andra")
    other.get(f"{page}/andra")
    assert desk.post(f"{page}/andra", {"held_on": day, "place": "Rådhuset"}).status_code == 200
    assert other.post(f"{page}/andra", {"held_on": day, "place": "Biblioteket"}).status_code == 409
    assert "Biblioteket" in said(other)


@pytest.mark.parametrize("step", ["andra", "stall-in"])
@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 40])
def test_p13_a_form_without_the_version_that_was_seen_changes_nothing(desk, stage, step, version):
    meeting_id, day = planned(stage), day_in(stage, 60).isoformat()
    desk.get(f"{ALL}/{meeting_id}/{step}")
    answer = desk.post(f"{ALL}/{meeting_id}/{step}", {"held_on": day, "version": version})
    assert answer.status_code == (409 if version else 422)
    assert events(stage) == ["meeting.planned"]


@pytest.mark.parametrize("step", ["andra", "stall-in"])
def test_p13_a_form_that_lacks_the_version_is_not_taken_for_the_newest(desk, stage, step):
    meeting_id, day = planned(stage), day_in(stage, 60).isoformat()
    page = desk.get(f"{ALL}/{meeting_id}/{step}").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = desk.client.post(f"{ALL}/{meeting_id}/{step}", data={"csrf_token": token, "held_on": day})
    assert answer.status_code == 422
    assert events(stage) == ["meeting.planned"]


def test_cancelling_says_first_what_will_happen_and_does_it_once(desk, stage):
    meeting_id, later = planned(stage), planned(stage, 60)
    case_id, number, _item = with_case(stage, meeting_id)
    page = f"{ALL}/{meeting_id}/stall-in"
    desk.get(page)
    assert "En punkt flyttas till mötet" in said(desk)
    assert number in said(desk)
    assert events(stage)[-1] == "meeting.case_put"
    desk.post(page)
    assert "Mötet är inställt. Punkterna står nu på dagordningen till mötet" in said(desk)
    assert standing(stage, later) == [case_id]
    assert desk.get(page).request.path == f"{ALL}/{meeting_id}"
    assert events(stage)[-1] == "meeting.cancelled"
    desk.get(ALL)
    assert "Tidigare och inställda möten" in said(desk)
    assert "Inställt" in said(desk)


def test_what_waits_for_a_meeting_is_seen_in_the_list_and_can_be_moved(desk, stage):
    meeting_id = planned(stage)
    case_id, number, item_id = with_case(stage, meeting_id)
    desk.get(f"{ALL}/{meeting_id}/stall-in")
    assert "väntar på listan över möten" in said(desk)
    desk.post(f"{ALL}/{meeting_id}/stall-in")
    assert "Punkterna väntar" in said(desk)
    desk.get(ALL)
    assert "Väntar på ett möte" in said(desk)
    assert number in said(desk)
    assert "Flytta till nästa möte" not in said(desk)
    later = planned(stage, 60)
    desk.get(ALL)
    assert "Flytta till nästa möte" in said(desk)
    desk.post(f"{ALL}/{meeting_id}/arenden/{item_id}/nasta-mote")
    assert standing(stage, later) == [case_id]
    assert "Väntar på ett möte" not in html.unescape(desk.get(ALL).get_data(as_text=True))


def test_a_case_put_on_late_says_so(desk, stage):
    meeting_id = planned(stage, 5)
    with_case(stage, meeting_id)
    desk.get(f"{ALL}/{meeting_id}")
    assert "Lades till efter att materialet skulle vara klart" in said(desk)
    assert "Materialet skulle vara klart" in said(desk)


def test_the_case_page_part_shows_and_sends(app, stage):
    meeting_id, later = planned(stage), planned(stage, 60)
    case_id, _number, _item = with_case(stage, meeting_id)

    def drawn(cast, part: str) -> str:
        case = db.session.get_one(Case, case_id)
        with app.test_request_context(), force_locale("sv"):
            values = {**case_panel(cast.person(part), case), "case": case, "federation": case.federation}
            return html.unescape(app.jinja_env.get_template("meetings/_on_case.html").render(**values))

    shown = stage.ask(lambda cast: drawn(cast, "samordnare"))
    assert f"{ALL}/{meeting_id}" in shown
    assert WHY in shown
    assert f'<option value="{later}">' in shown
    assert f'<option value="{meeting_id}">' not in shown
    assert f'action="{ALL}/arenden"' in shown
    assert stage.ask(lambda cast: drawn(cast, "chef.af")).strip() == ""


@pytest.mark.parametrize(("part", "slug"), [("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)])
def test_p15_strangers_and_managers_find_no_such_page(visitor, stage, part, slug):
    meeting_id = planned(stage)
    case_id, _number, item_id = with_case(stage, meeting_id)
    theirs = planned(stage, 60, ELSEWHERE)
    before = events(stage)
    visitor.sign_in(part, slug)
    page = f"{ALL}/{meeting_id}"
    item = f"arenden/{item_id}"
    for path in (ALL, f"{ALL}/nytt", f"{ALL}/serie", page, f"{page}/andra", f"{page}/stall-in"):
        assert visitor.get(path).status_code == 404, path
    assert visitor.get("/kvitto").status_code == 200
    assert f'href="{ALL}"' not in visitor.text
    values = {"case_id": str(case_id), "meeting_id": str(meeting_id), "why": WHY, "version": "2", "direction": "up"}
    doors = [f"{ALL}/arenden", f"{page}/arenden", f"{page}/andra", f"{page}/stall-in", f"{ALL}/nytt", f"{ALL}/serie"]
    doors += [f"{where}/{item}/{step}" for where in (page,) for step in ("flytta", "nasta-mote", "ta-bort")]
    own = f"/moten/{ELSEWHERE}"
    doors += [f"{own}/{meeting_id}/arenden", f"{own}/{meeting_id}/stall-in", f"{own}/{theirs}/{item}/ta-bort"]
    for path in doors:
        visitor.get("/kvitto")
        assert visitor.post(path, values).status_code == 404, path
    visitor.get("/kvitto")
    assert visitor.post(f"{own}/arenden", {**values, "meeting_id": str(theirs)}).status_code == 404
    assert events(stage) == before
    assert standing(stage, meeting_id) == [case_id]


def test_a_held_meeting_is_shown_with_what_is_left_to_do(desk, stage):
    meeting_id, gone = planned(stage, 40), planned(stage, 60)
    with_case(stage, meeting_id)

    def cancel(cast):
        with transaction():
            meeting = db.session.get_one(Meeting, gone)
            cancel_meeting(cast.coordinator, meeting, seen=meeting.version)

    stage.ask(cancel)
    with clock.at(clock.now() + timedelta(days=50)):
        desk.sign_in("samordnare")
        desk.get(f"{ALL}/{meeting_id}")
        assert "Mötet har varit men är inte avslutat" in said(desk)
        assert "Ta bort" in said(desk)
        for button in ("Flytta upp", "Ändra eller flytta", "Ställ in mötet"):
            assert button not in said(desk)
        assert desk.get(f"{ALL}/{meeting_id}/andra").request.path == f"{ALL}/{meeting_id}"
    desk.sign_in("samordnare")
    desk.get(f"{ALL}/{gone}")
    assert "Inställt" in said(desk)
    assert "Lägg till ett ärende" not in said(desk)


def test_a_meeting_that_nobody_ended_is_told_of_until_its_items_are_gone(desk, stage):
    meeting_id = planned(stage, 40)
    _case, number, item_id = with_case(stage, meeting_id)
    with clock.at(clock.now() + timedelta(days=50)):
        desk.sign_in("samordnare")
        for path in (ALL, f"/start/{HOME}"):
            desk.get(path)
            assert "Mötet har varit men är inte avslutat" in said(desk), path
            assert f'href="{ALL}/{meeting_id}"' in desk.text, path
        desk.get(ALL)
        assert "Hållet" not in said(desk)
        desk.get(f"{ALL}/{meeting_id}")
        desk.post(f"{ALL}/{meeting_id}/arenden/{item_id}/ta-bort")
        assert f"Ärende {number} är borta från dagordningen." in said(desk)
        assert "Hållet" in said(desk)
        for path in (ALL, f"/start/{HOME}"):
            desk.get(path)
            assert "inte avslutat" not in said(desk), path


def test_what_waits_is_put_on_another_groups_meeting_or_taken_off(desk, stage):
    meeting_id = planned(stage)
    one, two = with_case(stage, meeting_id), with_case(stage, meeting_id)

    def end(cast):
        meeting = db.session.get_one(Meeting, meeting_id)
        with noon_of(meeting), transaction():
            end_meeting(cast.coordinator, meeting, seen=meeting.version)

    stage.ask(end)
    desk.get(ALL)
    assert "Väntar på ett möte" in said(desk)
    assert "Flytta till mötet" not in said(desk)
    board = stage.ask(lambda cast: meeting_in(cast, 60, group=GroupKind.BOARD).id)
    desk.get(ALL)
    item = f"{ALL}/{meeting_id}/arenden/"
    assert f'<option value="{board}">Styrelsen: ' in desk.text
    assert f'action="{item}{one[2]}/valj-mote"' in desk.text
    assert desk.post(f"{item}{one[2]}/valj-mote", {"to": "999999"}).status_code == 404
    desk.get(ALL)
    assert desk.post(f"{item}{one[2]}/valj-mote", {"to": ""}).status_code == 409
    desk.get(f"{ALL}?grupp=beredningsgrupp")
    assert desk.post(f"{item}{one[2]}/valj-mote", {"to": str(board)}).status_code == 200
    assert f"Ärende {one[1]} står nu på dagordningen till mötet" in said(desk)
    assert standing(stage, board) == [one[0]]
    desk.post(f"{item}{two[2]}/ta-bort")
    assert f"Ärende {two[1]} är borta från dagordningen." in said(desk)
    assert "Väntar på ett möte" not in html.unescape(desk.get(ALL).get_data(as_text=True))
    assert standing(stage, meeting_id) == [one[0], two[0]]
    desk.get(f"{ALL}/{meeting_id}/protokollsutdrag")
    assert said(desk).count("Fortsätter") == 1
