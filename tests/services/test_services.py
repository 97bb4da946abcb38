"""The services themselves: that they are real, keep what they must, and leave nothing when the tests are killed."""

import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Browser

from tests.embedded.processes import descendants, still_alive, within
from tests.services.mail import MailServer
from tests.services.postgres import CHECKOUT, NoPostgresError, PostgresClient, PostgresServer, find_programs
from tests.services.redis import RedisServer

KILLED = """
import time
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
servers = [PostgresServer(), RedisServer()]
print(*(server._folder for server in servers), flush=True)
time.sleep(300)
"""


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def test_a_database_can_be_copied_from_a_template(postgres_server: PostgresClient, worker_name: str) -> None:
    template, copy = f"services_template_{worker_name}", f"services_copy_{worker_name}"
    with psycopg.connect(_plain(postgres_server.create(template)), autocommit=True) as connection:
        connection.execute("CREATE TABLE words (word text)")
        connection.execute("INSERT INTO words VALUES ('åäö')")
    with psycopg.connect(_plain(postgres_server.create(copy, template=template))) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("åäö",)]
    for name in (copy, template):
        postgres_server.drop(name)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(_plain(postgres_server.url(copy)))


@pytest.fixture
def worker_name(request: pytest.FixtureRequest) -> str:
    workerinput = getattr(request.config, "workerinput", {})
    return str(workerinput.get("workerid", "main"))


def test_the_wheel_alone_has_a_postgres() -> None:
    server = PostgresServer(wheel_only=True)
    try:
        assert int(server.version.split(".")[0]) >= 17
        with psycopg.connect(_plain(server.create("words"))) as connection:
            assert connection.execute("SELECT to_tsvector('simple', 'Åtgärd')").fetchone()
    finally:
        server.stop()


def test_a_machine_without_postgres_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.services.postgres._machine_folders", lambda: [tmp_path])
    monkeypatch.setattr("tests.services.postgres._wheel_folders", list)
    with pytest.raises(NoPostgresError, match="make test-setup"):
        find_programs()


def test_redis_keeps_its_data_over_kill_and_stop() -> None:
    server = RedisServer()
    try:
        redis.Redis.from_url(server.url).set("word", "kept")
        for end in (server.kill, server.stop):
            end()
            with pytest.raises(redis.ConnectionError):
                redis.Redis.from_url(server.url).ping()
            server.start()
            assert redis.Redis.from_url(server.url).get("word") == b"kept"
    finally:
        server.close()


def test_mail_arrives_and_can_be_refused(smtp_server: MailServer) -> None:
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = "anna@example.se", "lex@example.se", "Å, ett ärende"
    message.set_content("Hej")
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.send_message(message)
        smtp_server.refusing = True
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(message)
    assert [mail["Subject"] for mail in smtp_server.to("anna@example.se")] == ["Å, ett ärende"]
    assert smtp_server.to("bo@example.se") == []


def test_chromium_draws_and_axe_judges(browser: Browser, axe_source: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.set_content("<html lang='sv'><title>Prov</title><main><h1>Prov</h1><input></main></html>")
    page.add_script_tag(path=str(axe_source))
    found = page.evaluate("async () => (await axe.run()).violations.map((violation) => violation.id)")
    assert found == ["label"]
    assert page.evaluate("innerWidth") == 390
    context.close()


def test_killed_tests_leave_no_server_and_no_folder() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        folders = [Path(word) for word in process.stdout.readline().split()]
        assert len(folders) == 2
        family = descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    assert within(5, lambda: not still_alive(family)), still_alive(family)
    assert within(5, lambda: not any(folder.exists() for folder in folders))
