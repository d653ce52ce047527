"""Logs: constant event names, data as keywords, and nothing that a person wrote.

The redaction is the last line of defence, not the plan: code logs no message text, phones, tokens or
card contents in the first place.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FORBIDDEN = frozenset(
    {
        "text",
        "content",
        "body",
        "phone",
        "mobile",
        "token",
        "access_token",
        "secret",
        "card",
        "payload",
        "xml",
        "echostr",
        "corpsecret",
        "encoding_aes_key",
        "signing_key",
        "quoted",
        "answer",
        "email",
    }
)
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
SECRET_QUERY = re.compile(
    r"(?i)\b(access_token|corpsecret|msg_signature|echostr|secret|token|code)=[^&\s\"']+"
)
HAN = re.compile(r"[\u3400-\u9fff]{2,}")


def scrub(value: str) -> str:
    """The text without phone numbers, mail addresses and secrets in queries."""
    value = SECRET_QUERY.sub(r"\1=…", value)
    return MAIL.sub("…@…", PHONE.sub("…", value))


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 structlog's signature
    """Drop forbidden keys and scrub every text of a log line, tracebacks included.

    In a traceback the words of a database row or a message may stand in an exception's text: Chinese
    runs of two or more characters are blanked there.
    """
    for key in list(event):
        if key in FORBIDDEN:
            event[key] = "…"
        elif isinstance(event[key], str):
            event[key] = HAN.sub("…", scrub(event[key])) if key == "exception" else scrub(event[key])
    return event


class _Lines(logging.Formatter):
    """Lines of other libraries, scrubbed as well."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, safe to keep."""
        return HAN.sub("…", scrub(super().format(record)))


def configure(level: str = "INFO", *, as_json: bool = False) -> None:
    """Set logging up for the process: our lines through structlog, other libraries' through logging."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines("%(asctime)s [%(levelname)s] %(name)s %(message)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    last: structlog.typing.Processor
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
