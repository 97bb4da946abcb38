"""From report to yearly report through the pages, without JavaScript."""

import re

from flask import Flask

from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction


def work(app: Flask) -> None:
    with app.app_context(), transaction():
        run_waiting_now()


def test_a_report_becomes_a_figure(app, new_visitor):
    reporter, manager, coordinator = new_visitor(), new_visitor(), new_visitor()
    page = reporter.get("/anmal/sodra-vatterbygden").get_data(as_text=True)
    option = re.search(r'value="(\d+)">Arbetsförmedlingen<', page)[1]
    place = re.search(r'value="(\d+)">Habo<', page)[1]
    reporter.post(
        "/anmal/sodra-vatterbygden",
        {"what_happened": "Ingen väg in utan e-legitimation.", "concerned_organisation": option, "municipality": place},
    )
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", reporter.text)[0]
    work(app)
    manager.sign_in("chef.af")
    case_path = re.search(r'href="(/arenden/sodra-vatterbygden/\d+)"', manager.text)[1]
    manager.get(case_path)
    assert "Ingen väg in utan e-legitimation." in manager.text
    answer_path, duty = re.search(rf'action="({case_path}/uppdrag/(\d+)/svara)"', manager.text).groups()
    manager.post(answer_path, {"steps_taken": "Vägen in är nu känd."}, form=f"svara-{duty}")
    assert "Svaret är skickat" in manager.text
    work(app)
    reporter.get("/kvitto")
    reporter.post("/kvitto", {"code": code.lower().replace("-", " ")})
    assert "Vägen in är nu känd." in reporter.text
    coordinator.sign_in("samordnare")
    coordinator.get(case_path)
    coordinator.post(case_path + "/avsluta", {"conclusion": "Klart.", "reason": "solved"}, form="close")
    assert "Ärendet är avslutat" in coordinator.text
    coordinator.get("/atgardsrapport/sodra-vatterbygden")
    assert "färre än 5 Lex Heller-anmälningar" in coordinator.text
