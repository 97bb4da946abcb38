"""A provider, or somebody between, that does not tell the truth: nobody is let in by it, and the log knows why."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lexheller.accounts import single_sign_on_views
from lexheller.core import clock
from lexheller.demo.data import PASSWORD, address
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import everything
from tests.integration.accounts.conftest import SECRET

NEW = "vera.ny@jonkoping.example"
ANALYST = {"email": NEW, "email_verified": True, "name": "Vera Ny", "groups": ["lh-analytiker"]}
CONFIGURATION, KEYS, TOKEN = "/.well-known/openid-configuration", "/jwks", "/oauth2/token"


def part(values: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


def unsigned(claims: dict) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def by_public_key(provider):
    """With the published key taken for a secret that both know."""
    return lambda claims: _shared(claims, provider.key.as_pem(private=False), provider.key.kid)


def _shared(claims: dict, key: bytes, kid: str) -> str:
    signed = f"{part({'alg': 'HS256', 'kid': kid})}.{part(claims)}"
    made = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_another(claims: dict) -> str:
    """Signed well, by a key that the provider does not have, under the name of one that it has."""
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, RSAKey.generate_key(2048))


def with_key_inside(claims: dict) -> str:
    """The token brings its own key."""
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def changed(provider, **values: object):
    def forge(claims: dict) -> str:
        told = {**claims, **values}
        return provider.signed({name: value for name, value in told.items() if value is not None})

    return forge


def is_out(visitor) -> bool:
    return visitor.client.get("/mitt-konto").status_code == 302


LIES = {
    "another nonce": lambda provider: changed(provider, nonce="another"),
    "no nonce": lambda provider: changed(provider, nonce=None),
    "another issuer": lambda provider: changed(provider, iss="https://idp.example"),
    "no issuer": lambda provider: changed(provider, iss=None),
    "another's token": lambda provider: changed(provider, aud="another-client"),
    "another's token in our name": lambda provider: changed(provider, aud="another-client", azp="lex-heller"),
    "another's token beside": lambda provider: changed(provider, aud=["another", "lex-heller"], azp="another"),
    "no party among several": lambda provider: changed(provider, aud=["another", "lex-heller"]),
    "no audience": lambda provider: changed(provider, aud=None),
    "expired": lambda provider: changed(provider, exp=int(time.time()) - 120),
    "no end": lambda provider: changed(provider, exp=None),
    "from the future": lambda provider: changed(provider, iat=int(time.time()) + 900, nbf=int(time.time()) + 900),
    "another access token": lambda provider: changed(provider, at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a subject that is no text": lambda provider: changed(provider, sub=["vera"]),
    "groups that are no list": lambda provider: changed(provider, groups={"lh-analytiker": True}),
    "alg none": lambda _provider: unsigned,
    "the client's secret as key": lambda provider: lambda claims: _shared(claims, SECRET.encode(), provider.key.kid),
    "the public key as secret": by_public_key,
    "another's key": lambda _provider: by_another,
    "a key that it brings itself": lambda _provider: with_key_inside,
    "no token": lambda _provider: lambda _claims: "",
    "rubbish": lambda _provider: lambda _claims: "a.b.c",
}


def test_nobody_comes_in_by_a_forged_token(app, provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    before = everything(app)
    for lie, forger in LIES.items():
        provider.forge = forger(provider)
        assert (lie, through.go("vera").status_code) == (lie, 403)
        assert is_out(visitor), lie
    assert everything(app) == before
    provider.forge = changed(provider)
    assert through.go("vera").status_code == 302, "and with the right token they do"


def test_what_is_refused_is_told_to_the_log_alone(provider, connect, way, monkeypatch):
    logged = []
    monkeypatch.setattr(single_sign_on_views, "log", SimpleNamespace(warning=lambda *what, **how: logged.append(how)))
    provider.person("vera", **ANALYST)
    through = way(connect())
    provider.forge = changed(provider, iss="https://idp.example")
    page = through.go("vera").get_data(as_text=True)
    error_id = re.search(r"<code>([0-9a-f]{8})</code>", page)[1]
    assert logged == [{"error_id": error_id, "code": "token_iss", "endpoint": "accounts.from_provider"}]
    for told in ("token_iss", "idp.example"):
        assert told not in page


def test_the_way_back_is_for_the_browser_that_asked(provider, connect, way, visitor, new_visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    path = through.back("vera", through.start())
    thief = new_visitor()
    assert thief.client.get(path).location == "/logga-in/via"
    through.start()
    assert visitor.client.get(path).status_code == 403, "the state of an earlier try"
    assert is_out(visitor)
    assert is_out(thief)


@pytest.mark.parametrize("strange", ["state=another", "state=", "iss=https://idp.example", "state=å"])
def test_an_answer_with_another_state_or_issuer_is_refused(provider, connect, way, visitor, strange):
    provider.person("vera", **ANALYST)
    through = way(connect())
    path = through.back("vera", through.start())
    name = strange.partition("=")[0]
    told = re.sub(rf"([?&]){name}=[^&]*", r"\1", path)
    assert visitor.client.get(f"{told}&{strange}").status_code == 403
    assert is_out(visitor)


def test_a_code_is_good_once(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    path = through.back("vera", through.start())
    cookie = visitor.client.get_cookie("lexheller").value
    assert through.arrive(path).status_code == 302
    visitor.client.set_cookie("lexheller", cookie)
    assert visitor.client.get(path).status_code == 403, "with the cookie of before, the provider says no"


def test_a_code_without_its_verifier_is_worth_nothing(provider, connect, way, new_visitor):
    """Somebody who reads the address of the way back has no verifier: the provider checks ours (PKCE)."""
    provider.person("vera", **ANALYST)
    connection_id = connect()
    victim, thief = way(connection_id, by=new_visitor()), way(connection_id, by=new_visitor())
    code = re.search(r"code=([^&]+)", victim.back("vera", victim.start()))[1]
    state = re.search(r"state=([^&]+)", thief.start())[1]
    answer = thief.visitor.client.get(f"/logga-in/svar/{connection_id}?code={code}&state={state}")
    assert answer.status_code == 403
    assert is_out(thief.visitor)


def test_an_answer_through_another_connection_is_refused(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    one, other = connect(), connect(ELSEWHERE)
    through = way(one)
    path = through.back("vera", through.start())
    asked = provider.asked.count(TOKEN)
    assert visitor.client.get(path.replace(f"/svar/{one}", f"/svar/{other}")).status_code == 403
    assert provider.asked.count(TOKEN) == asked, "no code of one is shown to the other"


def test_a_try_grows_old(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    path = through.back("vera", through.start())
    with clock.at(datetime.now(UTC) + timedelta(minutes=11)):
        assert visitor.client.get(path).location == "/logga-in/via"
    path = through.back("vera", through.start())
    visitor.client.get(path)
    with clock.at(datetime.now(UTC) + timedelta(minutes=11)):
        assert visitor.client.get("/logga-in/klar").location == "/logga-in"


def test_giving_up_at_the_provider_is_no_error(provider, connect, way, visitor):
    through = way(connect())
    state = re.search(r"state=([^&]+)", through.start())[1]
    answer = visitor.client.get(f"/logga-in/svar/{through.connection_id}?error=access_denied&state={state}")
    assert "Du avbröt inloggningen" in answer.get_data(as_text=True)


def test_changed_keys_are_asked_for_and_old_ones_forgotten(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    provider.forge = changed(provider)
    through = way(connect())
    assert through.go("vera").status_code == 302
    old = provider.key
    provider.change_key("second")
    visitor.client.delete_cookie("lexheller")
    asked = provider.asked.count(KEYS)
    assert through.go("vera").status_code == 403, "not asked for all the time"
    assert provider.asked.count(KEYS) == asked
    with clock.at(datetime.now(UTC) + timedelta(seconds=30)):
        assert through.go("vera").status_code == 302
        visitor.client.delete_cookie("lexheller")
        provider.forge = lambda claims: jwt.encode({"alg": "RS256", "kid": old.kid}, claims, old)
        assert through.go("vera").status_code == 403


ODD = (
    (CONFIGURATION, (503, b""), 503),
    (CONFIGURATION, (200, b"<html>"), 403),
    (CONFIGURATION, (200, b'{"issuer": "https://idp.example"}'), 403),
    (CONFIGURATION, (302, b""), 403),
    (CONFIGURATION, (200, b"[" * 100_000), 403),
    (CONFIGURATION, (200, b" " * 400_000), 403),
    (KEYS, (200, b'{"keys": []}'), 403),
    (KEYS, (200, b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'), 403),
    (KEYS, (500, b""), 503),
)


def test_a_provider_that_is_away_or_odd_gives_a_page_and_the_password_works(provider, connect, visitor):
    connection_id = connect()
    with urlopen(f"{provider.issuer}{CONFIGURATION}") as told:
        another = json.dumps({**json.load(told), "issuer": "https://idp.example"}).encode()
    for path, answer, status in (*ODD, (CONFIGURATION, (200, another), 403)):
        provider.answers = {path: answer}
        page = visitor.client.get(f"/logga-in/via/{HOME}/{connection_id}")
        assert page.status_code == status, (path, answer[1][:50])
        assert "Logga in med lösenord" in page.get_data(as_text=True)
        assert ("Retry-After" in page.headers) == (status == 503)
        assert re.search(r"<code>[0-9a-f]{8}</code>", page.get_data(as_text=True))
    visitor.get("/logga-in")
    visitor.post("/logga-in", {"email": address("samordnare", HOME), "password": PASSWORD})
    assert not is_out(visitor)


@pytest.mark.parametrize("answer", [(500, b""), (400, b'{"error": "invalid_client"}'), (200, b"{}")])
def test_a_token_that_is_not_given_lets_nobody_in(provider, connect, way, visitor, answer):
    provider.person("vera", **ANALYST)
    through = way(connect())
    provider.answers[TOKEN] = answer
    assert through.go("vera").status_code == (503 if answer[0] == 500 else 403)
    assert is_out(visitor)


def test_claims_that_only_userinfo_tells_are_fetched_for_the_same_person(provider, connect, way, visitor):
    provider.person("vera", **ANALYST)
    through = way(connect())
    provider.forge = changed(provider, email=None, groups=None, at_hash=None)
    provider.answers["/userinfo"] = (200, json.dumps({**ANALYST, "sub": "mallory"}).encode())
    assert through.go("vera").status_code == 403
    del provider.answers["/userinfo"]
    assert through.go("vera").status_code == 302
    assert not is_out(visitor)
