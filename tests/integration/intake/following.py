"""A reporter at the receipt page: opens it by code or mailed link, and sends the forms that stand on it."""

from __future__ import annotations

import html
import re

from flask import Flask
from werkzeug.test import TestResponse

from lexheller.accounts.rights import ActorKind
from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id, contact_of
from lexheller.cases.reporter_link import token_for
from lexheller.casework import asking
from lexheller.core.db import db
from lexheller.intake.service import receipt_code
from lexheller.messaging.models import Message
from tests.cast.people import Cast, Visitor
from tests.cast.stage import Stage, Staged

ADDRESS = "/kvitto/anmalan"
STEPS = {"reply": "svar", "not_solved": "inte-lost", "follow_up": "uppfoljning", "stop_mail": "sluta-mejla"}


def link_of(app: Flask, case_id: int) -> str:
    with app.app_context():
        return f"/kvitto/lank/{token_for(contact_of(db.session.get_one(Case, case_id).report_id))}"


def code_of(app: Flask, case_id: int) -> str:
    with app.app_context():
        case = case_of_id(case_id)
        return receipt_code(case.federation_id, case.report.submission_id)


def open_by_link(app: Flask, visitor: Visitor, case_id: int) -> Visitor:
    visitor.get(link_of(app, case_id))
    return visitor


def open_by_code(app: Flask, visitor: Visitor, case_id: int) -> Visitor:
    visitor.get("/kvitto")
    visitor.post("/kvitto", {"code": code_of(app, case_id)})
    return visitor


def hidden_fields(page: str, prefix: str = "") -> dict[str, str]:
    """Names and values of the hidden fields of one form, as a browser reads them."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        if name.startswith(f"{prefix}-" if prefix else ""):
            found[name] = html.unescape(value[1]) if value else ""
    return found


def fields_of(visitor: Visitor, step: str, **values: str) -> dict[str, str]:
    fields = hidden_fields(visitor.text, step)
    return {**fields, **{f"{step}-{name}": value for name, value in values.items()}}


def send(visitor: Visitor, step: str, **values: str) -> TestResponse:
    """One of the reporter's steps, with what stands hidden in its form on the page seen last."""
    data = fields_of(visitor, step, **values)
    visitor.last = visitor.client.post(f"{ADDRESS}/{STEPS[step]}", data=data, follow_redirects=True)
    return visitor.last


def words(visitor: Visitor) -> str:
    """What stands on the page, without its markup and without what fields hold."""
    body = visitor.text[visitor.text.index("<main") :]
    plain = re.sub(r"<textarea.*?</textarea>|<[^>]+>", " ", body, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(plain))


def ask(stage: Stage, case: Staged, text: str = "Vilken vecka var det?", *, by_manager: bool = False) -> None:
    """A question to the reporter, by the coordinator or by the manager of the first duty."""

    def asked(cast: Cast) -> None:
        row = case_of_id(case.id)
        if by_manager:
            duty = cast.duty(row)
            asking.ask_reporter(cast.manager_of(duty), row, text, duty=duty, seen=row.version)
        else:
            asking.ask_reporter(cast.person("samordnare", case.slug), row, text, seen=row.version)

    stage.ask(asked)


def messages(stage: Stage, kind: str) -> list[tuple[str, int]]:
    """Type and id of each recipient of the messages of that kind."""

    def read(_cast: Cast) -> list[tuple[str, int]]:
        rows = db.session.scalars(db.select(Message).where(Message.kind == kind).order_by(Message.id))
        return [(row.recipient_type, row.recipient_id) for row in rows]

    return stage.ask(read)


def events(stage: Stage, kind: str) -> list[dict[str, object]]:
    """The data of the events of that kind, which the reporter must have taken."""

    def read(_cast: Cast) -> list[dict[str, object]]:
        rows = list(db.session.scalars(db.select(Event).where(Event.kind == kind).order_by(Event.id)))
        assert {(row.actor_kind, row.actor_user_id) for row in rows} <= {(ActorKind.REPORTER, None)}
        return [row.data for row in rows]

    return stage.ask(read)
