"""What DingTalk pushes over HTTP, where an app does not listen over Stream.

    POST /callback/dingtalk/{app}/robot   messages, signed by a header     → a message, or the type "empty"
    POST /callback/dingtalk/{app}/event   events, encrypted                → "success", encrypted
    POST /callback/dingtalk/{app}/card    pressed buttons, signed likewise → what the card becomes

403 for anything not genuine (why is in our log alone), 404 for no such app, 413 beyond 256 KiB, 503 where
it could not be kept.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import orjson
import structlog
from aiohttp import ClientError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.answer import Answer
from bot.dingtalk import bodies, events, limits, signing
from bot.dingtalk.crypto import EventCrypto, Refused
from bot.dingtalk.receiver import Accept, kept
from handlers.incoming import Incoming

PATH: Final = "/callback/dingtalk/{app}/"
CHECK_URL: Final = "check_url"
_BROKEN_OFF: Final = (
    TimeoutError,
    ClientError,
    ConnectionError,
    HttpProcessingError,
    web.PayloadAccessError,
    web.RequestPayloadError,
)
_log = structlog.get_logger("dingtalk.callback")


@dataclass(frozen=True, slots=True, repr=False)
class HttpApp:
    """One app's secrets: the Client Secret signs messages, `card_secret` (the apiSecret that was registered
    with the card callback) signs clicks, `crypto` opens events. What is missing is not served."""

    client_secret: str
    crypto: EventCrypto | None = None
    card_secret: str = ""


def callback_routes(
    apps: Mapping[str, HttpApp], accept: Accept, clock: Callable[[], datetime]
) -> list[web.RouteDef]:
    """Routes for all apps, by our name of the app. `clock` gives aware UTC."""
    pushed = _Pushed(apps, accept, clock)
    return [
        web.post(f"{PATH}robot", partial(pushed.take, read=pushed.robot)),
        web.post(f"{PATH}event", partial(pushed.take, read=pushed.event)),
        web.post(f"{PATH}card", partial(pushed.take, read=pushed.card)),
    ]


class _TooLarge(Exception):
    """The body is beyond the bound."""


@dataclass(frozen=True, slots=True)
class _Push:
    """One request, its body read."""

    name: str
    app: HttpApp
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


_Read = Callable[[_Push], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class _Pushed:
    apps: Mapping[str, HttpApp]
    accept: Accept
    clock: Callable[[], datetime]

    async def take(self, request: web.Request, read: _Read) -> web.Response:
        """Bound it, and have it read; whatever is wrong with it is not told."""
        name = request.match_info["app"]
        app = self.apps.get(name)
        if app is None:
            return web.Response(status=404)
        try:
            body = await _read(request)
            return await read(_Push(name, app, request.headers, request.query, body))
        except _TooLarge:
            return _closing(413)
        except Refused as refused:
            return _forbidden(name, refused.reason)
        except events.NotUnderstood:
            return _forbidden(name, "not_understood")
        except _BROKEN_OFF:
            return _closing(400)

    async def robot(self, push: _Push) -> web.Response:
        """A message to the robot; a text can be answered in the response [robot-message-type]."""
        timestamp = push.headers.get("timestamp", "")
        expected = signing.robot_sign(timestamp, push.app.client_secret)
        self._check(push.app.client_secret, expected, push.headers.get("sign", ""), timestamp)
        incoming = events.message(_json(push.body), push.name, self.clock())
        answer = await kept(self.accept, incoming)
        if answer is None:
            return web.Response(status=503)
        return _said(answer, incoming)

    async def card(self, push: _Push) -> web.Response:
        """A pressed button. It has no id of its own: the same press is the same body at the same time."""
        timestamp = push.headers.get("x-ddpaas-signature-timestamp", "")
        expected = signing.card_sign(timestamp, push.app.card_secret)
        self._check(push.app.card_secret, expected, push.headers.get("x-ddpaas-signature", ""), timestamp)
        press = hashlib.sha256(timestamp.encode() + b"\n" + push.body).hexdigest()
        answer = await kept(self.accept, events.card(_json(push.body), push.name, press, self.clock()))
        if answer is None:
            return web.Response(status=503)
        return _as_json(answer.card_update or {})

    async def event(self, push: _Push) -> web.Response:
        """A subscribed event, or the check of this address; both are answered with success."""
        crypto = push.app.crypto
        if crypto is None:
            raise Refused("no_aes_key")
        query, now = push.query, self.clock()
        nonce = query.get("nonce", "")
        signature = query.get("msg_signature", "") or query.get("signature", "")
        told = _json(crypto.open(push.body, signature, query.get("timestamp", ""), nonce, now))
        if (name := _event_name(told)) != CHECK_URL:
            incoming = _event(name, told, push, now)
            if await kept(self.accept, incoming) is None:
                return web.Response(status=503)
        return _as_json(crypto.success(nonce, now))

    def _check(self, secret: str, expected: str, given: str, timestamp: str) -> None:
        if not secret:
            raise Refused("no_secret")
        if not signing.is_genuine(expected, given):
            raise Refused("signature")
        if not signing.is_fresh(timestamp, self.clock()):
            raise Refused("stale")


def _event_name(told: Mapping[str, Any]) -> str:
    name = told.get("EventType")
    return name if isinstance(name, str) else ""


def _event(name: str, told: Mapping[str, Any], push: _Push, now: datetime) -> Incoming:
    """An event over HTTP has no id in its envelope: a repeat carries the same words."""
    given = told.get("eventId")
    event_id = given if isinstance(given, str) and given else _digest(told)
    born = told.get("TimeStamp") or told.get("timeStamp")
    return events.event(name, event_id, born, told, push.name, now)


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _said(answer: Answer, incoming: Incoming) -> web.Response:
    """The answer's text, to the one who asked; in a group he is mentioned."""
    if not answer.text:
        return _as_json({"msgtype": "empty"})
    is_member = not incoming.sender.startswith(events.OUTSIDE)
    mention = incoming.sender if incoming.is_group and is_member else ""
    return _as_json(bodies.webhook_text(answer.text, mention))


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("not_json") from None
    if not isinstance(read, dict):
        raise Refused("not_json")
    return read


def _as_json(value: Mapping[str, Any]) -> web.Response:
    return web.Response(body=orjson.dumps(dict(value)), content_type="application/json", charset="utf-8")


async def _read(request: web.Request) -> bytes:
    """The body, as long as it stays within the bound and does not trickle."""
    most = limits.BODY_MAX_BYTES
    if request.headers.get(hdrs.CONTENT_ENCODING):
        raise Refused("compressed")
    if (request.content_length or 0) > most:
        raise _TooLarge
    body = bytearray()
    async with asyncio.timeout(limits.BODY_TIMEOUT.total_seconds()):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > most:
                raise _TooLarge
    return bytes(body)


def _forbidden(app: str, reason: str) -> web.Response:
    _log.warning("dingtalk.callback.refused", app=app, reason=reason)
    return web.Response(status=403)


def _closing(status: int) -> web.Response:
    """Refuse without reading on: the rest of the body is not worth a buffer."""
    response = web.Response(status=status)
    response.force_close()
    return response
