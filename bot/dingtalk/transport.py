"""One call of DingTalk's APIs over HTTP, with the retries that help, and no others.

Two hosts: api.dingtalk.com takes the token in a header and tells errors by HTTP status, oapi.dingtalk.com
takes it in the query and answers 200 always. Neither the token nor a sessionWebhook nor a body is ever
logged or raised: aiohttp's errors name the URL, so they are replaced by ours, without a chain.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import orjson
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, FormData

from bot.dingtalk import codes, limits
from bot.errors import Misconfigured, RateLimited, TokenExpired, Unreachable
from bot.sink import Sink
from bot.tokens import Token, Tokens

_log = structlog.get_logger("dingtalk.api")
_TIMEOUT: Final = ClientTimeout(total=limits.CALL_TIMEOUT.total_seconds())
_LONG: Final = ClientTimeout(total=limits.DOWNLOAD_TIMEOUT.total_seconds())
_JSON: Final = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
_AUTH_HEADER: Final = "x-acs-dingtalk-access-token"
AUTH_PATH: Final = "v1.0/oauth2/accessToken"

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], datetime]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where the two APIs are: https://api.dingtalk.com and https://oapi.dingtalk.com, or a sandbox."""

    api: str
    oapi: str


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """What to ask: the path, whether of the old API, and a JSON body or a form (made anew per try).

    `may_repeat` where a second time does no harm: then it is tried again when no answer came.
    """

    path: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    is_old: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    form: Callable[[], FormData] | None = None
    may_repeat: bool = True


def _no_meter(_path: str) -> None:
    """Count nothing."""


class Transport:
    """Calls the APIs as one app. `meter` is told the path of each call that the platform has taken."""

    def __init__(
        self,
        session: ClientSession,
        hosts: Hosts,
        client_id: str,
        client_secret: str,
        clock: Clock,
        *,
        meter: Callable[[str], None] = _no_meter,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._session = session
        self._hosts = hosts
        self._credentials = orjson.dumps({"appKey": client_id, "appSecret": client_secret})
        self._clock = clock
        self._meter = meter
        self._sleep = sleep
        self._jitter = jitter
        self._tokens = Tokens("dingtalk", self._fetch_token, clock)
        self._closed: dict[str, datetime] = {}

    async def answer(self, call: Call) -> Json:
        """What the platform answers. A refused token is renewed once. Raises VendorFault."""
        self._check_open(call.path)
        token = await self._tokens.current()
        try:
            return await self._with_token(call, token)
        except TokenExpired:
            _log.info("dingtalk.api.token_refused", call=call.path)
        return await self._with_token(call, await self._tokens.after(token))

    async def post_to(self, url: str, path: str, body: bytes) -> None:
        """Post to an address that needs no token, with the old API's envelope. Raises VendorFault."""
        status, data = await self._send("POST", url, path, headers=_JSON, data=body)
        _checked_old(path, _checked(path, status, data))
        self._meter(path)

    async def fetch(self, url: str, path: str, sink: Sink) -> None:
        """Download from an address that needs no token. Raises VendorFault and TooLarge."""
        try:
            async with self._session.get(url, timeout=_LONG, allow_redirects=False) as response:
                if response.status != 200:
                    raise codes.fault(path, response.status, {})
                await sink.restart()
                async for chunk in response.content.iter_any():
                    await sink.write(chunk)
        except TimeoutError:
            raise Unreachable(path, cause="timeout") from None
        except (ClientError, ValueError, OSError) as error:
            raise Unreachable(path, cause=type(error).__name__) from None

    async def _with_token(self, call: Call, token: Token) -> Json:
        try:
            answer = await self._persist(call, token.value)
        except RateLimited as limited:
            self._closed[call.path] = self._clock() + timedelta(seconds=limited.retry_after)
            _log.warning(
                "dingtalk.api.limited", call=call.path, code=limited.code, wait_s=limited.retry_after
            )
            raise
        self._meter(call.path)
        return answer

    def _check_open(self, path: str) -> None:
        """An API that said "too often" is left alone until its window ends; the others go on."""
        until = self._closed.get(path)
        if until is None:
            return
        left = (until - self._clock()).total_seconds()
        if left > 0:
            raise RateLimited(path, retry_after=left)
        del self._closed[path]

    async def _fetch_token(self) -> tuple[str, timedelta]:
        answer = await self._persist(Call(AUTH_PATH, body=self._credentials), "")
        value, life = answer.get("accessToken"), codes.number(answer.get("expireIn"))
        if not isinstance(value, str) or not value or life <= 0:
            raise Unreachable(AUTH_PATH, cause="no_token")
        return value, timedelta(seconds=life)

    async def _persist(self, call: Call, token: str) -> Json:
        """Up to three tries while the platform is busy, or out of reach and a repeat does no harm."""
        for attempt in range(1, limits.TRIES):
            try:
                return await self._try(call, token)
            except Unreachable as fault:
                if not call.may_repeat and fault.cause != "busy":
                    raise
                _log.warning("dingtalk.api.retry", call=call.path, code=fault.code, cause=fault.cause)
            await self._sleep(limits.BACKOFF.total_seconds() * 2 ** (attempt - 1) * (0.5 + self._jitter()))
        return await self._try(call, token)

    async def _try(self, call: Call, token: str) -> Json:
        base = self._hosts.oapi if call.is_old else self._hosts.api
        headers = dict(_JSON) if call.form is None else {}
        query = dict(call.query)
        if call.is_old:
            query["access_token"] = token
        elif token:
            headers[_AUTH_HEADER] = token
        data = call.form() if call.form else call.body
        url = f"{base.rstrip('/')}/{call.path}"
        status, got = await self._send(call.method, url, call.path, params=query, headers=headers, data=data)
        answer = _checked(call.path, status, got)
        return _checked_old(call.path, answer) if call.is_old else answer

    async def _send(
        self,
        method: str,
        url: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | FormData | None = None,
    ) -> tuple[int, bytes]:
        """One exchange: the HTTP status and the whole body, as long as it stays within the bound."""
        try:
            async with self._session.request(
                method,
                url,
                params=params,
                headers=headers,
                data=data,
                timeout=_TIMEOUT,
                allow_redirects=False,
            ) as response:
                got = bytearray()
                async for chunk in response.content.iter_any():
                    got += chunk
                    if len(got) > limits.ANSWER_MAX_BYTES:
                        raise Unreachable(path, cause="too_large")
                return response.status, bytes(got)
        except TimeoutError:
            raise Unreachable(path, cause="timeout") from None
        except ValueError:
            raise Misconfigured(path, hint="API 地址不是一个网址：检查钉钉 API 地址") from None
        except (ClientError, OSError) as error:
            raise Unreachable(path, cause=type(error).__name__) from None


def _checked(path: str, status: int, data: bytes) -> Json:
    """The answer as JSON, of HTTP status 200."""
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError:
        answer = dict(codes.BAN) if codes.is_ban_page(data) else None
    if status != 200:
        raise codes.fault(path, status, answer if isinstance(answer, dict) else {})
    if not isinstance(answer, dict):
        raise Unreachable(path, cause="not_json")
    if codes.is_ban(answer):
        raise codes.fault(path, status, answer)
    return answer


def _checked_old(path: str, answer: Json) -> Json:
    """The answer with errcode 0."""
    if codes.number(answer.get("errcode", 0)) != 0:
        raise codes.old_fault(path, answer)
    return answer
