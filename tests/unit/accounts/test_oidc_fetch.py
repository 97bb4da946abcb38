"""Where a provider may be asked: in production nowhere inside, whatever name leads there, and always in bounds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from lexheller.accounts import oidc_fetch
from lexheller.accounts.oidc_fetch import ProviderTrouble, get_json, refuse_address


@pytest.fixture(params=[True, False], ids=["strict", "loose"])
def strict(request) -> Iterator[bool]:
    with _app(strict=request.param).app_context():
        yield request.param


def _app(*, strict: bool) -> Flask:
    app = Flask(__name__)
    app.config[oidc_fetch.STRICT] = strict
    return app


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "idp.example",
        "ftp://idp.example",
        "file:///etc/passwd",
        "https://",
        "https://user@idp.example",
        "https://idp.example:0",
        "https://idp.example:99999",
        "https://idp.example/#part",
        "https://idp.example/ x",
        "https://idp.example\\@inside",
        "https://idp.example/\r\nHost: inside",
        "https://idp.example/" + "a" * 2000,
    ],
)
def test_what_is_no_address_is_refused(strict, address):
    with pytest.raises(ProviderTrouble, match="address"):
        refuse_address(address)


def test_plain_http_is_for_trying_out(strict):
    if strict:
        with pytest.raises(ProviderTrouble, match="address"):
            refuse_address("http://idp.example")
    else:
        assert refuse_address("http://idp.example") == "http://idp.example"


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.4.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.8",
        "2002:0a00:0008::1",
        "64:ff9b::a00:8",
    ],
)
def test_in_production_no_name_leads_inside(monkeypatch, inside):
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (inside, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: found)
    with _app(strict=True).app_context(), pytest.raises(ProviderTrouble, match="private_address"):
        get_json("https://idp.example/keys")


def test_the_address_that_was_judged_is_the_one_that_is_asked(monkeypatch):
    """A name that is answered otherwise the second time leads nowhere else: it is asked for once."""
    asked, reached = [], []

    def answer(*_asked: object, **_how: object) -> list[object]:
        asked.append(1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("198.51.99.7" if len(asked) > 1 else "8.8.8.8", 443))]

    def connect(_socket: object, where: tuple[str, int]) -> None:
        reached.append(where)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with _app(strict=True).app_context(), pytest.raises(ProviderTrouble, match="no_answer"):
        get_json("https://idp.example/keys")
    assert (len(asked), reached) == (1, [("8.8.8.8", 443)])


def test_an_answer_that_trickles_is_given_up(monkeypatch):
    monkeypatch.setattr(oidc_fetch, "SECONDS_IN_ALL", 0.3)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            client, _address = server.accept()
            with client:
                client.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.wait(0.05):
                    try:
                        client.sendall(b"X-More: yes\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            with _app(strict=False).app_context(), pytest.raises(ProviderTrouble, match="no_answer"):
                get_json(f"http://127.0.0.1:{server.getsockname()[1]}/")
        finally:
            done.set()
            thread.join()
