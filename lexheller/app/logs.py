"""Structured logs on standard error. No free text of a report, no addresses: callers log ids and codes only."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logging() -> None:
    """One JSON object a line. SQL parameters are never logged: they may hold what people wrote."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trace_without_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _trace_without_values(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Where an exception came from, without its message: database errors quote the values they choked on."""
    if event.pop("exc_info", None):
        kind, _value, trace = sys.exc_info()
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        event["exception"] = kind.__name__ if kind else "unknown"
        event["trace"] = places[-8:]
    return event
