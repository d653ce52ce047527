"""A company with smart bots and groups, and a bare client of the long connection."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from sandbox import Corp, Group, Sandbox, SmartBot, StandingClock
from tests.sandbox.world import START, Json, company

BOT, BOT_SECRET = "aib-genjin", "secret-of-bot"
GROUP = "wr-sales"


def corp(**bot: Any) -> Corp:
    """The small company with two bots and two groups; `bot` are fields of the first bot."""
    first = replace(SmartBot(BOT, BOT_SECRET, "跟进"), **bot)
    return replace(
        company(""),
        bots=(first, SmartBot("aib-other", "secret-of-other-bot", "别的机器人")),
        groups=(
            Group(GROUP, "销售一部", ("Zhang", "Li"), (BOT,)),
            Group("wr-without", "没有机器人的群", ("Zhang", "Wang")),
        ),
    )


class Closed(Exception):
    """The connection ended; `code` is the WebSocket's close code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


@dataclass
class Line:
    """One connection. What comes while an acknowledgement is awaited is kept for `hear`."""

    socket: aiohttp.ClientWebSocketResponse
    kept: list[Json] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def receive(self) -> Json:
        """The next frame. Raises Closed, TimeoutError."""
        message = await self.socket.receive(timeout=60)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise Closed(self.socket.close_code)
        found: Json = message.json()
        return found

    async def hear(self, cmd: str = "aibot_msg_callback") -> Json:
        """The next callback of that kind; other frames are kept."""
        for frame in self.kept:
            if frame.get("cmd") == cmd:
                self.kept.remove(frame)
                return frame
        while (frame := await self.receive()).get("cmd") != cmd:
            self.kept.append(frame)
        return frame

    async def event(self) -> Json:
        """The next event."""
        return await self.hear("aibot_event_callback")

    async def ask(self, cmd: str, body: Json | None = None, req_id: str = "") -> Json:
        """Send a frame; its acknowledgement, or one that names no req_id at all."""
        req_id = req_id or f"{cmd}-{next(self.numbers)}"
        frame: Json = {"cmd": cmd, "headers": {"req_id": req_id}}
        await self.socket.send_json(frame if body is None else {**frame, "body": body})
        while True:
            answer = await self.receive()
            if "cmd" not in answer and answer.get("headers", {"req_id": req_id})["req_id"] == req_id:
                return answer
            self.kept.append(answer)

    async def code(self, cmd: str, body: Json | None = None, req_id: str = "") -> int:
        """Send a frame; the errcode of its acknowledgement."""
        return int((await self.ask(cmd, body, req_id))["errcode"])

    async def respond(self, to: Json, body: Json) -> int:
        """aibot_respond_msg to a callback."""
        return await self.code("aibot_respond_msg", body, to["headers"]["req_id"])

    async def stream(self, to: Json, words: str, *, finish: bool = False, id_: str = "s-1") -> int:
        """A part of a growing answer."""
        stream = {"id": id_, "content": words, "finish": finish}
        return await self.respond(to, {"msgtype": "stream", "stream": stream})

    async def push(self, chatid: str, words: str = "该跟进了", **more: Any) -> int:
        """aibot_send_msg in markdown."""
        body = {"chatid": chatid, "msgtype": "markdown", "markdown": {"content": words}, **more}
        return await self.code("aibot_send_msg", body)

    async def push_card(self, chatid: str, card: Json) -> int:
        """aibot_send_msg with a card."""
        body = {"chatid": chatid, "msgtype": "template_card", "template_card": card}
        return await self.code("aibot_send_msg", body)

    async def gone(self) -> int | None:
        """Wait until the connection ends; the close code."""
        try:
            while True:
                self.kept.append(await self.receive())
        except Closed as closed:
            return closed.code


@dataclass
class Scene:
    """A running sandbox with bots, and the way to connect to it."""

    sandbox: Sandbox
    clock: StandingClock
    url: str
    session: aiohttp.ClientSession

    @asynccontextmanager
    async def dialled(self) -> AsyncIterator[Line]:
        """A connection that has not subscribed."""
        async with self.session.ws_connect(f"{self.url}/openws") as socket:
            yield Line(socket)

    @asynccontextmanager
    async def line(self, bot_id: str = BOT, secret: str = BOT_SECRET) -> AsyncIterator[Line]:
        """A connection that has subscribed."""
        async with self.dialled() as line:
            assert await line.code("aibot_subscribe", {"bot_id": bot_id, "secret": secret}) == 0
            yield line

    def texts(self, room: str) -> list[str]:
        """What a chat shows."""
        return [one.text for one in self.sandbox.chat(room)]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.jump(self.clock.now() + timedelta(seconds=seconds))


@asynccontextmanager
async def scene(**bot: Any) -> AsyncIterator[Scene]:
    """The sandbox on a loopback server."""
    clock = StandingClock(START)
    sandbox = Sandbox(corp(**bot), clock)
    async with TestServer(sandbox.app()) as server, aiohttp.ClientSession() as session:
        yield Scene(sandbox, clock, str(server.make_url("")).rstrip("/"), session)
