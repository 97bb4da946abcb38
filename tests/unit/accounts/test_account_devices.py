"""Kinds of browsers, told from what browsers say of themselves."""

from __future__ import annotations

import pytest

from lexheller.accounts.devices import Browser, System, device_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0",
            ("edge", "windows"),
        ),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/140.0 Safari/537.36", ("chrome", "mac")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("firefox", "linux")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", ("safari", "ios")),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WEBKIT} Chrome/140.0 Mobile Safari/537.36", ("chrome", "android")),
        ("", ("other", "other")),
        ("curl/8.0 <script>", ("other", "other")),
    ],
)
def test_families(said, device):
    assert device_of(said) == (Browser(device[0]), System(device[1]))
