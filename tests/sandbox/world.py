"""A small company, an app that answers its callbacks as told, and a client of the simulated API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox import App, Corp, Department, Sandbox, StandingClock, Status, User
from sandbox.wecom.crypto import Envelope

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in Shanghai
CORP_ID, SECRET, TOKEN, AES_KEY = (
    "wwtest",
    "secret-of-app",
    "QDG6eK",
    "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
)
AGENT = 1000002

Json = dict[str, Any]
Answer = Callable[["Received"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """One callback as the app saw it."""

    query: dict[str, str]
    body: bytes
    plain: str
    request: web.Request

    def text(self, path: str) -> str:
        """The text of an element of the plain XML."""
        return ET.fromstring(self.plain).findtext(path) or ""


class Bot:
    """The app's callback. `answer` decides; by default an empty 200."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = self.empty
        self.envelope = Envelope(TOKEN, AES_KEY, CORP_ID)
        self.echo: Callable[[bytes], bytes] = bytes
        self.asked: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None

    async def empty(self, _received: Received) -> web.StreamResponse:
        """Nothing to say."""
        return web.Response()

    def sealed(self, plain: str) -> web.Response:
        """A passive reply."""
        encrypted = self.envelope.seal(plain.encode())
        signature = self.envelope.sign("1", "n", encrypted)
        return web.Response(
            text=f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature>{signature}</MsgSignature>"
            "<TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>"
        )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Verify, decrypt, note, answer; 403 for what does not verify."""
        body = await request.read()
        found = ET.fromstring(body).findtext("Encrypt") or ""
        query = dict(request.query)
        if not self.envelope.verify(query["msg_signature"], query["timestamp"], query["nonce"], found):
            raise web.HTTPForbidden
        received = Received(query, body, self.envelope.open(found).decode(), request)
        self.received.append(received)
        return await self.answer(received)

    async def verify(self, request: web.Request) -> web.StreamResponse:
        """The URL verification; `asked` answers it instead, where it is set."""
        if self.asked is not None:
            return await self.asked(request)
        return web.Response(body=self.echo(self.envelope.open(request.query["echostr"])))


def company(callback_url: str, **changes: Any) -> Corp:
    """Two teams under one root; `changes` are fields of the first app."""
    app = App(AGENT, "跟进", SECRET, callback_url, TOKEN, AES_KEY)
    return Corp(
        CORP_ID,
        "远望科技",
        (Department(1, "远望科技"), Department(2, "销售一部", 1, ("Li",)), Department(3, "销售二部", 1)),
        (
            User("Zhang", "张伟", (2,), "销售", direct_leader=("Li",)),
            User("Li", "李经理", (2,), "经理", is_leader_in=(2,)),
            User("Wang", "王芳", (3, 2), "销售", alias="小王"),
            User("Gone", "赵离职", (3,), status=Status.LEFT),
        ),
        (replace(app, **changes), App(1000003, "别的应用", "secret-of-other", callback_url, TOKEN, AES_KEY)),
    )


@dataclass
class Api:
    """A client of the simulated API with a token of the first app."""

    base: str
    session: aiohttp.ClientSession
    token: str = ""
    extra: Json = field(default_factory=dict)

    async def login(self, secret: str = SECRET, corpid: str = CORP_ID) -> Json:
        """gettoken; keeps the token."""
        answer = await self.get("gettoken", corpid=corpid, corpsecret=secret)
        self.token = answer.get("access_token", self.token)
        return answer

    async def get(self, path: str, **query: str) -> Json:
        """A GET call."""
        params = {"access_token": self.token, **query}
        async with self.session.get(f"{self.base}/cgi-bin/{path}", params=params) as response:
            assert response.status == 200
            return orjson.loads(await response.read())  # type: ignore[no-any-return]

    async def post(self, path: str, body: Json | bytes) -> Json:
        """A POST call, raw UTF-8."""
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        async with self.session.post(
            f"{self.base}/cgi-bin/{path}", params={"access_token": self.token}, data=data
        ) as response:
            assert response.status == 200
            return orjson.loads(await response.read())  # type: ignore[no-any-return]

    async def send(self, **body: Any) -> Json:
        """message/send to Zhang unless told otherwise."""
        return await self.post("message/send", {"touser": "Zhang", "agentid": AGENT, **body})

    async def say(self, words: str, **more: Any) -> Json:
        """A text message."""
        return await self.send(msgtype="text", text={"content": words}, **more)

    async def card(self, card: Json, **more: Any) -> Json:
        """A template card."""
        return await self.send(msgtype="template_card", template_card=card, **more)

    async def update(self, code: str, **body: Any) -> Json:
        """message/update_template_card."""
        return await self.post(
            "message/update_template_card",
            {"agentid": AGENT, "response_code": code, "userids": ["Zhang"], **body},
        )


@dataclass
class Stage:
    """Everything a test needs."""

    sandbox: Sandbox
    bot: Bot
    api: Api
    clock: StandingClock
    url: str


@asynccontextmanager
async def stage(**changes: Any) -> AsyncIterator[Stage]:
    """The bot and the sandbox on two loopback servers; the API client is logged in."""
    bot, clock = Bot(), StandingClock(START)
    callback = web.Application(client_max_size=64 * 1024 * 1024)
    callback.add_routes([web.post("/callback", bot.handle), web.get("/callback", bot.verify)])
    async with TestServer(callback) as bot_server:
        changes.setdefault("callback_url", str(bot_server.make_url("/callback")))
        sandbox = Sandbox(company(**changes), clock)
        async with TestServer(sandbox.app()) as server, aiohttp.ClientSession() as session:
            api = Api(str(server.make_url("/qyapi")), session)
            await api.login()
            yield Stage(sandbox, bot, api, clock, str(server.make_url("")).rstrip("/"))


def button_card(task_id: str = "task-1", **more: Any) -> Json:
    """A card with two buttons."""
    buttons = [{"text": "同意", "style": 1, "key": "yes"}, {"text": "驳回", "style": 2, "key": "no"}]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "报价审批"},
        "button_list": buttons,
        "task_id": task_id,
        **more,
    }


def vote_card(task_id: str = "vote-1", **more: Any) -> Json:
    """A card with checkboxes."""
    options = [{"id": "a", "text": "甲", "is_checked": True}, {"id": "b", "text": "乙", "is_checked": False}]
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": "选择"},
        "checkbox": {"question_key": "q", "option_list": options, "mode": 1},
        "submit_button": {"text": "提交", "key": "submit"},
        "task_id": task_id,
        **more,
    }


def multiple_card(task_id: str = "multi-1", **more: Any) -> Json:
    """A card with two drop-down lists."""

    def select(key: str) -> Json:
        options = [{"id": "1", "text": "一"}, {"id": "2", "text": "二"}]
        return {"question_key": key, "title": key, "option_list": options}

    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": "改期"},
        "select_list": [select("day"), select("hour")],
        "submit_button": {"text": "确定", "key": "ok"},
        "task_id": task_id,
        **more,
    }


def text_card(**more: Any) -> Json:
    """A notice."""
    return {
        "card_type": "text_notice",
        "main_title": {"title": "早报"},
        "card_action": {"type": 1, "url": "https://example.com"},
        **more,
    }


def news_card(**more: Any) -> Json:
    """A notice with a picture."""
    return {
        "card_type": "news_notice",
        "main_title": {"title": "图文"},
        "card_image": {"url": "https://example.com/a.png", "aspect_ratio": 1.3},
        "card_action": {"type": 1, "url": "https://example.com"},
        **more,
    }


def passive(kind: str, inside: str, to: str = "Zhang") -> str:
    """The plain XML of a passive reply."""
    head = f"<ToUserName>{to}</ToUserName><FromUserName>{CORP_ID}</FromUserName><CreateTime>1</CreateTime>"
    return f"<xml>{head}<MsgType>{kind}</MsgType>{inside}</xml>"


def answers(on: Stage, plain: str) -> None:
    """From now on the bot answers every callback with this."""

    async def answer(_received: Received) -> web.StreamResponse:
        return on.bot.sealed(plain)

    on.bot.answer = answer
