"""Reminders where the platform shows no form: what their form offers is understood when it is typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.demo.run import demo
from tests.bot.conftest import START
from tests.bot.ways import DingTalkApp, Ways
from tests.databases import Databases


@pytest.fixture
async def way(databases: Databases) -> AsyncIterator[DingTalkApp]:
    """DingTalk without the card template, where 张伟 wants to be told things."""
    with databases.fresh("sqlite") as url:
        async with demo(url, start=START, template=False) as office:
            found = Ways(office)["dingtalk-stream"]
            assert isinstance(found, DingTalkApp)
            await found.told("zhangwei", "在这里提醒我", "钉钉")
            yield found


async def reminded(way: DingTalkApp, at: datetime) -> str:
    """Jump there and see the reminder."""
    last = way.all("zhangwei")[-1]
    await way.office.sandbox.jump(at)
    return way.reads("zhangwei", await way.sees("zhangwei", "提醒：", last))


async def test_a_choice_of_a_reminder_is_typed_by_its_number(way: DingTalkApp) -> None:
    await way.told("zhangwei", "提醒我今天下午5点给王总打电话", "打电话")
    assert "1）30分钟后" in await reminded(way, START.replace(hour=17))
    await way.told("zhangwei", "推迟 1", "17:30，到时提醒你")
    await reminded(way, START.replace(hour=17) + timedelta(minutes=30))
    await way.told("zhangwei", "完成", "已完成")


async def test_a_question_that_waits_is_not_forgotten_for_a_reminder(way: DingTalkApp) -> None:
    await way.told("zhangwei", "提醒我今天下午5点给王总打电话", "打电话")
    await way.office.sandbox.jump(START.replace(hour=16, minute=50))
    await way.told("zhangwei", "报价 华润置地", "给华润置地报多少")
    await reminded(way, START.replace(hour=17))
    await way.told("zhangwei", "58万 9折", "报价 Q0009")
