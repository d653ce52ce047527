"""The self-built app's callback over HTTP: `GET/POST /callback/wecom/{app}`.

200 empty or an encrypted reply   taken, and durable
403 empty                         not genuine; why is in our log alone
404 / 413                         no such app / more than 256 KiB
503                               could not be kept: the platform will deliver again
"""

from __future__ import annotations

import asyncio
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from aiohttp import ClientError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.answer import Answer
from bot.errors import Overloaded
from bot.wecom import limits
from bot.wecom.crypto import CallbackCrypto, Refused
from bot.wecom.events import Ignored, to_incoming
from bot.wecom.passive import render
from bot.wecom.xml import BadXml
from handlers.incoming import Incoming

PATH: Final = "/callback/wecom/{app}"
_BROKEN_OFF: Final = (
    TimeoutError,
    ClientError,
    ConnectionError,
    HttpProcessingError,
    web.PayloadAccessError,
    web.RequestPayloadError,
)
_log = structlog.get_logger("wecom.callback")

Accept = Callable[[Incoming], Awaitable[Answer]]
"""The dispatcher. It returns when the message is durable; raises Overloaded when it cannot make it so."""


@dataclass(frozen=True, slots=True)
class CallbackApp:
    """One app's callback: its corp (receiver of the envelopes) and the keys from the console."""

    corp_id: str
    crypto: CallbackCrypto


def callback_routes(
    apps: Mapping[str, CallbackApp], accept: Accept, clock: Callable[[], datetime]
) -> list[web.RouteDef]:
    """Routes for all apps, by our name of the app. `clock` gives aware UTC."""
    callback = _Callback(apps, accept, clock)
    return [web.get(PATH, callback.check, allow_head=False), web.post(PATH, callback.receive)]


class _TooLarge(Exception):
    """The body is beyond the bound."""


@dataclass(frozen=True, slots=True)
class _Callback:
    apps: Mapping[str, CallbackApp]
    accept: Accept
    clock: Callable[[], datetime]

    async def check(self, request: web.Request) -> web.Response:
        """Answer the URL check of the console: the decrypted echostr, nothing around it [90238]."""
        name = request.match_info["app"]
        app = self.apps.get(name)
        if app is None:
            return web.Response(status=404)
        try:
            echo = app.crypto.verify_url(
                *_signed(request), request.query.get("echostr", "").replace(" ", "+"), self.clock()
            )
        except Refused as refused:
            return _forbidden(name, refused.reason)
        _log.info("wecom.callback.url_checked", app=name)
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """Take one message or event."""
        name = request.match_info["app"]
        app = self.apps.get(name)
        if app is None:
            return web.Response(status=404)
        try:
            body = await _read(request)
            inner = app.crypto.open(body, *_signed(request), self.clock())
            incoming = to_incoming(inner, name, self.clock())
        except _TooLarge:
            return _closing(413)
        except (Refused, BadXml) as refused:
            return _forbidden(name, refused.reason)
        except _BROKEN_OFF:
            return _closing(400)
        if isinstance(incoming, Ignored):
            _log.info("wecom.callback.ignored", app=name, reason=incoming.reason)
            return web.Response()
        return await self._answer(app, incoming)

    async def _answer(self, app: CallbackApp, incoming: Incoming) -> web.Response:
        """Hand it to the dispatcher. Whatever fails there, the platform is to deliver again."""
        began = time.monotonic()
        try:
            answer = await self.accept(incoming)
        except Overloaded:
            return _again(incoming, "overloaded")
        except Exception as error:  # noqa: BLE001 - the transport's boundary: no traceback leaves the house
            return _again(incoming, f"{type(error).__name__} at {_place(error)}")
        took = time.monotonic() - began
        if took > limits.ACK_TARGET.total_seconds():
            _log.warning(
                "wecom.callback.slow", app=incoming.app, kind=incoming.kind.value, took_s=round(took, 2)
            )
        if answer.busy:
            return _again(incoming, "busy")
        return self._reply(app, incoming, answer)

    def _reply(self, app: CallbackApp, incoming: Incoming, answer: Answer) -> web.Response:
        """The answer as an encrypted packet. The message is durable: from here on it is always 200."""
        created = int(self.clock().timestamp())
        try:
            plaintext = render(answer, incoming.sender, app.corp_id, created)
        except ValueError:
            _log.error("wecom.callback.unrenderable", app=incoming.app, kind=incoming.kind.value)
            return web.Response()
        if plaintext is None:
            return web.Response()
        sealed = app.crypto.seal(plaintext, str(created), secrets.token_hex(8))
        return web.Response(text=sealed, content_type="text/xml")


def _signed(request: web.Request) -> tuple[str, str, str]:
    query = request.query
    return query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", "")


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
    _log.warning("wecom.callback.refused", app=app, reason=reason)
    return web.Response(status=403)


def _again(incoming: Incoming, reason: str) -> web.Response:
    _log.error("wecom.callback.not_kept", app=incoming.app, kind=incoming.kind.value, reason=reason)
    return web.Response(status=503)


def _place(error: BaseException) -> str:
    """File and line where it was raised. The error's own words may hold a message's text."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _closing(status: int) -> web.Response:
    """Refuse without reading on: the rest of the body is not worth a buffer."""
    response = web.Response(status=status)
    response.force_close()
    return response
