"""Logs: constant event names, data as keywords, and nothing that a person wrote.

The redaction is the last line of defence, not the plan: code logs no message text, phones, tokens or
card contents in the first place. An exception is logged by its kind and by where it was raised, without
its words: a database's or a parser's words quote what they choked on. The words are kept with the message
in the inbox, where `genjin inbox show` finds them.
"""

from __future__ import annotations

import copy
import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog

FORBIDDEN: Final = frozenset(
    {
        "text",
        "content",
        "body",
        "phone",
        "mobile",
        "token",
        "access_token",
        "secret",
        "password",
        "key",
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
PHONE: Final = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
)
MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
LOGIN: Final = re.compile(r"://[^\s/@]+@")
SECRET: Final = re.compile(
    r"(?i)\b((?:access_?|refresh_?)?token|(?:corp|app|client)?_?secret|msg_signature|signature|echostr"
    r"|password|passwd|api_?key|signing_key|encoding_aes_key|code(?=[\"']?\s*[=:]\s*[\"']?(?!-?\d{1,6}\b)))"
    r"([\"']?\s*[=:]\s*[\"']?)[^&\s\"',;}]+"
)
BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
HAN: Final = re.compile(r"[\u3400-\u9fff]{2,}")
REPEATED: Final = re.compile(r"exception=(\w+)\([^\n]*")  # asyncio quotes the exception of a lost task
MOST_FRAMES: Final = 12
MARKS: Final = ("errno", "sqlstate", "sqlite_errorname", "code", "status")
MARK: Final = re.compile(r"-?\d{1,6}|[A-Z0-9_]{2,40}")


def scrub(value: str) -> str:
    """The text without phone numbers, mail addresses, logins in addresses, and secrets that are named."""
    value = SECRET.sub(r"\1\2…", LOGIN.sub("://…@", BEARER.sub(r"\1 …", value)))
    return MAIL.sub("…@…", PHONE.sub("…", value))


def trace(error: BaseException) -> str:
    """An exception in one line, without its words: its kind, its number, where it was raised, its causes."""
    return " ← ".join(f"{_kind(one)}{_place(one.__traceback__)}" for one in islice(_chain(error), 4))


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(error: BaseException) -> str:
    """The class, with the numbers that databases, systems and platforms give."""
    marks = []
    for holder in (error, getattr(error, "orig", None)):
        for name in MARKS:
            value = getattr(holder, name, None)
            if isinstance(value, int | str) and MARK.fullmatch(str(value)):
                marks.append(f"{name}={value}")
    return f"{type(error).__name__}({' '.join(marks)})" if marks else type(error).__name__


def _place(found: TracebackType | None) -> str:
    frames = []
    while found is not None:
        code = found.tb_frame.f_code
        frames.append(f"{'/'.join(Path(code.co_filename).parts[-2:])}:{found.tb_lineno} {code.co_name}")
        found = found.tb_next
    return "".join(f" < {frame}" for frame in reversed(frames[-MOST_FRAMES:]))


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 structlog's signature
    """Drop forbidden keys and scrub every value of a log line; an exception becomes its `trace`."""
    raised = event.pop("exc_info", None)
    if raised:
        event["raised"] = _raised(raised)
    for key in list(event):
        event[key] = "…" if key in FORBIDDEN else _safe(event[key])
    return event


def _raised(found: object) -> str:
    if isinstance(found, tuple):
        found = found[1]
    error = found if isinstance(found, BaseException) else sys.exc_info()[1]
    return trace(error) if error is not None else "none"


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return trace(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return {str(k): "…" if k in FORBIDDEN else _safe(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(one) for one in value]
    return scrub(str(value))


class Lines(logging.Formatter):
    """Lines of other libraries: one each, scrubbed, and without the words of exceptions or Chinese."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, safe to keep."""
        record = copy.copy(record)
        record.exc_text = record.stack_info = None
        if isinstance(record.args, tuple):
            record.args = tuple(
                trace(one)
                if isinstance(one, BaseException)
                else "…"
                if isinstance(one, bytes | bytearray)
                else one
                for one in record.args
            )
        line = REPEATED.sub(r"exception=\1", super().format(record))
        return HAN.sub("…", scrub(" ".join(line.splitlines())))

    def formatException(self, ei: Any) -> str:  # noqa: N802, ANN401 the library's own name and shape
        """The exception's `trace`."""
        return _raised(ei)


def configure(level: str = "INFO", *, as_json: bool = False) -> None:
    """Set logging up for the process: our lines through structlog, other libraries' through logging.

    Other libraries speak from WARNING on, whatever `level` says: below it they show what they carry.
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines("%(asctime)s [%(levelname)s] %(name)s %(message)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("aiohttp.access").disabled = True  # a request's query holds signatures
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
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
