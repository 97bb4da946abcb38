"""What comes beside the forms: headers, hosts, forged proxies, cookies and methods.

Stops at what others show already: session fixation, redirects and brute force stand with the accounts, upload bombs
with the spreadsheets and templates.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lexheller.app.factory import create_app
from lexheller.demo.data import address
from lexheller.web.limits import sender
from tests.attack.standing import PARTS
from tests.cast.databases import on_sqlite, settings_for
from tests.cast.people import HOME, Visitor

pytestmark = on_sqlite
DESK = f"/arenden/{HOME}"
LINES = (
    "a\r\nX-Stulen: 1",
    "a\nX-Stulen: 1",
    "a\r\n\r\n<script>",
    "a%0d%0aX-Stulen:%201",
    "a\u2028X-Stulen: 1",
    "å\x85b",
)


def test_no_header_is_split_and_one_line_of_the_log_stays_one(app: Flask, printed: Callable[[], str]) -> None:
    printed()
    client = app.test_client()
    for text in LINES:
        for path in ("/logga-in", "/anmal", "/nowhere", DESK, f"/anmal/{HOME}"):
            answers = [client.get(path, query_string={"next": text, "lang": text, "q": text})]
            answers.append(client.post(path, data={"email": text, "password": text, "next": text}))
            for answer in answers:
                assert answer.status_code < 500
                assert "X-Stulen" not in answer.headers
                assert not any(sign in value for _, value in answer.headers for sign in "\r\n")
    for line in printed().splitlines():
        if line.startswith("{"):
            json.loads(line)
        assert not line.startswith("X-Stulen")


@pytest.mark.parametrize("hostile", ["evil.example", "evil.example:80@localhost", "localhost.evil.example", "<script>"])
def test_links_in_mails_lead_to_the_installation_whatever_host_was_asked(
    app: Flask, stage, visitor: Visitor, tmp_path, hostile: str
) -> None:
    page = visitor.client.get("/glomt-losenord").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    data = {"csrf_token": token, "email": address(PARTS["office"], HOME)}
    headers = {
        "Cookie": "; ".join(f"{found.key}={found.value}" for found in visitor.client._cookies.values()),
        "Host": hostile,
        "X-Forwarded-Host": hostile,
        "X-Forwarded-Proto": "gopher",
        "Forwarded": f"host={hostile}",
    }
    answer = app.test_client(use_cookies=False).post("/glomt-losenord", data=data, headers=headers)
    assert answer.status_code < 500
    assert "evil.example" not in answer.headers.get("Location", "")
    stage.case()
    stage.work()
    mails = [path.read_text("utf-8", errors="replace") for path in tmp_path.rglob("*.eml")]
    assert any("/nytt-losenord/" in mail for mail in mails)
    assert not any("evil.example" in mail or "gopher" in mail for mail in mails)


@pytest.mark.parametrize(("proxies", "told"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_p20_a_forged_proxy_line_does_not_make_another_sender(
    database_url: str, tmp_path, proxies: int, told: str
) -> None:
    """Only what the last trusted proxy added counts; what the visitor wrote before it does not."""
    app = create_app(replace(settings_for(database_url, tmp_path), trusted_proxies=proxies))
    seen: list[str] = []
    app.before_request(lambda: seen.append(sender()))
    for forged in ("198.51.100.1", "198.51.100.2, 198.51.100.3", "' OR 1=1 --", "a" * 5_000):
        given = f"{forged}, 203.0.113.9" if proxies else forged
        answer = app.test_client().get("/logga-in", headers={"X-Forwarded-For": given, "X-Real-IP": forged})
        assert answer.status_code == 200
    assert set(seen) == {told}


def tampered(value: str) -> Iterator[str]:
    yield ""
    yield value[:-1]
    yield value[::-1]
    yield f"{value}x"
    yield value.swapcase()
    yield value.partition(".")[0] + "." + ".".join(value.split(".")[1:-1]) + ".AAAA"
    yield "eyJfdXNlcl9pZCI6IjEifQ.aSHT1A.c2lnbmVk"
    yield "%00" * 40
    yield "a" * 9_000


def test_p19_a_tampered_cookie_signs_nobody_in(visitor: Visitor) -> None:
    visitor.sign_in(PARTS["office"])
    assert visitor.client.get(DESK).status_code == 200
    kept = [found for found in visitor.client._cookies.values() if found.http_only]
    assert kept
    for cookie in kept:
        for value in tampered(cookie.value):
            answer = visitor.client.application.test_client().get(
                DESK,
                headers={"Cookie": f"{cookie.key}={value}"},
            )
            assert answer.status_code == 302, value
            assert answer.headers["Location"].startswith("/logga-in")


def test_p18_no_word_in_a_form_or_header_makes_it_another_method(visitor: Visitor) -> None:
    visitor.sign_in(PARTS["office"])
    for override in ({"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "PUT"}):
        answer = visitor.client.get("/logga-ut", query_string={"_method": "POST"}, headers=override)
        assert answer.status_code == 405
        assert visitor.client.get(DESK, headers=override).status_code == 200
