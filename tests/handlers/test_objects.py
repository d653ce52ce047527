"""Kinds of records of the organisation's own: defined, used by name and number, restricted, taken back."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from store.tables import Role
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk
from tests.handlers.test_fields import shown

NEW = "对象 新增 样机借用 编号YJ 字段 设备 文本, 归还日期 日期, 状态 单选 借出/归还"


@standing
def talk(session: Session) -> Talk:
    """The team with 陈建国 as administrator and a kind of records."""
    talk = make_talk(session)
    talk.team.members["chen"].role = Role.ADMIN
    assert talk.say("chen", NEW).cards[0].title == "已新增对象 · 样机借用"
    return talk


def test_a_record_is_added_with_number_and_fields(talk: Talk) -> None:
    card = talk.say("zhang", "样机借用 新增 华润置地 GA37 归还日期 12月1日").cards[0]
    assert card.title == "已新增样机借用 · YJ-2026-0001"
    assert facts(card) == {"客户": "华润置地", "设备": "GA37", "归还日期": "12月1日 周二"}
    assert talk.say("zhang", "新增样机借用 华润燃气 GA45").cards[0].title.endswith("YJ-2026-0002")
    assert shown(talk.say("zhang", "YJ-2026-0001")).startswith("样机借用 · YJ-2026-0001")
    assert shown(talk.say("zhang", "yj-2026-0001")).startswith("样机借用 · YJ-2026-0001")
    listed = talk.say("zhang", "样机借用").cards[0]
    assert listed.title == "样机借用 · 2条"
    assert talk.press("zhang", listed, "YJ-2026-0001").cards[0].title == "样机借用 · YJ-2026-0001"
    assert talk.say("zhang", "样机借用 华润燃气").cards[0].title == "华润燃气的样机借用 · 1条"
    assert "YJ-2026-0001" in shown(talk.say("zhang", "归还日期在12月6日之前的样机借用"))


def test_a_record_is_changed_archived_and_brought_back(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    changed = talk.say("zhang", "YJ-2026-0001 归还日期 12月5日，状态 借出").cards[0]
    assert facts(changed)["归还日期"] == "12月5日 周六"
    assert facts(changed)["状态"] == "借出"
    assert talk.say("zhang", "YJ-2026-0001 状态").text == "YJ-2026-0001的状态：借出"
    asked = talk.say("zhang", "YJ-2026-0001 状态 丢了").cards[0]
    assert facts(talk.press("zhang", asked, "归还").cards[0])["状态"] == "归还"
    talk.say("zhang", "撤销")
    assert talk.say("zhang", "YJ-2026-0001 状态").text == "YJ-2026-0001的状态：借出"
    archived = talk.press("zhang", talk.say("zhang", "YJ-2026-0001").cards[0], "归档")
    assert archived.refresh[0].done == "已归档"
    assert "已经归档" in talk.say("zhang", "YJ-2026-0001 状态 归还").text
    assert talk.say("zhang", "样机借用").cards[0].title == "样机借用 · 0条"
    talk.say("zhang", "YJ-2026-0001 恢复")
    assert talk.say("zhang", "样机借用").cards[0].title == "样机借用 · 1条"


def test_adding_a_record_is_taken_back(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    assert "YJ-2026-0001 GA37" in talk.say("zhang", "撤销").text
    assert talk.say("zhang", "样机借用").cards[0].title == "样机借用 · 0条"
    assert talk.say("zhang", "样机借用 新增 华润置地 GA37").cards[0].title.endswith("YJ-2026-0002")


def test_records_follow_the_rights_of_their_owner_and_customer(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    assert talk.say("wu", "YJ-2026-0001").text == "YJ-2026-0001由张伟负责，详情请找对方了解。"
    assert talk.say("wu", "样机借用").cards[0].title == "样机借用 · 0条"
    assert "GA37" not in shown(talk.say("wu", "对象"))
    assert "0条" in talk.say("wu", "对象").text
    assert "GA37" not in shown(talk.say("wu", "YJ-2026-0001 设备 GA45"))
    for who in ("li", "chen"):
        assert talk.say(who, "样机借用").cards[0].title == "样机借用 · 1条"
    assert "归还日期" in facts(talk.say("li", "YJ-2026-0001 归还日期 明天").cards[0])


def test_a_kind_may_be_for_some_roles_only(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    assert facts(talk.say("chen", "对象 样机借用 角色 财务").cards[0])["谁能用"] == "财务"
    for typed in ("样机借用", "YJ-2026-0001", "样机借用 新增 华润置地 GA45", "YJ-2026-0001 设备 GA45"):
        assert "由财务使用" in talk.say("zhang", typed).text, typed
    assert "样机借用" not in talk.say("zhang", "对象").text.partition("管理员")[0]
    assert talk.say("zheng", "样机借用").cards[0].title == "样机借用 · 1条"
    assert facts(talk.say("chen", "对象 样机借用 角色 全部").cards[0])["谁能用"] == "大家"
    assert talk.say("zhang", "样机借用").cards[0].title == "样机借用 · 1条"


def test_a_kind_is_removed_only_when_confirmed_and_comes_back(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    asked = talk.say("chen", "对象 删除 样机借用").cards[0]
    assert "有1条记录" in asked.body
    talk.press("chen", asked, "删除对象")
    assert "已经停用" in talk.say("zhang", "YJ-2026-0001").text
    talk.say("chen", "撤销")
    assert talk.say("zhang", "样机借用").cards[0].title == "样机借用 · 1条"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("对象 新增 样机", "要有名称和编号"),
        ("对象 新增 样机借用 编号YK", "已经有“样机借用”"),
        ("对象 新增 样机管理 编号YJ", "已经给“样机借用”用了"),
        ("对象 新增 客户 编号KH", "已经有“客户”"),
        ("对象 新增 样机管理 编号C", "编号用2到6个字母"),
        ("对象 新增 样机管理 编号YK 字段 颜色 单选", "要有选项"),
        ("对象 样机借用 角色 火星人", "角色写这些"),
    ],
)
def test_what_cannot_be_done_is_said_with_an_example(talk: Talk, typed: str, told: str) -> None:
    assert told in talk.say("chen", typed).text


def test_only_an_administrator_defines_kinds(talk: Talk) -> None:
    for typed in ("对象 新增 样机管理 编号YK", "对象 样机借用 角色 全部", "对象 删除 样机借用"):
        assert "管理员" in talk.say("zhang", typed).text


def test_a_record_needs_something_in_it(talk: Talk) -> None:
    assert "记什么" in talk.say("zhang", "样机借用 新增").text
    talk.say("chen", "字段 样机借用 归还日期 必填")
    assert "还差必填的归还日期" in talk.say("zhang", "样机借用 新增 华润置地 GA37").text
    assert "没有YJ-2026-0099" in talk.say("zhang", "YJ-2026-0099").text
    assert "GA37" in shown(talk.say("zhang", "样机借用 新增 华润置地 GA37 归还日期 明天"))


def test_what_is_no_kind_and_no_number_goes_on_to_the_grammar(talk: Talk) -> None:
    assert "对象" not in talk.say("zhang", "对象是华润置地的王总，今天电话聊了报价").text
    assert "编号" not in shown(talk.say("zhang", "XX-2026-0001"))


def test_a_record_is_given_to_a_colleague(talk: Talk) -> None:
    talk.say("zhang", "样机借用 新增 华润置地 GA37")
    assert "详情请找对方了解" in talk.say("wu", "YJ-2026-0001 转给吴婷").text
    given = talk.say("zhang", "YJ-2026-0001 转给吴婷")
    assert given.text.startswith("已把样机借用YJ-2026-0001（GA37）转给吴婷")
    assert [notice.member_id for notice in given.notices] == [talk.team.members["wu"].id]
    assert talk.say("wu", "样机借用").cards[0].title == "样机借用 · 1条"
    assert "本来就由吴婷负责" in talk.say("chen", "把YJ-2026-0001转给吴婷").text
    talk.say("zhang", "撤销")
    assert talk.say("wu", "样机借用").cards[0].title == "样机借用 · 0条"


def test_ones_own_records_and_the_pages_of_a_list(talk: Talk) -> None:
    for number in range(9):
        talk.say("zhang", f"样机借用 新增 华润置地 GA{number}")
    talk.say("li", "样机借用 新增 华润置地 GA45")
    assert talk.say("li", "我的样机借用").cards[0].title == "我的样机借用 · 1条"
    first = talk.say("li", "样机借用 华润置地").cards[0]
    assert first.title == "华润置地的样机借用 · 10条"
    second = talk.press("li", first, "更多").cards[0]
    assert second.title == "华润置地的样机借用 · 10条"
    assert [line.split()[1] for line in second.body.splitlines()] == ["YJ-2026-0002", "YJ-2026-0001"]
