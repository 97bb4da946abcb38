"""The people of the tests, and a walk through the verbs to any status. Nothing is set by hand."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Actor, Role
from lexheller.accounts.service import create_user, grant_role, withdraw_role
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, closing, sending
from lexheller.core import clock
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.demo.data import PASSWORD, address
from lexheller.intake.service import Submission, submit
from lexheller.organisations.models import Federation, Organisation, Unit
from lexheller.organisations.queries import (
    federation_by_slug,
    municipalities,
    organisations,
    responsible_managers,
    units,
)

HOME, ELSEWHERE = "sodra-vatterbygden", "finnveden"
ANSWER = {
    "cause": "Rutinen var okänd.",
    "steps_taken": "Rutinen är ändrad.",
    "consequence": "",
    "follow_up": "I höst.",
}


@dataclass
class Cast:
    """Actors by part. `outsider` is the coordinator of another federation, who knocks on every door."""

    app: Flask

    def federation(self, slug: str = HOME) -> Federation:
        found = federation_by_slug(slug)
        assert found is not None
        return found

    def person(self, part: str, slug: str = HOME) -> Actor:
        user = user_by_email(address(part, slug))
        assert user is not None
        return actor_for(user)

    @property
    def coordinator(self) -> Actor:
        return self.person("samordnare")

    @property
    def director(self) -> Actor:
        return self.person("forbundschef")

    def newcomer(self, part: str, role: Role, *slugs: str) -> Actor:
        """Somebody who is not of the demonstration: an account at home with the role in these federations."""
        user = create_user(email=address(part, HOME), name=f"{part.capitalize()} Ny", password=PASSWORD)
        for slug in slugs or (HOME,):
            grant_role(OPERATOR, user, role, federation_id=self.federation(slug).id)
        return actor_for(user)

    def coordinator_leaves(self, slug: str = HOME) -> None:
        """The director has the coordinator's role from now on: somebody must."""
        home = self.federation(slug).id
        left, successor = (user_by_email(address(part, slug)) for part in ("samordnare", "forbundschef"))
        assert left is not None
        assert successor is not None
        grant_role(OPERATOR, successor, Role.COORDINATOR, federation_id=home)
        withdraw_role(OPERATOR, left, Role.COORDINATOR, federation_id=home)

    @property
    def outsider(self) -> Actor:
        return self.person("samordnare", ELSEWHERE)

    def manager_of(self, found: Case | Duty) -> Actor:
        """Whoever answers for the unit of the duty, or of the case's first live one."""
        duty = found if isinstance(found, Duty) else self.duty(found)
        manager = responsible_managers(duty.unit_id, clock.today())[0]
        user = user_by_email(manager.email)
        assert user is not None
        return actor_for(user)

    def duty(self, case: Case) -> Duty:
        """The case's first live duty."""
        return live_duties(case.id)[0]

    def unit(self, organisation: str, slug: str = HOME, *, position: int = 0) -> Unit:
        """One of an organisation's units, in their order."""
        return [row for row in units(self.federation(slug).id) if row.organisation.name == organisation][position]

    def organisation(self, name: str, slug: str = HOME) -> Organisation:
        return next(row for row in organisations(self.federation(slug).id) if row.name == name)

    def submission(self, slug: str = HOME, **changes: object) -> Submission:
        """A report about Arbetsförmedlingen in the federation's first municipality."""
        place = municipalities(self.federation(slug).id)[0]
        values: dict[str, object] = {
            "submission_id": str(uuid.uuid4()),
            "what_happened": "Kontoret hänvisade till webben och webben till kontoret.",
            "concerned_organisation_id": self.organisation("Arbetsförmedlingen", slug).id,
            "municipality_id": place.id,
            "reporter_email": "anmalare@habo.example",
        }
        return Submission(**{**values, **changes})  # type: ignore[arg-type]

    def report(self, slug: str = HOME, **changes: object) -> Case:
        """A report as a reporter files it; not yet routed."""
        with transaction():
            return submit(self.federation(slug), self.submission(slug, **changes))

    def reach(self, status: CaseStatus, slug: str = HOME, **changes: object) -> Case:
        """A case in that status, walked there through the verbs. To `collected` it goes by two parties."""
        unknown = {"concerned_organisation_id": None} if status is CaseStatus.UNROUTED else {}
        case = self.report(slug, **{**unknown, **changes})
        if status is CaseStatus.RECEIVED:
            return case
        with transaction():
            run_waiting_now()
        for walk in self._walks(status, slug):
            if case.status == status:
                break
            with transaction():
                walk(case)
                run_waiting_now()
        assert case.status == status, case.status
        return case

    def _walks(self, status: CaseStatus, slug: str) -> list[Callable[[Case], object]]:
        if status is CaseStatus.COLLECTED:
            return [lambda case: self.ask_two(case, slug), self.accept, self.answer, self.answer]
        return [self.accept, self.answer, lambda case: self.close(case, slug)]

    def ask_two(self, case: Case, slug: str = HOME) -> list[Duty]:
        """Send the case to two parties, in a new round."""
        asked = [self.unit("Arbetsförmedlingen", slug), self.unit("Försäkringskassan", slug)]
        return sending.assign(self.person("samordnare", slug), case, asked, seen=case.version)

    def accept(self, case: Case) -> None:
        """By whoever has the first live duty."""
        duty = self.duty(case)
        answering.accept(self.manager_of(duty), case, duty, seen=duty.version)

    def answer(self, case: Case, **texts: str) -> None:
        """By whoever has the first live duty."""
        duty = self.duty(case)
        answering.answer(self.manager_of(duty), case, duty, {**ANSWER, **texts}, seen=duty.version)

    def close(self, case: Case, slug: str = HOME) -> None:
        coordinator = self.person("samordnare", slug)
        closing.close(coordinator, case, CloseReason.SOLVED, "Rutinen är ändrad.", seen=case.version)


class Visitor:
    """A browser without JavaScript: keeps its cookies and sends forms with the tokens that stand in them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._last: TestResponse | None = None
        self._onwards = ""

    @property
    def last(self) -> TestResponse | None:
        """The page seen last. Where a sign-in led is fetched when it is asked for: most go on elsewhere at once."""
        if self._onwards:
            self.get(self._onwards)
        return self._last

    @last.setter
    def last(self, page: TestResponse | None) -> None:
        self._last, self._onwards = page, ""

    def get(self, path: str) -> TestResponse:
        found = self.last = self.client.get(path, follow_redirects=True)
        return found

    def post(
        self, path: str, data: dict[str, str] | None = None, *, form: str = "", follow: bool = True
    ) -> TestResponse:
        """Send a form that stood on the page seen last; `form` is its prefix."""
        seen = self.last
        assert seen is not None, "look at a page first"
        prefix = f"{form}-" if form else ""
        values = {f"{prefix}{name}": value for name, value in (data or {}).items()}
        page = seen.get_data(as_text=True)
        for name in (f"{prefix}csrf_token", "csrf_token", f"{prefix}version", "submission_id"):
            found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', page)
            if found and name not in values:
                values[name] = found.group(1)
        token = next((value for name, value in values.items() if name.endswith("csrf_token")), "")
        values.setdefault("csrf_token", token)
        answer = self.last = self.client.post(path, data=values, follow_redirects=follow)
        return answer

    def sign_in(self, part: str, slug: str = HOME, password: str = PASSWORD) -> TestResponse:
        """The answer to the form itself, which leads on when it was right."""
        self.get("/logga-in")
        answer = self.post("/logga-in", {"email": address(part, slug), "password": password}, follow=False)
        self._onwards = answer.location or ""
        return answer

    @property
    def text(self) -> str:
        seen = self.last
        assert seen is not None
        return seen.get_data(as_text=True)


@pytest.fixture
def cast(context: Flask) -> Cast:
    return Cast(context)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def new_visitor(app: Flask) -> Callable[[], Visitor]:
    """Several people at once, each with their own cookies."""
    return lambda: Visitor(app.test_client())
