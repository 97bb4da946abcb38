"""Who is counted as one sender: an address of IPv4, and of IPv6 the network that one customer has."""

from __future__ import annotations

import pytest
from flask import Flask

from lexheller.web.limits import sender


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("something else", "something else"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_p20_a_sender_is_an_address_or_the_network_of_one_customer(address, counted):
    with Flask(__name__).test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        assert sender() == counted
