"""`create_app`: joins settings, floors and pages into one application. Nothing is made at import."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix

from config import PROJECT, Environment, Settings
from lexheller.accounts import oidc_fetch, readings, sign_ins
from lexheller.accounts import session as accounts_session
from lexheller.accounts import views as accounts_views
from lexheller.action_reports import public_views
from lexheller.action_reports import views as action_report_views
from lexheller.administration import rules_views
from lexheller.administration import views as administration_views
from lexheller.app import context, guard, health, searches, well_known, wiring
from lexheller.app.logs import configure_logging
from lexheller.casework import duty_views, handover_views, link_views, unit_history_views
from lexheller.casework import views as casework_views
from lexheller.check import heads
from lexheller.core import tenancy
from lexheller.core.db import db, reading
from lexheller.core.doorbell import EXTENSION, Doorbell, Send
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.demo import views as demo_views
from lexheller.desk import views as desk_views
from lexheller.improvement import views as improvement_views
from lexheller.intake import receipt_views, register_views
from lexheller.intake import views as intake_views
from lexheller.meetings import agenda_views
from lexheller.meetings import views as meeting_views
from lexheller.messaging.service import TRANSPORT
from lexheller.messaging.transport import FolderTransport, SmtpTransport
from lexheller.records import diary_pages, disposal_views, masking_views
from lexheller.records import register_views as open_register_views
from lexheller.statements import views as statement_views
from lexheller.web import errors, headers, limits, locale
from lexheller.web.links import BASE_URL
from lexheller.web.reading import ReadableRequest

LARGEST_REQUEST_BYTES = 1_000_000
LARGEST_FORM_FIELD_BYTES = 500_000
READS = {"GET", "HEAD", "OPTIONS"}
# A connection that broke is noticed before it is used; a host that does not answer is given up in time (P32).
# A host that vanishes is noticed within the minute, by us as by the database: no thread hangs, no lock outlives it.
POSTGRESQL = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "hide_parameters": True,
    "connect_args": {
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s",
    },
}
# Each module brings its routes; some share a blueprint with the module that is named here for them all.
PAGES = (
    register_views,
    accounts_views,
    desk_views,
    casework_views,
    duty_views,
    link_views,
    unit_history_views,
    handover_views,
    meeting_views,
    agenda_views,
    improvement_views,
    administration_views,
    rules_views,
    action_report_views,
    public_views,
    statement_views,
    disposal_views,
    masking_views,
    diary_pages,
    open_register_views,
)


class LexHeller(Flask):
    """A request is a transaction: reading ones are rolled back, others committed when the view has answered."""

    request_class = ReadableRequest

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        """Nobody's rows are seen until the access hook has found out whose the page is (P15)."""
        with tenancy.nobody():
            return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> Any:
        if request.method in READS:
            with nothing_kept():
                return super().dispatch_request()
        with transaction():
            return super().dispatch_request()

    def full_dispatch_request(self) -> Any:
        """Reading begins before the first hook, so that not even finding the user takes a write lock."""
        if request.method in READS:
            with reading():
                answer = super().full_dispatch_request()
        else:
            answer = super().full_dispatch_request()
        accounts_session.note_seen()
        return answer if readings.is_kept(answer) else self._withheld(answer)

    def _withheld(self, answer: Response) -> Response:
        """A file of which nobody would know that it was given out is not given out."""
        answer.close()
        return self.finalize_request(self.handle_user_exception(ServiceUnavailable()))


def create_app(settings: Settings, *, ring: Send | None = None) -> Flask:
    """The application. `ring` sends a doorbell (task name, job id); without it the sweep finds the work."""
    app = LexHeller("lexheller", template_folder=str(PROJECT / "templates"))
    configure_logging()
    app.config.update(_flask_config(settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory=str(PROJECT / "migrations"), render_as_batch=True)
    if ring is not None:
        app.extensions[EXTENSION] = Doorbell(ring)
    app.extensions[TRANSPORT] = _transport(settings)
    locale.install(app)
    headers.install(app)
    limits.install(app, settings.redis_url)
    accounts_session.install(app)
    protection = CSRFProtect(app)
    _register_pages(app, settings)
    # These show their form again with the text kept, so their form checks the token itself.
    protection.exempt(intake_views.send_report)
    protection.exempt(receipt_views.send_code)
    protection.exempt(receipt_views.send_reply)
    protection.exempt(receipt_views.send_not_solved)
    protection.exempt(receipt_views.send_follow_up)
    context.install(app)
    guard.install(app)
    searches.install(app)
    errors.install(app)
    wiring.install(app)
    return app


def _register_pages(app: Flask, settings: Settings) -> None:
    for views in PAGES:
        app.register_blueprint(views.blueprint)
    health.install(app)
    app.register_blueprint(well_known.blueprint)
    if settings.demo and settings.smtp_url is None:
        app.register_blueprint(demo_views.blueprint)


def _flask_config(settings: Settings) -> dict[str, Any]:
    sqlite = settings.database_url.startswith("sqlite")
    secure = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True} if sqlite else POSTGRESQL,
        sign_ins.IDLE: settings.sign_in_idle,
        oidc_fetch.STRICT: settings.production,
        sign_ins.LONGEST: settings.sign_in_longest,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM_FIELD_BYTES,
        "SESSION_COOKIE_NAME": "__Host-lexheller" if secure else "lexheller",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": settings.sign_in_longest,
        "WTF_CSRF_TIME_LIMIT": None,
        "DEMO_MODE": settings.environment is Environment.EMBEDDED and settings.demo,
        "MAIL_FOLDER": str(settings.mail_folder),
        heads.FOLDER: str(settings.heads_folder),
        heads.TO: settings.heads_to,
        well_known.SECURITY_CONTACT: settings.security_contact,
        "LEXHELLER_REDIS_URL": settings.redis_url,
        BASE_URL: settings.base_url,
    }


def _transport(settings: Settings) -> SmtpTransport | FolderTransport:
    if settings.smtp_url is not None:
        return SmtpTransport(settings.smtp_url, settings.mail_from)
    return FolderTransport(settings.mail_folder, settings.mail_from)
