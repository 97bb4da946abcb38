"""A real OpenID Connect provider on a port of this machine, and the ways in which one can lie.

The provider is the package `oidc-provider-mock`, run as a server. In front of it stands a small layer that checks PKCE,
which it does not do itself, and can answer otherwise than it would. Stops at the provider: what is made of its answers
is for the tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from tests.services.ports import free_port

Forge = Callable[[dict[str, Any]], str]
"""From the claims of the right token to the token that is given out."""


class _Silent(WSGIRequestHandler):
    def log(self, _type: str, _message: str, *_values: object) -> None:
        pass


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_values: object) -> None:
        return None


class IdentityProvider:
    """`forge` makes another token of the right claims, and then `key` is the one that is published; `answers` takes the
    place of what an address answers.

    `asked` holds the paths in the order in which they were asked for.
    """

    def __init__(self) -> None:
        self.forge: Forge | None = None
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self._challenges: dict[str, str] = {}
        self._inner = oidc_provider_mock.app(require_nonce=True)
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", free_port(), self._answer, threaded=True, request_handler=_Silent
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    def tell_the_truth(self) -> None:
        """Nothing is forged any more, and every address answers as it does."""
        self.forge, self.answers = None, {}

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def person(self, subject: str, **claims: object) -> None:
        """What the provider says of somebody from now on."""
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        build_opener().open(Request(f"{self.issuer}/users/{subject}", body, headers, method="PUT")).close()

    def sign_in(self, way: str, subject: str) -> str:
        """The person signs in at the address that they were led to; answers the address that they are led back to."""
        request = Request(way, urlencode({"sub": subject}).encode())
        try:
            build_opener(_NoRedirects).open(request)
        except OSError as led_on:
            return str(led_on.headers["Location"])  # type: ignore[attr-defined]
        raise AssertionError("the provider led nowhere")

    def change_key(self, kid: str) -> None:
        """From now on only this one is published, where tokens are forged at all."""
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})

    def signed(self, claims: dict[str, Any]) -> str:
        """With the provider's own key."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path in self.answers:
            status, body = self.answers[path]
            return _give(start_response, f"{status} -", body)
        if path == "/oauth2/authorize":
            query = parse_qs(environ["QUERY_STRING"])
            self._challenges[query["redirect_uri"][0]] = query["code_challenge"][0]
        if path == "/oauth2/token" and not self._knows_verifier(environ):
            return _give(start_response, "400 -", b'{"error": "invalid_grant"}')
        body, status, headers = run_wsgi_app(self._inner, environ, buffered=True)
        content = b"".join(body)
        if path == "/oauth2/token" and status.startswith("200"):
            content = self._forged(content)
        if path == "/jwks" and self.forge is not None:
            content = json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()
        return _give(
            start_response, status, content, location=headers.get("Location"), kind=headers.get("Content-Type")
        )

    def _knows_verifier(self, environ: dict[str, Any]) -> bool:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(size)
        environ["wsgi.input"] = _Again(sent)
        form = {name: values[0] for name, values in parse_qs(sent.decode()).items()}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self._challenges.get(form.get("redirect_uri", "")) == challenge

    def _forged(self, content: bytes) -> bytes:
        answer = json.loads(content)
        payload = answer["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if self.forge is not None:
            answer["id_token"] = self.forge(claims)
        return json.dumps(answer).encode()


class _Again:
    """A body that was read, to be read again."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        end = len(self._content) if size < 0 else size
        part, self._content = self._content[:end], self._content[end:]
        return part

    def readline(self, _size: int = -1) -> bytes:
        return self.read()


def _give(
    start_response: Any, status: str, body: bytes, *, location: str | None = None, kind: str | None = None
) -> list[bytes]:
    headers = [("Content-Type", kind or "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, headers + ([("Location", location)] if location else []))
    return [body]
