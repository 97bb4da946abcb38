"""OpenID Connect, the part of it that signs somebody in: the authorization code flow with PKCE, state and nonce.

What a provider says of itself and its keys are kept for some minutes in each process. An ID token counts when its
signature is by a published key with an asymmetric algorithm, and issuer, audience, time and nonce are right. Stops at
claims: whom they make, and what of, is `single_sign_on`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lexheller.accounts.oidc_fetch import ProviderTrouble, get_json, post_form, refuse_address
from lexheller.core import clock

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Only those where the provider alone can sign: never `none`, never one with a secret that we share."""

CLOCK_SKEW_SECONDS = 60
KEPT = timedelta(minutes=10)
KEYS_AGAIN_AFTER = timedelta(seconds=20)
"""A key that is not known makes us ask anew (the provider may have changed keys), but no oftener than this."""

EXTENSION = "lexheller_providers"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who is asked, and as whom."""

    issuer: str
    client_id: str
    secret: str
    scopes: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself. `in_form`: it wants the secret in the form, not in a header."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    in_form: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    at: datetime
    metadata: Metadata
    keys: KeySet


def look_up(issuer: str) -> tuple[Metadata, int]:
    """What the provider says of itself now, and how many keys it has. Raises ProviderTrouble."""
    kept = _ask(issuer)
    return kept.metadata, len(kept.keys.keys)


def way_to(provider: Provider, redirect_uri: str, *, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes to sign in. Raises ProviderTrouble."""
    address: str = prepare_grant_uri(
        _known(provider.issuer).metadata.authorization,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=redirect_uri,
        scope=provider.scopes,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return address


def way_out(issuer: str) -> str | None:
    """Where somebody signs out of the provider itself; None where it tells of no such place."""
    kept = _kept().get(issuer)
    return kept.metadata.end_session if kept is not None else None


def claims_for(
    provider: Provider, code: str, redirect_uri: str, *, nonce: str, verifier: str, wanted: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the provider says of whoever came back with the code. `wanted`: claims to ask for besides, where the ID
    token lacks them. Raises ProviderTrouble.
    """
    metadata = _known(provider.issuer).metadata
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    answer = post_form(metadata.token, *_with_secret(provider, form, in_form=metadata.in_form))
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str):
        raise ProviderTrouble("no_id_token")
    claims = _checked(provider, id_token, nonce, access_token)
    missing = [name for name in wanted if name and name not in claims]
    if missing and metadata.userinfo and isinstance(access_token, str) and access_token.isascii():
        told = get_json(metadata.userinfo, token=access_token)
        if told.get("sub") != claims["sub"]:
            raise ProviderTrouble("another_in_userinfo")
        claims |= {name: told[name] for name in told if name not in claims}
    return claims


def _checked(provider: Provider, id_token: str, nonce: str, access_token: object) -> dict[str, Any]:
    token = _opened(provider.issuer, id_token)
    must = {"iss": provider.issuer, "aud": provider.client_id}
    claims = CodeIDToken(
        token.claims,
        token.header,
        {name: {"essential": True, "value": value} for name, value in must.items()},
        {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(clock.now().timestamp()), leeway=CLOCK_SKEW_SECONDS)
    except (JoseError, TypeError, ValueError) as problem:
        raise ProviderTrouble(f"token_{getattr(problem, 'claim', None) or type(problem).__name__}") from problem
    if claims.get("nonce") != nonce or not isinstance(claims.get("sub"), str):
        raise ProviderTrouble("token_nonce")
    return dict(token.claims)


def _opened(issuer: str, id_token: str) -> jwt.Token:
    """The token, if one of the provider's keys signed it. Asked anew once, for keys that were changed."""
    kept = _known(issuer)
    try:
        return _by_keys(kept.keys, id_token)
    except ProviderTrouble:
        if clock.now() - kept.at < KEYS_AGAIN_AFTER:
            raise
    return _by_keys(_ask(issuer).keys, id_token)


def _by_keys(keys: KeySet, id_token: str) -> jwt.Token:
    try:
        return jwt.decode(id_token, keys, algorithms=ALGORITHMS)
    except (JoseError, TypeError, ValueError) as problem:
        raise ProviderTrouble(f"token_{type(problem).__name__}") from problem


def _with_secret(
    provider: Provider, form: Mapping[str, str], *, in_form: bool
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The form and the headers (RFC 6749, 2.3.1)."""
    if in_form:
        return {**form, "client_id": provider.client_id, "client_secret": provider.secret}, {}
    both = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
    return form, {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def _known(issuer: str) -> _Kept:
    kept = _kept().get(issuer)
    if kept is not None and timedelta() <= clock.now() - kept.at < KEPT:
        return kept
    return _ask(issuer)


def _ask(issuer: str) -> _Kept:
    told = get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise ProviderTrouble("another_issuer")
    methods = told.get("token_endpoint_auth_methods_supported")
    metadata = Metadata(
        authorization=refuse_address(told.get("authorization_endpoint")),
        token=refuse_address(told.get("token_endpoint")),
        keys=refuse_address(told.get("jwks_uri")),
        userinfo=refuse_address(told["userinfo_endpoint"]) if told.get("userinfo_endpoint") else None,
        end_session=refuse_address(told["end_session_endpoint"]) if told.get("end_session_endpoint") else None,
        in_form=isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods,
    )
    kept = _Kept(clock.now(), metadata, _keys_at(metadata.keys))
    _kept()[issuer] = kept
    return kept


def _keys_at(address: str) -> KeySet:
    told = get_json(address).get("keys")
    found = [key for key in told if isinstance(key, dict)] if isinstance(told, list) else []
    signing = [key for key in found if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set({"keys": signing})
    except (JoseError, TypeError, ValueError, KeyError) as problem:
        raise ProviderTrouble("keys") from problem


def _kept() -> dict[str, _Kept]:
    kept: dict[str, _Kept] = current_app.extensions.setdefault(EXTENSION, {})
    return kept
