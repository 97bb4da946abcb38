"""A TCP port nobody uses right now. Stops at the number: it is not kept reserved."""

import socket


def free_port() -> int:
    """A free port on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
