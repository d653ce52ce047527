"""Kept files are sent again to who asks for them, over every way of connecting."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.demo.run import Demo
from store.tables import Attachment
from tests.bot.test_files import PICTURE, sends
from tests.bot.test_groups import DingTalkGroup, WeComGroup
from tests.bot.ways import NAMES, DingTalkApp, Seen, Way, Ways
from tests.patience import PATIENCE


def files_of(way: Way, who: str, after: Seen) -> list[dict[str, object]]:
    """The files that the bot has sent since."""
    found = [one for one in way.all(who) if one.seq > after.seq and one.sender in ("app", "robot")]
    return [dict(one.media) for one in found if one.media]


async def received(way: Way, who: str, after: Seen, wanted: int) -> list[dict[str, object]]:
    """The same, once there are so many."""
    async with asyncio.timeout(PATIENCE):
        while len(found := files_of(way, who, after)) < wanted:
            await way.office.service.settle()
            await asyncio.sleep(0)
    return found


async def fetched(office: Demo) -> None:
    """Wait until every file has been fetched."""
    waiting = select(func.count()).select_from(Attachment).where(col(Attachment.state) == "waiting")
    async with asyncio.timeout(PATIENCE):
        while True:
            await office.service.settle()
            with Session(office.service.database.reader) as session:
                if not session.scalar(waiting):
                    return


def content(way: Way, file: dict[str, object]) -> bytes:
    """What the client downloads."""
    name = str(file["media_id"])
    if isinstance(way, DingTalkApp):
        media = way.ding.server.media.get(name)
        assert media is not None
        return media.data
    return way.office.sandbox.wecom.media.get(name).data


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_a_kept_photo_and_a_document_come_back(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    said = await way.told("zhangwei", f"今天拜访了华润置地的王总，聊了三期，{name}", "已记录")
    await sends(way, "zhangwei", "image", "现场.png", PICTURE)
    await way.sees("zhangwei", "照片已附到", said)
    await sends(way, "zhangwei", "file", "方案.pdf", b"%PDF-1.7 three pages")
    await way.sees("zhangwei", "文件已附到", said)
    await fetched(everywhere)

    asked = await way.says("zhangwei", "发我 照片")
    await way.sees("zhangwei", "照片发给你", asked)
    (photo,) = await received(way, "zhangwei", asked, 1)
    assert content(way, photo) == PICTURE
    assert photo["type"] == "image"

    asked = await way.told("zhangwei", "发我 照片", "照片发给你")
    assert len(await received(way, "zhangwei", asked, 1)) == 1, "asked for again, it comes again"

    asked = await way.says("zhangwei", "把华润置地的文件发我")
    (document,) = await received(way, "zhangwei", asked, 1)
    assert content(way, document) == b"%PDF-1.7 three pages"
    assert document["type"] == "file"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_a_button_of_the_list_sends_one(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    said = await way.told("zhangwei", f"今天拜访了华润置地的王总，聊了四期，{name}", "已记录")
    await sends(way, "zhangwei", "image", "现场.png", PICTURE + name.encode())
    await way.sees("zhangwei", "照片已附到", said)
    await fetched(everywhere)
    listed = await way.told("zhangwei", "附件 华润置地", "的附件")
    await way.press("zhangwei", listed, "发我1")
    (photo,) = await received(way, "zhangwei", listed, 1)
    assert content(way, photo)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_what_a_platform_cannot_send_is_said_in_words(everywhere: Demo, name: str) -> None:
    way = Ways(everywhere)[name]
    said = await way.told("zhangwei", f"今天拜访了华润置地的王总，聊了五期，{name}", "已记录")
    await sends(way, "zhangwei", "file", "演示.pptx", b"PK slides of " + name.encode())
    await way.sees("zhangwei", "文件已附到", said)
    await fetched(everywhere)
    asked = await way.says("zhangwei", "发我 文件")
    if isinstance(way, DingTalkApp):
        await way.sees("zhangwei", "“演示.pptx”在钉钉里发不了", asked)
    else:
        (slides,) = await received(way, "zhangwei", asked, 1)
        assert slides["name"] == "演示.pptx"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("name", "place"), [("wecom-bot", WeComGroup), ("dingtalk-stream", DingTalkGroup)])
async def test_what_is_asked_for_in_a_group_is_sent_aside(
    everywhere: Demo, name: str, place: type[WeComGroup | DingTalkGroup]
) -> None:
    way = Ways(everywhere)[name]
    said = await way.told("zhangwei", f"今天拜访了华润置地的王总，聊了六期，{name}", "已记录")
    await sends(way, "zhangwei", "image", "现场.png", PICTURE + b"group" + name.encode())
    seen = await way.sees("zhangwei", "照片已附到", said)
    await fetched(everywhere)
    told = await place(everywhere).told("zhangwei", "把华润置地的照片发我", "群里不显示客户资料")
    assert "照片发给你" not in told
    (photo,) = await received(way, "zhangwei", seen, 1)
    assert content(way, photo).startswith(PICTURE)
