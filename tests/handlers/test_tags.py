"""Tags in the chat: put on by hand in whatever words, and by rules that say why."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.card import Card
from crm.tag_rules import Rule
from handlers.tag_words import rule_of
from store.tables import Member, Role
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30, with an administrator."""
    talk = make_talk(session)
    row = Member(name="孙管理", role=Role.ADMIN, created_at=talk.now, updated_at=talk.now)
    session.add(row)
    session.flush()
    talk.team.members["admin"] = row
    return talk


def only(talk: Talk, who: str, text: str) -> Card:
    """The one card that is answered."""
    reply = talk.say(who, text)
    assert len(reply.cards) == 1, reply.text
    return reply.cards[0]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("打标签 美的 高意向 价格敏感", ["高意向", "价格敏感"]),
        ("打标签 美的 高意向、价格敏感", ["高意向", "价格敏感"]),
        ("/打标签 美的 高意向", ["高意向"]),
        ("给美的打标签高意向", ["高意向"]),
        ("给美的打上高意向标签", ["高意向"]),
        ("给美的打上高意向的标签", ["高意向"]),
        ("把美的标记为高意向", ["高意向"]),
        ("给美的打个“价格敏感”的标签", ["价格敏感"]),
        ("美的打标签 高意向", ["高意向"]),
        ("标签 美的 高意向", ["高意向"]),
        ("标签：美的 高意向", ["高意向"]),
    ],
)
def test_tags_are_put_on_in_many_words(talk: Talk, text: str, tags: list[str]) -> None:
    card = only(talk, "zhang", text)
    assert card.title == "美的 · 标签"
    assert card.body.splitlines() == tags
    assert talk.say("zhang", "撤销").text.startswith("已撤销")
    assert "还没有标签" in only(talk, "zhang", "美的的标签").body


def test_several_customers_are_tagged_at_once(talk: Talk) -> None:
    reply = talk.say("zhang", "给美的和华润置地打上VIP标签")
    assert [(card.title, card.body) for card in reply.cards] == [
        ("美的 · 标签", "VIP"),
        ("华润置地 · 标签", "VIP"),
    ]
    assert talk.say("zhang", "撤销").text.startswith("已撤销")
    assert "VIP 0家" in only(talk, "zhang", "标签").body or "VIP" not in only(talk, "zhang", "标签").body


@pytest.mark.parametrize(
    "text",
    [
        "去掉标签 美的 高意向",
        "去掉美的的标签高意向",
        "美的去掉标签高意向",
        "把美的的高意向标签去掉",
        "删除标签 美的 高意向",
    ],
)
def test_tags_are_taken_off_in_many_words(talk: Talk, text: str) -> None:
    talk.say("zhang", "打标签 美的 高意向 价格敏感")
    assert only(talk, "zhang", text).body == "价格敏感"


def test_the_same_tag_is_put_on_once(talk: Talk) -> None:
    talk.say("zhang", "打标签 美的 高意向")
    card = only(talk, "zhang", "打标签 美的 高意向")
    assert card.subtitle == "这些标签已经有了"
    assert card.body == "高意向"


def test_all_tags_and_who_has_one(talk: Talk) -> None:
    talk.say("zhang", "打标签 美的 高意向")
    talk.say("zhang", "打标签 华润置地 高意向")
    talk.say("wu", "打标签 恒瑞 高意向")
    assert "高意向 2家" in only(talk, "zhang", "标签").body
    assert "高意向 3家" in only(talk, "chen", "标签").body
    mine = only(talk, "zhang", "标签 高意向")
    assert "美的集团" in mine.body
    assert "恒瑞" not in mine.body


def test_who_has_a_tag_comes_in_pages(talk: Talk) -> None:
    for number in range(10):
        name = f"第{'一二三四五六七八九十'[number]}机械厂"
        talk.team.customer("zhang", name)
        talk.say("zhang", f"打标签 {name} 展会")
    first = only(talk, "zhang", "标签 展会")
    assert len(first.body.splitlines()) == 8
    (second,) = talk.press("zhang", first, "更多").cards
    assert len(second.body.splitlines()) == 2
    assert not set(first.body.splitlines()) & set(second.body.splitlines())


def test_somebody_elses_customer_is_not_tagged(talk: Talk) -> None:
    assert "负责人吴婷" in talk.say("zhang", "打标签 恒瑞医药 高意向").text
    assert "只有吴婷" in talk.say("zheng", "打标签 恒瑞医药 高意向").text


def test_a_rule_puts_tags_on_and_says_why(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的的王总")
    talk.pass_time(days=92)
    talk.say("zhang", "今天拜访了华润置地的王总")
    card = only(talk, "admin", "标签规则 沉睡 90天没跟进")
    assert facts(card)["以后"].startswith("每天夜里重算")
    assert "打上3家" in card.facts[1].value
    assert "沉睡（自动：92天没跟进）" in only(talk, "zhang", "美的的标签").body
    assert "自动：90天没跟进" in only(talk, "zhang", "标签 沉睡").subtitle
    talk.say("zhang", "今天拜访了美的的王总")
    assert "去掉1家" in talk.say("admin", "标签 重算").text
    assert "沉睡" not in only(talk, "zhang", "美的的标签").body


def test_a_tag_of_a_rule_is_not_taken_off_by_hand(talk: Talk) -> None:
    talk.say("admin", "标签规则 没联系人 没有联系人")
    assert "自动标签（还没有联系人）" in talk.say("zhang", "去掉标签 美的 没联系人").text


def test_a_rule_by_quotes(talk: Talk) -> None:
    talk.say("zhang", "报价 美的 80万")
    talk.say("zhang", "报价 华润置地 20万")
    talk.say("admin", "标签规则 大客户 报价超过50万")
    assert "大客户（自动：报价Q0001 80万元）" in only(talk, "zhang", "美的的标签").body
    assert "大客户" not in only(talk, "zhang", "华润置地的标签").body


def test_a_rule_goes_with_its_tags_and_can_be_undone(talk: Talk) -> None:
    talk.say("admin", "标签规则 没联系人 没有联系人")
    card = only(talk, "admin", "标签规则 没联系人 取消")
    assert "去掉4家" in card.facts[1].value
    assert facts(card)["以后"] == "不再自动打，手工打的标签还在"
    talk.say("admin", "撤销")
    assert "打上4家" in talk.say("admin", "标签 重算").text


def test_who_may_not_configure_is_told_who_may(talk: Talk) -> None:
    for text in ("标签规则 沉睡 90天没跟进", "标签 重算"):
        assert "管理员" in talk.say("zhang", text).text


@pytest.mark.parametrize(
    "words",
    [
        "90天没跟进",
        "三个月没联系",
        "半年没拜访",
        "超过60天未跟进",
        "30天内跟进3次",
        "最近一个月跟进超过5次",
        "报价超过50万",
        "报价大于500000",
        "没有报价",
        "级别A",
        "A级客户",
        "来源是展会",
        "行业 制造",
        "没有联系人",
        "没有下一步",
        "质保30天内到期",
        "30天内新建",
        "90天没跟进且级别A",
        "报价超过50万，行业制造",
    ],
)
def test_rules_as_people_say_them(talk: Talk, words: str) -> None:
    rule = rule_of(talk.context("zhang"), words)
    assert rule is not None
    assert Rule.from_json(rule.to_json()) == rule
    assert "没有看懂" not in talk.say("admin", f"标签规则 试试 {words}").text


@pytest.mark.parametrize("words", ["心情好", "报价超过很多", "90天", "没跟进"])
def test_what_is_no_rule_shows_what_is(talk: Talk, words: str) -> None:
    assert "90天没跟进" in talk.say("admin", f"标签规则 试试 {words}").text
