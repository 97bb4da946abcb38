"""P17, P18, P21, P22: every route and its mark, who is answered what, CSRF, reading requests, and headers."""

from __future__ import annotations

import re

import pytest
from flask import redirect
from sqlalchemy import select

from lexheller.accounts.rights import Right
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.app.factory import create_app
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import service
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.heartbeat import Heartbeat, beat
from lexheller.core.jobs import Job, JobStatus
from lexheller.organisations.models import Theme
from lexheller.web import errors
from lexheller.web.access import access_of, public
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Visitor

PUBLIC, SIGNED_IN = "public", "signed_in"
SEES = {Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES}
HANDLES, ANSWERS = {Right.HANDLE_CASES}, {Right.ANSWER_DUTIES}
CASE = "/arenden/<federation>/<int(max=2147483647):case_id>"
YEAR = "/atgardsrapport/<federation>/<int(min=2000, max=2100):year>"
FIGURE = "<any(by_organisation, by_theme, by_municipality, by_month, by_action_type):figure>"

# Every route, its method and its mark. A new route fails the test until it stands here.
ROUTES: dict[tuple[str, str], object] = {
    ("GET", "/"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/static/<path:filename>"): PUBLIC,
    ("GET", "/anmal"): PUBLIC,
    ("GET", "/anmal/<federation>"): PUBLIC,
    ("POST", "/anmal/<federation>"): PUBLIC,
    ("GET", "/kvitto"): PUBLIC,
    ("POST", "/kvitto"): PUBLIC,
    ("GET", "/kvitto/ny"): PUBLIC,
    ("GET", "/kvitto/anmalan"): PUBLIC,
    ("GET", "/kvitto/lank/<token>"): PUBLIC,
    ("GET", "/logga-in"): PUBLIC,
    ("POST", "/logga-in"): PUBLIC,
    ("POST", "/logga-ut"): PUBLIC,
    ("GET", "/demo/mejl"): PUBLIC,
    ("GET", "/demo/mejl/<name>"): PUBLIC,
    ("GET", "/start"): SIGNED_IN,
    ("GET", "/arenden/<federation>"): SEES,
    ("GET", CASE): SEES,
    ("POST", f"{CASE}/fordela"): HANDLES,
    ("POST", f"{CASE}/ta-emot"): ANSWERS,
    ("POST", f"{CASE}/svara"): ANSWERS,
    ("POST", f"{CASE}/skicka-tillbaka"): ANSWERS,
    ("POST", f"{CASE}/uppgifter"): HANDLES,
    ("POST", f"{CASE}/atgard"): HANDLES,
    ("POST", f"{CASE}/atgard/<int(max=2147483647):action_id>/genomford"): HANDLES,
    ("POST", f"{CASE}/avsluta"): HANDLES,
    ("POST", f"{CASE}/oppna-igen"): HANDLES,
    ("POST", "/arenden/<federation>/fastnat/<int(max=2147483647):job_id>"): HANDLES,
    ("GET", "/atgardsrapport/<federation>"): {Right.SEE_ACTION_REPORT},
    ("GET", YEAR): {Right.SEE_ACTION_REPORT},
    ("GET", f"{YEAR}.json"): {Right.SEE_ACTION_REPORT},
    ("GET", f"{YEAR}/{FIGURE}/<key>"): {Right.SEE_ACTION_REPORT},
    ("POST", f"{YEAR}/sammanstall"): {Right.COMPILE_ACTION_REPORT},
}
# These show their form again with what was written, instead of an error page.
SHOWS_FORM_AGAIN = {"/anmal/<federation>", "/kvitto"}
OFFICE_SEES = {Right.SEE_ALL_CASES, Right.SEE_ACTION_REPORT, Right.COMPILE_ACTION_REPORT}
ROLES: dict[str, tuple[str, str, set[Right]]] = {
    "coordinator": ("samordnare", HOME, OFFICE_SEES | HANDLES),
    "director": ("forbundschef", HOME, OFFICE_SEES),
    "manager": ("chef.af", HOME, {Right.SEE_OWN_UNITS_CASES} | ANSWERS),
    "outsider": ("samordnare", ELSEWHERE, set()),
    "manager elsewhere": ("chef.af", ELSEWHERE, set()),
}


def routes(app) -> dict[tuple[str, str], str]:
    return {
        (method, rule.rule): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.fixture
def world(stage):
    """A case with a planned action, a parked job, and the value of every part of an address."""
    case = stage.case(CaseStatus.ASSIGNED)

    def make(cast):
        row = db.session.get_one(Case, case.id)
        planned = service.record_action(
            cast.coordinator,
            row,
            type=types(row.federation_id)[0],
            description="Informera cheferna.",
            status=ActionStatus.PLANNED,
            action_on=clock.today(),
            seen=row.version,
        )
        job = db.session.scalars(select(Job).where(Job.federation_id == row.federation_id)).first()
        job.status = JobStatus.PARKED
        return planned.id, job.id, row.concerned_organisation.key

    action_id, job_id, key = stage.ask(make)
    return {
        "federation": HOME,
        "case_id": case.id,
        "action_id": action_id,
        "job_id": job_id,
        "year": clock.local_year(),
        "figure": "by_organisation",
        "key": key,
        "token": "no-such-token",
        "name": "no-such-mail",
        "filename": "css/page.css",
    }


def address_of(app, rule: str, world, **changes) -> str:
    found = next(found for found in app.url_map.iter_rules() if found.rule == rule)
    parts = {name: {**world, **changes}[name] for name in found.arguments}
    return app.url_map.bind("localhost").build(found.endpoint, parts)


def contents() -> dict[str, list[object]]:
    """Every row of every table but the sign-ins."""
    return {
        table.name: sorted(map(str, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name != "sign_in"
    }


def test_p17_every_route_stands_in_the_table_with_its_mark(app):
    found = {}
    for (method, rule), endpoint in routes(app).items():
        access = access_of(app, endpoint)
        assert access is not None, f"{rule} carries no mark"
        found[method, rule] = set(access.rights) if access.rights else str(access.gate)
    assert found == ROUTES


def test_p17_a_view_without_a_mark_does_not_exist(app):
    app.add_url_rule("/omarkt", "unmarked", lambda: "secret", methods=["GET", "POST"])
    for method in ("get", "post"):
        answer = getattr(app.test_client(), method)("/omarkt")
        assert answer.status_code in {404, 400}
        assert b"secret" not in answer.data
    assert app.test_client().get("/omarkt").status_code == 404


def test_p17_a_right_without_a_federation_in_the_address_is_not_given(app):
    assert all("<federation>" in rule for (_, rule), mark in ROUTES.items() if isinstance(mark, set))


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_p15_p17_each_role_is_answered_what_its_rights_say_on_every_route(app, stage, world, new_visitor, role):
    before = stage.ask(lambda _cast: contents())
    person = new_visitor()
    part, slug, rights = ROLES.get(role, ("", "", set()))
    if part:
        person.sign_in(part, slug)
    for (method, rule), mark in ROUTES.items():
        if rule == "/logga-ut":
            continue
        path = address_of(app, rule, world)
        if method == "GET":
            answer = person.client.get(path)
        else:
            person.get("/kvitto")
            answer = person.post(path, {}, follow=False)
        status = answer.status_code
        said = (role, method, rule, status)
        assert status < 500 or (rule, status) == ("/readyz", 503), said
        if isinstance(mark, set) and role == "anonymous":
            assert status == (302 if method == "GET" else 401), said
            assert method == "POST" or answer.headers["Location"].startswith("/logga-in"), said
        elif isinstance(mark, set) and not mark & rights:
            assert status == 404, said
        elif isinstance(mark, set):
            assert status in {200, 302, 409, 422}, said
        elif mark == SIGNED_IN:
            assert (status == 302 and "/logga-in" in answer.headers["Location"]) == (role == "anonymous"), said
        else:
            assert status in {200, 302, 404, 422, 503}, said
    if role not in {"coordinator", "director"}:
        assert stage.ask(lambda _cast: contents()) == before


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace", "options", "head"])
def test_p22_other_methods_do_no_harm(app, world, visitor, method):
    visitor.sign_in("samordnare")
    for _, rule in ROUTES:
        answer = visitor.client.open(address_of(app, rule, world), method=method.upper())
        assert answer.status_code < 500 or rule == "/readyz"


@pytest.mark.parametrize("slug", ["nowhere", "\x00", "å" * 300, "%2e%2e", "' OR 1=1 --", "Finnveden", "\ud7ff"])
def test_p22_an_unknown_federation_does_not_exist(app, world, visitor, slug):
    visitor.sign_in("samordnare")
    for (method, rule), _ in ROUTES.items():
        if "<federation>" in rule and method == "GET":
            assert visitor.client.get(address_of(app, rule, world, federation=slug)).status_code == 404


@pytest.mark.parametrize("part", ["key", "token", "name", "filename"])
@pytest.mark.parametrize("value", ["\x00", "å" * 500, "..%2f..%2fconfig.py", "'--", "a/b", "\ud7ff"])
def test_p22_odd_parts_of_an_address_are_never_an_error(app, world, visitor, part, value):
    visitor.sign_in("samordnare")
    for method, rule in ROUTES:
        if re.search(rf"[<:]{part}>", rule) and method == "GET":
            assert visitor.client.get(address_of(app, rule, world, **{part: value})).status_code == 404


@pytest.mark.parametrize("number", [0, 2147483647, 2147483648, 10**30])
def test_p22_numbers_of_nothing_do_not_exist(visitor, number):
    visitor.sign_in("samordnare")
    assert visitor.client.get(f"/arenden/{HOME}/{number}").status_code == 404
    for year in ("1999", "2101", "0", "99999999999"):
        assert visitor.client.get(f"/atgardsrapport/{HOME}/{year}").status_code == 404


def test_p18_a_change_without_a_csrf_token_is_refused_everywhere(app, stage, world, visitor):
    visitor.sign_in("samordnare")
    before = stage.ask(lambda _cast: contents())
    for token in ({}, {"csrf_token": "made-up"}, {"csrf_token": ""}):
        for method, rule in ROUTES:
            if method == "POST":
                wanted = {400, 422} if rule in SHOWS_FORM_AGAIN else {400}
                fields = {"what_happened": "Utan token.", "code": "K7QF-3XMP-9TRA", **token}
                answer = visitor.client.post(address_of(app, rule, world), data=fields)
                assert answer.status_code in wanted, (rule, answer.status_code)
    assert stage.ask(lambda _cast: contents()) == before
    assert visitor.client.get(f"/arenden/{HOME}").status_code == 200  # still signed in


def test_p18_a_token_of_another_session_is_refused(visitor, new_visitor):
    visitor.sign_in("samordnare")
    thief = new_visitor()
    thief.get("/logga-in")
    stolen = thief.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    assert visitor.client.post("/logga-ut", data={"csrf_token": stolen}).status_code == 400


def test_p18_signing_out_is_no_link(visitor):
    visitor.sign_in("samordnare")
    assert visitor.client.get("/logga-ut").status_code == 405
    assert visitor.client.get(f"/arenden/{HOME}").status_code == 200


def test_p18_looking_changes_nothing(app, stage, world, visitor):
    visitor.sign_in("samordnare")
    before = stage.ask(lambda _cast: contents())
    for method, rule in ROUTES:
        if method == "GET":
            visitor.client.get(address_of(app, rule, world))
    assert stage.ask(lambda _cast: contents()) == before


def test_p18_a_page_that_writes_while_it_is_read_is_stopped(app, stage):
    @public
    def adds() -> str:
        beat("written.by_a_page")
        return "done"

    @public
    def states() -> str:
        db.session.execute(Theme.__table__.update().values(label="Ny"))
        return "done"

    @public
    def forgets() -> str:
        db.session.add(Heartbeat(name="not.flushed", at=clock.now()))
        return "done"

    for name, view in (("adds", adds), ("states", states), ("forgets", forgets)):
        app.add_url_rule(f"/skriver/{name}", name, view)
    before = stage.ask(lambda _cast: contents())
    assert app.test_client().get("/skriver/adds").status_code == 500
    assert app.test_client().get("/skriver/states").status_code == 500
    app.test_client().get("/skriver/forgets")
    assert stage.ask(lambda _cast: contents()) == before


WANTED_HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
}


def test_p21_every_kind_of_answer_carries_the_headers(app, world, visitor):
    @public
    def breaks() -> str:
        raise RuntimeError("hemligheten ska inte synas")

    app.add_url_rule("/gar-sonder", "breaks", breaks)
    app.add_url_rule("/vidare", "onwards", public(lambda: redirect("/start")))
    visitor.sign_in("samordnare")
    visitor.get("/kvitto")
    answers = {
        200: visitor.client.get(f"/arenden/{HOME}"),
        302: visitor.client.get("/vidare"),
        404: visitor.client.get("/finns-inte"),
        405: visitor.client.get("/logga-ut"),
        400: visitor.client.post("/logga-ut"),
        422: visitor.post("/kvitto", {"code": ""}),
        413: visitor.client.post("/kvitto", data={"code": "x" * 2_000_000}),
        500: visitor.client.get("/gar-sonder"),
    }
    others = [
        visitor.client.get("/static/css/page.css"),
        visitor.client.get("/healthz"),
        visitor.client.get(f"/atgardsrapport/{HOME}/{clock.local_year()}.json"),
    ]
    for status, answer in answers.items():
        assert answer.status_code == status
    for answer in [*answers.values(), *others]:
        assert set(answer.headers.keys()) >= WANTED_HEADERS, answer.status_code
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=" in answer.headers["Strict-Transport-Security"]
        assert answer.headers["Cache-Control"]
    for answer in [*answers.values(), *others[1:]]:
        assert answer.headers["Cache-Control"] == "no-store"
    assert "hemligheten" not in answers[500].get_data(as_text=True)
    assert "Traceback" not in answers[500].get_data(as_text=True)


def test_p21_pages_load_nothing_from_other_hosts(app, world, visitor):
    visitor.sign_in("samordnare")
    for method, rule in ROUTES:
        if method == "GET":
            page = visitor.client.get(address_of(app, rule, world)).get_data(as_text=True)
            for attribute in ('src="', "src='", 'url("', "@import"):
                for piece in page.split(attribute)[1:]:
                    assert not piece.startswith(("http", "//")), (rule, piece[:60])
            assert "<script>" not in page
            assert " style=" not in page
            assert " onclick=" not in page


@pytest.fixture
def secure_app(database_url, tmp_path):
    """The same behind https."""
    settings = settings_for(database_url, tmp_path)
    application = create_app(type(settings)(**{**as_values(settings), "base_url": "https://lexheller.example.se"}))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def as_values(settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__slots__}


def test_p21_cookies_are_kept_from_scripts_and_other_sites(visitor):
    visitor.sign_in("samordnare")
    visitor.client.get("/?lang=en")
    for name in ("lexheller", "lexheller_lang"):
        found = visitor.client.get_cookie(name)
        assert found.http_only
        assert found.same_site == "Lax"
        assert found.path == "/"


def test_p21_behind_https_the_session_cookie_is_bound_to_the_host(secure_app):
    visitor = Visitor(secure_app.test_client())
    answer = visitor.client.get("/logga-in?lang=en", base_url="https://lexheller.example.se")
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(line for line in cookies if line.startswith("__Host-lexheller="))
    for line in cookies:
        assert "Secure" in line
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
    assert "Path=/" in session
    assert "Domain" not in session


def test_p22_an_error_page_has_an_id_that_the_log_knows(visitor, monkeypatch):
    told = []

    class Log:
        def info(self, event, **values):
            told.append((event, values))

    monkeypatch.setattr(errors, "log", Log())
    assert visitor.get("/finns-inte").status_code == 404
    shown = visitor.text.split("<code>")[1].split("</code>")[0]
    assert [(event, values["error_id"]) for event, values in told] == [("error_page", shown)]


def test_p23_an_error_page_never_repeats_a_password(new_visitor):
    visitor = new_visitor()
    visitor.get("/logga-in")
    answer = visitor.client.post("/logga-in", data={"email": "a@b.se", "password": "mitt hemliga lösenord"})
    assert answer.status_code == 400
    assert "hemliga" not in answer.get_data(as_text=True)
