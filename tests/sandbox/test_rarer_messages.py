"""mpnews and mini-program notices, parts of files, and recordings that are too long."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.wecom import amr, limits
from sandbox.wecom.errors import Refused
from tests.sandbox.world import Json, Stage

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
FRAME = bytes([4]) + b"0" * 12  # type 0: 12 bytes after the first


def picture(on: Stage) -> str:
    """The id of a picture that is there."""
    return on.sandbox.wecom.media.put("image", "a.png", "image/png", PNG).id


async def mpnews(on: Stage, count: int = 1, **changes: Any) -> Json:
    """Send articles that the platform keeps."""
    article = {"title": "周报", "thumb_media_id": picture(on), "content": "<p>本周</p>", "digest": "三件事"}
    articles = [{**article, **changes}] * count
    return await on.api.send(msgtype="mpnews", mpnews={"articles": articles})


async def test_articles_that_the_platform_keeps(on: Stage) -> None:
    """The client shows title, digest and picture."""
    assert (await mpnews(on))["errcode"] == 0
    (message,) = on.sandbox.chat("Zhang")
    assert (message.kind, message.text) == ("news", "周报")
    assert "三件事" in message.shows()


@pytest.mark.parametrize(
    ("count", "changes", "code"),
    [
        (8, {}, 0),
        (9, {}, 45008),
        (0, {}, 45008),
        (1, {"content": "a" * limits.MPNEWS_CONTENT_BYTES}, 0),
        (1, {"content": "a" * (limits.MPNEWS_CONTENT_BYTES + 1)}, 45002),
        (1, {"content": ""}, 40058),
        (1, {"title": "字" * 43}, 40058),
        (1, {"author": "a" * 65}, 40058),
        (1, {"thumb_media_id": "none"}, 40007),
    ],
)
async def test_what_such_articles_must_be(on: Stage, count: int, changes: Json, code: int) -> None:
    """Eight at most, each of 666 kB at most, with a picture."""
    assert (await mpnews(on, count, **changes))["errcode"] == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"appid": ""}, 90200),
        ({"title": ""}, 40058),
        ({"content_item": [{"key": "客户", "value": "华星"}] * 11}, 90201),
        ({"content_item": [{"key": "字" * 11, "value": "华星"}]}, 90202),
        ({"content_item": [{"key": "客户", "value": ""}]}, 90203),
        ({"content_item": [{"key": "客户", "value": "字" * 31}]}, 90203),
    ],
)
async def test_a_notice_that_opens_a_mini_program(on: Stage, changes: Json, code: int) -> None:
    """Up to ten lines, each of a bounded length."""
    notice = {"appid": "wx1", "title": "会议", "content_item": [{"key": "客户", "value": "华星"}], **changes}
    answer = await on.api.send(msgtype="miniprogram_notice", miniprogram_notice=notice)
    assert answer["errcode"] == code
    if code == 0:
        assert "客户：华星" in on.sandbox.chat("Zhang")[0].shows()


@pytest.mark.parametrize(
    ("asked", "status", "part", "where"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/28"),
        ("bytes=20-", 206, slice(20, 28), "bytes 20-27/28"),
        ("bytes=-5", 206, slice(23, 28), "bytes 23-27/28"),
        ("bytes=20-900", 206, slice(20, 28), "bytes 20-27/28"),
        ("bytes=28-", 416, slice(0, 0), "bytes */28"),
        ("bytes=9-3", 416, slice(0, 0), "bytes */28"),
        ("bytes=-", 200, slice(0, 28), None),
        ("lines=1-2", 200, slice(0, 28), None),
    ],
)
async def test_a_part_of_a_file(on: Stage, asked: str, status: int, part: slice, where: str | None) -> None:
    """media/get takes a Range; what it cannot read, it leaves aside."""
    url, media_id = f"{on.api.base}/cgi-bin/media/get", picture(on)
    query = {"access_token": on.api.token, "media_id": media_id}
    async with on.api.session.get(url, params=query, headers={"Range": asked}) as response:
        assert (response.status, response.headers.get("Content-Range")) == (status, where)
        assert await response.read() == PNG[part]


def test_the_length_of_a_recording() -> None:
    """50 frames a second; what is none has no length, and a torn end does not count."""
    assert amr.seconds(amr.MAGIC + FRAME * 50) == 1
    assert amr.seconds(amr.MAGIC + FRAME * 50 + FRAME[:5]) == 1
    assert amr.seconds(amr.MAGIC + bytes([0x7C]) * 25) == 0.5
    assert amr.seconds(amr.MAGIC + bytes([9 << 3])) == 0
    assert amr.seconds(b"no recording") == 0


def test_a_recording_of_more_than_a_minute(on: Stage) -> None:
    """45007; exactly a minute is fine."""
    store, minute = on.sandbox.wecom.media, FRAME * 50 * limits.VOICE_SECONDS
    assert store.put("voice", "a.amr", "audio/amr", amr.MAGIC + minute).type == "voice"
    with pytest.raises(Refused) as refused:
        store.put("voice", "a.amr", "audio/amr", amr.MAGIC + minute + FRAME)
    assert refused.value.code == 45007
