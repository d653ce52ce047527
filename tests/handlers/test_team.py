"""What colleagues have done, counted and told of, for whoever may see it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """Thursday, 19 November 2026, 10:30: 张伟 has visited two customers and called one."""
    talk = make_talk(session)
    talk.say("zhang", "昨天拜访了美的，聊了报价")
    talk.say("zhang", "今天拜访了美的，又聊了报价")
    talk.say("zhang", "今天拜访了华润置地，聊了合同")
    talk.say("zhang", "今天给华润燃气打了电话，确认了时间")
    return talk


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("张伟这个月拜访了几次", "张伟这个月拜访了3次，2家客户。"),
        ("这个月张伟拜访了多少次？", "张伟这个月拜访了3次，2家客户。"),
        ("张伟今天拜访了几家客户", "张伟今天拜访了2次，2家客户。"),
        ("张伟今天打了几个电话", "张伟今天打了1次电话，1家客户。"),
        ("张伟本周一共跟进了多少次", "张伟本周记了4条跟进，3家客户。"),
        ("张伟这个月的拜访次数", "张伟这个月拜访了3次，2家客户。"),
        ("张伟上周拜访了几次", "张伟上周还没有拜访记录。"),
        ("我的团队这个月拜访了几次", "你的团队这个月拜访了3次，2家客户。"),
    ],
)
def test_a_manager_asks_how_often(talk: Talk, said: str, answer: str) -> None:
    talk.say("li", "恒瑞医药")
    assert talk.say("li", said).text == answer


@pytest.mark.parametrize(
    "said", ["张伟这周跟了哪些客户", "张伟本周都干了什么", "这周张伟拜访了谁？", "张伟这周在忙什么"]
)
def test_a_manager_asks_what_somebody_did(talk: Talk, said: str) -> None:
    first, second = talk.say("li", said).text.split("\n")
    assert first.endswith("记了4条跟进，其中拜访3次、电话1次。")
    assert set(second.removeprefix("客户：").split("、")) == {"华润燃气", "华润置地", "美的"}


@pytest.mark.parametrize("said", ["团队这周拜访情况", "我的团队本周怎么样", "下属这周的汇总"])
def test_a_manager_asks_what_the_team_did(talk: Talk, said: str) -> None:
    talk.say("wu", "今天拜访了恒瑞，聊了报价")
    text = talk.say("chen", said).text
    assert "记了5条跟进" in text
    assert "各人：张伟 4条、吴婷 1条" in text


def test_what_somebody_did_is_told_to_whoever_may_see_it(talk: Talk) -> None:
    assert talk.say("wu", "张伟这周跟了哪些客户").text == (
        "张伟的跟进数只有本人和上级能看，想了解可以直接问张伟。"
    )
    assert talk.say("li", "张伟上周干了什么").text == "张伟上周还没有记跟进。"
    assert talk.say("zhang", "我今天干了啥").text.startswith("你今天记了3条跟进")


def test_one_counts_ones_own(talk: Talk) -> None:
    assert talk.say("zhang", "我这个月拜访了几次").text == "你这个月拜访了3次，2家客户。"


def test_what_was_taken_back_does_not_count(talk: Talk) -> None:
    talk.say("zhang", "撤销")
    assert talk.say("li", "张伟今天打了几个电话").text == "张伟今天还没有电话记录。"


@pytest.mark.parametrize("who", ["wu", "zhao"])
def test_others_are_kindly_refused(talk: Talk, who: str) -> None:
    said = talk.say(who, "张伟这个月拜访了几次").text
    assert said == "张伟的跟进数只有本人和上级能看，想了解可以直接问张伟。"


def test_a_customer_is_no_colleague(talk: Talk) -> None:
    assert talk.say("zhang", "美的这个月拜访了几次").cards[0].title == "美的集团"


@pytest.mark.parametrize("said", ["团队今天怎么样", "我的团队今天", "今天团队怎么样？", "团队今天跟进情况"])
def test_a_manager_sees_the_day_of_his_people(talk: Talk, said: str) -> None:
    (card,) = talk.say("li", said).cards
    assert card.title.startswith("今天的跟进 · ")
    assert card.facts[0].name == "张伟"


def test_a_day_without_follow_ups_says_so(talk: Talk) -> None:
    assert talk.say("zhao", "团队今天怎么样").text == "今天你的团队还没有记跟进。"


def test_who_has_no_people_hears_a_kind_word(talk: Talk) -> None:
    assert talk.say("zhang", "团队今天怎么样").text.startswith("你现在没有下属")
    assert talk.say("zhang", "团队这个月拜访了几次").text.startswith("你现在没有下属")


@pytest.mark.parametrize("said", ["看看华润置地和美的", "华润置地和美的什么情况"])
def test_several_customers_are_shown_together(talk: Talk, said: str) -> None:
    titles = [card.title for card in talk.say("zhang", said).cards]
    assert titles == ["华润置地（华东）有限公司", "美的集团"]


def test_of_several_only_those_are_shown_that_may_be_seen(talk: Talk) -> None:
    reply = talk.say("zhang", "看看美的和恒瑞医药")
    assert [card.title for card in reply.cards] == ["美的集团"]
    assert "吴婷" in reply.text


def test_more_is_about_the_customer_of_the_group(talk: Talk) -> None:
    talk.say("zhang", "绑定客户 美的", group="g1")
    talk.say("zhang", "华润置地", group="g1")
    assert talk.say("zhang", "更多", group="g1").cards[0].title.startswith("美的")
    talk.say("zhang", "华润置地")
    assert talk.say("zhang", "更多").cards[0].title.startswith("华润置地")
