"""A self-built WeCom app on wechatpy: its client for the API, its parser and replies for the callbacks."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechatpy.enterprise import WeChatClient, WeChatCrypto, create_reply, parse_message
from wechatpy.exceptions import WeChatClientException

from tests.contract.programs import PATIENCE
from tests.sandbox.world import AES_KEY, AGENT, CORP_ID, SECRET, TOKEN, Stage, button_card, stage

# The library's own modules call the old names of its methods.
pytestmark = pytest.mark.filterwarnings("ignore:`_(get|post)` method of:DeprecationWarning")

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 1000


@dataclass
class App:
    """The app's callback, answered with the library alone. `heard` are its messages and events."""

    crypto: Any = field(default_factory=lambda: WeChatCrypto(TOKEN, AES_KEY, CORP_ID))
    heard: list[Any] = field(default_factory=list)

    async def verify(self, request: web.Request) -> web.Response:
        """The console's look at the address."""
        query = request.query
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        return web.Response(text=self.crypto.check_signature(*signed, query["echostr"]))

    async def take(self, request: web.Request) -> web.Response:
        """A message or an event."""
        query, body = request.query, await request.text()
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(self.crypto.decrypt_message(body, *signed))
        self.heard.append(message)
        if message.type not in ("text", "event"):
            return web.Response()
        words = f"收到：{message.content}" if message.type == "text" else f"事件：{message.event}"
        reply = create_reply(words, message)
        return web.Response(text=self.crypto.encrypt_message(reply.render(), query["nonce"]))


@dataclass
class Scene:
    """A running sandbox, the app, and the library's client of the API."""

    on: Stage
    app: App
    client: Any

    async def call(self, method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Call the client, which blocks, in a thread."""
        return await asyncio.to_thread(method, *args, **more)

    async def shows(self, words: str) -> None:
        """Wait until Zhang can read a text."""
        await self.on.sandbox.wait_for("Zhang", lambda one: one.text == words, PATIENCE)


def client_of(base: str) -> Any:
    """The library's client. The address of gettoken is written into the method, so that is replaced."""
    client = WeChatClient(CORP_ID, SECRET, timeout=PATIENCE)
    client._http.trust_env = False  # no proxy on the way to loopback
    client.API_BASE_URL = f"{base}/cgi-bin/"

    def fetch() -> Any:
        params = {"corpid": CORP_ID, "corpsecret": SECRET}
        return client._fetch_access_token(url=f"{client.API_BASE_URL}gettoken", params=params)

    client.fetch_access_token = fetch
    return client


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """Everything running."""
    app = App()
    served = web.Application()
    served.add_routes([web.get("/callback", app.verify), web.post("/callback", app.take)])
    async with TestServer(served) as server, stage(callback_url=str(server.make_url("/callback"))) as on:
        client = client_of(on.api.base)
        yield Scene(on, app, client)
        client._http.close()


async def test_address_is_verified(scene: Scene) -> None:
    """The console's question is answered in plain text."""
    assert await scene.on.sandbox.callbacks.verify_url()


async def test_message_is_heard_and_answered(scene: Scene) -> None:
    """Out of the envelope, into a message, and back."""
    await scene.on.sandbox.says("Zhang", "拜访了华润 <b>&")
    (message,) = scene.app.heard
    assert (message.source, message.content, message.agent) == ("Zhang", "拜访了华润 <b>&", AGENT)
    await scene.shows("收到：拜访了华润 <b>&")


async def test_event_is_heard_and_answered(scene: Scene) -> None:
    """Opening the app."""
    await scene.on.sandbox.phones.enters("Zhang")
    assert scene.app.heard[0].agent == AGENT
    await scene.shows("事件：enter_agent")


async def test_sends_texts_and_pictures(scene: Scene) -> None:
    """The client's own methods."""
    client = scene.client
    assert (await scene.call(client.message.send_text, AGENT, "Zhang", "该跟进了"))["errcode"] == 0
    await scene.shows("该跟进了")
    await scene.call(client.message.send_markdown, AGENT, ["Zhang", "Li"], "**今天**两件事")
    await scene.on.sandbox.wait_for("Li", lambda one: one.kind == "markdown", PATIENCE)
    picture = io.BytesIO(PNG)
    picture.name = "card.png"
    media_id = (await scene.call(client.media.upload, "image", picture))["media_id"]
    await scene.call(client.message.send_image, AGENT, "Zhang", media_id)
    shown = await scene.on.sandbox.wait_for("Zhang", lambda one: one.kind == "image", PATIENCE)
    assert (shown.media or {})["size"] == len(PNG)
    found = await scene.call(client.get, "media/get", params={"media_id": media_id})
    assert found.content == PNG


async def test_card_is_sent_pressed_and_updated(scene: Scene) -> None:
    """The library has no method for cards; its general ones carry them."""
    body = {"msgtype": "template_card", "template_card": button_card()}
    sent = await scene.call(scene.client.message.send, AGENT, "Zhang", msg=body)
    card = await scene.on.sandbox.wait_for("Zhang", lambda one: one.task_id == "task-1", PATIENCE)
    await scene.on.sandbox.tap("Zhang", card, "同意")
    event = scene.app.heard[0]._data
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "yes", "task-1")
    assert event["ResponseCode"] != sent["response_code"]
    update = {"agentid": AGENT, "response_code": event["ResponseCode"], "userids": ["Zhang"]}
    button = {"button": {"replace_name": "已同意"}}
    answer = await scene.call(scene.client.post, "message/update_template_card", data={**update, **button})
    assert answer["errcode"] == 0
    assert card.state is not None
    assert card.state.disabled


async def test_reads_the_directory(scene: Scene) -> None:
    """Members and departments."""
    user = await scene.call(scene.client.user.get, "Zhang")
    assert (user["userid"], user["department"]) == ("Zhang", [2])
    departments = await scene.call(scene.client.department.get)
    assert [one["id"] for one in departments] == [1, 2, 3]
    people = await scene.call(scene.client.department.get_users, 1, fetch_child=1)
    assert {"Zhang", "Li", "Wang"} <= {one["userid"] for one in people}
    assert len(await scene.call(scene.client.user.list, 2)) == 3


@pytest.mark.parametrize("lose", ["expire", "revoke"])
async def test_lost_token_is_fetched_again(scene: Scene, lose: str) -> None:
    """42001 and 40014 are mended within the call."""
    await scene.call(scene.client.user.get, "Zhang")
    first = scene.client.access_token
    getattr(scene.on.sandbox.wecom.tokens, lose)()
    assert (await scene.call(scene.client.user.get, "Li"))["userid"] == "Li"
    assert scene.client.access_token != first


async def test_refusals_are_its_exceptions(scene: Scene) -> None:
    """Codes as the vendor has them."""
    with pytest.raises(WeChatClientException) as unknown:
        await scene.call(scene.client.user.get, "Nobody")
    assert unknown.value.errcode == 60111
    with pytest.raises(WeChatClientException) as nobody:
        await scene.call(scene.client.message.send_text, AGENT, "Nobody", "你好")
    assert nobody.value.errcode == 81013
