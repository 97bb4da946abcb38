"""What arrives: headers, letters and ids, at a real mail server and in the demonstration's folder."""

import threading
from email import policy
from email.message import EmailMessage

from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.messaging.service import TRANSPORT
from lexheller.messaging.transport import FolderTransport, SmtpTransport, read_folder
from tests.cast.people import HOME


def send_everything() -> None:
    for _ in range(3):
        for job_id in list(db.session.scalars(db.select(Job.id).where(Job.status == "waiting").order_by(Job.id))):
            jobs.run(job_id)


def test_a_mail_arrives_whole_over_smtp(cast, app, smtp_server):
    app.extensions[TRANSPORT] = SmtpTransport(smtp_server.url, "Förbundets Lex Heller <lex@heller.example>")
    case = cast.report()
    send_everything()
    to_reporter, with_whom = smtp_server.to("anmalare@habo.example")
    (to_manager,) = smtp_server.to(f"chef.af@{HOME}.example")
    for mail in (to_reporter, with_whom, to_manager):
        assert mail.get_content_type() == "text/plain"
        assert mail.get_content_charset() == "utf-8"
        assert not mail.is_multipart()
        assert mail["From"] == "Förbundets Lex Heller <lex@heller.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Content-Language"] == "sv"
        assert mail["Date"].datetime.utcoffset() is not None
        assert mail["Message-ID"].endswith("@127.0.0.1>")
        mail.as_bytes(policy=policy.SMTP).decode("ascii")
    assert case.number in to_reporter["Subject"]
    assert "fått din anmälan" in to_reporter["Subject"]
    assert "Vi skickar den vidare" in to_reporter.get_content()
    assert "väntar på ett svar" in to_manager.get_content()


def test_an_english_reporter_gets_english_mail(cast, app, smtp_server):
    app.extensions[TRANSPORT] = SmtpTransport(smtp_server.url, "Lex Heller <lex@heller.example>")
    cast.report(locale="en")
    send_everything()
    mails = smtp_server.to("anmalare@habo.example")
    assert len(mails) == 2
    for mail in mails:
        assert mail["Content-Language"] == "en"
        assert "Kind regards" in mail.get_content()


def test_a_folder_never_holds_half_a_mail_and_the_same_mail_once(cast, app, tmp_path):
    cast.report()
    send_everything()
    folder = tmp_path / "mail"
    first = sorted(folder.iterdir())
    assert [path.suffix for path in first] == [".eml"] * 3
    assert folder.stat().st_mode & 0o077 == 0
    subjects = {mail.subject: mail for mail in read_folder(folder) if "anmalare" in mail.to}
    mail = next(mail for subject, mail in subjects.items() if "fått din anmälan" in subject)
    assert abs((clock.now() - mail.moment).total_seconds()) < 600


def test_one_mail_delivered_by_many_at_once_is_one_whole_file(tmp_path):
    mail = EmailMessage()
    for name, value in {"To": "a@b.example", "Subject": "Hej", "Date": "Mon, 02 Mar 2026 08:00:00 +0000"}.items():
        mail[name] = value
    mail["Message-ID"] = "<received.1@../../lexheller>"
    mail.set_content("Å" * 200_000)
    transport = FolderTransport(tmp_path / "mail", "x@y.example")
    problems: list[str] = []

    def deliver():
        try:
            transport.deliver(mail)
        except Exception as problem:
            problems.append(repr(problem))

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    (found,) = (tmp_path / "mail").iterdir()
    assert found.read_bytes() == mail.as_bytes(policy=policy.SMTP)
