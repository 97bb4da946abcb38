"""P21: the same headers on every kind of answer, cookies bound to the host behind https, and the files for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask

from lexheller.app.factory import create_app
from lexheller.app.well_known import OPEN
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.web.access import Gate, access_of
from lexheller.web.headers import HEADERS
from tests.cast.databases import settings_for
from tests.cast.people import HOME

SITE = "https://lexheller.example.se"
STYLES = "/static/css/page.css"
SECURITY = "/.well-known/security.txt"


@pytest.fixture
def production(database_url, tmp_path) -> Iterator[Flask]:
    """As it answers behind https, with somebody to tell about security faults."""
    settings = settings_for(database_url, tmp_path)
    app = create_app(replace(settings, base_url=SITE, security_contact="mailto:sakerhet@example.se"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_p21_files_redirects_and_errors_carry_every_header(visitor):
    client = visitor.client
    tag = client.get(STYLES).headers["ETag"]
    answers = {
        "file": client.get(STYLES),
        "file, compressed": client.get(STYLES, headers={"Accept-Encoding": "gzip"}),
        "file that is there already": client.get(STYLES, headers={"If-None-Match": tag}),
        "no such file": client.get("/static/finns-inte.css"),
        "file outside of the folder": client.get("/static/..%2f..%2fconfig.py"),
        "head": client.head(f"/publikt/{HOME}"),
        "options": client.options("/logga-in"),
        "to sign in": client.get(f"/arenden/{HOME}"),
        "sent without being signed in": client.post(f"/installningar/{HOME}/redogorelser"),
        "open page": client.get(f"/tillganglighet/{HOME}"),
        "no such page": client.get("/finns-inte"),
        "no such method": client.put("/kvitto"),
        "method nobody knows": client.open("/kvitto", method="BREW"),
        "robots": client.get("/robots.txt"),
        "no contact": client.get(SECURITY),
    }
    for kind, answer in answers.items():
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, kind
    kept = {kind for kind, answer in answers.items() if "public" in answer.headers["Cache-Control"]}
    assert kept == {"file", "file, compressed", "file that is there already", "head", "open page", "robots"}
    assert {answer.headers["Cache-Control"] for kind, answer in answers.items() if kind not in kept} == {"no-store"}
    for path in (STYLES, "/robots.txt", f"/tillganglighet/{HOME}"):
        assert "Set-Cookie" not in client.get(f"{path}?lang=en").headers, path
    assert answers["file that is there already"].status_code == 304
    assert answers["file, compressed"].headers["Content-Encoding"] == "gzip"


def test_p21_what_the_headers_say():
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Opener-Policy"] == HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"
    assert HEADERS["Strict-Transport-Security"].startswith("max-age=31536000")
    denied = HEADERS["Permissions-Policy"].split(", ")
    assert all(each.endswith("=()") for each in denied)
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"} <= set(denied)


def test_p21_behind_https_every_cookie_is_bound_to_the_host(production):
    client = production.test_client()
    lines = client.get("/logga-in?lang=en", base_url=SITE).headers.getlist("Set-Cookie")
    assert sorted(line.partition("=")[0] for line in lines) == ["__Host-lexheller", "__Host-lexheller_lang"]
    for line in lines:
        parts = set(line.split("; "))
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]
    assert '<html lang="en">' in client.get("/logga-in", base_url=SITE).get_data(as_text=True)


def test_security_txt_says_whom_to_tell_and_does_not_exist_where_nobody_is_named(production, visitor):
    assert visitor.client.get(SECURITY).status_code == 404
    answer = production.test_client().get(SECURITY, base_url=SITE)
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    fields = dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())
    assert fields["Contact"] == "mailto:sakerhet@example.se"
    assert fields["Canonical"] == SITE + SECURITY
    left = datetime.fromisoformat(fields["Expires"]) - datetime.combine(clock.today(), datetime.min.time(), UTC)
    assert timedelta(days=100) < left < timedelta(days=365)


def test_robots_are_kept_away_from_all_but_the_open_pages(app, visitor):
    rules = RobotFileParser()
    rules.parse(visitor.client.get("/robots.txt").get_data(as_text=True).splitlines())
    found = set()
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<federation>", HOME)
        if rules.can_fetch("Any", SITE + path):
            assert access_of(app, rule.endpoint).gate is Gate.PUBLIC, rule.rule
            found.add("/" + rule.rule.split("/")[1])
    assert found == {start.rstrip("/") for start in OPEN}
    for path in ("/", "/anmal", "/logga-in", "/kvitto", f"/arenden/{HOME}", SECURITY):
        assert not rules.can_fetch("Any", SITE + path), path
