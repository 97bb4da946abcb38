"""/healthz: the process is alive. /readyz: database, migrations, broker and the last sweep are as they should be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import redis
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config import PROJECT
from lexheller.core import clock, heartbeat
from lexheller.core.db import db
from lexheller.web.access import public

blueprint = Blueprint("health", __name__)

SWEEP = "jobs.sweep"
SWEEP_LATE_AFTER = timedelta(minutes=2)
BROKER_WAIT_SECONDS = 1
STARTED = "lexheller_started_at"


def install(app: Flask) -> None:
    app.extensions[STARTED] = clock.now()
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when all is well, else 503; `checks` says ok or what is the matter, without details of the system."""
    checks = {"database": _database()}
    good = checks["database"] == "ok"
    checks["migrations"] = _migrations() if good else "unknown"
    checks["broker"] = _broker()
    checks["last_sweep"] = _last_sweep() if checks["migrations"] == "ok" else "unknown"
    fine = all(answer in {"ok", "not_yet_due"} for answer in checks.values())
    response = jsonify(status="ready" if fine else "not_ready", checks=checks)
    response.status_code = 200 if fine else 503
    return response


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "unreachable"
    return "ok"


def _migrations() -> str:
    try:
        at = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return "missing"
    return "ok" if at == newest_migration() else "behind"


def newest_migration() -> str | None:
    """The revision the code expects."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(PROJECT / "migrations")))
    return ScriptDirectory.from_config(configuration).get_current_head()


def _broker() -> str:
    url = current_app.config["LEXHELLER_REDIS_URL"]
    if not url:
        return "not_configured"
    client = redis.Redis.from_url(url, socket_timeout=BROKER_WAIT_SECONDS, socket_connect_timeout=BROKER_WAIT_SECONDS)
    try:
        client.ping()
    except (RedisError, OSError):
        return "unreachable"
    finally:
        client.close()
    return "ok"


def _last_sweep() -> str:
    """A sweep that is not yet due after a start is no fault."""
    last = heartbeat.last(SWEEP)
    now = clock.now()
    if last is not None and now - last <= SWEEP_LATE_AFTER:
        return "ok"
    if now - current_app.extensions[STARTED] <= SWEEP_LATE_AFTER:
        return "not_yet_due"
    return "late"
