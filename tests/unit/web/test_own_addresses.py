"""Where sign-in leads afterwards: a page of ours, never somebody else's site (P20)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.accounts.entering import own_address


@pytest.mark.parametrize(
    "address", ["/start", "/arenden/finnveden?status=closed&q=a%20b", "/arenden/finnveden/3#svara"]
)
def test_p20_an_own_path_is_followed(address):
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "start",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
    ],
)
def test_p20_a_way_out_is_not_followed(address):
    assert own_address(address) is None


@given(st.text(alphabet="/\\:@.\t\r\n evil?#%", max_size=12))
def test_p20_what_is_followed_begins_with_one_slash(address):
    followed = own_address(address)
    assert followed is None or (followed[0] == "/" and followed[1:2] not in {"/", "\\"})
