"""Pushes over HTTP: signed robot messages, encrypted events, signed card callbacks.

Pages receive-message, develop-stream-mode-push-server, event-callback-card, register-card-callback-address.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import orjson

from sandbox.dingtalk import limits
from sandbox.dingtalk.company import CONTACT_EVENTS, DingApp
from sandbox.dingtalk.crypto import BadSeal, Seal, card_sign, robot_sign
from sandbox.dingtalk.faults import PushFaults
from sandbox.dingtalk.shape import JsonObject, loaded
from sandbox.dingtalk.state import Space

ANSWER_CAP = 1024 * 1024
SUCCESS = b"success"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an app's address. `plain` is what it says before encryption."""

    url: str
    body: bytes
    headers: dict[str, str]
    query: dict[str, str]
    plain: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is None without an answer in time."""

    status: int | None
    body: bytes = b""
    problem: str = ""

    def json(self) -> JsonObject | None:
        """The body, when it is a JSON object."""
        return loaded(self.body) if self.body else None


class HttpPush:
    """Builds and sends the three kinds of requests."""

    def __init__(self, space: Space, faults: PushFaults) -> None:
        self._space, self._faults = space, faults
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def robot(self, app: DingApp, data: JsonObject) -> Request:
        """A robot message."""
        stamp = self._stamp()
        headers = {"timestamp": stamp, "sign": self._signed(robot_sign(stamp, app.client_secret))}
        return self._request(app.robot_url, orjson.dumps(data), headers)

    def card(self, url: str, secret: str, data: JsonObject) -> Request:
        """A click on a card; the body is not signed."""
        stamp = self._stamp()
        headers = {
            "x-ddpaas-signature-timestamp": stamp,
            "x-ddpaas-signature": self._signed(card_sign(stamp, secret)),
        }
        return self._request(url, orjson.dumps(data), headers)

    def event(self, app: DingApp, data: JsonObject) -> Request:
        """An event; the first one an address gets is `{"EventType": "check_url"}`."""
        seal, plain = seal_of(app), orjson.dumps(data)
        encrypted, stamp, nonce = seal.close(plain), self._stamp(), secrets.token_hex(8)
        sign = self._signed(seal.sign(stamp, nonce, encrypted))
        query = {"msg_signature": sign, "timestamp": stamp, "nonce": nonce}
        query["signature"] = query["msg_signature"]
        body = orjson.dumps({"encrypt": encrypted})
        return Request(app.event_url, body, {"Content-Type": "application/json"}, query, plain)

    async def send(self, request: Request, timeout: float) -> Answer:  # noqa: ASYNC109 (the platform's limit)
        """Send, `timeout` in real seconds; never raises for what the app's side does."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        try:
            async with self._session.post(
                request.url,
                params=request.query,
                data=request.body,
                headers=request.headers,
                timeout=aiohttp.ClientTimeout(total=timeout),
                allow_redirects=False,
            ) as response:
                return Answer(response.status, await response.content.read(ANSWER_CAP))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Answer(None, problem=type(error).__name__)

    def _stamp(self) -> str:
        return str(self._space.now_ms() - (2 * limits.HOUR * 1000 if self._faults.stale else 0))

    def _signed(self, right: str) -> str:
        return right[::-1] if self._faults.forged else right

    def _request(self, url: str, body: bytes, headers: dict[str, str]) -> Request:
        typed = {"Content-Type": "application/json; charset=utf-8", **headers}
        return Request(url, body, typed, {}, body)


def event_body(headers: Mapping[str, str], data: JsonObject) -> JsonObject:
    """An event as it is pushed over HTTP: type and organisation inside; contact events in capitals."""
    kind, corp_id = headers["eventType"], headers["eventCorpId"]
    if kind not in CONTACT_EVENTS:
        return {"EventType": kind, "corpId": corp_id, **data}
    capitals = {name[:1].upper() + name[1:]: value for name, value in data.items()}
    return {"EventType": kind, "CorpId": corp_id, **capitals}


def seal_of(app: DingApp) -> Seal:
    """The seal of an app's events; the owner of a console-configured internal app is its client id."""
    return Seal(app.token, app.encoding_aes_key, app.client_id)


def event_problem(app: DingApp, answer: Answer) -> str:
    """Why an answer to an event does not count, or ""."""
    if answer.status != 200:
        return answer.problem or f"HTTP {answer.status}"
    fields = answer.json() or {}
    parts = [fields.get(name) for name in ("msg_signature", "timeStamp", "nonce", "encrypt")]
    if not all(isinstance(one, str | int) for one in parts):
        return "the answer needs msg_signature, timeStamp, nonce and encrypt"
    given, stamp, nonce, encrypted = (str(one) for one in parts)
    seal = seal_of(app)
    if not seal.verify(given, stamp, nonce, encrypted):
        return "the answer's signature is wrong"
    try:
        return "" if seal.open(encrypted) == SUCCESS else "the answer is not success"
    except BadSeal as error:
        return f"the answer does not open: {error}"
