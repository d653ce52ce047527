"""One call of WeCom's API over HTTP, with the retries that the platform asks for, and no others.

Neither the token nor the secret, which travel in the query, nor a body is ever logged or raised:
aiohttp's errors name the URL, so they are replaced by ours, without a chain.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import structlog
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, FormData

from bot.errors import Misconfigured, RateLimited, TokenExpired, Unreachable
from bot.sink import Sink
from bot.tokens import Token, Tokens
from bot.wecom import codes, limits

_log = structlog.get_logger("wecom.api")
_TIMEOUT: Final = ClientTimeout(total=limits.CALL_TIMEOUT.total_seconds())
_LONG: Final = ClientTimeout(total=limits.DOWNLOAD_TIMEOUT.total_seconds())
_ERROR_TYPES: Final = frozenset({"application/json", "text/plain", "text/html"})
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """What to ask: the path below /cgi-bin/, query values, and a JSON body or a form (made anew per try).

    A download is answered by a file, which goes into `sink`, or by JSON when it fails.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    form: Callable[[], FormData] | None = None
    sink: Sink | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back: JSON with errcode 0, or the name of the file that is in the sink now."""

    answer: dict[str, Any] = field(default_factory=dict)
    file_name: str = ""


class Transport:
    """Calls the API as one app. `jitter` gives 0..1, `sleep` takes seconds; both are there to be replaced."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        corp_id: str,
        secret: str,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._credentials = {"corpid": corp_id, "corpsecret": secret}
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._tokens = Tokens("wecom", self._fetch_token, clock)
        self._closed: dict[str, datetime] = {}

    async def answer(self, call: Call) -> dict[str, Any]:
        """The answer's JSON, errcode 0. Raises VendorFault."""
        return (await self.call(call)).answer

    async def call(self, call: Call) -> Reply:
        """What comes back. A refused token is renewed once. Raises VendorFault."""
        self._check_open(call.path)
        token = await self._tokens.current()
        try:
            return await self._with_token(call, token)
        except TokenExpired:
            _log.info("wecom.api.token_refused", call=call.path)
        return await self._with_token(call, await self._tokens.after(token))

    async def _with_token(self, call: Call, token: Token) -> Reply:
        try:
            return await self._persist(call, {**call.query, "access_token": token.value})
        except RateLimited as limited:
            self._closed[call.path] = self._clock() + timedelta(seconds=limited.retry_after)
            _log.warning("wecom.api.limited", call=call.path, code=limited.code, wait_s=limited.retry_after)
            raise

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
        answer = (await self._persist(Call(codes.GETTOKEN), self._credentials)).answer
        value, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(life, int):
            raise Unreachable(codes.GETTOKEN, cause="no_token")
        return value, timedelta(seconds=life)

    async def _persist(self, call: Call, query: Mapping[str, str]) -> Reply:
        """Up to three tries while the platform is busy or out of reach."""
        for attempt in range(1, limits.TRIES):
            try:
                return await self._exchange(call, query)
            except Unreachable as fault:
                _log.warning("wecom.api.retry", call=call.path, code=fault.code, cause=fault.cause)
            await self._sleep(limits.BACKOFF.total_seconds() * 2 ** (attempt - 1) * (0.5 + self._jitter()))
        return await self._exchange(call, query)

    async def _exchange(self, call: Call, query: Mapping[str, str]) -> Reply:
        method = "GET" if call.body is None and call.form is None else "POST"
        try:
            async with self._session.request(
                method,
                f"{self._base_url}/cgi-bin/{call.path}",
                params=query,
                data=call.form() if call.form else call.body,
                headers=_JSON if call.body is not None else None,
                timeout=_LONG if call.sink else _TIMEOUT,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise codes.http_fault(call.path, response.status)
                return await _read(call, response)
        except TimeoutError:
            raise Unreachable(call.path, cause="timeout") from None
        except ValueError:
            raise Misconfigured(call.path, hint="API 地址不是一个网址：检查 API 地址") from None
        except (ClientError, OSError) as error:
            raise Unreachable(call.path, cause=type(error).__name__) from None


async def _read(call: Call, response: ClientResponse) -> Reply:
    """The whole answer, as long as it stays within the bound."""
    disposition = response.content_disposition
    if call.sink is not None and (disposition or response.content_type not in _ERROR_TYPES):
        await call.sink.restart()
        async for chunk in response.content.iter_any():
            await call.sink.write(chunk)
        return Reply(file_name=(disposition.filename or "") if disposition else "")
    data = bytearray()
    async for chunk in response.content.iter_any():
        data += chunk
        if len(data) > limits.ANSWER_MAX_BYTES:
            raise Unreachable(call.path, cause="too_large")
    return Reply(answer=_checked(call.path, bytes(data)))


def _checked(path: str, data: bytes) -> dict[str, Any]:
    """The answer as JSON with errcode 0."""
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Unreachable(path, cause="not_json") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("errcode", 0), int):
        raise Unreachable(path, cause="not_json")
    code = answer.get("errcode", 0)
    if code:
        raise codes.fault(path, code)
    return answer
