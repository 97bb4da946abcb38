"""Typed settings, read from the environment once and handed to `create_app`.

Stops at validation: it opens no connection and makes no file except the embedded default's own secret.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32


class Environment(StrEnum):
    EMBEDDED = "embedded"
    PRODUCTION = "production"


class Use(StrEnum):
    """What the settings are for: an operator's command needs the database alone, a service needs it all."""

    COMMAND = "command"
    SERVICE = "service"


class ConfigurationError(Exception):
    """One or more settings are missing or wrong; `problems` names each of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Configuration is not usable:\n" + "\n".join(f"  - {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program reads from its surroundings. Sizes are bytes, times are seconds."""

    environment: Environment
    data: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    base_url: str
    smtp_url: str | None
    mail_from: str
    heads_to: str | None
    security_contact: str | None
    trusted_proxies: int
    sign_in_idle: timedelta
    sign_in_longest: timedelta
    demo: bool

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

    @property
    def heads_folder(self) -> Path:
        return self.data / "heads"


def load_settings(environ: Mapping[str, str] | None = None, *, use: Use = Use.SERVICE) -> Settings:
    """Settings from `environ` (default: the process's own). Raises ConfigurationError naming every problem."""
    env = {key: value.strip() for key, value in (os.environ if environ is None else environ).items()}
    problems: list[str] = []
    environment = _environment(env, problems)
    production = environment is Environment.PRODUCTION
    data = Path(env.get("LEXHELLER_DATA") or PROJECT / ".data").expanduser().absolute()
    settings = Settings(
        environment=environment,
        data=data,
        database_url=_database_url(env, data, production, problems),
        redis_url=_redis_url(env, problems, required=production and use is Use.SERVICE),
        secret_key=_secret_key(env, data, problems, production=production, use=use),
        base_url=_base_url(env, problems, required=production and use is Use.SERVICE),
        smtp_url=_smtp_url(env, problems, required=production and use is Use.SERVICE),
        mail_from=env.get("LEXHELLER_MAIL_FROM") or "Lex Heller <lex-heller@localhost>",
        heads_to=_heads_to(env, problems),
        security_contact=_security_contact(env, problems),
        trusted_proxies=_number(env, "LEXHELLER_TRUSTED_PROXIES", 0, problems),
        sign_in_idle=timedelta(minutes=_at_least(env, "LEXHELLER_SIGN_IN_IDLE_MINUTES", 120, 5, problems)),
        sign_in_longest=timedelta(hours=_at_least(env, "LEXHELLER_SIGN_IN_HOURS", 12, 1, problems)),
        demo=not production and env.get("LEXHELLER_DEMO", "1") != "0",
    )
    if production and use is Use.SERVICE and not env.get("LEXHELLER_MAIL_FROM"):
        problems.append("LEXHELLER_MAIL_FROM is missing: the sender, e.g. Lex Heller <lexheller@example.se>")
    if problems:
        raise ConfigurationError(problems)
    return settings


def _environment(env: Mapping[str, str], problems: list[str]) -> Environment:
    given = env.get("LEXHELLER_ENV")
    if not given:
        return Environment.PRODUCTION if env.get("LEXHELLER_DATABASE_URL") else Environment.EMBEDDED
    try:
        return Environment(given)
    except ValueError:
        problems.append(f"LEXHELLER_ENV is {given!r}: use embedded or production")
        return Environment.PRODUCTION


def _database_url(env: Mapping[str, str], data: Path, production: bool, problems: list[str]) -> str:
    url = env.get("LEXHELLER_DATABASE_URL", "")
    if not url:
        if production:
            problems.append("LEXHELLER_DATABASE_URL is missing: postgresql://user:password@host/database")
        return f"sqlite:///{data / 'lexheller.sqlite'}"
    scheme = url.partition(":")[0]
    if scheme in {"postgres", "postgresql"}:
        return "postgresql+psycopg" + url[len(scheme) :]
    if scheme == "postgresql+psycopg" or (scheme == "sqlite" and not production):
        return url
    problems.append(f"LEXHELLER_DATABASE_URL begins with {scheme!r}: only postgresql:// works in production")
    return url


def _redis_url(env: Mapping[str, str], problems: list[str], *, required: bool) -> str | None:
    url = env.get("LEXHELLER_REDIS_URL") or None
    if url is None and required:
        problems.append("LEXHELLER_REDIS_URL is missing: redis://host:6379/0")
    if url is not None and url.partition(":")[0] not in {"redis", "rediss", "unix"}:
        problems.append("LEXHELLER_REDIS_URL must begin with redis://, rediss:// or unix://")
    return url


def _secret_key(env: Mapping[str, str], data: Path, problems: list[str], *, production: bool, use: Use) -> str:
    given = env.get("LEXHELLER_SECRET_KEY", "")
    if given:
        if production and len(set(given)) < 10:
            problems.append("LEXHELLER_SECRET_KEY repeats itself: make one with `openssl rand -hex 32`")
        if production and len(given) < SHORTEST_SECRET:
            problems.append(f"LEXHELLER_SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
        return given
    if production and use is Use.SERVICE:
        problems.append("LEXHELLER_SECRET_KEY is missing: make one with `openssl rand -hex 32`")
        return ""
    if production:
        return secrets.token_hex(SHORTEST_SECRET)
    return _embedded_secret(data)


def _embedded_secret(data: Path) -> str:
    """The embedded default's own secret: made once, readable by its owner alone, kept between starts."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_hex(SHORTEST_SECRET)
        file.write(secret)
    return secret


def _base_url(env: Mapping[str, str], problems: list[str], *, required: bool) -> str:
    url = env.get("LEXHELLER_BASE_URL", "")
    if not url:
        if required:
            problems.append(
                "LEXHELLER_BASE_URL is missing: the address in mailed links, e.g. https://lexheller.example.se"
            )
        return f"http://127.0.0.1:{env.get('PORT') or '8000'}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        problems.append("LEXHELLER_BASE_URL must be a whole address beginning with https://")
    elif required and parts.scheme != "https":
        problems.append("LEXHELLER_BASE_URL must begin with https:// in production")
    return url.rstrip("/")


def _smtp_url(env: Mapping[str, str], problems: list[str], *, required: bool) -> str | None:
    url = env.get("LEXHELLER_SMTP_URL") or None
    if url is None:
        if required:
            problems.append("LEXHELLER_SMTP_URL is missing: smtp://user:password@host:587 (or smtps://)")
        return None
    if urlsplit(url).scheme not in {"smtp", "smtps"} or not urlsplit(url).hostname:
        problems.append("LEXHELLER_SMTP_URL must look like smtp://host:587 or smtps://host:465")
    return url


def _heads_to(env: Mapping[str, str], problems: list[str]) -> str | None:
    given = env.get("LEXHELLER_HEADS_TO") or None
    if given is not None and not re.fullmatch(r"[\w.+-]+@[\w.-]+", given, re.ASCII):
        problems.append("LEXHELLER_HEADS_TO must be one mail address, e.g. revisor@example.se")
        return None
    return given


def _security_contact(env: Mapping[str, str], problems: list[str]) -> str | None:
    """As security.txt wants it: a mail address becomes `mailto:`."""
    given = env.get("LEXHELLER_SECURITY_CONTACT") or None
    if given is None or re.fullmatch(r"(mailto:[\w.+-]+@[\w.-]+|https://[^\s/]+\S*)", given, re.ASCII):
        return given
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", given, re.ASCII):
        return f"mailto:{given}"
    problems.append("LEXHELLER_SECURITY_CONTACT must be a mail address, or a page that begins with https://")
    return None


def _number(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    given = env.get(name, "")
    if not given:
        return default
    if not given.isdecimal():
        problems.append(f"{name} is {given!r}: a whole number is needed")
        return default
    return int(given)


def _at_least(env: Mapping[str, str], name: str, default: int, least: int, problems: list[str]) -> int:
    found = _number(env, name, default, problems)
    if found < least:
        problems.append(f"{name} is {found}: at least {least} is needed")
    return found
