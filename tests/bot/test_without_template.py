"""DingTalk before anybody has imported the card template: everything works by text and by taps that speak."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.run import demo
from tests.bot.company import company
from tests.bot.conftest import START
from tests.bot.ways import DingTalkApp, Ways
from tests.databases import Databases

VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@pytest.fixture
async def way(databases: Databases) -> AsyncIterator[DingTalkApp]:
    with company(databases, "sqlite", START) as url:
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
    await way.told("lina", "帮助", "直接说")
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


async def test_a_form_is_asked_question_by_question_and_costs_nothing(way: DingTalkApp) -> None:
    first = await way.told("zhangwei", "新增客户 联系人钱敏 电话 13812340000", "第1/4题：客户名称")
    assert "已知 联系人：钱敏" in way.reads("zhangwei", first)
    level = await way.told("zhangwei", "苏州汇川精密制造", "第4/4题：客户级别")
    await way.press("zhangwei", level, "上一步")
    phone = await way.sees("zhangwei", "现在是：13812340000", level)
    await way.press("zhangwei", phone, "跳过")
    again = await way.sees("zhangwei", "第4/4题：客户级别", phone)
    await way.press("zhangwei", again, "2）B级")
    done = await way.sees("zhangwei", "苏州汇川精密制造", again)
    assert "B级" in way.reads("zhangwei", done)
    assert way.calls().total() == 0


async def test_a_list_is_ticked_off_by_number(way: DingTalkApp) -> None:
    await way.told("zhangwei", "提醒我今天下午5点给王总打电话", "打电话")
    seen = await way.told("zhangwei", "今天", "打电话")
    shown = way.reads("zhangwei", seen)
    assert "例如：完成 1" in shown
    number = next(n for n in range(1, 9) if f"{n}）给王总打电话" in shown)
    await way.told("zhangwei", f"推迟1小时 {number}", "提醒你")
    await way.told("zhangwei", f"完成 {number}", "已完成")
    assert way.calls().total() == 0
