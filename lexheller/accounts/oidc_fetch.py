"""Asking an identity provider over the network: bounded in time and size, and only where it may be asked.

An administrator chooses the address, so that it could be aimed at the inside of our own network. Therefore in
production: https alone, no private address, and the address that was judged is the one that is connected to. Nowhere
are redirects followed. Stops at bytes and JSON: what is asked and what it means is `oidc`.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Timer
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app

STRICT = "LEXHELLER_STRICT_PROVIDERS"
SECONDS_PER_STEP = 4.0
SECONDS_IN_ALL = 8.0
LARGEST_ANSWER_BYTES = 300_000
LONGEST_ADDRESS = 2000
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""An IPv4 address stands inside one of these (RFC 6052)."""


class ProviderTrouble(Exception):
    """Nobody can sign in through the provider by this answer. `code` is for the log; `away`: it can be tried again."""

    def __init__(self, code: str, *, away: bool = False) -> None:
        self.code, self.away = code, away
        super().__init__(code)


def refuse_address(address: object) -> str:
    """The address, if it may be asked and led to. Raises ProviderTrouble (`address`)."""
    if not isinstance(address, str) or len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise ProviderTrouble("address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ProviderTrouble("address") from None
    schemes = {"https"} if _strict() else {"https", "http"}
    strange = parts.username is not None or parts.fragment or any(sign in address for sign in " \\<>\"'")
    if parts.scheme not in schemes or not parts.hostname or port == 0 or strange:
        raise ProviderTrouble("address")
    return address


def get_json(address: str, *, token: str = "") -> dict[str, Any]:
    """What the address answers. Raises ProviderTrouble."""
    return _ask("GET", address, {"Authorization": f"Bearer {token}"} if token else {})


def post_form(address: str, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
    """What the address answers to the form. Raises ProviderTrouble."""
    typed = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _ask("POST", address, typed, urlencode(form).encode())


def _ask(method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
    parts = urlsplit(refuse_address(address))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close", **headers}
    connection, late = _connection(parts.scheme, str(parts.hostname), parts.port), Event()
    try:
        connection.connect()
        ender = Timer(SECONDS_IN_ALL, _hang_up, [connection.sock, late])
        ender.daemon = True
        ender.start()
        try:
            connection.request(method, path, body=body, headers=asked)
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER_BYTES + 1)
        finally:
            ender.cancel()
    except (OSError, http.client.HTTPException, UnicodeError) as problem:
        raise ProviderTrouble("no_answer", away=True) from problem
    finally:
        connection.close()
    if late.is_set():
        raise ProviderTrouble("no_answer", away=True)
    return _read(answer.status, content)


def _read(status: int, content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_ANSWER_BYTES:
        raise ProviderTrouble("too_large")
    if status != 200:
        raise ProviderTrouble(f"status_{status}", away=status == 429 or status >= 500)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ProviderTrouble("not_json") from None
    if not isinstance(found, dict):
        raise ProviderTrouble("not_json")
    return found


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    """To one network address that was judged: a name that is answered otherwise the next time leads nowhere else."""
    if scheme == "https":
        return _Judged(host, port, timeout=SECONDS_PER_STEP, context=ssl.create_default_context())
    return _JudgedPlain(host, port, timeout=SECONDS_PER_STEP)


class _JudgedPlain(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = _open(self.host, self.port)


class _Judged(http.client.HTTPSConnection):
    def connect(self) -> None:
        plain = _open(self.host, self.port)
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _open(host: str, port: int) -> socket.socket:
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [entry for entry in known if not _strict() or _is_public(str(entry[4][0]))]
    if not allowed:
        raise ProviderTrouble("private_address")
    family, kind, protocol, _name, where = allowed[0]
    opened = socket.socket(family, kind, protocol)
    opened.settimeout(SECONDS_PER_STEP)
    try:
        opened.connect(where)
    except BaseException:
        opened.close()
        raise
    return opened


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if isinstance(found, ipaddress.IPv6Address) and found in TRANSLATED:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _hang_up(opened: socket.socket, late: Event) -> None:
    """An answer that trickles is given up in time too."""
    late.set()
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)


def _strict() -> bool:
    return bool(current_app.config[STRICT])
