"""P32: with the database gone every form of the program answers the same: 503, when to try again, and what was written.

The sign-in and its tokens are from an installation that works; then the same visitor stands before one whose database
cannot be reached. Every address of the program that takes a form is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.routing import Rule

from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.web.access import access_of
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor
from tests.cast.traces import counts
from tests.services.ports import free_port

TEXT = "Kontoret hänvisade till <b>webben</b>.\n\nOch webben till kontoret, i tio veckor."
SHOWN = "Kontoret hänvisade till &lt;b&gt;webben&lt;/b&gt;.\n\nOch webben till kontoret, i tio veckor."
SECRETS = {
    "password": "korrekt häst batteri",
    "new_password": "ny häst batteri häfta",
    "form-recovery_code": "abcd-efgh-ijkl",
}


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Flask]:
    """The program on a database at whose address nobody answers."""
    app = create_app(settings_for(f"postgresql+psycopg://lexheller@127.0.0.1:{free_port()}/gone", tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


def known_to(other: Flask, visitor: Visitor) -> tuple[FlaskClient, str]:
    """The same browser before another installation with the same secret; and the token of the page it has open."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.text)
    cookie = visitor.client.get_cookie("lexheller")
    assert token is not None and cookie is not None
    client = other.test_client()
    client.set_cookie("lexheller", cookie.value)
    return client, token[1]


def address(rule: Rule) -> str:
    values = {name: HOME if name == "federation" else "1" for name in rule.arguments}
    values |= {name: "2024" for name in rule.arguments if name == "year"}
    chosen = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: values[found[1]], chosen)


def forms(app: Flask) -> list[Rule]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())), key=lambda one: one.rule
    )


def test_p32_every_form_keeps_what_was_written(app, visitor, gone):
    visitor.sign_in("samordnare")
    visitor.get(f"/anmal/{HOME}")
    tried, answered = 0, {}
    for rule in forms(gone):
        client, token = known_to(gone, visitor)
        data = {
            "csrf_token": token,
            "what_happened": TEXT,
            "answer-cause": "Rutinen var okänd.",
            "email": "a@b.example",
        }
        answer = client.post(address(rule), data=data | SECRETS)
        page = answer.get_data(as_text=True)
        if answer.status_code != 503:
            answered[rule.endpoint] = answer.status_code  # a link nobody signed, a code nobody has: told without asking
            continue
        assert int(answer.headers["Retry-After"]) > 0, rule.rule
        assert SHOWN in page and "Rutinen var okänd." in page, rule.rule
        assert not [secret for secret in (*SECRETS.values(), token) if secret in page], rule.rule
        assert "felnumret" in page and "Content-Security-Policy" in answer.headers, rule.rule
        tried += 1
    assert tried > 100
    assert set(answered.values()) <= {302, 404, 422}, answered
    assert {str(access_of(gone, endpoint).gate) for endpoint in answered} == {"public"}, answered


@pytest.mark.parametrize(
    "problem",
    [
        OperationalError("COMMIT", {}, Exception("terminating connection")),
        InterfaceError("COMMIT", {}, Exception("the connection is closed")),
        TimeoutError("QueuePool limit reached"),
    ],
    ids=["the server ends", "the connection is closed", "no connection is free"],
)
def test_p02_p32_when_it_goes_in_the_last_moment_nothing_is_stored_and_the_same_form_can_be_sent_again(
    app, visitor, problem
):
    """At the commit itself, when the page is already made."""
    before = counts(app)
    visitor.get(f"/anmal/{HOME}")
    form = visitor.last

    def fall(_connection: object) -> None:
        raise problem

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", fall)
    visitor.post(f"/anmal/{HOME}", {"what_happened": TEXT})
    event.remove(engine, "commit", fall)
    assert visitor.last.status_code == 503
    assert int(visitor.last.headers["Retry-After"]) > 0
    assert SHOWN in visitor.text
    assert counts(app) == before
    visitor.last = form
    visitor.post(f"/anmal/{HOME}", {"what_happened": TEXT})
    assert visitor.last.status_code == 200
    assert counts(app)["report"] == before["report"] + 1
