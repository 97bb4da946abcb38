"""Which function does which job, and which mail has which words: the only place where names meet code."""

from __future__ import annotations

from flask import Flask

from lexheller.action_reports import service as action_reports
from lexheller.casework import messages as casework_messages
from lexheller.casework import service as casework
from lexheller.core import jobs
from lexheller.intake import messages as intake_messages
from lexheller.messaging import service as messaging


def install(app: Flask) -> None:
    jobs.register(app, casework.ROUTE_JOB, casework.route)
    jobs.register(app, messaging.SEND_JOB, messaging.send)
    jobs.register(app, action_reports.COMPILE_JOB, action_reports.compile_last_year)
    casework_messages.install(app)
    intake_messages.install(app)
