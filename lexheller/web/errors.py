"""Error pages: plain words, what to do, and an id that the log knows (P22). No trace leaves the house."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from lexheller.core.db import is_taken
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee, SignedOut, StepRefused

log = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 30
TRY_LATER = {429, 503}
SIGN_IN_PAGE = "accounts.sign_in"
NEVER_KEPT = {"version", "submission_id", "sent_id", "next", "status"}
SECRETS = {"password", "token", "code", "secret"}
"""Words of which one stands in the name of every field that holds something secret."""


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NotAllowedToSee, _not_found)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StepRefused, _refused)
    app.register_error_handler(StaleDataError, _came_second)
    app.register_error_handler(IntegrityError, _came_second)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(InterfaceError, _database_down)
    app.register_error_handler(TimeoutError, _database_down)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, title: str, text: str, **values: Any) -> Response:
    error_id = secrets.token_hex(4)
    log.info("error_page", error_id=error_id, status=status, endpoint=request.endpoint)
    body = render_template("errors/error.html", title=title, text=text, error_id=error_id, **values)
    return make_response(body, status)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    titles = {
        400: (_("Det gick inte att läsa det du skickade"), _("Gå tillbaka, ladda om sidan och försök igen.")),
        404: (
            _("Sidan finns inte"),
            _("Kontrollera adressen. Sidan kan också kräva att du loggar in med ett annat konto."),
        ),
        405: (_("Så går det inte att öppna sidan"), _("Gå tillbaka och använd knapparna på sidan.")),
        413: (_("Det du skickade är för stort"), _("Korta texten eller välj en mindre fil, och försök igen.")),
        429: (_("För många försök"), _("Vänta några minuter och försök sedan igen.")),
        503: (_("Tjänsten är stängd en kort stund"), _("Försök igen om en halv minut.")),
    }
    title, text = titles.get(status, (_("Det blev fel"), _("Gå tillbaka och försök igen.")))
    response = _page(status, title, text, kept=_kept_text() if status in TRY_LATER else [])
    if status in TRY_LATER:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _csrf(_error: CSRFError) -> Response:
    return _page(
        400,
        _("Sidan hade varit öppen för länge"),
        _("Inget har sparats. Gå tillbaka, ladda om sidan och försök igen."),
        kept=_kept_text(),
    )


def _not_found(_error: NotAllowedToSee) -> Response:
    return _page(
        404,
        _("Sidan finns inte"),
        _("Kontrollera adressen. Sidan kan också kräva att du loggar in med ett annat konto."),
    )


def _invalid(error: InvalidInput) -> Response:
    """What a form let through and a verb refused: nothing is stored, and the text is shown again."""
    log.warning("input_refused", field=error.field, code=error.code, endpoint=request.endpoint)
    return _page(
        422,
        _("Det gick inte att spara"),
        _("Något av det du skickade går inte att ta emot. Gå tillbaka, kontrollera uppgifterna och försök igen."),
        back_href=request.referrer if _own_page(request.referrer) else None,
        kept=_kept_text(),
    )


def _signed_out(_error: SignedOut) -> Response:
    return _page(
        401,
        _("Du har blivit utloggad"),
        _("Inget har sparats. Logga in, öppna ärendet igen och skicka på nytt."),
        back_href=url_for(SIGN_IN_PAGE),
        back_label=_("Logga in"),
        kept=_kept_text(),
    )


def _came_second(error: Exception) -> Response:
    """Two at once made or changed the same thing, and the database let one of them (P13); nothing else is excused."""
    if isinstance(error, IntegrityError) and not is_taken(error):
        return _unexpected(error)
    log.warning("came_second", problem=type(error).__name__, endpoint=request.endpoint)
    return _conflict(error)


def _conflict(_error: Exception) -> Response:
    return _page(
        409,
        _("Någon annan hann före"),
        _(
            "Något har ändrats sedan du öppnade sidan, så ditt steg är inte sparat. "
            "Öppna sidan igen, se vad som har hänt och skicka på nytt om det behövs."
        ),
        back_href=request.referrer if _own_page(request.referrer) else None,
        kept=_kept_text(),
    )


def _refused(_error: StepRefused) -> Response:
    return _page(
        409,
        _("Steget går inte att ta nu"),
        _(
            "Det steget finns inte i det här läget, eller så är det någon annan som ska ta det. "
            "Inget har sparats. Öppna sidan igen och se vad som har hänt."
        ),
        back_href=request.referrer if _own_page(request.referrer) else None,
        kept=_kept_text(),
    )


def _database_down(error: Exception) -> Response:
    log.error("database_unavailable", problem=type(error).__name__)
    response = _page(
        503,
        _("Vi når inte databasen just nu"),
        _("Inget har sparats. Försök igen om en halv minut."),
        kept=_kept_text(),
    )
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _unexpected(error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    log.exception("unexpected_error", error_id=error_id, endpoint=request.endpoint, problem=type(error).__name__)
    body = render_template(
        "errors/error.html",
        title=_("Något gick fel hos oss"),
        text=_("Inget har sparats. Försök igen. Händer det en gång till: berätta för samordnaren och ange felnumret."),
        error_id=error_id,
        kept=_kept_text(),
    )
    return make_response(body, 500)


def _kept_text() -> list[tuple[str, str]]:
    """What the visitor wrote, to copy from the error page: words, no ids or days. Never passwords or tokens."""
    if request.method != "POST":
        return []
    return [
        (_("Din text"), value)
        for name, value in request.form.items()
        if not _is_left_out(name.rpartition("-")[2]) and any(sign.isalpha() for sign in value)
    ]


def _is_left_out(field: str) -> bool:
    return field in NEVER_KEPT or not SECRETS.isdisjoint(field.split("_"))


def _own_page(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)
