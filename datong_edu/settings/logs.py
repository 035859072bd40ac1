"""Logging: one structured line per request and job, without a personal value in it.

Nobody logs a number on purpose.  What slips in all the same, in the text of an error or a library's message,
is masked when the line is written: numbers of persons, bank cards and phones.
"""

import logging
import re
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
]


class RequestLog(RequestMiddleware):
    """Log the path of a request without its query, which may carry a name or a number searched for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


# 18 characters with a check digit, a student number with its letter; 15 to 19 digits; a mobile phone.
# The whole class is masked, valid or not: a mistyped number is a person's number too.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[GJL]?\d{17}[0-9Xx](?:\d{2})?(?![0-9A-Za-z])"
    r"|(?<!\d)\d{17}[Xx]|(?<!\d)\d{15,20}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)"
)
_SPACED = re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)")


def redact(line: str) -> str:
    """A line with every checksum-valid ID number, 16- to 19-digit card and mobile phone masked."""
    return _SPACED.sub(_masked, _NUMBER.sub(_masked, line))


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    return f"[{'号码' if len(number) > 11 else '电话'}****{number[-2:]}]"


class RedactedLine(structlog.stdlib.ProcessorFormatter):
    """Masks what no log may hold, last of all, so that tracebacks and messages of libraries are covered."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return redact(super().format(record))


def configure(*, json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING: JSON lines for machines, key=value for people."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            # never the values of local variables, which a prettier traceback would print
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": RedactedLine,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "axes": {"level": "WARNING"},  # it tells every step of every failure; the audit trail has them
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }
