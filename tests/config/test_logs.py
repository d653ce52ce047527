"""What may stand in a log line: names, numbers and places in the code; nothing that a person wrote."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from config import logs
from config.logs import FORBIDDEN, Lines, redact, scrub, trace

WORDS = "call Bob about Acme 58k"
PHONES = (
    "13800138000",
    "+86 138-0013-8000",
    "8613800138000",
    "138 0013 8000",
    "021-58881234",
    "0755 8888123",
)


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Whatever a test sets up, the next one finds logging as it was."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("aiohttp.access").disabled = False


@pytest.mark.parametrize("phone", PHONES)
def test_phones_are_blanked(phone: str) -> None:
    assert re.sub(r"\D", "", phone)[-6:] not in re.sub(r"\D", "", scrub(f"to {phone}."))


@pytest.mark.parametrize(
    "kept", ["2026-11-20 15:00", "id 7250138001380001234", "58万", "took 138.001", "1.2.3.4"]
)
def test_numbers_that_are_no_phones_stay(kept: str) -> None:
    assert scrub(kept) == kept


def test_mails_are_blanked() -> None:
    assert scrub("from wang.jianguo@crland.com.cn to me") == "from …@… to me"


@pytest.mark.parametrize(
    "line",
    [
        "GET /cgi-bin/gettoken?corpid=ww1&corpsecret=SEKRET",
        "/cgi-bin/message/send?access_token=SEKRET&debug=1",
        "msg_signature=SEKRET&timestamp=1",
        "echostr=SEKRET",
        "code=SEKRETSEKRET&state=1",
        '{"secret": "SEKRET", "a": 1}',
        "{'token': 'SEKRET'}",
        "token: SEKRET",
        "Authorization: Bearer SEKRET",
        "postgresql://genjin:SEKRET@db/genjin",
        "password=SEKRET host=db",
        "api_key=SEKRET",
        "refresh_token=SEKRET",
    ],
)
def test_named_secrets_are_blanked(line: str) -> None:
    assert "SEKRET" not in scrub(line)


def test_numbers_of_the_platform_stay() -> None:
    assert scrub("Rejected message/send code=40058") == "Rejected message/send code=40058"


@given(st.text())
def test_scrubbing_takes_anything_and_is_done_once(value: str) -> None:
    once = scrub(value)
    assert scrub(once) == once


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text() | st.sampled_from(sorted(FORBIDDEN)), VALUES, max_size=4))
def test_any_line_can_be_redacted(event: dict[str, object]) -> None:
    json.dumps(redact(None, "", dict(event)))


@pytest.mark.parametrize("key", sorted(FORBIDDEN))
def test_a_forbidden_key_is_never_shown_at_any_depth(key: str) -> None:
    shown = redact(None, "", {"event": "x", key: WORDS, "more": [{key: WORDS}]})
    assert WORDS not in str(shown)


def test_bytes_show_their_length_alone() -> None:
    assert redact(None, "", {"raw": b"<xml>secret</xml>"}) == {"raw": "17 bytes"}


def raised() -> ValueError:
    """An exception that quotes what it choked on, with a cause that does the same."""
    try:
        try:
            int(WORDS)
        except ValueError as cause:
            raise ValueError(f"cannot read {WORDS} 13800138000 王总的电话") from cause
    except ValueError as error:
        return error
    raise AssertionError


def test_an_exception_is_its_kind_and_its_place() -> None:
    shown = trace(raised())
    assert shown.startswith("ValueError < config/test_logs.py:")
    assert "raised ← ValueError" in shown
    for word in (WORDS, "13800138000", "王总", "\n"):
        assert word not in shown


def test_a_database_s_number_is_kept_and_its_parameters_are_not() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(text("insert into nowhere values (:words)"), {"words": WORDS})
    engine.dispose()
    assert WORDS in str(failed.value)
    assert "sqlite_errorname=SQLITE_ERROR" in trace(failed.value)
    assert WORDS not in trace(failed.value)


def test_an_operating_system_s_number_is_kept() -> None:
    assert trace(OSError(98, "in use")) == "OSError(errno=98)"
    assert trace(sqlite3.OperationalError("locked")) == "OperationalError"


def lines_of(
    capsys: pytest.CaptureFixture[str], act: Callable[[], None], *, as_json: bool = False
) -> list[str]:
    """What stands in the log after `act`."""
    logs.configure("DEBUG", as_json=as_json)
    act()
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("as_json", [True, False])
def test_our_lines_carry_no_traceback(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    def act() -> None:
        log = structlog.get_logger()
        log.error("turn.failed", exc_info=raised(), text=WORDS, who="13800138000", fault=raised())
        try:
            int(WORDS)
        except ValueError:
            log.exception("tick.failed", tick="mornings")

    lines = lines_of(capsys, act, as_json=as_json)
    assert len(lines) == 2
    assert all(word not in line for line in lines for word in (WORDS, "13800138000", "王总"))
    assert "turn.failed" in lines[0]
    assert "ValueError" in lines[1]
    assert "mornings" in lines[1]
    if as_json:
        assert json.loads(lines[1])["event"] == "tick.failed"


def test_other_libraries_lines_are_scrubbed_and_single(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        other = logging.getLogger("somebody.else")
        other.error("call %s at 13800138000?access_token=SEKRET\nwith %r", "王总王总", b"body bytes")
        other.error("failed: %s", raised())
        other.exception("went wrong", exc_info=raised())
        other.info(WORDS)
        logging.getLogger("asyncio").error(
            "Task exception was never retrieved\nfuture: <Task finished exception=%s>",
            repr(ValueError(WORDS)),
        )

    lines = lines_of(capsys, act)
    assert len(lines) == 4  # nothing below WARNING
    whole = "\n".join(lines)
    for word in (WORDS, "13800138000", "SEKRET", "王总", "body bytes"):
        assert word not in whole
    assert "exception=ValueError" in lines[3]


def test_the_web_server_s_lines_show_no_bytes_of_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    from aiohttp.http_exceptions import BadStatusLine

    def act() -> None:
        try:
            raise BadStatusLine(f"POST {WORDS}")
        except BadStatusLine as error:
            logging.getLogger("aiohttp.server").exception(
                "Error handling request from %s", "127.0.0.1", exc_info=error
            )
        logging.getLogger("aiohttp.access").warning('127.0.0.1 "GET /callback?echostr=%s"', WORDS)

    (line,) = lines_of(capsys, act)
    assert "aiohttp.server Error handling request from 127.0.0.1 BadStatusLine" in line
    assert WORDS not in line


def test_the_level_is_the_asked_one(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("WARNING")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    logs.configure("no such level")
    structlog.get_logger().debug("quiet")
    structlog.get_logger().info("louder")
    assert re.findall(r"quiet|louder|loud", capsys.readouterr().err) == ["loud", "louder"]


def test_a_formatter_leaves_the_record_to_the_next_handler() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "said %s", (WORDS + " 王总来了",), None)
    assert "王总来了" not in Lines().format(record)
    assert "王总来了" in record.getMessage()
