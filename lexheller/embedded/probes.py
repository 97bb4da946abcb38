"""Is the run ready? Asks Redis on its socket and the web server at /readyz. Stops at asking; stdlib alone."""

import http.client
import socket
from pathlib import Path

from lexheller.embedded.places import Place

ASK_TIMEOUT = 5.0
"""Seconds for one question."""


def redis_answers(path: Path) -> bool:
    """Whether the server on this unix socket answers PING (it does not while it loads its file)."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(ASK_TIMEOUT)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def web_is_ready(place: Place) -> bool:
    """Whether /readyz answers 200."""
    connection = http.client.HTTPConnection(place.probe_host, place.port, timeout=ASK_TIMEOUT)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
