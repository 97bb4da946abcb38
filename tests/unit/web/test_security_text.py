"""security.txt as RFC 9116 wants it, and whom the settings let stand in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from config import ConfigurationError, load_settings
from lexheller.app.well_known import security_text

TODAY = date(2026, 11, 22)


def test_every_field_that_is_demanded_stands_once_and_it_runs_out_within_a_year():
    text = security_text("mailto:s@example.se", "https://lexheller.example.se/.well-known/security.txt", TODAY)
    assert text.endswith("\n")
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert list(fields) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert fields["Contact"] == "mailto:s@example.se"
    assert fields["Preferred-Languages"] == "sv, en"
    ends = datetime.fromisoformat(fields["Expires"])
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert now + timedelta(days=30) < ends < now + timedelta(days=365)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("sakerhet@example.se", "mailto:sakerhet@example.se"),
        ("mailto:sakerhet@example.se", "mailto:sakerhet@example.se"),
        ("https://example.se/sakerhet", "https://example.se/sakerhet"),
        ("", None),
    ],
)
def test_a_contact_is_a_mail_address_or_a_page(given, found, tmp_path):
    environ = {"LEXHELLER_DATA": str(tmp_path), "LEXHELLER_SECURITY_CONTACT": given}
    assert load_settings(environ).security_contact == found


@pytest.mark.parametrize("given", ["http://example.se", "fråga oss", "a@b.se\nExpires: never", "https:// x", "@"])
def test_anything_else_is_told_at_the_start(given, tmp_path):
    with pytest.raises(ConfigurationError, match="LEXHELLER_SECURITY_CONTACT"):
        load_settings({"LEXHELLER_DATA": str(tmp_path), "LEXHELLER_SECURITY_CONTACT": given})
