"""P13: of edits made on the same version one wins; the other is told, and keeps what was written."""

from __future__ import annotations

import html
import threading

from lexheller.audit.queries import broken_links, history
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import service
from lexheller.core.db import db
from lexheller.core.errors import Conflict, StepRefused
from lexheller.core.transaction import transaction
from tests.cast.people import ANSWER, Cast

AT_ONCE = 6


def test_p13_the_slower_of_two_people_gets_a_conflict_page_with_the_text_kept(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    manager, coordinator = new_visitor(), new_visitor()
    manager.sign_in("chef.af")
    coordinator.sign_in("samordnare")
    manager.get(case.path)
    coordinator.get(case.path)
    won = manager.post(case.path + "/svara", {"steps_taken": "Vi har ändrat."}, form="answer", follow=False)
    assert won.status_code == 302
    written = "Rutinen är ändrad, <b>säger</b> kontoret.\nOch en rad till."
    lost = coordinator.post(case.path + "/avsluta", {"conclusion": written}, form="close")
    assert lost.status_code == 409
    assert written in html.unescape(coordinator.text)
    assert "<b>säger</b>" not in coordinator.text
    after = stage.look(case.id)
    assert (after.status, after.version) == (CaseStatus.ANSWERED, case.version + 1)


def test_p13_a_single_word_is_kept_too(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    manager, coordinator = new_visitor(), new_visitor()
    manager.sign_in("chef.af")
    coordinator.sign_in("samordnare")
    manager.get(case.path)
    coordinator.get(case.path)
    coordinator.post(case.path + "/avsluta", {"conclusion": "Klart."}, form="close")
    lost = manager.post(case.path + "/svara", {"steps_taken": "Åtgärdat", "cause": "Okänt"}, form="answer")
    assert lost.status_code == 409
    assert ">Åtgärdat</textarea>" in manager.text
    assert ">Okänt</textarea>" in manager.text


def test_p13_the_conflict_page_keeps_words_and_shows_no_codes(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    first, second = new_visitor(), new_visitor()
    for person in (first, second):
        person.sign_in("samordnare")
        person.get(case.path)
    first.post(case.path + "/avsluta", {"conclusion": "Klart."}, form="close")
    lost = second.post(case.path + "/uppgifter", {"theme": "", "municipality": "", "organisation": ""}, form="classify")
    assert lost.status_code == 409
    assert "<textarea" not in second.text


def test_p13_a_tampered_version_meets_a_conflict(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator = new_visitor()
    coordinator.sign_in("samordnare")
    for version in ("0", "-1", "99", "9" * 30, "två", "1.0", "²"):
        coordinator.get(case.path)
        answer = coordinator.post(
            case.path + "/avsluta", {"conclusion": "Rutinen är ändrad.", "version": version}, form="close"
        )
        assert answer.status_code == 409, version
    assert stage.look(case.id) == case


def race(app, case_id: int, takes) -> list[str]:
    """Run the takes at the same time, each in a transaction of its own; what became of each."""
    gate = threading.Barrier(len(takes))
    results: list[str] = []

    def run(take) -> None:
        with app.app_context():
            cast = Cast(app)
            seen = db.session.get_one(Case, case_id).version
            db.session.rollback()
            gate.wait(30)
            try:
                with transaction():
                    take(cast, db.session.get_one(Case, case_id), seen)
                results.append("won")
            except Conflict:
                results.append("conflict")
            except StepRefused:
                results.append("refused")

    threads = [threading.Thread(target=run, args=(take,)) for take in takes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(results)


def answer(cast, row, seen):
    service.answer(cast.person("chef.af"), row, dict(ANSWER), seen=seen)


def close(cast, row, seen):
    service.close(cast.coordinator, row, "Klart nu.", seen=seen)


def route(_cast, row, _seen):
    service.route(row.id)


def test_p13_of_many_at_once_exactly_one_wins(app, stage):
    for _ in range(3):
        case = stage.case(CaseStatus.ASSIGNED)
        assert race(app, case.id, [answer, close] * (AT_ONCE // 2)) == ["conflict"] * (AT_ONCE - 1) + ["won"]
        after = stage.look(case.id)
        assert after.version == case.version + 1
        assert stage.ask(lambda _cast, case=case: broken_links()) == []


def test_p13_a_job_and_a_person_at_once_route_the_case_once(app, stage):
    for _ in range(3):
        case = stage.ask(lambda cast: cast.report().id)
        results = race(app, case, [close, route])
        assert "won" in results
        kinds = stage.ask(lambda cast, case=case: [event.kind for event in history(cast.federation().id, "case", case)])
        assert kinds in (["case.received", "case.closed"], ["case.received", "case.routed"])
