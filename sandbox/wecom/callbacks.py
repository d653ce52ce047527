"""Delivers encrypted callbacks as the platform does (page 90238): 5 s, three tries, answers opened."""

from __future__ import annotations

import asyncio
import io
import re
import secrets
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import aiohttp

from sandbox.company import App
from sandbox.state import Exchange, World
from sandbox.wecom import limits
from sandbox.wecom.crypto import BadEnvelope, Envelope
from sandbox.wecom.gathering import Gathering
from sandbox.wecom.xml import cdata

ANSWER_CAP = 1024 * 1024
BIG = 1024 * 1024  # bytes; a larger body is streamed
NO_ANSWER = ("", "success")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `status` is None when there was no answer in time; `reply` is the opened passive reply."""

    status: int | None
    reply: bytes = b""
    problem: str = ""


@dataclass(slots=True)
class Delivery:
    """What became of one callback. `reply` is the plain XML that the app answered with, or empty."""

    attempts: list[Attempt] = field(default_factory=list)
    exchanges: list[str] = field(default_factory=list)
    reply: bytes = b""
    ok: bool = False


@dataclass(slots=True)
class CallbackFaults:
    """Every delivery comes `copies` times at once; the next `lost_acks` good answers are thrown away.

    `gathering` holds callbacks back, to let them go together or in the wrong order.
    """

    copies: int = 1
    lost_acks: int = 0
    gathering: Gathering = field(default_factory=Gathering)

    def loses_ack(self) -> bool:
        """Whether this good answer is thrown away, so that the callback comes again."""
        if self.lost_acks <= 0:
            return False
        self.lost_acks -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.copies, self.lost_acks = 1, 0
        self.gathering.release()


@dataclass(frozen=True, slots=True)
class Packet:
    """One request to a callback URL."""

    query: dict[str, str]
    body: bytes


class Callbacks:
    """The platform's side of the callback of every app. `tries` in all; timeouts in real seconds."""

    def __init__(self, world: World, *, tries: int = limits.CALLBACK_TRIES) -> None:
        self.world = world
        self.tries = tries
        self.reply_timeout = limits.REPLY_TIMEOUT
        self.verify_timeout = limits.URL_VERIFY_TIME
        self.faults = CallbackFaults()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        self.faults.gathering.release()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def envelope(self, app: App, receiver: str | None = None) -> Envelope:
        """The app's envelope; `receiver` only to address somebody else on purpose."""
        return Envelope(app.token, app.encoding_aes_key, self.world.corp.id if receiver is None else receiver)

    async def verify_url(self, agent_id: int | None = None) -> bool:
        """What the console does when the callback URL is saved: within 1 s the exact plain text must come."""
        app = self.world.app(agent_id)
        word = str(secrets.randbits(63)).encode()
        sealed = self.envelope(app).seal(word)
        query = {**self.signed(app, sealed), "echostr": sealed}
        try:
            async with self.session().get(
                app.callback_url, params=query, timeout=_within(self.verify_timeout), allow_redirects=False
            ) as response:
                return response.status == 200 and await response.content.read(ANSWER_CAP) == word
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def deliver(self, plain: bytes, agent_id: int | None = None, title: str = "callback") -> Delivery:
        """Deliver one message until it is taken, at most `tries` times, each time sealed anew."""
        app = self.world.app(agent_id)
        copies = max(1, self.faults.copies)
        async with self.faults.gathering.turn():
            done = await asyncio.gather(*(self._deliver_one(app, plain, title) for _ in range(copies)))
        best = next((one for one in done if one.reply), next((one for one in done if one.ok), done[0]))
        best.exchanges = [id_ for one in done for id_ in one.exchanges]
        return best

    async def post(self, app: App, packet: Packet, title: str, plain: bytes = b"") -> Attempt:
        """One request, recorded; never raises for what the app's side does."""
        attempt, _ = await self._post(app, packet, title, plain)
        return attempt

    def seal(self, app: App, plain: bytes) -> Packet:
        """The request for a plain message: fresh random bytes, nonce and timestamp."""
        sealed = self.envelope(app).seal(plain)
        return Packet(self.signed(app, sealed), self.outer(app, sealed))

    def signed(self, app: App, sealed: str, timestamp: int | None = None) -> dict[str, str]:
        """The query parameters that go with an encrypted text."""
        stamp = str(int(self.world.seconds()) if timestamp is None else timestamp)
        nonce = str(secrets.randbelow(10**10))
        return {
            "msg_signature": self.envelope(app).sign(stamp, nonce, sealed),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def outer(self, app: App, sealed: str) -> bytes:
        """The outer XML."""
        to, agent = cdata(self.world.corp.id), cdata(str(app.agent_id))
        body = f"<ToUserName>{to}</ToUserName><AgentID>{agent}</AgentID><Encrypt>{cdata(sealed)}</Encrypt>"
        return f"<xml>{body}</xml>".encode()

    def session(self) -> aiohttp.ClientSession:
        """The connections, opened when first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def _deliver_one(self, app: App, plain: bytes, title: str) -> Delivery:
        delivery = Delivery()
        for _ in range(self.tries):
            attempt, exchange = await self._post(app, self.seal(app, plain), title, plain)
            delivery.attempts.append(attempt)
            delivery.exchanges.append(exchange.id)
            if attempt.status == 200 and not self.faults.loses_ack():
                delivery.ok, delivery.reply = True, attempt.reply
                break
        return delivery

    async def _post(self, app: App, packet: Packet, title: str, plain: bytes) -> tuple[Attempt, Exchange]:
        request: dict[str, object] = {"method": "POST", "path": app.callback_url, "query": packet.query}
        exchange = self.world.open_exchange(
            "callback", title, {**request, "body": packet.body, "plain": plain}
        )
        try:
            async with self.session().post(
                app.callback_url,
                params=packet.query,
                data=io.BytesIO(packet.body) if len(packet.body) > BIG else packet.body,
                headers={"Content-Type": "text/xml"},
                timeout=_within(self.reply_timeout),
                allow_redirects=False,
            ) as response:
                answer = await response.content.read(ANSWER_CAP)
                attempt = self._read(app, response.status, answer)
                exchange.response = {"status": response.status, "body": answer, "plain": attempt.reply}
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            attempt = Attempt(None, problem=type(error).__name__)
            exchange.response = {"status": None, "problem": attempt.problem}
        exchange.ok = attempt.status == 200 and not attempt.problem
        if attempt.problem:
            exchange.response["problem"] = attempt.problem
        self.world.close_exchange(exchange)
        return attempt, exchange

    def _read(self, app: App, status: int, answer: bytes) -> Attempt:
        if status != 200 or answer.strip().decode("utf-8", "replace") in NO_ANSWER:
            return Attempt(status)
        try:
            return Attempt(status, reply=self._open(app, answer))
        except (BadEnvelope, ET.ParseError, KeyError, ValueError) as error:
            return Attempt(status, problem=f"the reply cannot be read: {error}")

    def _open(self, app: App, answer: bytes) -> bytes:
        fields = {one.tag: one.text or "" for one in parse_xml(answer)}
        encrypted, envelope = fields["Encrypt"], self.envelope(app)
        if not envelope.verify(fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"], encrypted):
            raise BadEnvelope("wrong signature")
        return envelope.open(encrypted)


def parse_xml(body: bytes) -> ET.Element:
    """Parse XML without entities. Raises ValueError, ET.ParseError."""
    if _ENTITIES.search(body):
        raise ValueError("entities are not allowed")
    return ET.fromstring(body)  # noqa: S314 (entities are refused above)


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)
