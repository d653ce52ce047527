"""合并 in the chat: shown first, chosen per tap, done in one turn, undone as a whole."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from cards import limits
from cards.card import Card
from cards.render import dingtalk, wecom
from cards.render.dingtalk_markdown import render_markdown
from cards.render.text import render_text
from store.tables import Customer
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """Two customers of 张伟 that are one, with something known of both."""
    talk = make_talk(session)
    talk.team.customer("zhang", "华星科技有限公司", "华星")
    talk.team.customer("zhang", "上海华星信息")
    talk.say("zhang", "今天拜访了华星的王总，聊了报价，下周三上午十点去演示")
    talk.say("zhang", "报价 华星 58万")
    talk.say("zhang", "打标签 华星 高意向")
    talk.say("zhang", "客户 华星 级别 A 行业 制造")
    talk.say("zhang", "客户 上海华星信息 级别 B 来源 展会")
    return talk


def preview(talk: Talk, text: str = "合并 华星 到 上海华星信息") -> Card:
    """The card that shows what would happen."""
    reply = talk.say("zhang", text)
    assert len(reply.cards) == 1, reply.text
    assert reply.cards[0].title == "合并预览"
    return reply.cards[0]


@pytest.mark.parametrize(
    "text",
    [
        "合并 华星 到 上海华星信息",
        "合并华星科技有限公司到上海华星信息",
        "把华星合并到上海华星信息",
        "华星并入上海华星信息",
        "合并 华星 上海华星信息",
        "/合并 华星 到 上海华星信息",
        "把华星并到上海华星信息里",
    ],
)
def test_it_is_shown_before_it_is_done(talk: Talk, text: str) -> None:
    card = preview(talk, text)
    shown = facts(card)
    assert shown["保留"].startswith("上海华星信息")
    assert shown["并入"].startswith("华星科技有限公司")
    for kind in ("跟进记录1", "任务1", "报价1", "联系人1", "标签1"):
        assert kind in card.body
    assert "级别：B" in card.body
    found = talk.say("zhang", "华星").cards[0]
    assert found.title == "华星科技有限公司"


def test_every_way_shows_what_moves_and_has_the_button(talk: Talk) -> None:
    card = preview(talk)
    bot = wecom.render(card, task_id="t1", sign=lambda one: one.name, body_limit=limits.BODY_AIBOT)
    app = wecom.render(card, task_id="t2", sign=lambda one: one.name)
    for shown in (bot, app):
        assert shown.payload["card_type"] == "button_interaction"
        assert shown.left_out == ()
    template = dingtalk.render(card, sign=lambda one: one.name)
    plain = [render_markdown(card, taps=True).text, render_text(card)]
    for one in (str(bot.payload), str(app.payload), str(template.values), *plain):
        for words in ("跟进记录1", "任务1", "报价1", "联系人1", "标签1", "确认", "上海华星信息"):
            assert words in one


def test_going_back_and_what_has_changed_meanwhile(talk: Talk) -> None:
    card = preview(talk)
    (chosen,) = talk.press("zhang", card, "级别用A").refresh
    (back,) = talk.press("zhang", chosen, "级别用B").refresh
    assert back.body == card.body
    talk.say("zhang", "客户 上海华星信息 级别 A")
    (now,) = talk.press("zhang", card, "级别用A").refresh
    assert "级别" not in now.body
    assert talk.press("zhang", now, "确认合并").cards[0].title == "已合并到 · 上海华星信息"


def test_it_is_done_with_a_tap(talk: Talk) -> None:
    card = preview(talk)
    (chosen,) = talk.press("zhang", card, "级别用A").refresh
    assert "级别：A" in chosen.body
    assert "级别用B" in [button.text for button in chosen.buttons]
    done = talk.press("zhang", chosen, "确认合并")
    assert done.cards[0].title == "已合并到 · 上海华星信息"
    assert done.refresh[0].done == "已合并到上海华星信息"
    shown = talk.say("zhang", "华星科技").cards[0]
    assert shown.title == "上海华星信息"
    assert "A级" in shown.subtitle
    assert "高意向" in talk.say("zhang", "上海华星信息的标签").cards[0].body
    again = talk.press("zhang", card, "确认合并")
    assert "同一家" in again.text


def test_it_is_done_by_words(talk: Talk) -> None:
    preview(talk)
    (card,) = talk.say("zhang", "级别用A").cards
    assert "级别：A" in card.body
    assert "只有“B”和“A”可选" in talk.say("zhang", "级别用C").text
    talk.say("zhang", "级别用A")
    assert talk.say("zhang", "确认").cards[0].title == "已合并到 · 上海华星信息"
    assert "A级" in talk.say("zhang", "上海华星信息").cards[0].subtitle


def test_it_is_undone_as_a_whole(talk: Talk) -> None:
    (chosen,) = talk.press("zhang", preview(talk), "级别用A").refresh
    talk.press("zhang", chosen, "确认合并")
    assert "的合并" in talk.say("zhang", "撤销").text
    one, other = talk.say("zhang", "华星").cards[0], talk.say("zhang", "上海华星信息").cards[0]
    assert (one.title, other.title) == ("华星科技有限公司", "上海华星信息")
    assert "王总" in facts(one)["联系人"]
    assert "B级" in other.subtitle
    assert "A级" in one.subtitle
    assert "高意向" in talk.say("zhang", "华星的标签").cards[0].body


def test_the_other_way_round(talk: Talk) -> None:
    (turned,) = talk.press("zhang", preview(talk), "换个方向").refresh
    assert facts(turned)["保留"].startswith("华星科技有限公司")
    talk.press("zhang", turned, "确认合并")
    assert talk.say("zhang", "上海华星信息").cards[0].title == "华星科技有限公司"


@pytest.mark.parametrize("said", ["不合并", "算了", "取消"])
def test_it_can_be_left(talk: Talk, said: str) -> None:
    preview(talk)
    assert talk.say("zhang", said).text == "好，没有合并。"


def test_an_old_card_leads_to_the_one_that_stands(talk: Talk) -> None:
    card = talk.say("zhang", "华星").cards[0]
    talk.press("zhang", preview(talk), "确认合并")
    shown = talk.press("zhang", card, "全部跟进").cards[0]
    assert "聊了报价" in shown.body
    talk.say("zhang", "今天又电话联系了华星的王总，聊了付款")
    query = select(Customer).where(col(Customer.name) == "华星科技有限公司")
    assert talk.session.execute(query).scalar_one().archived_at is not None


def test_what_was_looked_at_has_changed(talk: Talk) -> None:
    card = preview(talk)
    talk.say("zhang", "客户 华星 来源 官网")
    assert "再看一遍" in talk.press("zhang", card, "确认合并").text


def test_somebody_elses_customer_is_not_merged(talk: Talk) -> None:
    assert "负责人吴婷" in talk.say("zhang", "合并 华星 到 恒瑞医药").text
    assert "负责人张伟" in talk.say("wu", "合并 恒瑞医药 到 上海华星信息").text
    assert preview(talk)
    (card,) = talk.say("chen", "合并 恒瑞医药 到 美的").cards
    assert talk.press("chen", card, "确认合并").cards


def test_twins_are_found_and_merged(talk: Talk) -> None:
    talk.team.customer("zhang", "苏州华星科技")
    (card,) = talk.say("zhang", "查重 华星").cards
    assert "苏州华星科技（只差地名），负责人张伟" in card.body
    (shown,) = talk.press("zhang", card, "并入苏州华星科技").cards
    assert facts(shown)["保留"].startswith("苏州华星科技")
    assert "苏州华星科技（只差地名" in talk.say("zhang", "查重").text
    assert "没有疑似重复" in talk.say("zhang", "查重 美的").cards[0].body


def test_the_word_alone_says_how(talk: Talk) -> None:
    assert "合并 华星科技 到" in talk.say("zhang", "合并").text
    assert "没有找到客户" in talk.say("zhang", "合并 没有这家 到 美的").text


def test_looking_for_duplicates_of_an_unknown_name_says_so(talk: Talk) -> None:
    assert talk.say("zhang", "查重 苏州汇川技术").text == (
        "没有叫“苏州汇川技术”的客户，也没有像的。要建就回复：新增客户 苏州汇川技术"
    )
