"""Several web servers and workers at once: one series of diary numbers, one chain, nothing twice (P1, P3, P14)."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable

from tests.worker.browsing import FORM, Browser
from tests.worker.installation import wait_until
from tests.worker.looking import case_statuses, cases, figures, findings, numbers, waiting_jobs

PEOPLE, EACH = 4, 50
ELSEWHERE = "/anmal/finnveden"


def at_once(tasks: list[Callable[[], list[int]]]) -> list[int]:
    """Run all at the same time; all their answers."""
    answers: list[int] = []
    threads = [threading.Thread(target=lambda task=task: answers.extend(task())) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def files(browser: Browser, form: str, times: int, **changes: str) -> Callable[[], list[int]]:
    return lambda: [browser.report(path=form, **changes).status for _ in range(times)]


def test_p01_p14_four_processes_take_two_hundred_reports_at_once(installation, app):
    """Four gunicorn processes and four pool processes; one person in four files with another federation."""
    servers = [installation.web(), installation.web()]
    for _ in range(2):
        installation.worker()
    installation.beat()
    forms = [FORM, FORM, FORM, ELSEWHERE]
    people = [servers[index % 2].another().open_form(form) for index, form in enumerate(forms)]
    statuses = at_once([files(person, form, EACH) for person, form in zip(people, forms, strict=True)])
    assert statuses == [302] * PEOPLE * EACH
    wait_until(lambda: waiting_jobs(app) == 0, "all is routed and sent", patience=120)
    found = [[int(part) for part in re.findall(r"\d+", number)] for number in numbers(app)]
    documents = sorted(document for _year, _file, document in found)
    assert documents == sorted([*range(1, 3 * EACH + 1), *range(1, EACH + 1)]), "gapless and unique in each federation"
    assert sum(case_statuses(app).values()) == PEOPLE * EACH
    assert "received" not in case_statuses(app)
    assert findings(app) == []
    assert figures(app)["possible_doubles"] == 0


def test_p01_the_same_submission_sent_by_all_at_once_is_one_report(installation, app):
    servers = [installation.web(), installation.web()]
    same = str(uuid.uuid4())
    people = [servers[index % 2].another().open_form() for index in range(8)]
    statuses = at_once([files(person, FORM, 3, submission_id=same) for person in people])
    assert statuses == [302] * 24
    assert cases(app) == 1
    assert len(numbers(app)) == 1
    assert {finding.promise for finding in findings(app)} <= {"P3"}, "nobody is there to route it"
