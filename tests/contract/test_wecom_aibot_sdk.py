"""The smart bot's long connection judged by the vendor's libraries: each connects, receives, answers, sends.

`wecom-aibot-sdk` and `wecom-aibot-python-sdk` are looked for among the installed packages,
`@wecom/aibot-node-sdk` in NODE_PATH and where `make node` puts it.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.contract.programs import PATIENCE, node_with, running
from tests.sandbox.aibot.line import BOT, BOT_SECRET, GROUP, Scene, scene
from tests.sandbox.world import Json, button_card

NODE_BOT = Path(__file__).with_name("wecom_aibot_node.cjs")
NODE_SDK = "@wecom/aibot-node-sdk"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 1000

Answer = Callable[[Json], Awaitable[object]]
Starter = Callable[[Scene], AbstractAsyncContextManager[None]]


def library(name: str, package: str) -> Any:
    """An installed library, or the word why this test is skipped."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{package} is not installed")


def card(**more: Any) -> Json:
    """The card the bots send."""
    return button_card("sdk-1", **more)


def answers(client: Any, upload: Callable[[], Awaitable[str]] | None) -> dict[str, Answer]:
    """What a bot on either Python library does; their methods are the same."""

    async def text(frame: Json) -> None:
        words, stream = frame["body"]["text"]["content"], f"s-{frame['body']['msgid']}"
        if words == "卡片":
            await client.reply_template_card(frame, card())
        elif words == "推送":
            body = {"msgtype": "markdown", "markdown": {"content": "推送好了"}}
            await client.send_message(frame["body"]["from"]["userid"], body)
        elif words == "文件" and upload is not None:
            await client.reply_media(frame, "file", await upload())
        else:
            await client.reply_stream(frame, stream, "想一想", finish=False)
            await client.reply_stream(frame, stream, f"收到：{words}", finish=True)

    async def image(frame: Json) -> None:
        part = frame["body"]["image"]
        found = await client.download_file(part["url"], part["aeskey"])
        data, name = (found["buffer"], found["filename"]) if isinstance(found, dict) else found
        await client.reply_stream(
            frame, f"s-{frame['body']['msgid']}", f"{name} {len(data)} 字节", finish=True
        )

    async def entered(frame: Json) -> None:
        await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "你好"}})

    async def pressed(frame: Json) -> None:
        await client.update_template_card(frame, card(replace_text="已同意"))

    return {
        "message.text": text,
        "message.image": image,
        "event.enter_chat": entered,
        "event.template_card_event": pressed,
    }


@asynccontextmanager
async def third_party(on: Scene) -> AsyncIterator[None]:
    """wecom-aibot-sdk."""
    sdk = library("wecom_aibot_sdk", "wecom-aibot-sdk")
    client = sdk.WSClient(BOT, BOT_SECRET, ws_url=address(on))

    async def upload() -> str:
        sent = await client.upload_media(b"x" * 600 * 1024, type="file", filename="报价.pdf")
        return str(sent["media_id"])

    for event, answer in answers(client, upload).items():
        client.on(event, answer)
    await client.connect()
    try:
        yield
    finally:
        await client.disconnect()
        await client.api.close()


@asynccontextmanager
async def official(on: Scene) -> AsyncIterator[None]:
    """wecom-aibot-python-sdk. It passes a TLS context whatever the address, so that has to go."""
    sdk, wire = library("aibot", "wecom-aibot-python-sdk"), library("aibot.ws", "wecom-aibot-python-sdk")
    wire._SSL_CONTEXT = None
    options = {"bot_id": BOT, "secret": BOT_SECRET, "ws_url": address(on)}
    client = sdk.WSClient(sdk.WSClientOptions(**options))
    for event, answer in answers(client, None).items():
        client.on(event, answer)
    await client.connect()
    try:
        yield
    finally:
        client.disconnect()
        await on.sandbox.openws.close()
        await asyncio.gather(client._ws_manager._receive_task or asyncio.sleep(0), return_exceptions=True)


@asynccontextmanager
async def node(on: Scene) -> AsyncIterator[None]:
    """@wecom/aibot-node-sdk, in a process of its own."""
    async with running(node_with(NODE_SDK), str(NODE_BOT), address(on), BOT, BOT_SECRET):
        yield


def address(on: Scene) -> str:
    """Where the sandbox takes connections."""
    return on.url.replace("http", "ws", 1) + "/openws"


@pytest.fixture(
    params=[third_party, official, node], ids=["wecom-aibot-sdk", "wecom-aibot-python-sdk", "node"]
)
def library_bot(request: pytest.FixtureRequest) -> Iterator[Starter]:
    """The bot on each of the libraries, which log whatever passes."""
    logging.disable(logging.CRITICAL)
    yield request.param
    logging.disable(logging.NOTSET)


async def test_connects_answers_and_sends_cards(library_bot: Starter) -> None:
    """A day with the bot: welcome, growing answer, push, picture, card, press, group."""
    async with scene() as on, library_bot(on):
        bots, room = on.sandbox.bots, on.sandbox.bots.chat("Zhang")
        await on.sandbox.openws.connected(BOT, PATIENCE)
        await bots.enters("Zhang")
        await shows(on, room, "你好")
        await bots.says("Zhang", "今天")
        await shows(on, room, "收到：今天")
        await bots.says("Zhang", "推送")
        await shows(on, room, "推送好了")
        picture = on.sandbox.wecom.media.put("image", "名片.png", "image/png", PNG)
        await bots.sends("Zhang", picture)
        await shows(on, room, f"名片.png {len(PNG)} 字节")
        await bots.says("Zhang", "卡片")
        sent = await on.sandbox.wait_for(room, lambda one: one.task_id == "sdk-1", PATIENCE)
        await bots.tap("Zhang", sent, "同意")
        greyed = await on.sandbox.wait_for(
            room, lambda one: one.state is not None and one.state.disabled, PATIENCE
        )
        assert greyed is sent
        await bots.at_bot(GROUP, "Li", "大家好")
        await shows(on, bots.group(GROUP, "Zhang"), "收到：@跟进 大家好")
        assert all(one.ok for one in on.sandbox.world.exchanges)


async def test_uploads_in_chunks(library_bot: Starter) -> None:
    """Two chunks, then a file in the chat."""
    if library_bot is official:
        pytest.skip("wecom-aibot-python-sdk cannot upload")
    async with scene() as on, library_bot(on):
        await on.sandbox.openws.connected(BOT, PATIENCE)
        await on.sandbox.bots.says("Zhang", "文件")
        room = on.sandbox.bots.chat("Zhang")
        sent = await on.sandbox.wait_for(room, lambda one: one.kind == "file", PATIENCE)
        assert (sent.media or {})["size"] == 600 * 1024


async def test_comes_back_after_a_cut_line(library_bot: Starter) -> None:
    """1006, then a new connection that works."""
    async with scene() as on, library_bot(on):
        await on.sandbox.openws.connected(BOT, PATIENCE)
        on.sandbox.openws.drop(BOT)
        await on.sandbox.openws.connected(BOT, PATIENCE)
        await on.sandbox.bots.says("Zhang", "今天")
        await shows(on, on.sandbox.bots.chat("Zhang"), "收到：今天")


async def shows(on: Scene, room: str, words: str) -> None:
    """Wait until a chat shows a text."""
    await on.sandbox.wait_for(room, lambda one: one.text == words and not one.status, PATIENCE)
