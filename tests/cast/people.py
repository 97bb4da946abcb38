"""The people of the tests, and a walk through the verbs to any status. Nothing is set by hand."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case
from lexheller.cases.queries import open_duty
from lexheller.cases.states import CaseStatus
from lexheller.casework import service as casework
from lexheller.core import clock
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.demo.data import PASSWORD, address
from lexheller.intake.service import Submission, submit
from lexheller.organisations.models import Federation, Organisation
from lexheller.organisations.queries import (
    federation_by_slug,
    municipalities,
    organisations,
    responsible_managers,
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

    @property
    def outsider(self) -> Actor:
        return self.person("samordnare", ELSEWHERE)

    def manager_of(self, case: Case) -> Actor:
        """Whoever answers for the unit of the case's open duty."""
        duty = open_duty(case.id)
        assert duty is not None
        manager = responsible_managers(duty.unit_id, clock.today())[0]
        user = user_by_email(manager.email)
        assert user is not None
        return actor_for(user)

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
        """A case in that status, walked there through the verbs."""
        unknown = {"concerned_organisation_id": None} if status is CaseStatus.UNROUTED else {}
        case = self.report(slug, **{**unknown, **changes})
        if status is CaseStatus.RECEIVED:
            return case
        with transaction():
            run_waiting_now()
        for wanted, walk in self._walks(slug):
            if case.status == status:
                break
            with transaction():
                walk(case)
                run_waiting_now()
            if wanted is status:
                break
        assert case.status == status, case.status
        return case

    def _walks(self, slug: str) -> list[tuple[CaseStatus, Callable[[Case], object]]]:
        coordinator = self.person("samordnare", slug)
        return [
            (CaseStatus.ACCEPTED, lambda case: casework.accept(self.manager_of(case), case, seen=case.version)),
            (
                CaseStatus.ANSWERED,
                lambda case: casework.answer(self.manager_of(case), case, dict(ANSWER), seen=case.version),
            ),
            (
                CaseStatus.CLOSED,
                lambda case: casework.close(coordinator, case, "Rutinen är ändrad.", seen=case.version),
            ),
        ]


@dataclass
class Visitor:
    """A browser without JavaScript: keeps its cookies and sends forms with the tokens that stand in them."""

    client: FlaskClient
    last: TestResponse | None = field(default=None)

    def get(self, path: str) -> TestResponse:
        self.last = self.client.get(path, follow_redirects=True)
        return self.last

    def post(
        self, path: str, data: dict[str, str] | None = None, *, form: str = "", follow: bool = True
    ) -> TestResponse:
        """Send a form that stood on the page seen last; `form` is its prefix."""
        assert self.last is not None, "look at a page first"
        prefix = f"{form}-" if form else ""
        values = {f"{prefix}{name}": value for name, value in (data or {}).items()}
        page = self.last.get_data(as_text=True)
        for name in (f"{prefix}csrf_token", "csrf_token", f"{prefix}version", "submission_id"):
            found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', page)
            if found and name not in values:
                values[name] = found.group(1)
        token = next((value for name, value in values.items() if name.endswith("csrf_token")), "")
        values.setdefault("csrf_token", token)
        self.last = self.client.post(path, data=values, follow_redirects=follow)
        return self.last

    def sign_in(self, part: str, slug: str = HOME, password: str = PASSWORD) -> TestResponse:
        self.get("/logga-in")
        return self.post("/logga-in", {"email": address(part, slug), "password": password})

    @property
    def text(self) -> str:
        assert self.last is not None
        return self.last.get_data(as_text=True)


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
