"""P17, P18, P21, P22: every route and its mark, who is answered what, CSRF, reading requests, and headers."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask import redirect
from sqlalchemy import select

from lexheller.app.factory import create_app
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.heartbeat import Heartbeat, beat
from lexheller.organisations.models import Theme
from lexheller.web import errors
from lexheller.web.access import access_of, public
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor
from tests.guard.routes import PUBLIC, ROUTES, routes
from tests.guard.world import address_of
from tests.guard.world import world as world


def contents() -> dict[str, list[object]]:
    """Every row of every table but the sign-ins and what was read: a knock is a look."""
    return {
        table.name: sorted(map(str, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in {"sign_in", "reading"}
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


# These ask the same of every address with one thing after the other: the world is dear, and they leave it as it is.
def test_p22_an_unknown_federation_does_not_exist(app, world, visitor):
    visitor.sign_in("samordnare")
    slugs = ("nowhere", "\x00", "å" * 300, "%2e%2e", "' OR 1=1 --", "Finnveden", "\ud7ff")
    for slug, (method, rule) in product(slugs, ROUTES):
        if "<federation>" in rule and method == "GET":
            answer = visitor.client.get(address_of(app, rule, world, federation=slug))
            assert answer.status_code == 404, (slug, rule)


def test_p22_odd_parts_of_an_address_are_never_an_error(app, world, visitor):
    visitor.sign_in("samordnare")
    values = ("\x00", "å" * 500, "..%2f..%2fconfig.py", "'--", "a/b", "\ud7ff")
    for part, value, (method, rule) in product(("key", "token", "name", "filename"), values, ROUTES):
        if re.search(rf"[<:]{part}>", rule) and method == "GET":
            answer = visitor.client.get(address_of(app, rule, world, **{part: value}))
            # A slash makes it another address, which may take forms alone.
            assert answer.status_code in {404, 405}, (part, value, rule)


@pytest.mark.parametrize("number", [0, 2147483647, 2147483648, 10**30])
def test_p22_numbers_of_nothing_do_not_exist(visitor, number):
    visitor.sign_in("samordnare")
    assert visitor.client.get(f"/arenden/{HOME}/{number}").status_code == 404
    for year in ("1999", "2101", "0", "99999999999"):
        assert visitor.client.get(f"/atgardsrapport/{HOME}/{year}").status_code == 404


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
    "Cross-Origin-Resource-Policy",
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
        visitor.client.get(f"/atgardsrapport/{HOME}/{clock.local_year()}/utkast.json"),
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


def test_p21_pages_load_nothing_from_other_hosts_and_none_behind_the_sign_in_is_kept(app, world, visitor):
    visitor.sign_in("samordnare")
    for (method, rule), mark in ROUTES.items():
        if method == "GET":
            answer = visitor.client.get(address_of(app, rule, world))
            assert set(answer.headers.keys()) >= WANTED_HEADERS, rule
            assert mark == PUBLIC or answer.headers["Cache-Control"] == "no-store", rule
            page = answer.get_data().decode(errors="replace" if "text" not in str(answer.mimetype) else "strict")
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
    for name in ("lexheller", "lexheller_lang", "lexheller_known"):
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
