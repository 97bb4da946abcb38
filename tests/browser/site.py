"""The installation that the browser tests visit, and what stands in its database.

Stops at what is there to be visited: the very commands of `make run` are started, nothing is done in a browser.
"""

from __future__ import annotations

import http.client
import os
import shutil
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from flask import Flask

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import grant_role
from lexheller.app.factory import create_app
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.demo.fill import fill
from lexheller.embedded import processes
from lexheller.embedded.children import Child, end_children, start_child
from lexheller.embedded.places import Place
from lexheller.intake.codes import grouped
from lexheller.intake.service import receipt_code
from lexheller.messaging.transport import StoredMail, read_folder
from tests.cast.databases import SECRET, settings_for
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.services.ports import free_port
from tests.worker.installation import CHECKOUT, wait_until

STORIES = 30
"""How many of the demonstration's cases are told: more than a page of the queue, two years, every stage."""
DIRECTOR_OF_TWO = address("forbundschef", ELSEWHERE)


@dataclass(frozen=True)
class Known:
    """A case made for the tests, and the code that its reporter was given."""

    id: int
    number: str
    code: str


@dataclass
class Site:
    """A running installation at `url`. `cases` has one case about Arbetsförmedlingen in every status."""

    folder: Path
    url: str
    redis_url: str
    cases: dict[CaseStatus, Known] = field(default_factory=dict)
    overdue: Known | None = None
    children: list[Child] = field(default_factory=list)

    def case_path(self, known: Known) -> str:
        return f"/arenden/{HOME}/{known.id}"

    def mails(self, to: str, about: str = "") -> list[StoredMail]:
        """Mails to an address whose subject or text holds `about`, newest first."""
        return [
            mail for mail in read_folder(self.folder / "mail") if to in mail.to and about in mail.subject + mail.text
        ]

    def mail(self, to: str, about: str) -> StoredMail:
        """The mail, once the worker has sent it."""
        wait_until(lambda: self.mails(to, about), f"a mail to {to} about {about}")
        return self.mails(to, about)[0]

    def new_case(self, status: CaseStatus) -> Known:
        """One more case in that status, for a test that changes it."""
        app = self._app()
        with app.app_context():
            known = _walk(Cast(app), status)
            db.session.remove()
            db.engine.dispose()
        return known

    def fill(self) -> None:
        """Two years of the demonstration, a known case in every status, one that is late, a director of two."""
        app = self._app()
        with app.app_context():
            for _ in islice(fill(), STORIES):
                pass
            cast = Cast(app)
            self.cases = {status: _walk(cast, status) for status in CaseStatus if status is not CaseStatus.RECEIVED}
            with clock.at(clock.now() - timedelta(days=70)):
                self.overdue = _walk(cast, CaseStatus.ASSIGNED)
            with transaction():
                home = cast.federation()
                grant_role(OPERATOR, user_by_email(DIRECTOR_OF_TWO), Role.DIRECTOR, federation_id=home.id)
            db.session.remove()
            db.engine.dispose()

    def start(self) -> None:
        """Web server, worker and beat; returns when pages are served."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        place = Place(self.folder, host, int(port), self.url, self.redis_url)
        for name, command in (("web", processes.web), ("worker", processes.worker), ("beat", processes.beat)):
            with (self.folder / f"{name}.log").open("ab") as log:
                self.children.append(start_child(name, command(place), self._environ(), log, CHECKOUT))
        wait_until(lambda: _alive(host, int(port)), "the web server answers")

    def stop(self) -> None:
        end_children(self.children, patience=5.0)

    def _app(self) -> Flask:
        return create_app(settings_for(f"sqlite:///{self.folder / 'lexheller.sqlite'}", self.folder))

    def _environ(self) -> dict[str, str]:
        given = {
            "LEXHELLER_ENV": "embedded",
            "LEXHELLER_DATA": str(self.folder),
            "LEXHELLER_BASE_URL": self.url,
            "LEXHELLER_REDIS_URL": self.redis_url,
            "LEXHELLER_SECRET_KEY": SECRET,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEXHELLER_")}
        return {**kept, **given}


def prepared(folder: Path, template: Path, redis_url: str) -> Site:
    """A site on a copy of the template database, filled but not started."""
    shutil.copy(template, folder / "lexheller.sqlite")
    site = Site(folder, f"http://127.0.0.1:{free_port()}", redis_url)
    site.fill()
    return site


def _walk(cast: Cast, status: CaseStatus) -> Known:
    submission_id = str(uuid.uuid4())
    case: Case = cast.reach(status, submission_id=submission_id)
    code = grouped(receipt_code(case.federation_id, submission_id))
    return Known(case.id, case.number, code)


def _alive(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
