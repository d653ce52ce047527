"""One salesperson's conversation from end to end, over the wire, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.demo.run import Demo, demo
from sandbox import Message
from tests.patience import PATIENCE

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    async with demo(company_url, start=START) as running:
        yield running


async def say(office: Demo, who: str, words: str, expect: str) -> Message:
    """Say something and wait for the answer that shows `expect`."""
    said = await office.sandbox.says(who, words)
    return await heard(office, who, expect, said)


async def heard(office: Demo, who: str, expect: str, after: Message | None = None) -> Message:
    """Wait for something from the bot that shows `expect`."""
    return await office.sandbox.wait_for(
        who, lambda m: m.sender == "app" and expect in m.shows(), PATIENCE, after=after
    )


async def test_a_visit_a_look_up_a_list_a_reminder_and_a_quote(office: Demo) -> None:
    card = await say(office, "zhangwei", VISIT, "已记录拜访")
    shown = card.shows()
    for part in ("华润置地", "王总", "58万元", "演示", "11月25日 周三 10:00", "修改", "撤销"):
        assert part in shown

    assert "张伟" in (await say(office, "zhangwei", "华润置地", "华润置地（华东）有限公司")).shows()
    await say(office, "zhangwei", "今天", "今天的待办")

    await office.sandbox.jump(datetime(2026, 11, 25, 9, 50, tzinfo=ZONE))
    reminder = await heard(office, "zhangwei", "提醒：10:00 演示")
    await office.sandbox.tap("zhangwei", reminder, "完成")
    await heard(office, "zhangwei", "已完成", after=None)

    await say(office, "zhangwei", "报价 华润置地 58万 9折 提交", "待李经理审批")
    approval = await heard(office, "lina", "待您审批", after=None)
    approval = [m for m in office.sandbox.chat("lina") if "张伟的报价" in m.shows()][-1]
    await office.sandbox.tap("lina", approval, "同意")
    await office.sandbox.wait_for("lina", lambda m: m is approval and "已由李经理同意" in m.shows(), PATIENCE)
    await heard(office, "zhangwei", "李经理同意了报价")
    await office.sandbox.wait_for(
        "zhangwei", lambda m: m.kind == "card" and "已由李经理同意" in m.shows(), PATIENCE
    )


async def test_the_morning_card_and_birthdays_come_once(office: Demo) -> None:
    await office.sandbox.jump(datetime(2026, 11, 21, 8, 30, tzinfo=ZONE))
    for user in office.sandbox.world.corp.users:
        await heard(office, user.userid, "早上好")
    await heard(office, "zhangwei", "今天生日")
    await office.service.settle()
    await office.service.relay.flush()
    mornings = [m for m in office.sandbox.chat("zhangwei") if "早上好" in m.shows()]
    assert len(mornings) == 1


async def test_a_reminder_can_be_postponed_and_moved(office: Demo) -> None:
    await say(office, "zhangwei", "提醒我明天上午9点给李总打电话", "李总")
    await office.sandbox.jump(datetime(2026, 11, 21, 9, 0, tzinfo=ZONE))
    reminder = await office.sandbox.wait_for(
        "zhangwei", lambda m: "提醒：" in m.shows() and "打电话" in m.shows(), PATIENCE
    )
    await office.sandbox.tap("zhangwei", reminder, "推迟", {"to": ["30m"]})
    await office.sandbox.wait_for("zhangwei", lambda m: m is reminder and "09:30" in m.shows(), PATIENCE)
    await office.sandbox.tap("zhangwei", reminder, "改期")
    asked = await heard(office, "zhangwei", "改到什么时候")
    said = await office.sandbox.says("zhangwei", "下周一下午三点")
    await heard(office, "zhangwei", "后天 15:00", said)
    assert asked.seq < said.seq
    await office.sandbox.jump(datetime(2026, 11, 23, 15, 0, tzinfo=ZONE))
    await heard(office, "zhangwei", "打电话", said)


async def test_undo_by_word_by_button_and_by_quoting(office: Demo) -> None:
    await say(office, "zhangwei", VISIT, "已记录拜访")
    await say(office, "zhangwei", "撤销", "已撤销")
    card = await say(office, "zhangwei", VISIT.replace("58万", "60万"), "60万")
    await office.sandbox.tap("zhangwei", card, "撤销")
    await office.sandbox.wait_for("zhangwei", lambda m: m is card and "已撤销" in m.shows(), PATIENCE)
    card = await say(office, "zhangwei", VISIT.replace("58万", "61万"), "61万")
    said = await office.sandbox.says("zhangwei", "撤销", quote=card.id)
    await heard(office, "zhangwei", "已撤销", said)


async def test_only_the_manager_who_was_asked_decides(office: Demo) -> None:
    await say(office, "zhangwei", "报价 华润置地 58万 9折 提交", "待李经理审批")
    number = next(
        word
        for m in reversed(office.sandbox.chat("zhangwei"))
        for word in m.shows().split()
        if word.startswith("Q0")
    )
    for who in ("zhangwei", "zhaolei"):
        said = await office.sandbox.says(who, f"同意 {number}")
        await heard(office, who, "审批", said)
    await say(office, "lina", f"同意 {number} 价格可以", "同意")
    said = await office.sandbox.says("lina", f"驳回 {number}")
    await heard(office, "lina", "已由李经理", said)


async def test_a_stranger_gets_the_way_in_and_nothing_else(office: Demo) -> None:
    from dataclasses import replace as change

    from sandbox import User

    corp = office.sandbox.world.corp
    newcomer = User("xinlai", "新来的", (corp.departments[0].id,))
    office.sandbox.world.change_corp(change(corp, users=(*corp.users, newcomer)))
    await say(office, "xinlai", "华润置地", "xinlai")
    assert len(office.sandbox.chat("xinlai")) == 2


async def test_a_lost_acknowledgement_records_once(office: Demo) -> None:
    office.sandbox.callbacks.faults.lost_acks = 2
    await say(office, "zhangwei", VISIT, "已记录拜访")
    await office.service.dispatcher.idle()
    await office.service.relay.flush()
    cards = [m for m in office.sandbox.chat("zhangwei") if "已记录拜访" in m.shows()]
    assert len(cards) == 1


async def test_five_copies_at_once_record_once(office: Demo) -> None:
    office.sandbox.callbacks.faults.copies = 5
    await say(office, "zhangwei", VISIT, "已记录拜访")
    await office.service.dispatcher.idle()
    await office.service.relay.flush()
    assert len([m for m in office.sandbox.chat("zhangwei") if "已记录拜访" in m.shows()]) == 1


@pytest.mark.parametrize("errcode", [-1, 42001, 40014])
async def test_a_platform_that_stumbles_still_delivers_once(office: Demo, errcode: int) -> None:
    office.sandbox.wecom.faults.inject("message/send", errcode, 1)
    await say(office, "zhangwei", VISIT, "已记录拜访")
    assert len([m for m in office.sandbox.chat("zhangwei") if "已记录拜访" in m.shows()]) == 1


async def test_a_lost_yes_is_not_delivered_twice(office: Demo) -> None:
    office.sandbox.wecom.faults.reset_after_commit("message/send", 1)
    await say(office, "zhangwei", VISIT, "已记录拜访")
    await office.service.dispatcher.idle()
    await office.service.relay.flush()
    assert len([m for m in office.sandbox.chat("zhangwei") if "已记录拜访" in m.shows()]) == 1
