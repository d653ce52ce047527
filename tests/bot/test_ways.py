"""The same scenario on every way of connecting, all of them open in one installation at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.demo import others
from bot.demo.run import Demo
from bot.dingtalk.client import CARD, REGISTER, SINGLE, UPDATE
from bot.dingtalk.quota import month_of
from bot.usage import used
from store.tables import Activity, Contact, Customer, Identity, Member
from tests.bot.ways import NAMES, DingTalkApp, Seen, Way, Ways
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"

COMPANIES = ("温岭远东泵阀", "慈溪金桥注塑", "丹阳瑞康眼镜", "义乌百川饰品")  # no two sound alike


@pytest.fixture(params=NAMES)
def way(request: pytest.FixtureRequest, everywhere: Demo) -> Way:
    """One way of connecting."""
    return Ways(everywhere)[request.param]


@pytest.fixture(params=["dingtalk-stream", "dingtalk-http"])
def dingtalk(request: pytest.FixtureRequest, everywhere: Demo) -> DingTalkApp:
    """One of the two ways to DingTalk."""
    found = Ways(everywhere)[request.param]
    assert isinstance(found, DingTalkApp)
    return found


async def test_a_message_is_answered(way: Way) -> None:
    seen = await way.told("zhangwei", "帮助", "直接说")
    assert "错误编号" not in way.reads("zhangwei", seen)


async def test_a_visit_is_recorded_once(way: Way) -> None:
    before = _visits(way.office, "张伟")
    seen = await way.told("zhangwei", VISIT, "已记录拜访")
    shown = way.reads("zhangwei", seen)
    for part in ("华润置地", "王总", "58万元", "11月25日 周三 10:00"):
        assert part in shown
    assert _visits(way.office, "张伟") == before + 1


async def test_a_card_is_pressed_changes_and_refuses_a_second_press(way: Way) -> None:
    await way.told("lina", "今天", "今天")  # a smart bot may write first only where somebody has spoken
    said = way.all("lina")[-1]
    await way.told("zhangwei", "报价 华润置地 58万 9折 提交", "待李经理审批")
    card = await way.sees("lina", "待您审批", said)
    await asyncio.gather(way.press("lina", card, "同意"), _a_moment_later(way, "lina", card, "同意"))
    refused = await way.sees("lina", "通过", card)
    assert "已由李经理" in way.reads("lina", refused)
    assert "已由李经理同意" in way.reads("lina", card)
    approved = await way.sees("zhangwei", "李经理同意了报价")
    await way.office.service.settle()
    told = [one for one in way.all("zhangwei") if "李经理同意了报价" in way.reads("zhangwei", one)]
    assert told == [approved]


async def test_a_form_is_filled_in_where_it_is_shown_or_question_by_question(way: Way) -> None:
    seen = await way.told("zhangwei", "新增客户", "客户名称")
    number = NAMES.index(way.name)
    name, phone = COMPANIES[number], f"1381234000{number}"
    answers = {"name": name, "contact": "钱敏", "phone": phone, "level": "B"}
    await way.fills("zhangwei", seen, answers)
    done = await way.sees("zhangwei", "钱敏", seen)
    assert name in way.reads("zhangwei", done)
    with Session(way.office.service.database.reader) as session:
        of_them = col(Contact.customer_id) == col(Customer.id)
        query = select(col(Contact.phone)).join(Customer, of_them).where(col(Customer.name) == name)
        assert session.execute(query).scalar_one() == phone


async def test_a_form_is_left_and_a_wrong_answer_is_kindly_asked_again(way: Way) -> None:
    seen = await way.told("zhangwei", "报价", "给哪个客户报价")
    wrong = {"customer": "华润置地", "amount": "很多", "submit": "no"}
    if isinstance(way, DingTalkApp):
        await way.fills("zhangwei", seen, wrong)
    else:
        await way.fills("zhangwei", seen, {"customer": "华润置地", "amount": "很多"})
    asked = await way.sees("zhangwei", "例如：58万", seen)
    await way.told("zhangwei", "取消", "什么都没有写")
    assert "错误编号" not in way.reads("zhangwei", asked)


async def test_a_colleague_is_told_where_he_wants_to_be(everywhere: Demo) -> None:
    ding, app = Ways(everywhere)["dingtalk-stream"], Ways(everywhere)["wecom-app"]
    await ding.told("zhangwei", "在企业微信提醒我", "企业微信")
    here = await app.told("zhangwei", "帮助", "直接说")
    said = await ding.told("lina", "帮助", "直接说")
    await ding.told("zhangwei", "报价 华润置地 71万 9折 提交", "待李经理审批")
    await ding.press("lina", await ding.sees("lina", "待您审批", said), "同意")
    await app.sees("zhangwei", "李经理同意了报价", here)
    await ding.told("zhangwei", "提醒位置恢复默认", "原来的方式")


async def test_one_colleague_is_one_member_everywhere(everywhere: Demo) -> None:
    ways = Ways(everywhere)
    for name in NAMES:
        await ways[name].told("zhaolei", "你好", "赵磊")
    with Session(everywhere.service.database.reader) as session:
        query = select(func.count(col(Identity.id)), func.count(func.distinct(col(Identity.member_id))))
        found = session.execute(
            query.join(Member, col(Member.id) == col(Identity.member_id)).where(col(Member.name) == "赵磊")
        ).one()
    assert tuple(found) == (len(NAMES), 1)


async def test_a_group_is_answered_in_the_group_on_both_platforms(everywhere: Demo) -> None:
    """Customers are spoken of in the asker's own chat, and the group is told so; help is said in it."""
    sandbox = everywhere.sandbox
    alone = sandbox.bots.chat("zhangwei", everywhere.settings.wecom_bots[others.BOT].bot_id)
    first = await sandbox.bots.says("zhangwei", "你好")
    await sandbox.wait_for(alone, lambda m: m.sender == "app", PATIENCE, after=first)
    said = await sandbox.bots.at_bot(others.GROUP, "zhangwei", "今天")
    room = sandbox.bots.group(others.GROUP, "liuyang")
    seen = await sandbox.wait_for(
        room, lambda m: m.sender == "app" and "私信" in m.shows(), PATIENCE, after=said
    )
    assert seen.author == everywhere.settings.wecom_bots[others.BOT].bot_id
    await sandbox.wait_for(alone, lambda m: m.sender == "app" and "待办" in m.shows(), PATIENCE, after=said)

    way = Ways(everywhere)["dingtalk-stream"]
    assert isinstance(way, DingTalkApp)
    group = way.ding.space.organisation.groups[0].id
    asked = await way.ding.says(way.id_of("zhangwei"), "帮助", group, client_id=way.client_id)
    await way.ding.wait_for(
        way.id_of("liuyang"), lambda one: "直接说" in one.text, PATIENCE, group=group, after=asked
    )


async def quiet(way: DingTalkApp) -> None:
    """Nothing is under way any more: what is called from here on is counted from here on."""
    await way.office.service.dispatcher.idle()
    await way.office.service.settle()
    await way.office.service.relay.flush()


@pytest.mark.parametrize(
    ("words", "expect", "cost"),
    [
        (VISIT, "已记录拜访", 0),
        ("撤销", "已撤销", 0),
        ("华润置地", "负责人", 0),
        ("帮助", "直接说", 0),
        ("明天上午10点提醒我给王总打电话", "打电话", 0),
        ("今天", "待办", 1),  # the list can be ticked off, so it is a card
    ],
)
async def test_what_is_said_on_dingtalk_costs(
    dingtalk: DingTalkApp, words: str, expect: str, cost: int
) -> None:
    if words == "撤销":
        await dingtalk.told("zhangwei", VISIT, "已记录拜访")
    await quiet(dingtalk)
    before = dingtalk.calls()
    await dingtalk.told("zhangwei", words, expect)
    await quiet(dingtalk)
    assert (dingtalk.calls() - before).total() == cost


async def test_an_approval_on_dingtalk_costs_two_cards_a_word_and_an_update(dingtalk: DingTalkApp) -> None:
    """The author's own quote is a card although it can be said: it shows the decision when it is made."""
    said = await dingtalk.told("lina", "帮助", "直接说")
    await quiet(dingtalk)
    before = dingtalk.calls()
    own = await dingtalk.told("zhangwei", "报价 华润置地 66万 9折 提交", "待李经理审批")
    card = await dingtalk.sees("lina", "待您审批", said)
    assert dingtalk.calls() - before == Counter({CARD: 2})
    await dingtalk.press("lina", card, "同意")
    await dingtalk.sees("zhangwei", "李经理同意了报价", own)
    await quiet(dingtalk)
    assert dingtalk.calls() - before == Counter({CARD: 2, SINGLE: 1, UPDATE: 1})


async def test_what_dingtalk_counts_is_what_we_count(dingtalk: DingTalkApp) -> None:
    service, quota = dingtalk.office.service, dingtalk.ding.quota
    await dingtalk.told("zhangwei", "帮助", "直接说")
    await service.settle()
    await service.relay.flush()
    await service.meter.flush()
    with Session(service.database.reader) as session:
        found = used(session, month_of(dingtalk.office.clock.now()))
    by_setup = sum(number for (path, _), number in quota.calls.items() if path == REGISTER)
    assert (found.calls + by_setup, found.pushes) == (quota.api_used, quota.pushes_used)


async def _a_moment_later(way: Way, who: str, card: Seen, label: str) -> None:
    """A second tap when the first is on its way and has not changed the card yet."""
    for _ in range(10):
        await asyncio.sleep(0)
    way.office.clock.jump(way.office.clock.now() + timedelta(seconds=1))
    await way.press(who, card, label, again=True)


def _visits(everywhere: Demo, name: str) -> int:
    with Session(everywhere.service.database.reader) as session:
        query = select(func.count(col(Activity.id))).join(Member, col(Member.id) == col(Activity.author_id))
        return int(session.execute(query.where(col(Member.name) == name)).scalar_one())
