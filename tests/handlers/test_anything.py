"""Whatever is said, in whatever order, is answered: nothing raises, and every card can be shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card
from cards.render.wecom import render, render_update
from handlers.incoming import Kind, Place
from handlers.reply import Reply
from tests.ground import Ground
from tests.handlers.talk import Talk, make_talk

SENTENCES = (
    "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    "今天华润的王总说二期先放一放",
    "今天跟华仁置地王总通话，预算58万",
    "昨天拜访了苏州汇川技术的李经理，聊了伺服",
    "拜访了美的张工，聊得不错，下周再去",
    "今天又见了王总",
    "新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888",
    "新增客户 华润置业",
    "华润",
    "华润置地",
    "华润置地 全部跟进",
    "金额是56万不是58万",
    "改到周四下午三点",
    "是电话不是拜访",
    "客户是华润燃气",
    "明天上午10点提醒我给王总打电话",
    "每周一早上9点提醒我发周报",
    "提醒我给王总打电话",
    "推迟1小时",
    "完成",
    "取消明天的提醒",
    "今天",
    "明天",
    "本周",
    "报价 华润置地 58万 9折 提交",
    "撤销",
    "上一条删掉",
    "华润置地的王总生日农历腊月初八",
    "华润燃气又叫华燃",
    "美的是A级客户",
    "美的回款15万已到账",
    "1",
    "2",
    "是",
    "不是",
    "新建",
    "只记笔记",
    "算了",
    "明天下午3点",
    "帮助",
    "谢谢",
    "今天拜访了美的张工，明天7点再去演示",
    "3月5日去了华润置地，聊了合同",
    "明天7点提醒我给王总打电话",
    "演示改到1月5日",
    "美的 空调压缩机产线",
    "甲方松口了 价钱谈妥",
    "晚上",
    "今年",
    "确认",
    "不记",
    "不删",
    "删除",
)
words = st.one_of(
    st.sampled_from(SENTENCES),
    st.text(max_size=60),
    st.text("华润置地王总万折点明天0123456789 ，", max_size=40),
)
steps = st.lists(
    st.tuples(st.sampled_from(["zhang", "li", "wu", "zheng"]), words, st.integers(0, 9)), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_every_conversation_is_answered(ground: Ground, said: list[tuple[str, str, int]]) -> None:
    with ground.on(make_talk) as talk:
        for who, text, choice in said:
            reply = talk.say(who, text.replace("\x00", ""))
            assert reply.text or reply.cards or reply.refresh
            for card in show(reply):
                press_one(talk, who, card, choice)
        talk.send("zhang", Kind.LOCATION, place=Place(31.2, 121.5))
        talk.send("zhang", Kind.IMAGE, media_id="m")


def show(reply: Reply) -> tuple[Card, ...]:
    """The cards of a reply, each rendered as it would be sent."""
    for card in reply.cards:
        render(card, task_id="t", sign=lambda action: f"{action.name}:{action.object_id}:{action.extra}")
    for card in reply.refresh:
        assert card.about
        render_update(card, sign=lambda action: f"{action.name}:{action.object_id}:{action.extra}")
    return reply.cards


def press_one(talk: Talk, who: str, card: Card, choice: int) -> None:
    """Press the button of this number, where the card has so many; then once more."""
    if choice < len(card.buttons):
        fields = {f.key: f.options[-1].id for f in card.form}
        show(talk.press(who, card, card.buttons[choice].text, **fields))
        show(talk.press(who, card, card.buttons[choice].text, **fields))
