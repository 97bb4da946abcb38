"""The action pages as people walk them, in Swedish and without JavaScript; others find no such pages (P15)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from acting import done, follow_ups, kinds, moment, planned
from sqlalchemy import event

from lexheller.actions import effect, linking, queries
from lexheller.actions.models import Action
from lexheller.actions.states import ActionStatus, Judgement
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.improvement.action_panel import values
from lexheller.organisations.queries import themes
from tests.cast.people import ELSEWHERE, HOME

ALL = f"/atgarder/{HOME}"


@pytest.fixture
def desk(visitor):
    visitor.sign_in("samordnare")
    return visitor


def said(visitor) -> str:
    return html.unescape(re.sub(r"\s+", " ", visitor.text))


def made(stage, **changes) -> int:
    return stage.ask(lambda cast: planned(cast, **changes).id)


def of_af(stage, **changes) -> int:
    return stage.ask(lambda cast: planned(cast, unit=cast.unit("Arbetsförmedlingen"), **changes).id)


def look(stage, action_id: int, what):
    return stage.ask(lambda cast: what(db.session.get_one(Action, action_id)))


def kind_of_action(stage) -> str:
    return stage.ask(lambda cast: str(queries.types(cast.federation().id)[0].id))


def test_an_empty_library_says_what_to_do_and_the_menu_leads_there(desk):
    desk.get(f"/start/{HOME}")
    assert f'href="{ALL}"' in desk.text
    desk.get(ALL)
    assert "Inga åtgärder än" in said(desk)
    assert f'href="{ALL}/ny"' in desk.text
    assert 'aria-current="page">Åtgärder' in desk.text


def test_the_whole_way_from_a_fault_to_a_judgement(desk, stage):
    fault_id, number = stage.ask(a_fault)
    desk.get(f"{ALL}/ny?fault={fault_id}")
    unit = stage.ask(lambda cast: str(cast.unit("Arbetsförmedlingen").id))
    day = clock.today() + timedelta(days=30)
    fields = {
        "type": kind_of_action(stage),
        "description": "Ta fram en gemensam <b>rutin</b>.",
        "owner": unit,
        "due_on": day.isoformat(),
        "state": "planned",
        "fault": str(fault_id),
    }
    assert desk.post(f"{ALL}/ny", fields).status_code == 200
    assert "Åtgärden är sparad." in said(desk)
    assert f"Systemfel {number}" in said(desk)
    assert "Ta fram en gemensam <b>rutin</b>." not in desk.text
    (action_id,) = re.findall(rf"{ALL}/(\d+)/borja", desk.text)
    here = f"{ALL}/{action_id}"
    desk.post(f"{here}/borja", form="start")
    assert "Åtgärden pågår nu." in said(desk)
    fields = {"action_on": clock.today().isoformat(), "done_what": "Fyra möten.", "number_reached": "många"}
    assert desk.post(f"{here}/genomford", fields, form="finish").status_code == 422
    assert "Skriv ett antal, till exempel 24." in said(desk)
    fields["number_reached"] = "24"
    assert desk.post(f"{here}/genomford", fields, form="finish").status_code == 200
    assert "24 personer" in said(desk)
    assert "Det finns inget att räkna än." in said(desk)
    first, second = look(stage, action_id, lambda row: [found.id for found in follow_ups(row)])
    later = (clock.today() + timedelta(days=200)).isoformat()
    desk.post(f"{here}/uppfoljning/{second}/flytta", {"due_on": later}, form=f"move{second}")
    assert "Uppföljningen har fått en ny dag." in said(desk)
    fields = {"judgement": "too_early", "why": "Bara en vecka har gått.", "next_on": ""}
    path, form = f"{here}/uppfoljning/{first}/bedom", f"judge{first}"
    assert desk.post(path, fields, form=form).status_code == 422
    assert "minst en månad fram" in said(desk)
    assert "Bara en vecka har gått." in said(desk)
    desk.post(path, {**fields, "judgement": "worked"}, form=form)
    assert "Bedömningen är sparad." in said(desk)
    assert "Den hjälpte" in said(desk)
    desk.get(f"{ALL}?q=rutinerna&judgement=worked")
    assert f'href="{here}"' in desk.text
    assert look(stage, action_id, kinds) == [
        "action.recorded",
        "action.started",
        "action.done",
        "action.follow_up_moved",
        "action.judged",
    ]


def a_fault(cast) -> tuple[int, str]:
    with transaction():
        fault = faults.suspect(cast.coordinator, cast.federation().id, faults.Details("Ingen tar emot."))
    return fault.id, fault.number


def test_cancelled_and_opened_again_say_why(desk, stage):
    first, second = made(stage), stage.ask(lambda cast: done(cast).id)
    desk.get(f"{ALL}/{first}")
    assert desk.post(f"{ALL}/{first}/stall-in", {"why": ""}, form="cancel").status_code == 422
    desk.post(f"{ALL}/{first}/stall-in", {"why": "Ingen hade tid."}, form="cancel")
    assert "Åtgärden är inställd." in said(desk)
    assert "Ingen hade tid." in said(desk)
    assert "/genomford" not in desk.text
    desk.get(f"{ALL}/{second}")
    desk.post(f"{ALL}/{second}/oppna-igen", {"why": "Mötet blev inte av."}, form="reopen")
    assert "Åtgärden är öppen igen" in said(desk)
    assert look(stage, second, lambda row: row.status) == ActionStatus.UNDER_WAY


def test_cases_and_faults_are_linked_and_taken_off(desk, stage):
    action_id, case = made(stage), stage.case(CaseStatus.ASSIGNED)
    fault_id, number = stage.ask(a_fault)
    here = f"{ALL}/{action_id}"
    desk.get(here)
    assert desk.post(f"{here}/arenden", {"number": "2001:01 / 1"}, form="link_case").status_code == 422
    assert "Det finns inget ärende med det numret" in said(desk)
    desk.post(f"{here}/arenden", {"number": case.number}, form="link_case")
    assert f'href="{case.path}"' in desk.text
    desk.post(f"{here}/systemfel", {"fault": str(fault_id)}, form="link_fault")
    assert f"Systemfel {number}" in said(desk)
    desk.post(f"{here}/arenden/{case.id}/ta-bort", form="unlink_case")
    assert "Ärendet är bortkopplat" in said(desk)
    desk.post(f"{here}/systemfel/{fault_id}/ta-bort", form="unlink_case")
    assert "Systemfelet är bortkopplat" in said(desk)
    assert case.number in said(desk), "its history still says so"


def test_p13_two_at_once_meet_a_conflict_page_with_the_text_kept(desk, stage, new_visitor):
    action_id = made(stage)
    here = f"{ALL}/{action_id}"
    desk.get(here)
    other = new_visitor()
    other.sign_in("samordnare")
    other.get(here)
    other.post(f"{here}/borja", form="start")
    fields = {"action_on": clock.today().isoformat(), "done_what": "Texten som inte får gå förlorad."}
    answer = desk.post(f"{here}/genomford", fields, form="finish")
    assert answer.status_code == 409
    assert "Texten som inte får gå förlorad." in said(desk)


@pytest.mark.parametrize(
    ("values_", "words"),
    [
        ({"description": ""}, "Beskriv åtgärden med några ord."),
        ({"description": "Gäller 19121212-1212."}, "personnummer"),
        ({"due_on": "i morgon"}, "Skriv datumet som år-månad-dag"),
        ({"due_on": "2001-01-01"}, "Dagen har redan varit."),
        ({"owner": "person"}, "Skriv vem som gör det."),
        ({"owner": "999999"}, "Välj något av alternativen."),
        ({"state": "done"}, "Skriv datumet som år-månad-dag"),
        ({"state": "done", "action_on": "2999-01-01"}, "Dagen har inte varit än."),
        ({"cases": "2001:01 / 1"}, "Det finns inget ärende med det numret"),
    ],
)
def test_p22_what_cannot_be_taken_is_said_at_its_field(desk, stage, values_, words):
    fields = {"type": kind_of_action(stage), "description": "En rutin.", "state": "planned", **values_}
    desk.get(f"{ALL}/ny")
    assert desk.post(f"{ALL}/ny", fields).status_code == 422
    assert words in said(desk)
    assert stage.ask(lambda _cast: db.session.scalar(db.select(db.func.count(Action.id)))) == 0


def test_a_manager_sees_and_carries_out_what_the_own_unit_has(visitor, stage):
    own, other = of_af(stage), made(stage)
    case = stage.case(CaseStatus.ASSIGNED, concerned_organisation_id=stage.ask(fk_id))
    stage.ask(lambda cast: link(cast, own, case.id))
    visitor.sign_in("chef.af")
    assert "Åtgärder som din enhet har" in said_at(visitor, f"/start/{HOME}")
    assert f'href="{ALL}/{own}"' in visitor.text
    assert f"{ALL}/{other}" not in visitor.get(ALL).get_data(as_text=True)
    assert visitor.get(f"{ALL}/{other}").status_code == 404
    assert visitor.get(f"{ALL}/{own}").status_code == 200
    assert case.number not in said(visitor)
    assert "Den görs för sådant som du inte ser." in said(visitor)
    assert "kopplades" not in said(visitor), "nor how many, from the history"
    for step in ("andra", "stall-in", "arenden"):
        assert f"{ALL}/{own}/{step}" not in visitor.text
    fields = {"action_on": clock.today().isoformat(), "done_what": "Gjort."}
    visitor.post(f"{ALL}/{own}/genomford", fields, form="finish")
    assert "Åtgärden är genomförd." in said(visitor)


def test_p15_p30_a_manager_is_told_no_small_number_and_no_fault_that_cannot_be_opened(stage, new_visitor):
    own, hidden, theme = stage.ask(with_effect)
    here = f"{ALL}/{own}"
    with clock.at(moment(clock.today() + timedelta(days=370), 10)):
        office, manager = new_visitor(), new_visitor()
        office.sign_in("samordnare")
        manager.sign_in("chef.af")
        assert "1 före, 0 efter" in said_at(office, here)
        assert "Månad för månad" in said(office)
        assert "Det som inte chefen ser" in said_at(office, ALL)
        assert "1 före, 0 efter" in said(office)
        assert f'href="{here}"' in office.get(f"{ALL}?theme={theme}").get_data(as_text=True)
        assert "färre än 5 före, färre än 5 efter" in said_at(manager, here)
        assert "Räknat på ett år före och ett år efter åtgärden." in said(manager)
        assert "Den hjälpte" in said(manager)
        for path in (here, ALL):
            for told in ("1 före", "0 efter", "Månad för månad", "Det som inte chefen ser", hidden):
                assert told not in said_at(manager, path), (told, path)
        assert f'href="{here}"' not in manager.get(f"{ALL}?theme={theme}").get_data(as_text=True)


def with_effect(cast) -> tuple[int, str, int]:
    """The id of a judged action of the manager's unit, the number of a fault the manager may not open, its theme."""
    theme = themes(cast.federation().id)[0]
    with clock.at(clock.now() - timedelta(days=40)):
        case = cast.report(concerned_organisation_id=fk_id(cast))
    action = done(cast, unit=cast.unit("Arbetsförmedlingen"), cases=(case,))
    with transaction():
        details = faults.Details("Det som inte chefen ser.", theme_id=theme.id)
        fault = faults.suspect(cast.coordinator, action.federation_id, details)
        linking.link_fault(cast.coordinator, action, fault, seen=action.version)
    judge = follow_ups(action)[0]
    with clock.at(moment(clock.today() + timedelta(days=200))), transaction():
        effect.judge(cast.coordinator, action, judge, Judgement.WORKED, "Ingen hör av sig.", seen=action.version)
    return action.id, fault.number, theme.id


def fk_id(cast) -> int:
    return cast.organisation("Försäkringskassan").id


def link(cast, action_id: int, case_id: int) -> None:
    action = db.session.get_one(Action, action_id)
    with transaction():
        linking.link_case(cast.coordinator, action, db.session.get_one(Case, case_id), seen=action.version)


def said_at(visitor, path: str) -> str:
    visitor.get(path)
    return said(visitor)


def test_the_start_pages_count_what_is_late_and_what_is_to_be_judged(desk, stage, new_visitor):
    made(stage, due_in=0)
    stage.ask(lambda cast: done(cast))
    when = moment(clock.today() + timedelta(days=400), 10)
    with clock.at(when):
        for part in ("samordnare", "forbundschef"):
            person = new_visitor()
            person.sign_in(part)
            assert "En åtgärd är försenad" in said_at(person, f"/start/{HOME}")
            assert "Effekt att bedöma" in said(person)
            person.get(f"{ALL}?only=late")
            assert said(person).count("Försenad<") == 1
            person.get(f"{ALL}?only=to_judge")
            assert "Genomförd" in said(person)


def test_p15_others_get_404_at_every_door(stage, new_visitor):
    action_id = stage.ask(lambda cast: done(cast).id)
    follow_up = look(stage, action_id, lambda row: follow_ups(row)[0].id)
    here = f"{ALL}/{action_id}"
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE), ("chef.af", HOME)):
        person = new_visitor()
        person.sign_in(part, slug)
        person.get("/kvitto")
        assert person.get(here).status_code == 404
        person.get("/kvitto")
        assert person.post(f"{here}/uppfoljning/{follow_up}/bedom", {"judgement": "worked"}).status_code == 404
    outsider = new_visitor()
    outsider.sign_in("samordnare", ELSEWHERE)
    assert outsider.get(f"/atgarder/{ELSEWHERE}/{action_id}").status_code == 404
    elsewhere = stage.ask(lambda cast: planned(cast, slug=ELSEWHERE).id)
    assert str(elsewhere) not in re.findall(r"atgarder/[\w-]+/(\d+)", outsider.get(ALL).get_data(as_text=True))


def test_p15_a_fault_of_another_federation_cannot_be_asked_for(desk, stage):
    theirs = stage.ask(fault_elsewhere)
    assert desk.get(f"{ALL}/ny?fault={theirs}").status_code == 404
    action_id = made(stage)
    desk.get(f"{ALL}/{action_id}")
    answer = desk.post(f"{ALL}/{action_id}/systemfel", {"fault": str(theirs)}, form="link_fault")
    assert answer.status_code == 422


def fault_elsewhere(cast) -> int:
    office, federation_id = cast.person("samordnare", ELSEWHERE), cast.federation(ELSEWHERE).id
    with transaction():
        return faults.suspect(office, federation_id, faults.Details("Ingen tar emot.")).id


def test_from_a_case_with_an_owner_and_a_day_it_has_a_page_of_its_own(desk, stage):
    case = stage.case(CaseStatus.ASSIGNED)
    unit = stage.ask(lambda cast: cast.unit("Arbetsförmedlingen").id)
    day = (clock.today() + timedelta(days=20)).isoformat()
    desk.get(case.path)
    fields = {"type": kind_of_action(stage), "description": "En rutin.", "status": "planned", "action_on": day}
    desk.post(f"{case.path}/atgard", {**fields, "owner": str(unit)}, form="record_action")
    assert "Åtgärden är sparad." in said(desk)
    (action_id,) = re.findall(rf'href="{ALL}/(\d+)"', desk.text)
    assert look(stage, action_id, lambda row: (row.owner_unit_id, row.due_on.isoformat())) == (unit, day)
    assert look(stage, action_id, kinds) == ["action.recorded"]


def test_the_list_asks_as_much_for_many_actions_as_for_few(app, desk, stage):
    def asked() -> int:
        statements: list[str] = []

        def listen(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert desk.get(f"{ALL}?q=informera").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(statements)

    stage.ask(lambda cast: [fill_one(cast) for _number in range(2)])
    few = asked()
    stage.ask(lambda cast: [fill_one(cast) for _number in range(7)])
    assert asked() <= few
    assert few <= 22


def fill_one(cast) -> None:
    fault_id, _number = a_fault(cast)
    case = cast.report()
    fault = queries.fault_in(cast.federation().id, fault_id)
    planned(cast, cases=(case,), faults=(fault,), unit=cast.unit("Arbetsförmedlingen"))
    done(cast, cases=(case,))


def test_the_panel_of_a_fault_says_what_was_tried_and_what_it_did(cast):
    fault_id, _number = a_fault(cast)
    fault = queries.fault_in(cast.federation().id, fault_id)
    action = planned(cast, faults=(fault,))
    panel = values(cast.coordinator, fault)
    assert [one.action for one in panel["rows"]] == [action]
    assert (panel["rows"][0].status, panel["rows"][0].effect, panel["may_record"]) == ("Planerad", "", True)
    assert values(cast.person("chef.af"), fault)["rows"] == []
    assert values(cast.director, fault)["may_record"] is False
