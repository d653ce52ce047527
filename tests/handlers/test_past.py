"""How a customer stood on a day that is past, asked for in any natural order and by any of its names."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

VISIT = "今天下午拜访了华润置地的王总，聊了二期报价，下周三上午十点再去演示"


@standing
def past(session: Session) -> Talk:
    """Customers known since Thursday the 19th of November; it is the 26th."""
    talk = make_talk(session)
    talk.team.customer("zhang", "苏州华星科技有限公司")
    talk.team.customer("zhang", "三一重工股份有限公司")
    talk.say("zhang", VISIT)
    for name in ("华润置地", "苏州华星科技", "三一重工", "美的"):
        talk.say("zhang", f"{name}是B级客户")
    talk.pass_time(days=4)
    talk.say("zhang", "华润置地是A级客户")
    talk.pass_time(days=3)
    return talk


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("华星科技", "苏州华星科技"),
        ("华星", "苏州华星科技"),
        ("苏州华星科技有限公司", "苏州华星科技"),
        ("华润置地", "华润置地"),
        ("美的", "美的"),
        ("三一重工", "三一重工"),
    ],
)
@pytest.mark.parametrize(
    "question",
    [
        "11月20日{}是什么状态",
        "{}11月20日什么情况",
        "{}在11月20日那天是什么级别",
        "11月20日{}是谁在跟",
        "11月20日谁在跟{}",
        "上周五{}怎么样",
        "{}上周五什么状态？",
        "看看上周五的{}",
        "谁上周五负责{}",
    ],
)
def test_any_name_in_any_order(past: Talk, said: str, called: str, question: str) -> None:
    (card,) = past.say("zhang", question.format(said)).cards
    assert card.title == f"{called} · 截至11月20日 周五"
    assert facts(card)["级别"] == "B级"
    assert facts(card)["负责人"] == "张伟"


@pytest.mark.parametrize(
    "time", ["昨天", "前天", "周二", "上周五", "三天前", "11月23日晚上", "上周", "上周末"]
)
def test_any_time(past: Talk, time: str) -> None:
    (card,) = past.say("zhang", f"{time}华星科技什么情况").cards
    assert card.title.startswith("苏州华星科技 · 截至")


def test_the_name_wins_over_the_longer_time(past: Talk) -> None:
    (card,) = past.say("zhang", "上周三一重工什么情况").cards
    assert card.title.startswith("三一重工 · 截至11月22日")


def test_a_name_of_several_is_asked_about_and_chosen(past: Talk) -> None:
    (card,) = past.say("zhang", "上周五华润是谁在跟").cards
    assert card.title == "“华润”是哪一家"
    (shown,) = past.press("zhang", card, "华润置地").cards
    assert shown.title == "华润置地 · 截至11月20日 周五"
    (typed,) = past.say("zhang", "1").cards
    assert typed.title in ("华润置地 · 截至11月20日 周五", "华润燃气 · 截至11月20日 周五")


def test_this_one_is_the_customer_last_spoken_of(past: Talk) -> None:
    past.say("zhang", "华星科技")
    for text in ("上周五是什么状态", "这家上周五是谁负责的", "他们上周五什么情况"):
        (card,) = past.say("zhang", text).cards
        assert card.title == "苏州华星科技 · 截至11月20日 周五"


@pytest.mark.parametrize(
    "text", ["华星科技什么情况", "今天华星科技什么情况", "看看华星科技", "现在谁在跟华星"]
)
def test_what_is_not_past_is_the_card_of_now(past: Talk, text: str) -> None:
    (card,) = past.say("zhang", text).cards
    assert card.title == "苏州华星科技有限公司"


@pytest.mark.parametrize(
    "text", ["昨天拜访了华星科技，了解了一下情况", "昨天给华星科技打了电话，问清楚了是谁负责采购"]
)
def test_a_report_is_recorded(past: Talk, text: str) -> None:
    reply = past.say("zhang", text)
    assert any("已记录" in card.title or (card.about and card.about[0] == "activity") for card in reply.cards)


def test_tasks_of_a_day_stay_tasks(past: Talk) -> None:
    for text in ("看看明天的安排", "查一下昨天的任务"):
        assert not any("截至" in card.title for card in past.say("zhang", text).cards)


def test_others_customers_are_not_shown(past: Talk) -> None:
    reply = past.say("wu", "上周五华星科技是什么状态")
    assert not any("截至" in card.title for card in reply.cards)
