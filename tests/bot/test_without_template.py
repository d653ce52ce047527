"""DingTalk before anybody has imported the card template: everything works by text and by taps that speak."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.run import demo
from tests.bot.conftest import START
from tests.bot.ways import DingTalkApp, Ways
from tests.databases import Databases

VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@pytest.fixture
async def way(databases: Databases) -> AsyncIterator[DingTalkApp]:
    with databases.fresh("sqlite") as url:
        async with demo(url, start=START, template=False) as office:
            found = Ways(office)["dingtalk-stream"]
            assert isinstance(found, DingTalkApp)
            yield found


async def test_a_visit_is_recorded_and_taken_back_by_a_tap(way: DingTalkApp) -> None:
    seen = await way.told("zhangwei", VISIT, "已记录拜访")
    await way.press("zhangwei", seen, "撤销")
    await way.sees("zhangwei", "已撤销", seen)
    assert way.calls().total() == 0


async def test_a_quote_is_approved_by_a_tap_and_not_twice(way: DingTalkApp) -> None:
    await way.told("lina", "帮助", "撤销")
    last = way.all("lina")[-1]
    await way.told("zhangwei", "报价 华润置地 58万 9折 提交", "待李经理审批")
    card = await way.sees("lina", "待您审批", last)
    await way.press("lina", card, "同意")
    await way.sees("zhangwei", "李经理同意了报价")
    again = way.all("lina")[-1]
    await way.press("lina", card, "同意")
    assert "错误编号" not in way.reads("lina", await way.sees("lina", "已由李经理", again))


async def test_a_list_is_read_and_ticked_off_by_words(way: DingTalkApp) -> None:
    await way.told("zhangwei", "提醒我今天下午5点给王总打电话", "打电话")
    await way.told("zhangwei", "今天", "打电话")
    await way.told("zhangwei", "完成 给王总打电话", "完成")
