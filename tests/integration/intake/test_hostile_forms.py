"""No input alone gives a 5xx, and every error page has an id that the log knows (P22)."""

import json
import re
import shutil
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.web.limits import Limit
from tests.cast.databases import ROLE, settings_for
from tests.cast.people import HOME
from tests.cast.traces import counts

FORM = f"/anmal/{HOME}"
FIELDS = [
    "what_happened", "consequence", "done_at_once", "proposal", "reporter_email", "reporting_organisation",
    "concerned_organisation", "municipality", "submission_id", "csrf_token", "code", "lang", "version", "_method",
    "concerned_unit", "stay_unknown", "occurrence", "send", "change", "reply-text", "reply-number", "reply-question",
    "not_solved-text", "follow_up-worked", "looked", "reply-looked",
]  # fmt: skip
NAUGHTY = [
    "\x00",
    "\ud800",
    "\ufffd",
    "\u202e",
    "%00",
    "%s%n",
    "{{7*7}}",
    "1e309",
    "-1",
    "9" * 30,
    "../" * 9,
    "\r\nSet-Cookie: a=b",
]
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(NAUGHTY), st.text(alphabet="0123456789-+ ", max_size=14))
ROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def open_app(request, tmp_path_factory):
    """One application for many examples."""
    folder = tmp_path_factory.mktemp("hostile")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "x.sqlite")
        url, server = f"sqlite:///{folder / 'x.sqlite'}", None
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"hostile_{request.getfixturevalue('worker_id')}"
        server.create(name, template=request.getfixturevalue("postgres_template"))
        url = server.url(name, ROLE)
    app = create_app(settings_for(url, folder))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        server.drop(name)


@pytest.fixture(autouse=True)
def without_limits(monkeypatch):
    for name in (
        "intake.views.REPORTS",
        "intake.receipt_views.CODES",
        "intake.receipt_views.WORDS",
        "accounts.guessing.BY_SENDER",
        "accounts.guessing.BY_ACCOUNT",
    ):
        monkeypatch.setattr(f"lexheller.{name}", Limit(name, "1000000 per minute"))


def sendable(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def whole(app) -> None:
    """As many reports as cases, and a job for each: nothing is stored by half."""
    found = counts(app)
    assert found["report"] == found["case_file"]
    assert found["job"] == found["case_file"] + found["message"]


@ROUGH
@given(
    fields=st.lists(st.tuples(st.sampled_from(FIELDS), TEXTS), max_size=14),
    language=st.sampled_from(["sv", "en", "%00"]),
)
@example(fields=[("what_happened", "Hej"), ("reporter_email", "a@" + "å" * 70 + ".se")], language="sv")
@example(fields=[("what_happened", "Hej"), ("reporter_email", "a@xn--.se")], language="sv")
def test_p22_any_fields_in_any_order(open_app, fields, language):
    client = open_app.test_client()
    page = client.get(FORM).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]
    usual = [
        ("csrf_token", token),
        ("municipality", ""),
        ("concerned_organisation", ""),
        ("reporting_organisation", ""),
    ]
    given_names = {name for name, _value in fields}
    pairs = [*fields, *(pair for pair in usual if pair[0] not in given_names)]
    body = "&".join(f"{name}={sendable(value)}" for name, value in pairs)
    for path in (FORM, "/kvitto", "/kvitto/anmalan/svar", "/kvitto/anmalan/inte-lost", "/logga-in"):
        answer = client.post(f"{path}?lang={language}", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, answer.get_data(as_text=True)[-400:]
    whole(open_app)


@ROUGH
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "x"]),
)
def test_p22_any_bytes(open_app, body, kind):
    answer = open_app.test_client().post(FORM, data=body, headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500
    whole(open_app)


PATHS = [
    "/",
    "/anmal/",
    "/kvitto",
    "/kvitto/",
    "/kvitto/lank/",
    "/logga-in",
    "/start",
    "/arenden/",
    "/atgardsrapport/",
    "/demo/mejl/",
    "/static/",
]


@ROUGH
@given(
    start=st.sampled_from(PATHS),
    rest=TEXTS,
    name=TEXTS,
    value=TEXTS,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]),
)
@example(start="/anmal/", rest="\x00", name="endpoint", value="x", method="GET")
@example(start="/", rest="", name="_external", value="1", method="GET")
@example(start="/arenden/", rest=HOME, name="after", value="W10", method="GET")
def test_p22_any_address(open_app, start, rest, name, value, method):
    answer = open_app.test_client().open(f"{start}{sendable(rest)}?{sendable(name)}={sendable(value)}", method=method)
    assert answer.status_code < 500, answer.get_data(as_text=True)[-400:]


@ROUGH
@given(
    name=st.sampled_from(["q", "status", "organisation", "theme", "after", "overdue", "in_doubt", "lang", "x"]),
    value=TEXTS,
)
def test_p22_any_filter_of_the_queue(signed_in, name, value):
    answer = signed_in.get(f"/arenden/{HOME}?{name}={sendable(value)}")
    assert answer.status_code == 200


@pytest.fixture(scope="module")
def signed_in(open_app):
    client = open_app.test_client()
    page = client.get("/logga-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]
    sent = {"csrf_token": token, "email": f"samordnare@{HOME}.example", "password": "moment-22-heller"}
    assert client.post("/logga-in", data=sent).status_code == 302
    return client


def test_p22_every_error_page_has_an_id_that_the_log_knows(open_app, printed, monkeypatch):
    client = open_app.test_client()
    answers = [
        client.get("/finns-inte"),
        client.get("/anmal/finns-inte"),
        client.put(FORM),
        client.post("/logga-ut"),
        client.post(FORM, data={"what_happened": "x" * 1_100_000}),
    ]
    monkeypatch.setattr("lexheller.intake.views.federations", lambda: 1 / 0)
    answers.append(client.get("/"))
    log = {entry["error_id"] for line in printed().splitlines() if "error_id" in (entry := json.loads(line))}
    assert [answer.status_code for answer in answers] == [404, 404, 405, 400, 413, 500]
    for answer in answers:
        text = answer.get_data(as_text=True)
        shown = re.search(r"<code>([0-9a-f]{8})</code>", text)[1]
        assert shown in log
        for leak in ("Traceback", "ZeroDivision", ".py", "sqlalchemy"):
            assert leak not in text
