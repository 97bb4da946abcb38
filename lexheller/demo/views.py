"""The demonstration's mailbox: mails that would have been sent, to read in the browser. Never there in production."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from lexheller.messaging.transport import read_folder
from lexheller.web.access import public

blueprint = Blueprint("demo", __name__)


@blueprint.get("/demo/mejl")
@public
def mailbox() -> ResponseReturnValue:
    return render_template("demo/mailbox.html", mails=read_folder(Path(current_app.config["MAIL_FOLDER"])))


@blueprint.get("/demo/mejl/<name>")
@public
def mail(name: str) -> ResponseReturnValue:
    found = next(
        (stored for stored in read_folder(Path(current_app.config["MAIL_FOLDER"])) if stored.name == name), None
    )
    if found is None:
        abort(404)
    return render_template("demo/mail.html", mail=found)
