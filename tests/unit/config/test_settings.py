"""Settings: everything that is missing or wrong is named at once, and no secret comes by itself in production."""

from pathlib import Path

import pytest

from config import ConfigurationError, Environment, Use, load_settings

GOOD = {
    "LEXHELLER_ENV": "production",
    "LEXHELLER_DATABASE_URL": "postgresql://lexheller:word@db/lexheller",
    "LEXHELLER_REDIS_URL": "redis://redis:6379/0",
    "LEXHELLER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "LEXHELLER_BASE_URL": "https://lexheller.example.se/",
    "LEXHELLER_SMTP_URL": "smtp://mail.example.se:587",
    "LEXHELLER_MAIL_FROM": "Lex Heller <lexheller@example.se>",
}
DEMANDED = sorted(set(GOOD) - {"LEXHELLER_ENV"})


def problems(environ: dict[str, str], use: Use = Use.SERVICE) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ, use=use)
    return caught.value.problems


def test_a_whole_production_environment_is_accepted():
    settings = load_settings(GOOD)
    assert settings.production
    assert not settings.demo
    assert settings.base_url == "https://lexheller.example.se"


@pytest.mark.parametrize("name", DEMANDED)
def test_each_missing_setting_is_named(name):
    found = problems({key: value for key, value in GOOD.items() if key != name})
    assert [problem.partition(" ")[0] for problem in found] == [name]


@pytest.mark.parametrize("name", DEMANDED)
def test_an_empty_setting_is_a_missing_one(name):
    assert [problem.partition(" ")[0] for problem in problems({**GOOD, name: "  "})] == [name]


def test_all_missing_settings_are_named_at_once():
    found = problems({"LEXHELLER_ENV": "production"})
    assert sorted(problem.partition(" ")[0] for problem in found) == DEMANDED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEXHELLER_ENV", "staging"),
        ("LEXHELLER_DATABASE_URL", "mysql://db/lexheller"),
        ("LEXHELLER_DATABASE_URL", "sqlite:///file.sqlite"),
        ("LEXHELLER_REDIS_URL", "amqp://rabbit"),
        ("LEXHELLER_SECRET_KEY", "short"),
        ("LEXHELLER_SECRET_KEY", "changeme" * 8),
        ("LEXHELLER_BASE_URL", "lexheller.example.se"),
        ("LEXHELLER_BASE_URL", "ftp://lexheller.example.se"),
        ("LEXHELLER_BASE_URL", "http://lexheller.example.se"),
        ("LEXHELLER_SMTP_URL", "mail.example.se:25"),
        ("LEXHELLER_TRUSTED_PROXIES", "one"),
        ("LEXHELLER_TRUSTED_PROXIES", "-1"),
        ("LEXHELLER_TRUSTED_PROXIES", "²"),
    ],
)
def test_each_wrong_setting_is_named(name, value):
    assert {problem.partition(" ")[0] for problem in problems({**GOOD, name: value})} == {name}


def test_wrong_and_missing_settings_are_told_together():
    wrong = {**GOOD, "LEXHELLER_REDIS_URL": "amqp://rabbit", "LEXHELLER_BASE_URL": "nothing"}
    del wrong["LEXHELLER_SMTP_URL"]
    assert {problem.partition(" ")[0] for problem in problems(wrong)} == {
        "LEXHELLER_REDIS_URL",
        "LEXHELLER_BASE_URL",
        "LEXHELLER_SMTP_URL",
    }


def test_the_message_shows_every_problem_and_no_secret():
    error = ConfigurationError(problems({**GOOD, "LEXHELLER_SECRET_KEY": "hush-hush", "LEXHELLER_REDIS_URL": ""}))
    assert "LEXHELLER_SECRET_KEY" in str(error)
    assert "LEXHELLER_REDIS_URL" in str(error)
    assert "hush-hush" not in str(error)


def test_a_database_address_without_an_environment_means_production():
    assert "LEXHELLER_SECRET_KEY" in " ".join(problems({"LEXHELLER_DATABASE_URL": GOOD["LEXHELLER_DATABASE_URL"]}))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_addresses_are_given_their_driver(scheme):
    settings = load_settings({**GOOD, "LEXHELLER_DATABASE_URL": f"{scheme}://lexheller:a:b@db/lexheller?x=postgres"})
    assert settings.database_url == "postgresql+psycopg://lexheller:a:b@db/lexheller?x=postgres"


def test_a_command_needs_the_database_alone():
    settings = load_settings({"LEXHELLER_DATABASE_URL": GOOD["LEXHELLER_DATABASE_URL"]}, use=Use.COMMAND)
    other = load_settings({"LEXHELLER_DATABASE_URL": GOOD["LEXHELLER_DATABASE_URL"]}, use=Use.COMMAND)
    assert settings.environment is Environment.PRODUCTION
    assert settings.secret_key != other.secret_key


def test_the_embedded_default_makes_its_own_secret_once(tmp_path: Path):
    environ = {"LEXHELLER_DATA": str(tmp_path / "data")}
    first, second = load_settings(environ), load_settings(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o077 == 0
    assert first.secret_key != load_settings({"LEXHELLER_DATA": str(tmp_path / "other")}).secret_key
