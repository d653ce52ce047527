"""Group robots: one way, by a key, into one group."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
import pytest

from sandbox import Group
from sandbox.wecom import limits
from sandbox.wecom.webhooks import Robot
from tests.sandbox.world import Json, Stage, button_card, news_card, stage, text_card

KEY, OTHER = "693a91f6", "other"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
async def group() -> AsyncIterator[Stage]:
    """A group of two with two robots."""
    async with stage() as on:
        world = on.sandbox.world
        world.change_corp(replace(world.corp, groups=(Group("wr-sales", "销售群", ("Zhang", "Li")),)))
        on.sandbox.wecom.webhooks.robots = {KEY: Robot("wr-sales", "播报"), OTHER: Robot("wr-sales")}
        yield on


async def send(on: Stage, kind: str, part: Json | None = None, *, key: str = KEY) -> int:
    """webhook/send; the errcode."""
    body: Json = {"msgtype": kind} if part is None else {"msgtype": kind, kind: part}
    url = f"{on.api.base}/cgi-bin/webhook/send"
    async with on.api.session.post(url, params={"key": key}, data=io.BytesIO(orjson.dumps(body))) as response:
        assert response.status == 200
        return int(orjson.loads(await response.read())["errcode"])


async def upload(on: Stage, kind: str, data: bytes, key: str = KEY) -> Json:
    """webhook/upload_media."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("media", io.BytesIO(data), filename="周报.xlsx")
    url = f"{on.api.base}/cgi-bin/webhook/upload_media"
    async with on.api.session.post(url, params={"key": key, "type": kind}, data=form) as response:
        return await response.json()  # type: ignore[no-any-return]


def shown(on: Stage, userid: str = "Zhang") -> list[Any]:
    """What a member reads in the group."""
    return list(on.sandbox.world.room(f"group:wr-sales:{userid}").messages)


async def test_everybody_in_the_group_reads_it(group: Stage) -> None:
    """Without a token; mentions become names; mobile numbers reach nobody."""
    text = {"content": "今天签约 58 万", "mentioned_list": ["Li", "@all"], "mentioned_mobile_list": ["138"]}
    assert await send(group, "text", text) == 0
    assert await send(group, "markdown", {"content": "**<@Li>** 恭喜"}) == 0
    assert await send(group, "markdown_v2", {"content": "| 甲 | 乙 |"}) == 0
    for userid in ("Zhang", "Li"):
        words = [one.text for one in shown(group, userid)]
        assert words == ["今天签约 58 万 @李经理 @所有人", "**@李经理** 恭喜", "| 甲 | 乙 |"]
        assert shown(group, userid)[0].author == "播报"


async def test_pictures_files_news_and_notices(group: Stage) -> None:
    """What there is besides texts."""
    digest = hashlib.md5(PNG, usedforsecurity=False).hexdigest()
    picture = {"base64": base64.b64encode(PNG).decode(), "md5": digest}
    assert await send(group, "image", picture) == 0
    assert await send(group, "image", {**picture, "md5": "0" * 32}) == 301019
    assert await send(group, "image", {**picture, "base64": "?"}) == 40058
    media_id = (await upload(group, "file", b"123456"))["media_id"]
    assert await send(group, "file", {"media_id": media_id}) == 0
    assert await send(group, "news", {"articles": [{"title": "周报", "url": "https://example.com"}]}) == 0
    assert await send(group, "template_card", text_card()) == 0
    assert await send(group, "template_card", news_card()) == 0
    assert [one.kind for one in shown(group)] == ["image", "file", "news", "card", "card"]


@pytest.mark.parametrize(
    ("kind", "part", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "a" * (limits.WEBHOOK_TEXT_BYTES + 1)}, 45002),
        ("markdown", {"content": "a" * limits.WEBHOOK_MARKDOWN_BYTES}, 0),
        ("markdown", {"content": "a" * (limits.WEBHOOK_MARKDOWN_BYTES + 1)}, 45002),
        ("markdown_v2", {"content": "a" * (limits.WEBHOOK_MARKDOWN_BYTES + 1)}, 45002),
        ("news", {"articles": []}, 45008),
        ("news", {"articles": [{"title": "周报", "url": "https://example.com"}] * 9}, 45008),
        ("template_card", button_card(), 40058),
        ("textcard", {"title": "合同"}, 40008),
    ],
)
async def test_messages_that_are_refused(group: Stage, kind: str, part: Json, code: int) -> None:
    """No buttons, and bounds of its own."""
    assert await send(group, kind, part) == code


async def test_a_picture_of_two_megabytes(group: Stage) -> None:
    """One byte more is too much."""
    for size, code in ((limits.WEBHOOK_IMAGE_BYTES, 0), (limits.WEBHOOK_IMAGE_BYTES + 1, 40009)):
        data = PNG.ljust(size, b"0")
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        picture = {"base64": base64.b64encode(data).decode(), "md5": digest}
        assert await send(group, "image", picture) == code


async def test_a_file_belongs_to_the_robot_that_brought_it(group: Stage) -> None:
    """40007 for another robot, for an app's file, and after three days."""
    media_id = (await upload(group, "file", b"123456"))["media_id"]
    assert await send(group, "file", {"media_id": media_id}, key=OTHER) == 40007
    foreign = group.sandbox.wecom.media.put("file", "a", "text/plain", b"123456").id
    assert await send(group, "file", {"media_id": foreign}) == 40007
    assert (await upload(group, "image", PNG))["errcode"] == 40004
    assert (await upload(group, "voice", b"no voice"))["errcode"] == 40004
    assert (await upload(group, "file", b"12345"))["errcode"] == 40006
    group.clock.jump(group.clock.now() + timedelta(seconds=limits.MEDIA_LIFE))
    assert await send(group, "file", {"media_id": media_id}) == 40007


async def test_twenty_a_minute_and_failures_count(group: Stage) -> None:
    """45009 for this robot alone, until the minute is over."""
    for number in range(limits.WEBHOOK_PER_MINUTE):
        assert await send(group, "text", {"content": "好" if number % 2 else ""}) in (0, 44004)
    assert await send(group, "text", {"content": "又一条"}) == 45009
    assert await send(group, "text", {"content": "又一条"}, key=OTHER) == 0
    group.clock.jump(group.clock.now() + timedelta(minutes=1))
    assert await send(group, "text", {"content": "又一条"}) == 0


async def test_keys_that_open_nothing(group: Stage) -> None:
    """93000 unknown, 93004 disabled."""
    assert await send(group, "text", {"content": "你好"}, key="none") == 93000
    assert (await upload(group, "file", b"123456", key=""))["errcode"] == 93000
    group.sandbox.wecom.webhooks.robots[KEY].disabled = True
    assert await send(group, "text", {"content": "你好"}) == 93004
