"""An organisation on DingTalk, served on a real port, and a plain client of its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.clock import StandingClock
from sandbox.company import Corp, Department, User
from sandbox.dingtalk import DingApp, DingTalk, Group, Mode, Organisation, Staff, Template
from sandbox.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC
from sandbox.state import World

Json = dict[str, Any]
CLIENT, SECRET = "dinga1b2c3d4", "secret-of-the-first-app"
HTTP_CLIENT, HTTP_SECRET = "dinghttp0001", "secret-of-the-second-app"
TOKEN, AES_KEY = "123456", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
GROUP = "cidSales=="
FORM, PLAIN, DRAFT = "form.schema", "plain.schema", "draft.schema"
Handler = Callable[[Json], Awaitable[Json | None]]


def organisation(address: str = "") -> Organisation:
    """Two teams, a group with the robot, one app for each mode."""
    return Organisation(
        "dingcorp",
        "远望科技",
        (Department(1, "远望科技"), Department(2, "销售一部", 1, ("li",)), Department(3, "销售二部", 1)),
        (
            Staff("zhang", "unionZhang", "张伟", (2,), "销售", "13800000001", manager="li"),
            Staff("li", "unionLi", "李经理", (2,), "经理", admin=True),
            Staff("wang", "unionWang", "王芳", (2, 3), "销售"),
            Staff("guest", "unionGuest", "外部客人", (3,), external=True),
        ),
        (
            DingApp(CLIENT, SECRET, "跟进", 1),
            DingApp(
                HTTP_CLIENT,
                HTTP_SECRET,
                "跟进二",
                2,
                Mode.HTTP,
                f"{address}/robot",
                f"{address}/event",
                TOKEN,
                AES_KEY,
            ),
        ),
        (Group(GROUP, "销售一群", ("zhang", "li", "guest"), (CLIENT, HTTP_CLIENT)),),
        (
            Template(FORM, form="form", form_echo="current_form", buttons="btns"),
            Template(PLAIN),
            Template(DRAFT, published=False),
        ),
    )


@dataclass
class Bot:
    """A stream client as simple as the protocol allows. `answer` gives the ack's data for a frame."""

    http: aiohttp.ClientSession
    api_base: str
    client_id: str = CLIENT
    secret: str = SECRET
    frames: list[Json] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    silent: bool = False
    answers: dict[str, Handler] = field(default_factory=dict)
    sockets: list[aiohttp.ClientWebSocketResponse] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def open(self, **changes: Any) -> tuple[int, Json]:
        """connections/open."""
        topics = [{"type": "EVENT", "topic": "*"}]
        topics += [{"type": "CALLBACK", "topic": one} for one in (ROBOT_TOPIC, CARD_TOPIC)]
        body = {"clientId": self.client_id, "clientSecret": self.secret, "subscriptions": topics, **changes}
        url = f"{self.api_base}/v1.0/gateway/connections/open"
        async with self.http.post(url, json=body, headers={"Accept": "application/json"}) as response:
            return response.status, await response.json()

    async def connect(self, **changes: Any) -> aiohttp.ClientWebSocketResponse:
        """Open and connect; frames are answered from then on."""
        _, opened = await self.open(**changes)
        socket = await self.http.ws_connect(f"{opened['endpoint']}?ticket={opened['ticket']}")
        self.sockets.append(socket)
        self.tasks.append(asyncio.create_task(self._serve(socket)))
        return socket

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame: Json = orjson.loads(message.data)
            self.frames.append(frame)
            self.arrived.set()
            if not self.silent and frame["headers"]["topic"] != "disconnect":
                await self._answer(socket, frame)

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, frame: Json) -> None:
        data: Json | None = orjson.loads(frame["data"])
        topic = frame["headers"]["topic"]
        if topic in self.answers:
            data = await self.answers[topic](frame)
        elif frame["type"] != "SYSTEM":
            data = {"status": "SUCCESS"} if frame["type"] == "EVENT" else {"response": None}
            data = {"response": {}} if topic == CARD_TOPIC else data
        if data is not None:
            await socket.send_str(ack_of(frame, data))

    def said(self) -> list[Json]:
        """The data of all robot messages that came."""
        return [orjson.loads(one["data"]) for one in self.frames if one["headers"]["topic"] == ROBOT_TOPIC]

    async def close(self) -> None:
        """Hang up."""
        for socket in self.sockets:
            await socket.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def ack_of(frame: Json, data: Json, code: int = 200) -> str:
    """The acknowledgement of a frame."""
    headers = {"contentType": "application/json", "messageId": frame["headers"]["messageId"]}
    return orjson.dumps(
        {"code": code, "message": "OK", "headers": headers, "data": orjson.dumps(data).decode()}
    ).decode()


@dataclass
class Stage:
    """Everything a test needs."""

    ding: DingTalk
    clock: StandingClock
    http: aiohttp.ClientSession
    bot: Bot
    received: list[web.Request]
    bodies: list[bytes]
    replies: dict[str, Callable[[web.Request, bytes], Awaitable[web.StreamResponse]]]
    token: str = ""

    async def login(self) -> None:
        """An access token of the first app."""
        answer = await self.call("POST", "v1.0/oauth2/accessToken", {"appKey": CLIENT, "appSecret": SECRET})
        self.token = answer[1]["accessToken"]

    async def call(self, method: str, path: str, body: Json | None = None, **query: str) -> tuple[int, Json]:
        """A new call."""
        headers = {"x-acs-dingtalk-access-token": self.token}
        url = f"{self.ding.api_base}/{path}"
        async with self.http.request(method, url, json=body, params=query, headers=headers) as response:
            return response.status, await response.json()

    async def old(self, path: str, body: Json | None = None, method: str = "POST", **query: str) -> Json:
        """An old call; the HTTP status is always 200."""
        params = {"access_token": self.token, **query}
        url = f"{self.ding.oapi_base}/{path}"
        async with self.http.request(method, url, json=body, params=params) as response:
            assert response.status == 200
            answer: Json = await response.json()
            return answer

    async def card(self, name: str = "card-1", **changes: Any) -> tuple[int, Json]:
        """Create and deliver a card to zhang."""
        return await self.call("POST", "v1.0/card/instances/createAndDeliver", card_body(name, **changes))

    def later(self, **parts: float) -> None:
        """Let simulated time pass."""
        self.clock.jump(self.clock.now() + timedelta(**parts))


def card_body(name: str = "card-1", **changes: Any) -> Json:
    """A card for zhang, or with `changes`; a change to None takes the key out."""
    body: Json = {
        "cardTemplateId": FORM,
        "outTrackId": name,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "新建拜访", "status": "待处理"}},
        "openSpaceId": "dtv1.card//IM_ROBOT.zhang",
        "imRobotOpenSpaceModel": {"supportForward": False, "lastMessageI18n": {"ZH_CN": "新建拜访"}},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": CLIENT},
    }
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


def group_card(name: str = "card-g", **changes: Any) -> Json:
    """Changes that send a card to the group."""
    return {
        "outTrackId": name,
        "openSpaceId": f"dtv1.card//IM_GROUP.{GROUP}",
        "imRobotOpenSpaceModel": None,
        "imRobotOpenDeliverModel": None,
        "imGroupOpenSpaceModel": {"supportForward": False},
        "imGroupOpenDeliverModel": {"robotCode": CLIENT, **changes},
    }


def listen(on: Stage, *events: str) -> None:
    """The first app ticks these events in the console."""
    space = on.ding.space
    first, *rest = space.organisation.apps
    space.organisation = replace(space.organisation, apps=(replace(first, events=frozenset(events)), *rest))


async def heard(on: Stage) -> list[tuple[str, Json]]:
    """The events that reached the bot."""
    await on.ding.server.settle()
    told = [one for one in on.bot.frames if one["type"] == "EVENT"]
    return [(one["headers"]["eventType"], orjson.loads(one["data"])) for one in told]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A running simulator, an HTTP app that takes pushes, a logged-in client."""
    received: list[web.Request] = []
    bodies: list[bytes] = []
    replies: dict[str, Callable[[web.Request, bytes], Awaitable[web.StreamResponse]]] = {}

    async def take(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        received.append(request)
        bodies.append(body)
        reply = replies.get(request.path)
        return await reply(request, body) if reply else web.Response()

    app = web.Application()
    app.add_routes([web.post("/{path}", take)])
    async with TestServer(app) as target, aiohttp.ClientSession() as http:
        clock = StandingClock(START)
        corp = Corp("ww1", "远望科技", (Department(1, "远望科技"),), (User("Zhang", "张伟", (1,)),), ())
        ding = DingTalk(World(corp, clock), organisation(str(target.make_url("")).rstrip("/")))
        async with TestServer(ding.app()) as server:
            ding.moved_to(str(server.make_url("")).rstrip("/"))
            bot = Bot(http, ding.api_base)
            made = Stage(ding, clock, http, bot, received, bodies, replies)
            await made.login()
            try:
                yield made
            finally:
                await bot.close()
                await ding.close()
