"""The installation that the browser tests visit, and what stands in its database.

Stops at what is there to be visited: the very commands of `make run` are started, nothing is done in a browser.
"""

from __future__ import annotations

import http.client
import os
import shutil
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import islice
from pathlib import Path

from flask import Flask

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import grant_role
from lexheller.app.factory import create_app
from lexheller.cases.answer_link import links_of, token_for
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_submission, live_duties
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import local_moment
from lexheller.deadlines.service import calendar_of
from lexheller.deadlines.sweep import fire_due
from lexheller.demo.actions import tell_demo_actions
from lexheller.demo.data import FEDERATIONS, address
from lexheller.demo.faults import tell_demo_faults
from lexheller.demo.fill import fill
from lexheller.demo.meetings import plan_demo_meetings
from lexheller.demo.tales import TALES, Teller, submission_id
from lexheller.embedded import processes
from lexheller.embedded.children import Child, end_children, start_child
from lexheller.embedded.places import Place
from lexheller.intake.codes import grouped
from lexheller.intake.service import receipt_code
from lexheller.messaging.transport import StoredMail, read_folder
from lexheller.organisations.queries import responsible_managers
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
    """A running installation at `url`. `cases` has one case about Arbetsförmedlingen in every status, `tales` those of
    the demonstration in which more happens, by name.
    """

    folder: Path
    url: str
    redis_url: str
    cases: dict[CaseStatus, Known] = field(default_factory=dict)
    tales: dict[str, Known] = field(default_factory=dict)
    overdue: Known | None = None
    children: list[Child] = field(default_factory=list)

    def case_path(self, known: Known) -> str:
        return f"/arenden/{HOME}/{known.id}"

    def mails(self, to: str, about: str = "") -> list[StoredMail]:
        """Mails to an address whose subject or text holds `about`, newest first: of all, since those of days that a
        test let pass are newer than what it has sent since."""
        kept = read_folder(self.folder / "mail", most=sys.maxsize)
        return [mail for mail in kept if to in mail.to and about in mail.subject + mail.text]

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

    def superior_of(self, number: str) -> str:
        """The address of the manager above whoever still has to answer the case."""
        app = self._app()
        with app.app_context():
            case = db.session.scalars(db.select(Case).where(Case.number == number)).first()
            duty = live_duties(case.id)[0]
            found = responsible_managers(duty.unit_id, clock.today())[0].superior_email
            db.session.remove()
            db.engine.dispose()
        return found

    def let_time_pass(self, *, working_days: int) -> None:
        """The deadlines' clock ticks on the morning of each of the working days ahead, and its mail is sent."""
        app = self._app()
        with app.app_context():
            federation = Cast(app).federation()
            for days in range(1, working_days + 1):
                day = add_working_days(clock.today(), days, calendar_of(federation))
                with clock.at(local_moment(day, time(9))):
                    with transaction():
                        fire_due(federation.id)
                    with transaction():
                        run_waiting_now()
            db.session.remove()
            db.engine.dispose()

    def fill(self) -> None:
        """Two years of the demonstration, a known case in every status, one that is late, a director of two."""
        app = self._app()
        with app.app_context():
            for _ in islice(fill(), STORIES):
                pass
            cast = Cast(app)
            self._tell_tales(cast)
            self.cases = {status: _walk(cast, status) for status in CaseStatus if status is not CaseStatus.RECEIVED}
            with clock.at(clock.now() - timedelta(days=70)):
                self.overdue = _walk(cast, CaseStatus.ASSIGNED)
            with transaction():
                home = cast.federation()
                grant_role(OPERATOR, user_by_email(DIRECTOR_OF_TWO), Role.DIRECTOR, federation_id=home.id)
            db.session.remove()
            db.engine.dispose()

    def _tell_tales(self, cast: Cast) -> None:
        """What happens beside the straight line, at home and in the federation that home's cases are offered to."""
        for slug in (HOME, ELSEWHERE):
            wanted = next(found for found in FEDERATIONS if found.slug == slug)
            for tale in TALES.values():
                with transaction():
                    tale(Teller(cast.federation(slug), wanted))
            with transaction():
                tell_demo_faults(cast.federation(slug), cast.person("samordnare", slug))
                tell_demo_actions(cast.federation(slug), cast.person("samordnare", slug))
                plan_demo_meetings(cast.federation(slug), cast.person("samordnare", slug))
        for name in (*TALES, "event-2"):
            wanted = next(found for found in FEDERATIONS if found.slug == HOME)
            case = case_of_submission(cast.federation().id, submission_id(wanted, name))
            code = grouped(receipt_code(case.federation_id, case.report.submission_id))
            self.tales[name] = Known(case.id, case.number, code)

    def link_to(self, known: Known) -> str:
        """The mailed link to the case's first live duty, as its manager has it."""
        app = self._app()
        with app.app_context():
            token = token_for(links_of(live_duties(known.id)[0].id)[0])
            db.session.remove()
            db.engine.dispose()
        return f"/svar/{token}"

    def id_of(self, find: Callable[[Cast], int]) -> int:
        """Whatever id a page's address needs."""
        app = self._app()
        with app.app_context():
            found = find(Cast(app))
            db.session.remove()
            db.engine.dispose()
        return found

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
