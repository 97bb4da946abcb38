"""A provider that federations of the tests are connected to, and the way of a browser through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from lexheller.accounts import single_sign_on_settings as settings
from lexheller.accounts.single_sign_on_queries import connection_in
from tests.cast.people import HOME, Cast, Visitor
from tests.cast.stage import Stage
from tests.services.identity_provider import IdentityProvider

DONE = "/logga-in/klar"
SECRET = "en-hemlighet-som-bara-utfärdaren-vet"


@pytest.fixture(scope="session")
def running_provider() -> Iterator[IdentityProvider]:
    """One server for all tests of a process."""
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running_provider: IdentityProvider) -> Iterator[IdentityProvider]:
    """A provider that tells the truth, until the test says otherwise."""
    yield running_provider
    running_provider.tell_the_truth()


@pytest.fixture
def connect(stage: Stage, provider: IdentityProvider) -> Callable[..., int]:
    """Connect a federation to the provider, and turn it on: its id."""

    def make(slug: str = HOME, *, on: bool = True, **changes: Any) -> int:
        def ask(cast: Cast) -> int:
            office, home = cast.person("samordnare", slug), cast.federation(slug).id
            row = settings.add_connection(office, home, draft(provider.issuer, **changes))
            if on:
                settings.turn_on(office, row, settings.proof_of_trial(row))
            return row.id

        return stage.ask(ask)

    return make


@pytest.fixture
def change(stage: Stage, provider: IdentityProvider) -> Callable[..., bool]:
    """Change a connection as the coordinator; whether that turned it off."""

    def make(connection_id: int, slug: str = HOME, **changes: Any) -> bool:
        def ask(cast: Cast) -> bool:
            row = connection_in(cast.federation(slug).id, connection_id)
            wanted = draft(**{"issuer": provider.issuer, "secret": "", **changes})
            return settings.change_connection(
                cast.person("samordnare", slug), row, wanted, seen=settings.version_of(row)
            )

        return stage.ask(ask)

    return make


def draft(issuer: str, **changes: Any) -> settings.Draft:
    values: dict[str, Any] = {
        "organisation_id": None,
        "name": "Jobbkontot",
        "issuer": issuer,
        "client_id": "lex-heller",
        "secret": SECRET,
        "scopes": "openid profile email",
        "subject_claim": "sub",
        "mail_claim": "email",
        "groups_claim": "groups",
        "mail_domains": ("jonkoping.example",),
        "strong_values": ("mfa",),
        "role_groups": {"analyst": ("lh-analytiker",), "registrar": ("lh-registrator",)},
    }
    return settings.Draft(**{**values, **changes})


@dataclass
class Way:
    """Of one browser through the provider. Each step can be taken alone."""

    visitor: Visitor
    provider: IdentityProvider
    connection_id: int
    slug: str = HOME

    def start(self, query: str = "") -> str:
        """Where the browser is led."""
        answer = self.visitor.client.get(f"/logga-in/via/{self.slug}/{self.connection_id}{query}")
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return answer.location

    def back(self, subject: str, way: str) -> str:
        """Where the provider leads it back to: a path here."""
        parts = urlsplit(self.provider.sign_in(way, subject))
        return f"{parts.path}?{parts.query}"

    def arrive(self, path: str) -> TestResponse:
        """What the way back answers; where it led on, what the form that waits there does."""
        answer = self.visitor.client.get(path)
        if answer.status_code != 302 or answer.location != DONE:
            return answer
        self.visitor.get(DONE)
        return self.visitor.post(DONE, follow=False)

    def go(self, subject: str, query: str = "") -> TestResponse:
        return self.arrive(self.back(subject, self.start(query)))


@pytest.fixture
def way(visitor: Visitor, provider: IdentityProvider) -> Callable[..., Way]:
    return lambda connection_id, slug=HOME, by=None: Way(by or visitor, provider, connection_id, slug)
